"""How far a goal is and when it is reached: plain sums of what is left, a month's amount and a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final, Literal

from core.money import minor_digits

MILESTONES: Final = (25, 50, 75, 100)
"""Per cent of the target that are told of."""
AVERAGE_MONTH: Final = Decimal("30.436875")
"""Days of a month: 365.2425 / 12."""
LONGEST: Final = 365 * 100
"""Days after which nobody can say."""

Outlook = Literal["reached", "on track", "behind", "late", "open", "unknown"]
"""open: there is no day to keep; late: the day has passed; unknown: nobody knows what is there."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A quarter of the way: `amount` is what is saved there, in the goal's currency."""

    percent: int
    amount: Decimal
    reached: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a goal is; amounts in its currency."""

    saved: Decimal | None
    """None where the linked account's balance is not known."""
    left: Decimal
    share: Decimal
    """Of the target, 0 to 1."""
    milestones: tuple[Milestone, ...]
    pace: Decimal
    """What came to it a month in the last three months; negative when it lost."""
    projected: date | None
    """The day it is reached at that pace, None when it never is."""
    needed: Decimal | None
    """What it takes a month to be there on its day; None without one, or when that has passed."""
    outlook: Outlook

    @property
    def more(self) -> Decimal | None:
        """Return how much more a month it takes than what comes to it; None where nothing more is needed."""
        if self.needed is None or self.outlook != "behind":
            return None
        more = self.needed - max(self.pace, Decimal(0))
        return more if more > 0 else None


def reach(
    saved: Decimal | None, target: Decimal, pace: Decimal, today: date, target_day: date | None, currency: str
) -> Reach:
    """Return how far a goal of `target` is, and whether it will be reached by its day.

    Amounts are in `currency`; `pace` is what comes to it a month, negative when it loses.
    """
    known = saved if saved is not None else Decimal(0)
    left = max(target - known, Decimal(0))
    milestones = tuple(
        Milestone(one, target * one / 100, saved is not None and known >= target * one / 100) for one in MILESTONES
    )
    needed = monthly_for(left, today, target_day, currency) if target_day else None
    projected = day_for(left, today, pace)
    outlook: Outlook
    if saved is None:
        outlook = "unknown"
    elif not left:
        outlook = "reached"
    elif target_day is None:
        outlook = "open"
    elif needed is None:
        outlook = "late"
    else:
        outlook = "on track" if projected is not None and projected <= target_day else "behind"
    share = min(max(known / target, Decimal(0)), Decimal(1))
    return Reach(saved, left, share, milestones, pace, projected, needed, outlook)


def day_for(left: Decimal, today: date, monthly: Decimal) -> date | None:
    """Return the day on which `left` is there with `monthly` a month from `today` on; None when it never is."""
    if left <= 0:
        return today
    if monthly <= 0:
        return None
    months = left / monthly
    if months * AVERAGE_MONTH > LONGEST:
        return None
    return today + timedelta(days=int((months * AVERAGE_MONTH).to_integral_value(ROUND_CEILING)))


def monthly_for(left: Decimal, today: date, day: date, currency: str) -> Decimal | None:
    """Return what it takes a month for `left` to be there on `day`, rounded up; None when that day has passed."""
    days = (day - today).days
    if left <= 0:
        return Decimal(0)
    if days < 0:
        return None
    # Nobody pays more than all of it: within the last month it is what is left.
    exact = left * AVERAGE_MONTH / max(Decimal(days), AVERAGE_MONTH)
    return exact.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_CEILING)


def largest_monthly(left: Decimal, needed: Decimal | None, pace: Decimal) -> Decimal:
    """Return a round amount up to which it is worth asking what if, for a slider."""
    wanted = max(2 * (needed or Decimal(0)), 2 * pace, left / 6, Decimal(10))
    step = Decimal(1).scaleb(max(wanted.adjusted(), 0))
    return ((wanted / step).to_integral_value(ROUND_CEILING) * step).quantize(Decimal(1))
