"""OpenAI, and whatever speaks its chat completions at another address, through the official SDK (optional)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, Final

from core.coach.providers.access import CONNECTING, waiting_time
from core.coach.providers.provider import Request
from core.coach.providers.sdk import OfSdk, parsed, reading
from core.coach.turns import Call, ModelSaid, PersonSaid, ToolsTold, Usage
from core.errors import CoachError

if TYPE_CHECKING:
    from openai import APIError, OpenAI

OWN_ADDRESS: Final = "https://api.openai.com/v1"
_KINDS: Final = {"rate_limit_exceeded": 429, "server_error": 500, "overloaded_error": 503, "invalid_api_key": 401}
"""What an error in the middle of a stream is called, as a status."""


@dataclass
class _Asked:
    """A call that comes in pieces."""

    id: str = ""
    name: str = ""
    arguments: str = ""
    beside: dict[str, Any] = field(default_factory=dict)
    """What else the server said of it, such as a signature of Gemini behind this protocol: it goes back."""

    def sent(self) -> dict[str, Any]:
        """Return it as the server wants it back: some break on arguments that are not JSON."""
        arguments = self.arguments if isinstance(parsed(self.arguments), Mapping) else "{}"
        return {**self.beside, **_call(self.id, self.name, arguments)}


class ChatCompletions(OfSdk["OpenAI"]):
    """A model behind OpenAI's protocol; a server of one's own needs no key."""

    def go_on(self, request: Request, stop: Flag) -> Iterator[str | ModelSaid]:
        """Yield pieces of the text, then all of it with the calls; see `Provider`."""
        client = self._client()
        import openai

        def read(begun: Flag) -> Iterator[str | ModelSaid]:
            return self._read(client, request, stop, begun)

        yield from reading(self._access, openai, read, self._refused)

    def _read(self, client: "OpenAI", request: Request, stop: Flag, begun: Flag) -> Iterator[str | ModelSaid]:
        pieces: list[str] = []
        asked: list[_Asked] = []
        usage, reason = Usage(), ""
        told: Any = {"tools": _tools(request)} if request.tools and not request.answer_now else {}
        stream = client.chat.completions.create(
            model=self.model,
            messages=_messages(request, self.name),
            stream=True,
            stream_options={"include_usage": True},
            **told,
        )
        with stream:
            for chunk in stream:
                begun.set()
                if stop.is_set():
                    return
                if chunk.usage:
                    usage = Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
                for choice in (chunk.choices or [])[:1]:
                    reason = choice.finish_reason or reason
                    if choice.delta is None:
                        continue
                    if choice.delta.refusal:
                        raise self._access.blocked()
                    for part in choice.delta.tool_calls or []:
                        _add(asked, part)
                    if choice.delta.content:
                        pieces.append(choice.delta.content)
                        yield choice.delta.content
        yield self._whole("".join(pieces), asked, reason, usage)

    def _whole(self, text: str, asked: list[_Asked], reason: str, usage: Usage) -> ModelSaid:
        if reason == "content_filter":
            raise self._access.blocked()
        if reason == "length":
            raise self._access.unfinished()
        if not reason:
            raise self._access.cut()  # every whole answer says why it ended
        if not (text or asked):
            raise self._access.nonsense()
        for place, one in enumerate(asked, 1):
            one.id = one.id or f"call_{place}"
        raw: dict[str, Any] = {"role": "assistant", "content": text or None}
        if asked:
            raw["tool_calls"] = [one.sent() for one in asked]
        calls = tuple(Call(one.id, one.name, parsed(one.arguments)) for one in asked)
        return ModelSaid(text, calls, usage, self.name, raw)

    def _refused(self, failure: "APIError") -> CoachError:
        response = getattr(failure, "response", None)
        status = getattr(failure, "status_code", None) or _KINDS.get(failure.code or failure.type or "", 500)
        words = (failure.message, failure.code, failure.type)
        return self._access.refused(status, words, waiting_time(getattr(response, "headers", None)))

    def _client(self) -> "OpenAI":
        try:
            from openai import OpenAI
        except ImportError:
            raise self._access.missing() from None
        from httpx2 import Timeout

        if not self._access.key and not self._access.address:
            raise self._access.keyless()
        return self._kept(
            lambda: OpenAI(
                api_key=self._access.key or "none",
                base_url=self._access.address or OWN_ADDRESS,
                timeout=Timeout(self._access.silence, connect=CONNECTING),
                max_retries=0,
            )
        )


def _tools(request: Request) -> list[dict[str, Any]]:
    return [
        {"type": "function", "function": {"name": one.name, "description": one.description, "parameters": one.schema}}
        for one in request.tools
    ]


def _messages(request: Request, name: str) -> Any:  # noqa: ANN401 - the SDK's many kinds of messages
    messages: list[dict[str, Any]] = [{"role": "system", "content": request.system}]
    asked: list[tuple[Call, str]] = []
    for turn in request.turns:
        if isinstance(turn, PersonSaid):
            messages.append({"role": "user", "content": turn.text})
        elif isinstance(turn, ToolsTold):
            messages += [
                {"role": "tool", "tool_call_id": theirs, "content": turn.results[call.id]} for call, theirs in asked
            ]
        else:
            message = turn.raw if turn.provider == name and turn.raw is not None else _said(turn)
            theirs = [one["id"] for one in message.get("tool_calls", ())]
            asked = list(zip(turn.calls, theirs, strict=True))
            messages.append(message)
    return messages


def _said(turn: ModelSaid) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": turn.text or None}
    if turn.calls:
        message["tool_calls"] = [
            _call(call.id, call.tool, json.dumps(call.arguments if isinstance(call.arguments, Mapping) else {}))
            for call in turn.calls
        ]
    return message


def _call(key: str, name: str, arguments: str) -> dict[str, Any]:
    return {"id": key, "type": "function", "function": {"name": name, "arguments": arguments}}


def _add(asked: list[_Asked], part: Any) -> None:  # noqa: ANN401 - servers keep to its type loosely
    """Put a piece of a call to the others; some servers number every call 0, and tell them apart by their ids."""
    last = asked[-1] if asked else None
    place = part.index if isinstance(part.index, int) else len(asked) - 1
    if last is None or place >= len(asked) or (part.id and last.id and part.id != last.id and place == len(asked) - 1):
        asked.append(_Asked())
        place = len(asked) - 1
    one = asked[max(place, 0)]
    one.id = part.id or one.id
    one.beside |= {name: value for name, value in (part.model_extra or {}).items() if value is not None}
    if part.function:
        one.name = part.function.name or one.name
        one.arguments += part.function.arguments or ""
