"""What a recurring series comes to: its amount and its changes, when it is due next, how it stands, and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from statistics import median, median_low
from typing import Final, Literal

from core.money import from_units, minor_digits, to_units
from core.planning.cadence import CadenceName
from core.planning.evidence import PAIR, SAME, Verdict
from core.planning.fitting import Fit

State = Literal["new", "active", "paused", "ended"]
Direction = Literal["in", "out"]
Spread = Literal["fixed", "varying"]

NEW_PAYMENTS: Final = 3
"""A series with more payments than this is not new any more."""
MISSED: Final = 3
"""After so many payments missed in a row, a series has ended; of those a quarter or more apart, after one less."""
LONG: Final = 90
YEAR: Final = 360
GRACE: Final = 30
"""Days after which a yearly payment that did not come will not come."""
YEARS_PAYMENTS: Final = 12
"""A varying amount is that of so many last payments."""
TIMES: Final = 3
"""A price is at most so many times another: a month of trial, or of arrears, is none."""
TIMES_ONCE: Final = 2
"""The same where one of them was paid only once so far."""
AHEAD: Final = 400
"""So many days ahead of today payments are foreseen."""
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class PriceChange:
    """From which day on another amount is paid. Amounts without sign."""

    day: dt.date
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """Payments that belong together and come again. Amounts as everywhere: negative is money out."""

    ids: tuple[int | str, ...]
    """The payments, by date."""
    payee: str
    direction: Direction
    currency: str
    accounts: tuple[int | str, ...]
    """Where it is paid, the present account last."""
    cadence: CadenceName
    amount: Decimal
    """What is paid at present: the last amount where it is fixed, else the middle one of the last twelve."""
    spread: Spread
    lowest: Decimal
    highest: Decimal
    """Of all payments; the lowest is the one nearest to zero."""
    first_date: dt.date
    last_date: dt.date
    following: dt.date
    """When the payment after the last is due, whether it has come to that or not."""
    next_date: dt.date | None
    """When to expect the next; may lie before today when it is late, is None when the series has ended."""
    window: tuple[dt.date, dt.date] | None
    """From when until when the next is likely."""
    upcoming: tuple[dt.date, ...]
    """The days on which payments are expected from the next one on, for a little over a year; () when it has ended."""
    yearly: Decimal
    """What it comes to in a year at present."""
    price_changes: tuple[PriceChange, ...]
    state: State
    confidence: float
    reasons: tuple[str, ...]
    kind: str
    """The kind of service ("music"), "" where the name does not tell."""
    category: str
    """The category of most of its payments, "" where none has one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A series' payments before they are told about, by date. `units` are in 1/10000 without sign."""

    ids: tuple[int | str, ...]
    days: tuple[int, ...]
    units: tuple[int, ...]
    accounts: tuple[int | str, ...]
    payee: str
    income: bool
    currency: str
    kind: str
    category: str
    verdict: Verdict


def told(found: Found, today: dt.date) -> Series:
    """Return everything about a series as it stands `today`."""
    fit, sign = found.verdict.fit, 1 if found.income else -1
    fixed = found.verdict.same >= 0.5
    recent = found.units[-YEARS_PAYMENTS:]
    typical = found.units[-1] if fixed else median_low(recent)
    if fixed and len(found.units) > PAIR and found.units[-1] not in found.units[:-1]:
        # A single other amount at the end may be a new price, or a slip: a price is near the one before.
        before = found.units[-2]
        typical = found.units[-1] if abs(found.units[-1] - before) <= 0.5 * before else before
    per_year, minor = fit.schedule.cadence.per_year, to_units(Decimal(1).scaleb(-minor_digits(found.currency)))
    yearly = (typical if fixed else round(Fraction(sum(recent), len(recent) * minor)) * minor) * per_year
    following = _following(found, fit, 1)
    state = _state(found, following, today)
    expected = None if state == "ended" else following
    ahead = 1
    while state == "paused" and expected is not None and expected < today:
        ahead += 1
        expected = _following(found, fit, ahead)
    changes = _price_changes(found, typical) if fixed else ()
    around = dt.timedelta(days=_window(fit))
    return Series(
        ids=found.ids,
        payee=found.payee,
        direction="in" if found.income else "out",
        currency=found.currency,
        accounts=tuple(dict.fromkeys(reversed(found.accounts)))[::-1],
        cadence=fit.schedule.cadence.name,
        amount=from_units(sign * typical),
        spread="fixed" if fixed else "varying",
        lowest=from_units(sign * min(found.units)),
        highest=from_units(sign * max(found.units)),
        first_date=dt.date.fromordinal(found.days[0]),
        last_date=dt.date.fromordinal(found.days[-1]),
        following=following,
        next_date=expected,
        window=(expected - around, expected + around) if expected else None,
        upcoming=_upcoming(found, fit, ahead, today) if expected else (),
        yearly=from_units(sign * yearly),
        price_changes=changes,
        state=state,
        confidence=found.verdict.confidence,
        reasons=tuple(_reasons(found, fixed=fixed, changes=changes)),
        kind=found.kind,
        category=found.category,
    )


def _following(found: Found, fit: Fit, ahead: int) -> dt.date:
    """Return when the payment that is `ahead` after the last is due."""
    last = found.days[-1]
    if fit.schedule.step:
        return dt.date.fromordinal(last + max(1, round(ahead * fit.schedule.step)))
    usual = round(median(fit.late[-YEARS_PAYMENTS:]))
    slot = fit.slots[-1] + ahead * fit.schedule.stride
    day = fit.schedule.due(slot) + usual
    day += _weekend_shift(found, fit, day)
    return dt.date.fromordinal(max(day, last + 1))


def _upcoming(found: Found, fit: Fit, ahead: int, today: dt.date) -> tuple[dt.date, ...]:
    """Return the due days from the payment on that is `ahead` after the last, each once."""
    until = today + dt.timedelta(days=AHEAD)
    days = [_following(found, fit, ahead)]
    while days[-1] <= until:
        ahead += 1
        days.append(max(_following(found, fit, ahead), days[-1] + dt.timedelta(days=1)))
    return tuple(days[:-1]) or tuple(days)


def _weekend_shift(found: Found, fit: Fit, day: int) -> int:
    """Return how a payment due on `day` moves if that is on a weekend, as those before did."""
    weekday = (day - 1) % 7
    if weekday < _SATURDAY:
        return 0
    moved = []
    for slot, position in zip(fit.slots, found.days, strict=True):
        due = fit.schedule.due(slot)
        if (due - 1) % 7 >= _SATURDAY:
            moved.append(position - due)
    if moved and all(paid > 0 for paid in moved[-3:]):
        return 7 - weekday
    if moved and all(paid < 0 for paid in moved[-3:]):
        return _SATURDAY - 1 - weekday
    return 0


def _window(fit: Fit) -> int:
    off = sorted(abs(late) for late in fit.late)
    return max(1, off[min(len(off) - 1, ceil(0.9 * len(off)))])


def _state(found: Found, following: dt.date, today: dt.date) -> State:
    cadence = found.verdict.fit.schedule.cadence
    late = (today - following).days
    if late > cadence.slack:
        missed = int(late // cadence.days) + 1
        if cadence.days > YEAR:
            return "ended" if late > GRACE else "paused"
        return "ended" if missed >= (MISSED if cadence.days < LONG else MISSED - 1) else "paused"
    begun = (today.toordinal() - found.days[0]) / cadence.days
    return "new" if len(found.ids) <= NEW_PAYMENTS and begun <= NEW_PAYMENTS + 1 and cadence.days < LONG else "active"


def _price_changes(found: Found, typical: int) -> tuple[PriceChange, ...]:
    """Return where an amount stayed for good; a single payment that differs is none, but for the last at `typical`."""
    runs: list[list[int]] = []
    for position, units in enumerate(found.units):
        if runs and abs(units - found.units[runs[-1][-1]]) <= SAME * max(units, found.units[runs[-1][-1]]):
            runs[-1].append(position)
        else:
            runs.append([position])
    last = len(found.units) - 1
    lasting = [run for run in runs if len(run) > 1 or run[0] == 0 or (run[-1] == last and found.units[last] == typical)]
    changes = []
    for before, after in pairwise(lasting):
        old, new = found.units[before[-1]], found.units[after[0]]
        most = TIMES if min(len(before), len(after)) > 1 else TIMES_ONCE
        if SAME * max(old, new) < abs(new - old) and max(old, new) <= most * min(old, new):
            day = dt.date.fromordinal(found.days[after[0]])
            changes.append(PriceChange(day, from_units(old), from_units(new)))
    return tuple(changes)


def _reasons(found: Found, *, fixed: bool, changes: Sequence[PriceChange]) -> list[str]:
    fit = found.verdict.fit
    furthest = max(abs(late) for late in fit.late)
    when = "on the day" if furthest == 0 else "at most a day off" if furthest == 1 else f"at most {furthest} days off"
    reasons = [f"{len(found.ids)} payments, {fit.schedule.cadence.name}, {when}"]
    skipped = fit.periods - len(fit.slots)
    if skipped:
        reasons.append("once skipped" if skipped == 1 else f"{skipped} times skipped")
    if fixed and not changes:
        reasons.append("the same amount" if len(set(found.units)) == 1 else "mostly the same amount")
    elif fixed:
        times = "once" if len(changes) == 1 else f"{len(changes)} times"
        reasons.append(f"the same amount, changed {times}")
    else:
        digits = minor_digits(found.currency)
        least, most = (from_units(one) for one in (min(found.units), max(found.units)))
        reasons.append(f"amounts vary from {least:.{digits}f} to {most:.{digits}f}")
    if found.kind:
        reasons.append(f"the name tells of a service: {found.kind}")
    if len(found.ids) == PAIR:
        reasons.append("seen twice only")
    if len(set(found.accounts)) > 1:
        reasons.append("paid from more than one account")
    return reasons
