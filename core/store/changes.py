"""Change numbers: each write of a person's money takes the next one and stamps its rows with it.

The number is taken by an UPDATE inside the writing transaction: the row lock that it holds makes
writes of one person's money wait for each other, so numbers are committed in their order and the
cache can't miss a row by asking "past the last number that I saw".
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as OrmSession

from core.errors import NotFoundError
from core.store.base import UserId
from core.store.people import User


def next_change(session: OrmSession, user: UserId) -> int:
    """Take the next change number of `user` for the transaction of `session`.

    Raises:
        NotFoundError: there is no such user.
    """
    number = session.execute(
        update(User).where(User.id == user).values(last_change=User.last_change + 1).returning(User.last_change)
    ).scalar_one_or_none()
    if number is None:
        raise NotFoundError("This user no longer exists.", "Sign in again.")
    return number


def take_turn(session: OrmSession, user: UserId) -> None:
    """Wait until nobody else writes what is `user`'s: what is read from now on stays so until this is written.

    Before a name is looked for that nobody may have twice. SQLite has one writer at a time anyway.
    """
    session.execute(select(User.id).where(User.id == user).with_for_update(key_share=True))


def take_everybodys_turn(session: OrmSession, what: int) -> None:
    """Do so for what is everybody's: whoever names the same number waits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(what)))


def last_change(session: OrmSession, user: UserId) -> int:
    """Return the number of the last committed write to the money of `user`; 0 before any."""
    return session.scalar(select(User.last_change).where(User.id == user)) or 0


def next_generation(session: OrmSession, user: UserId) -> None:
    """Say that rows of `user` are deleted for good in the transaction of `session`: no change number tells of that."""
    session.execute(update(User).where(User.id == user).values(generation=User.generation + 1))
