"""The unusual purchases of a person, with the facts that tell why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Final

import numpy as np

from core.cache import UserCache
from core.insights.anomalies.detecting import Detected, ReasonKind, detect
from core.insights.anomalies.evidence import TWINS, WITHIN, gather
from core.insights.anomalies.grouping import Flags, Ints
from core.insights.anomalies.scoring import scores, surprise
from core.insights.anomalies.spending import EPOCH, Spending, spending_of
from core.insights.anomalies.wording import Fact, sentence
from core.money import from_units
from core.planning import gathered

RECENT: Final = 92
"""Older purchases, in days, are held against, but no longer told of."""
MOST_A_MONTH: Final = 5
"""Of one calendar month the highest scores are told: who is told of everything reads nothing."""
SHOWN: Final = 50
"""So many of the rows that a purchase was held against are named, the newest."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One unusual purchase; amounts among the facts are positive.

    Always there are `merchant`, `amount`, `currency`, `day` and `compared`, the ids of rows it is held against, newest
    first. By kind: "merchant" and "category" have `usual` (the median of the others), `usual_currency`, `others` (their
    number) and `times`; "category" and "new merchant" have `category`; "new merchant" has `larger_than`, a share of all
    purchases in percent; "double" has `days` apart and `count`; "burst" has `count`, `total` and `total_currency`. A
    currency of "" is that of the person's totals.
    """

    transaction_id: int
    score: float
    """From 0 to 1: the higher, the more unusual among all that the person bought."""
    reason_kind: ReasonKind
    reason: str
    """The sentence that says why, with names of facts in braces."""
    facts: Mapping[str, Fact] = field(hash=False)


def find_anomalies(cache: UserCache, today: date) -> Sequence[Anomaly]:
    """Return what is unusual among the purchases of the three months up to `today`, newest first.

    Only spending counts, no transfers. The same rows give the same answer, in whatever order they came.

    Raises:
        CacheError, NotFoundError: see `UserCache.ask`.
    """
    with cache.answering() as answer:
        spending = spending_of(answer.columns("anomaly_rows"), today)
    if not len(spending.purchases):
        return ()
    paid_again = {int(one) for series in gathered(cache, today).recurring for one in series.series.ids}
    recurring = np.isin(spending.ids, list(paid_again)) if paid_again else np.zeros(len(spending.ids), dtype=bool)
    return anomalies_in(spending, recurring, today)


def anomalies_in(spending: Spending, recurring: Flags, today: date) -> Sequence[Anomaly]:
    """Return the anomalies among `spending`; `recurring` are rows that are part of a series."""
    days = spending.purchases.days
    recent = days > today.toordinal() - EPOCH - RECENT
    evidence = gather(spending.purchases)
    detected = detect(spending, evidence, recurring)
    found = _strongest(detected, recent)
    if not found:
        return ()
    rows = np.array(sorted(found), dtype=np.int64)
    ranks = dict(zip(rows.tolist(), scores(evidence, rows, recent).tolist(), strict=True))
    chosen = _most_of_each_month(list(found), days, ranks, spending.ids)
    chosen.sort(key=lambda row: (-days[row], -spending.ids[row]))
    told = _Facts(spending, ranks)
    return tuple(told.of(row, found[row]) for row in chosen)


def _strongest(detected: Detected, recent: Flags) -> dict[int, ReasonKind]:
    """Return the kind of each row that is something: the one whose part is most surprising."""
    found: dict[int, tuple[float, ReasonKind]] = {}
    for kind, flags in detected.flags.items():
        rows = np.flatnonzero(flags & recent)
        strengths = surprise(detected.parts[kind], rows) if len(rows) else ()
        for row, strength in zip(rows.tolist(), strengths, strict=True):
            if row not in found or strength > found[row][0]:
                found[row] = (strength, kind)
    return {row: kind for row, (_, kind) in found.items()}


def _most_of_each_month(rows: list[int], days: Ints, ranks: Mapping[int, float], ids: Ints) -> list[int]:
    taken: dict[tuple[int, int], int] = {}
    chosen = []
    for row in sorted(rows, key=lambda one: (-ranks[one], -ids[one])):
        day = date.fromordinal(int(days[row]) + EPOCH)
        month = (day.year, day.month)
        taken[month] = taken.get(month, 0) + 1
        if taken[month] <= MOST_A_MONTH:
            chosen.append(row)
    return chosen


class _Facts:
    """Tells of a row with what it is held against."""

    def __init__(self, spending: Spending, ranks: Mapping[int, float]) -> None:
        self._of = spending
        self._ranks = ranks

    def of(self, row: int, kind: ReasonKind) -> Anomaly:
        of = self._of
        facts: dict[str, Fact] = {
            "merchant": of.names[row],
            "amount": from_units(int(of.units[row])),
            "currency": of.currencies[row],
            "day": date.fromordinal(int(of.purchases.days[row]) + EPOCH),
        }
        match kind:
            case "merchant":
                facts |= self._at_merchant(row)
            case "category":
                facts |= self._in_category(row)
            case "new merchant":
                facts |= self._at_new(row)
            case "double":
                facts |= self._twins(row)
            case "burst":
                facts |= self._charges(row)
        return Anomaly(int(of.ids[row]), round(self._ranks[row], 4), kind, sentence(kind, facts), facts)

    def _others(self, row: int, groups: Ints) -> Ints:
        """Return the other rows of a group, newest first."""
        of = self._of.purchases
        others = np.flatnonzero((groups == groups[row]) & (of.people == of.people[row]))
        others = others[others != row]
        order = np.lexsort((-self._of.ids[others], -of.days[others]))
        return np.asarray(others[order], dtype=np.int64)

    def _ids(self, rows: Ints) -> tuple[int, ...]:
        return tuple(self._of.ids[rows[:SHOWN]].tolist())

    def _at_merchant(self, row: int) -> dict[str, Fact]:
        of = self._of
        others = self._others(row, of.purchases.shops)
        same = [one for one in others.tolist() if of.currencies[one] == of.currencies[row]]
        # Where the merchant is paid in one currency, as nearly all are, what is usual is told in that.
        own = len(same) == len(others)
        units = (of.units if own else of.home)[others].tolist()
        paid = int((of.units if own else of.home)[row])
        return self._usual(units, paid, of.currencies[row] if own else "") | {"compared": self._ids(others)}

    def _in_category(self, row: int) -> dict[str, Fact]:
        of = self._of
        others = self._others(row, of.purchases.kinds)
        own = not of.rated[row]
        usual = self._usual(of.home[others].tolist(), int(of.home[row]), of.currencies[row] if own else "")
        return usual | {"category": of.categories[row], "compared": self._ids(others)}

    def _usual(self, others: list[int], paid: int, currency: str) -> dict[str, Fact]:
        middle = from_units(round(median(others)))
        times = float(from_units(paid) / middle) if middle else 0.0
        return {
            "usual": middle,
            "usual_currency": currency,
            "others": len(others),
            "times": f"{times:.1f}" if times < 10 else f"{times:.0f}",
        }

    def _at_new(self, row: int) -> dict[str, Fact]:
        of = self._of
        amounts, own = of.purchases.amounts, of.purchases.people == of.purchases.people[row]
        larger = np.flatnonzero(own & (amounts > amounts[row]))
        return {
            "category": of.categories[row],
            "larger_than": int(100 * np.mean(amounts[own] < amounts[row])),
            "compared": self._ids(larger[np.argsort(-of.purchases.days[larger], kind="stable")]),
        }

    def _twins(self, row: int) -> dict[str, Fact]:
        of = self._of.purchases
        others = self._others(row, of.shops)
        near = (of.prices[others] == of.prices[row]) & (np.abs(of.moments[others] - of.moments[row]) <= TWINS)
        twins = others[near]
        return {
            "count": len(twins) + 1,
            "days": int(of.days[row] - of.days[twins].min()),
            "compared": self._ids(twins),
        }

    def _charges(self, row: int) -> dict[str, Fact]:
        of = self._of.purchases
        others = self._others(row, of.shops)
        charges = others[np.abs(of.moments[others] - of.moments[row]) <= WITHIN]
        alike = {self._of.currencies[one] for one in [row, *charges.tolist()]}
        units = self._of.units if len(alike) == 1 else self._of.home
        return {
            "count": len(charges) + 1,
            "total": from_units(int(units[row] + units[charges].sum())),
            "total_currency": alike.pop() if len(alike) == 1 else "",
            "compared": self._ids(charges),
        }
