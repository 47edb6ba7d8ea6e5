"""Work measured as if it were done for the first time: what was answered before is forgotten."""

from collections.abc import Callable
from typing import TypeVar

from core.cache import UserCache
from core.cache.answers import Answers

T = TypeVar("T")


def forgetful(cache: UserCache, work: Callable[[], T]) -> Callable[[], T]:
    """Return `work` of which no answer is kept from before: all that it asks is asked of the database."""

    def anew() -> T:
        assert cache._home is not None
        cache._home._kept.answers = Answers()
        return work()

    return anew
