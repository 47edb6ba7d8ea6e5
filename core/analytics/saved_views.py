"""Views of the Explore page that people keep under a name."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.store import SavedView, Store, UserId, take_turn

LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 4000
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class ViewEntry:
    """One saved view; `query` is what stands behind the "?" of the page's address."""

    id: int
    name: str
    query: str


_SAVED: Final = select(SavedView.id, SavedView.name, SavedView.query).where(SavedView.user_id == bindparam("user"))
"""Explore asks in each run, so it is made once, and by column."""


def list_views(store: Store, user: UserId) -> tuple[ViewEntry, ...]:
    """Return the saved views of `user` by name."""
    with store.read() as session:
        found = [ViewEntry(*row) for row in session.execute(_SAVED, {"user": user})]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def save_view(store: Store, user: UserId, name: str, query: str, *, replace: bool = False) -> int:
    """Save a view under a name; one that has it already is replaced only with `replace`. Return its id.

    Raises:
        ValidationError: no name, a name or view that is too long, too many views, or one has that name.
    """
    name = _name(name)
    if len(query) > LONGEST_QUERY:
        raise ValidationError("This view is too long to be saved.", "Filter less.")
    with store.write() as session:
        take_turn(session, user)
        known = _called(session, user, name)
        if known is None:
            count = session.scalar(select(func.count()).select_from(SavedView).where(SavedView.user_id == user))
            if count is not None and count >= MOST:
                raise ValidationError(f"You have {MOST} saved views.", "Delete one first.")
            known = SavedView(user_id=user, name=name, created_at=clock.now())
            session.add(known)
        elif not replace:
            raise ValidationError(f"There is a view called {name} already.", "Choose another name, or replace it.")
        known.query = query
        session.flush()
        return known.id


def rename_view(store: Store, user: UserId, view_id: int, name: str) -> None:
    """Call a saved view otherwise.

    Raises:
        NotFoundError: it is not there or not this user's.
        ValidationError: no name, one that is too long, or another view has it.
    """
    name = _name(name)
    with store.write() as session:
        found = _owned(session, user, view_id)
        other = _called(session, user, name)
        if other is not None and other.id != found.id:
            raise ValidationError(f"There is a view called {name} already.", "Choose another name.")
        found.name = name


def delete_view(store: Store, user: UserId, view_id: int) -> None:
    """Delete a saved view.

    Raises:
        NotFoundError: it is not there or not this user's.
    """
    with store.write() as session:
        session.delete(_owned(session, user, view_id))


def _name(name: str) -> str:
    name = " ".join(name.replace("\0", " ").split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError(f"Give the view a name of up to {LONGEST_NAME} characters.")
    return name


def _called(session: Session, user: UserId, name: str) -> SavedView | None:
    return session.scalar(select(SavedView).where(SavedView.user_id == user, SavedView.name == name))


def _owned(session: Session, user: UserId, view_id: int) -> SavedView:
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user))
    if found is None:
        raise NotFoundError("This view is not there.", "Reload the page.")
    return found
