"""The best one-to-one pairing of candidates: the largest sum of points, no row twice.

Rows are numbered by day and id, and ties go to the earlier ones, whichever side sends: the order of the input and the
direction of the money change nothing.
"""

from collections import defaultdict
from math import inf
from typing import Final

import numpy as np

from core.ledger.pairing.rows import Flags, Integers, Numbers

LARGEST: Final = 60
"""Groups of rows with more than this many on the smaller side are paired from the best pair down."""
_TIE: Final = 1e-9


def best_pairs(out: Integers, into: Integers, points: Numbers) -> Integers:
    """Return the places of the chosen pairs, ascending. All `points` are to be positive."""
    single = _degree(out)[out] * _degree(into)[into] == 1
    chosen = np.flatnonzero(single).tolist()
    for group in _groups(out, into, np.flatnonzero(~single)):
        chosen.extend(_pair_group(group, out, into, points))
    return np.array(sorted(chosen), np.int64)


def _degree(rows: Integers) -> Integers:
    return np.bincount(rows) if len(rows) else np.empty(0, np.int64)


def _groups(out: Integers, into: Integers, places: Integers) -> list[list[int]]:
    """Return the candidates grouped by connection through their rows."""
    root: dict[int, int] = {}

    def find(row: int) -> int:
        while root.setdefault(row, row) != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    ends = list(zip(places.tolist(), out[places].tolist(), into[places].tolist(), strict=True))
    for _, one, other in ends:
        first, second = sorted((find(one), find(other)))
        root[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for place, one, _ in ends:
        groups[find(one)].append(place)
    return list(groups.values())


def _pair_group(group: list[int], out: Integers, into: Integers, points: Numbers) -> list[int]:
    one, other = out[group].tolist(), into[group].tolist()
    if min(other) < min(one):
        one, other = other, one
    weights = points[group].tolist()
    rows, columns = sorted(set(one)), sorted(set(other))
    if min(len(rows), len(columns)) > LARGEST:
        return _from_the_top(group, one, other, weights)
    row_at = {row: place for place, row in enumerate(rows)}
    column_at = {column: place for place, column in enumerate(columns)}
    turned = len(rows) > len(columns)
    table = [[0.0] * max(len(rows), len(columns)) for _ in range(min(len(rows), len(columns)))]
    index: dict[tuple[int, int], int] = {}
    for place, first, second, weight in zip(group, one, other, weights, strict=True):
        cell = row_at[first], column_at[second]
        # Equals are paired in order: squares of the distance make crossing pairs the dearer ones.
        low, high = cell[::-1] if turned else cell
        table[low][high] = weight - _TIE * (low - high) ** 2
        index[low, high] = place
    cells = _largest_sum(table)
    return [index[cell] for cell in cells if cell in index]


def _from_the_top(group: list[int], one: list[int], other: list[int], weights: list[float]) -> list[int]:
    taken: set[int] = set()
    chosen = []
    order = sorted(range(len(group)), key=lambda at: (-weights[at], one[at], other[at]))
    for first, second, place in ((one[at], other[at], group[at]) for at in order):
        if first not in taken and second not in taken:
            taken |= {first, second}
            chosen.append(place)
    return chosen


def _largest_sum(table: list[list[float]]) -> list[tuple[int, int]]:
    """Return the assignment of all rows to columns with the largest sum; there are at least as many columns as rows.

    The Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987), in O(rows² · columns). Plain lists:
    nearly all tables are of two or three rows.
    """
    columns = len(table[0])
    row_price, price = [0.0] * (len(table) + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, len(table) + 1):
        owner[0], column = row, 0
        least, came = [inf] * (columns + 1), [0] * (columns + 1)
        open_ = set(range(1, columns + 1))
        seen = []
        while owner[column]:
            seen.append(column)
            current = owner[column]
            weights, own_price = table[current - 1], row_price[current]
            step, nearest = inf, 0
            for place in open_:
                cost = -weights[place - 1] - own_price - price[place]
                if cost < least[place]:
                    least[place], came[place] = cost, column
                if least[place] < step or (least[place] == step and place < nearest):
                    step, nearest = least[place], place
            for place in seen:
                row_price[owner[place]] += step
                price[place] -= step
            for place in open_:
                least[place] -= step
            open_.discard(nearest)
            column = nearest
        while column:
            owner[column] = owner[came[column]]
            column = came[column]
    return [(owner[column] - 1, column - 1) for column in range(1, columns + 1) if owner[column]]


def ambiguous(out: Integers, into: Integers, points: Numbers, chosen: Integers, alike: Integers, clear: float) -> Flags:
    """Tell which of the `chosen` pairs could nearly as well be other ones.

    `alike` gives rows that nobody could tell apart the same number: which of them is taken is no question, as long as
    all of them are paired.
    """
    partner: dict[int, int] = {}
    worth: dict[tuple[int, int], float] = dict(
        zip(zip(out.tolist(), into.tolist(), strict=True), points.tolist(), strict=True)
    )
    for place in chosen.tolist():
        partner[int(out[place])], partner[int(into[place])] = int(into[place]), int(out[place])
    doubtful: set[tuple[int, int]] = set()
    for (one, other), weight in worth.items():
        mine, theirs = partner.get(one), partner.get(other)
        if mine == other:
            continue
        kept = (worth[one, mine] if mine is not None else 0.0) + (worth[theirs, other] if theirs is not None else 0.0)
        swapped = weight
        if mine is not None and theirs is not None:
            swapped += worth.get((theirs, mine), 0.0)
            if alike[one] == alike[theirs] or alike[other] == alike[mine]:
                continue
        if kept - swapped < clear:
            if mine is not None:
                doubtful.add((one, mine))
            if theirs is not None:
                doubtful.add((theirs, other))
    return np.fromiter(
        ((int(out[place]), int(into[place])) in doubtful for place in chosen.tolist()), np.bool_, len(chosen)
    )
