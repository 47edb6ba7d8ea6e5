"""What is found out once is found out again after each change, and never of another state than what is seen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from core.cache import Answer, Caches, balances_of, facts
from core.store import Store
from tests.core.cache.money import START, add_person, added, balance_told, write

ROW = {"account": 0, "category": 1, "day": 3, "amount": Decimal(-1), "name": "Coffee", "pending": False}


def test_what_is_kept_is_asked_once_for_each_state(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    asked = 0

    def count(answer: Answer) -> int:
        nonlocal asked
        asked += 1
        return int(answer("count", {})[0][0])

    for rows in (1, 2, 3):
        write(store, person, [added([ROW])])
        for _ in range(3):
            with cache.answering() as answer:
                assert answer.kept(count) == answer.kept(count) == rows
        assert asked == rows
    cache.rebuild()
    with cache.answering() as answer:
        assert answer.kept(count) == 3
    assert asked == 4
    cache.close()


def test_a_reader_of_an_earlier_state_keeps_to_it(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    write(store, person, [added([ROW])])
    cache = Caches(tmp_path, store).of(person)

    def rows() -> int:
        with cache.answering() as answer:
            return facts(answer).rows

    with cache.answering() as early, ThreadPoolExecutor(1) as pool:
        assert early("count", {}) == [(1,)]
        write(store, person, [added([ROW])])
        # Another thread sees more and keeps it; this one must not be told of it, nor keep for others what it sees.
        assert pool.submit(rows).result(60) == 2
        assert facts(early).rows == 1
        assert pool.submit(rows).result(60) == 2
    assert rows() == 2
    cache.close()


def test_a_balance_is_moved_by_posted_rows_and_worked_backwards_before_the_first(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    write(store, person, [added([ROW | {"day": day, "amount": Decimal(day)} for day in (1, 2, 4, 6)])])
    write(store, person, [added([ROW | {"day": 3, "amount": Decimal(100), "pending": True}])])
    write(store, person, [balance_told(0, 2, Decimal(1000)), balance_told(0, 5, Decimal(-50))])
    cache = Caches(tmp_path, store).of(person)
    with cache.answering() as answer:
        known = next(one for one in balances_of(answer).values() if one.told.size == 2)
    balances = {-40: 997, 0: 997, 1: 998, 2: 1000, 3: 1000, 4: 1004, 5: -50, 6: -44, 400: -44}
    assert list(known.on([START + timedelta(days=day) for day in balances])) == list(balances.values())
    assert (known.told_since, known.known_since) == (START + timedelta(days=2), START + timedelta(days=1))
    cache.close()
