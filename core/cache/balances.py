"""What was on an account at the end of any day.

The last balance told on or before a day, moved by the posted rows since; before the first told one, that one moved back
by the rows between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from core.cache.columns import Ints, Units
from core.cache.day_sums import day_at, day_number, day_sums, stretches_of
from core.cache.seat import Answer
from core.money import from_units


@dataclass(frozen=True, slots=True)
class Balances:
    """One account's balances, as far as they were told (at least one), and what its posted rows come to."""

    told_on: Ints
    """Days since 1970, in order."""
    told: Units
    """Owed is negative."""
    moved_on: Ints
    """Days with rows, in order."""
    moved: Units
    """What was posted before the first of these days, nothing; then up to the end of each."""

    @property
    def told_since(self) -> date:
        """Return the first day of which a balance was told: those before are worked backwards."""
        return day_at(int(self.told_on[0]))

    @property
    def known_since(self) -> date:
        """Return the first day that anything is known of."""
        return day_at(min([int(self.told_on[0]), *self.moved_on[:1].tolist()]))

    def on(self, days: Sequence[date]) -> tuple[Decimal, ...]:
        """Return what was on it at the end of some days; owed is negative."""
        asked = np.array([day_number(day) for day in days], dtype=np.int64)
        last = np.maximum(np.searchsorted(self.told_on, asked, "right") - 1, 0)
        balances = self.told[last] + self._moved_by(asked) - self._moved_by(self.told_on[last])
        return tuple(map(from_units, balances.tolist()))

    def _moved_by(self, days: Ints) -> Units:
        return self.moved[np.searchsorted(self.moved_on, days, "right")]


def balances_of(answer: Answer) -> Mapping[int, Balances]:
    """Return the balances of every account of which any was told, hidden ones too, by its id, as the data stand."""
    return answer.kept(_balances)


def _balances(answer: Answer) -> dict[int, Balances]:
    told, sums = answer.columns("told_balances"), day_sums(answer)
    accounts, days, current = told.ints("account_id"), told.ints("day"), told.units("current")
    found = {}
    for account in np.unique(accounts).tolist():
        its, rows = accounts == account, sums.where([account])
        moved_on, starts = stretches_of(sums.days[rows])
        posted = np.add.reduceat(sums.posted[rows], starts) if len(rows) else sums.posted[:0]
        moved = np.concatenate([np.zeros(1, dtype=posted.dtype), np.cumsum(posted)])
        found[account] = Balances(days[its], current[its], moved_on, moved)
    return found
