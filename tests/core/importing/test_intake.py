"""From a file to the ledger: the report, overlapping files, what a bank told already, and what a person wrote."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import ImportFileError, ValidationError
from core.importing import look_at_file, report_of, take_in
from core.ledger import edit_transaction, list_accounts, undo_import
from core.store import Store, Transaction, UserId
from tests.core.ledger.household import add_person

Row = tuple[date, str, Decimal]
START = date(2026, 3, 1)
_numbers = count(1)


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: the ledger's own tests run on both databases."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


@pytest.fixture
def user(store: Store) -> UserId:
    return add_person(store)


def file_of(rows: list[Row], header: str = "Date,Description,Amount") -> bytes:
    return "\n".join([header, *(f"{day},{name},{amount}" for day, name, amount in rows)]).encode()


def imported(store: Store, user: UserId, data: bytes, account: str = "Everyday", name: str = "march.csv") -> list[int]:
    return [result.new for result in take_in(store, user, look_at_file(store, user, data, name, account=account))]


def kept(store: Store, user: UserId) -> list[Row]:
    with store.read() as session:
        rows = session.scalars(select(Transaction).where(Transaction.user_id == user, Transaction.removed_at.is_(None)))
        return sorted((row.date, row.name, row.amount) for row in rows)


def test_the_report_has_the_promised_shape(store: Store, user: UserId) -> None:
    rows = [(START, "Shop", Decimal("-12.50")), (START + timedelta(days=3), "Salary", Decimal("1000.00"))]
    intake = look_at_file(store, user, file_of(rows), "march.csv", account="Everyday", currency="CHF")
    assert report_of(intake) == {
        "format": "csv",
        "accounts": [
            {
                "account": "Everyday",
                "currency": "CHF",
                "rows": 2,
                "new": 2,
                "duplicates": 0,
                "first_date": "2026-03-01",
                "last_date": "2026-03-04",
                "sum": "987.50",
                "ledger_balance": None,
            }
        ],
        "problems": [],
    }
    assert list_accounts(store, user) == (), "looking writes nothing"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 6).map(lambda days: START + timedelta(days=days)),
            st.sampled_from(["Coffee", "Tram"]),
            st.sampled_from([Decimal("-3.20"), Decimal("-4.00")]),
        ),
        min_size=2,
        max_size=14,
    ),
    cuts=st.lists(st.integers(0, 6), min_size=1, max_size=3),
    backwards=st.booleans(),
)
def test_overlapping_downloads_in_any_order_give_each_row_once(
    store: Store, rows: list[Row], cuts: list[int], *, backwards: bool
) -> None:
    """Equal rows of one day are as many as the file with the most of them says: banks list whole days."""
    user = add_person(store, f"person{next(_numbers)}@example.org")
    rows = sorted(rows)
    spans = [
        (START, START + timedelta(days=6)),
        *((START + timedelta(days=cut), START + timedelta(days=cut + 2)) for cut in cuts),
    ]
    files = [[row for row in rows if since <= row[0] <= until] for since, until in spans]
    for part in reversed(files) if backwards else files:
        if part:
            imported(store, user, file_of(part))
    assert kept(store, user) == rows


def test_two_equal_purchases_on_one_day_both_stay(store: Store, user: UserId) -> None:
    coffee = (START, "Coffee", Decimal("-3.20"))
    assert imported(store, user, file_of([coffee, coffee])) == [2]
    assert imported(store, user, file_of([coffee, coffee])) == [0]
    assert imported(store, user, file_of([coffee, coffee, coffee])) == [1]
    assert len(kept(store, user)) == 3


def test_the_same_rows_into_another_account_are_other_rows(store: Store, user: UserId) -> None:
    rows = [(START, "Coffee", Decimal("-3.20")), (START, "Tram", Decimal("-4.00"))]
    assert imported(store, user, file_of(rows), "Everyday") == [2]
    assert imported(store, user, file_of(rows), "Joint") == [2]
    assert [account.title for account in list_accounts(store, user)] == ["Everyday", "Joint"]


def test_a_file_of_known_make_goes_where_such_files_went(store: Store, user: UserId) -> None:
    march = [(START + timedelta(days=day), "Coffee", Decimal("-3.20")) for day in range(3)]
    april = [(START + timedelta(days=31 + day), "Tea", Decimal("-2.20")) for day in range(3)]
    first = look_at_file(store, user, file_of(march), "march.csv", account="Everyday", currency="EUR")
    take_in(store, user, first)
    # No name, and the person's own currency differs: the account's counts.
    intake = look_at_file(store, user, file_of(april), "april.csv", currency="USD")
    (preview,) = intake.previews
    assert (preview.account, preview.currency, preview.new) == ("Everyday", "EUR", 3)
    assert intake.currency_open
    other = file_of(april, "Posted,Payee,Sum")
    assert look_at_file(store, user, other, "april.csv").previews[0].account_id is None


def test_what_the_person_corrected_once_holds_for_the_next_file(store: Store, user: UserId) -> None:
    def file(month: int) -> bytes:
        lines = [f"0{day}/0{month}/2026,Shop,12.50" for day in (2, 5, 7)]
        return "\n".join(["Date,Description,Amount", *lines]).encode()

    first = look_at_file(store, user, file(3), "march.csv", account="Card", currency="USD")
    assert first.layout is not None
    corrected = msgspec.structs.replace(first.layout, day_first=True, sign="inverted")
    take_in(store, user, look_at_file(store, user, file(3), "march.csv", account="Card", layout=corrected))
    (part,) = look_at_file(store, user, file(4), "april.csv").statements
    assert [(row.date, row.amount) for row in part.transactions] == [
        (date(2026, 4, day), Decimal("-12.50")) for day in (2, 5, 7)
    ]


def test_with_two_accounts_of_one_bank_the_rows_decide_and_else_the_person(store: Store, user: UserId) -> None:
    march = [(START + timedelta(days=day), "Coffee", Decimal("-3.20")) for day in range(3)]
    other = [(START + timedelta(days=day), "Rent", Decimal("-900.00")) for day in range(3)]
    imported(store, user, file_of(march), "Everyday")
    imported(store, user, file_of(other), "Joint")
    again = look_at_file(store, user, file_of([*other, (START + timedelta(days=9), "Rent", Decimal("-1.00"))]), "x.csv")
    assert (again.previews[0].account, again.previews[0].new) == ("Joint", 1)
    unknown = look_at_file(store, user, file_of([(START + timedelta(days=60), "Tea", Decimal("-1.00"))] * 2), "y.csv")
    assert unknown.previews[0].account_id is None


def test_what_the_person_wrote_outlives_undo_and_import_again(store: Store, user: UserId) -> None:
    rows = [(START, "CARD 4471 COFFEE", Decimal("-3.20"))]
    (result,) = take_in(store, user, look_at_file(store, user, file_of(rows), "march.csv", account="Everyday"))
    with store.read() as session:
        (number,) = session.scalars(select(Transaction.id))
    edit_transaction(store, user, number, own_name="Third Kettle", note="with Bob")
    undo_import(store, user, result.batch_id)
    assert kept(store, user) == []
    assert imported(store, user, file_of(rows)) == [1]
    with store.read() as session:
        (row,) = session.scalars(select(Transaction).where(Transaction.removed_at.is_(None)))
        assert (row.id, row.own_name, row.note) == (number, "Third Kettle", "with Bob")


def test_a_file_in_another_currency_than_its_account_is_refused(store: Store, user: UserId) -> None:
    imported(store, user, file_of([(START, "Coffee", Decimal("-3.20"))]))
    with pytest.raises(ImportFileError, match="The file is in EUR"):
        look_at_file(
            store,
            user,
            b"Date,Description,Amount\n2026-03-02,Tea,-5.00 EUR\n2026-03-03,Tea,-5.00 EUR\n",
            "x",
            account="Everyday",
        )
    with pytest.raises(ValidationError):
        look_at_file(store, user, file_of([(START, "Tea", Decimal(-1))]), "x", account="Other", currency="EURO")
