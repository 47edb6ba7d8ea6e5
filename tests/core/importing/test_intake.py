"""From a file to the ledger: the report, overlapping files, what a bank told already, and what a person wrote."""

from collections import Counter
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
from core.ledger import Changes, apply_update, edit_transactions, list_accounts, undo_import
from core.store import Store, Transaction, UserId
from tests.core.ledger.household import add_person, bought, settle, update
from tests.machine.examples import examples

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


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    edit_transactions(store, user, [number], Changes(own_name="Third Kettle", note="with Bob"))
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


def ofx_of(rows: list[Row], ids: list[str] | None = None, balance: str = "") -> bytes:
    """Return rows as a QFX file; without `ids` as of a bank that gives none."""
    listed = "".join(
        f"<STMTTRN><DTPOSTED>{day:%Y%m%d}<TRNAMT>{amount}{f'<FITID>{ids[at]}' if ids else ''}<NAME>{name}</STMTTRN>"
        for at, (day, name, amount) in enumerate(rows)
    )
    stated = f"<LEDGERBAL><BALAMT>{balance}<DTASOF>20260331</LEDGERBAL>" if balance else ""
    account = "<BANKACCTFROM><BANKID>1<ACCTID>777<ACCTTYPE>SAVINGS</BANKACCTFROM>"
    return (
        "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD"
        f"{account}<BANKTRANLIST>{listed}</BANKTRANLIST>{stated}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


row_of_march = st.tuples(
    st.integers(0, 3).map(lambda days: START + timedelta(days=days)),
    st.sampled_from(["Coffee", "Tram"]),
    st.sampled_from([Decimal("-3.20"), Decimal("-4.00")]),
)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    downloads=st.lists(
        st.tuples(st.lists(row_of_march, min_size=1, max_size=8), st.sampled_from(["csv", "ofx", "ofx with ids"])),
        min_size=1,
        max_size=4,
    ),
    again=st.integers(0, 3),
)
def test_files_of_any_rows_in_any_order_end_with_each_row_as_often_as_the_fullest_file_says(
    store: Store, downloads: list[tuple[list[Row], str]], again: int
) -> None:
    """Banks list whole days or not, with ids that hold or that change with each download."""
    user = add_person(store, f"person{next(_numbers)}@example.org")
    files = []
    for number, (rows, kind) in enumerate(downloads):
        ids = [f"{number}-{at}" for at in range(len(rows))] if kind == "ofx with ids" else None
        files.append(file_of(rows) if kind == "csv" else ofx_of(rows, ids))
    for data in [*files, files[again % len(files)]]:
        imported(store, user, data)
    expected: Counter[Row] = Counter()
    for rows, _ in downloads:
        expected |= Counter(rows)
    assert Counter(kept(store, user)) == expected


def test_an_ofx_report_has_the_promised_shape_and_says_what_was_done(store: Store, user: UserId) -> None:
    rows = [(START, "Shop", Decimal("-12.5")), (START + timedelta(days=3), "Salary", Decimal(1000))]
    data = ofx_of(rows, ["a", "b"], balance="1234.5")
    first = look_at_file(store, user, data, "march.qfx", account="Everyday")
    account = {
        "account": "Everyday",
        "currency": "USD",
        "rows": 2,
        "new": 2,
        "duplicates": 0,
        "first_date": "2026-03-01",
        "last_date": "2026-03-04",
        "sum": "987.50",
        "ledger_balance": "1234.50",
    }
    assert report_of(first) == {"format": "ofx", "accounts": [account], "problems": []}
    take_in(store, user, first)
    again = report_of(look_at_file(store, user, data, "march.qfx", account="Everyday"))
    assert again["accounts"] == [account | {"new": 0, "duplicates": 2}]
    assert [one.current for one in list_accounts(store, user)] == [Decimal("1234.5")]


def test_a_file_of_two_accounts_finds_both_again(store: Store, user: UserId) -> None:
    one = ofx_of([(START, "Shop", Decimal("-1.00"))], ["a"]).decode()
    two = one.replace("777", "888").replace("-1.00", "-2.00").replace("SAVINGS", "CHECKING")
    data = (one.replace("</OFX>", "") + two[two.index("<BANKMSGSRSV1>") :]).encode()
    first = take_in(store, user, look_at_file(store, user, data, "both.ofx"))
    assert [(result.new, result.duplicates) for result in first] == [(1, 0), (1, 0)]
    assert sorted(account.type for account in list_accounts(store, user)) == ["checking", "savings"]
    again = take_in(store, user, look_at_file(store, user, data, "both.ofx"))
    assert [(result.new, result.duplicates) for result in again] == [(0, 1), (0, 1)]
    assert [result.account_id for result in again] == [result.account_id for result in first]


@pytest.mark.parametrize(
    ("day", "name", "verdict"),
    [
        (10, "Corner Shop Ltd", "likely"),
        (10, "CARD PAYMENT 4471", "likely"),
        (12, "CORNER SHOP 0041", "likely"),
        (12, "Petrol Station", "new"),
        (13, "CORNER SHOP 0041", "likely"),
        (14, "CORNER SHOP 0041", "new"),
    ],
)
def test_what_a_bank_connection_told_is_known_in_a_file_of_other_words(
    store: Store, day: int, name: str, verdict: str
) -> None:
    """On the exact day the amount is enough; within a few days the words must agree; later it is another."""
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("t1", "-4.50", day=10, name="Corner Shop Ltd")), since="")
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(note="mine"))
    data = file_of([(date(2026, 3, day), name, Decimal("-4.50"))])
    intake = look_at_file(store, home.user, data, "march.csv", account="Everyday")
    assert [row.verdict for row in intake.previews[0].rows] == [verdict]
    (result,) = take_in(store, home.user, intake)
    assert len(home.rows()) == 1 + (verdict == "new")
    undo_import(store, home.user, result.batch_id)
    assert [(row.provider_key, row.note) for row in home.rows()] == [("t1", "mine")]


def test_edits_outlive_the_same_file_and_its_overlapping_neighbour(store: Store, user: UserId) -> None:
    rows = [(START, "CARD 4471 COFFEE", Decimal("-3.20")), (START + timedelta(days=1), "TRAM", Decimal("-4.00"))]
    imported(store, user, file_of(rows))
    with store.read() as session:
        number = session.scalars(select(Transaction.id).order_by(Transaction.date)).first()
    assert number is not None
    edit_transactions(store, user, [number], Changes(own_name="Third Kettle", note="with Bob"))
    assert imported(store, user, file_of(rows)) == [0]
    assert imported(store, user, ofx_of([*rows, (START + timedelta(days=2), "TEA", Decimal("-2.00"))])) == [1]
    with store.read() as session:
        row = session.get_one(Transaction, number)
        assert (row.own_name, row.note, row.name) == ("Third Kettle", "with Bob", "CARD 4471 COFFEE")


def test_row_numbers_that_begin_anew_in_each_file_lose_no_row(store: Store, user: UserId) -> None:
    def file(month: int) -> bytes:
        lines = [f"{at},2026-0{month}-1{at},Rent,-900.00" for at in range(1, 4)]
        return "\n".join(["Id,Date,Description,Amount", *lines]).encode()

    assert imported(store, user, file(3)) == [3]
    assert imported(store, user, file(4)) == [3]
    assert imported(store, user, file(3)) == [0]
