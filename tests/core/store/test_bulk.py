"""Rows handed to the driver by the hundred come back as they went in, on each database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from core.errors import AmountError, StoreError
from core.store import Account, Store, Transaction, UserId, insert_many
from core.store.bulk import AT_ONCE
from tests.core.ledger.household import add_person

AT = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)
NAMES = ("provider_key", "date", "authorized_date", "amount", "name", "pending", "category_id")
MANY = 600
"""More than go into one statement."""

Row = tuple[str | None, date, date | None, Decimal, str, bool, int | None]


def rows(many: int = MANY) -> list[Row]:
    first = date(2026, 1, 1)
    return [
        (
            f"key-{number}" if number % 5 else None,
            first + timedelta(days=number % 40),
            first if number % 3 else None,
            Decimal(number - 100) / 8,
            f"Käse % ? :{number} 'x'",
            number % 7 == 0,
            None,
        )
        for number in range(many)
    ]


def put(store: Store, wanted: list[Row], same_currency: str = "EUR") -> UserId:
    user = add_person(store)
    with store.write() as session:
        account = Account(user_id=user, created_at=AT, name="Everyday", type="checking", currency="EUR", change=1)
        session.add(account)
        session.flush()
        same = {"user_id": user, "account_id": account.id, "created_at": AT, "change": 7, "currency": same_currency}
        same |= dict.fromkeys(("merchant_name", "original_text", "payment_channel", "check_number", "details"), "")
        insert_many(session, Transaction, NAMES, wanted, same)
    return user


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_all_rows_said_so_far_may_change_further_down(store: Store) -> None:
    wanted = [
        (*row[:4], "the same", number > AT_ONCE, 1 if number > AT_ONCE else None)
        for number, row in enumerate(rows(AT_ONCE + 40))
    ]
    put(store, wanted)
    with store.read() as session:
        kept = session.execute(select(*(getattr(Transaction, name) for name in NAMES)).order_by(Transaction.id))
        assert [tuple(row) for row in kept] == wanted


def test_rows_of_several_statements_come_back_as_they_went_in(store: Store) -> None:
    wanted = rows()
    user = put(store, wanted)
    with store.read() as session:
        kept = session.scalars(select(Transaction).order_by(Transaction.id)).all()
        assert [tuple(getattr(row, name) for name in NAMES) for row in kept] == wanted
        assert {(row.user_id, row.created_at, row.change, row.currency) for row in kept} == {(user, AT, 7, "EUR")}
        assert {(row.own_name, row.note, row.removed_at, row.batch_id) for row in kept} == {("", "", None, None)}


def test_nothing_to_add_is_nothing(store: Store) -> None:
    put(store, [])
    with store.read() as session:
        assert session.scalars(select(Transaction)).all() == []


def test_an_amount_that_can_not_be_kept_or_a_key_twice_leaves_nothing(store: Store) -> None:
    wanted = rows()
    for last, failure in (
        (((*wanted[-1][:3], Decimal("0.00001"), *wanted[-1][4:])), AmountError),
        (("key-1", *wanted[-1][1:]), StoreError),
    ):
        with pytest.raises(failure):
            put(store, [*wanted[:-1], last])
        with store.read() as session:
            assert session.scalars(select(Transaction)).all() == []


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_word_that_is_too_long_for_its_column_is_refused_and_not_cut(store: Store) -> None:
    with pytest.raises(StoreError):
        put(store, rows(), same_currency="EUROS")
    with store.read() as session:
        assert session.scalars(select(Transaction)).all() == []


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_is_told_thousands_of_rows_in_one_statement(store: Store) -> None:
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    put(store, rows(AT_ONCE + 1))
    inserts = [one for one in said if one.startswith("INSERT INTO transactions")]
    assert len(inserts) == 2
    # Its driver goes through a statement in Python for each place in it: some thousands took a third of a sync.
    assert max(one.count("%s") for one in inserts) < 50
