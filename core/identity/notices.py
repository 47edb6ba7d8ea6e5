"""What people may be told by letter, besides on the screen: each kind of news with its default, and their choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import ValidationError
from core.store import NoticeChoice, Store, User, UserId

NoticeKind = Literal["bank", "sync", "sign-in", "safety"]
"""bank: a connection needs its person. sync: one could not be read for more than a day. sign-in: from a browser that
was not used before. safety: how one signs in was changed."""
KINDS: Final[tuple[NoticeKind, ...]] = get_args(NoticeKind)
DEFAULTS: Final[Mapping[NoticeKind, bool]] = {"bank": True, "sync": False, "sign-in": True, "safety": True}
ALWAYS: Final[frozenset[NoticeKind]] = frozenset({"safety"})
"""Not to be switched off: who took an account over would begin there."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Where letters to a person go, and which kinds they want."""

    email: str
    kinds: frozenset[NoticeKind]


def notices_of(store: Store, user: UserId) -> dict[NoticeKind, bool]:
    """Return for every kind of news whether `user` wants it by letter."""
    with store.read() as session:
        return _chosen(session, user)


def choose_notice(store: Store, user: UserId, kind: NoticeKind, *, by_letter: bool) -> None:
    """Keep whether `user` wants one kind of news by letter.

    Raises:
        ValidationError: it is always told, or there is no such kind.
    """
    if kind not in KINDS:
        raise ValidationError("There is no such kind of message.")
    if kind in ALWAYS and not by_letter:
        raise ValidationError("Changes of how you sign in are always told by letter.", "It protects your account.")
    with store.write() as session:
        session.merge(NoticeChoice(user_id=user, kind=kind, by_letter=by_letter))


def reachable(session: Session, user: UserId) -> Reachable:
    """Return which letters `user` gets. Who has not confirmed their address gets none: it may be a stranger's."""
    row = session.get_one(User, user)
    if row.is_demo or row.email_verified_at is None:
        return Reachable(row.email, frozenset())
    return Reachable(row.email, frozenset(kind for kind, wanted in _chosen(session, user).items() if wanted))


def _chosen(session: Session, user: UserId) -> dict[NoticeKind, bool]:
    rows = session.execute(select(NoticeChoice.kind, NoticeChoice.by_letter).where(NoticeChoice.user_id == user))
    own = {row.kind: row.by_letter for row in rows}
    return {kind: kind in ALWAYS or own.get(kind, DEFAULTS[kind]) for kind in KINDS}
