"""The one gate before what can't be undone: linking, removing, exporting, deleting, and changing how one signs in.

The services behind it ask here themselves, so that no page, fragment or forgotten button goes around it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session as DatabaseSession

from core import clock
from core.errors import SignInError, StepUpNeededError
from core.identity.factors import Passed
from core.identity.sessions import SignedIn
from core.store import Session, Store, User, UserId

FRESH: Final = timedelta(minutes=10)
"""How long a check of who asks is good for."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who holds the machine's command line, acting for a user: the data folder is theirs, nothing more is asked."""

    user: UserId

    @property
    def session_id(self) -> int:
        """Return the session that survives what signs out all others: none of theirs."""
        return 0


Asker = SignedIn | Operator
"""Who asks for something that needs a fresh check."""


def demand(store: Store, asker: Asker) -> UserId:
    """Return for whom `asker` acts, when they proved who they are within `FRESH`. A demo user has nothing to prove.

    Raises:
        StepUpNeededError: the last check is too old.
        SignInError: the session has ended meanwhile.
    """
    if isinstance(asker, Operator):
        return asker.user
    now = clock.now()
    with store.read() as session:
        row = living(session, asker)
        is_demo = session.get_one(User, row.user_id).is_demo
    # A clock set back must not stretch it: a check from the future is none.
    if not is_demo and not (row.checked_at is not None and now - FRESH < row.checked_at <= now):
        raise StepUpNeededError("This needs a fresh check that it is you.")
    return asker.user


def living(session: DatabaseSession, signed_in: SignedIn) -> Session:
    """Return the row of a session that has not ended, in the caller's transaction.

    Raises:
        SignInError: it has ended meanwhile.
    """
    row = session.scalar(select(Session).where(Session.id == signed_in.session_id, Session.user_id == signed_in.user))
    if row is None or row.revoked_at is not None or row.expires_at <= clock.now():
        raise SignInError("You are signed out.", "Sign in again.")
    return row


def is_fresh(store: Store, asker: Asker) -> bool:
    """Tell whether `demand` would let `asker` through."""
    try:
        demand(store, asker)
    except SignInError:
        return False
    return True


def step_up(store: Store, signed_in: SignedIn, passed: Passed) -> None:
    """Note in a session that its person proved who they are just now.

    Raises:
        SignInError: the proof is somebody else's or old.
    """
    if passed.user != signed_in.user or not timedelta(0) <= clock.now() - passed.at <= FRESH:
        raise SignInError("This check does not fit.", "Do it again.")
    with store.write() as session:
        session.execute(
            update(Session)
            .where(Session.id == signed_in.session_id, Session.user_id == signed_in.user)
            .values(checked_at=passed.at)
        )
