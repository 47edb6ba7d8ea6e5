"""Why an account and its statement disagree: the likely causes, each naming the very rows.

Everything here looks at rows only. A difference is what the statement has more than the rows: −12.50
means that the rows lack 12.50 going out, or hold 12.50 too much coming in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final, Literal

from core.ledger import alike, words

Kind = Literal["twice", "pending", "edge", "sign", "removed", "surplus", "pair", "missing"]

TWICE_DAYS: Final = timedelta(days=3)
EDGE_DAYS: Final = timedelta(days=5)
"""How far over a period's edge a bank and a statement may date the same movement."""
MOST_IN_PAIRS: Final = 60
MOST: Final = 8
"""So many causes are told at the most."""
MOST_OF_A_KIND: Final = 2
"""So many of those that any row of that amount makes: the nearest to the statement's end."""


@dataclass(frozen=True, slots=True)
class Row:
    """A transaction as far as comparing needs it; `amount` negative is out."""

    id: int
    date: date
    amount: Decimal
    name: str
    pending: bool = False
    removed: bool = False
    by_bank: bool = False
    """A bank connection tells of it: what is changed here, the next sync may tell again."""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One likely cause: what it is, which rows, and how much of the difference it explains."""

    kind: Kind
    sentence: str
    rows: tuple[Row, ...]
    explains: Decimal


def likely_causes(
    difference: Decimal, inside: Sequence[Row], around: Sequence[Row], opening_day: date | None, day: date
) -> tuple[Cause, ...]:
    """Return what may explain `difference`, the likeliest first; empty when there is none.

    `inside` are the living, posted rows of the period that ends on `day`; `around` all others near it:
    pending, removed, or dated over one of its edges.
    """
    if not difference:
        return ()
    found = [
        *_twice(difference, inside),
        *_pending(difference, around, day),
        *_over_the_edge(difference, inside, around, opening_day, day),
        *_flipped(difference, inside),
        *_removed(difference, around),
        *_surplus(difference, inside),
    ]
    if not found:
        found = list(_pairs(difference, inside, around, day))
    told: dict[tuple[int, ...], Cause] = {}
    for cause in found:
        told.setdefault(tuple(sorted(row.id for row in cause.rows)), cause)
    causes = list(told.values())[: MOST - 1]
    way = "going out" if difference < 0 else "coming in"
    causes.append(
        Cause(
            "missing",
            f"A transaction of this amount {way} may be missing here: import the file of that time.",
            (),
            difference,
        )
    )
    return tuple(causes)


def _twice(difference: Decimal, inside: Sequence[Row]) -> Iterable[Cause]:
    same: dict[Decimal, list[Row]] = defaultdict(list)
    for row in inside:
        if row.amount == -difference:
            same[row.amount].append(row)
    for rows in same.values():
        for one, other in combinations(sorted(rows, key=lambda row: (row.date, row.id)), 2):
            if other.date - one.date <= TWICE_DAYS and (
                one.name.casefold() == other.name.casefold() or alike(words(one.name), words(other.name))
            ):
                yield Cause("twice", "These two look like one: it may be here twice.", (one, other), difference)


def _pending(difference: Decimal, around: Sequence[Row], day: date) -> Iterable[Cause]:
    for row in around:
        if row.pending and not row.removed and row.amount == difference and row.date <= day + EDGE_DAYS:
            yield Cause(
                "pending", "This is still pending here, and the statement may count it already.", (row,), difference
            )


def _over_the_edge(
    difference: Decimal, inside: Sequence[Row], around: Sequence[Row], opening_day: date | None, day: date
) -> Iterable[Cause]:
    for row in around:
        if row.pending or row.removed or row.amount != difference:
            continue
        if day < row.date <= day + EDGE_DAYS:
            yield Cause(
                "edge", "Dated after the statement's end; the bank may have counted it before.", (row,), difference
            )
        elif opening_day is not None and opening_day - EDGE_DAYS < row.date <= opening_day:
            yield Cause(
                "edge", "Dated before the period; this statement may be the one that counts it.", (row,), difference
            )
    for row in inside:
        if row.amount != -difference:
            continue
        if day - EDGE_DAYS < row.date <= day:
            yield Cause(
                "edge", "Dated at the statement's end; the bank may count it only afterwards.", (row,), difference
            )
        elif opening_day is not None and row.date <= opening_day + EDGE_DAYS:
            yield Cause(
                "edge", "Dated at the period's start; the statement before may have counted it.", (row,), difference
            )


def _flipped(difference: Decimal, inside: Sequence[Row]) -> Iterable[Cause]:
    for row in _nearest(inside, difference / -2):
        yield Cause("sign", "With the other sign it would agree.", (row,), difference)


def _removed(difference: Decimal, around: Sequence[Row]) -> Iterable[Cause]:
    for row in _nearest([one for one in around if one.removed], difference):
        yield Cause("removed", "This was removed here, and the statement may still count it.", (row,), difference)


def _surplus(difference: Decimal, inside: Sequence[Row]) -> Iterable[Cause]:
    for row in _nearest(inside, -difference):
        yield Cause("surplus", "Without this one it would agree: the statement may not have it.", (row,), difference)


def _pairs(difference: Decimal, inside: Sequence[Row], around: Sequence[Row], day: date) -> Iterable[Cause]:
    """Two rows that explain it together: pending or just over the edge, and those at the very end of the period."""
    effects = [
        (row, row.amount) for row in around if not row.removed and (row.pending or day < row.date <= day + EDGE_DAYS)
    ]
    effects += [(row, -row.amount) for row in inside if day - EDGE_DAYS < row.date <= day]
    for (one, first), (other, second) in combinations(effects[:MOST_IN_PAIRS], 2):
        if first + second == difference:
            yield Cause(
                "pair", "Together these two explain it: pending, or dated over the edge.", (one, other), difference
            )


def _nearest(rows: Iterable[Row], amount: Decimal) -> list[Row]:
    return sorted((row for row in rows if row.amount == amount), key=lambda row: row.date)[: -MOST_OF_A_KIND - 1 : -1]
