"""Taking in a file of the ECB for a person."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from core.errors import NotFoundError
from core.rates.kept import rates_in
from core.rates.reading import Read, read_rates
from core.rates.shipped import shipped_rates
from core.rates.units import written
from core.store import ExchangeRate, Store, User, UserId, insert_many, next_change, next_generation


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file."""

    rates: int
    """How many are in it."""
    changed: int
    """How many of them were not known, or known otherwise."""
    first: date
    last: date


def take_in_rates(store: Store, user: UserId, data: bytes) -> Taken:
    """Take the rates of a file of the ECB for `user`; theirs come before those that are shipped.

    Only what the shipped rates don't say is kept. When anything changes, all that was made from the old rates is void.

    Raises:
        RatesFileError: it is no such file, or broken; nothing is taken then.
        NotFoundError: the user is gone.
    """
    told = read_rates(data)
    with store.write() as session:
        # Two files at once: the second waits for the first.
        if session.scalar(select(User.id).where(User.id == user).with_for_update()) is None:
            raise NotFoundError("This user no longer exists.", "Sign in again.")
        known = rates_in(session, user)
        changed: Read = {}
        for currency, series in told.items():
            before = known.series(currency)
            if news := {day: units for day, units in series.items() if before.get(day) != units}:
                changed[currency] = news
        for currency, news in changed.items():
            session.execute(
                delete(ExchangeRate).where(
                    ExchangeRate.user_id == user,
                    ExchangeRate.currency == currency,
                    ExchangeRate.day.between(min(news), max(news)),
                )
            )
            shipped = shipped_rates().series(currency)
            between = {
                day: units for day, units in known.own.get(currency, {}).items() if min(news) <= day <= max(news)
            }
            insert_many(
                session,
                ExchangeRate,
                ("currency", "day", "rate"),
                [
                    (currency, day, written(units))
                    for day, units in (between | news).items()
                    if shipped.get(day) != units
                ],
                {"user_id": user},
            )
        if changed:
            next_generation(session, user)
            # Transfers between currencies are told by them.
            next_change(session, user)
    days = [day for series in told.values() for day in series]
    return Taken(len(days), sum(map(len, changed.values())), min(days), max(days))
