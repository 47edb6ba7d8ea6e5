"""Screens are drawn in turns: in order, one at a time, and nobody waits for one that takes too long."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic, sleep

import pytest
from sqlalchemy import event

from core.runtime import Runtime
from core.store import UserId
from pages.shell.turns import TURNS, Turns
from tests.pages.conftest import Open

SOON = 10
"""Seconds after which something that should happen has failed to."""


def queue_up(turns: Turns, drawn: list[int], number: int) -> None:
    with turns.turn():
        drawn.append(number)


def waiting(turns: Turns, count: int) -> bool:
    until = monotonic() + SOON
    while len(turns._waiting) != count and monotonic() < until:
        sleep(0.001)
    return len(turns._waiting) == count


def all_drawn(pool: ThreadPoolExecutor, turns: Turns, drawn: list[int]) -> bool:
    """Have three queue up, and tell whether all of them draw although somebody holds the turn."""
    waits = [pool.submit(queue_up, turns, drawn, number) for number in range(3)]
    for one in waits:
        one.result(SOON)
    return sorted(drawn) == [0, 1, 2]


def test_those_who_wait_are_drawn_in_order() -> None:
    turns, drawn = Turns(SOON, SOON), list[int]()
    with ThreadPoolExecutor(8) as pool, turns.turn():
        for number in range(8):
            pool.submit(queue_up, turns, drawn, number)
            assert waiting(turns, number + 1)
        assert drawn == []
    assert drawn == list(range(8))


def test_no_two_draw_at_once() -> None:
    turns, at_once, most, count = Turns(SOON, SOON), 0, 0, 0
    lock = threading.Lock()

    def draw() -> None:
        nonlocal at_once, most, count
        for _ in range(20):
            with turns.turn():
                with lock:
                    at_once += 1
                    most = max(most, at_once)
                sleep(0.0005)
                with lock:
                    at_once -= 1
                    count += 1

    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(draw)
    assert (most, count) == (1, 160)


def test_one_that_takes_too_long_is_waited_for_no_more() -> None:
    turns, drawn = Turns(0.05, 3 * SOON), list[int]()
    with ThreadPoolExecutor(3) as pool, turns.turn():
        assert all_drawn(pool, turns, drawn)


def test_one_that_took_too_long_takes_nobody_elses_turn_away() -> None:
    turns, drawn = Turns(0.05, 3 * SOON), list[int]()
    second, done = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn():
            second.set()
            done.wait(SOON)

    with ThreadPoolExecutor(2) as pool:
        with turns.turn():
            pool.submit(hold)
            assert second.wait(SOON)
            turns._longest = SOON
            pool.submit(queue_up, turns, drawn, 1)
            assert waiting(turns, 1)
        # The first is over, and the second still draws.
        sleep(0.05)
        assert drawn == []
        done.set()
    assert drawn == [1]


def test_who_lost_patience_goes_on_beside() -> None:
    turns, drawn = Turns(3 * SOON, patience=0.05), list[int]()
    with ThreadPoolExecutor(3) as pool, turns.turn():
        assert all_drawn(pool, turns, drawn)
        assert waiting(turns, 0)
    queue_up(turns, drawn, 3)
    assert drawn[3:] == [3]


@pytest.mark.parametrize("failure", [ValueError, SystemExit])
def test_one_that_fails_gives_its_turn_on(failure: type[BaseException]) -> None:
    turns, drawn = Turns(SOON, SOON), list[int]()
    with suppress(failure), turns.turn():
        raise failure
    queue_up(turns, drawn, 1)
    assert drawn == [1]


def test_a_screen_waits_for_its_turn_and_gives_it_on(open_screen: Open, person: UserId) -> None:
    app = open_screen("overview", person)
    with ThreadPoolExecutor(1) as pool:
        with TURNS.turn():
            run = pool.submit(app.run)
            assert waiting(TURNS, 1)
        assert run.result(SOON).title[0].value == "Overview"
    assert TURNS._holder is None
    assert not TURNS._waiting


def test_nobody_waits_for_strangers(
    house: Runtime, open_screen: Open, person: UserId, leave: Callable[[UserId], None]
) -> None:
    app = open_screen("overview", person)
    leave(person)
    held: list[bool] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "token_hash =" in statement:
            held.append(TURNS._holder is not None)

    event.listen(house.store.engine, "before_cursor_execute", hear)
    app.run()
    event.remove(house.store.engine, "before_cursor_execute", hear)
    assert not app.exception
    # The frame asks who is there, then the page for strangers does.
    assert held == [True, False]
