"""Which rows to look at again when some changed, so that a sync of fifty rows doesn't look at a million."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

import numpy as np

from core.ledger.pairing.candidates import REACH
from core.ledger.pairing.habits import Habits
from core.ledger.pairing.rows import DayRates, Ledger, taken
from core.ledger.pairing.transfers import Transfer, find_transfers

AROUND: Final = REACH + 1
"""How many days around a changed row transfers may have changed."""

Span = tuple[dt.date, dt.date]


def spans_around(days: Iterable[dt.date], reach: int = AROUND) -> list[Span]:
    """Return the days, from first to last, to read around changed ones; those that touch are one span.

    `days` are those of a row before and after its change. For refunds ask with `REFUND_REACH`, by account.
    """
    spans: list[Span] = []
    for day in sorted(set(days)):
        first, last = day - dt.timedelta(reach), day + dt.timedelta(reach)
        if spans and first <= spans[-1][1] + dt.timedelta(1):
            spans[-1] = spans[-1][0], last
        else:
            spans.append((first, last))
    return spans


def within(ledger: Ledger, spans: Iterable[Span]) -> Ledger:
    """Return the rows of those days."""
    kept = np.zeros(len(ledger), np.bool_)
    for first, last in spans:
        kept |= (ledger.day >= first.toordinal()) & (ledger.day <= last.toordinal())
    return taken(ledger, np.flatnonzero(kept))


def look_again(
    ledger: Ledger,
    before: Iterable[Transfer],
    days: Iterable[dt.date],
    rates: DayRates | None = None,
    *,
    gone: Collection[int] = (),
    rejected: Collection[tuple[int, int]] = (),
    habits: Habits | None = None,
) -> tuple[list[Transfer], list[Transfer]]:
    """Return of the transfers `before` those that no longer hold, and those that hold in their place.

    `ledger` has at least the rows of `spans_around(days)`, as they are now, and no longer those that are `gone`.
    Transfers with a row outside of those days stay.
    """
    near = within(ledger, spans_around(days))
    here = set(near.id.tolist())
    inside = [one for one in before if one.out_id in here or one.in_id in here]
    open_ = [one for one in inside if {one.out_id, one.in_id} <= here.union(gone)]
    fixed = {row for one in inside if one not in open_ for row in (one.out_id, one.in_id)}
    free = taken(near, np.flatnonzero(~np.isin(near.id, np.array(sorted(fixed), np.int64))))
    now = find_transfers(free, rates, rejected=rejected, habits=habits)
    return [one for one in open_ if one not in now], [one for one in now if one not in open_]
