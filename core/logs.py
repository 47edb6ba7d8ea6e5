"""What the server writes down of itself: one JSON object a line, with the number of the request that led to it.

Ids and kinds of things, never amounts, names, tokens or addresses of pages with secrets in them. Of a failure the
kinds and places are kept and the words are not: an exception's text can hold what a person typed.
"""

import contextvars
import json
import logging
import secrets
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.config import ROOT

REQUEST: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("request", default="")
"""The number of the request that is being answered, "" outside of one."""
LEVEL: Final = logging.INFO
OURS: Final = ("core", "pages")

log: Final = logging.getLogger(__name__)


def new_request() -> str:
    """Return a number for a request and put it into the context; it says nothing about who asks."""
    number = secrets.token_hex(8)
    REQUEST.set(number)
    return number


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: at, level, logger, event, request; for a failure its kinds and places."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        if number := REQUEST.get():
            line["request"] = number
        if record.exc_info and record.exc_info[1] is not None:
            line["failures"] = _failures(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def set_up() -> None:
    """Let everything that this process logs go to standard error in this form, libraries included."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in list(root.manager.loggerDict):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
        # Libraries tell of what is amiss only: a web server's list of requests has people's searches in it.
        other.setLevel(logging.NOTSET if name.partition(".")[0] in OURS else logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(LEVEL)
    # Python itself would write these out, words and all.
    threading.excepthook = _thread_ended
    sys.unraisablehook = _unraisable


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        name = told.thread.name if told.thread else "of somebody"
        log.error("the thread %s ended by a failure", name, exc_info=told.exc_value)


def _unraisable(told: "sys.UnraisableHookArgs") -> None:
    if told.exc_value is not None:
        log.error("a failure that nobody waited for", exc_info=told.exc_value)


def _event(record: logging.LogRecord) -> str:
    """Return a message; of one that is a traceback, as the server's library writes it, only what kind of failure.

    A library's further lines show objects as they are, with an exception's words in them.
    """
    told = record.getMessage()
    if "Traceback (most recent call last)" in told:
        return f"failed: {told.strip().rpartition(chr(10))[2].partition(':')[0]}"
    return told if record.name.partition(".")[0] in OURS else told.partition("\n")[0]


def _failures(failure: BaseException) -> list[dict[str, object]]:
    """Return an exception and what led to it: each with its kind and the lines of our code that it passed."""
    found: list[dict[str, object]] = []
    now: BaseException | None = failure
    while now is not None and len(found) < 5:
        frames = traceback.extract_tb(now.__traceback__)
        found.append({"kind": type(now).__name__, "at": [_place(frame) for frame in frames[-12:]]})
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return found


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-2:])
    return f"{name}:{frame.lineno} {frame.name}"
