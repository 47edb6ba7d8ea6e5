"""Filters of the list of transactions that people keep under a name."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from core import clock
from core.errors import NotFoundError, ValidationError
from core.store import SavedFilter, Store, UserId, take_turn

LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 4000
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class FilterEntry:
    """One saved filter; `query` is what stands behind the "?" of the list's address."""

    id: int
    name: str
    query: str


def list_filters(store: Store, user: UserId) -> tuple[FilterEntry, ...]:
    """Return the saved filters of `user` by name."""
    question = select(SavedFilter).where(SavedFilter.user_id == user)
    with store.read() as session:
        found = [FilterEntry(one.id, one.name, one.query) for one in session.scalars(question)]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def save_filter(store: Store, user: UserId, name: str, query: str) -> int:
    """Save a filter under a name; one of that name is replaced. Return its id.

    Raises:
        ValidationError: no name, a name or filter that is too long, nothing filtered, or too many filters.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError(f"Give the filter a name of up to {LONGEST_NAME} characters.")
    if not query or len(query) > LONGEST_QUERY:
        raise ValidationError("There is nothing to save." if not query else "This filter is too long to be saved.")
    with store.write() as session:
        take_turn(session, user)
        known = session.scalar(select(SavedFilter).where(SavedFilter.user_id == user, SavedFilter.name == name))
        if known is None:
            count = session.scalar(select(func.count()).select_from(SavedFilter).where(SavedFilter.user_id == user))
            if count is not None and count >= MOST:
                raise ValidationError(f"You have {MOST} saved filters.", "Delete one first.")
            known = SavedFilter(user_id=user, name=name, created_at=clock.now())
            session.add(known)
        known.query = query
        session.flush()
        return known.id


def delete_filter(store: Store, user: UserId, filter_id: int) -> None:
    """Delete a saved filter.

    Raises:
        NotFoundError: it is not there or not this user's.
    """
    with store.write() as session:
        found = session.scalar(select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.user_id == user))
        if found is None:
            raise NotFoundError("This filter is not there.", "Reload the page.")
        session.delete(found)
