"""What a person pays and receives again and again, with what they said of it; what it costs, rose by and doubles."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from sqlalchemy import bindparam, select

from core import clock
from core.cache import UserCache
from core.errors import NotFoundError, ValidationError
from core.money import minor_digits
from core.planning.cadence import CADENCES
from core.planning.doubles import doubles
from core.planning.gathering import Gathered, Recurring, gathered
from core.planning.series import PriceChange, Series
from core.store import SeriesChoice, Store, User, UserId

Choice = Literal["", "confirmed", "ignored"]

LONGEST_NAME: Final = 80
YEAR: Final = dt.timedelta(days=365)
UNSURE: Final = dt.timedelta(days=45)
"""How long after the first transaction of all nothing can be said to be new."""
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_PER_YEAR: Final = {one.name: one.per_year for one in CADENCES}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Something that recurs, as the person sees it."""

    found: Recurring
    name: str
    """Their own name for it, else the found one."""
    choice: Choice
    monthly: Decimal
    """A twelfth of what it comes to in a year; negative is money out."""

    @property
    def key(self) -> str:
        """Return what it is called for good."""
        return self.found.key

    @property
    def named(self) -> bool:
        """Tell whether the person gave it a name."""
        return self.name != self.found.name

    @property
    def stopped(self) -> bool:
        """Tell whether nothing more is expected of it."""
        return self.found.series.state == "ended"


@dataclass(frozen=True, slots=True)
class Cost:
    """What all that is active comes to in one currency. Costs are positive."""

    currency: str
    active: int
    monthly: Decimal
    yearly: Decimal
    income_monthly: Decimal
    income_yearly: Decimal


@dataclass(frozen=True, slots=True)
class Rise:
    """A price that rose within the last twelve months."""

    subscription: Subscription
    change: PriceChange
    yearly: Decimal
    """What it costs more in a year; positive."""


@dataclass(frozen=True, slots=True)
class Double:
    """Several services of one kind that are paid for now, the dearest first."""

    kind: str
    members: tuple[Subscription, ...]
    yearly: Decimal
    """What they cost together in a year; positive."""
    saving: Decimal
    """What there would be to save in a year with the dearest alone; positive."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Everything on the page: each list by what it comes to in a year, the largest first."""

    active: tuple[Subscription, ...]
    """What is paid: new, active or paused."""
    income: tuple[Subscription, ...]
    stopped: tuple[Subscription, ...]
    ignored: tuple[Subscription, ...]
    costs: tuple[Cost, ...]
    """By currency, that of most first."""
    rises: tuple[Rise, ...]
    doubles: tuple[Double, ...]

    def begun(self, since: dt.date, until: dt.date, known_from: dt.date) -> tuple[Subscription, ...]:
        """Return what began to be paid within some days, the dearest first.

        What was there within the first weeks that anything is known of may have begun long before: it is left out.
        """
        earliest = max(since, known_from + UNSURE)
        found = [one for one in (*self.active, *self.stopped) if earliest <= one.found.series.first_date <= until]
        return tuple(sorted(found, key=lambda one: (one.found.series.yearly, one.name)))

    def risen(self, currency: str) -> Decimal:
        """Return what all rises together cost more in a year, in one currency."""
        return sum((one.yearly for one in self.rises if one.subscription.found.series.currency == currency), Decimal(0))

    def to_save(self, currency: str) -> Decimal:
        """Return what there would be to save in a year with the dearest of each kind alone, in one currency."""
        kinds = (one for one in self.doubles if one.members[0].found.series.currency == currency)
        return sum((one.saving for one in kinds), Decimal(0))


def subscriptions(store: Store, cache: UserCache, today: dt.date) -> Subscriptions:
    """Return what recurs for the person of `cache` as it stands `today`.

    Transfers between own accounts are left out, and so are payments of cards: what was bought with them is in.
    """
    seen = seen_by(store, cache.user, gathered(cache, today))
    by_cost = sorted(
        (one for one in seen if one.found.role in {"bill", "income"}),
        key=lambda one: (-abs(one.found.series.yearly), one.name, one.key),
    )
    heeded = [one for one in by_cost if one.choice != "ignored"]
    active = tuple(one for one in heeded if one.found.role == "bill" and not one.stopped)
    income = tuple(one for one in heeded if one.found.role == "income" and not one.stopped)
    return Subscriptions(
        active=active,
        income=income,
        stopped=tuple(one for one in heeded if one.stopped),
        ignored=tuple(one for one in by_cost if one.choice == "ignored"),
        costs=_costs(active, income),
        rises=_rises(active, today),
        doubles=_doubles(active),
    )


_SAID: Final = select(SeriesChoice.key, SeriesChoice.name, SeriesChoice.state).where(
    SeriesChoice.user_id == bindparam("user")
)
"""What a person said of series. Many screens ask, so it is made once, and by column."""


def seen_by(store: Store, user: UserId, found: Gathered) -> tuple[Subscription, ...]:
    """Return all that was found with what the person said of it."""
    with store.read() as session:
        said = {row.key: row for row in session.execute(_SAID, {"user": user})}
    return tuple(
        Subscription(
            one,
            (said[one.key].name if one.key in said else "") or one.name,
            _choice(said[one.key].state) if one.key in said else "",
            _twelfth(one.series.yearly, one.series.currency),
        )
        for one in found.recurring
    )


def choose(store: Store, user: UserId, key: str, *, state: Choice | None = None, name: str | None = None) -> None:
    """Keep what the person says of a series: `state` "" takes it back, `name` "" gives its own back; None leaves it.

    It holds for what is found under `key` from now on, whether it is found at present or not.

    Raises:
        ValidationError: the name is too long, or there is no such key or state.
        NotFoundError: the user is gone.
    """
    if not _KEY.fullmatch(key) or state not in {None, "", "confirmed", "ignored"}:
        raise ValidationError("This is nothing that can be said of a recurring payment.")
    wanted = None if name is None else " ".join(name.split())
    if wanted is not None and len(wanted) > LONGEST_NAME:
        raise ValidationError(f"A name has at most {LONGEST_NAME} characters.")
    with store.write() as session:
        # Held so that of two first choices at once neither fails.
        if session.scalar(select(User.id).where(User.id == user).with_for_update()) is None:
            raise NotFoundError("This user no longer exists.", "Sign in again.")
        said = session.get(SeriesChoice, (user, key))
        if said is None:
            said = SeriesChoice(user_id=user, key=key, state="", name="", at=clock.now())
            session.add(said)
        said.state = said.state if state is None else state
        said.name = said.name if wanted is None else wanted
        said.at = clock.now()
        if not (said.state or said.name):
            session.flush()
            session.delete(said)


def _choice(state: str) -> Choice:
    return "ignored" if state == "ignored" else "confirmed" if state == "confirmed" else ""


def _twelfth(yearly: Decimal, currency: str) -> Decimal:
    return (yearly / 12).quantize(Decimal(1).scaleb(-minor_digits(currency)))


def _costs(active: Sequence[Subscription], income: Sequence[Subscription]) -> tuple[Cost, ...]:
    currencies = [one.found.series.currency for one in (*active, *income)]
    costs = []
    for currency in sorted(set(currencies), key=lambda code: (-currencies.count(code), code)):
        paid = [one for one in active if one.found.series.currency == currency]
        received = [one for one in income if one.found.series.currency == currency]
        yearly, income_yearly = _yearly(paid), _yearly(received)
        costs.append(
            Cost(
                currency,
                len(paid),
                -_twelfth(yearly, currency),
                -yearly,
                _twelfth(income_yearly, currency),
                income_yearly,
            )
        )
    return tuple(costs)


def _yearly(several: Iterable[Subscription]) -> Decimal:
    return sum((one.found.series.yearly for one in several), Decimal(0))


def _rises(active: Iterable[Subscription], today: dt.date) -> tuple[Rise, ...]:
    found = [
        Rise(one, change, more * _PER_YEAR[one.found.series.cadence])
        for one in active
        for change, more in _stayed(one.found.series)
        if more > 0 and today - YEAR <= change.day <= today
    ]
    return tuple(sorted(found, key=lambda one: (-one.yearly, one.subscription.name)))


def _stayed(series: Series) -> list[tuple[PriceChange, Decimal]]:
    """Return the changes of a price, the last first, with what is left of each rise now; what came down is none."""
    lowest, left = abs(series.amount), []
    for change in reversed(series.price_changes):
        lowest = min(lowest, change.after)
        left.append((change, lowest - change.before))
    return left


def _doubles(active: Sequence[Subscription]) -> tuple[Double, ...]:
    of_series = {one.found.series.ids: one for one in active}
    found = []
    for same in doubles(one.found.series for one in active):
        members = tuple(of_series[series.ids] for series in same.series)
        found.append(Double(same.kind, members, -_yearly(members), -_yearly(members[1:])))
    return tuple(found)
