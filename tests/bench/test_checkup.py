"""How every account does is told on each look at the Accounts page: it must not cost a look at every row."""

from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import select, update

from core import clock
from core.banking import checkup
from core.store import Account, Reconciliation, Transaction, TransactionEvent
from tests.bench.conftest import Figures
from tests.bench.rows import TODAY, filled_store

pytestmark = pytest.mark.bench

ROWS = 100_000
EVENTS = 20_000
ALLOWED = 0.15
"""Seconds."""


def test_a_checkup_looks_at_no_locked_row(tmp_path: Path, figures: Figures) -> None:
    store, user = filled_store(tmp_path, ROWS)
    with store.write() as session:
        now = clock.now()
        for account in session.scalars(select(Account.id).where(Account.user_id == user)).all():
            one = Reconciliation(
                user_id=user,
                account_id=account,
                day=TODAY,
                stated=Decimal(0),
                opening=Decimal(0),
                source="person",
                created_at=now,
            )
            session.add(one)
            session.flush()
            session.execute(
                update(Transaction).where(Transaction.account_id == account).values(reconciliation_id=one.id)
            )
        session.execute(update(Account).values(item_id=None))
        session.add_all(
            TransactionEvent(user_id=user, transaction_id=row, at=now, source="bank", field="amount", before="1.00")
            for row in session.scalars(select(Transaction.id).limit(EVENTS)).all()
        )
    taken = []
    for _ in range(5):
        start = perf_counter()
        checkup(store, user)
        taken.append(perf_counter() - start)
    store.close()
    seconds = median(taken)
    figures.add(f"A checkup of {ROWS:,} reconciled transactions", seconds * 1000, "ms", ALLOWED * 1000)
    assert seconds <= ALLOWED
