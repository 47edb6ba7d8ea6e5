"""Signing in at an OpenID Connect provider: who came back, and what that is worth here.

Whoever fetched the identity token has checked its signature and its nonce. It lets somebody in once, within `FRESH`
of being issued: the cookie in which Streamlit keeps what it said for longer opens nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from core.errors import NotFoundError, SignInError, StoreError, ValidationError
from core.identity.audit import note
from core.identity.factors import Passed, has_factor
from core.identity.limits import attempt
from core.identity.newcomers import add_from_provider, sign_up_open
from core.identity.passwords import NO_PASSWORD
from core.identity.sessions import end_others
from core.identity.stepup import FRESH, Asker, demand
from core.identity.users import normal_email
from core.identity.ways import USUAL, Ways
from core.store import ExternalIdentity, Store, User, UserId
from core.vault import Vault

SKEW: Final = timedelta(minutes=2)
"""How far the provider's clock may be ahead of ours."""
LONGEST: Final = 255
"""Of an issuer and of a subject, as OpenID Connect limits the latter."""
AGAIN: Final = "Sign in there again."
USED: Final = ("This sign-in at the provider was used already.", AGAIN)
STRANGE: Final = ("What the provider said of you can't be used here.", "The owner of this machine can look at the log.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider, by one identity token."""

    issuer: str
    subject: str
    email: str
    """As the provider writes it; "" when it tells none."""
    email_verified: bool
    first_name: str
    last_name: str
    issued_at: datetime
    rank: str
    """The time of issue and a digest of the token: of two tokens the later issued one has the greater rank."""


@dataclass(frozen=True, slots=True)
class ExternalEntry:
    """A provider at which a user may sign in."""

    id: int
    issuer: str
    created_at: datetime


def identity_of(settings: Settings, claims: Mapping[str, object]) -> Identity:
    """Return who the claims of a checked identity token speak of.

    Raises:
        SignInError: they are of another provider, for another app, incomplete or past their time.
    """
    issuer, subject, nonce = (str(claims.get(name) or "") for name in ("iss", "sub", "nonce"))
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    issued, expires, verified = (claims.get(name) for name in ("iat", "exp", "email_verified"))
    fits = (
        settings.oidc_configured
        and issuer.rstrip("/") == settings.oidc_issuer_url.rstrip("/")
        and settings.oidc_client_id in audiences
        and 0 < len(subject) <= LONGEST >= len(issuer)
        and nonce
    )
    if not fits or not isinstance(issued, int | float) or not isinstance(expires, int | float):
        raise SignInError(*STRANGE)
    if clock.now().timestamp() >= expires + SKEW.total_seconds():
        raise SignInError("This sign-in at the provider has expired.", AGAIN)
    digest = hashlib.sha256("\0".join((issuer, subject, nonce, str(issued), str(expires))).encode()).hexdigest()
    first, last = (str(claims.get(name) or "") for name in ("given_name", "family_name"))
    return Identity(
        issuer,
        subject,
        str(claims.get("email") or ""),
        # Some providers write it as a word.
        verified is True or verified == "true",
        first or str(claims.get("name") or ""),
        last,
        datetime.fromtimestamp(issued, UTC),
        f"{int(issued):012d}{digest[:52]}",
    )


def sign_in_external(
    store: Store, vault: Vault, settings: Settings, identity: Identity, address: str = "", ways: Ways = USUAL
) -> UserId:
    """Return whose identity this is; a newcomer with a verified e-mail is let in where signing up is open.

    An e-mail that has an account here is not taken over: its person links the provider in Settings first.

    Raises:
        SignInError: the token was used or is old, or this identity has no way in; the sentence says why.
        TooManyAttemptsError: too many tries from this address.
    """
    with attempt(store, vault, "sign in", address):
        _demand_fresh(identity)
        is_open = sign_up_open(store, settings)
        refusal: tuple[str, str] | None = None
        user: UserId | None = None
        try:
            with store.write() as session:
                row = _row_of(session, identity)
                if row is None:
                    user, refusal = _newcomer(session, identity, address, ways, is_open=is_open)
                elif _take(session, row, identity):
                    user = UserId(row.user_id)
                else:
                    refusal = USED
                    note(session, UserId(row.user_id), "sign-in failed", address)
        except StoreError as failure:
            if not isinstance(failure.__cause__, IntegrityError):
                raise
            # The same newcomer came twice at once: the other one was taken.
            refusal = USED
        if refusal is not None or user is None:
            raise SignInError(*(refusal or STRANGE))
    return user


def check_provider(store: Store, vault: Vault, user: UserId, identity: Identity, address: str = "") -> Passed:
    """Take a sign-in at the provider as proof, where there is no second factor.

    Raises:
        SignInError: it is somebody else's, was used or is old, or a second factor has to be used.
        TooManyAttemptsError: too many wrong ones.
    """
    with attempt(store, vault, "sign in", f"user:{user}", address):
        _demand_fresh(identity)
        with store.write() as session:
            row = _row_of(session, identity)
            mine = row is not None and row.user_id == user and not has_factor(session, user)
            taken = mine and row is not None and _take(session, row, identity)
            if not taken:
                note(session, user, "check at the provider failed", address)
        if not mine:
            raise SignInError("This sign-in at the provider proves nothing here.", "Confirm in another way.")
        if not taken:
            raise SignInError(*USED)
    return Passed(user, "provider", min(identity.issued_at, clock.now()))


def list_external(store: Store, user: UserId) -> tuple[ExternalEntry, ...]:
    """Return the providers at which `user` may sign in, the first linked one first."""
    with store.read() as session:
        rows = session.scalars(
            select(ExternalIdentity).where(ExternalIdentity.user_id == user).order_by(ExternalIdentity.id)
        )
        return tuple(ExternalEntry(row.id, row.issuer, row.created_at) for row in rows)


def is_linked(store: Store, user: UserId, identity: Identity) -> bool:
    """Tell whether `identity` is one by which `user` may sign in."""
    with store.read() as session:
        row = _row_of(session, identity)
        return row is not None and row.user_id == user


def link_external(store: Store, asker: Asker, identity: Identity) -> None:
    """Let an identity sign `asker` in from now on.

    Raises:
        StepUpNeededError: a fresh check is needed.
        SignInError: the identity token is old.
        ValidationError: it is linked already, to this person or another.
    """
    user = demand(store, asker)
    _demand_fresh(identity)
    with store.write() as session:
        row = _row_of(session, identity)
        if row is not None:
            whose = "you" if row.user_id == user else "somebody else here"
            raise ValidationError(f"This account at the provider belongs to {whose} already.", "Nothing was changed.")
        _link(session, user, identity)
        note(session, user, "sign-in provider linked")


def unlink_external(store: Store, asker: Asker, number: int) -> None:
    """Let an identity sign nobody in any more, and sign every other browser out.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: there is no password, so that it is the only way in.
        NotFoundError: there is no such identity of this person.
    """
    user = demand(store, asker)
    with store.write() as session:
        if session.get_one(User, user).password_hash == NO_PASSWORD:
            raise ValidationError("This is your only way in.", "Set a password first.")
        gone = session.execute(
            delete(ExternalIdentity)
            .where(ExternalIdentity.id == number, ExternalIdentity.user_id == user)
            .returning(ExternalIdentity.id)
        ).all()
        if not gone:
            raise NotFoundError("This provider is not linked.", "Reload the page.")
        end_others(session, user, asker.session_id)
        note(session, user, "sign-in provider unlinked")


def _demand_fresh(identity: Identity) -> None:
    if not -SKEW <= clock.now() - identity.issued_at <= FRESH:
        raise SignInError("This sign-in at the provider is too long ago.", AGAIN)


def _row_of(session: Session, identity: Identity) -> ExternalIdentity | None:
    return session.scalar(
        select(ExternalIdentity).where(
            ExternalIdentity.issuer == identity.issuer, ExternalIdentity.subject == identity.subject
        )
    )


def _take(session: Session, row: ExternalIdentity, identity: Identity) -> bool:
    """Use an identity token up: only one of a greater rank than the last is taken."""
    return bool(
        session.execute(
            update(ExternalIdentity)
            .where(ExternalIdentity.id == row.id, ExternalIdentity.last_login < identity.rank)
            .values(last_login=identity.rank)
            .returning(ExternalIdentity.id)
        ).all()
    )


def _link(session: Session, user: UserId, identity: Identity) -> None:
    session.add(
        ExternalIdentity(
            user_id=user,
            issuer=identity.issuer,
            subject=identity.subject,
            last_login=identity.rank,
            created_at=clock.now(),
        )
    )
    session.flush()


def _newcomer(
    session: Session, identity: Identity, address: str, ways: Ways, *, is_open: bool
) -> tuple[UserId | None, tuple[str, str] | None]:
    if not identity.email or not identity.email_verified:
        return None, (
            "The provider does not vouch for your e-mail address, so it can't make an account here.",
            "Confirm the address there; or sign up here and link the provider in Settings.",
        )
    try:
        email = normal_email(identity.email)
    except ValidationError:
        return None, STRANGE
    known = session.scalar(select(User.id).where(User.email == email))
    if known is not None:
        note(session, UserId(known), "provider sign-in with a known e-mail", address)
        return None, (
            "There is an account with this e-mail address here already.",
            "Sign in with your password, then link the provider in Settings, under Signing in.",
        )
    if not is_open:
        return None, ("Signing up is closed on this machine.", "Ask its owner to add you.")
    user = add_from_provider(session, email, identity.first_name, identity.last_name, ways)
    _link(session, user, identity)
    note(session, user, "signed up at a provider", address)
    return user, None
