"""Pairs of rows that may be two sides of one transfer, by account, amount and day alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.ledger.pairing.rows import DayRates, Flags, Integers, Ledger, Numbers, rate_on

REACH: Final = 5
"""How many days apart the two sides of a transfer may be."""

CROWD: Final = 64
"""Of one amount within reach: with more partners than this for a row, only nearer days are looked at."""

RATE_SLACK: Final = 0.035
"""How far from the day's rate an exchange may be: banks take a margin."""

FEE_SHARE: Final = 0.03
FEE_LEAST: Final = 5_0000
FEE_MOST: Final = 50_0000


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Candidates as columns of row places. `off` is what is missing on arrival, as a share of what was sent."""

    out: Integers
    into: Integers
    off: Numbers
    foreign: Flags

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.out)

    def only(self, kept: Flags | Integers) -> "Pairs":
        """Return some of them."""
        return Pairs(self.out[kept], self.into[kept], self.off[kept], self.foreign[kept])


def nothing() -> Pairs:
    """Return no pairs."""
    none = np.empty(0, np.int64)
    return Pairs(none, none, np.empty(0, np.float64), np.empty(0, np.bool_))


def joined(parts: list[Pairs]) -> Pairs:
    """Return all pairs of several lists, without looking for doubles."""
    return Pairs(
        np.concatenate([part.out for part in parts]),
        np.concatenate([part.into for part in parts]),
        np.concatenate([part.off for part in parts]),
        np.concatenate([part.foreign for part in parts]),
    )


def spread(first: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Return, for every row's run of `counts` places from `first`, the row's number and the place."""
    row = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, np.repeat(first, counts) + within


def equal_amounts(ledger: Ledger) -> Pairs:
    """Return pairs of one currency and amount, within reach, in different accounts."""
    sized = np.abs(ledger.units) * len(ledger.currencies) + ledger.currency
    _, key = np.unique(sized, return_inverse=True)
    span = np.int64(REACH * 2 + 2)
    base = ledger.day.min() - span if len(ledger) else np.int64(0)
    width = (ledger.day.max() if len(ledger) else 0) - base + 2 * span
    code = key.astype(np.int64) * width + (ledger.day - base)
    outs, ins = np.flatnonzero(ledger.units < 0), np.flatnonzero(ledger.units > 0)
    outs, ins = outs[np.argsort(code[outs], kind="stable")], ins[np.argsort(code[ins], kind="stable")]
    reach = np.full(int(key.max()) + 1 if len(key) else 0, REACH, np.int64)
    for nearer in (1, 0, -1):
        crowded = _crowded(code[outs], code[ins], key[outs], reach)
        crowded |= _crowded(code[ins], code[outs], key[ins], reach)
        if not crowded.any():
            break
        reach[crowded] = nearer
    near = reach[key[outs]]
    first = np.searchsorted(code[ins], code[outs] - near, "left")
    last = np.searchsorted(code[ins], code[outs] + near, "right")
    row, place = spread(first, np.where(near < 0, 0, last - first))
    out, into = outs[row], ins[place]
    kept = ledger.account[out] != ledger.account[into]
    out, into = out[kept], into[kept]
    return Pairs(out, into, np.zeros(len(out)), np.zeros(len(out), np.bool_))


def _crowded(mine: Integers, theirs: Integers, key: Integers, reach: Integers) -> Flags:
    """Tell for each amount whether one of its rows has too many partners."""
    near = reach[key]
    counts = np.searchsorted(theirs, mine + near, "right") - np.searchsorted(theirs, mine - near, "left")
    crowded = np.zeros(len(reach), np.bool_)
    crowded[key[(counts > CROWD) & (near >= 0)]] = True
    return crowded


def less_a_fee(ledger: Ledger, likely: Flags) -> Pairs:
    """Return pairs of one currency of which a little less arrived than was sent, among the rows that are `likely`."""
    parts = []
    for currency in range(len(ledger.currencies)):
        here = likely & (ledger.currency == currency)
        outs, ins = np.flatnonzero(here & (ledger.units < 0)), np.flatnonzero(here & (ledger.units > 0))
        ins = ins[np.argsort(ledger.units[ins], kind="stable")]
        sent, arrived = -ledger.units[outs], ledger.units[ins]
        fee = np.minimum(np.clip((sent * FEE_SHARE).astype(np.int64), FEE_LEAST, FEE_MOST), sent // 10)
        parts.append(_within(ledger, outs, ins, arrived, sent - fee, sent - 1))
    found = joined(parts) if parts else nothing()
    off = 1 - ledger.units[found.into] / -ledger.units[found.out]
    return Pairs(found.out, found.into, off, found.foreign)


def exchanged(ledger: Ledger, likely: Flags, rates: DayRates) -> Pairs:
    """Return pairs of two currencies that agree by the day's rate, among rows that are `likely`."""
    worth = np.full(len(ledger), np.nan)
    for place, currency in enumerate(ledger.currencies):
        here = np.flatnonzero(likely & (ledger.currency == place))
        worth[here] = ledger.units[here] / rate_on(rates, currency, ledger.day[here])
    known = np.isfinite(worth)
    outs, ins = np.flatnonzero(known & (worth < 0)), np.flatnonzero(known & (worth > 0))
    ins = ins[np.argsort(worth[ins], kind="stable")]
    sent = -worth[outs]
    found = _within(ledger, outs, ins, worth[ins], sent / (1 + RATE_SLACK), sent * (1 + RATE_SLACK))
    found = found.only(ledger.currency[found.out] != ledger.currency[found.into])
    off = 1 - worth[found.into] / -worth[found.out]
    return Pairs(found.out, found.into, off, np.ones(len(found), np.bool_))


def _within(
    ledger: Ledger,
    outs: Integers,
    ins: Integers,
    values: Integers | Numbers,
    low: Integers | Numbers,
    high: Integers | Numbers,
) -> Pairs:
    """Return the pairs whose arriving value (`values`, ascending, of `ins`) is between `low` and `high`, in reach."""
    many = np.int64(len(ins) + 1)
    code = ledger.day[ins] * many + np.arange(len(ins))
    order = np.argsort(code, kind="stable")
    code = code[order]
    lowest, highest = np.searchsorted(values, low, "left"), np.searchsorted(values, high, "right")
    found_out, found_into = [], []
    for apart in range(-REACH, REACH + 1):
        day = (ledger.day[outs] + apart) * many
        first, last = np.searchsorted(code, day + lowest, "left"), np.searchsorted(code, day + highest, "left")
        row, place = spread(first, np.maximum(last - first, 0))
        out, into = outs[row], ins[order[place]]
        kept = ledger.account[out] != ledger.account[into]
        found_out.append(out[kept])
        found_into.append(into[kept])
    out, into = np.concatenate(found_out), np.concatenate(found_into)
    return Pairs(out, into, np.zeros(len(out)), np.zeros(len(out), np.bool_))
