"""The queries that a person wrote in SQL, the newest first; so many of each person are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from core import clock
from core.cache import LONGEST_QUERY
from core.errors import NotFoundError
from core.store import PastQuery, Store, UserId, take_turn

KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class PastQueryEntry:
    """One query that was run; `rows` None where it was refused or stopped."""

    id: int
    text: str
    rows: int | None
    at: datetime


def list_queries(store: Store, user: UserId) -> tuple[PastQueryEntry, ...]:
    """Return the queries that `user` ran, the newest first."""
    question = select(PastQuery).where(PastQuery.user_id == user).order_by(PastQuery.at.desc(), PastQuery.id.desc())
    with store.read() as session:
        return tuple(PastQueryEntry(one.id, one.text, one.rows, one.at) for one in session.scalars(question))


def remember_query(store: Store, user: UserId, text: str, rows: int | None) -> None:
    """Keep a query that was run, in the place of the same one before; the oldest beyond `KEPT` are forgotten.

    What is longer than a query may be, and so was refused, is not kept.
    """
    text = text.replace("\0", " ").strip()
    if not text or len(text) > LONGEST_QUERY:
        return
    with store.write() as session:
        take_turn(session, user)
        session.execute(delete(PastQuery).where(PastQuery.user_id == user, PastQuery.text == text))
        session.add(PastQuery(user_id=user, text=text, rows=rows, at=clock.now()))
        session.flush()
        newest = (
            select(PastQuery.id)
            .where(PastQuery.user_id == user)
            .order_by(PastQuery.at.desc(), PastQuery.id.desc())
            .limit(KEPT)
        )
        kept = list(session.scalars(newest))
        session.execute(delete(PastQuery).where(PastQuery.user_id == user, PastQuery.id.not_in(kept)))


def forget_query(store: Store, user: UserId, query_id: int) -> None:
    """Forget one query.

    Raises:
        NotFoundError: it is not there or not this user's.
    """
    with store.write() as session:
        found = session.scalar(select(PastQuery).where(PastQuery.id == query_id, PastQuery.user_id == user))
        if found is None:
            raise NotFoundError("This query is not there.", "Reload the page.")
        session.delete(found)


def forget_queries(store: Store, user: UserId) -> None:
    """Forget every query of `user`."""
    with store.write() as session:
        session.execute(delete(PastQuery).where(PastQuery.user_id == user))
