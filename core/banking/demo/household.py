"""The whole story of the demo household, from 24 months before it is met until some day after."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from core.banking.demo.bills import bills, checks, salaries
from core.banking.demo.entries import Entry
from core.banking.demo.habits import everyday
from core.banking.demo.mending import first_days, mistakes
from core.banking.demo.oneoffs import story, surprises
from core.banking.demo.transfers import Walk, follow
from core.banking.demo.workdays import days_between
from core.clock import add_months
from core.ledger import TransactionRecord

MONTHS: Final = 24
CHAPTER: Final = 92
"""The story is told this many days at a time: a longer one begins with the shorter one."""


@dataclass(frozen=True, slots=True)
class Household:
    """Every entry of the story up to `until`; two with the same seed and anchor agree where both know."""

    start: date
    until: date
    entries: tuple[Entry, ...]

    def rows(self, accounts: frozenset[str], day: date) -> dict[str, TransactionRecord]:
        """Return what the banks show of `accounts` on `day`, by transaction key, oldest first."""
        shown = (entry.seen_on(day) for entry in self.entries if entry.account in accounts)
        return {str(record.key): record for record in shown if record is not None}


def household(seed: int, anchor: date, day: date) -> Household:
    """Return the story that begins 24 months before `anchor` and reaches `day` at least."""
    chapters = max(0, -(-(day - anchor).days // CHAPTER))
    return _told(seed, anchor, anchor + timedelta(days=chapters * CHAPTER))


@lru_cache(maxsize=4)
def _told(seed: int, anchor: date, until: date) -> Household:
    start = add_months(anchor, -MONTHS)
    entries: list[Entry] = []
    for day in days_between(start, until):
        dice = Random(f"{seed} {day.isoformat()}")  # noqa: S311 - a believable life, no secret
        entries += everyday(dice, day, (day - start).days / 365)
        entries += surprises(dice, day)
        entries += bills(dice, start, day)
        entries += salaries(start, day)
        entries += checks(start, day)
        entries += mistakes(Random(f"{seed} mistakes {day.isoformat()}"), day)  # noqa: S311 - see above
    entries += story(Random(f"{seed} story"), anchor)  # noqa: S311 - see above
    entries += first_days(Random(f"{seed} first days"), anchor)  # noqa: S311 - see above
    walk = Walk(start, seed)
    walk.expect(entries)
    entries += follow(walk, days_between(start, until))
    entries.sort(key=lambda entry: (entry.day, entry.key))
    return Household(start, until, tuple(entries))
