"""Rows are read ahead of their use: all of them, in order, and no more once nobody wants them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from core.cache import reading
from core.cache.reading import NUMBER, TRANSACTIONS, Snapshot, read_standing
from core.store import Store
from tests.core.cache.money import add_person, added, split_up, write

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
    monkeypatch.setattr(reading, "STEPS", 2)
    monkeypatch.setattr(reading, "STEP", 5)
    plain = list(snapshot.batches(TRANSACTIONS))
    assert [len(one) for one in plain] == [10, 10, 5]
    assert list(snapshot.batches_ahead(TRANSACTIONS)) == plain


def test_a_whole_history_comes_in_the_order_of_its_days_part_by_part(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "STEPS", 1)
    monkeypatch.setattr(reading, "STEP", 4)
    shuffled = [row | {"day": place * 7 % 25} for place, row in enumerate(ROWS)]
    person, other = add_person(store), add_person(store)
    write(store, other, [added(ROWS)])
    write(store, person, [added(shuffled), split_up(3, [(Decimal(1), 2, "a"), (Decimal(2), 3, "b")])])
    with store.raw() as connection:
        snapshot = Snapshot(connection, person, is_sqlite=store.is_sqlite)
        streamed = pa.concat_tables(snapshot.batches(TRANSACTIONS)).select(["date", "id", "part", "amount"]).to_pylist()
        asked = connection.execute(TRANSACTIONS.asked(int(person))).fetchall()
    assert [tuple(one.values()) for one in streamed] == [(row[2], row[0], row[1], row[3]) for row in asked]
    assert [(one["date"], one["id"], one["part"]) for one in streamed] == sorted(
        (one["date"], one["id"], one["part"]) for one in streamed
    )
    assert [one["part"] for one in streamed if one["part"]] == [1, 2, 3]
    assert len(streamed) == len(ROWS) + 2


def test_what_is_past_a_change_number_is_all_that_comes_then(store: Store) -> None:
    person = add_person(store)
    write(store, person, [added(ROWS)])
    with store.raw() as connection:
        since = read_standing(store, person).change  # type: ignore[union-attr]
        write(store, person, [added(ROWS[:3])])
        snapshot = Snapshot(connection, person, is_sqlite=store.is_sqlite)
        assert snapshot.whole(TRANSACTIONS, since).num_rows == 3
        assert snapshot.whole(TRANSACTIONS).num_rows == len(ROWS) + 3


def test_whoever_stops_early_leaves_the_snapshot_to_others(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "STEPS", 1)
    monkeypatch.setattr(reading, "STEP", 1)
    ahead = snapshot.batches_ahead(TRANSACTIONS)
    assert len(next(ahead)) == 1
    ahead.close()
    assert snapshot.whole(TRANSACTIONS).num_rows == len(ROWS)


def test_what_fails_while_reading_ahead_is_told(snapshot: Snapshot) -> None:
    numbers = TRANSACTIONS.columns.set(8, pa.field("name", NUMBER))
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        list(snapshot.batches_ahead(replace(TRANSACTIONS, columns=numbers)))
    assert snapshot.whole(TRANSACTIONS).num_rows == len(ROWS)
