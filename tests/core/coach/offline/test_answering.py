"""Questions in plain words, answered with no key."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event as Flag

import pytest

from core.cache import Caches
from core.coach import Answered, Asking, Exchange, Found, Scope, Step, Words
from core.coach.offline import answer
from core.coach.values import Day, at
from core.config import ROOT
from core.identity import profile
from core.ledger import ensure_categories
from core.store import Store
from tests.core.ledger.household import add_person


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


@pytest.mark.parametrize(
    "words",
    [
        "how much did I spend in 1850",
        "Which shop do I visit most often?",
        "Which category grew the most?",
        "which merchants increased most this year",
        "What is my largest bill?",
        "Show me refunds",
        "Transfer $500 to savings",
        "How much did I spend on groceries and at Corner Basket last month?",
        "restaurants and Noodle Harbor this year",
        "Am I over budget this year?",
        "how is my budget this week",
        "How were my budgets in 2025?",
        "what is left of my budgets since january",
        "What bills are coming up in the next 60 days?",
        "What bills are due today?",
        "bills this week",
        "How much did I spend in 2 weeks?",
        "how much did I spend next month",
        "How much will I spend next month?",
        "How much of my income did I spend in January?",
        "How much will I spend on food in the next 2 weeks?",
    ],
)
def test_what_would_be_answered_beside_the_question_is_not_answered(scope: Scope, words: str) -> None:
    done = asked(scope, words)
    assert done.found == ()
    assert done.choices
    assert not any("500" in choice for choice in done.choices)


@pytest.mark.parametrize("words", ["when was I last paid?", "When did I last get paid?", "when did i get paid last"])
def test_who_was_paid_is_told_what_came_in(scope: Scope, words: str) -> None:
    done = asked(scope, words)
    assert [one.call.arguments.get("kind") for one in done.found] in (["income"], [])  # type: ignore[attr-defined]


def test_what_will_be_spent_is_told_for_the_days_that_are_foretold(scope: Scope) -> None:
    (found,) = asked(scope, "How much will I spend on food in the next 30 days?").found
    assert found.call.arguments == {"category": "Food & drink", "days": 30}


def test_what_a_month_comes_to_over_days_says_how_many_days(scope: Scope) -> None:
    done = asked(scope, "What is my average monthly spending in the last 90 days?")
    assert "in [[c1:days]] days" in done.text
    assert "in [[c1:months]] months" in asked(scope, "What is my average monthly spending?").text


@pytest.mark.parametrize(
    ("words", "tool"),
    [
        ("uncategorised spending this month", "get_spending_analytics"),
        ("show uncategorized transactions", "list_transactions"),
    ],
)
def test_what_has_no_category_can_be_asked_for(scope: Scope, words: str, tool: str) -> None:
    (found,) = asked(scope, words).found
    assert found.call.tool == tool
    assert found.call.arguments["category"] == "Uncategorised"  # type: ignore[index]


def test_averages_from_before_the_first_transaction_say_so_and_sums_do_not(scope: Scope) -> None:
    early = "Days before the first transaction of all are counted in the averages."
    assert early in asked(scope, "daily spending in 2024").text
    assert early not in asked(scope, "how much did I spend in 2024").text


def test_balances_are_summed_up_by_currency(scope: Scope) -> None:
    done = asked(scope, "how much money do I have")
    assert "[[c1:spendable.0]]" in done.text
    assert "[[c1:spendable.1]]" in done.text
    assert done.grounded.unmatched == ()


def test_why_nothing_can_be_told_is_said(store: Store) -> None:
    ensure_categories(store)
    caches, user = Caches(None, store), add_person(store)
    done = asked(Scope(store, caches.of(user), profile(store, user)), "forecast for the next 30 days")
    caches.close()
    assert done.text.startswith("I can't answer that. No account has a known balance")


def test_who_paid_is_told_what_went_out(scope: Scope) -> None:
    (found,) = asked(scope, "when did I last pay Corner Basket?").found
    assert found.call.arguments["kind"] == "spending"  # type: ignore[index]


def test_what_comes_in_a_month_is_told_of_whole_months(scope: Scope) -> None:
    done = asked(scope, "How much do I earn each month?")
    assert done.reading == "income · Mar 1, 2025 to Feb 28, 2026"
    assert "[[c1:average_income_a_month]]" in done.text
    assert asked(scope, "How much did I earn this month?").reading == "income · March 2026 so far"


def test_bills_up_to_a_day_are_those_up_to_it(scope: Scope) -> None:
    done = asked(scope, "What bills are due in the next 5 days?")
    (found,) = done.found
    assert found.result is not None
    last = scope.today + timedelta(days=5)
    coming = at(found.result.told, "coming")
    assert isinstance(coming, list)
    days = [day.day for one in coming if isinstance(day := at(one, "day"), Day)]
    due = [place for place, day in enumerate(days) if day <= last]
    assert due != []
    assert len(due) < len(days)
    assert re.findall(r"coming\.(\d+)\.amount", done.text) == [str(place) for place in due]
    assert "totals" not in done.text


@pytest.mark.parametrize(
    ("first_day", "words", "month"),
    [
        (25, "How did my budgets do last month?", "2026-01"),
        (25, "How are my budgets this month?", None),
        (25, "budgets in january", "2026-01"),
        (1, "How did my budgets do last month?", "2026-02"),
    ],
)
def test_the_budget_month_before_is_the_one_before_the_persons_own(
    scope: Scope, first_day: int, words: str, month: str | None
) -> None:
    (found,) = asked(replace(scope, person=replace(scope.person, month_start_day=first_day)), words).found
    assert found.call.tool == "list_budgets"
    assert found.call.arguments == ({"month": month} if month else {})


def test_how_a_question_on_budgets_was_read_names_the_month_that_is_told(scope: Scope) -> None:
    late = replace(scope, person=replace(scope.person, month_start_day=25))
    assert asked(late, "How are my budgets this month?").reading == "budgets · February 2026"
    assert asked(late, "How did my budgets do last month?").reading == "budgets · January 2026"
