"""A reader's place at a cache: what it is told is of one state, kept from before where it was asked before."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

import duckdb

from core.cache.answers import key_of
from core.cache.columns import Columns
from core.cache.files import is_mistake
from core.cache.home import Cursor, Home
from core.cache.pivoting import PivotQuestion
from core.errors import CacheError

TRIES: Final = 20
"""How often a question is asked anew when the database under it breaks."""

T = TypeVar("T")


class Answer(Protocol):
    """Answers questions, all from one state of the data."""

    def __call__(self, question: str | PivotQuestion, parameters: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return the rows that answer a question by its name, or a composed one, with its parameters."""

    def columns(self, question: str, /) -> Columns:
        """Return the answer to a question without parameters by column."""

    def kept(self, find: Callable[["Answer"], T], /) -> T:
        """Return what `find` finds out by asking, which rests on the data alone; asked once until they change.

        All readers get the same, so that nobody may change it.
        """


class Lender(Protocol):
    """A cache, as its readers know it."""

    def borrow(self, *, anew: bool = False) -> tuple[Home, Cursor]:
        """Lend a cursor to a database that is where the store stands; with `anew` one that looks now."""

    def give_up(self, home: Home) -> None:
        """Close a damaged database."""


class Seat:
    """A thread's place among the readers, from its first question of one go to the last."""

    def __init__(self, cache: Lender, *, anew: bool = False) -> None:
        """Take a place among the readers of `cache`; one that asks `anew` takes nothing that is kept."""
        self._cache = cache
        self.anew = anew
        self._lent: tuple[Home, Cursor] | None = None

    def take(self) -> tuple[Home, Cursor]:
        """Borrow a cursor unless there is one."""
        if self._lent is None:
            self._lent = self._cache.borrow(anew=self.anew)
        return self._lent

    def leave(self, *, in_doubt: bool = False) -> None:
        """Give the cursor back, `in_doubt` after it failed; the next question borrows another."""
        lent, self._lent = self._lent, None
        if lent is not None:
            home, cursor = lent
            home.give_back(cursor, in_doubt=in_doubt)

    def __call__(self, question: str | PivotQuestion, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Answer one question, on a cache made anew when the database turns out to be damaged.

        What was answered before is not asked again until the data change.
        """
        if self.anew:
            return self.told(lambda cursor: cursor.ask(question, parameters), str(question))
        key = key_of(question, parameters)
        change = self.told(Cursor.change, "where it stands")
        lent = self.take()
        answers = lent[0].kept(change).answers
        rows = answers.get(key)
        if rows is None:
            rows = self.told(lambda cursor: cursor.ask(question, parameters), str(question))
            if self._lent is lent:
                # Else the database broke on the way, and this may be of another state.
                answers.put(key, rows)
        return rows

    def columns(self, question: str) -> Columns:
        """Answer one question by column, as above."""
        return self.told(lambda cursor: cursor.columns(question), question)

    def kept(self, find: Callable[[Answer], T]) -> T:
        """Return what `find` finds out, from where the database keeps it for as long as it stands as it does."""
        if self.anew:
            return find(self)
        change = self.told(Cursor.change, "where it stands")
        lent = self.take()
        known = lent[0].kept(change).found
        if find in known:
            found: T = known[find]
            return found
        found = find(self)
        if self._lent is lent:
            # Else the database broke on the way, and this may be of another state.
            known[find] = found
        return found

    def told(self, ask: Callable[[Cursor], T], question: str) -> T:
        """Return what `ask` finds out by a cursor; again on a cache made anew when the database was damaged."""
        for _ in range(TRIES):
            home, cursor = self.take()
            try:
                return ask(cursor)
            except duckdb.OutOfMemoryException as cause:
                self.leave(in_doubt=True)
                raise CacheError("This question needs more memory.", "Ask for a shorter period.") from cause
            except duckdb.Error as failure:
                self.leave(in_doubt=True)
                if is_mistake(failure) and home.untouched():
                    raise CacheError(f"The cache can't answer {question}.", "Run: python -m core doctor") from failure
                self._cache.give_up(home)
        raise CacheError("The cache breaks again and again.", "Run: python -m core doctor")
