"""Undo with overlapping imports: what is there is always the union of what the living files tell."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.config import Settings
from core.ledger import (
    Changes,
    NewAccount,
    SourceFile,
    StatementRecord,
    Target,
    TransactionRecord,
    apply_update,
    create_account,
    edit_transactions,
    hide_account,
    import_statements,
    list_accounts,
    preview_statement,
    rename_account,
    set_balance,
    undo_import,
)
from core.runtime import open_runtime
from core.store import Account, Balance, ImportBatch, Store, Transaction, UserId
from tests.core.ledger.household import CHECKING, add_person, bought, settle, statement, update
from tests.machine.examples import examples

SAVINGS = NewAccount("Savings", "savings")
CSV = SourceFile("csv", "march.csv", "1" * 64)
OFX = SourceFile("ofx", "march.ofx", "2" * 64)
_numbers = count(1)


def take(
    store: Store, user: UserId, part: StatementRecord, target: Target = SAVINGS, source: SourceFile = CSV
) -> tuple[int, int]:
    """Import; return the ids of the batch and the account."""
    (result,) = import_statements(store, user, [(part, target)], source)
    return result.batch_id, result.account_id


def living(store: Store, user: UserId) -> list[Transaction]:
    with store.read() as session:
        return list(
            session.scalars(
                select(Transaction)
                .where(Transaction.user_id == user, Transaction.removed_at.is_(None))
                .order_by(Transaction.id)
            )
        )


def current(store: Store, user: UserId) -> list[Decimal | None]:
    return [one.current for one in list_accounts(store, user)]


def test_a_row_of_two_files_goes_with_the_second_undo_only(store: Store) -> None:
    user = add_person(store)
    first, account = take(store, user, statement(bought("1", "-4.50"), bought("2", "-7")))
    second, _ = take(store, user, statement(bought("2", "-7"), bought("3", "-9")), account)
    assert undo_import(store, user, first) == 1
    assert [(row.amount, row.batch_id) for row in living(store, user)] == [(-7, second), (-9, second)]
    assert undo_import(store, user, second) == 2
    assert living(store, user) == []


def test_a_row_that_a_connection_told_of_too_stays(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(), since="")
    (account,) = list_accounts(store, home.user)
    batch, _ = take(store, home.user, statement(bought("f1", "-4.50", day=12, name="CORNER SHOP 0041")), account.id)
    known = update(bought("t1", "-4.50", day=10, name="Corner Shop"), cursor="c2")
    apply_update(store, home.user, home.item, known, since="c1")
    assert undo_import(store, home.user, batch) == 0
    (row,) = home.rows()
    assert (row.provider_key, row.batch_id, row.file_key) == ("t1", None, None)
    again = preview_statement(
        store, home.user, statement(bought("f1", "-4.50", day=12, name="CORNER SHOP")), account.id
    )
    assert [one.verdict for one in again.rows] == ["likely"], "as before any import"


def test_a_file_of_another_make_brings_no_second_row_after_an_undo(store: Store) -> None:
    user = add_person(store)
    shop = statement(bought("1", "-4.50", name="CORNER SHOP LONDON"))
    take(store, user, statement(bought("9", "-2", name="Keeps the account")), source=OFX)
    first, account = take(store, user, shop, list_accounts(store, user)[0].id, OFX)
    undo_import(store, user, first)
    take(store, user, statement(bought(None, "-4.50", name="Corner Shop")), account, CSV)
    take(store, user, shop, account, OFX)
    assert sorted(row.amount for row in living(store, user)) == [Decimal("-4.5"), Decimal(-2)]


def test_an_account_that_an_import_made_goes_and_comes_with_it(store: Store) -> None:
    user = add_person(store)
    part = statement(bought("1", "-4.50"), ledger_balance=Decimal(50), ledger_balance_date=date(2026, 3, 31))
    batch, account = take(store, user, part)
    (row,) = living(store, user)
    edit_transactions(store, user, [row.id], Changes(note="mine"))
    undo_import(store, user, batch)
    assert list_accounts(store, user) == ()
    seen = preview_statement(store, user, part, SAVINGS)
    assert (seen.account_id, seen.new) == (None, 1)
    assert take(store, user, part)[1] == account
    assert [(one.id, one.current) for one in list_accounts(store, user)] == [(account, Decimal(50))]
    assert [(row.note, row.removed_at) for row in living(store, user)] == [("mine", None)]


def test_two_files_made_an_account_and_it_goes_with_the_last_of_them(store: Store) -> None:
    user = add_person(store)
    first, account = take(store, user, statement(bought("1", "-4.50")))
    second, _ = take(store, user, statement(bought("2", "-9")), account)
    undo_import(store, user, first)
    assert [one.id for one in list_accounts(store, user)] == [account]
    undo_import(store, user, second)
    assert list_accounts(store, user) == ()


@pytest.mark.parametrize("touch", ["named", "hidden", "balance", "made by the person"])
def test_an_account_that_the_person_touched_stays(store: Store, touch: str) -> None:
    user = add_person(store)
    target: Target = create_account(store, user, SAVINGS) if touch == "made by the person" else SAVINGS
    batch, account = take(store, user, statement(bought("1", "-4.50")), target)
    if touch == "named":
        rename_account(store, user, account, "Rainy days")
    elif touch == "hidden":
        hide_account(store, user, account, hidden=True)
    elif touch == "balance":
        set_balance(store, user, account, Decimal(5), date(2026, 3, 1))
    undo_import(store, user, batch)
    assert [one.id for one in list_accounts(store, user)] == [account]


def test_an_account_that_the_person_removed_does_not_come_back_as_itself(store: Store) -> None:
    user = add_person(store)
    batch, account = take(store, user, statement(bought("1", "-4.50")))
    with store.write() as session:
        gone = session.get_one(Account, account)
        gone.removed_at = gone.created_at
    assert take(store, user, statement(bought("1", "-4.50")))[1] != account
    assert batch


def stated(amount: int, day: int, *rows: TransactionRecord) -> StatementRecord:
    return statement(*rows, ledger_balance=Decimal(amount), ledger_balance_date=date(2026, 3, day))


def test_a_balance_older_than_the_known_one_is_kept_for_reconciling(store: Store) -> None:
    user = add_person(store)
    account = create_account(store, user, SAVINGS)
    set_balance(store, user, account, Decimal(100), date(2026, 3, 20))
    batch, _ = take(store, user, stated(70, 10, bought("1", "-5", day=9)), account)
    with store.read() as session:
        kept = session.get_one(ImportBatch, batch)
        assert (kept.stated_balance, kept.stated_day) == (Decimal(70), date(2026, 3, 10))
    assert current(store, user) == [Decimal(100)]
    undo_import(store, user, batch)
    assert current(store, user) == [Decimal(100)]
    assert days(store, account) == [(date(2026, 3, 20), Decimal(100))]


def test_a_balance_for_a_linked_account_is_kept_and_changes_nothing(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(), since="")
    (account,) = list_accounts(store, home.user)
    before = days(store, account.id)
    batch, _ = take(store, home.user, stated(70, 10, bought("1", "-5", day=9)), account.id)
    with store.read() as session:
        kept = session.get_one(ImportBatch, batch)
        assert (kept.stated_balance, kept.stated_day) == (Decimal(70), date(2026, 3, 10))
    assert (current(store, home.user), days(store, account.id)) == ([Decimal(1000)], before)
    undo_import(store, home.user, batch)
    assert (current(store, home.user), days(store, account.id)) == ([Decimal(1000)], before)


def days(store: Store, account: int) -> list[tuple[date, Decimal]]:
    with store.read() as session:
        rows = session.scalars(
            select(Balance).where(Balance.account_id == account, Balance.removed_at.is_(None)).order_by(Balance.day)
        )
        return [(row.day, row.current) for row in rows]


def test_balances_undone_in_any_order_leave_what_the_others_say(store: Store) -> None:
    user = add_person(store)
    account = create_account(store, user, SAVINGS)
    set_balance(store, user, account, Decimal(7), date(2026, 3, 10))
    first, _ = take(store, user, stated(100, 10, bought("1", "-5", day=9)), account)
    same_day, _ = take(store, user, stated(101, 10, bought("2", "-6", day=9)), account)
    later, _ = take(store, user, stated(200, 20, bought("3", "-7", day=19)), account)
    assert current(store, user) == [Decimal(200)]
    undo_import(store, user, first)
    assert days(store, account) == [(date(2026, 3, 10), Decimal(101)), (date(2026, 3, 20), Decimal(200))]
    undo_import(store, user, later)
    assert current(store, user) == [Decimal(101)]
    undo_import(store, user, same_day)
    assert (current(store, user), days(store, account)) == ([Decimal(7)], [(date(2026, 3, 10), Decimal(7))])


CONTENTS = [
    (day, amount, name) for day in (1, 2, 3) for amount in ("-3", "-3.5") for name in ("Coffee House", "Coffee Bar")
]
File = Counter[int]
"""How often each of `CONTENTS` stands in a file."""

files = st.lists(st.lists(st.integers(0, len(CONTENTS) - 1), max_size=8).map(Counter), min_size=2, max_size=4)
acts = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=14)


def written(file: File, *, ids: bool) -> StatementRecord:
    rows = []
    for number, times in sorted(file.items()):
        day, amount, name = CONTENTS[number]
        for time in range(times):
            key = f"{number}-{time}" if ids else None
            rows.append(TransactionRecord("chk", date(2026, 3, day), Decimal(amount), name, key=key))
    return StatementRecord(CHECKING, tuple(rows))


@pytest.mark.parametrize("ids", ["all", "none", "some"])
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=files, acted=acts)
def test_any_order_of_importing_and_undoing_leaves_the_union_of_the_living_files(
    sqlite: Store, ids: str, made: list[File], acted: list[tuple[int, bool]]
) -> None:
    user = add_person(sqlite, f"person{next(_numbers)}@example.org")
    alive: dict[int, list[int]] = {}
    for at, undo in acted:
        number = at % len(made)
        if undo:
            if alive.get(number):
                undo_import(sqlite, user, alive[number].pop())
        else:
            part = written(made[number], ids=number % 2 == 0 if ids == "some" else ids == "all")
            target: Target = next((one.id for one in list_accounts(sqlite, user)), SAVINGS)
            alive.setdefault(number, []).append(take(sqlite, user, part, target)[0])
        told = [made[one] for one, batches in alive.items() if batches]
        union: Counter[int] = Counter()
        for file in told:
            union |= file
        rows = Counter((row.date.day, row.amount, row.name) for row in living(sqlite, user))
        assert rows == Counter(
            {(day, Decimal(amount), name): union[one] for one, (day, amount, name) in enumerate(CONTENTS) if union[one]}
        )
        assert len(list_accounts(sqlite, user)) == bool(union or any(alive.values()))


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Make a store for many examples: what holds is no matter of the database."""
    house = open_runtime(Settings(fintrack_data_dir=tmp_path_factory.mktemp("union")))
    yield house.store
    house.close()
