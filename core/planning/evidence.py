"""How much speaks for a series: payments on time, amounts that stay, a name that tells; and what speaks against it.

The measure is a logarithm of odds: how much likelier such days and amounts are if something is due on them than
if the same number of payments fell on any days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from typing import Final

from core.planning.cadence import CADENCES, Cadence
from core.planning.fitting import Fit, fits

NEEDED: Final = 6.0
"""The evidence that a series needs, chosen on households of our own (`tests.eval.recurring`)."""
PICKED: Final = 2.0
"""What more is needed of some payments among others of the same payee: there are many ways to pick some."""
RARE: Final = 0.5
"""What it tells that a payee of two payments is hardly ever paid else."""
SAME: Final = 0.006
"""Amounts that differ by this share at most are the same."""
NEAR: Final = 0.1
ALIKE: Final = 0.3
SHORT: Final = 17
"""Cadences up to this many days are those of habits too: amounts have to stay."""
PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments in question: of one payee, one direction, one currency, by date."""

    rows: tuple[int, ...]
    days: tuple[int, ...]
    units: tuple[int, ...]
    """Amounts without sign."""
    income: bool
    service: str
    """The kind of a known service; "" for none."""
    habit: str
    """The kind of a shop that people go to out of habit; "" for none."""
    company: int
    """How many payments of the same payee belong to no series, these included."""
    namesakes: int
    """How many of them have the very same words, a place among them perhaps."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A series as found, and what speaks for it."""

    fit: Fit
    rows: tuple[int, ...]
    evidence: float
    rank: float
    """Which of several to believe first."""
    same: float
    """The share of payments with the amount of the one before."""
    alike: float
    """The share of payments within a third of the one before."""

    @property
    def confidence(self) -> float:
        """Return how sure it is, 0 to 1."""
        return round(1 / (1 + exp(-(self.evidence - NEEDED + 1.5) / 2.5)), 2)


def judge(payments: Payments, cadences: Sequence[Cadence] = CADENCES) -> Verdict | None:
    """Return the best series among the payments on any of `cadences`; None where too little speaks for any."""
    best: Verdict | None = None
    # Most cadences choose the same payments.
    told: dict[tuple[int, ...], _Amounts] = {}
    for fit in fits(payments.days, payments.units, cadences):
        if fit.chosen not in told:
            told[fit.chosen] = _Amounts.of([payments.units[position] for position in fit.chosen])
        verdict = _weighed(payments, fit, told[fit.chosen])
        if verdict is not None and (best is None or verdict.rank > best.rank):
            best = verdict
    return best


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Amounts of payments, by date, and by which share each differs from the one before."""

    units: Sequence[int]
    changes: Sequence[float]
    same: float
    alike: float

    @classmethod
    def of(cls, units: Sequence[int]) -> "_Amounts":
        changes = [_change(before, after) for before, after in pairwise(units)]
        same = sum(change <= SAME for change in changes) / len(changes)
        return cls(units, changes, same, sum(change <= ALIKE for change in changes) / len(changes))


def _weighed(payments: Payments, fit: Fit, amounts: _Amounts) -> Verdict | None:
    count, periods = len(fit.chosen), fit.periods
    same, alike = amounts.same, amounts.alike
    if _two_in_one(fit, amounts.units) or not _plausible(payments, fit, same, alike):
        return None
    timing = _timing(fit, len(payments.rows))
    short = fit.schedule.cadence.days < SHORT and not payments.income
    picked = _picked(payments, fit)
    evidence = timing
    # Where the same amounts are paid on other days too, they tell nothing of these.
    if count >= 0.8 * len(payments.rows) or count == PAIR:
        evidence += sum(_worth(change, short=short, picked=picked) for change in amounts.changes)
    evidence += RARE if count == PAIR and payments.company <= 4 * PAIR else 0
    evidence += (3 if payments.service else 0) - (4 if payments.habit and not payments.service else 0)
    evidence -= log(max(1.0, sqrt(payments.company * payments.namesakes) / count)) + (PICKED if picked else 0)
    if evidence < NEEDED:
        return None
    used = count / len(payments.rows)
    rank = evidence * used * (0.4 + 0.6 * max(same, 0.5 * alike)) * (count / periods)
    return Verdict(fit, tuple(payments.rows[position] for position in fit.chosen), evidence, rank, same, alike)


def _plausible(payments: Payments, fit: Fit, same: float, alike: float) -> bool:
    """Tell whether a series has what any of its kind needs at the least."""
    count, coverage, cadence = len(fit.chosen), len(fit.chosen) / fit.periods, fit.schedule.cadence
    if count == PAIR:
        yearly = cadence.months == 12 and alike == 1
        known = bool(payments.service) and same == 1 and cadence.months == 1
        alone = payments.company <= 4 * PAIR or (payments.namesakes == PAIR and same == 1)
        return coverage == 1 and (yearly or known) and alone
    least = 0.75 if cadence.days < SHORT else 0.7 if _picked(payments, fit) else 0.6
    if count < 3 or coverage < least or count < 0.4 * len(payments.rows):
        return False
    if payments.habit and not payments.service:
        return same >= 0.8 and count > 3 and fit.jitter <= 1.5 and cadence.days >= SHORT
    if cadence.days < SHORT and not payments.income:
        return same >= 0.5 or (alike >= 0.9 and same > 0.2)
    if same < 0.5:
        share = 0.45 if fit.jitter <= 1.5 else 0.6
        apart = count >= 0.2 * payments.company or (count > 5 and coverage >= 0.95)
        steady = coverage >= 0.75 and count >= share * payments.namesakes and apart
        if alike < 0.7:
            return steady and count > 3 and fit.jitter <= 2.5 and coverage >= 0.8
        return steady and (count > 3 or same > 0 or fit.jitter <= 2)
    return True


def _timing(fit: Fit, payments: int) -> float:
    """Return how much likelier so many payments on time are than by chance (a binomial's log-likelihood ratio)."""
    count, periods = len(fit.chosen), fit.periods
    share = count / periods
    width = (1 + 3 * fit.jitter) * max(1.0, payments / periods)
    chance = min(0.95, width / fit.schedule.cadence.days)
    if share <= chance:
        return 0.0
    told = share * log(share / chance)
    if share < 1:
        told += (1 - share) * log((1 - share) / (1 - chance))
    free = len(fit.schedule.anchors)
    return told * max(0, periods - free)


def _picked(payments: Payments, fit: Fit) -> bool:
    """Tell whether these are some of the payee's payments: among many some always are alike.

    Those with the same place in their text may be another payee's, if they keep to their days.
    """
    return len(payments.rows) < (payments.namesakes if fit.jitter <= 1 else payments.company)


def _worth(change: float, *, short: bool, picked: bool) -> float:
    """Return what an amount tells that differs from the one before by the share `change`."""
    if change <= SAME:
        return 0.5 if picked else 1.5 if short else 2.0
    if change <= NEAR:
        return 0.0 if picked else 0.3 if short else 0.7
    if change <= ALIKE:
        return -0.3 if short or picked else 0.1
    return -2.0 if short else -0.5


def _change(before: int, after: int) -> float:
    return abs(after - before) / max(before, after, 1)


def _two_in_one(fit: Fit, amounts: Sequence[int]) -> bool:
    """Tell whether "twice a month" are two things of different amounts, each monthly."""
    if fit.schedule.cadence.name != "twice a month":
        return False
    halves = [
        sorted(amount for amount, slot in zip(amounts, fit.slots, strict=True) if slot % 2 == half) for half in (0, 1)
    ]
    if not all(halves):
        return True
    first, second = (half[len(half) // 2] for half in halves)
    return _change(first, second) > NEAR
