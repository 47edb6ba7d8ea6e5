"""Gemini's streamGenerateContent. What the model said has to come back with its thought signatures, or it is a 400."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.standins.models.script import Answer

BASE = ""
PATH = re.compile(r"/v1(?:beta)?/models/([^/:]+):streamGenerateContent\?alt=sse")
ENDS = {"length": "MAX_TOKENS", "blocked": "SAFETY", "malformed": "MALFORMED_FUNCTION_CALL", "done": "STOP"}
ERRORS = {
    "key": (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    "quota": (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota."),
    "spent": (429, "RESOURCE_EXHAUSTED", "Your prepayment credit balance is used up."),
    "busy": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "too long": (
        400,
        "INVALID_ARGUMENT",
        "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).",
    ),
    "model": (404, "NOT_FOUND", "models/x is not found for API version v1."),
    "other": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
}


def signature(name: str) -> str:
    """Return the signature that goes with a call of a tool, or with the end of a text."""
    return base64.b64encode(f"signed:{name}".encode()).decode()


def refuses(
    path: str, headers: dict[str, str], body: dict[str, Any], key: str | None, model: str
) -> tuple[int, str] | None:
    """Tell what is wrong with a request, as status and kind."""
    found = PATH.fullmatch(path)
    if found is None:
        return 404, "model"
    if headers.get("x-goog-api-key") != key:
        return 400, "key"
    if found[1] != model:
        return 404, "model"
    if "temperature" in body.get("generationConfig", {}) or not body["systemInstruction"]["parts"][0]["text"]:
        return 400, "other"
    return None if _echoed(body["contents"]) else (400, "other")


def _echoed(contents: list[dict[str, Any]]) -> bool:
    wanted: list[dict[str, Any]] = []
    for content in contents:
        parts = content["parts"]
        answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
        if [(one["name"], one.get("id")) for one in answers] != [(one["name"], one.get("id")) for one in wanted]:
            return False
        calls = [part for part in parts if "functionCall" in part]
        wanted = [part["functionCall"] for part in calls]
        # The first call of a round is signed, and after it comes an empty part that is signed as well.
        if calls and calls[0].get("thoughtSignature") != signature(calls[0]["functionCall"]["name"]):
            return False
        if calls and parts[-1] != {"text": "", "thoughtSignature": signature("end")}:
            return False
    return not wanted


def error(status: int, kind: str) -> tuple[int, Any]:
    """Return an error's status and body."""
    code, name, words = ERRORS[kind]
    told: dict[str, Any] = {"code": code, "message": words, "status": name}
    if kind == "quota":
        told["details"] = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]
    return code, {"error": told}


def stream(answer: Answer) -> Iterator[str]:
    """Return the events of an answer."""
    if answer.error == "prompt blocked":
        yield _event({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": _usage(answer)})
        return
    yield _event(_chunk([{"text": "The person wants to know.", "thought": True}]))
    for piece in answer.pieces:
        yield _event(_chunk([{"text": piece}]))
    if answer.within:
        yield _event(error(0, answer.error)[1])
        return
    for number, wish in enumerate(answer.wishes):
        call: dict[str, Any] = {"name": wish.tool}
        if wish.arguments is not None:
            call["args"] = wish.arguments
        if wish.id:
            call["id"] = wish.id
        part: dict[str, Any] = {"functionCall": call}
        if number == 0:
            part["thoughtSignature"] = signature(wish.tool)
        yield _event(_chunk([part]))
    if answer.cut or answer.end == "missing":
        return
    end = ENDS[answer.end or "done"]
    signed = {"text": "", "thoughtSignature": signature("end")}
    last = {"candidates": [{"finishReason": end, "index": 0}], "usageMetadata": _usage(answer)}
    if end == "STOP":
        last["candidates"][0]["content"] = {"parts": [signed], "role": "model"}
    yield _event(last)


def _chunk(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0}]}


def _usage(answer: Answer) -> dict[str, int]:
    return {"promptTokenCount": answer.sent, "candidatesTokenCount": answer.received - 5, "thoughtsTokenCount": 5}


def _event(told: Any) -> str:
    return f"data: {json.dumps(told)}\r\n\r\n"
