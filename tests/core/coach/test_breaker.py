"""A provider that fails is left alone for a while, and then one question finds out whether it is back."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coach.breaker import LONGEST_REST, LONGEST_TOLD, MOST_FAILURES, REST, Breaker, Guarded
from core.coach.providers import Request
from core.coach.turns import ModelSaid, PersonSaid
from core.errors import (
    CoachBlockedError,
    CoachBusyError,
    CoachCutError,
    CoachError,
    CoachKeyError,
    CoachQuotaError,
    CoachTooLongError,
    CoachUnreachableError,
)

ILL = [CoachBusyError("busy"), CoachUnreachableError("away"), CoachCutError("cut")]
WELL = [CoachBlockedError("no"), CoachTooLongError("long"), CoachKeyError("key")]


@dataclass
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Scripted:
    """A provider that raises what the script says, or answers."""

    script: list[CoachError | str] = field(default_factory=list)
    name: str = "Gemini"
    model: str = "m"

    def go_on(self, request: Request, stop: threading.Event) -> Iterator[str | ModelSaid]:
        one = self.script.pop(0)
        if isinstance(one, CoachError):
            raise one
        yield one
        yield ModelSaid(one)

    def close(self) -> None:
        """Hang up."""


def _failed(breaker: Breaker, *failures: CoachError) -> None:
    for one in failures:
        assert breaker.enter()
        breaker.failed(one)
        breaker.leave()


def test_it_opens_after_so_many_failures_in_a_row_and_rests_longer_each_time() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    _failed(breaker, *ILL[: MOST_FAILURES - 1])
    assert breaker.left == 0
    _failed(breaker, ILL[0])
    assert breaker.left == REST
    assert not breaker.enter()
    clock.seconds += REST
    _failed(breaker, ILL[1])
    assert breaker.left == 2 * REST


def test_a_success_between_closes_it() -> None:
    breaker = Breaker(Clock())
    _failed(breaker, *ILL[:2])
    breaker.worked()
    _failed(breaker, *ILL[:2])
    assert breaker.left == 0


@pytest.mark.parametrize(("told", "left"), [(7.0, 7.0), (None, 1.0), (99999.0, LONGEST_TOLD)])
def test_one_that_wants_to_be_left_alone_is_at_once(told: float | None, left: float) -> None:
    breaker = Breaker(Clock())
    _failed(breaker, CoachQuotaError("later", retry_after=told))
    assert breaker.left == left


@pytest.mark.parametrize("failure", WELL)
def test_what_is_wrong_with_a_question_or_a_key_does_not_open_it(failure: CoachError) -> None:
    breaker = Breaker(Clock())
    _failed(breaker, *[failure] * 9)
    assert breaker.left == 0


def test_one_tries_when_the_time_is_over_and_the_others_wait_for_what_comes_of_it() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    _failed(breaker, CoachQuotaError("later", retry_after=5))
    clock.seconds += 5
    assert [breaker.enter() for _ in range(3)] == [True, False, False]
    breaker.leave()
    assert breaker.enter()
    breaker.worked()
    assert [breaker.enter() for _ in range(3)] == [True] * 3


@given(st.lists(st.one_of(st.sampled_from([*ILL, *WELL]), st.floats(0, 2000), st.just("worked")), max_size=40))
def test_it_is_never_open_for_longer_than_allowed_nor_after_a_success(
    story: list[CoachError | float | str],
) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for one in story:
        if isinstance(one, float):
            clock.seconds += one
        elif breaker.enter():
            if isinstance(one, CoachError):
                breaker.failed(one)
            else:
                breaker.worked()
            breaker.leave()
            if one == "worked" or one in WELL:
                assert breaker.left == 0
        else:
            assert breaker.left > 0
        assert breaker.left <= LONGEST_REST


def test_a_guarded_provider_is_not_asked_while_it_is_open() -> None:
    clock, never = Clock(), threading.Event()
    guarded = Guarded(Scripted([CoachQuotaError("later", retry_after=5), "Done."]), Breaker(clock))  # type: ignore[list-item]
    request = Request("", [PersonSaid("Well?")])
    with pytest.raises(CoachQuotaError, match="later"):
        list(guarded.go_on(request, never))
    with pytest.raises(CoachBusyError, match="Gemini is left alone") as caught:
        list(guarded.go_on(request, never))
    assert caught.value.retry_after == 5
    clock.seconds += 5
    assert list(guarded.go_on(request, never)) == ["Done.", ModelSaid("Done.")]
    assert guarded.breaker.left == 0


def test_a_try_that_is_given_up_leaves_the_next_one_to_find_out() -> None:
    clock, never = Clock(), threading.Event()
    guarded = Guarded(Scripted([CoachQuotaError("later", retry_after=5), "a", "b"]), Breaker(clock))  # type: ignore[list-item]
    request = Request("", [PersonSaid("Well?")])
    with pytest.raises(CoachQuotaError):
        list(guarded.go_on(request, never))
    clock.seconds += 5
    heard = guarded.go_on(request, never)
    assert next(heard) == "a"
    heard.close()  # type: ignore[attr-defined]
    assert next(guarded.go_on(request, never)) == "b"
