"""Anthropic's messages. Tools are defined wherever tools were asked, and thoughts come back with their signature."""

import json
from collections.abc import Iterator
from typing import Any

from tests.standins.models.script import Answer

BASE = ""
SIGNATURE = "signed:thought"
ENDS = {"length": "max_tokens", "blocked": "refusal"}
ERRORS = {
    "key": (401, "authentication_error", "invalid x-api-key"),
    "quota": (429, "rate_limit_error", "This request would exceed your rate limit."),
    "spent": (400, "invalid_request_error", "Your credit balance is too low to access the API."),
    "busy": (529, "overloaded_error", "Overloaded"),
    "too long": (400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"),
    "model": (404, "not_found_error", "model: x"),
    "other": (400, "invalid_request_error", "messages: roles must alternate"),
}


def refuses(
    path: str, headers: dict[str, str], body: dict[str, Any], key: str | None, model: str
) -> tuple[int, str] | None:
    """Tell what is wrong with a request, as status and kind."""
    told = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
    if told != key or "anthropic-version" not in headers:
        return 401, "key"
    if path != "/v1/messages" or body["model"] != model:
        return 404, "model"
    if "temperature" in body or not body["stream"] or not body["system"] or body["max_tokens"] < 1:
        return 400, "other"
    return None if _answered(body) else (400, "other")


def _answered(body: dict[str, Any]) -> bool:
    waiting: list[str] = []
    for message in body["messages"]:
        told = [one["tool_use_id"] for one in message["content"] if one["type"] == "tool_result"]
        if told != waiting:
            return False
        uses = [one for one in message["content"] if one["type"] == "tool_use"]
        thoughts = [one for one in message["content"] if one["type"] == "thinking"]
        if any(not isinstance(one["input"], dict) for one in uses):
            return False
        if uses and [one["signature"] for one in thoughts] != [SIGNATURE]:
            return False
        if uses and not body.get("tools"):
            return False
        if any(one["type"] == "text" and not one["text"] for one in message["content"]):
            return False
        waiting = [one["id"] for one in uses]
    return not waiting and body["messages"][0]["role"] == "user"


def error(status: int, kind: str) -> tuple[int, Any]:
    """Return an error's status and body."""
    code, name, words = ERRORS[kind]
    return code, {"type": "error", "error": {"type": name, "message": words}, "request_id": "req_1"}


def stream(answer: Answer) -> Iterator[str]:
    """Return the events of an answer."""
    usage = {"input_tokens": answer.sent, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": None}
    yield _event("message_start", message={**message, "stop_sequence": None, "usage": usage})
    yield _event("ping")
    blocks = 0
    if answer.wishes:
        yield _event(
            "content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""}
        )
        yield _event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm."})
        yield _event("content_block_delta", index=0, delta={"type": "signature_delta", "signature": SIGNATURE})
        yield _event("content_block_stop", index=0)
        blocks = 1
    if answer.pieces:
        yield _event("content_block_start", index=blocks, content_block={"type": "text", "text": ""})
        for piece in answer.pieces:
            yield _event("content_block_delta", index=blocks, delta={"type": "text_delta", "text": piece})
        if answer.within:
            yield f"event: error\ndata: {json.dumps(error(0, answer.error)[1])}\n\n"
            return
        if answer.cut:
            return
        yield _event("content_block_stop", index=blocks)
        blocks += 1
    for number, wish in enumerate(answer.wishes, blocks):
        written = wish.arguments if isinstance(wish.arguments, str) else json.dumps(wish.arguments or {})
        block = {"type": "tool_use", "id": wish.id or f"toolu_{number}", "name": wish.tool, "input": {}}
        yield _event("content_block_start", index=number, content_block=block)
        half = len(written) // 2
        for part in ("", written[:half], written[half:]):
            yield _event("content_block_delta", index=number, delta={"type": "input_json_delta", "partial_json": part})
        yield _event("content_block_stop", index=number)
    if answer.end == "missing":
        return
    end = "refusal" if answer.error == "prompt blocked" else ENDS.get(answer.end, "")
    delta = {"stop_reason": end or ("tool_use" if answer.wishes else "end_turn"), "stop_sequence": None}
    yield _event("message_delta", delta=delta, usage={"output_tokens": answer.received})
    yield _event("message_stop")


def _event(kind: str, **told: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **told})}\n\n"
