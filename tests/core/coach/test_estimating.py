"""What an answer cost of which nobody tells the price: about as much as went over the wire, at four letters a token."""

import json

import pytest

from core.coach import Asking, Exchange, Scope, Usage, Words, estimated_usage
from core.coach.turns import Found
from tests.core.coach.models import asks, events_of, provider_for, says
from tests.standins.models import ModelStandIn

QUESTION = "What did I spend this month?"
WORDS = ("You spent a good deal, ", "as far as can be seen. ") * 20
BEFORE = (Exchange("What is my net worth?", "It is high. " * 40),)


def test_what_was_sent_is_estimated_round_by_round(scope: Scope) -> None:
    with ModelStandIn("gemini") as model:
        model.answers = [asks({"period": {"preset": "month"}}), asks(), says(*WORDS)]
        events = list(events_of(scope, provider_for(model), question=QUESTION, before=BEFORE))
        letters = [len(json.dumps(body, ensure_ascii=False)) for body in model.asked]
    assert len(letters) == 3
    found = [at for at, one in enumerate(events) if isinstance(one, Found)]
    for rounds, end in ((1, found[0]), (2, found[1]), (3, len(events))):
        spent = estimated_usage(scope, QUESTION, BEFORE, events[:end])
        assert spent.sent == pytest.approx(sum(letters[:rounds]) / 4, rel=0.25), rounds
    assert spent.received == pytest.approx(len("".join(WORDS)) / 4, rel=0.1)


def test_an_answer_that_is_asked_for_once_more_counts_twice(scope: Scope) -> None:
    with ModelStandIn("gemini") as model:
        model.answers = [says("You spent $987.65."), says("You spent some.")]
        events = list(events_of(scope, provider_for(model), question=QUESTION))
        letters = [len(json.dumps(body, ensure_ascii=False)) for body in model.asked]
    assert len(letters) == 2
    assert estimated_usage(scope, QUESTION, (), events).sent == pytest.approx(sum(letters) / 4, rel=0.25)


def test_the_offline_coach_costs_nothing(scope: Scope) -> None:
    assert estimated_usage(scope, QUESTION, (), ()) == Usage()
    assert estimated_usage(scope, QUESTION, (), (Asking("offline", ""), Words("You spent nothing."))) == Usage()
