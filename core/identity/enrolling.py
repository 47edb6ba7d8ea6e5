"""Setting second factors up and turning them off. A factor counts once a code of it was seen.

Everything here needs a fresh check of who asks, and signs every other browser out when something changed.
"""

import io
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import pyotp
import segno
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, SignInError, ValidationError
from core.identity.audit import note
from core.identity.codes import Senders, SentCode, check_code, kind_of, send_code
from core.identity.factors import LETTERS, WRONG, FactorKind, Passed, has_factor, recovery_digest, take_step
from core.identity.limits import attempt
from core.identity.passwords import check_strength, matches
from core.identity.sessions import end_others
from core.identity.stepup import Asker, Operator, demand
from core.store import Factor, RecoveryCode, Store, User, UserId
from core.vault import Vault

RECOVERY_CODES: Final = 10
JUST_NOW: Final = timedelta(minutes=2)
NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")
"""A phone number with its country's code (ITU-T E.164)."""


@dataclass(frozen=True, slots=True)
class AppSetup:
    """What an authenticator app is fed with: the secret as letters, and the same as a picture (SVG)."""

    secret: str
    picture: str


def begin_app(store: Store, vault: Vault, asker: Asker) -> AppSetup:
    """Make a secret for an authenticator app; it counts once `confirm_app` has seen a code of it.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: an app counts already.
    """
    user = demand(store, asker)
    secret = pyotp.random_base32()
    with store.write() as session:
        email = session.get_one(User, user).email
        session.execute(
            delete(Factor).where(Factor.user_id == user, Factor.kind == "app", Factor.confirmed_at.is_(None))
        )
        if session.scalar(select(Factor.id).where(Factor.user_id == user, Factor.kind == "app")) is not None:
            raise ValidationError("An authenticator app is set up already.", "Turn it off first.")
        session.add(
            Factor(user_id=user, kind="app", sealed=vault.seal(secret, f"factor:{user}:app"), created_at=clock.now())
        )
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="FinTrack")
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=5, border=3, dark="#000", light="#fff")
    return AppSetup(secret, drawn.getvalue().decode())


def confirm_app(store: Store, vault: Vault, asker: Asker, code: str, address: str = "") -> tuple[str, ...]:
    """Let the app count from now on, once it has shown a right code; return new recovery codes, if there are none.

    Every other browser is signed out.

    Raises:
        StepUpNeededError: a fresh check is needed.
        SignInError: the code is not right.
        NotFoundError: no set-up was begun.
        TooManyAttemptsError: too many wrong ones.
    """
    user = demand(store, asker)
    with attempt(store, vault, "code", f"user:{user}", address):
        with store.write() as session:
            row = session.scalar(
                select(Factor).where(Factor.user_id == user, Factor.kind == "app", Factor.confirmed_at.is_(None))
            )
            if row is None:
                raise NotFoundError("No authenticator app is being set up.", "Begin again.")
            right = take_step(session, vault, row, code)
            codes = _add_factor(session, vault, row, asker) if right else ()
        if not right:
            raise SignInError(WRONG, "Wait for the next code and type that. Is the phone's clock right?")
    return codes


def begin_phone(
    store: Store, vault: Vault, senders: Senders, asker: Asker, number: str, channel: Literal["sms", "voice"]
) -> SentCode:
    """Send a first code to a phone; it counts as a factor once `confirm_sent` has seen the code.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: this is no phone number.
        PhoneError: the number can't be reached, or the provider failed.
        TooManyAttemptsError: too many codes were sent.
    """
    user = demand(store, asker)
    tidy = "+" + re.sub(r"\D", "", number) if number.strip().startswith(("+", "00")) else ""
    tidy = tidy.replace("+00", "+", 1)
    if not NUMBER.fullmatch(tidy):
        raise ValidationError("This is not a phone number.", "Write it with its country's code: +44 7700 900123.")
    with store.write() as session:
        _put_aside(session, user, "phone")
        session.add(
            Factor(user_id=user, kind="phone", sealed=vault.seal(tidy, f"factor:{user}:phone"), created_at=clock.now())
        )
    return send_code(store, vault, senders, user, channel, "set up")


def begin_email(store: Store, vault: Vault, senders: Senders, asker: Asker) -> SentCode:
    """Send a first code to the person's e-mail address; it counts as a factor once `confirm_sent` has seen the code.

    Raises:
        StepUpNeededError: a fresh check is needed.
        MailError: the letter could not be sent.
        TooManyAttemptsError: too many codes were sent.
    """
    user = demand(store, asker)
    with store.write() as session:
        _put_aside(session, user, "email")
        session.add(Factor(user_id=user, kind="email", created_at=clock.now()))
    return send_code(store, vault, senders, user, "email", "set up")


def confirm_sent(
    store: Store,
    vault: Vault,
    senders: Senders,
    asker: Asker,
    kind: Literal["phone", "email"],
    code: str,
    address: str = "",
) -> tuple[str, ...]:
    """Let a phone or the e-mail address count from now on; return new recovery codes, if there are none.

    Every other browser is signed out.

    Raises:
        StepUpNeededError: a fresh check is needed.
        SignInError, PhoneError, TooManyAttemptsError: as `check_code`.
        NotFoundError: no set-up was begun.
    """
    user = demand(store, asker)
    passed = check_code(store, vault, senders, user, code, "set up", address)
    if kind_of(passed.kind) != kind:
        raise SignInError("This code is for another way of getting codes.", "Send a new code.")
    with store.write() as session:
        row = session.scalar(
            select(Factor).where(Factor.user_id == user, Factor.kind == kind, Factor.confirmed_at.is_(None))
        )
        if row is None:
            raise NotFoundError("Nothing is being set up.", "Begin again.")
        if kind == "email":
            person = session.get_one(User, user)
            person.email_verified_at = person.email_verified_at or clock.now()
        return _add_factor(session, vault, row, asker)


def renew_codes(store: Store, vault: Vault, asker: Asker) -> tuple[str, ...]:
    """Replace the recovery codes; return the new ones, which are kept as digests only.

    Raises:
        StepUpNeededError: a fresh check is needed.
        NotFoundError: there is no second factor that they could stand in for.
    """
    user = demand(store, asker)
    with store.write() as session:
        if not has_factor(session, user):
            raise NotFoundError("There is no second factor yet.", "Set one up first.")
        note(session, user, "recovery codes renewed")
        return _new_codes(session, vault, user)


def turn_off(store: Store, vault: Vault, asker: Asker, kind: FactorKind, password: str, passed: Passed | None) -> None:
    """Turn a factor off for good and sign all other browsers out. With the last one the recovery codes go.

    `passed` is the proof by a code that was typed beside the password; a recovery code will do.

    Raises:
        StepUpNeededError: a fresh check is needed.
        SignInError: the password is wrong, or the proof is old or none of a factor.
        ValidationError: it is the last factor, and the password too short to stand alone.
        NotFoundError: there is no such factor.
        TooManyAttemptsError: too many wrong passwords.
    """
    user = demand(store, asker)
    fits = passed is not None and passed.user == user and passed.is_second
    if not isinstance(asker, Operator) and not (fits and passed and clock.now() - passed.at <= JUST_NOW):
        raise SignInError("A code of a second factor is needed too.", "Nothing was changed.")
    with attempt(store, vault, "sign in", f"user:{user}"):
        with store.read() as session:
            person = session.get_one(User, user)
            last = not session.scalar(
                select(func.count()).where(
                    Factor.user_id == user, Factor.kind != kind, Factor.confirmed_at.is_not(None)
                )
            )
        if not matches(vault, password, person.password_hash):
            raise SignInError("The password is not right.", "Nothing was changed.")
    if last:
        _check_alone(password, person)
    with store.write() as session:
        gone = session.execute(
            delete(Factor)
            .where(Factor.user_id == user, Factor.kind == kind, Factor.confirmed_at.is_not(None))
            .returning(Factor.id)
        ).all()
        if not gone:
            raise NotFoundError("This factor is not there.", "Reload the page.")
        if not has_factor(session, user):
            session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user))
        end_others(session, user, asker.session_id)
        note(session, user, f"factor removed: {kind}")


def drop_factors(store: Store, operator: Operator) -> int:
    """Take all second factors and recovery codes off, for somebody who lost them; return how many factors.

    For the command line alone. Every browser is signed out; the password stays.
    """
    user = operator.user
    with store.write() as session:
        gone = session.execute(delete(Factor).where(Factor.user_id == user).returning(Factor.id)).all()
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user))
        end_others(session, user, 0)
        note(session, user, "factors dropped from the command line", factors=len(gone))
        return len(gone)


def _add_factor(session: Session, vault: Vault, row: Factor, asker: Asker) -> tuple[str, ...]:
    """Let a factor count in the caller's transaction, sign all other browsers out; return new recovery codes."""
    user = UserId(row.user_id)
    row.confirmed_at = clock.now()
    end_others(session, user, asker.session_id)
    note(session, user, f"factor added: {row.kind}")
    left = session.scalar(select(func.count()).where(RecoveryCode.user_id == user, RecoveryCode.used_at.is_(None)))
    return () if left else _new_codes(session, vault, user)


def _put_aside(session: Session, user: UserId, kind: str) -> None:
    """Drop a set-up that was begun before and not finished."""
    if session.scalar(
        select(Factor.id).where(Factor.user_id == user, Factor.kind == kind, Factor.confirmed_at.is_not(None))
    ):
        raise ValidationError("This is set up already.", "Turn it off first.")
    session.execute(delete(Factor).where(Factor.user_id == user, Factor.kind == kind))


def _new_codes(session: Session, vault: Vault, user: UserId) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user))
    codes = tuple(
        "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    )
    session.add_all(RecoveryCode(user_id=user, digest=recovery_digest(vault, user, code)) for code in codes)
    return codes


def _check_alone(password: str, person: User) -> None:
    """Refuse to leave a password alone that was short enough beside a factor only."""
    try:
        check_strength(password, person.email, person.first_name, person.last_name)
    except ValidationError as failure:
        raise ValidationError(
            f"Without a second factor your password is too weak. {failure.sentence}",
            "Change it to a longer one first.",
        ) from None
