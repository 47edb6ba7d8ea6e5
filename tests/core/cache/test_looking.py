"""A cursor that came back sees its state on for as long as that is the latest, and stands in nobody's way after."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.cache import Caches, UserCache
from core.cache.files import log_of
from core.cache.home import Cursor
from core.errors import CacheError
from core.store import Store
from tests.core.cache.money import add_person, added, write

ROW = {"account": 0, "category": 1, "day": 3, "amount": Decimal(-1), "name": "Coffee", "pending": False}


def lent(cache: UserCache) -> Cursor:
    """Return the cursor that came back last."""
    assert cache._home is not None
    return cache._home._free[-1]


def test_it_sees_on_what_is_still_so_and_looks_anew_after_a_change(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    assert cache.ask("count") == [(1,)]
    before, change = lent(cache), lent(cache)._change
    assert change is not None
    # Taken out behind its back, and not kept: what sees the state of before still has it.
    assert cache._home is not None
    cache._home.connection.execute("DELETE FROM days")
    assert cache.ask("facts")[0][0] == 1
    assert lent(cache) is before
    assert before.still_sees(change)
    write(store, person, [added([ROW])])
    assert cache.ask("count") == [(2,)]
    assert not before.still_sees(change)
    cache.close()


def test_few_news_wait_in_the_log_until_they_are_many(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cache.home.LOG", 30_000)
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    assert cache.ask("count") == [(1,)]
    assert cache._home is not None
    assert cache._home.path is not None
    log, waiting = log_of(cache._home.path), []
    for count in range(2, 12):
        write(store, person, [added([ROW])])
        assert cache.ask("count") == [(count,)]
        waiting.append(log.stat().st_size if log.exists() else 0)
    assert max(waiting) <= 30_000
    assert waiting[0] > 0
    assert 0 in waiting
    cache.close()
    assert not log.exists(), "what waits is in the file once nobody has it open"
    assert Caches(tmp_path, store).of(person).ask("count") == [(11,)]


def test_one_that_nobody_has_keeps_no_news_out_of_the_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cache.home.LOG", 0)
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    for count in (1, 2, 3):
        write(store, person, [added([ROW])])
        assert cache.ask("count") == [(count,)]
        assert cache._home is not None
        assert cache._home.path is not None
        log = log_of(cache._home.path)
        assert not log.exists() or log.stat().st_size == 0
    cache.close()


def test_one_that_failed_answers_the_next_question(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([ROW])])
    assert cache.ask("count") == [(1,)]
    home = cache._home
    with pytest.raises(CacheError):
        cache.ask("recent", accounts=["none"], since="no day", count=1)
    assert cache.ask("facts")[0][0] == 1
    assert cache._home is home
    cache.close()
