"""Who can sign in: signing up, adding, finding, and what people may change of themselves."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, cast, get_args
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Row, delete, select

from core import clock
from core.errors import NotFoundError, ValidationError
from core.identity.limits import count_attempt
from core.identity.passwords import NO_PASSWORD
from core.identity.ways import USUAL, Ways
from core.money import is_currency_code
from core.store import Store, User, UserId
from core.vault import Vault

Look = Literal["system", "light", "dark"]
"""How screens look: as the browser's system does, or always light or dark."""
LOOKS: Final[tuple[Look, ...]] = get_args(Look)
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
    email_verified: bool = False
    has_password: bool = True
    look: Look = "system"

    @property
    def today(self) -> date:
        """Return today's date where this person is; the demo bank may have taken them some days ahead."""
        return clock.today(self.time_zone, self.demo_days_ahead)

    @property
    def full_name(self) -> str:
        """Return the names, or the e-mail where there are none."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


_OWN: Final = (
    "first_name",
    "last_name",
    "currency",
    "locale",
    "time_zone",
    "month_start_day",
    "week_start_day",
    "look",
)
"""What people change of their profile by themselves."""


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


PROFILE_COLUMNS: Final = (
    User.id,
    User.email,
    User.first_name,
    User.last_name,
    User.is_owner,
    User.is_demo,
    User.currency,
    User.locale,
    User.time_zone,
    User.month_start_day,
    User.week_start_day,
    User.demo_days_ahead,
    User.email_verified_at,
    User.password_hash,
    User.look,
)
"""What `profile_of` reads: less to load than a whole user."""


def profile_of(row: User | Row[*tuple[Any, ...]]) -> Profile:
    """Return the profile in a row that has `PROFILE_COLUMNS`."""
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
        row.email_verified_at is not None,
        row.password_hash != NO_PASSWORD,
        cast("Look", row.look),
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
        ValidationError: a name, currency, locale, time zone, day or look can't be taken.
        NotFoundError: the user is gone.
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
    if tidy.look not in LOOKS:
        raise ValidationError("There is no such look.", f"Choose one of {', '.join(LOOKS)}.")
    try:
        Locale.parse(tidy.locale)
    except (UnknownLocaleError, ValueError):
        raise ValidationError(f"{wanted.locale!r} is not a locale.", "Use one such as en_GB.") from None
    with store.write() as session:
        row = session.get(User, tidy.id)
        if row is None:
            raise NotFoundError("This user no longer exists.", "Sign up again.")
        for name in _OWN:
            setattr(row, name, getattr(tidy, name))


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
            password_hash=NO_PASSWORD,
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
