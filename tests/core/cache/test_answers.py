"""Answers are kept until the data change: each under its own question and parameters, and never more than so many."""

from collections import OrderedDict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cache import Caches, answers, facts
from core.cache.answers import Answers, key_of
from core.cache.searched import Searched
from core.cache.seat import Seat
from core.store import Store
from tests.core.cache.money import add_person, added, write

ROW = {"account": 0, "category": 1, "day": 3, "amount": Decimal(-1), "name": "Coffee", "pending": False}


def test_what_was_asked_before_is_not_asked_again_until_the_data_change(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    assert cache.ask("count") == [(1,)]
    assert cache._home is not None
    # Taken out behind its back: only who asks anew sees that.
    cache._home.connection.execute("DELETE FROM transactions")
    assert cache.ask("count") == [(1,)]
    with cache.answering(anew=True) as answer:
        assert answer("count", {}) == [(0,)]
    cache.rebuild()
    write(store, person, [added([ROW])])
    assert cache.ask("count") == [(2,)]
    cache.close()


def test_who_doubts_is_told_anew_where_others_already_ask(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    with cache.answering() as answer:
        assert (answer("count", {}), facts(answer).rows) == ([(1,)], 1)
        assert cache._home is not None
        cache._home.connection.execute("DELETE FROM transactions; DELETE FROM days")
        with cache.answering(anew=True) as doubting:
            assert (doubting("count", {}), facts(doubting).rows) == ([(0,)], 0)
            assert cache.ask("count") == [(0,)]
        assert (answer("count", {}), facts(answer).rows, cache.ask("count")) == ([(1,)], 1, [(1,)])
        with cache.answering() as within:
            assert within is answer
    cache.close()


def test_what_is_told_of_a_later_state_is_not_kept_of_an_earlier_one(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    with cache.answering() as answer:
        assert answer("count", {}) == [(1,)]
        assert isinstance(answer, Seat)
        assert answer._lent is not None
        home, cursor = answer._lent
        earlier = home.kept(home.change).answers
        write(store, person, [added([ROW])])
        cursor.connection.close()  # as where the database breaks
        assert answer("facts", {})[0][0] == 2
    assert earlier.get(key_of("count", {})) == [(1,)]
    assert earlier.get(key_of("facts", {})) is None
    cache.close()


@pytest.mark.parametrize(
    ("parameters", "times"),
    [
        ({"text": Searched("x" * 100_000)}, 150),
        ({"name": "y" * 100_000}, 150),
        ({"accounts": list(range(3000))}, 150),
        ({"id": 1}, 4000),
    ],
)
def test_what_is_asked_for_weighs_too(parameters: dict[str, Any], times: int) -> None:
    kept = Answers()
    keys = [key_of("facts", parameters | {"number": number}) for number in range(times)]
    for key in keys:
        kept.put(key, [])
    left = [key for key in keys if kept.get(key) is not None]
    assert 10 <= len(left) < min(times, 3000)
    assert left == keys[-len(left) :]
    letters = len(repr(parameters))
    assert len(left) * letters <= answers.MOST_CELLS * answers.LETTERS


def test_an_answer_that_is_changed_by_who_got_it_is_nobody_elses(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    for _ in range(3):
        rows = cache.ask("count")
        assert rows == [(1,)]
        rows.clear()
    cache.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, 1.0), ([1], [True]), ([1, 2], [2, 1]), ([], None), ("", None), ([[1], 2], [[1, 2]])],
)
def test_what_the_database_tells_apart_has_its_own_key(one: object, other: object) -> None:
    assert key_of("count", {"name": one}) != key_of("count", {"name": other})
    assert key_of("count", {"name": one}) != key_of("facts", {"name": one})
    assert key_of("count", {"name": one}) != key_of("count", {"other": one})
    assert key_of("count", {"name": one}) == key_of("count", {"name": one})


SIZES = st.sampled_from([0, 2, 3, 3, 3, 5])


@given(st.lists(st.tuples(st.integers(0, 6), SIZES, st.booleans()), min_size=15, max_size=60))
def test_the_latest_used_are_kept(steps: list[tuple[int, int, bool]]) -> None:
    most = 12
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answers, "MOST_CELLS", most)
        patched.setattr(answers, "ENTRY", 1)
        kept, model = Answers(), OrderedDict[int, int]()
        for key, lines, put in steps:
            if put:
                # The same question of the same state has the same answer.
                size = model.get(key, lines)
                kept.put(key, [(key,)] * size)
                if size + 1 <= most // 4:
                    model.setdefault(key, size)
                while sum(size + 1 for size in model.values()) > most:
                    model.popitem(last=False)
                continue
            found = kept.get(key)
            assert found == (None if key not in model else [(key,)] * model[key])
            if key in model:
                model.move_to_end(key)
