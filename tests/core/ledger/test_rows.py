"""Rows written in bulk are the rows that the mapped objects would be."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import clock
from core.errors import AmountError
from core.ledger import TransactionRecord
from core.ledger.rows import NewRow, bank_values, insert_rows, ready_values
from core.store import Account, Store, Transaction
from tests.core.ledger.household import add_person

TOLD = [
    TransactionRecord("", date(2026, 3, 1), Decimal("-3.5"), "Café 'Zoë' %s ? :name", currency="EUR"),
    TransactionRecord(
        "",
        date(1999, 12, 31),
        Decimal("1234567890.1234"),
        "x" * 500,
        key="K1",
        authorized_date=date(1999, 12, 30),
        merchant_name="M",
        original_text="line\none",
        pending=True,
        pending_key="P1",
        category="FOOD_AND_DRINK_GROCERIES",
        payment_channel="online",
        check_number="0042",
        details='{"a": 1}',
    ),
    TransactionRecord("", date(2026, 3, 1), Decimal(0), ""),
]


def test_rows_added_in_bulk_are_what_mapped_objects_make_of_them(store: Store) -> None:
    user, at = add_person(store), clock.now()
    with store.write() as session:
        accounts = [
            Account(user_id=user, name=name, type="checking", currency="EUR", created_at=at, change=7)
            for name in ("bulk", "made ready before", "one by one")
        ]
        session.add_all(accounts)
        session.flush()
        insert_rows(session, user, 7, at, [NewRow(accounts[0].id, record) for record in TOLD])
        ready = ready_values(store, TOLD)
        assert len(ready) == len(TOLD)
        rows = [NewRow(accounts[1].id, record, ready=ready[id(record)]) for record in TOLD]
        insert_rows(session, user, 7, at, rows)
        session.add_all(
            Transaction(**bank_values(record), user_id=user, account_id=accounts[2].id, created_at=at, change=7)
            for record in TOLD
        )
    columns = [column for column in Transaction.__table__.c if column.name not in {"id", "account_id"}]
    with store.read() as session:
        bulk, made_before, single = (
            session.execute(select(*columns).where(Transaction.account_id == one.id).order_by(Transaction.amount)).all()
            for one in accounts
        )
    assert bulk == single
    assert made_before == single
    assert len(bulk) == len(TOLD)


def test_an_amount_that_can_not_be_kept_is_refused_and_nothing_is_written(store: Store) -> None:
    user, at = add_person(store), clock.now()
    with pytest.raises(AmountError), store.write() as session:
        account = Account(user_id=user, name="x", type="checking", currency="EUR", created_at=at, change=7)
        session.add(account)
        session.flush()
        fine = TransactionRecord("", date(2026, 3, 1), Decimal("0.00001"), "too fine")
        insert_rows(session, user, 7, at, [NewRow(account.id, record) for record in [*TOLD, fine]])
    with store.read() as session:
        assert session.scalars(select(Transaction)).all() == []
