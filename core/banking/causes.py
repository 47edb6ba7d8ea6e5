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
MOST_TWINS: Final = 5
"""With so many of the rows that follow it, of the same amount, a row is compared."""


@dataclass(frozen=True, slots=True)
class Row:
    """A transaction as far as comparing needs it; `amount` negative is out."""

    id: int
    date: date
    amount: Decimal
    name: str
    pending: bool = False
    removed: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One likely cause of the whole difference: what it is, and which rows.

    Where that is for the person to say, counting the rows `count_in` in and leaving `leave_out` out makes it agree.
    """

    kind: Kind
    sentence: str
    rows: tuple[Row, ...]
    count_in: tuple[int, ...] = ()
    leave_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Move:
    """A row that may be counted in or left out, and what that changes of the balance."""

    row: Row
    counted: bool

    @property
    def effect(self) -> Decimal:
        return -self.row.amount if self.counted else self.row.amount


def likely_causes(
    difference: Decimal, inside: Sequence[Row], around: Sequence[Row], opening_day: date | None, day: date
) -> tuple[Cause, ...]:
    """Return what may explain `difference`, the likeliest first; empty when there is none.

    `difference` is what the statement has more than the rows, negative when it has less, in the account's currency.

    `inside` are the rows that are counted up to `day`, since the statement of `opening_day` where there is one;
    `around` all others near them: pending, removed, left out, dated over an edge, or locked by another statement.
    """
    if not difference:
        return ()
    free = [row for row in around if may_count(row, day)]
    found = [
        *_twice(difference, inside, around),
        *_pending(difference, free),
        *_over_the_edge(difference, inside, free, opening_day, day),
        *_flipped(difference, inside),
        *_removed(difference, around),
        *_surplus(difference, inside),
    ]
    if not found:
        found = list(_pairs(difference, inside, around, free, day))
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
        )
    )
    return tuple(causes)


def may_count(row: Row, day: date) -> bool:
    """Tell whether the person may count a row in that is not counted by itself."""
    return not row.removed and not row.locked and row.date <= day + EDGE_DAYS


def _twice(difference: Decimal, inside: Sequence[Row], around: Sequence[Row]) -> Iterable[Cause]:
    """Two that look like one; the later one may also have come after the first was locked."""
    rows = [row for row in inside if row.amount == -difference]
    if rows:
        rows += [row for row in around if row.locked and not row.removed and row.amount == -difference]
    for one, other in _twins(rows):
        free = other if not other.locked else one
        if not free.locked:
            sentence = "These two look like one: it may be here twice."
            yield Cause("twice", sentence, (one, other), leave_out=(free.id,))


def _twins(rows: Iterable[Row]) -> Iterable[tuple[Row, Row]]:
    same: dict[Decimal, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.date, row.id)):
        for other in same[row.amount][-MOST_TWINS:]:
            if row.date - other.date <= TWICE_DAYS and (
                row.name.casefold() == other.name.casefold() or alike(words(row.name), words(other.name))
            ):
                yield other, row
        same[row.amount].append(row)


def _pending(difference: Decimal, free: Sequence[Row]) -> Iterable[Cause]:
    for row in free:
        if row.pending and row.amount == difference:
            sentence = "This is still pending here, and the statement may count it already."
            yield Cause("pending", sentence, (row,), count_in=(row.id,))


def _over_the_edge(
    difference: Decimal, inside: Sequence[Row], free: Sequence[Row], opening_day: date | None, day: date
) -> Iterable[Cause]:
    for row in free:
        if not row.pending and row.amount == difference:
            sentence = (
                "Dated after the statement's end; the bank may have counted it before."
                if row.date > day
                else "You left this out, and the statement may count it."
            )
            yield Cause("edge", sentence, (row,), count_in=(row.id,))
    for row in inside:
        if row.amount != -difference:
            continue
        if day - EDGE_DAYS < row.date:
            sentence = "Dated at the statement's end; the bank may count it only afterwards."
        elif opening_day is not None and row.date <= opening_day:
            sentence = "Dated before the period, and came after that was reconciled: this statement may not have it."
        elif opening_day is not None and row.date <= opening_day + EDGE_DAYS:
            sentence = "Dated at the period's start; the statement before may have counted it."
        else:
            continue
        yield Cause("edge", sentence, (row,), leave_out=(row.id,))


def _flipped(difference: Decimal, inside: Sequence[Row]) -> Iterable[Cause]:
    for row in _nearest(inside, difference / -2):
        yield Cause("sign", "With the other sign it would agree.", (row,))


def _removed(difference: Decimal, around: Sequence[Row]) -> Iterable[Cause]:
    for row in _nearest([one for one in around if one.removed], difference):
        yield Cause("removed", "This was removed here, and the statement may still count it.", (row,))


def _surplus(difference: Decimal, inside: Sequence[Row]) -> Iterable[Cause]:
    for row in _nearest(inside, -difference):
        sentence = "Without this one it would agree: the statement may not have it."
        yield Cause("surplus", sentence, (row,), leave_out=(row.id,))


def _pairs(
    difference: Decimal, inside: Sequence[Row], around: Sequence[Row], free: Sequence[Row], day: date
) -> Iterable[Cause]:
    """Two rows that explain it together: pending, over the edge, at the very end of the period, or here twice."""
    moves = {row.id: _Move(row, counted=False) for row in free}
    moves |= {row.id: _Move(row, counted=True) for row in inside if day - EDGE_DAYS < row.date}
    counted = {row.id for row in inside}
    locked = (row for row in around if row.locked and not row.removed)
    moves |= {row.id: _Move(row, counted=True) for _, row in _twins([*inside, *locked]) if row.id in counted}
    near = sorted(moves.values(), key=lambda move: abs(move.row.date - day))[:MOST_IN_PAIRS]
    for one, other in combinations(near, 2):
        if one.effect + other.effect == difference:
            yield Cause(
                "pair",
                "Together these two explain it: pending, here twice, or dated over the edge.",
                (one.row, other.row),
                count_in=tuple(move.row.id for move in (one, other) if not move.counted),
                leave_out=tuple(move.row.id for move in (one, other) if move.counted),
            )


def _nearest(rows: Iterable[Row], amount: Decimal) -> list[Row]:
    return sorted((row for row in rows if row.amount == amount), key=lambda row: row.date)[: -MOST_OF_A_KIND - 1 : -1]
