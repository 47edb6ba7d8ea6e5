"""Reconciling: the difference to the cent, causes that name the rows, corrections, locks, and nothing silent."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import clock
from core.banking import (
    Cause,
    Choices,
    Comparison,
    accept,
    compare,
    list_reconciliations,
    reopen,
    statement_offers,
)
from core.banking.causes import Row, likely_causes
from core.errors import NotFoundError, ValidationError
from core.ledger import (
    AccountRecord,
    NewAccount,
    SourceFile,
    StatementRecord,
    TransactionRecord,
    apply_update,
    create_account,
    import_statements,
    set_balance,
    transaction_detail,
    undo_import,
)
from core.store import AuditEvent, Store, Transaction
from tests.core.ledger.household import Household, add_person, bought, settle, update
from tests.machine.examples import examples

END = date(2026, 3, 31)


@pytest.fixture
def home(store: Store) -> Household:
    """Return a household whose bank told of three posted rows and a pending one; it holds 1000.00 now."""
    home = settle(store)
    rows = (
        bought("a", "-20.00", day=2, name="Baker"),
        bought("b", "-12.50", day=10, name="Grocer"),
        bought("c", "500.00", day=28, name="Wages"),
        bought("d", "-9.99", day=30, name="Cinema", pending=True),
    )
    apply_update(store, home.user, home.item, update(*rows), since="")
    return home


def account_of(home: Household) -> int:
    return home.rows()[0].account_id


def look(home: Household, stated: str, day: date = END, **more: Any) -> Comparison:
    return compare(home.store, home.user, account_of(home), day, Decimal(stated), **more)


def take(home: Household, stated: str, day: date = END, difference: str = "0") -> int:
    return accept(home.store, home.user, account_of(home), day, Decimal(stated), "person", Decimal(difference))


def causes(home: Household, stated: str, day: date = END) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, tuple(row.name for row in one.rows)) for one in look(home, stated, day).causes]


def test_what_agrees_is_locked_and_says_so(home: Household) -> None:
    seen = look(home, "1000.00")
    assert (seen.opening, seen.ledger, seen.difference, seen.causes) == (Decimal("532.5"), 1000, 0, ())
    assert len(seen.rows) == 3
    take(home, "1000.00")
    days = [transaction_detail(home.store, home.user, row.id).reconciled for row in home.rows()]
    assert days == [END, END, END, None]
    (entry,) = list_reconciliations(home.store, home.user, account_of(home))
    assert (entry.day, entry.holds, entry.rows, entry.correction) == (END, True, 3, None)


def test_a_pending_one_explains_its_amount(home: Household) -> None:
    assert causes(home, "990.01")[0] == ("pending", ("Cinema",))


def test_a_row_told_twice_is_named_with_its_twin(home: Household) -> None:
    take(home, "532.50", date(2026, 3, 1))
    twin = bought("b2", "-12.50", day=11, name="Grocer")
    apply_update(home.store, home.user, home.item, update(twin, cursor="c2"), since="c1")
    seen = look(home, "1000.00")
    assert seen.difference == Decimal("12.5")
    first = seen.causes[0]
    assert (first.kind, [row.name for row in first.rows]) == ("twice", ["Grocer", "Grocer"])


def test_a_row_over_the_edge_is_named(home: Household) -> None:
    late = bought("e", "-7.00", day=31, name="Kiosk")
    apply_update(home.store, home.user, home.item, update(late, cursor="c2"), since="c1")
    take(home, "539.50", date(2026, 3, 1))
    assert ("edge", ("Kiosk",)) in causes(home, "1000.00", date(2026, 3, 30))
    assert ("edge", ("Kiosk",)) in causes(home, "1007.00", END)


def test_a_flipped_sign_is_named(home: Household) -> None:
    take(home, "532.50", date(2026, 3, 1))
    assert ("sign", ("Baker",)) in causes(home, "1040.00")


def test_a_missing_amount_is_told_with_its_way(home: Household) -> None:
    cause = look(home, "876.55").causes[-1]
    assert cause.kind == "missing"
    assert "going out" in cause.sentence


def test_a_correction_makes_up_for_the_difference_and_is_noted(home: Household) -> None:
    take(home, "990.00", difference="-10.00")
    correction = next(row for row in home.rows() if row.name == "Balance correction")
    assert (correction.amount, correction.date, correction.pending) == (Decimal(-10), END, False)
    assert transaction_detail(home.store, home.user, correction.id).reconciled == END
    (entry,) = list_reconciliations(home.store, home.user, account_of(home))
    assert (entry.correction, entry.holds) == (Decimal(-10), True)
    with home.store.read() as session:
        assert [one.event for one in session.scalars(select(AuditEvent))] == ["reconciled"]
    reopen(home.store, home.user, entry.id)
    assert "Balance correction" not in [row.name for row in home.rows()]
    assert [transaction_detail(home.store, home.user, row.id).reconciled for row in home.rows()] == [None] * 4
    with home.store.read() as session:
        events = [one.event for one in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
        assert events == ["reconciled", "reconciliation reopened"]


def test_the_same_statement_is_accepted_once(home: Household) -> None:
    assert take(home, "990.00", difference="-10.00") == take(home, "990.00", difference="-10.00")
    with home.store.read() as session:
        assert session.scalar(select(func.count()).where(Transaction.name == "Balance correction")) == 1


def test_what_changed_while_looking_is_not_accepted(home: Household) -> None:
    more = bought("e", "-7.00", day=20, name="Kiosk")
    take(home, "532.50", date(2026, 3, 1))
    seen = look(home, "1000.00")
    apply_update(home.store, home.user, home.item, update(more, cursor="c2"), since="c1")
    with pytest.raises(ValidationError, match="changed while you looked"):
        take(home, "1000.00", difference=str(seen.difference))


def test_the_next_statement_begins_where_the_last_ended(home: Household) -> None:
    take(home, "512.50", date(2026, 3, 5))
    seen = look(home, "1000.00")
    assert (seen.opening, seen.opening_day, len(seen.rows)) == (Decimal("512.5"), date(2026, 3, 5), 2)
    with pytest.raises(ValidationError, match="reconciled through 2026-03-05"):
        look(home, "1.00", date(2026, 3, 5))
    first, second = take(home, "1000.00"), list_reconciliations(home.store, home.user, account_of(home))[-1].id
    with pytest.raises(ValidationError, match="later one first"):
        reopen(home.store, home.user, second)
    reopen(home.store, home.user, first)
    reopen(home.store, home.user, second)
    reopen(home.store, home.user, second)
    assert all(one.reopened_at for one in list_reconciliations(home.store, home.user, account_of(home)))


def test_a_bank_that_changes_a_closed_period_is_followed_and_told(home: Household) -> None:
    take(home, "1000.00")
    told = update(
        bought("z", "-3.00", day=15, name="Late fee"),
        modified=(bought("b", "-13.50", day=10, name="Grocer"),),
        removed=("a",),
        cursor="c2",
    )
    apply_update(home.store, home.user, home.item, told, since="c1")
    (entry,) = list_reconciliations(home.store, home.user, account_of(home))
    assert not entry.holds
    assert entry.off_by == Decimal(-19), "what came late counts for the next statement"
    assert {(one.row.name, one.what) for one in entry.disturbances} == {
        ("Late fee", "came afterwards"),
        ("Grocer", "changed by the bank"),
        ("Baker", "removed by the bank"),
    }


def test_an_import_with_locked_rows_is_not_undone(store: Store) -> None:
    person = add_person(store)
    record = AccountRecord(key="f", name="Book", type="checking", currency="USD")
    rows = tuple(TransactionRecord("f", date(2026, 3, day), Decimal(-day), f"Shop {day}") for day in (1, 2, 3))
    told = StatementRecord(record, rows, Decimal(94), END)
    source = SourceFile("csv", "march.csv", "0" * 64)
    (done,) = import_statements(store, person, [(told, NewAccount("Book"))], source)
    (offer,) = statement_offers(store, person, done.account_id)
    assert (offer.source, offer.day, offer.stated, offer.told_by) == ("file", END, Decimal(94), "march.csv")
    number = accept(store, person, done.account_id, END, Decimal(94), "file", Decimal(0))
    with pytest.raises(ValidationError, match=r"3 of its transactions are reconciled with the statement of 2026-03-31"):
        undo_import(store, person, done.batch_id)
    reopen(store, person, number)
    assert undo_import(store, person, done.batch_id) == 3


def test_the_second_file_is_held_against_the_first(store: Store) -> None:
    person = add_person(store)
    record = AccountRecord(key="f", name="Book", type="checking", currency="USD")

    def month(number: int, amounts: list[int], closing: int) -> StatementRecord:
        rows = tuple(
            TransactionRecord("f", date(2026, number, day + 1), Decimal(amount), f"Shop {number} {day}")
            for day, amount in enumerate(amounts)
        )
        return StatementRecord(record, rows, Decimal(closing), date(2026, number, 28))

    (first,) = import_statements(
        store, person, [(month(1, [-5, -6], 100), NewAccount("Book"))], SourceFile("csv", "1.csv", "1" * 64)
    )
    import_statements(
        store, person, [(month(2, [-10, -20], 60), first.account_id)], SourceFile("csv", "2.csv", "2" * 64)
    )
    seen = compare(store, person, first.account_id, date(2026, 2, 28), Decimal(60))
    assert (seen.ledger, seen.difference) == (Decimal(70), Decimal(-10))


def test_a_typed_opening_balance_counts_the_period_alone(home: Household) -> None:
    seen = look(home, "990.00", choices=Choices(begins=(date(2026, 3, 5), Decimal("502.50"))))
    assert (seen.opening, seen.ledger, seen.difference) == (Decimal("502.5"), 990, 0)
    with pytest.raises(ValidationError, match="Swap"):
        look(home, "990.00", choices=Choices(begins=(END, Decimal(1))))


def test_an_account_by_hand_takes_the_statement_over(store: Store) -> None:
    person = add_person(store)
    account = create_account(store, person, NewAccount("Jar", "cash"))
    set_balance(store, person, account, Decimal(50), date(2026, 3, 1))
    accept(store, person, account, END, Decimal("42.10"), "person", Decimal("-7.90"))
    from core.ledger import list_accounts

    assert next(one.current for one in list_accounts(store, person)) == Decimal("42.1")
    reopen(store, person, list_reconciliations(store, person, account)[0].id)
    assert next(one.current for one in list_accounts(store, person)) == Decimal(50)


def test_the_future_and_other_peoples_accounts_are_refused(home: Household) -> None:
    with pytest.raises(ValidationError, match="future"):
        look(home, "1.00", clock.today() + timedelta(days=2))
    other = add_person(home.store, "eve@example.org")
    with pytest.raises(NotFoundError):
        compare(home.store, other, account_of(home), END, Decimal(1))
    with pytest.raises(NotFoundError):
        accept(home.store, other, account_of(home), END, Decimal(1000), "person", Decimal(0))
    number = take(home, "1000.00")
    with pytest.raises(NotFoundError):
        reopen(home.store, other, number)


amounts = st.integers(-5000, 5000).filter(bool).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(1, 31), amounts, st.booleans()), min_size=1, max_size=12),
    stated=amounts,
    middle=st.integers(1, 30),
)
def test_accepting_makes_it_agree_and_reopening_brings_all_back(
    store: Store, rows: list[tuple[int, Decimal, bool]], stated: Decimal, middle: int
) -> None:
    home = settle(store, f"p{clock.now().timestamp()}@example.org")
    records = [bought(f"k{n}", str(a), day=d, pending=p) for n, (d, a, p) in enumerate(rows)]
    apply_update(store, home.user, home.item, update(*records), since="")
    account = account_of(home)
    before = [(row.id, row.amount, row.reconciliation_id, row.removed_at) for row in home.rows()]
    for day in (date(2026, 3, middle), END):
        seen = compare(store, home.user, account, day, stated)
        assert seen.difference == stated - seen.opening - sum((row.amount for row in seen.rows), Decimal(0))
        accept(store, home.user, account, day, stated, "person", seen.difference)
        entry = list_reconciliations(store, home.user, account)[0]
        assert entry.holds
    posted = [row for row in home.rows() if not row.pending]
    assert all(row.reconciliation_id for row in posted)
    for entry in list_reconciliations(store, home.user, account):
        reopen(store, home.user, entry.id)
    assert [(row.id, row.amount, row.reconciliation_id, row.removed_at) for row in home.rows()] == before


@given(
    difference=amounts,
    rows=st.lists(
        st.builds(
            Row,
            id=st.integers(1, 10**6),
            date=st.dates(date(2026, 2, 20), date(2026, 4, 5)),
            amount=amounts,
            name=st.sampled_from(["Grocer", "Baker", "Wages", ""]),
            pending=st.booleans(),
            removed=st.booleans(),
        ),
        max_size=30,
        unique_by=lambda row: row.id,
    ),
)
def test_every_cause_explains_the_difference(difference: Decimal, rows: list[Row]) -> None:
    opening = date(2026, 2, 28)
    inside = [row for row in rows if not row.pending and not row.removed and opening < row.date <= END]
    around = [row for row in rows if row not in inside]
    found = likely_causes(difference, inside, around, opening, END)
    assert found[-1].kind == "missing"
    assert len(found) <= 8
    for cause in found[:-1]:
        assert effect(cause, inside) == difference


def effect(cause: Cause, inside: list[Row]) -> Decimal:
    """Return by how much the rows' sum moves when the cause is put right."""
    if cause.kind == "sign":
        return -2 * cause.rows[0].amount
    rows = cause.rows[1:] if cause.kind == "twice" else cause.rows
    return sum((-row.amount if row in inside else row.amount for row in rows), Decimal(0))
