"""The row of the person who plans, where their ways of planning are kept."""

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from core.store import User, UserId


def person_of(session: Session, user: UserId) -> User:
    """Return the row of `user`.

    Raises:
        NotFoundError: the user is gone.
    """
    row = session.get(User, user)
    if row is None:
        raise NotFoundError("This user no longer exists.", "Sign in again.")
    return row
