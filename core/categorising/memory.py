"""What became of the same text before: all of it, and what was near in amount, day of the month or account."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.categorising.movements import Columns, Floats, Ints

RECENT: Final = 48
"""So many of the latest movements of a text are compared one by one; of older ones only the counts are kept."""

NEAR_AMOUNT: Final = 0.02
SIMILAR_AMOUNT: Final = 0.35
"""How far two amounts may be apart, as a share, to speak for the same thing: a changed price, the same kind."""

NEAR_DAY: Final = 2.5
MONTH: Final = 30.4

VIEWS: Final = ("all", "sign", "amount", "exact", "day", "weekday", "account")


@dataclass(frozen=True)
class Memory:
    """The movements of each text, the latest first, ready to be compared with new ones."""

    starts: Ints
    log_amount: Floats
    sign: Ints
    day: Ints
    weekday: Ints
    account: Ints
    label: Ints
    share: Floats
    size: int

    @classmethod
    def learn(cls, place: Ints, columns: Columns, accounts: Ints, labels: Ints, size: int) -> "Memory":
        """Remember movements by `place`, the number of their text."""
        order = np.lexsort((-columns.ordinal, place))
        number = int(place.max()) + 1 if len(place) else 0
        total = np.bincount(place, minlength=number)
        begin = np.concatenate(([0], np.cumsum(total)))
        rank = np.arange(len(order)) - begin[place[order]]
        kept = order[rank < RECENT]
        starts = np.concatenate(([0], np.cumsum(np.minimum(total, RECENT))))
        share = total[place[kept]] / np.minimum(total, RECENT)[place[kept]]
        return cls(
            starts.astype(np.int64),
            columns.log_amount[kept],
            columns.sign[kept],
            columns.day[kept],
            columns.weekday[kept],
            accounts[kept],
            labels[kept],
            share.astype(np.float64),
            size,
        )

    def votes(self, place: Ints, columns: Columns, accounts: Ints) -> dict[str, Floats]:
        """Return the votes for each category by each view.

        `place` is the number of each row's text, -1 for one never seen: nobody votes then.
        """
        met = place >= 0
        lengths = np.where(met, self.starts[place + 1] - self.starts[np.maximum(place, 0)], 0)
        asking = np.repeat(np.arange(len(place)), lengths)
        within = np.arange(len(asking)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        told = np.repeat(self.starts[np.maximum(place, 0)], lengths) + within
        same_sign = (self.sign[told] == columns.sign[asking]).astype(np.float64)
        apart = np.abs(self.log_amount[told] - columns.log_amount[asking])
        days = np.abs(self.day[told] - columns.day[asking])
        days = np.minimum(days, MONTH - days)
        weight: dict[str, Floats] = {
            "all": self.share[told],
            "sign": same_sign,
            "amount": same_sign * np.exp(-0.5 * (apart / SIMILAR_AMOUNT) ** 2),
            "exact": same_sign * np.exp(-0.5 * (apart / NEAR_AMOUNT) ** 2),
            "day": same_sign * np.exp(-0.5 * (days / NEAR_DAY) ** 2),
            "weekday": same_sign * (self.weekday[told] == columns.weekday[asking]),
            "account": same_sign * (self.account[told] == accounts[asking]),
        }
        cell = asking * self.size + self.label[told]
        shape = (len(place), self.size)
        return {
            view: np.bincount(cell, weights=weight[view], minlength=shape[0] * shape[1])
            .reshape(shape)
            .astype(np.float64)
            for view in VIEWS
        }
