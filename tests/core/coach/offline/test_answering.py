"""Questions in plain words, answered with no key."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from threading import Event as Flag

import pytest

from core.coach import Answered, Asking, Exchange, Found, Scope, Step, Words
from core.coach.offline import answer
from core.coach.values import at
from core.config import ROOT


def asked(scope: Scope, words: str, before: Sequence[Exchange] = ()) -> Answered:
    """Return the answer to a question."""
    (done,) = (one for one in answer(scope, words, before, Flag()) if isinstance(one, Answered))
    return done


def in_turn(scope: Scope, *several: str) -> Iterator[Answered]:
    """Ask questions one after another."""
    before: list[Exchange] = []
    for words in several:
        done = asked(scope, words, before)
        before.append(Exchange(words, done.text, done.context))
        yield done


def test_an_answer_comes_step_by_step_and_refers_to_what_was_found(scope: Scope) -> None:
    events = list(answer(scope, "How much did I spend on groceries last month?", (), Flag()))
    assert [type(one) for one in events] == [Asking, Step, Found, Words, Answered]
    done = events[-1]
    assert isinstance(done, Answered)
    assert done.reading == "spending · Groceries · February 2026"
    assert "[[c1:spent]]" in done.text
    assert done.found[0].result is not None
    assert at(done.found[0].result.told, "spent")
    assert (done.provider, done.usage.sent) == ("offline", 0)


def test_questions_go_on_from_the_one_before(scope: Scope) -> None:
    readings = [
        one.reading
        for one in in_turn(
            scope,
            "How much did I spend on groceries in January?",
            "and last month?",
            "what about restaurants?",
            "only over 50",
            "How much did I earn this year?",
            "and last year?",
        )
    ]
    assert readings == [
        "spending · Groceries · January 2026",
        "spending · Groceries · February 2026",
        "spending · Restaurants · February 2026",
        "spending · Restaurants · from $50.01 · February 2026",
        "income · Jan 1, 2026 to Mar 20, 2026",
        "income · Jan 1, 2025 to Dec 31, 2025",
    ]


def test_of_two_names_that_fit_neither_is_guessed(scope: Scope) -> None:
    done = asked(scope, "How much for gas last month")
    assert done.found == ()
    assert done.choices == ("How much for Gas & electricity last month", "How much for Fuel last month")
    for choice in done.choices:
        assert asked(scope, choice).found


@pytest.mark.parametrize(
    "words",
    [
        "How much did I spend on unicorns?",
        "How much did I spend on groceries excluding Greenleaf Market?",
        "spending on restaurants not counting Noodle Harbor",
        "How much did I spend on groceries on 31 February?",
        "How much did I spend in 2031?",
        "how much did I spend in january and february",
        "What was my balance of Everyday Checking in January?",
        "Should I spend less on coffee?",
        "Transfer 50 dollars to Rainy Day Savings",
        "purchases over 100 pounds",
        "did in than",
        "december",
        "what on 20",
        "",
        "?!",
    ],
)
def test_what_is_not_understood_to_its_last_word_is_not_answered(scope: Scope, words: str) -> None:
    done = asked(scope, words)
    assert done.found == ()
    assert done.choices


def test_what_is_offered_is_understood(scope: Scope) -> None:
    offered = {*asked(scope, "What is love?").choices, *asked(scope, "how much did I spend on coffee").choices[2:]}
    for choice in offered:
        assert asked(scope, choice).found, choice


def test_a_context_that_is_not_ours_is_no_harm(scope: Scope) -> None:
    for context in ({}, {"intent": "total"}, {"intent": "x", "slots": {}, "words": ""}, {"slots": 3}):
        assert asked(scope, "and last month?", [Exchange("x", "y", context)]).found == ()


def test_nothing_is_asked_further_once_stopped(scope: Scope) -> None:
    stop = Flag()
    stop.set()
    events = list(answer(scope, "compare spending in january and march", (), stop))
    assert [type(one) for one in events] == [Asking, Step, Found]


def test_no_learning_library_is_loaded_to_answer() -> None:
    look = "import sys, core.coach.offline.sense as s; s.shipped().likely('x'); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
