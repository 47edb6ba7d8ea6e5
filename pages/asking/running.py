"""Running a query from the page: where it is answered, what it found, and what is remembered of it."""

from dataclasses import dataclass
from secrets import token_hex
from typing import Final, cast

import streamlit as st

from core.analytics import remember_query
from core.cache import EXAMPLES, Desk, Job, QueryAnswer, UserCache
from core.errors import FinTrackError
from pages.shared.errors import failures_told
from pages.shared.gate import Visitor, require_user

EDITOR: Final = "sql_text"
_KEPT: Final = "sql_kept"
"""The last query, for when the page was left: what is in an editor goes with it."""
_JOB: Final = "sql_job"
_OUTCOME: Final = "sql_outcome"
_SHOWN: Final = "sql_shown"
_TURN: Final = "sql_turn"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a query ended: its answer, or the failure that tells why there is none. `turn` tells it from others."""

    sql: str
    turn: int
    answer: QueryAnswer | None = None
    failure: FinTrackError | None = None


class _Seat:
    """This page's place at the query desks; given up with the page."""

    def __init__(self, cache: UserCache) -> None:
        self.cache, self.name = cache, token_hex(8)

    def leave(self) -> None:
        self.cache.desk(self.name).close()


@st.cache_resource(scope="session", show_spinner=False, on_release=_Seat.leave)
def _seat(user: int, _cache: UserCache) -> _Seat:  # noqa: ARG001 - one for each person
    return _Seat(_cache)


def desk_of(guest: Visitor) -> Desk:
    """Return the desk at which this page's queries are answered."""
    seat = _seat(int(guest.user), guest.cache)
    return guest.cache.desk(seat.name)


def begin(sql: str | None = None) -> None:
    """Begin to answer a query, the one in the editor by itself; for a button."""
    guest = require_user()
    if sql is not None:
        st.session_state[EDITOR] = sql
    with failures_told():
        text = st.session_state[_KEPT] = str(st.session_state.get(EDITOR) or "")
        st.session_state[_JOB] = desk_of(guest).begin(text, guest.today)
        st.session_state.pop(_OUTCOME, None)


def put_back() -> None:
    """Have the last query in the editor, an example at first."""
    st.session_state.setdefault(EDITOR, st.session_state.get(_KEPT, EXAMPLES[0].sql))


def cancel() -> None:
    """End the query that is being answered; for a button."""
    desk_of(require_user()).cancel()


def show(sql: str) -> None:
    """Put a query into the editor; for a button, of another screen too."""
    require_user()
    st.session_state[EDITOR] = st.session_state[_KEPT] = sql
    st.session_state[_SHOWN] = shown() + 1


def shown() -> int:
    """Return how often a past query was put into the editor."""
    return int(st.session_state.get(_SHOWN, 0))


def running() -> Job | None:
    """Return the query that was begun and whose outcome was not taken yet."""
    return cast("Job | None", st.session_state.get(_JOB))


def settled(job: Job) -> Outcome:
    """Take the outcome of a query that is done, and remember the query."""
    # It was waited for: who asked may be gone by now.
    guest = require_user()
    turn = int(st.session_state.get(_TURN, 0)) + 1
    try:
        found = Outcome(job.sql, turn, answer=job.result())
    except FinTrackError as failure:
        found = Outcome(job.sql, turn, failure=failure)
    st.session_state.pop(_JOB, None)
    st.session_state[_TURN], st.session_state[_OUTCOME] = turn, found
    rows = None if found.answer is None else len(found.answer.rows)
    remember_query(guest.house.store, guest.user, job.sql, rows)
    return found


def outcome() -> Outcome | None:
    """Return how the last query ended."""
    return cast("Outcome | None", st.session_state.get(_OUTCOME))
