"""Leaving for good: a person's row and all that hangs on it."""

from sqlalchemy import delete, select, update

from core.identity.audit import note
from core.store import OneTimeLink, Store, User, UserId


def addresses_of(store: Store, user: UserId) -> frozenset[str]:
    """Return every e-mail address under which letters may have gone to `user`, and to nobody else."""
    with store.read() as session:
        own = set(session.scalars(select(User.email).where(User.id == user)))
        own |= set(session.scalars(select(OneTimeLink.email).where(OneTimeLink.user_id == user)))
        others = set(session.scalars(select(User.email).where(User.email.in_(own), User.id != user)))
    return frozenset(address.casefold() for address in own - others)


def leave(store: Store, user: UserId, **counts: int) -> None:
    """Delete `user` with every row of theirs, and so end every session; the log notes it with `counts`, of nobody's.

    Where the owner leaves, the oldest of the other people becomes the owner.
    """
    with store.write() as session:
        was_owner = session.scalar(select(User.is_owner).where(User.id == user))
        if was_owner is None:
            return
        session.execute(delete(User).where(User.id == user))
        heir = select(User.id).where(User.is_demo.is_(False)).order_by(User.id).limit(1)
        if was_owner and (oldest := session.scalar(heir)) is not None:
            session.execute(update(User).where(User.id == oldest).values(is_owner=True))
            note(session, UserId(oldest), "became the owner")
        note(session, None, "account deleted", "", **counts)
