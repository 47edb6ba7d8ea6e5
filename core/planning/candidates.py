"""Payments that may be a series: the same payee, and amounts that lie together; in arrays, for a million at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np

from core.cache import in_groups, joint
from core.planning.cadence import CADENCES, Cadence
from core.planning.evidence import ALIKE, PAIR
from core.planning.screening import Flags, Groups, Ints, promising

LEVELS: Final = (None, 0.25, 0.04, 0.0)
"""Amounts belong together while each is at most this share above the next smaller; None: all of a payee."""
LONGEST: Final = 1_200
"""Longer gaps, in days, are all the same to us."""
DENSE: Final = 5
"""Where the middle gap is shorter, in days, nothing comes weekly or more seldom."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows by column, sorted by day. `units` are amounts in 1/10000, negative is money out."""

    days: Ints
    units: Ints
    accounts: Ints
    names: Ints
    """All words that come again in the text."""
    payees: Ints
    """Those of them that are no places."""
    heads: Ints
    """The first word: payees that share it may be one and the same."""
    currencies: Ints
    services: Flags
    habits: Flags
    """For each row, whether its text names a known service or a shop of habit."""


Candidate = tuple[Ints, tuple[Cadence, ...]]
"""Rows by date, and the cadences that they may have."""


def candidates(columns: Columns) -> Iterator[Candidate]:
    """Yield rows that are worth a close look, no set of them twice."""
    seen: set[bytes] = set()
    names, payees, heads = groups(columns)
    sizes = np.bincount(names)[names] if len(names) else names
    amounts = np.abs(columns.units)
    by_account = _grouped(payees, columns.accounts)
    # Of two where one is finer, with as many groups, the second is the first again.
    pairs = ((names, None), (payees, names), (by_account, payees), (heads, payees))
    by_amount = np.argsort(amounts, kind="stable")
    sizes_at: list[Ints] = [np.zeros_like(amounts) for _ in LEVELS]
    for group, same in pairs:
        if same is not None and group.max(initial=0) == same.max(initial=0):
            continue
        ranked, wider = by_amount[in_groups(group[by_amount])], np.zeros_like(amounts)
        for place, level in enumerate(LEVELS):
            clusters = group if level is None else _amounts_together(group, amounts, ranked, level)
            own = np.bincount(clusters)[clusters] if len(clusters) else clusters
            # Of what is part of another cluster, or has it as a part, and is as large, the same was asked before.
            fresh = (own != wider) & (own != sizes_at[place])
            wider = own
            if group is not by_account:
                sizes_at[place] = own
            order, starts, counts = _worth_a_look(clusters, fresh, columns.days, amounts)
            if not len(starts):
                continue
            hopes = promising(_together(columns, sizes, order, starts, counts))
            for cluster in np.flatnonzero(hopes.any(axis=1)):
                rows = order[starts[cluster] : starts[cluster] + counts[cluster]]
                mark = rows.tobytes()
                if mark not in seen:
                    seen.add(mark)
                    yield rows, tuple(cadence for cadence, hope in zip(CADENCES, hopes[cluster], strict=True) if hope)


def groups(columns: Columns) -> tuple[Ints, Ints, Ints]:
    """Return for each row the number of its name, payee and head, each with direction and currency."""
    heads = _grouped(columns.heads, (columns.units > 0).astype(np.int64), columns.currencies)
    payees = _grouped(heads, columns.payees)
    return _grouped(payees, columns.names), payees, heads


def _grouped(*codes: Ints) -> Ints:
    """Return one number for each combination of `codes`."""
    return reduce(joint, codes)


def _amounts_together(group: Ints, amounts: Ints, order: Ints, level: float) -> Ints:
    sorted_group, sorted_amounts = group[order], amounts[order]
    apart = np.ones(len(order), dtype=bool)
    apart[1:] = (sorted_group[1:] != sorted_group[:-1]) | (sorted_amounts[1:] > sorted_amounts[:-1] * (1 + level))
    clusters = np.empty(len(order), dtype=np.int64)
    clusters[order] = np.cumsum(apart) - 1
    return clusters


def _calendar_like() -> Flags:
    table = np.zeros(LONGEST + 1, dtype=bool)
    for low, high in ((6, 8), (12, 18), (25, 36), (55, 67), (83, 99), (172, 194), (352, 378), (720, 741)):
        table[low : high + 1] = True
    return table


_CALENDAR_LIKE: Final = _calendar_like()


def _together(columns: Columns, sizes: Ints, order: Ints, starts: Ints, counts: Ints) -> Groups:
    first = order[starts]
    return Groups(
        starts=starts,
        counts=counts,
        days=columns.days[order],
        amounts=np.abs(columns.units[order]),
        namesakes=sizes[first],
        service=columns.services[first],
        habit=columns.habits[first],
        income=columns.units[first] > 0,
    )


def _worth_a_look(clusters: Ints, fresh: Flags, days: Ints, amounts: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the `fresh` clusters whose days may be those of a series: their rows in turn, starts and counts."""
    rows = np.flatnonzero(fresh)
    order = rows[in_groups(clusters[rows])]
    if not len(order):
        return order, order, order
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = np.diff(clusters[order]) != 0
    starts = np.flatnonzero(begins)
    counts = np.diff(np.r_[starts, len(order)])
    gaps, within = _gaps(days[order], starts, counts, 1)
    fitting = within & _CALENDAR_LIKE[gaps]
    firm = np.add.reduceat(fitting.astype(np.int64), starts)
    distant = np.add.reduceat((within & (gaps >= DENSE)).astype(np.int64), starts)
    # Two of a kind that take turns fit every second time.
    second_gaps, second_within = _gaps(days[order], starts, counts, 2)
    either = np.add.reduceat((fitting | (second_within & _CALENDAR_LIKE[second_gaps])).astype(np.int64), starts)
    pairs = (counts == PAIR) & (firm == 1)
    at = starts[pairs]
    first, second = amounts[order[at]], amounts[order[at + 1]]
    changed = np.zeros(len(starts))
    changed[pairs] = np.abs(first - second) / np.maximum(np.maximum(first, second), 1)
    kept = (counts > PAIR) & (either >= 0.4 * (counts - 1)) & (distant >= 0.45 * (counts - 1))
    kept |= pairs & (changed <= ALIKE)
    shown = counts[kept]
    return order[np.repeat(kept, counts)], np.cumsum(shown) - shown, shown


def _gaps(days: Ints, starts: Ints, counts: Ints, lag: int) -> tuple[Ints, Flags]:
    """Return the days since the payment `lag` before, at most `LONGEST`, and where there is such a payment."""
    gaps = np.full(len(days), LONGEST)
    gaps[lag:] = np.clip(days[lag:] - days[:-lag], 0, LONGEST)
    return gaps, np.arange(len(days)) - np.repeat(starts, counts) >= lag
