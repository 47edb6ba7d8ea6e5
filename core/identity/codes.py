"""Codes that are sent: by e-mail (ours), by text or call (the phone provider's). Six digits, ten minutes, three tries.

A new code ends the one before it. What is kept of one is a keyed digest, or the provider's number of it.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import FinTrackError, NotFoundError, PhoneError, SignInError
from core.identity.audit import note
from core.identity.factors import FactorKind, Passed
from core.identity.limits import USUAL_CAP, PhoneCap, count_attempt, count_phone_code
from core.identity.mail import Letter, Post
from core.store import Challenge, Factor, Store, User, UserId
from core.vault import Vault

Channel = Literal["email", "sms", "voice"]
CodePurpose = Literal["sign in", "set up", "confirm"]
"""What a code is good for: none is taken for another."""
LIFE: Final = timedelta(minutes=10)
TRIES: Final = 3
DIGITS: Final = 6


class PhoneCodes(Protocol):
    """A provider that sends codes to phones and checks them itself: it alone knows them."""

    def send(self, number: str, channel: Literal["sms", "voice"]) -> str:
        """Send a code to an E.164 number; return the provider's key of it.

        Raises:
            PhoneError: the number can't be reached, or the provider failed.
        """

    def check(self, key: str, code: str) -> bool:
        """Tell whether this is the code.

        Raises:
            PhoneError: the provider no longer waits for it, or failed.
        """

    def cancel(self, key: str) -> None:
        """Let the code end; a failure does not matter, since it ends by itself."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that is waited for."""

    id: int
    channel: Channel
    sent_to: str
    """Where it went, in short: the end of the number, or the address."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Senders:
    """The ways by which codes leave: letters always, phones only where a provider is set up."""

    post: Post
    phone: PhoneCodes | None = None
    cap: PhoneCap = USUAL_CAP


def send_code(
    store: Store, vault: Vault, senders: Senders, user: UserId, channel: Channel, purpose: CodePurpose
) -> SentCode:
    """Send a code; the one before it for the same purpose ends.

    Raises:
        NotFoundError: the person has no such factor, or no phone provider is set up.
        MailError, PhoneError: it could not be sent; no code is waited for.
        TooManyAttemptsError: too many codes were sent, this minute or to phones within a day.
    """
    count_attempt(store, vault, "send", f"user:{user}")
    to, number = _destination(store, vault, user, channel, purpose)
    ticket = None if channel == "email" else count_phone_code(store, vault, user, senders.cap)
    _end_others(store, senders, user, purpose)
    now = clock.now()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    key = ""
    if channel == "email":
        senders.post.send(
            Letter(
                to,
                "Your FinTrack code",
                f"Your code is {code}.\n\nIt is good for ten minutes, for the page that asked for it. If you did not "
                "ask for it, somebody knows your password: change it in Settings.\n",
            )
        )
    else:
        try:
            key = _phone(senders).send(number, channel)
        except FinTrackError as failure:
            if ticket is not None and not (isinstance(failure, PhoneError) and failure.may_be_sent):
                ticket.forgive()
            raise
    with store.write() as session:
        row = Challenge(
            user_id=user,
            purpose=purpose,
            channel=channel,
            provider_key=key,
            created_at=now,
            expires_at=now + LIFE,
        )
        session.add(row)
        session.flush()
        row.digest = _digest(vault, row.id, code) if channel == "email" else ""
        return SentCode(row.id, channel, to, row.expires_at)


def check_code(
    store: Store, vault: Vault, senders: Senders, user: UserId, code: str, purpose: CodePurpose, address: str = ""
) -> Passed:
    """Take a code that was sent.

    Raises:
        SignInError: it is not right, too old, or was tried too often; the sentence tells which.
        PhoneError: the provider could not be asked; the try does not count.
        TooManyAttemptsError: too many wrong ones.
    """
    ticket = count_attempt(store, vault, "code", f"user:{user}", address)
    row = _begin_try(store, user, purpose)
    typed = "".join(code.split())
    if row.channel == "email":
        right = hmac.compare_digest(_digest(vault, row.id, typed), row.digest)
    else:
        try:
            right = bool(re.fullmatch(r"\d{4,10}", typed)) and _phone(senders).check(row.provider_key, typed)
        except PhoneError:
            _give_back(store, row.id)
            ticket.forgive()
            raise
    with store.write() as session:
        if right:
            ended = session.execute(
                update(Challenge)
                .where(Challenge.id == row.id, Challenge.ended_at.is_(None))
                .values(ended_at=clock.now())
                .returning(Challenge.id)
            ).all()
            right = bool(ended)
        if not right:
            note(session, user, "second factor failed", address)
    if not right:
        left = TRIES - row.tries
        hint = f"{left} more {'try' if left == 1 else 'tries'} with this code." if left > 0 else "Send a new code."
        raise SignInError("This code is not right.", hint)
    ticket.forgive()
    return Passed(user, row.channel, clock.now())


def kind_of(channel: str) -> FactorKind:
    """Return the kind of factor that a channel leads to."""
    return "email" if channel == "email" else "phone"


def _destination(store: Store, vault: Vault, user: UserId, channel: Channel, purpose: CodePurpose) -> tuple[str, str]:
    """Return where a code goes: as the person is told, and as the provider needs it."""
    kind = kind_of(channel)
    with store.read() as session:
        person = session.get_one(User, user)
        factor = session.scalar(select(Factor).where(Factor.user_id == user, Factor.kind == kind))
        if factor is None or (purpose != "set up" and factor.confirmed_at is None):
            raise NotFoundError("This way of getting a code is not set up.", "Choose another one.")
        if kind == "email":
            return person.email, ""
        number = vault.open(factor.sealed, f"factor:{user}:phone")
        return f"··{number[-3:]}", number


def _end_others(store: Store, senders: Senders, user: UserId, purpose: CodePurpose) -> None:
    with store.write() as session:
        ended = session.execute(
            update(Challenge)
            .where(Challenge.user_id == user, Challenge.purpose == purpose, Challenge.ended_at.is_(None))
            .values(ended_at=clock.now())
            .returning(Challenge.provider_key)
        ).all()
    for (key,) in ended:
        if key and senders.phone is not None:
            senders.phone.cancel(key)


def _begin_try(store: Store, user: UserId, purpose: CodePurpose) -> Challenge:
    """Count a try at the code that is waited for, before it is looked at: fifty at once get three."""
    now = clock.now()
    with store.write() as session:
        row = session.scalar(
            select(Challenge)
            .where(Challenge.user_id == user, Challenge.purpose == purpose, Challenge.ended_at.is_(None))
            .order_by(Challenge.id.desc())
            .limit(1)
        )
        if row is None or not _speaks_for_a_factor(session, row):
            raise SignInError("No code is waited for.", "Send a new code.")
        if not row.created_at <= now < row.expires_at:
            raise SignInError("This code is older than ten minutes.", "Send a new code.")
        counted = session.execute(
            update(Challenge)
            .where(Challenge.id == row.id, Challenge.tries < TRIES)
            .values(tries=Challenge.tries + 1)
            .returning(Challenge.tries)
        ).first()
        if counted is None:
            raise SignInError("This code was tried too often.", "Send a new code.")
        session.expire(row)
        session.refresh(row)
        return row


def _speaks_for_a_factor(session: Session, row: Challenge) -> bool:
    """Tell whether what a code was sent to is still that person's: not turned off since, nor set up anew."""
    factor = session.scalar(select(Factor).where(Factor.user_id == row.user_id, Factor.kind == kind_of(row.channel)))
    if factor is None or factor.created_at > row.created_at:
        return False
    return row.purpose == "set up" or factor.confirmed_at is not None


def _give_back(store: Store, challenge: int) -> None:
    with store.write() as session:
        session.execute(update(Challenge).where(Challenge.id == challenge).values(tries=Challenge.tries - 1))


def _phone(senders: Senders) -> PhoneCodes:
    if senders.phone is None:
        raise NotFoundError("No phone provider is set up on this machine.", "Use another way.")
    return senders.phone


def _digest(vault: Vault, challenge: int, code: str) -> str:
    return hmac.digest(vault.derive("codes"), f"{challenge}:{code}".encode(), "sha256").hex()
