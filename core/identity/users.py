"""Who can sign in: signing up, adding, finding, and what people may change of themselves."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select

from core import clock
from core.config import Settings
from core.errors import NotFoundError, SignInError, ValidationError
from core.identity.audit import note
from core.identity.limits import count_attempt
from core.identity.passwords import check_strength, hash_password, matches
from core.identity.ways import USUAL, Ways
from core.money import is_currency_code
from core.store import Session, Store, User, UserId
from core.vault import Vault

LONGEST_NAME: Final = 80
DEMO_DOMAIN: Final = "demo.invalid"
DEMO_LIFE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person tells of themselves and how they like things shown."""

    id: UserId
    email: str
    first_name: str
    last_name: str
    is_owner: bool
    is_demo: bool
    currency: str
    locale: str
    time_zone: str
    month_start_day: int
    week_start_day: int
    demo_days_ahead: int = 0

    @property
    def today(self) -> date:
        """Return today's date where this person is; the demo bank may have taken them some days ahead."""
        return clock.today(self.time_zone, self.demo_days_ahead)

    @property
    def full_name(self) -> str:
        """Return the names, or the e-mail where there are none."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


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
    address: str = "",
    ways: Ways = USUAL,
) -> None:
    """Let a newcomer in. An e-mail that is known already gets the same silence and takes the same time.

    Raises:
        ValidationError: the e-mail, a name or the password can't be taken; or sign-up is closed.
        TooManyAttemptsError: too many sign-ups from this address.
    """
    count_attempt(store, vault, "sign up", address)
    if not sign_up_open(store, settings):
        raise ValidationError("Signing up is closed on this machine.", "Ask its owner to add you.")
    wanted = _checked(email, password, first_name, last_name)
    kept = hash_password(vault, password)
    with store.write() as session:
        if session.scalar(select(User.id).where(User.email == wanted.email)) is not None:
            note(session, None, "sign up with a known e-mail", address)
            return
        owner = session.scalar(select(func.count()).select_from(User).where(User.is_demo.is_(False))) == 0
        session.add(_row_of(wanted, kept, ways, owner=owner))


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
        session.add(user)
        session.flush()
        note(session, UserId(user.id), "added from the command line")
        return UserId(user.id)


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


def normal_email(email: str) -> str:
    """Return the one spelling of an e-mail address under which a person is known.

    Raises:
        ValidationError: it is no e-mail address.
    """
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValidationError("This is not an e-mail address.", "It looks like name@example.org.") from None
    return checked.normalized.casefold()


def find_user(store: Store, email: str) -> UserId | None:
    """Return the user of an e-mail address, None when there is none."""
    with store.read() as session:
        found = session.scalar(select(User.id).where(User.email == email.strip().casefold()))
    return None if found is None else UserId(found)


def all_users(store: Store) -> list[UserId]:
    """Return every user, oldest first."""
    with store.read() as session:
        return [UserId(number) for number in session.scalars(select(User.id).order_by(User.id))]


def profile(store: Store, user: UserId) -> Profile:
    """Return what `user` tells of themselves.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.read() as session:
        row = session.get(User, user)
        if row is None:
            raise NotFoundError("This user no longer exists.", "Sign up again.")
        return profile_of(row)


def profile_of(row: User) -> Profile:
    """Return the profile in a row."""
    return Profile(
        UserId(row.id),
        row.email,
        row.first_name,
        row.last_name,
        row.is_owner,
        row.is_demo,
        row.currency,
        row.locale,
        row.time_zone,
        row.month_start_day,
        row.week_start_day,
        row.demo_days_ahead,
    )


def today_of(store: Store, user: UserId) -> date:
    """Return today's date for `user`: in their time zone, and as far ahead as the demo bank has taken them.

    Raises:
        NotFoundError: the user is gone.
    """
    return profile(store, user).today


def update_profile(store: Store, wanted: Profile) -> None:
    """Keep a changed profile; e-mail and roles are not changed here.

    Raises:
        ValidationError: a name, currency, locale, time zone or day can't be taken.
    """
    tidy = replace(
        wanted,
        first_name=" ".join(wanted.first_name.split()),
        last_name=" ".join(wanted.last_name.split()),
        currency=wanted.currency.strip().upper(),
    )
    if not tidy.first_name or max(len(tidy.first_name), len(tidy.last_name)) > LONGEST_NAME:
        raise ValidationError(f"A name has 1 to {LONGEST_NAME} characters.")
    if not is_currency_code(tidy.currency):
        raise ValidationError(f"{wanted.currency!r} is not a currency code.", "Use three letters such as EUR.")
    if tidy.time_zone not in available_timezones():
        raise ValidationError(f"{wanted.time_zone!r} is not a time zone.", "Use one such as Europe/Berlin.")
    if not 1 <= tidy.month_start_day <= 28 or not 0 <= tidy.week_start_day <= 6:
        raise ValidationError("A month starts on day 1 to 28 and a week on one of seven days.")
    try:
        Locale.parse(tidy.locale)
    except (UnknownLocaleError, ValueError):
        raise ValidationError(f"{wanted.locale!r} is not a locale.", "Use one such as en_GB.") from None
    with store.write() as session:
        row = session.get(User, tidy.id)
        if row is None:
            raise NotFoundError("This user no longer exists.", "Sign up again.")
        for name in ("first_name", "last_name", "currency", "locale", "time_zone", "month_start_day", "week_start_day"):
            setattr(row, name, getattr(tidy, name))


def change_password(store: Store, vault: Vault, user: UserId, session_id: int, old: str, new: str) -> None:
    """Change a password and sign out every other browser.

    Raises:
        SignInError: the old password is wrong.
        ValidationError: the new one can't be taken.
        TooManyAttemptsError: too many wrong ones.
    """
    with store.read() as session:
        row = session.get_one(User, user)
        known, email, names = row.password_hash, row.email, (row.first_name, row.last_name)
    ticket = count_attempt(store, vault, "sign in", email)
    if not matches(vault, old, known):
        raise SignInError("The present password is not right.", "Nothing was changed.")
    ticket.forgive()
    check_strength(new, email, *names)
    kept = hash_password(vault, new)
    with store.write() as session:
        session.get_one(User, user).password_hash = kept
        session.execute(delete(Session).where(Session.user_id == user, Session.id != session_id))
        note(session, user, "password changed")


def add_demo_user(store: Store, vault: Vault, address: str = "", ways: Ways = USUAL) -> UserId:
    """Add a throw-away user whom nobody can sign in as by password; most of the demo's money is in US dollars.

    Raises:
        TooManyAttemptsError: too many demos from this address.
    """
    count_attempt(store, vault, "demo", address)
    with store.write() as session:
        user = User(
            email=f"demo-{secrets.token_hex(8)}@{DEMO_DOMAIN}",
            first_name="Demo",
            password_hash="!",  # noqa: S106 - no password hashes to this
            is_demo=True,
            locale=ways.locale,
            time_zone=ways.time_zone,
            created_at=clock.now(),
        )
        session.add(user)
        session.flush()
        return UserId(user.id)


def stale_demo_users(store: Store) -> list[UserId]:
    """Return the demo users that are older than a day."""
    with store.read() as session:
        found = session.scalars(select(User.id).where(User.is_demo, User.created_at < clock.now() - DEMO_LIFE))
        return [UserId(number) for number in found]


def delete_users(store: Store, users: Iterable[UserId]) -> None:
    """Delete users with all that is theirs in the store."""
    for user in users:
        with store.write() as session:
            session.execute(delete(User).where(User.id == user))
