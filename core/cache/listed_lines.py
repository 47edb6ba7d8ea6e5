"""What lists are filtered by, line by line, by column in memory: asked for once until the data change.

DuckDB takes longer to plan which lines a filter means than numpy to look at each of them. Texts of rows and tags are
not held. Money is exact: whole numbers of 1/10000 unit, negative is money out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.cache.columns import Coded, Codes, Flags, Ints, Shorts, Units, flagged, packed
from core.cache.day_sums import between, in_order, stretches_of
from core.cache.searched import Searched
from core.cache.seat import Answer
from core.money import PLACES

KINDS: Final = ("income", "spending", "transfer")
"""As `money_kind` of schema.sql counts them."""
HELD: Final = frozenset(
    "accounts categories since until least most pending kinds hidden split currency weekday searched".split()
)
"""The conditions of filtering.py that are known here; a text is, where its wordings tell all."""


@dataclass(frozen=True, slots=True)
class ListedLines:
    """A row for each line; the oldest day first."""

    days: Shorts
    """Days since 1970."""
    dates: Shorts
    """Each of them once, in order."""
    begins: Ints
    """The place of the first line of each of `dates`."""
    ids: Shorts
    parts: npt.NDArray[np.int8]
    """From 1; 0 is a whole one."""
    accounts: Coded[int]
    categories: Coded[int]
    """0 without one."""
    kinds: Coded[str]
    pending: Flags
    hidden: Flags
    currencies: Coded[str]
    amounts: Units
    sizes: Units | npt.NDArray[np.unsignedinteger[Any]]
    """The amounts without their signs, in numbers as short as they can be."""
    rated: Flags
    home: Units
    """In the currency of totals; 0 without a rate. The very `amounts`, where all are in that one."""
    wordings: Codes
    database: str
    """What the one is called whose wordings these are."""

    def where(self, conditions: Mapping[str, Any], wordings: Flags | None = None) -> Ints:
        """Return the places of the lines that `HELD` conditions mean, oldest first; of some wordings, where told."""
        span = between(self.days, conditions["since"], conditions["until"])
        meant = np.ones(span.stop - span.start, dtype=bool)
        for name, column in (("accounts", self.accounts), ("categories", self.categories), ("kinds", self.kinds)):
            wanted = conditions[name]
            if wanted is not None and not set(column.values) <= set(wanted):
                meant &= column.at(span).among(wanted)
        if conditions["currency"] is not None:
            meant &= self.currencies.at(span).among([conditions["currency"]])
        for name, flags in (("pending", self.pending), ("hidden", self.hidden)):
            if conditions[name] is not None:
                meant &= flags[span] == conditions[name]
        if conditions["split"] is not None:
            meant &= (self.parts[span] > 0) == conditions["split"]
        if conditions["least"] is not None:
            meant &= self.sizes[span] >= _units(conditions["least"], ROUND_CEILING)
        if conditions["most"] is not None:
            meant &= self.sizes[span] <= _units(conditions["most"], ROUND_FLOOR)
        if conditions["weekday"] is not None:
            # The first of 1970 was a Thursday, the fourth day of its week.
            meant &= (self.days[span] + 3) % 7 + 1 == conditions["weekday"]
        if wordings is not None:
            meant &= flagged(self.wordings[span], wordings)
        rows: Ints = np.flatnonzero(meant) + span.start
        return rows

    def by_day(self, rows: Ints) -> tuple[Shorts, Ints]:
        """Return the days of some lines, told by their places in order, and how many there are on each."""
        # Where each day begins among them is found sooner than the day of each of them.
        counts = np.diff(np.searchsorted(rows, self.begins), append=len(rows))
        there = np.flatnonzero(counts)
        return self.dates[there], counts[there]

    def page(self, rows: Ints, first: int, last: int, skip: int, count: int) -> list[tuple[int, int]]:
        """Return the ids and parts of some of the lines of a list, newest first, those of one day by id and part.

        `rows` are the places of its lines, oldest first; the page lies within the days `last` to `first`, and `skip`
        lines of the latter come before it.
        """
        there = np.searchsorted(self.days, np.array([last, first + 1], dtype=np.int32))
        shown = rows[slice(*np.searchsorted(rows, there))]
        shown = shown[np.lexsort((self.parts[shown], -self.ids[shown], -self.days[shown]))][skip : skip + count]
        return list(zip(self.ids[shown].tolist(), self.parts[shown].tolist(), strict=True))


def listed_lines(answer: Answer) -> ListedLines:
    """Return what lists are filtered by, as the data stand."""
    return answer.kept(_listed_lines)


def meant_lines(answer: Answer, conditions: Mapping[str, Any]) -> tuple[ListedLines, Ints] | None:
    """Return the lines that are held with the places of those that a filter means; None where these don't tell."""
    if any(value is not None and name not in HELD for name, value in conditions.items()):
        return None
    lines, wordings = listed_lines(answer), None
    searched = conditions.get("searched")
    if isinstance(searched, Searched):
        ((told, words, database),) = answer("searched", {"searched": searched})
        if words is not None or database != lines.database:
            return None
        wordings = np.frombuffer(told.encode("ascii"), dtype=np.uint8) == ord("1")
    return lines, lines.where(conditions, wordings)


def _units(amount: Decimal, rounding: str) -> int:
    return int(Decimal(amount).scaleb(PLACES).to_integral_value(rounding))


def _sizes(amounts: Units) -> Units | npt.NDArray[np.unsignedinteger[Any]]:
    sizes = np.abs(amounts)
    return sizes if sizes.dtype == object else sizes.astype(np.min_scalar_type(sizes.max(initial=0)))


def _listed_lines(answer: Answer) -> ListedLines:
    told = answer.columns("listed_lines")
    ((database,),) = answer("called", {})
    days = told.ints("day").astype(np.int32)
    order = in_order(days)
    days = days[order]
    wordings = told.ints("wording")[order]
    amounts, rated, home = told.units("amount")[order], told.flags("rated")[order], told.units("home")[order]
    return ListedLines(
        days,
        *stretches_of(days),
        told.ints("id").astype(np.int32)[order],
        told.ints("part").astype(np.int8)[order],
        told.coded("account_id").at(order),
        told.coded("category_id").at(order),
        Coded(KINDS, told.ints("kind")[order]).packed(),
        told.flags("pending")[order],
        told.flags("hidden")[order],
        told.texts("currency").at(order).packed(),
        amounts,
        _sizes(amounts),
        rated,
        amounts if rated.all() and np.array_equal(amounts, home) else home,
        packed(wordings, int(wordings.max(initial=0))),
        str(database),
    )
