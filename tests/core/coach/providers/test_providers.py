"""Three SDKs before three stand-ins: whatever happens, it means the same to who asks."""

import sys
import threading
import time

import pytest

from core.coach.providers import Request, ToolDefinition
from core.coach.turns import Call, ModelSaid, PersonSaid, ToolsTold, Usage
from core.errors import (
    CoachBlockedError,
    CoachBusyError,
    CoachCutError,
    CoachError,
    CoachKeyError,
    CoachNonsenseError,
    CoachQuotaError,
    CoachTooLongError,
    CoachUnreachableError,
)
from tests.core.coach.models import NAMES, SPENDING, WIRES, asks, provider_for, says
from tests.standins.models import KEY, MODEL, Answer, ModelStandIn, Wish

every_wire = pytest.mark.parametrize("wire", WIRES)
QUESTION = PersonSaid("What did I spend?")
TOOL = ToolDefinition(SPENDING, "What was spent.", {"type": "object", "properties": {}, "additionalProperties": False})
NEVER = threading.Event()


def _heard(model: ModelStandIn, *turns: object, key: str = KEY, silence: float = 5.0) -> list[str | ModelSaid]:
    request = Request("Be short.", turns or (QUESTION,), (TOOL,))  # type: ignore[arg-type]
    return list(provider_for(model, key, silence).go_on(request, NEVER))


def _failure(wire: str, *answers: Answer, key: str = KEY, silence: float = 5.0) -> CoachError:
    with ModelStandIn(wire, list(answers)) as model, pytest.raises(CoachError) as caught:
        _heard(model, key=key, silence=silence)
    assert len(model.asked) <= 1  # nobody but us asks again
    assert caught.value.provider == NAMES[wire]
    assert caught.value.hint
    assert KEY not in str(caught.value)
    return caught.value


@every_wire
def test_text_comes_in_the_pieces_in_which_it_is_sent(wire: str) -> None:
    with ModelStandIn(wire, [says("You ", "spent ", "a lot · 12 €.")]) as model:
        *pieces, said = _heard(model)
    assert pieces == ["You ", "spent ", "a lot · 12 €."]
    assert isinstance(said, ModelSaid)
    assert (said.text, said.calls, said.usage) == ("You spent a lot · 12 €.", (), Usage(100, 20))


@every_wire
def test_a_piece_is_there_before_the_next_one_is_sent(wire: str) -> None:
    with ModelStandIn(wire, [Answer(("a", "b"), between=0.2)]) as model:
        heard = provider_for(model).go_on(Request("Be short.", (QUESTION,)), NEVER)
        assert next(heard) == "a"
        began = time.perf_counter()
        assert next(heard) == "b"
    assert time.perf_counter() - began > 0.1


@every_wire
def test_parallel_calls_keep_their_order_and_arguments(wire: str) -> None:
    wishes = (Wish("get_net_worth", {"period": {"preset": "year"}}), Wish(SPENDING), Wish(SPENDING, {"by": "week"}))
    with ModelStandIn(wire, [Answer(("Let me see.",), wishes)]) as model:
        said = _heard(model)[-1]
    assert isinstance(said, ModelSaid)
    assert said.text == "Let me see."
    assert [one.tool for one in said.calls] == ["get_net_worth", SPENDING, SPENDING]
    assert said.calls[0].arguments == {"period": {"preset": "year"}}
    assert not said.calls[1].arguments
    assert said.calls[2].arguments == {"by": "week"}


@every_wire
def test_what_the_model_said_goes_back_as_it_came(wire: str) -> None:
    wishes = (Wish(SPENDING, {"by": "week"}, "their-1"), Wish("get_net_worth", None, "their-2"))
    with ModelStandIn(wire, [Answer(("One moment.",), wishes), says("Done.")]) as model:
        said = _heard(model)[-1]
        assert isinstance(said, ModelSaid)
        ours = ModelSaid(said.text, _numbered(said), said.usage, said.provider, said.raw)
        told = ToolsTold({"c1": '{"call": "c1"}', "c2": '{"call": "c2"}'})
        assert _heard(model, QUESTION, ours, told)[0] == "Done."
    assert "their-1" in str(model.asked[1]) or wire == "gemini"


@pytest.mark.parametrize("wire", ["gemini", "anthropic"])
def test_without_its_signature_what_it_said_is_refused(wire: str) -> None:
    with ModelStandIn(wire, [asks(), says("Done.")]) as model:
        said = _heard(model)[-1]
        assert isinstance(said, ModelSaid)
        bare = ModelSaid(said.text, _numbered(said), said.usage, said.provider)
        with pytest.raises(CoachNonsenseError, match="does not take the question"):
            _heard(model, QUESTION, bare, ToolsTold({"c1": "{}"}))


@every_wire
def test_a_conversation_that_another_one_led_can_be_gone_on_with(wire: str) -> None:
    before = [PersonSaid("Hello"), ModelSaid("Good day.", provider="Somebody", raw=object()), QUESTION]
    with ModelStandIn(wire, [says("Done.")]) as model:
        assert _heard(model, *before)[0] == "Done."
    assert "Good day." in str(model.asked[0])


@every_wire
@pytest.mark.parametrize("arguments", ["{nonsense", "[1, 2]", "null"])
def test_malformed_arguments_are_handed_on_unchecked_and_sent_back_as_an_object(wire: str, arguments: str) -> None:
    if wire == "gemini":
        assert isinstance(_failure(wire, asks(arguments)), CoachNonsenseError)  # its SDK lets none of them through
        return
    with ModelStandIn(wire, [asks(arguments), says("Done.")]) as model:
        said = _heard(model)[-1]
        assert isinstance(said, ModelSaid)
        assert said.calls[0].arguments in ("{nonsense", "[1, 2]", [1, 2], "null", None)
        ours = ModelSaid(said.text, _numbered(said), said.usage, said.provider, said.raw)
        assert _heard(model, QUESTION, ours, ToolsTold({"c1": '{"error": "no"}'}))[0] == "Done."


@every_wire
def test_a_wrong_key_is_told(wire: str) -> None:
    failure = _failure(wire, says("Done."), key="another")
    assert isinstance(failure, CoachKeyError)
    assert failure.sentence == f"{NAMES[wire]} refuses the key."
    assert f"{wire.upper()}_API_KEY" in failure.hint


@every_wire
def test_too_many_questions_are_told_with_the_time_to_wait(wire: str) -> None:
    failure = _failure(wire, Answer(error="quota", retry_after="7"))
    assert type(failure) is CoachQuotaError
    assert failure.retry_after == 7
    assert "7 s" in failure.hint


@every_wire
def test_the_time_to_wait_may_be_missing_or_stand_in_the_answer(wire: str) -> None:
    failure = _failure(wire, Answer(error="quota", retry_after="Fri, 27 Nov 2026 12:00:00 GMT"))
    assert isinstance(failure, CoachQuotaError)
    assert failure.retry_after == (34 if wire == "gemini" else None)


@every_wire
@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer(error="busy"), CoachBusyError, "is overloaded just now"),
        (Answer(("You ",), error="busy", within=True), CoachBusyError, "is overloaded just now"),
        (Answer(error="spent"), CoachQuotaError, "has nothing left"),
        (Answer(error="too long"), CoachTooLongError, "too long for"),
        (Answer(error="model"), CoachKeyError, f'knows no model "{MODEL}"'),
        (Answer(error="other"), CoachNonsenseError, "does not take the question"),
        (Answer(error="prompt blocked"), CoachBlockedError, "refuses to answer"),
        (Answer(("I will",), end="blocked"), CoachBlockedError, "refuses to answer"),
        (Answer(("You spent",), end="length"), CoachCutError, "broke off an answer"),
        (Answer(end="malformed"), CoachNonsenseError, "makes no sense"),
        (Answer(("You spent",), cut=True), CoachCutError, "broke in the middle"),
        (Answer(("You spent",), end="missing"), CoachCutError, "broke in the middle"),
        (Answer(error="gone"), CoachUnreachableError, "can't be reached"),
        (Answer(raw=("data: {nonsense\n\n",)), CoachError, ""),
        (Answer(raw=("<html>busy</html>\n\n",)), CoachError, ""),
    ],
)  # fmt: skip
def test_each_failure_has_its_kind_and_sentence(wire: str, answer: Answer, kind: type[CoachError], words: str) -> None:
    failure = _failure(wire, answer)
    assert isinstance(failure, kind)
    assert words in failure.sentence


@every_wire
def test_one_that_says_nothing_is_not_waited_for_longer_than_allowed(wire: str) -> None:
    began = time.perf_counter()
    failure = _failure(wire, Answer(("late",), wait=1.5), silence=0.3)
    assert isinstance(failure, CoachUnreachableError)
    assert "in time" in failure.sentence
    assert time.perf_counter() - began < 2.5


@every_wire
def test_one_that_falls_silent_in_the_middle_was_cut(wire: str) -> None:
    assert isinstance(_failure(wire, Answer(("You ", "spent"), between=1.5), silence=0.3), CoachCutError)


@every_wire
def test_nobody_at_the_address_is_told(wire: str) -> None:
    model = ModelStandIn(wire, [says("Done.")])
    model._server.server_close()
    with pytest.raises(CoachUnreachableError, match=f"{NAMES[wire]} can't be reached.*{wire.upper()}_BASE_URL"):
        _heard(model)


@every_wire
def test_it_ends_quietly_where_the_person_stops(wire: str) -> None:
    stop = threading.Event()
    with ModelStandIn(wire, [Answer(("a",) * 50, between=0.02)]) as model:
        heard = provider_for(model).go_on(Request("Be short.", (QUESTION,)), stop)
        assert next(heard) == "a"
        stop.set()
        rest = list(heard)
    assert len(rest) < 10
    assert not any(isinstance(one, ModelSaid) for one in rest)


@pytest.mark.parametrize("wire", ["gemini", "anthropic"])
def test_connections_are_kept(wire: str) -> None:
    with ModelStandIn(wire, [says("Done.")]) as model:
        provider = provider_for(model)
        for _ in range(3):
            list(provider.go_on(Request("Be short.", (QUESTION,)), NEVER))
    assert len(model.connections) == 1


@every_wire
def test_settings_of_other_programs_change_nothing(wire: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY", "OPENAI_ORG_ID", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "another")
    for name in ("GOOGLE_GEMINI_BASE_URL", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    with ModelStandIn(wire, [says("Done.")]) as model:
        assert _heard(model)[0] == "Done."


@every_wire
def test_no_key_is_told_before_anything_is_sent(wire: str) -> None:
    with ModelStandIn(wire, [says("Done.")], keyless=True) as model:
        if wire == "openai":
            assert _heard(model, key="")[0] == "Done."
            return
        with pytest.raises(CoachKeyError, match=f"{NAMES[wire]} has no key. Set {wire.upper()}_API_KEY"):
            _heard(model, key="")
    assert model.asked == []


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_a_library_that_is_not_installed_is_told_with_how_to_get_it(wire: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, wire, None)
    failure = _failure(wire, says("Done."))
    assert isinstance(failure, CoachKeyError)
    assert "requirements-models.txt" in failure.hint


def _numbered(said: ModelSaid) -> tuple[Call, ...]:
    return tuple(Call(f"c{place}", one.tool, one.arguments) for place, one in enumerate(said.calls, 1))
