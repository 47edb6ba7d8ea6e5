"""Files into the ledger: the same file twice adds nothing, twins stay two, undo takes back what it brought."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import ImportFileError, NotFoundError
from core.ledger import (
    AccountRecord,
    Changes,
    NewAccount,
    SourceFile,
    StatementRecord,
    Target,
    TransactionRecord,
    apply_update,
    create_account,
    edit_transactions,
    import_statements,
    list_accounts,
    list_imports,
    preview_statement,
    set_balance,
    undo_import,
)
from core.store import Balance, Store, UserId
from tests.core.ledger.household import add_person, bought, settle, statement, update
from tests.machine.examples import examples

OFX = SourceFile("ofx", "march.ofx", "0" * 64)
CSV = SourceFile("csv", "march.csv", "1" * 64)
SAVINGS = NewAccount("Savings", "savings")


def take(
    store: Store, user: UserId, part: StatementRecord, target: Target, source: SourceFile = OFX, **more: frozenset[str]
) -> tuple[int, int, int, int]:
    (result,) = import_statements(store, user, [(part, target)], source, **more)
    return result.new, result.duplicates, result.account_id, result.batch_id


def balance(store: Store, user: UserId, account: int) -> Decimal | None:
    return next(one.current for one in list_accounts(store, user) if one.id == account)


def test_the_same_file_twice_adds_nothing(store: Store) -> None:
    home = settle(store)
    part = statement(bought("1", "-4.50"), bought(None, "-3.00"), bought(None, "-3.00"))
    new, duplicates, account, _ = take(store, home.user, part, SAVINGS)
    assert (new, duplicates) == (3, 0)
    assert take(store, home.user, part, account)[:2] == (0, 3)
    assert len(home.rows()) == 3


def test_a_preview_says_what_happens_and_writes_nothing(store: Store) -> None:
    home = settle(store)
    part = statement(bought("1", "-4.50"), bought(None, "10"))
    seen = preview_statement(store, home.user, part, SAVINGS)
    assert (seen.new, seen.duplicates, seen.total) == (2, 0, Decimal("5.50"))
    assert home.rows() == []
    assert list_accounts(store, home.user) == ()


def test_two_equal_coffees_stay_two_across_overlapping_files(store: Store) -> None:
    home = settle(store)
    coffee = bought(None, "-3.00", name="Coffee")
    _, _, account, _ = take(store, home.user, statement(coffee), SAVINGS, CSV)
    assert take(store, home.user, statement(coffee, coffee), account, CSV)[:2] == (1, 1)
    assert len(home.rows()) == 2


def test_a_csv_after_an_ofx_of_the_same_days_adds_nothing(store: Store) -> None:
    home = settle(store)
    _, _, account, _ = take(store, home.user, statement(bought("1", "-4.50", name="CORNER SHOP LONDON")), SAVINGS)
    assert take(store, home.user, statement(bought(None, "-4.50", name="Corner Shop")), account, CSV)[:2] == (0, 1)


def test_another_shop_on_the_same_day_for_the_same_price_is_new(store: Store) -> None:
    home = settle(store)
    _, _, account, _ = take(store, home.user, statement(bought("1", "-4.50", name="Corner shop")), SAVINGS)
    assert take(store, home.user, statement(bought(None, "-4.50", name="Petrol station")), account, CSV)[:2] == (1, 0)


def test_a_file_into_a_linked_account_repeats_nothing_and_fills_gaps(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("t1", "-4.50", day=10, name="Corner Shop Ltd")), since="")
    (account,) = list_accounts(store, home.user)
    part = statement(bought("f1", "-4.50", day=12, name="CORNER SHOP 0041"), bought("f0", "-9.99", day=1, name="Books"))
    assert take(store, home.user, part, account.id)[:2] == (1, 1)
    assert take(store, home.user, part, account.id)[:2] == (0, 2)
    assert balance(store, home.user, account.id) == Decimal(1000)


def test_a_connection_after_a_file_takes_over_the_files_row(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(), since="")
    (account,) = list_accounts(store, home.user)
    part = statement(bought("f1", "-4.50", day=12, name="CORNER SHOP 0041"))
    take(store, home.user, part, account.id)
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(note="mine"))
    apply_update(
        store, home.user, home.item, update(bought("t1", "-4.50", day=10, name="Corner Shop"), cursor="c2"), since="c1"
    )
    (row,) = home.rows()
    assert (row.provider_key, row.note) == ("t1", "mine")
    assert take(store, home.user, part, account.id)[:2] == (0, 1)


def test_what_looks_like_a_duplicate_can_be_kept(store: Store) -> None:
    home = settle(store)
    _, _, account, _ = take(store, home.user, statement(bought("1", "-4.50")), SAVINGS)
    part = statement(bought(None, "-4.50"))
    (row,) = preview_statement(store, home.user, part, account).rows
    assert row.verdict == "duplicate"
    assert take(store, home.user, part, account, CSV, keep=frozenset({row.file_key}))[:2] == (1, 0)


def test_a_bank_that_uses_an_id_again_loses_no_row(store: Store) -> None:
    home = settle(store)
    _, _, account, _ = take(store, home.user, statement(bought("1", "-4.50")), SAVINGS)
    later = statement(bought("1", "-99.00", day=20, name="Rent"))
    assert take(store, home.user, later, account)[:2] == (1, 0)
    assert take(store, home.user, later, account)[:2] == (0, 1)


def test_the_same_rent_under_the_same_id_a_month_later_is_another(store: Store) -> None:
    home = settle(store)
    _, _, account, _ = take(store, home.user, statement(bought("1", "-900", day=1, name="Rent")), SAVINGS)
    moved = statement(bought("1", "-900", day=3, name="Rent"))
    assert take(store, home.user, moved, account)[:2] == (0, 1), "a bank may move the day of a movement"
    later = statement(bought("1", "-900", day=31, name="Rent"))
    assert take(store, home.user, later, account)[:2] == (1, 0)
    assert take(store, home.user, later, account)[:2] == (0, 1)
    assert len(home.rows()) == 2


def test_undo_takes_back_what_the_import_brought_and_again_brings_it_back(store: Store) -> None:
    home = settle(store)
    _, _, account, _ = take(store, home.user, statement(bought("1", "-4.50")), SAVINGS)
    part = statement(
        bought("1", "-4.50"), bought("2", "-7.00"), ledger_balance=Decimal(88), ledger_balance_date=date(2026, 3, 31)
    )
    new, _, _, batch = take(store, home.user, part, account)
    assert new == 1
    edit_transactions(store, home.user, [home.rows()[1].id], Changes(note="mine"))
    assert balance(store, home.user, account) == Decimal(88)
    assert undo_import(store, home.user, batch) == 1
    assert undo_import(store, home.user, batch) == 0
    assert [row.amount for row in home.rows()] == [Decimal("-4.5")]
    assert balance(store, home.user, account) is None
    assert list_imports(store, home.user)[0].undone_at is not None
    assert take(store, home.user, part, account)[:2] == (1, 1)
    assert [row.note for row in home.rows()] == ["", "mine"]
    assert balance(store, home.user, account) == Decimal(88)


def test_a_known_balance_moves_with_newer_rows_only(store: Store) -> None:
    home = settle(store)
    account = create_account(store, home.user, SAVINGS)
    set_balance(store, home.user, account, Decimal(100), date(2026, 3, 10))
    part = statement(bought("1", "-5", day=9), bought("2", "-7", day=11))
    _, _, _, batch = take(store, home.user, part, account)
    assert balance(store, home.user, account) == Decimal(93)
    undo_import(store, home.user, batch)
    assert balance(store, home.user, account) == Decimal(100)


def test_a_balance_said_of_a_day_that_has_passed_moves_with_the_rows_since(store: Store) -> None:
    home = settle(store)
    account = create_account(store, home.user, SAVINGS)
    take(store, home.user, statement(bought("1", "-5", day=9), bought("2", "-7", day=11)), account)
    set_balance(store, home.user, account, Decimal(100), date(2026, 3, 10))
    assert balance(store, home.user, account) == Decimal(93)
    # What is said of a day before that is history.
    set_balance(store, home.user, account, Decimal(50), date(2026, 3, 8))
    assert balance(store, home.user, account) == Decimal(93)
    set_balance(store, home.user, account, Decimal(90), date(2026, 3, 11))
    assert balance(store, home.user, account) == Decimal(90)


def test_undo_brings_back_the_balance_of_the_same_day(store: Store) -> None:
    home = settle(store)
    account = create_account(store, home.user, SAVINGS)
    day = date(2026, 3, 31)
    set_balance(store, home.user, account, Decimal(100), day)
    part = statement(bought("1", "-5", day=9), ledger_balance=Decimal(88), ledger_balance_date=day)
    _, _, _, batch = take(store, home.user, part, account)
    undo_import(store, home.user, batch)
    with store.read() as session:
        history = session.execute(select(Balance.day, Balance.current).where(Balance.removed_at.is_(None))).all()
    assert [tuple(one) for one in history] == [(day, Decimal(100))]
    assert balance(store, home.user, account) == Decimal(100)


def test_a_file_in_another_currency_is_refused(store: Store) -> None:
    home = settle(store)
    account = create_account(store, home.user, replace(SAVINGS, currency="EUR"))
    with pytest.raises(ImportFileError, match=r"USD.*EUR"):
        take(store, home.user, statement(bought("1", "-5")), account)
    assert home.rows() == []


def test_all_statements_of_a_file_or_none(store: Store) -> None:
    home = settle(store)
    euros = create_account(store, home.user, replace(SAVINGS, name="Euros", currency="EUR"))
    with pytest.raises(ImportFileError):
        import_statements(
            store, home.user, [(statement(bought("1", "-5")), SAVINGS), (statement(bought("2", "-6")), euros)], OFX
        )
    assert home.rows() == []
    assert [one.name for one in list_accounts(store, home.user)] == ["Euros"]


def test_another_users_account_and_import_are_not_there(store: Store) -> None:
    home = settle(store)
    _, _, account, batch = take(store, home.user, statement(bought("1", "-5")), SAVINGS)
    stranger = add_person(store, "eve@example.org")
    with pytest.raises(NotFoundError):
        take(store, stranger, statement(bought("2", "-5")), account)
    with pytest.raises(NotFoundError):
        undo_import(store, stranger, batch)
    assert len(home.rows()) == 1


rows = st.lists(
    st.builds(
        TransactionRecord,
        account_key=st.just("chk"),
        date=st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        amount=st.sampled_from([Decimal(-3), Decimal("-3.5"), Decimal(40)]),
        name=st.sampled_from(["Coffee House", "Coffee Bar", "Salary", "7-11"]),
    ),
    max_size=20,
)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=rows, again=st.integers(1, 3))
def test_any_file_is_in_the_ledger_once_however_often_it_comes(
    store: Store, first: list[TransactionRecord], again: int
) -> None:
    number = add_person(store, f"person{id(first)}-{again}-{len(first)}-{hash(tuple(first))}@example.org")
    part = StatementRecord(AccountRecord("x", "X", "checking"), tuple(first))
    account = create_account(store, number, NewAccount("Any"))
    for time in range(again + 1):
        new, duplicates, _, _ = take(store, number, part, account, CSV)
        assert (new, duplicates) == ((len(first), 0) if time == 0 else (0, len(first)))
