"""OpenAI's chat completions, as Ollama and others speak them too."""

import json
from collections.abc import Iterator
from typing import Any

from tests.standins.models.script import Answer

BASE = "/v1"
ENDS = {"length": "length", "blocked": "content_filter", "malformed": "stop"}
ERRORS = {
    "key": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    "quota": (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    "spent": (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
    "busy": (503, "server_error", None, "The server is overloaded."),
    "too long": (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "This model's maximum context length is 128000 tokens.",
    ),
    "model": (404, "invalid_request_error", "model_not_found", "The model does not exist."),
    "other": (400, "invalid_request_error", None, "Invalid request."),
    "prompt blocked": (400, "invalid_request_error", "content_filter", "The prompt was filtered."),
}


def refuses(
    path: str, headers: dict[str, str], body: dict[str, Any], key: str | None, model: str
) -> tuple[int, str] | None:
    """Tell what is wrong with a request, as status and kind."""
    if key is not None and headers.get("authorization") != f"Bearer {key}":
        return 401, "key"
    if path != "/v1/chat/completions" or body["model"] != model:
        return 404, "model"
    if "temperature" in body or not body["stream"] or body["messages"][0]["role"] != "system":
        return 400, "other"
    return None if _answered(body["messages"]) else (400, "other")


def _answered(messages: list[dict[str, Any]]) -> bool:
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if not waiting or message["tool_call_id"] != waiting.pop(0) or not json.loads(message["content"]):
                return False
            continue
        if waiting:
            return False
        for call in message.get("tool_calls", ()):
            if not isinstance(json.loads(call["function"]["arguments"]), dict):
                return False
            waiting.append(call["id"])
    return not waiting


def error(status: int, kind: str) -> tuple[int, Any]:
    """Return an error's status and body."""
    code, name, code_name, words = ERRORS[kind]
    return code, {"error": {"message": words, "type": name, "param": None, "code": code_name}}


def stream(answer: Answer) -> Iterator[str]:
    """Return the events of an answer."""
    yield _event(_chunk({"role": "assistant", "content": ""}))
    for piece in answer.pieces:
        yield _event(_chunk({"content": piece}))
    if answer.within:
        yield _event(error(0, answer.error)[1])
        return
    for number, wish in enumerate(answer.wishes):
        written = wish.arguments if isinstance(wish.arguments, str) else json.dumps(wish.arguments or {})
        start = {"index": number, "id": wish.id or f"call_{number}", "type": "function"}
        yield _event(_chunk({"tool_calls": [{**start, "function": {"name": wish.tool, "arguments": ""}}]}))
        half = len(written) // 2
        for part in (written[:half], written[half:]):
            yield _event(_chunk({"tool_calls": [{"index": number, "function": {"arguments": part}}]}))
    if answer.cut or answer.end == "missing":
        return
    end = "content_filter" if answer.error == "prompt blocked" else ENDS.get(answer.end, "")
    yield _event(_chunk({}, end or ("tool_calls" if answer.wishes else "stop")))
    usage = {"prompt_tokens": answer.sent, "completion_tokens": answer.received}
    yield _event({**_chunk({}), "choices": [], "usage": {**usage, "total_tokens": answer.sent + answer.received}})
    yield "data: [DONE]\n\n"


def _chunk(delta: dict[str, Any], end: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def _event(told: Any) -> str:
    return f"data: {json.dumps(told)}\n\n"
