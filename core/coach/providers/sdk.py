"""What providers behind an SDK have in common: a client that is made once, and what its failures mean."""

import json
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from json import JSONDecodeError
from threading import Event as Flag
from types import ModuleType
from typing import Any, Final, Generic, TypeVar

from core.coach.providers.access import Access
from core.coach.turns import ModelSaid
from core.coach.values import encodable_json
from core.errors import CoachError
from core.formats import encodable

log: Final = logging.getLogger(__name__)
Client = TypeVar("Client", bound=Any)
Pieces = Iterator[str | ModelSaid]


class OfSdk(ABC, Generic[Client]):
    """A model that is reached through an SDK. Its client is made at the first question and kept."""

    def __init__(self, access: Access) -> None:
        """Speak to the model there."""
        self.name, self.model = access.name, access.model
        self._access = access
        self._making = threading.Lock()
        self._made: Client | None = None

    def load(self) -> None:
        """Load the SDK and make the client; see `Provider`."""
        with suppress(CoachError):
            self._client()

    def close(self) -> None:
        """Hang up."""
        if self._made is not None:
            self._made.close()

    @abstractmethod
    def _client(self) -> Client:
        """Return the client. Raises a `CoachError` where there is no key, or no SDK."""

    def _kept(self, make: Callable[[], Client]) -> Client:
        with self._making:
            if self._made is None:
                self._made = make()
            return self._made


def reading(
    access: Access, sdk: ModuleType, read: Callable[[Flag], Pieces], refused: Callable[[Any], CoachError]
) -> Pieces:
    """Yield what `read` does; whatever fails in it, in the SDK or in the network is raised as a `CoachError`.

    `sdk` is one whose errors are `APIError` and `APIConnectionError`; `refused` tells what the provider's own refusal
    means. `read` sets its flag once something came.
    """
    from httpx2 import HTTPError

    begun = Flag()
    try:
        yield from read(begun)
    except sdk.APIConnectionError as failure:
        raise access.broken(failure.__cause__, begun=begun.is_set()) from None
    except HTTPError as failure:
        raise access.broken(failure, begun=begun.is_set()) from None
    except sdk.APIError as failure:
        raise refused(failure) from None
    except JSONDecodeError:
        raise access.garbled(begun=begun.is_set()) from None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        # The SDK checks nothing of what comes: something of another shape fails somewhere within it, or in `read`.
        log.warning("an answer could not be read", exc_info=True)
        raise access.nonsense() from None


def parsed(arguments: str) -> object:
    """Return the arguments that a model wrote; what is no JSON, or nested too deep, stays: the tool refuses it."""
    if not arguments.strip():
        return None
    try:
        return encodable_json(json.loads(arguments))
    except (ValueError, RecursionError):
        return encodable(arguments)
