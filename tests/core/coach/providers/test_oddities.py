"""What single servers do that the protocols' own documents don't say."""

import json
import threading
from typing import Any

import pytest

from core.coach.providers import Request
from core.coach.turns import Call, ModelSaid, PersonSaid, ToolsTold
from core.errors import CoachBlockedError, CoachCutError, CoachError, CoachNonsenseError
from tests.core.coach.models import provider_for, says
from tests.standins.models import Answer, ModelStandIn


def _events(*told: Any, named: bool = False) -> Answer:
    head = [f"event: {one['type']}\n" if named else "" for one in told]
    return Answer(raw=tuple(f"{line}data: {json.dumps(one)}\n\n" for line, one in zip(head, told, strict=True)))


def _said(wire: str, answer: Answer) -> ModelSaid:
    with ModelStandIn(wire, [answer]) as model:
        request = Request("Be short.", [PersonSaid("Well?")])
        try:
            said = list(provider_for(model).go_on(request, threading.Event()))[-1]
        finally:
            assert model.asked  # else the stand-in refused the question
    assert isinstance(said, ModelSaid)
    return said


def _chunk(delta: dict[str, Any], end: str | None = None) -> dict[str, Any]:
    return {"id": "x", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}


def _part(number: int, key: str, name: str, arguments: str, **more: Any) -> dict[str, Any]:
    return {"index": number, "id": key, "function": {"name": name, "arguments": arguments}, **more}


def test_local_servers_number_every_call_nought() -> None:
    parts = [_part(0, "a", "one", '{"x": 1}'), _part(0, "b", "two", '{"y": 2}')]
    said = _said("openai", _events(_chunk({"tool_calls": parts}), _chunk({}, "tool_calls")))
    assert said.calls == (Call("a", "one", {"x": 1}), Call("b", "two", {"y": 2}))


def test_calls_without_ids_and_arguments_get_ids() -> None:
    part = {"index": 0, "function": {"name": "one", "arguments": None}}
    said = _said("openai", _events(_chunk({"tool_calls": [part]}), _chunk({}, "tool_calls")))
    assert said.calls == (Call("call_1", "one", None),)
    assert said.raw["tool_calls"][0]["function"]["arguments"] == "{}"


def test_a_signature_beside_a_call_goes_back() -> None:
    signed = {"google": {"thought_signature": "s"}}
    said = _said(
        "openai",
        _events(_chunk({"tool_calls": [_part(0, "a", "one", "{}", extra_content=signed)]}), _chunk({}, "tool_calls")),
    )
    assert said.raw["tool_calls"][0]["extra_content"] == signed


def test_empty_choices_and_deltas_are_passed_over() -> None:
    said = _said(
        "openai",
        _events(
            {"choices": None}, {"choices": []}, _chunk({"content": None}), _chunk({"content": "Hi"}), _chunk({}, "stop")
        ),
    )
    assert said.text == "Hi"


def test_a_refusal_in_words_of_its_own_is_one() -> None:
    with pytest.raises(CoachBlockedError):
        _said("openai", _events(_chunk({"refusal": "I can't."}), _chunk({}, "stop")))


def _gemini(content: Any, end: str | None = "STOP", **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": content, "finishReason": end, "index": 0}], **more}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (_gemini(None), CoachNonsenseError),
        (_gemini({"role": "model"}), CoachNonsenseError),
        (_gemini({"parts": [{"text": "", "thoughtSignature": "cw=="}], "role": "model"}), CoachNonsenseError),
        (_gemini(None, "UNEXPECTED_TOOL_CALL"), CoachNonsenseError),
        (_gemini(None, "MISSING_THOUGHT_SIGNATURE"), CoachNonsenseError),
        (_gemini(None, "SAFETY"), CoachBlockedError),
        (_gemini(None, "RECITATION"), CoachBlockedError),
        (_gemini(None, "MAX_TOKENS"), CoachCutError),
        ({"candidates": None}, CoachCutError),
        ({}, CoachCutError),
        ({"candidates": {"content": 1}}, CoachNonsenseError),
    ],
)  # fmt: skip
def test_gemini_leaves_out_what_it_likes(told: dict[str, Any], kind: type[CoachError]) -> None:
    with pytest.raises(kind):
        _said("gemini", _events(told))


def test_gemini_calls_without_arguments_or_ids_are_calls() -> None:
    call = {"functionCall": {"name": "one"}, "thoughtSignature": "cw=="}
    said = _said("gemini", _events(_gemini({"parts": [call], "role": "model"})))
    assert [(one.tool, one.arguments) for one in said.calls] == [("one", None)]


def test_unknown_reasons_of_gemini_make_no_sense() -> None:
    with pytest.raises(CoachNonsenseError), pytest.warns(UserWarning, match="not a valid FinishReason"):
        _said("gemini", _events(_gemini({"parts": [{"text": "Hi"}], "role": "model"}, "SOMETHING_NEW")))


def test_anthropic_reads_on_past_events_that_it_does_not_know() -> None:
    answer = says("Hi")
    with ModelStandIn("anthropic", [answer]) as model:
        lines = ['event: something_new\ndata: {"type": "something_new"}\n\n', *model.format.stream(answer)]
    assert _said("anthropic", Answer(raw=tuple(lines))).text == "Hi"


def test_without_a_start_of_a_block_there_is_nothing_to_put_a_piece_to() -> None:
    piece = {"type": "content_block_delta", "index": 3, "delta": {"type": "text_delta", "text": "Hi"}}
    with pytest.raises(CoachNonsenseError):
        _said("anthropic", _events(piece, named=True))


def test_a_call_that_another_model_made_goes_to_each_in_its_own_form() -> None:
    turns = [
        PersonSaid("Well?"),
        ModelSaid("", (Call("c1", "one", {"x": 1}), Call("c2", "two", "broken")), provider="Somebody", raw=object()),
        ToolsTold({"c1": '{"call": "c1"}', "c2": '{"call": "c2"}'}),
    ]
    with ModelStandIn("openai", [says("Done.")]) as model:
        heard = list(provider_for(model).go_on(Request("Be short.", turns), threading.Event()))
        assert heard[0] == "Done."
    assert [one["function"]["arguments"] for one in model.asked[0]["messages"][2]["tool_calls"]] == ['{"x": 1}', "{}"]


def test_arguments_that_are_nested_without_end_stay_words() -> None:
    deep = "[" * 100_000
    parts = [_part(0, "a", "one", deep)]
    said = _said("openai", _events(_chunk({"tool_calls": parts}), _chunk({}, "tool_calls")))
    assert said.calls == (Call("a", "one", deep),)
    assert said.raw["tool_calls"][0]["function"]["arguments"] == "{}"


@pytest.mark.parametrize("wire", ["gemini", "openai", "anthropic"])
def test_an_answer_that_is_nested_without_end_makes_no_sense(wire: str) -> None:
    piece = f'{{"type": "message_start", "candidates": {"[" * 100_000}'
    head = "event: message_start\n" if wire == "anthropic" else ""
    with pytest.raises(CoachError) as caught:
        _said(wire, Answer(raw=(f"{head}data: {piece}\n\n",)))
    assert isinstance(caught.value, CoachNonsenseError | CoachCutError)
