"""Work measured as if it were done for the first time: what was answered before is forgotten."""

from collections.abc import Callable
from typing import TypeVar

from core.cache import UserCache
from core.cache.answers import Answers
from core.cache.home import Kept

T = TypeVar("T")


def forgetful(cache: UserCache, work: Callable[[], T]) -> Callable[[], T]:
    """Return `work` of which no answer is kept from before: all that it asks is asked of the database."""

    def anew() -> T:
        if cache._home is not None:
            cache._home._kept.answers = Answers()
        return work()

    return anew


def after_a_change(cache: UserCache, work: Callable[[], T]) -> Callable[[], T]:
    """Return `work` of which nothing at all is kept from before, as if the data had just changed."""

    def anew() -> T:
        if cache._home is not None:
            cache._home._kept = Kept(-1)
        return work()

    return anew
