"""Newcomers: who signs up, who is added from the command line."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from core.errors import ValidationError
from core.identity.audit import note
from core.identity.credentials import send_verification
from core.identity.limits import count_attempt
from core.identity.mail import Letter, Post
from core.identity.passwords import NO_PASSWORD, check_strength, hash_password
from core.identity.users import LONGEST_NAME, normal_email
from core.identity.ways import USUAL, Ways
from core.store import Store, User, UserId
from core.vault import Vault


def known_letter(email: str) -> Letter:
    """Return the letter to whom an e-mail belongs that somebody wanted to sign up with."""
    return Letter(
        email,
        "You have a FinTrack account",
        "Somebody tried to sign up to FinTrack with this e-mail address, which has an account there already. If it was "
        "you: sign in with it, or ask for a new password if you forgot yours. If not, leave this letter alone.\n",
    )


def sign_up_open(store: Store, settings: Settings) -> bool:
    """Tell whether newcomers may sign up: always the first one, others unless `ALLOW_SIGN_UP` is false."""
    with store.read() as session:
        people = session.scalar(select(func.count()).select_from(User).where(User.is_demo.is_(False)))
    return settings.allow_sign_up or not people


def sign_up(  # noqa: PLR0913 - a form's fields, and who sent it
    store: Store,
    vault: Vault,
    settings: Settings,
    email: str,
    password: str,
    first_name: str,
    last_name: str,
    *,
    post: Post,
    base: str,
    address: str = "",
    ways: Ways = USUAL,
) -> None:
    """Let a newcomer in and send a link that proves their e-mail address; `base` is the address of this server.

    An e-mail that is known already gets the same silence, takes the same time, and a letter that says so.

    Raises:
        ValidationError: the e-mail, a name or the password can't be taken; or sign-up is closed.
        MailError: they are in, but the letter could not be sent.
        TooManyAttemptsError: too many sign-ups from this address.
    """
    count_attempt(store, vault, "sign up", address)
    if not sign_up_open(store, settings):
        raise ValidationError("Signing up is closed on this machine.", "Ask its owner to add you.")
    wanted = _checked(email, password, first_name, last_name)
    kept = hash_password(vault, password)
    with store.write() as session:
        known = session.scalar(select(User.id).where(User.email == wanted.email))
        if known is not None:
            note(session, UserId(known), "sign up with a known e-mail", address)
        owner = session.scalar(select(func.count()).select_from(User).where(User.is_demo.is_(False))) == 0
        row = _row_of(wanted, kept, ways, owner=owner)
        if known is None:
            session.add(row)
            session.flush()
            note(session, UserId(row.id), "signed up", address)
    if known is None:
        send_verification(store, vault, post, UserId(row.id), base)
    else:
        post.send(known_letter(wanted.email))


def add_user(
    store: Store, vault: Vault, email: str, password: str, first_name: str = "", last_name: str = ""
) -> UserId:
    """Add a user from the command line; return the id. The first one is the owner.

    Raises:
        ValidationError: something can't be taken, or the e-mail is known already.
    """
    wanted = _checked(email, password, first_name or email.partition("@")[0], last_name)
    kept = hash_password(vault, password)
    with store.write() as session:
        if session.scalar(select(User.id).where(User.email == wanted.email)) is not None:
            raise ValidationError(f"There is a user {wanted.email} already.")
        owner = session.scalar(select(func.count()).select_from(User).where(User.is_demo.is_(False))) == 0
        user = _row_of(wanted, kept, USUAL, owner=owner)
        # The machine's owner vouches for the address.
        user.email_verified_at = clock.now()
        session.add(user)
        session.flush()
        note(session, UserId(user.id), "added from the command line")
        return UserId(user.id)


def add_from_provider(
    session: Session, email: str, first_name: str, last_name: str, ways: Ways, *, verified: bool
) -> UserId:
    """Add a newcomer without a password in the caller's transaction; `verified`: the provider vouches for their e-mail.

    `email` is in its one spelling. What the provider calls them is taken as far as it is a name here.
    """
    names = [" ".join(name.split())[:LONGEST_NAME].strip() for name in (first_name, last_name)]
    wanted = _Newcomer(email, names[0] or email.partition("@")[0][:LONGEST_NAME], names[1])
    owner = session.scalar(select(func.count()).select_from(User).where(User.is_demo.is_(False))) == 0
    row = _row_of(wanted, NO_PASSWORD, ways, owner=owner)
    row.email_verified_at = clock.now() if verified else None
    session.add(row)
    session.flush()
    return UserId(row.id)


@dataclass(frozen=True, slots=True)
class _Newcomer:
    email: str
    first_name: str
    last_name: str


def _row_of(wanted: _Newcomer, kept: str, ways: Ways, *, owner: bool) -> User:
    return User(
        email=wanted.email,
        first_name=wanted.first_name,
        last_name=wanted.last_name,
        password_hash=kept,
        is_owner=owner,
        currency=ways.currency,
        locale=ways.locale,
        time_zone=ways.time_zone,
        created_at=clock.now(),
    )


def _checked(email: str, password: str, first_name: str, last_name: str) -> _Newcomer:
    normal = normal_email(email)
    names = [" ".join(name.split()) for name in (first_name, last_name)]
    if not names[0] or any(len(name) > LONGEST_NAME for name in names):
        raise ValidationError(f"A name has 1 to {LONGEST_NAME} characters.")
    check_strength(password, normal, *names)
    return _Newcomer(normal, *names)
