"""A person's own rates in the store, and how up to date what they have is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.rates.shipped import shipped_rates
from core.rates.table import Rates
from core.rates.units import to_rate_units
from core.store import ExchangeRate, Store, UserId


@dataclass(frozen=True, slots=True)
class RatesStanding:
    """How up to date a person's rates are."""

    shipped: date
    """The last day of the rates that come with this version."""
    own: int
    """How many rates the person took in besides."""
    own_last: date | None
    """The last day of those, None without any."""
    last: date
    """The last day of all."""
    currencies: int
    """How many currencies can be converted, the euro too."""


def own_rates(rows: Iterable[tuple[str, date, str]]) -> dict[str, dict[date, int]]:
    """Return rates by currency and day from the rows of the store; one that is no rate is left out."""
    own: dict[str, dict[date, int]] = {}
    for currency, day, rate in rows:
        if (units := to_rate_units(rate)) is not None:
            own.setdefault(currency, {})[day] = units
    return own


def rates_in(session: Session, user: UserId) -> Rates:
    """Return the rates that hold for `user`, in the transaction of `session`."""
    rows = session.execute(
        select(ExchangeRate.currency, ExchangeRate.day, ExchangeRate.rate).where(ExchangeRate.user_id == user)
    )
    return Rates(own_rates((row.currency, row.day, row.rate) for row in rows))


def rates_of(store: Store, user: UserId) -> Rates:
    """Return the rates that hold for `user`: their own before those that are shipped."""
    with store.read() as session:
        return rates_in(session, user)


def rates_standing(store: Store, user: UserId) -> RatesStanding:
    """Tell of which day the rates of `user` are."""
    own, shipped = rates_of(store, user).own, shipped_rates()
    days = [day for series in own.values() for day in series]
    known = {*own, *shipped.currencies}
    return RatesStanding(shipped.last, len(days), max(days, default=None), max([shipped.last, *days]), len(known) + 1)
