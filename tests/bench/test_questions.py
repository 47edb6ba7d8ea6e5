"""The screens' questions, ours beside SQLite, pandas and polars: the same rows, the same answers, one run."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final

import pytest

from core.cache import Caches, UserCache
from core.cache.home import Cursor
from core.ledger.categories import category_ids
from core.planning import set_limit
from core.store import Store, UserId
from tests.bench.conftest import Figures, in_turns, sizes
from tests.bench.forgetful import after_a_change
from tests.bench.memory import present
from tests.bench.rows import filled_store
from tests.bench.side_by_side import ours
from tests.bench.side_by_side.by_pandas import ByPandas
from tests.bench.side_by_side.by_polars import ByPolars
from tests.bench.side_by_side.by_sqlite import BySqlite
from tests.bench.side_by_side.plain import plain_rows
from tests.bench.side_by_side.questions import LIMITED_SINCE, LIMITS, Engine, screens

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

ROUNDS: Final = {10_000: 15, 100_000: 9}
ALONE: Final = 10_000_000
"""From so many rows on nothing is set beside ours: so many rows in four shapes do not fit into memory."""


@dataclass(frozen=True)
class Filled:
    """A store with so many rows, its cache on disk, and what may be spent on some categories."""

    store: Store
    user: UserId
    cache: UserCache
    limits: dict[int, int]


@pytest.fixture(scope="module", params=sizes())
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Filled]]:
    folder = tmp_path_factory.mktemp("questions")
    store, user = filled_store(folder, request.param, abroad=False)
    limits = {category_ids()[code]: amount for code, amount in LIMITS.items()}
    for category, amount in limits.items():
        set_limit(store, user, category, LIMITED_SINCE, Decimal(amount), carries=True)
    caches = Caches(folder / "cache", store)
    caches.of(user).refresh()
    yield (
        request.param,
        Filled(store, user, caches.of(user), {one: amount * 10_000 for one, amount in limits.items()}),
    )
    caches.close()
    store.close()


def test_the_screens_questions(filled: tuple[int, Filled], tmp_path: Path, figures: Figures) -> None:
    count, house = filled
    mine = ours.screens(house.store, house.user, house.cache)
    asked_again = ours.drawn_again(house.store, house.user, house.cache)
    if count >= ALONE:
        answered(figures, count, house.cache, {"FinTrack": mine}, asked_again)
        figures.add(f"questions, {count:,} rows: memory of the process after them", present(os.getpid()), "MB")
        return
    plain = plain_rows(house.store)
    engines: dict[str, Engine] = {
        "SQLite": BySqlite(plain, tmp_path / "beside.db"),
        "pandas": ByPandas(plain),
        "polars": ByPolars(plain),
    }
    answers: dict[str, Any] = {name: ours.told(name, work()) for name, work in mine.items()}
    theirs = {name: screens(engine, plain, house.limits) for name, engine in engines.items()}
    for engine, asked in theirs.items():
        for name, work in asked.items():
            assert work() == answers[name], f"{engine} answers {name} otherwise"
    answered(figures, count, house.cache, {"FinTrack": mine} | theirs, asked_again)


def as_many(cache: UserCache, works: Iterable[Callable[[], Any]]) -> Callable[[], None]:
    """Return work that asks for one cell as often as `works` ask anything, each once at least, in as many goes."""
    counts = []
    with pytest.MonkeyPatch.context() as counting:
        asked = 0

        def counted(cursor: Cursor, question: Any, parameters: Mapping[str, Any]) -> Any:
            nonlocal asked
            asked += 1
            return ask(cursor, question, parameters)

        ask = Cursor.ask
        counting.setattr(Cursor, "ask", counted)
        for work in works:
            asked = 0
            work()
            counts.append(max(asked, 1))

    def work() -> None:
        for count in counts:
            with cache.answering(anew=True) as answer:
                for _ in range(count):
                    answer("home", {})

    return work


def at_work(works: Iterable[Callable[[], Any]]) -> float:
    """Return the seconds of processor that all of some work takes: what else runs on the machine is not in them."""
    start = process_time()
    for work in works:
        work()
    return process_time() - start


def answered(
    figures: Figures,
    count: int,
    cache: UserCache,
    asked: dict[str, dict[str, Callable[[], Any]]],
    again: dict[str, Callable[[], Any]],
) -> None:
    """Time every question of every engine, in turns; note each, the whole sets, and how they compare.

    `again` are ours as a screen asks them that is drawn anew: what was answered is kept until the data change. They are
    asked after a change as well, when nothing is kept.
    """
    floor = as_many(cache, asked["FinTrack"].values())
    works = {(engine, name): work for engine, questions in asked.items() for name, work in questions.items()}
    works["floor", ""] = floor
    works["changed", ""] = after_a_change(cache, lambda: [work() for work in again.values()])
    # Once to be answered, all the others having been forgotten, and once to be measured.
    works["fill", ""] = works["again", ""] = lambda: [work() for work in again.values()]
    taken = in_turns(ROUNDS.get(count, 5), works)
    least, changed, kept = (taken.pop((name, "")) for name in ("floor", "changed", "again"))
    del taken["fill", ""]
    figures.add(f"questions, {count:,} rows: the whole set, after a change", changed * 1000, "ms")
    figures.add(f"questions, {count:,} rows: the whole set, asked again", kept * 1000, "ms")
    whole = {engine: sum(taken[engine, name] for name in questions) for engine, questions in asked.items()}
    for engine, seconds in whole.items():
        figures.add(f"questions, {count:,} rows: the whole set, {engine}", seconds * 1000, "ms")
    for engine, questions in asked.items():
        worked = median(at_work(questions.values()) for _ in range(3)) * 1000
        figures.add(f"questions, {count:,} rows: processor time of the whole set, {engine}", worked, "ms")
    figures.add(f"questions, {count:,} rows: as many of one cell", least * 1000, "ms")
    figures.add(f"questions, {count:,} rows: times as many of one cell", whole["FinTrack"] / least, "x")
    for engine in list(whole)[1:]:
        ratio = whole[engine] / whole["FinTrack"]
        figures.add(f"questions, {count:,} rows: times faster than {engine}", ratio, "x")
        figures.add(f"questions, {count:,} rows: asked again, times faster than {engine}", whole[engine] / kept, "x")
    for (engine, name), seconds in taken.items():
        figures.add(f"questions, {count:,} rows: {name}, {engine}", seconds * 1000, "ms")
