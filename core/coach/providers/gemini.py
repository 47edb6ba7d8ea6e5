"""Google Gemini through google-genai. We call the functions, not the SDK; what the model said goes back as it came."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, Final

from core.coach.providers.access import waiting_time
from core.coach.providers.provider import Request
from core.coach.providers.sdk import OfSdk
from core.coach.turns import Call, ModelSaid, PersonSaid, ToolsTold, Usage
from core.coach.values import encodable_json
from core.errors import CoachError

if TYPE_CHECKING:
    from google.genai import Client, errors, types

log: Final = logging.getLogger(__name__)
_BLOCKED: Final = frozenset(
    "SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII LANGUAGE ESCALATION MODEL_ARMOR PUP_LIMITED_DISABLED".split()
)
_LENGTH: Final = frozenset({"MAX_TOKENS", "CONTINUATION"})
_DELAY: Final = re.compile(r"(\d+(?:\.\d+)?)s")


class Gemini(OfSdk["Client"]):
    """A Gemini model. Its client has to be kept: a temporary one closes itself."""

    def go_on(self, request: Request, stop: Flag) -> Iterator[str | ModelSaid]:
        """Yield pieces of the text, then all of it with the calls; see `Provider`."""
        import httpx2
        from google.genai import errors

        begun = Flag()
        try:
            yield from self._read(request, stop, begun)
        except errors.APIError as failure:
            raise self._refused(failure) from None
        except httpx2.HTTPError as failure:
            raise self._access.broken(failure, begun=begun.is_set()) from None
        except errors.ContinuationInterruptedError:
            raise self._access.cut() from None
        except errors.UnknownApiResponseError:
            raise self._access.garbled(begun=begun.is_set()) from None
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            # What is of another shape fails in the SDK's checks or, where it checks nothing, somewhere within it.
            log.warning("an answer could not be read", exc_info=True)
            raise self._access.nonsense() from None

    def _read(self, request: Request, stop: Flag, begun: Flag) -> Iterator[str | ModelSaid]:
        parts: list[types.Part] = []
        usage, reason = Usage(), ""
        stream: Any = self._client().models.generate_content_stream(
            model=self.model, contents=_contents(request, self.name), config=_config(request)
        )
        with closing(stream):
            for chunk in stream:
                begun.set()
                if stop.is_set():
                    return
                if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
                    raise self._access.blocked()
                usage = _usage(chunk, usage)
                for candidate in (chunk.candidates or [])[:1]:
                    reason = _name(candidate.finish_reason) or reason
                    for part in (candidate.content and candidate.content.parts) or []:
                        parts.append(part)
                        if part.text and not part.thought:
                            yield part.text
        yield self._whole(parts, reason, usage)

    def _whole(self, parts: "list[types.Part]", reason: str, usage: Usage) -> ModelSaid:
        from google.genai import types

        if reason in _BLOCKED:
            raise self._access.blocked()
        if reason in _LENGTH:
            raise self._access.unfinished()
        if not reason:
            raise self._access.cut()  # every whole answer says why it ended
        text = "".join(part.text for part in parts if part.text and not part.thought)
        asked = [part.function_call for part in parts if part.function_call]
        if reason != "STOP" or not (text or asked):
            raise self._access.nonsense()
        calls = tuple(Call(one.id or "", one.name or "", encodable_json(one.args)) for one in asked)
        return ModelSaid(text, calls, usage, self.name, types.Content(role="model", parts=parts))

    def _refused(self, failure: "errors.APIError") -> CoachError:
        details = failure.details if isinstance(failure.details, Mapping) else {}
        wait = waiting_time(getattr(failure.response, "headers", None))
        told = re.search(r'"retryDelay": "([^"]+)"', json.dumps(details, default=str))
        if wait is None and told and (delay := _DELAY.fullmatch(told[1])):
            wait = float(delay[1])
        return self._access.refused(
            failure.code or 0, (failure.message, failure.status, json.dumps(details, default=str)), wait
        )

    def _client(self) -> "Client":
        from google.genai import Client, types

        if not self._access.key:
            raise self._access.keyless()
        return self._kept(
            lambda: Client(
                vertexai=False,
                api_key=self._access.key,
                http_options=types.HttpOptions(
                    base_url=self._access.address or None,
                    timeout=round(self._access.silence * 1000),
                ),
            )
        )


def _config(request: Request) -> "types.GenerateContentConfig":
    """Return how to answer; the temperature stays as the model has it, for Gemini 3 gets worse with another."""
    from google.genai import types

    declared = [
        types.FunctionDeclaration(name=one.name, description=one.description, parameters_json_schema=one.schema)
        for one in request.tools
    ]
    return types.GenerateContentConfig(
        system_instruction=request.system,
        tools=[types.Tool(function_declarations=declared)] if declared and not request.answer_now else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


def _contents(request: Request, name: str) -> "list[types.Content]":
    from google.genai import types

    contents: list[types.Content] = []
    asked: tuple[tuple[Call, str | None], ...] = ()
    for turn in request.turns:
        if isinstance(turn, PersonSaid):
            contents.append(types.Content(role="user", parts=[types.Part(text=turn.text)]))
        elif isinstance(turn, ToolsTold):
            answers = [_response(call, theirs, turn) for call, theirs in asked]
            contents.append(types.Content(role="user", parts=answers))
        else:
            content = turn.raw if turn.provider == name and turn.raw is not None else _said(turn)
            theirs = [part.function_call.id for part in content.parts or [] if part.function_call]
            asked = tuple(zip(turn.calls, theirs, strict=True))
            contents.append(content)
    return contents


def _said(turn: ModelSaid) -> "types.Content":
    from google.genai import types

    parts = [types.Part(text=turn.text)] if turn.text else []
    for call in turn.calls:
        args = dict(call.arguments) if isinstance(call.arguments, Mapping) else {}
        parts.append(types.Part(function_call=types.FunctionCall(id=call.id, name=call.tool, args=args)))
    return types.Content(role="model", parts=parts)


def _response(call: Call, theirs: str | None, told: ToolsTold) -> "types.Part":
    from google.genai import types

    output: dict[str, Any] = {"output": json.loads(told.results[call.id])}
    return types.Part(function_response=types.FunctionResponse(id=theirs, name=call.tool, response=output))


def _usage(chunk: "types.GenerateContentResponse", before: Usage) -> Usage:
    """Return the tokens so far: each chunk tells the sum, some tell none."""
    told = chunk.usage_metadata
    if told is None:
        return before
    received = (told.candidates_token_count or 0) + (told.thoughts_token_count or 0)
    return Usage(told.prompt_token_count or before.sent, received or before.received)


def _name(reason: object) -> str:
    return "" if reason is None else str(getattr(reason, "name", reason)).removeprefix("FINISH_REASON_UNSPECIFIED")
