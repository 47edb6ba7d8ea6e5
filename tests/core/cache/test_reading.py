"""Rows are read ahead of their use: all of them, in order, and no more once nobody wants them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from core.cache import reading
from core.cache.reading import NUMBER, TRANSACTIONS, Snapshot
from core.store import Store
from tests.core.cache.money import add_person, added, write

ROWS = [
    {"account": 0, "category": 9, "day": day, "amount": Decimal(day + 1), "name": f"Shop {day}", "pending": False}
    for day in range(25)
]


@pytest.fixture
def snapshot(store: Store) -> Iterator[Snapshot]:
    """Return a snapshot of a person with some rows."""
    person = add_person(store)
    write(store, person, [added(ROWS)])
    with store.raw() as connection:
        yield Snapshot(connection, person, is_sqlite=store.is_sqlite)


def test_rows_read_ahead_are_all_rows(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 10)
    plain = list(snapshot.batches(TRANSACTIONS))
    assert [len(one) for one in plain] == [10, 10, 5]
    assert list(snapshot.batches_ahead(TRANSACTIONS)) == plain


def test_whoever_stops_early_leaves_the_snapshot_to_others(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 1)
    ahead = snapshot.batches_ahead(TRANSACTIONS)
    assert len(next(ahead)) == 1
    ahead.close()
    assert snapshot.whole(TRANSACTIONS).num_rows == len(ROWS)


def test_what_fails_while_reading_ahead_is_told(snapshot: Snapshot) -> None:
    numbers = TRANSACTIONS.columns.set(8, pa.field("name", NUMBER))
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        list(snapshot.batches_ahead(replace(TRANSACTIONS, columns=numbers)))
    assert snapshot.whole(TRANSACTIONS).num_rows == len(ROWS)
