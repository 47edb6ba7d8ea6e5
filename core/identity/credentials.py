"""Proving and changing an e-mail address, changing and recovering a password: by links that were sent.

Whether an e-mail is known here is told to nobody: the words are the same, and what differs happens after the answer.
"""

import logging
import threading
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import FinTrackError, MailError, NotFoundError, SignInError, ValidationError
from core.identity.audit import note
from core.identity.factors import has_factor
from core.identity.limits import attempt, count_attempt
from core.identity.links import LinkPurpose, end_links, look_at_link, new_link, use_link
from core.identity.mail import Letter, Post
from core.identity.passwords import (
    SHORTEST,
    SHORTEST_WITH_FACTOR,
    check_strength,
    hash_password,
    matches,
)
from core.identity.sessions import SignedIn, end_others
from core.identity.stepup import Asker, Operator, demand, living
from core.identity.users import normal_email
from core.store import ExternalIdentity, Factor, Store, User, UserId
from core.vault import Vault

log = logging.getLogger(__name__)

LATER: Final = 0.2
"""Seconds after which a letter is begun: by then the answer has left, and on busy cores nothing of it is slowed."""
PAGES: Final[dict[LinkPurpose, str]] = {"verify": "confirm_email", "change": "confirm_email", "reset": "new_password"}
"""The page that each link leads to."""


def send_verification(store: Store, vault: Vault, post: Post, user: UserId, base: str) -> None:
    """Send a link that proves the e-mail address of `user`; `base` is the address of this server.

    Raises:
        ValidationError: it is proven already.
        MailError: the letter could not be sent.
        TooManyAttemptsError: too many were sent.
    """
    count_attempt(store, vault, "send", f"user:{user}")
    with store.write() as session:
        row = session.get_one(User, user)
        if row.email_verified_at is not None:
            raise ValidationError("This e-mail address is confirmed already.")
        email, token = row.email, new_link(session, vault, user, "verify", row.email)
    post.send(
        Letter(
            email,
            "Confirm your e-mail address",
            f"Welcome to FinTrack. This link confirms your e-mail address:\n\n{_address(base, 'verify', token)}\n\n"
            "It is good for an hour and works once. If you did not sign up, leave it alone.\n",
        )
    )


def ask_email_change(store: Store, vault: Vault, post: Post, asker: Asker, email: str, base: str) -> None:
    """Send a link to a new e-mail address; the change is made when it is followed. The old address is told.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: it is no e-mail address.
        MailError: a letter could not be sent.
        TooManyAttemptsError: too many were sent.
    """
    user = demand(store, asker)
    wanted = normal_email(email)
    count_attempt(store, vault, "send", f"user:{user}")
    with store.write() as session:
        old = session.get_one(User, user).email
        token = new_link(session, vault, user, "change", wanted)
        note(session, user, "e-mail change asked for")
    post.send(
        Letter(
            wanted,
            "Confirm your new e-mail address",
            f"This link makes this address the one of your FinTrack account:\n\n{_address(base, 'change', token)}\n\n"
            "It is good for an hour, works once, and only for who is signed in to that account. If you did not ask for "
            "it, leave it alone.\n",
        )
    )
    try:
        post.send(
            Letter(
                old,
                "Your e-mail address is about to change",
                "Somebody who is signed in to your FinTrack account asked to change its e-mail address. If it was not "
                "you, sign in, change your password and look at where you are signed in.\n",
            )
        )
    except MailError:
        # A mailbox that is gone is a common reason for the change: it must not stand in its way.
        log.warning("the old address could not be told of a change")


def confirm_email(store: Store, vault: Vault, token: str, signed_in: SignedIn | None = None) -> str:
    """Take a link that proves an e-mail address, or changes to it; return the address.

    A change takes whoever asked for it, signed in: the address may have been mistyped, and its owner gets the letter.
    So does a proof where somebody signs in at a provider: the provider may have told another person's address, and
    who owns that must not make the account theirs by a click while its maker can still get in.

    Raises:
        SignInError: the link is not good, or needs somebody else signed in; it stays good.
        ValidationError: somebody else here has the address by now.
    """
    purpose: LinkPurpose = "verify"
    with store.write() as session:
        try:
            opened = use_link(session, vault, token, "verify")
        except SignInError:
            opened = use_link(session, vault, token, "change")
            purpose = "change"
        if purpose == "change" or _has_provider(session, opened.user):
            _demand_its_person(session, opened.user, signed_in)
        row = session.get_one(User, opened.user)
        if purpose == "verify" and row.email != opened.email:
            raise SignInError("This link is for an address that this account no longer has.", "Ask for a new one.")
        if session.scalar(select(User.id).where(User.email == opened.email, User.id != opened.user)) is not None:
            raise ValidationError("This address can't be used here.", "Choose another one in Settings.")
        row.email, row.email_verified_at = opened.email, clock.now()
        if purpose == "change":
            _take_codes_along(session, opened.user)
            note(session, opened.user, "e-mail changed")
        else:
            note(session, opened.user, "e-mail confirmed")
        return opened.email


def needs_sign_in(store: Store, vault: Vault, token: str) -> bool:
    """Tell whether a link to confirm an e-mail address is good, and takes only its person signed in."""
    try:
        look_at_link(store, vault, token, "change")
    except SignInError:
        try:
            opened = look_at_link(store, vault, token, "verify")
        except SignInError:
            return False
        with store.read() as session:
            return _has_provider(session, opened.user)
    return True


def _has_provider(session: Session, user: UserId) -> bool:
    return session.scalar(select(ExternalIdentity.id).where(ExternalIdentity.user_id == user).limit(1)) is not None


def _demand_its_person(session: Session, user: UserId, signed_in: SignedIn | None) -> None:
    if signed_in is None:
        raise SignInError("Sign in first: this link changes how an account is reached.", "Then it goes on.")
    if signed_in.user != user:
        # Raised in the transaction that used the link up: it is good again.
        raise SignInError(
            "This link belongs to another account than the one that is signed in.",
            "Sign out, and sign in as who asked for it.",
        )
    living(session, signed_in)


def _take_codes_along(session: Session, user: UserId) -> None:
    """Let codes by e-mail go to the new address, which the link has shown to get letters, where nothing else stands.

    Beside another factor they go, and every browser is signed out: whoever changes the address by an open browser
    must not be able to take the reset letter and the code from one mailbox. The last factor never goes this way.
    """
    factors = session.scalars(select(Factor).where(Factor.user_id == user)).all()
    others = [one for one in factors if one.kind != "email" and one.confirmed_at is not None]
    for one in factors:
        if one.kind != "email":
            continue
        if one.confirmed_at is not None and not others:
            # Codes that were sent to the old address are older than this, and so good no more.
            one.created_at = clock.now()
            continue
        session.delete(one)
        if one.confirmed_at is not None:
            end_others(session, user, 0)
            note(session, user, "factor removed: email")


def forgot_password(store: Store, vault: Vault, post: Post, email: str, base: str, address: str = "") -> None:
    """Send a link for a new password, if the e-mail is known; the answer is the same and comes as fast if it is not.

    Raises:
        ValidationError: it is no e-mail address.
        TooManyAttemptsError: too many were asked for, for this e-mail or from this address.
    """
    wanted = normal_email(email)
    count_attempt(store, vault, "reset", wanted, address)
    letter = threading.Timer(LATER, _send_reset, (store, vault, post, wanted, base, address))
    letter.name, letter.daemon = "reset-letter", True
    letter.start()


def _send_reset(store: Store, vault: Vault, post: Post, email: str, base: str, address: str) -> None:
    try:
        with store.write() as session:
            row = session.scalar(select(User).where(User.email == email, User.is_demo.is_(False)))
            if row is None:
                note(session, None, "reset for an unknown e-mail", address)
                return
            user = UserId(row.id)
            token = new_link(session, vault, user, "reset", row.email)
            note(session, user, "password reset asked for", address)
        post.send(
            Letter(
                email,
                "A new password for FinTrack",
                f"This link lets you choose a new password:\n\n{_address(base, 'reset', token)}\n\n"
                "It is good for an hour and works once. It does not switch off a second factor; a sign-in provider "
                "has to be linked again after it. If you did not ask for it, leave it alone: your password stays.\n",
            )
        )
    except FinTrackError as failure:
        log.warning("a letter for a password reset was not sent: %s", type(failure).__name__)


def reset_password(store: Store, vault: Vault, token: str, new: str, address: str = "") -> None:
    """Set a new password by a link, and sign every browser out. A second factor stays as it is.

    Sign-in providers are unlinked: whoever had got in, or made the account with somebody else's address before its
    owner came, may have linked their own.

    Raises:
        SignInError: the link is not good.
        ValidationError: the password can't be taken; the link stays good.
    """
    kept = hash_password(vault, new)
    with store.write() as session:
        opened = use_link(session, vault, token, "reset")
        row = session.get_one(User, opened.user)
        if row.email != opened.email:
            raise SignInError("This link is for an address that this account no longer has.", "Ask for a new one.")
        _check(session, row, new)
        _unlink_providers(session, opened.user)
        row.password_hash = kept
        row.email_verified_at = row.email_verified_at or clock.now()
        end_links(session, opened.user)
        end_others(session, opened.user, 0)
        note(session, opened.user, "password reset", address)


def _unlink_providers(session: Session, user: UserId) -> None:
    gone = session.execute(
        delete(ExternalIdentity).where(ExternalIdentity.user_id == user).returning(ExternalIdentity.id)
    ).all()
    if gone:
        note(session, user, "sign-in provider unlinked", providers=len(gone))


def set_password(store: Store, vault: Vault, operator: Operator, new: str) -> None:
    """Set a new password from the command line, unlink sign-in providers, and sign every browser out.

    Raises:
        ValidationError: the password can't be taken.
        NotFoundError: the user is gone.
    """
    kept = hash_password(vault, new)
    with store.write() as session:
        row = session.get(User, operator.user)
        if row is None:
            raise NotFoundError("This user no longer exists.")
        _check(session, row, new)
        _unlink_providers(session, operator.user)
        row.password_hash = kept
        end_links(session, operator.user)
        end_others(session, operator.user, 0)
        note(session, operator.user, "password set from the command line")


def change_password(store: Store, vault: Vault, asker: Asker, old: str, new: str) -> None:
    """Change a password and sign out every other browser.

    Raises:
        StepUpNeededError: a fresh check is needed.
        SignInError: the old password is wrong.
        ValidationError: the new one can't be taken.
        TooManyAttemptsError: too many wrong ones.
    """
    user = demand(store, asker)
    with store.read() as session:
        known = session.get_one(User, user).password_hash
    with attempt(store, vault, "sign in", f"user:{user}"):
        if not matches(vault, old, known):
            raise SignInError("The present password is not right.", "Nothing was changed.")
    kept = hash_password(vault, new)
    with store.write() as session:
        row = session.get_one(User, user)
        _check(session, row, new)
        row.password_hash = kept
        # Whoever had got in may have asked for a change of the address: the letter about it tells to do this.
        end_links(session, user)
        end_others(session, user, asker.session_id)
        note(session, user, "password changed")


def _check(session: Session, row: User, password: str) -> None:
    shortest = SHORTEST_WITH_FACTOR if has_factor(session, UserId(row.id)) else SHORTEST
    check_strength(password, row.email, row.first_name, row.last_name, shortest=shortest)


def _address(base: str, purpose: LinkPurpose, token: str) -> str:
    return f"{base.rstrip('/')}/{PAGES[purpose]}?token={token}"
