"""One open database of a cache, lent to threads a cursor each and closed only when all came back.

DuckDB refuses to close a connection while a thread is using it, and a file that is not fully
closed is handed out again to whoever opens the same path; so a cache that was made anew must not
be opened before the last reader of the old one is done.
"""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

from core.cache.answers import Answers
from core.cache.columns import Columns
from core.cache.files import Trace, log_of, trace_of
from core.cache.filling import Small
from core.cache.filtering import narrowed
from core.cache.pivoting import PivotQuestion
from core.cache.queries import query_text
from core.cache.reading import Standing
from core.cache.searched import Searched

STATEMENTS: Final = 200
"""So many are kept parsed for each cursor: there is one for each way to filter lines."""
FOUND: Final = 8
"""Of so many texts is known in which wordings they are: each is a sign for every wording."""
LOG: Final = 1_000_000
"""So many bytes of news wait in the log of a file; to read them again when it is opened takes a few milliseconds."""
PATIENCE: Final = 30.0
"""Seconds that readers get to finish before their questions are cut off."""


class Cursor:
    """One thread's way to a database: its questions are parsed once, and see one state while it is lent."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take over a connection that nobody else uses."""
        self.connection = connection
        self._statements: dict[str, duckdb.Statement] = {}
        self._found: dict[str, tuple[str, str | None]] = {}
        self._change: int | None = None
        self._sees = False

    def begin(self) -> None:
        """See one state from now on, that of now.

        Raises:
            duckdb.Error: the database is damaged.
        """
        self.end()
        self.connection.execute("BEGIN TRANSACTION READ ONLY")
        self._sees = True

    def end(self) -> None:
        """See nothing any more, so that nobody has to keep for it what was.

        Raises:
            duckdb.Error: the database is damaged.
        """
        self._found.clear()
        self._change = None
        if self._sees:
            self.connection.execute("ROLLBACK")
            self._sees = False

    def still_sees(self, change: int) -> bool:
        """Tell whether it is known to see the state of a change number."""
        return self._sees and self._change == change

    def change(self) -> int:
        """Return the change number of the state that is seen."""
        if self._change is None:
            ((self._change,),) = self.ask("change", {})
        return self._change

    def ask(self, question: str | PivotQuestion, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows that answer `queries/<question>.sql`, or a question that is composed."""
        text = question.text if isinstance(question, PivotQuestion) else query_text(question)
        text, told = narrowed(text, self._told(parameters))
        # Pivots are of too many kinds for each to be kept.
        asked = text if isinstance(question, PivotQuestion) else self._statement(text)
        return self.connection.execute(asked, told).fetchall()

    def _told(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters with what this database knows of a text that is searched for."""
        told = {name: value for name, value in parameters.items() if not isinstance(value, Searched)}
        for value in parameters.values():
            if isinstance(value, Searched):
                if value.text not in self._found:
                    if len(self._found) >= FOUND:
                        self._found.clear()
                    (self._found[value.text],) = self.ask("meant_wordings", {"text": value.text})
                told["wordings"], told["words"] = self._found[value.text]
        return told

    def columns(self, question: str) -> Columns:
        """Return the answer to `queries/<question>.sql`, which has no parameters, by column."""
        return Columns(self.connection.sql(self._statement(query_text(question))).to_arrow_table())

    def _statement(self, text: str) -> duckdb.Statement:
        statement = self._statements.get(text)
        if statement is None:
            if len(self._statements) >= STATEMENTS:
                self._statements.clear()
            (statement,) = self.connection.extract_statements(text)
            self._statements[text] = statement
        return statement


@dataclass(slots=True)
class Kept:
    """What was found out from the rows as they are at one change number."""

    change: int
    found: dict[Callable[..., Any], Any] = field(default_factory=dict)
    """By what finds it out."""
    answers: Answers = field(default_factory=Answers)


@dataclass(slots=True)
class Home:
    """One open database: whose rows it holds, up to which change number, and how we left its file."""

    connection: duckdb.DuckDBPyConnection
    """For writing; one thread at a time, under the lock of the cache."""
    owner: str
    change: int
    path: Path | None
    trace: Trace | None = None
    small: Small = field(default_factory=dict)
    """What the small tables hold, as far as this process knows; the thread that writes brings it up."""
    _closing: bool = False
    _kept: Kept = field(default_factory=lambda: Kept(-1))
    _free: list[Cursor] = field(default_factory=list)
    _lent: set[Cursor] = field(default_factory=set)
    _turn: threading.Condition = field(default_factory=threading.Condition)

    def lend(self, *, anew: bool = False) -> Cursor | None:
        """Return a cursor that sees one state; None when the database is being closed.

        One that saw the latest state when it came back still does, unless it is to look `anew`.
        """
        with self._turn:
            if self._closing:
                return None
            cursor = self._free.pop() if self._free else Cursor(self.connection.cursor())
            self._lent.add(cursor)
        try:
            if anew or not cursor.still_sees(self.change):
                cursor.begin()
        except duckdb.Error:
            self.give_back(cursor, in_doubt=True)
            raise
        return cursor

    def give_back(self, cursor: Cursor, *, in_doubt: bool = False) -> None:
        """Take back what `lend` gave; one `in_doubt` looks anew when it is lent again, if it still can."""
        try:
            if in_doubt or not cursor.still_sees(self.change):
                cursor.end()
        except duckdb.Error:
            # A database that broke under it.
            with contextlib.suppress(duckdb.Error):
                cursor.connection.close()
            cursor_is_sound = False
        else:
            cursor_is_sound = True
        with self._turn:
            self._lent.discard(cursor)
            if cursor_is_sound:
                self._free.append(cursor)
                # What changed since it was looked at has nobody else look away.
                self._look_away()
            self._turn.notify_all()

    def close(self) -> None:
        """Wait for the readers, cut off those who take too long, and close the database."""
        with self._turn:
            self._closing = True
            if not self._turn.wait_for(lambda: not self._lent, PATIENCE):
                for cursor in self._lent:
                    cursor.connection.interrupt()
                self._turn.wait_for(lambda: not self._lent, PATIENCE)
        for connection in (*(cursor.connection for cursor in self._free), self.connection):
            with contextlib.suppress(duckdb.Error):
                connection.close()

    def kept(self, change: int) -> Kept:
        """Return what was found out from the rows as they are at a change number, for more to be put in.

        Nothing of an earlier state is kept on, and what a reader of one finds out is forgotten with it.
        """
        with self._turn:
            if change < self._kept.change:
                return Kept(change)
            if change > self._kept.change:
                self._kept = Kept(change)
            return self._kept

    def holds(self, standing: Standing) -> bool:
        """Tell whether this is the database of that state of the store."""
        return (self.owner, self.change) == (standing.owner, standing.change)

    def untouched(self) -> bool:
        """Tell whether the file is as we left it."""
        return self.path is None or self.trace == trace_of(self.path)

    def settle(self) -> None:
        """Bring the news into the one file once they are many, and remember how it looks; its log is the owner's alone.

        A few wait in the log, as safe there: it takes longer to bring them into the file than to follow them.
        """
        self._look_away()
        if self.path is not None:
            with contextlib.suppress(FileNotFoundError):
                log = log_of(self.path)
                if log.stat().st_size > LOG:
                    # DuckDB refuses while a reader still sees an earlier state.
                    with contextlib.suppress(duckdb.TransactionException):
                        self.connection.execute("CHECKPOINT")
                log.chmod(0o600)
            self.trace = trace_of(self.path)

    def _look_away(self) -> None:
        """Let the cursors that nobody has see no earlier state any more; one that can't is let go."""
        with self._turn:
            for cursor in list(self._free):
                try:
                    if not cursor.still_sees(self.change):
                        cursor.end()
                except duckdb.Error:
                    self._free.remove(cursor)
                    with contextlib.suppress(duckdb.Error):
                        cursor.connection.close()
