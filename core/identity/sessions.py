"""Signed-in browsers: each holds a random token, the store holds its hash and says how long it is good.

The row decides, not the cookie: signing out, changing the password or revoking ends it everywhere.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session as DatabaseSession

from core import clock
from core.errors import FactorNeededError, SignInError, ValidationError
from core.identity.audit import note
from core.identity.browsers import mark_of
from core.identity.factors import Passed, has_factor
from core.identity.limits import attempt
from core.identity.passwords import matches
from core.identity.users import PROFILE_COLUMNS, Profile, normal_email, profile_of
from core.store import Session, Store, User, UserId
from core.vault import Vault

TOKEN_BYTES: Final = 32
SHORT: Final = (timedelta(hours=12), timedelta(hours=2))
LONG: Final = (timedelta(days=30), timedelta(days=7))
"""How long a session lasts at the most, and without being used: not remembered and remembered."""
SEEN_EVERY: Final = timedelta(minutes=5)
"""How exact "last seen" is: a write for each click would cost more than it tells."""
LONGEST_AGENT: Final = 300
PENDING: Final = timedelta(minutes=10)
"""How long somebody may take between the password and the second factor."""
_HELD_BY: Final = (
    select(
        Session.id.label("session_id"),
        Session.created_at,
        Session.last_seen_at,
        Session.expires_at,
        Session.revoked_at,
        *PROFILE_COLUMNS,
    )
    .join(User, Session.user_id == User.id)
    .where(Session.token_hash == bindparam("token_hash"))
)
"""Who holds a token. Asked several times in each run of a screen, so made once, and by column."""
SIGNED_IN: Final = "signed in"
FROM_A_NEW_BROWSER: Final = "signed in from a new browser"
"""What the audit log calls a sign-in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, and through which session."""

    session_id: int
    profile: Profile

    @property
    def user(self) -> UserId:
        """Return the id that every question takes."""
        return self.profile.id


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """One signed-in browser, as the settings list it."""

    id: int
    agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime


def check_credentials(
    store: Store, vault: Vault, email: str, password: str, address: str = "", mark: str = ""
) -> UserId:
    """Return whose e-mail and password these are. `mark` is what the browser holds when people signed in there before.

    An unknown e-mail and a wrong password take the same time and give the same answer.

    Raises:
        SignInError: they are nobody's.
        TooManyAttemptsError: too many wrong ones for this e-mail or from this address.
    """
    try:
        normal = normal_email(email)
    except ValidationError:
        normal = email.strip().casefold()
    with store.read() as session:
        # Two columns, not the whole person: making that object of a known one takes time that can be measured.
        row = session.execute(
            select(User.id, User.password_hash).where(User.email == normal, User.is_demo.is_(False))
        ).first()
    # Looked at for somebody and nobody alike: the time must not tell them apart.
    own = mark_of(store, vault, UserId(row.id if row else 0), mark) if mark else ""
    with attempt(store, vault, "sign in", *([f"mark:{own}"] if own else [normal, address])):
        if not matches(vault, password, row.password_hash if row else None) or row is None:
            with store.write() as session:
                note(session, UserId(row.id) if row else None, "sign-in failed", address)
            raise SignInError("E-mail or password is not right.", "Check both and try again.")
    return UserId(row.id)


def start_session(
    store: Store,
    user: UserId,
    *,
    passed: Passed | None = None,
    agent: str = "",
    address: str = "",
    remember: bool = False,
    new_browser: bool = False,
) -> str:
    """Sign a browser in; return the token that its cookie holds. It is new each time and kept nowhere.

    `new_browser` tells that its person had not signed in there before; it is noted, and told by letter.

    `passed` is the proof by the second factor, for whoever has one: no road around it leads in.

    Raises:
        FactorNeededError: the person has a second factor and `passed` is none of it, or old.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    with store.write() as session:
        good = passed is not None and passed.user == user and timedelta(0) <= now - passed.at <= PENDING
        if has_factor(session, user) and not (good and passed is not None and passed.is_second):
            raise FactorNeededError("The second factor has to be checked first.", "Sign in again.")
        session.execute(delete(Session).where(Session.user_id == user, Session.expires_at < now))
        session.add(
            Session(
                user_id=user,
                token_hash=_hash(token),
                created_at=now,
                last_seen_at=now,
                expires_at=now + (LONG if remember else SHORT)[0],
                agent=agent[:LONGEST_AGENT],
                address=address,
                checked_at=now,
            )
        )
        note(session, user, FROM_A_NEW_BROWSER if new_browser else SIGNED_IN, address)
    return token


def session_of(store: Store, token: str, *, used: bool = True) -> SignedIn | None:
    """Return who holds `token`, None when it is nobody's, revoked, too old or unused for too long.

    What looks by itself, without anybody there, says that the session is not `used` by it.
    """
    if not token:
        return None
    now = clock.now()
    with store.read() as session:
        row = session.execute(_HELD_BY, {"token_hash": _hash(token)}).first()
    if row is None:
        return None
    remembered = row.expires_at - row.created_at > SHORT[0]
    idle = (LONG if remembered else SHORT)[1]
    if row.revoked_at is not None or row.expires_at <= now or row.last_seen_at + idle <= now:
        return None
    if used and now - row.last_seen_at > SEEN_EVERY:
        with store.write() as session:
            session.execute(update(Session).where(Session.id == row.session_id).values(last_seen_at=now))
    return SignedIn(row.session_id, profile_of(row))


def end_session(store: Store, user: UserId, session_id: int) -> None:
    """Sign one browser of `user` out, at once and for good."""
    with store.write() as session:
        session.execute(
            update(Session)
            .where(Session.id == session_id, Session.user_id == user, Session.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )
        note(session, user, "signed out")


def end_others(session: DatabaseSession, user: UserId, session_id: int) -> int:
    """Sign every browser of `user` out except one, in the caller's transaction; return how many."""
    return len(
        session.execute(
            update(Session)
            .where(Session.user_id == user, Session.id != session_id, Session.revoked_at.is_(None))
            .values(revoked_at=clock.now())
            .returning(Session.id)
        ).all()
    )


def end_all_sessions(store: Store, user: UserId, but: int = 0) -> int:
    """Sign every browser of `user` out, except `but`; return how many."""
    with store.write() as session:
        ended = end_others(session, user, but)
        note(session, user, "signed out everywhere", sessions=ended)
        return ended


def list_sessions(store: Store, user: UserId) -> tuple[SessionEntry, ...]:
    """Return the browsers in which `user` is signed in, the one used last first."""
    with store.read() as session:
        rows = session.scalars(
            select(Session)
            .where(Session.user_id == user, Session.revoked_at.is_(None), Session.expires_at > clock.now())
            .order_by(Session.last_seen_at.desc())
        )
        return tuple(SessionEntry(row.id, row.agent, row.address, row.created_at, row.last_seen_at) for row in rows)


def lately_here(store: Store, most: int) -> list[UserId]:
    """Return who may come back without signing in, the one seen last first."""
    with store.read() as session:
        seen = session.scalars(
            select(Session.user_id)
            .where(Session.revoked_at.is_(None), Session.expires_at > clock.now())
            .group_by(Session.user_id)
            .order_by(func.max(Session.last_seen_at).desc())
            .limit(most)
        )
        return [UserId(user) for user in seen]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
