"""Anthropic through the official SDK (optional)."""

from collections.abc import Iterator, Mapping
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, Final

from core.coach.providers.access import CONNECTING, waiting_time
from core.coach.providers.provider import Request
from core.coach.providers.sdk import OfSdk, parsed, reading
from core.coach.turns import Call, ModelSaid, PersonSaid, ToolsTold, Usage
from core.errors import CoachError

if TYPE_CHECKING:
    from anthropic import Anthropic, APIError

OWN_ADDRESS: Final = "https://api.anthropic.com"
LONGEST: Final = 4096
"""Tokens that an answer may have; Anthropic wants it told."""
_KINDS: Final = {
    "authentication_error": 401, "permission_error": 403, "not_found_error": 404, "request_too_large": 413,
    "rate_limit_error": 429, "billing_error": 402, "overloaded_error": 529, "timeout_error": 504,
    "invalid_request_error": 400,
}  # fmt: skip
"""What an error in the middle of a stream is called, as a status."""


class Claude(OfSdk["Anthropic"]):
    """A model of Anthropic."""

    def go_on(self, request: Request, stop: Flag) -> Iterator[str | ModelSaid]:
        """Yield pieces of the text, then all of it with the calls; see `Provider`."""
        client = self._client()
        import anthropic

        yield from reading(
            self._access, anthropic, lambda begun: self._read(client, request, stop, begun), self._refused
        )

    def _read(self, client: "Anthropic", request: Request, stop: Flag, begun: Flag) -> Iterator[str | ModelSaid]:
        blocks: list[dict[str, Any]] = []
        usage, reason = Usage(), ""
        told: Any = {}
        if request.tools:
            told["tools"] = [
                {"name": one.name, "description": one.description, "input_schema": one.schema} for one in request.tools
            ]
            if request.answer_now:
                # A conversation in which tools were asked is refused without their definitions.
                told["tool_choice"] = {"type": "none"}
        stream = client.messages.create(
            model=self.model,
            max_tokens=LONGEST,
            system=request.system,
            messages=_messages(request, self.name),
            stream=True,
            **told,
        )
        with stream:
            for event in stream:
                begun.set()
                if stop.is_set():
                    return
                if event.type == "message_start":
                    usage = _sent(event.message.usage)
                elif event.type == "content_block_start":
                    blocks.append({**event.content_block.to_dict(), "json": ""})
                elif event.type == "content_block_delta":
                    if piece := _add(blocks[event.index], event.delta.to_dict()):
                        yield piece
                elif event.type == "message_delta":
                    reason = event.delta.stop_reason or reason
                    usage = Usage(usage.sent, event.usage.output_tokens or 0)
        yield self._whole(blocks, reason, usage)

    def _whole(self, blocks: list[dict[str, Any]], reason: str, usage: Usage) -> ModelSaid:
        if reason == "refusal":
            raise self._access.blocked()
        if reason == "model_context_window_exceeded":
            raise self._access.refused(413)
        if reason in {"max_tokens", "pause_turn"}:
            raise self._access.unfinished()
        if not reason:
            raise self._access.cut()  # every whole answer says why it ended
        text = "".join(one["text"] for one in blocks if one["type"] == "text")
        calls: list[Call] = []
        content: list[dict[str, Any]] = []
        for block in blocks:
            written = block.pop("json")
            if block["type"] == "tool_use":
                arguments = parsed(written) if written else block.get("input")
                calls.append(Call(block["id"], block["name"], arguments))
                block["input"] = arguments if isinstance(arguments, Mapping) else {}
            if block["type"] != "text" or block["text"]:
                content.append(block)
        if not (text or calls):
            raise self._access.nonsense()
        return ModelSaid(text, tuple(calls), usage, self.name, {"role": "assistant", "content": content})

    def _refused(self, failure: "APIError") -> CoachError:
        response = getattr(failure, "response", None)
        kind = getattr(failure, "type", None) or ""
        status = getattr(failure, "status_code", None) or 500
        if status < 400:  # within a stream, whose status was told before
            status = _KINDS.get(kind, 500)
        return self._access.refused(status, (failure.message, kind), waiting_time(getattr(response, "headers", None)))

    def _client(self) -> "Anthropic":
        try:
            from anthropic import Anthropic
        except ImportError:
            raise self._access.missing() from None
        from httpx2 import Timeout

        if not self._access.key:
            raise self._access.keyless()
        return self._kept(
            lambda: Anthropic(
                api_key=self._access.key,
                base_url=self._access.address or OWN_ADDRESS,
                timeout=Timeout(self._access.silence, connect=CONNECTING),
                max_retries=0,
            )
        )


def _messages(request: Request, name: str) -> Any:  # noqa: ANN401 - the SDK's many kinds of messages
    messages: list[dict[str, Any]] = []
    asked: list[tuple[Call, str]] = []
    for turn in request.turns:
        if isinstance(turn, PersonSaid):
            messages.append({"role": "user", "content": [{"type": "text", "text": turn.text}]})
        elif isinstance(turn, ToolsTold):
            told = [
                {"type": "tool_result", "tool_use_id": theirs, "content": turn.results[call.id]}
                for call, theirs in asked
            ]
            messages.append({"role": "user", "content": told})
        else:
            message = turn.raw if turn.provider == name and turn.raw is not None else _said(turn)
            theirs = [one["id"] for one in message["content"] if one["type"] == "tool_use"]
            asked = list(zip(turn.calls, theirs, strict=True))
            messages.append(message)
    return messages


def _said(turn: ModelSaid) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": turn.text}] if turn.text else []
    for call in turn.calls:
        arguments = dict(call.arguments) if isinstance(call.arguments, Mapping) else {}
        content.append({"type": "tool_use", "id": call.id, "name": call.tool, "input": arguments})
    return {"role": "assistant", "content": content}


def _add(block: dict[str, Any], delta: dict[str, Any]) -> str:
    """Put a piece to its block; return the text in it that a person reads."""
    match delta["type"]:
        case "text_delta":
            block["text"] += delta["text"]
            return str(delta["text"])
        case "input_json_delta":
            block["json"] += delta["partial_json"]
        case "thinking_delta":
            block["thinking"] += delta["thinking"]
        case "signature_delta":
            block["signature"] = delta["signature"]
    return ""


def _sent(usage: Any) -> Usage:  # noqa: ANN401 - the SDK's object
    """Return the tokens sent: those read from a cache or put into one are told apart."""
    parts = (usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens)
    return Usage(sum(part or 0 for part in parts))
