"""A household's rows while they are written: what is due on which days, and habits by chance."""

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from core.clock import add_months

UNTIL: Final = date(2026, 6, 30)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row as a bank shows it, and the series that it truly belongs to ("" for none)."""

    id: str
    account: str
    date: date
    amount: str
    description: str
    series: str


Due = Callable[[date, date, Random], Iterator[date]]
Text = Callable[[date], str]


class Book:
    """A household's rows while they are written."""

    def __init__(self, seed: int, months: int, name: str) -> None:
        self.dice = Random(f"{name} {seed}")
        self.start, self.end = add_months(UNTIL, -months), UNTIL
        self._rows: list[tuple[date, str, float, str, str]] = []

    def add(self, day: date, amount: float, text: str, series: str = "", account: str = "main") -> None:
        if self.start <= day <= self.end:
            self._rows.append((day, account, amount, text, series))

    def repeat(
        self,
        series: str,
        due: Due,
        amount: float,
        text: Text,
        *,
        swing: float = 0.0,
        rise: float = 0.0,
        skip: float = 0.0,
        part: tuple[float, float] = (0.0, 1.0),
        account: str = "main",
        moves_to: str = "",
    ) -> None:
        """Pay `amount` when due within `part` of the time; from the middle on `rise` more, or from another account."""
        span = (self.end - self.start).days
        first, last = (self.start + timedelta(days=int(span * share)) for share in part)
        middle = first + (last - first) * self.dice.uniform(0.3, 0.7)
        for day in due(first, last, self.dice):
            if self.dice.random() < skip:
                continue
            paid = amount * (1 + rise if day >= middle else 1) * (1 + swing * self.dice.uniform(-1, 1))
            self.add(day, round(paid, 2), text(day), series, moves_to if moves_to and day >= middle else account)

    def habit(
        self, chance: float | tuple[float, ...], low: float, high: float, text: Text, *, prices: tuple[float, ...] = ()
    ) -> None:
        """Buy something on a day with `chance` (one for each weekday, or for all)."""
        day = self.start
        while day <= self.end:
            if self.dice.random() < (chance if isinstance(chance, float) else chance[day.weekday()]):
                amount = self.dice.choice(prices) if prices else self.dice.triangular(low, high)
                self.add(day, -round(amount, 2), text(day))
            day += timedelta(days=1)

    def rows(self, flip: int = 1, *, unsigned: bool = False) -> list[Labelled]:
        """Return what was written, by date; `flip` -1 for banks that write spending as positive."""
        ordered = sorted(self._rows, key=lambda row: (row[0], self.dice.random()))
        counts: dict[str, int] = {}
        for row in ordered:
            counts[row[4]] = counts.get(row[4], 0) + 1
        return [
            Labelled(
                f"t{number}",
                account,
                day,
                f"{abs(amount) if unsigned else flip * amount:.2f}",
                text,
                series if counts[series] > 1 else "",
            )
            for number, (day, account, amount, text, series) in enumerate(ordered)
        ]


def monthly(of_month: int, every: int = 1, *, jitter: int = 0, months: tuple[int, ...] = (), weekend: int = 1) -> Due:
    """Be due on a day of the month (31 is the last); `weekend` 1 moves on to Monday, -1 back to Friday, 0 nowhere."""

    def days(first: date, last: date, dice: Random) -> Iterator[date]:
        month = first.replace(day=1)
        while month <= last:
            end = (add_months(month, 1) - timedelta(days=1)).day
            day = month.replace(day=min(of_month, end)) + timedelta(days=dice.randint(-jitter, jitter))
            while weekend and day.weekday() > 4:
                day += timedelta(days=weekend)
            if first <= day <= last and (not months or month.month in months):
                yield day
            month = add_months(month, every)

    return days


def every(length: int, *, jitter: int = 0, drift: bool = False) -> Due:
    """Be due every `length` days; with `drift` what was late once stays late."""

    def days(first: date, last: date, dice: Random) -> Iterator[date]:
        due = first + timedelta(days=dice.randint(0, length - 1))
        while due <= last:
            day = due + timedelta(days=dice.randint(-jitter, jitter))
            yield day
            due = (day if drift else due) + timedelta(days=length)

    return days


def digits(dice: Random, count: int) -> str:
    return "".join(dice.choice(string.digits) for _ in range(count))


def code(dice: Random, count: int) -> str:
    return "".join(dice.choice(string.ascii_uppercase + string.digits) for _ in range(count))
