"""Signing in at an OpenID Connect provider: who came back, and what that is worth here.

Whoever fetched the identity token has checked its signature and its nonce. It lets somebody in once, within `FRESH`
of being issued: the cookie in which Streamlit keeps what it said for longer opens nothing.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from core.errors import MailError, NotFoundError, SignInError, StoreError, ValidationError
from core.identity.audit import note
from core.identity.credentials import send_verification
from core.identity.factors import Passed, has_factor
from core.identity.limits import attempt, count_attempt
from core.identity.mail import Post
from core.identity.newcomers import add_from_provider, known_letter, sign_up_open
from core.identity.passwords import NO_PASSWORD
from core.identity.providers import Provider
from core.identity.sessions import end_others
from core.identity.stepup import FRESH, Asker, demand
from core.identity.users import normal_email
from core.identity.ways import USUAL, Ways
from core.store import ExternalIdentity, Store, User, UserId
from core.vault import Vault

log = logging.getLogger(__name__)

SKEW: Final = timedelta(minutes=2)
"""How far the provider's clock may be ahead of ours."""
LONGEST: Final = 255
"""Of an issuer and of a subject, as OpenID Connect limits the latter."""
AGAIN: Final = "Sign in there again."
USED: Final = ("This sign-in at the provider was used already.", AGAIN)
STRANGE: Final = ("What the provider said of you can't be used here.", "The owner of this machine can look at the log.")
CLOSED: Final = ("Signing up is closed on this machine.", "Ask its owner to add you.")


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


def identity_of(provider: Provider, claims: Mapping[str, object]) -> Identity:
    """Return who the claims of a checked identity token speak of, which came of a sign-in begun at `provider`.

    Raises:
        SignInError: they are of another provider, for another app, incomplete or past their time.
    """
    issuer, subject, nonce = (str(claims.get(name) or "") for name in ("iss", "sub", "nonce"))
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    issued, expires, verified = (claims.get(name) for name in ("iat", "exp", "email_verified"))
    fits = (
        provider.signs_as(issuer)
        # Of many tenants, the one in which the token itself places its person.
        and (not provider.tenants or issuer == provider.issuer_of(claims.get("tid")))
        and provider.client_id in audiences
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
        # Some providers write it as a word. Of many tenants each writes what it likes, of others' addresses too.
        not provider.tenants and (verified is True or verified == "true"),
        first or str(claims.get("name") or ""),
        last,
        datetime.fromtimestamp(issued, UTC),
        f"{int(issued):012d}{digest[:52]}",
    )


def sign_in_external(
    store: Store,
    vault: Vault,
    settings: Settings,
    identity: Identity,
    *,
    post: Post,
    base: str,
    address: str = "",
    ways: Ways = USUAL,
) -> UserId:
    """Return whose identity this is; a newcomer is let in where signing up is open. `base` is this server's address.

    Where the provider does not vouch for a newcomer's e-mail, it counts as one that was typed at sign-up: it is not
    confirmed, and a letter asks for that. An e-mail that has an account here is not taken over: its person links the
    provider in Settings first.

    Raises:
        SignInError: the token was used or is old, or this identity has no way in; the sentence says why.
        TooManyAttemptsError: too many tries or sign-ups from this address.
    """
    with attempt(store, vault, "sign in", address):
        _demand_fresh(identity)
        is_open = sign_up_open(store, settings)
        if not identity.email_verified and not _is_known(store, identity) and is_open:
            # Whether an account could be made tells whether there was one: no faster than signing up tells it.
            count_attempt(store, vault, "sign up", address)
        came = _Arrival()
        try:
            with store.write() as session:
                row = _row_of(session, identity)
                if row is None:
                    came = _newcomer(session, identity, address, ways, is_open=is_open)
                elif _take(session, row, identity):
                    came = _Arrival(UserId(row.user_id))
                else:
                    came = _Arrival(refusal=USED)
                    note(session, UserId(row.user_id), "sign-in failed", address)
        except StoreError as failure:
            if not isinstance(failure.__cause__, IntegrityError):
                raise
            # The same newcomer came twice at once: the other one was taken.
            came = _Arrival(refusal=USED)
        _write_letter(store, vault, post, base, came)
        if came.user is None:
            raise SignInError(*came.refusal)
    return came.user


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
        ValidationError: there is neither a password nor another identity, so that it is the only way in.
        NotFoundError: there is no such identity of this person.
    """
    user = demand(store, asker)
    with store.write() as session:
        others = select(ExternalIdentity.id).where(ExternalIdentity.user_id == user, ExternalIdentity.id != number)
        if session.get_one(User, user).password_hash == NO_PASSWORD and session.scalar(others.limit(1)) is None:
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


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What came of somebody's coming: they are in or refused, and a letter is to be sent."""

    user: UserId | None = None
    refusal: tuple[str, str] = STRANGE
    is_unconfirmed: bool = False
    """They are new, and nobody vouches for their e-mail."""
    told: str = ""
    """The e-mail of somebody else's account, which is told of a try."""


def _newcomer(session: Session, identity: Identity, address: str, ways: Ways, *, is_open: bool) -> _Arrival:
    if not identity.email:
        return _Arrival(
            refusal=(
                "The provider does not tell your e-mail address, so it can't make an account here.",
                "Sign up here, then link the provider in Settings, under Signing in.",
            )
        )
    try:
        email = normal_email(identity.email)
    except ValidationError:
        return _Arrival()
    if not identity.email_verified and not is_open:
        # Before anything is looked up: it must not tell whether a stranger's address is known.
        return _Arrival(refusal=CLOSED)
    known = session.scalar(select(User.id).where(User.email == email))
    if known is not None:
        note(session, UserId(known), "provider sign-in with a known e-mail", address)
        return _known(identity, email)
    if not is_open:
        return _Arrival(refusal=CLOSED)
    user = add_from_provider(
        session, email, identity.first_name, identity.last_name, ways, verified=identity.email_verified
    )
    _link(session, user, identity)
    note(session, user, "signed up at a provider", address)
    return _Arrival(user, is_unconfirmed=not identity.email_verified)


def _known(identity: Identity, email: str) -> _Arrival:
    if identity.email_verified:
        return _Arrival(
            refusal=(
                "There is an account with this e-mail address here already.",
                "Sign in as you did before, then link the provider in Settings, under Signing in.",
            )
        )
    # As at sign-up it is not said to who comes, but to whom the address belongs.
    return _Arrival(
        refusal=(
            "The provider does not vouch for your e-mail address, and no account could be made with it.",
            "If you have one here, sign in to it and link the provider in Settings, under Signing in.",
        ),
        told=email,
    )


def _is_known(store: Store, identity: Identity) -> bool:
    with store.read() as session:
        return _row_of(session, identity) is not None


def _write_letter(store: Store, vault: Vault, post: Post, base: str, came: _Arrival) -> None:
    try:
        if came.is_unconfirmed and came.user is not None:
            send_verification(store, vault, post, came.user, base)
        elif came.told:
            post.send(known_letter(came.told))
    except MailError:
        # They are in, or refused, all the same: Settings sends it again.
        log.warning("a letter to who came from a sign-in provider could not be sent")
