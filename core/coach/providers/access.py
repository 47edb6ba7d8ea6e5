"""How a provider is reached, and what its refusals mean to a person; the same kinds for all of them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

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

CONNECTING: Final = 10.0
"""Seconds for a connection to come about."""
_WAIT: Final = "Try again in a while, or ask without a model."
_SHORTER: Final = "Begin a new conversation, or ask for fewer days or rows."
_TOO_LONG: Final = (
    "too long",
    "context length",
    "context window",
    "maximum context",
    "context_length_exceeded",
    "exceeds the maximum number of tokens",
)
_WRONG_KEY: Final = (
    "api key not valid",
    "api_key_invalid",
    "invalid api key",
    "incorrect api key",
    "invalid x-api-key",
)
_SPENT: Final = ("insufficient_quota", "credit balance")


@dataclass(frozen=True, slots=True)
class Access:
    """Where a model is and with which key; `silence` is how many seconds it may say nothing."""

    name: str
    """As people know the provider; errors name it."""
    model: str
    key: str
    address: str
    """"" for the provider's own."""
    prefix: str
    """How its settings begin: "GEMINI" for GEMINI_API_KEY."""
    silence: float

    def keyless(self) -> CoachKeyError:
        """Say that there is no key."""
        return CoachKeyError(f"{self.name} has no key.", f"Set {self.prefix}_API_KEY in your .env file.", self.name)

    def missing(self) -> CoachKeyError:
        """Say that the SDK is not installed."""
        return CoachKeyError(
            f"The library for {self.name} is not installed.",
            "Install it with: pip install -r requirements-models.txt",
            self.name,
        )

    def unreachable(self) -> CoachUnreachableError:
        """Say that no connection comes about."""
        return CoachUnreachableError(f"{self.name} can't be reached.", self._where(), self.name)

    def silent(self) -> CoachUnreachableError:
        """Say that no answer came in time."""
        return CoachUnreachableError(f"{self.name} did not answer in time.", _WAIT, self.name)

    def cut(self) -> CoachCutError:
        """Say that the connection broke within an answer."""
        return CoachCutError(f"The connection to {self.name} broke in the middle of the answer.", _WAIT, self.name)

    def unfinished(self) -> CoachCutError:
        """Say that the model stopped at the most that it may write."""
        return CoachCutError(f"{self.name} broke off an answer that grew too long.", "Ask for less at once.", self.name)

    def broken(self, failure: BaseException | None, *, begun: bool) -> CoachError:
        """Tell what a failure of the network means, before anything came or `begun`."""
        import httpx2

        if begun:
            return self.cut()
        late = isinstance(failure, httpx2.TimeoutException) and not isinstance(failure, httpx2.ConnectTimeout)
        return self.silent() if late else self.unreachable()

    def blocked(self) -> CoachBlockedError:
        """Say that the provider's safety rules forbid an answer."""
        return CoachBlockedError(
            f"{self.name} refuses to answer this question.",
            "Put it in other words, or ask without a model.",
            self.name,
        )

    def nonsense(self) -> CoachNonsenseError:
        """Say that what came can't be read."""
        return CoachNonsenseError(f"The answer of {self.name} makes no sense.", "Ask once more.", self.name)

    def garbled(self, *, begun: bool) -> CoachError:
        """Tell what a piece that is no JSON means: the end of it may be missing."""
        return self.cut() if begun else self.nonsense()

    def refused(self, status: int, words: Iterable[object] = (), retry_after: float | None = None) -> CoachError:
        """Tell what a refusal by HTTP status means; the provider's own `words` tell kinds apart and are never shown."""
        said = " ".join(str(word) for word in words if word).casefold()
        name, check = self.name, f"Check {self.prefix}_API_KEY in your .env file."
        if any(one in said for one in _SPENT) or status == HTTPStatus.PAYMENT_REQUIRED:
            return CoachQuotaError(f"The account at {name} has nothing left.", "Top it up there.", name, retry_after)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} or any(one in said for one in _WRONG_KEY):
            return CoachKeyError(f"{name} refuses the key.", check, name)
        if status == HTTPStatus.NOT_FOUND:
            return CoachKeyError(
                f'{name} knows no model "{self.model}".', f"Check {self.prefix}_MODEL in your .env file.", name
            )
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or any(one in said for one in _TOO_LONG):
            return CoachTooLongError(f"This conversation is too long for {name}.", _SHORTER, name)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return CoachQuotaError(f"{name} wants no more questions for now.", _later(retry_after), name, retry_after)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return CoachBusyError(f"{name} is overloaded just now.", _later(retry_after), name, retry_after)
        if status == HTTPStatus.REQUEST_TIMEOUT:
            return self.silent()
        if "content_filter" in said or "content policy" in said:
            return self.blocked()
        return CoachNonsenseError(f"{name} does not take the question.", "Ask once more, or in other words.", name)

    def _where(self) -> str:
        if self.address:
            return f"Check {self.prefix}_BASE_URL in your .env file, and that the server there runs."
        return "Check the connection to the internet, or ask without a model."


def _later(seconds: float | None) -> str:
    if seconds is None:
        return _WAIT
    return f"Try again in {max(1, math.ceil(seconds))} s, or ask without a model."


def waiting_time(headers: Mapping[str, str] | None) -> float | None:
    """Return the seconds that a refusal asks to wait, None where it does not say."""
    if headers is None:
        return None
    for name, part in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / part
        except ValueError:
            continue  # not there, or a date: as good as not told
        if 0 <= seconds < math.inf:
            return seconds
    return None
