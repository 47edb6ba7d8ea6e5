"""Talking to Plaid: plaid-python for keys, hosts, routes and requests; the answers read raw by our own models.

A call that fails for a reason that passes (busy, away, rate limit, broken connection, a 5xx or an
HTML page in between) is tried again with exponential backoff and jitter, honouring Retry-After:
never before that time, and not at all when it is further off than a person waits.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import msgspec
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from core import clock
from core.banking.plaid.models import ErrorBody
from core.banking.plaid.reactions import failure_of
from core.config import Settings
from core.errors import BankError, BankSetupError, BankTemporaryError

Answer = TypeVar("Answer")

TRIES: Final = 4
LONGEST_WAIT: Final = 30.0
"""Seconds between two tries at most: a person is waiting. Asked to wait longer, we give up and say so."""
TIMEOUT: Final = (5.0, 60.0)
"""Seconds to connect and to read; plaid-python has none of its own."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try. Times in seconds."""

    timeout: tuple[float, float] = TIMEOUT
    tries: int = TRIES
    first_wait: float = 0.5
    longest_wait: float = LONGEST_WAIT


class _Retryable(Exception):  # noqa: N818 - not a failure yet
    def __init__(self, failure: BankTemporaryError) -> None:
        super().__init__(str(failure))
        self.failure = failure


class PlaidClient:
    """One connection pool to Plaid with our keys."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        """Prepare the client; nothing is sent yet.

        Raises:
            BankSetupError: the keys are missing.
        """
        if not settings.plaid_configured:
            raise BankSetupError(
                "Plaid is not set up on this machine.",
                "Put PLAID_CLIENT_ID and PLAID_SECRET from dashboard.plaid.com into your .env file.",
            )
        import plaid
        from plaid.api import plaid_api

        hosts = {"sandbox": plaid.Environment.Sandbox, "production": plaid.Environment.Production}
        configuration = plaid.Configuration(
            host=settings.plaid_base_url.rstrip("/") or hosts[settings.plaid_env],
            api_key={"clientId": settings.plaid_client_id, "secret": settings.plaid_secret.get_secret_value()},
        )
        # Trying again is ours to decide: urllib3 would do so without a pause and without telling.
        configuration.retries = False
        self._api = plaid_api.PlaidApi(plaid.ApiClient(configuration))
        self._patience = patience or Patience()

    def call(self, route: str, request: Any, answer: type[Answer]) -> Answer:  # noqa: ANN401 - one of plaid's many
        """Send a request to one of plaid-python's routes and return its answer.

        Raises:
            BankError: of the kind that Plaid's error code means; `BankTemporaryError` when trying again did not help.
        """
        method: Callable[..., Any] = getattr(self._api, route)
        retrying = Retrying(
            stop=self._gives_up,
            wait=self._wait,
            retry=retry_if_exception_type(_Retryable),
            reraise=True,
        )
        try:
            result: Answer = retrying(self._once, method, request, answer)
        except _Retryable as given_up:
            raise given_up.failure from given_up
        return result

    def _gives_up(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self._patience.tries or (_asked(state) or 0.0) > self._patience.longest_wait

    def _wait(self, state: RetryCallState) -> float:
        first, longest = self._patience.first_wait, self._patience.longest_wait
        asked = _asked(state)
        if asked is not None:
            return asked + random.uniform(0, first)  # noqa: S311 - jitter, no secret
        return wait_exponential_jitter(initial=first, max=longest, jitter=first)(state)

    def _once(self, method: Callable[..., Any], request: Any, answer: type[Answer]) -> Answer:  # noqa: ANN401
        import plaid
        import urllib3

        try:
            response = method(request, _preload_content=False, _request_timeout=self._patience.timeout)
            # plaid-python raises for a status of its own only when it reads the body itself.
            status, headers, body = response.status, response.headers, response.data
        except plaid.ApiException as refused:
            status, headers, body = refused.status, refused.headers or {}, refused.body or b""
        except plaid.exceptions.OpenApiException as misuse:
            raise BankError("Plaid's library refused the request.", "Update FinTrack.") from misuse
        except (urllib3.exceptions.HTTPError, OSError) as broken:
            raise _Retryable(BankTemporaryError("Plaid can't be reached.", code="CONNECTION")) from broken
        if 200 <= (status or 0) < 300:
            return _decoded(body, answer)
        raise _refused(status or 0, headers, body)


def _asked(state: RetryCallState) -> float | None:
    """Return the pause in seconds that Plaid asked for in its last answer."""
    failure = state.outcome.exception() if state.outcome else None
    return failure.failure.retry_after if isinstance(failure, _Retryable) else None


def _decoded(body: bytes | str, answer: type[Answer]) -> Answer:
    try:
        return msgspec.json.decode(body, type=answer)
    except msgspec.MsgspecError as cause:
        raise _Retryable(BankTemporaryError("Plaid's answer can't be read.", code="NO_JSON")) from cause


def _refused(status: int, headers: Any, body: bytes | str) -> Exception:  # noqa: ANN401 - two libraries' mappings
    try:
        failure = failure_of(msgspec.json.decode(body, type=ErrorBody))
    except msgspec.MsgspecError:
        failure = BankTemporaryError("Something between here and Plaid answered in its place.", code=f"HTTP_{status}")
    if (status >= 500 or status == 429) and type(failure) is BankError:
        failure = BankTemporaryError(failure.sentence, code=failure.code)
    if isinstance(failure, BankTemporaryError):
        failure.retry_after = _seconds(headers.get("Retry-After"))
        return _Retryable(failure)
    return failure


def _seconds(text: str | None) -> float | None:
    """Return the seconds of a Retry-After, which is a number of them or a date (RFC 9110, 10.2.3)."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - clock.now()).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
