"""Finding transfers between a person's own accounts: both sides of each, how sure, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.ledger.pairing.assignment import ambiguous, best_pairs
from core.ledger.pairing.candidates import Pairs, equal_amounts, exchanged, joined, less_a_fee
from core.ledger.pairing.habits import Habits, learn, refine
from core.ledger.pairing.rates import rates_of
from core.ledger.pairing.rows import DayRates, Flags, Integers, Ledger
from core.ledger.pairing.scoring import ASKED, CLEAR, SURE, Scored, score
from core.ledger.pairing.texts import Reader
from core.ledger.pairing.wording import reasons_of

_LIKELY: Final = 1.0
"""From how many points of words and category on a row may have lost a fee or changed currency."""
_SILENT: Final = 0.5
_ALONE: Final = 3
"""Pairs of two silent rows are looked at only with up to so many others of their rows."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Two rows that are one movement between own accounts; unless `sure`, a person is to be asked."""

    out_id: int
    in_id: int
    score: float
    """From 0 to 1."""
    sure: bool
    reasons: tuple[str, ...]


def _first_pass(ledger: Ledger, pairs: Pairs, reader: Reader, habits: Habits) -> tuple[Pairs, Habits]:
    """Return the pairs that are worth a second look, and what the clear ones among them teach."""
    if not len(pairs):
        return pairs, habits
    scored = score(ledger, pairs, reader, habits)
    kept = scored.only(scored.points >= ASKED - 2)
    likely = scored.only(scored.points >= ASKED)
    chosen, doubtful = _assigned(ledger, likely, reader)
    clear = likely.only(chosen[~doubtful])
    return kept.pairs, refine(ledger, clear.pairs, clear.able, reader, habits)


def find_transfers(
    ledger: Ledger,
    rates: DayRates | None = None,
    *,
    rejected: Collection[tuple[int, int]] = (),
) -> list[Transfer]:
    """Return the transfers in a person's rows, by the day and id of the sending side.

    No row is in two of them. `rejected` pairs of ids, in either order, are never proposed again. Those between two
    currencies are told by `rates`, and by the rows themselves, where several agree, when `rates` lack one of the two.
    """
    reader = Reader(ledger)
    equal = equal_amounts(ledger)
    pairs = _allowed(ledger, joined([equal, *_unequal(ledger, rates, reader)]), rejected)
    if not len(pairs):
        return []
    pairs = _worth_a_look(ledger, pairs, reader)
    pairs, habits = _first_pass(ledger, pairs, reader, learn(ledger, equal, reader))
    scored = score(ledger, pairs, reader, habits) if len(pairs) else None
    return _told(ledger, scored.only(scored.points >= ASKED), reader) if scored else []


def _worth_a_look(ledger: Ledger, pairs: Pairs, reader: Reader) -> Pairs:
    """Return the pairs without those that meet in a crowd and of which neither side speaks of a transfer."""
    times = np.bincount(pairs.out, minlength=len(ledger)) + np.bincount(pairs.into, minlength=len(ledger))
    silent = (reader.points[pairs.out] < _SILENT) & (reader.points[pairs.into] < _SILENT)
    return pairs.only(~silent | (np.maximum(times[pairs.out], times[pairs.into]) <= _ALONE))


def _unequal(ledger: Ledger, rates: DayRates | None, reader: Reader) -> list[Pairs]:
    """Return the pairs that lost a fee or changed currency on the way; only rows that speak of transfers may have."""
    likely = reader.points >= _LIKELY
    found = [less_a_fee(ledger, likely)]
    if len(ledger.currencies) > 1:
        told = rates or {}
        known = np.array([currency in told for currency in ledger.currencies], np.bool_)
        if known.any():
            found.append(exchanged(ledger, likely, told))
        if not known.all():
            own = exchanged(ledger, likely, rates_of(ledger, likely))
            found.append(own.only(~(known[ledger.currency[own.out]] & known[ledger.currency[own.into]])))
    return found


def _allowed(ledger: Ledger, pairs: Pairs, rejected: Collection[tuple[int, int]]) -> Pairs:
    if not rejected:
        return pairs
    never = {frozenset(pair) for pair in rejected}
    ids = zip(ledger.id[pairs.out].tolist(), ledger.id[pairs.into].tolist(), strict=True)
    return pairs.only(np.fromiter((frozenset(pair) not in never for pair in ids), np.bool_, len(pairs)))


def _look_alike(ledger: Ledger, pairs: Pairs, reader: Reader) -> Integers:
    """Return for each row in `pairs` a number that rows of the same account, day, amount and wording share."""
    alike = np.arange(len(ledger), dtype=np.int64)
    seen: dict[tuple[int, int, int, tuple[str, ...]], int] = {}
    for row in np.unique(np.concatenate([pairs.out, pairs.into])).tolist():
        key = (
            int(ledger.account[row]), int(ledger.day[row]), int(ledger.units[row]), reader.template(row).words,
        )  # fmt: skip
        alike[row] = seen.setdefault(key, row)
    return alike


def _assigned(ledger: Ledger, scored: Scored, reader: Reader) -> tuple[Integers, Flags]:
    """Return the places of the best one-to-one pairs, and which of them are in doubt."""
    pairs = scored.pairs
    chosen = best_pairs(pairs.out, pairs.into, scored.points - ASKED + 1e-3)
    alike = _look_alike(ledger, pairs, reader)
    return chosen, ambiguous(pairs.out, pairs.into, scored.points, chosen, alike, CLEAR)


def _told(ledger: Ledger, scored: Scored, reader: Reader) -> list[Transfer]:
    chosen, doubtful = _assigned(ledger, scored, reader)
    best = scored.only(chosen)
    sure = best.able & ~doubtful & (best.points >= SURE)
    likeliness = 1 / (1 + np.exp(-best.points / 1.2))
    return [
        Transfer(
            int(ledger.id[best.pairs.out[place]]),
            int(ledger.id[best.pairs.into[place]]),
            round(float(likeliness[place]), 4),
            bool(sure[place]),
            reasons_of(ledger, best, place, doubtful=bool(doubtful[place])),
        )
        for place in np.lexsort((best.pairs.into, best.pairs.out)).tolist()
    ]
