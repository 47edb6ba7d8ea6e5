"""Second factors: an authenticator app (RFC 6238), a phone, the e-mail address; and recovery codes for the day without.

No code is taken twice: a step of the app's clock is used up by a conditional write, and so is every other code.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import pyotp
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import SignInError
from core.identity.audit import note
from core.identity.limits import attempt
from core.identity.passwords import matches
from core.store import Factor, RecoveryCode, Store, User, UserId
from core.vault import Vault

FactorKind = Literal["app", "phone", "email"]
STEP: Final = 30
"""Seconds of a time step."""
LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of recovery codes: none that looks like another."""
WRONG: Final = "This code is not right, or was used already."


FIRST: Final = frozenset({"password", "provider"})
"""What people sign in with: a proof by it is none by a second factor."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A proof of who somebody is, just given: by which kind of factor, and when."""

    user: UserId
    kind: str
    at: datetime

    @property
    def is_second(self) -> bool:
        """Tell whether it is a proof by a second factor."""
        return self.kind not in FIRST


@dataclass(frozen=True, slots=True)
class FactorEntry:
    """A factor that counts; `hint` is the end of a phone's number or the e-mail address."""

    kind: FactorKind
    hint: str
    confirmed_at: datetime


def list_factors(store: Store, vault: Vault, user: UserId) -> tuple[FactorEntry, ...]:
    """Return the factors of `user` that count, the app first."""
    order: tuple[FactorKind, ...] = ("app", "phone", "email")
    with store.read() as session:
        rows = {
            row.kind: row
            for row in session.scalars(select(Factor).where(Factor.user_id == user, Factor.confirmed_at.is_not(None)))
        }
        email = session.scalar(select(User.email).where(User.id == user)) or ""
    return tuple(
        FactorEntry(kind, _hint(vault, rows[kind], email), rows[kind].confirmed_at or clock.now())
        for kind in order
        if kind in rows
    )


def has_factor(session: Session, user: UserId) -> bool:
    """Tell whether a second factor of `user` counts."""
    return bool(session.scalar(select(func.count()).where(Factor.user_id == user, Factor.confirmed_at.is_not(None))))


def codes_left(store: Store, user: UserId) -> int:
    """Return how many recovery codes of `user` are unused."""
    with store.read() as session:
        return (
            session.scalar(select(func.count()).where(RecoveryCode.user_id == user, RecoveryCode.used_at.is_(None)))
            or 0
        )


def check_app(store: Store, vault: Vault, user: UserId, code: str, address: str = "") -> Passed:
    """Take a code of the authenticator app.

    Raises:
        SignInError: it is not right or was used already.
        TooManyAttemptsError: too many wrong ones.
    """
    with attempt(store, vault, "code", f"user:{user}", address):
        with store.write() as session:
            row = session.scalar(
                select(Factor).where(Factor.user_id == user, Factor.kind == "app", Factor.confirmed_at.is_not(None))
            )
            right = row is not None and take_step(session, vault, row, code)
            if not right:
                note(session, user, "second factor failed", address)
        if not right:
            raise SignInError(WRONG, "Wait for the next code, or use a recovery code.")
    return Passed(user, "app", clock.now())


def check_recovery(store: Store, vault: Vault, user: UserId, code: str, address: str = "") -> Passed:
    """Take a recovery code, which is used up by it.

    Raises:
        SignInError: it is not right or was used already.
        TooManyAttemptsError: too many wrong ones.
    """
    with attempt(store, vault, "code", f"user:{user}", address):
        with store.write() as session:
            used = session.execute(
                update(RecoveryCode)
                .where(
                    RecoveryCode.user_id == user,
                    RecoveryCode.digest == recovery_digest(vault, user, code),
                    RecoveryCode.used_at.is_(None),
                )
                .values(used_at=clock.now())
                .returning(RecoveryCode.id)
            ).all()
            note(session, user, "recovery code used" if used else "second factor failed", address)
        if not used:
            raise SignInError(WRONG, "Each recovery code works once.")
    return Passed(user, "recovery", clock.now())


def check_password(store: Store, vault: Vault, user: UserId, password: str, address: str = "") -> Passed:
    """Take the password as proof, where there is no second factor.

    Raises:
        SignInError: it is wrong, or a second factor has to be used.
        TooManyAttemptsError: too many wrong ones.
    """
    with attempt(store, vault, "sign in", f"user:{user}", address):
        with store.read() as session:
            kept, strict = session.get_one(User, user).password_hash, has_factor(session, user)
        if strict or not matches(vault, password, kept):
            raise SignInError("The password is not right.", "Type it again.")
    return Passed(user, "password", clock.now())


def take_step(session: Session, vault: Vault, row: Factor, code: str) -> bool:
    """Use up the time step whose code this is, of the present one and its two neighbours; tell whether it was free."""
    typed = "".join(code.split())
    app = pyotp.TOTP(vault.open(row.sealed, f"factor:{row.user_id}:app"), interval=STEP)
    present = int(clock.now().timestamp()) // STEP
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(app.generate_otp(step).encode(), typed.encode()):
            taken = session.execute(
                update(Factor)
                .where(Factor.id == row.id, Factor.last_step < step)
                .values(last_step=step)
                .returning(Factor.id)
            ).all()
            return bool(taken)
    return False


def recovery_digest(vault: Vault, user: UserId, code: str) -> str:
    """Return what is kept of a recovery code; hyphens, spaces and capitals don't matter."""
    bare = "".join(letter for letter in code.casefold() if letter in LETTERS)
    return hmac.digest(vault.derive("recovery codes"), f"{user}:{bare}".encode(), "sha256").hex()


def _hint(vault: Vault, row: Factor, email: str) -> str:
    if row.kind == "phone":
        return "··" + vault.open(row.sealed, f"factor:{row.user_id}:phone")[-3:]
    return email if row.kind == "email" else ""
