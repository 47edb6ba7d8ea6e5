"""What a row, a column or a cell is about: its names, and the filter that leads to its lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from core import clock
from core.analytics.exploring_views import Dates, Measure, View
from core.analytics.listing import Kind, TransactionFilter
from core.cache import TIMES, Answer, Dimension, account_rows, categories

NO_NAMES: Final[Mapping[Dimension, str]] = {
    "category": "Uncategorised",
    "group": "Uncategorised",
    "merchant": "No name",
    "institution": "By hand and from files",
    "tag": "No tag",
    "need": "Neither",
}
"""What stands for an empty value."""
WORDS: Final = {
    "income": "Income", "spending": "Spending", "transfer": "Transfers",
    "need": "Needs", "want": "Wants", "saving": "Saving",
}  # fmt: skip
REST: Final = "The rest"
EARLIER: Final = "Earlier"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KIND_OF: Final[Mapping[Measure, Kind]] = {
    "spent": "spending",
    "average": "spending",
    "largest": "spending",
    "income": "income",
    "net": "flow",
}
_LENGTHS: Final[Mapping[Dimension, int]] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Key:
    """One value of a dimension, as the cache tells it: an id, a word, or a day in ISO's way. None is the rest."""

    dimension: Dimension
    value: str | None

    @property
    def is_rest(self) -> bool:
        """Tell whether it stands for all that is not told apart."""
        return self.value is None

    @property
    def first_day(self) -> date | None:
        """Return the first day of a time; None for all else."""
        return date.fromisoformat(self.value) if self.value and self.dimension in TIMES else None

    @property
    def last_day(self) -> date | None:
        """Return the last day of a time; None for all else."""
        first = self.first_day
        if first is None:
            return None
        if self.dimension == "day":
            return first
        if self.dimension == "week":
            return first + timedelta(days=6)
        return clock.add_months(first, _LENGTHS[self.dimension]) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Names:
    """What categories, accounts and banks are called, and which belong together."""

    categories: Mapping[int, str]
    groups: Mapping[int, int]
    """The group of each category."""
    needs: Mapping[int, str]
    accounts: Mapping[int, str]
    banks: Mapping[int, str]
    """The bank of each account that is shown."""

    def told(self, key: Key) -> str:
        """Return what a key is called, times in ISO's way ("2026-03", "2026-W10", "2026-Q1")."""
        if key.value is None:
            return EARLIER if key.dimension in TIMES else REST
        if key.dimension in {"category", "group"} and int(key.value):
            return self.categories.get(int(key.value), "A category that is not there")
        if key.dimension == "account":
            return self.accounts.get(int(key.value), "An account that is not there")
        if key.dimension == "weekday":
            return WEEKDAYS[int(key.value) - 1]
        if key.dimension in TIMES:
            return _time(key)
        if not key.value or key.value == "0":
            return NO_NAMES.get(key.dimension, key.value)
        return WORDS.get(key.value, key.value) if key.dimension in {"kind", "need"} else key.value


def names_of(answer: Answer) -> Names:
    """Return what is called how."""
    known = categories(answer)
    accounts = account_rows(answer)
    # Columns as `accounts` tells them: id, name, institution, …, hidden.
    return Names(
        {number: one.title for number, one in known.items()},
        {number: one.group_id or 0 for number, one in known.items()},
        {number: one.need for number, one in known.items()},
        {row[0]: row[1] for row in accounts},
        {row[0]: row[2] for row in accounts if not row[13]},
    )


def behind(view: View, dates: Dates, keys: Iterable[Key], names: Names, measure: Measure) -> TransactionFilter | None:
    """Return the filter of the list that finds exactly the lines of a cell; None where no filter says so.

    That is so for the rest, for lines without any name, for balances, and where other kinds of lines are filtered.
    """
    if measure == "balance":
        return None
    found: TransactionFilter | None = replace(view.wanted, since=dates.since, until=dates.until)
    kind = _KIND_OF.get(measure)
    if found is not None and kind is not None:
        if found.kind not in {None, "flow", kind} and (kind != "flow" or found.kind == "transfer"):
            return None
        found = replace(found, kind=kind if found.kind in {None, "flow"} else found.kind)
    for key in keys:
        if found is None:
            return None
        found = _narrowed(found, key, names)
    return found


def _narrowed(wanted: TransactionFilter, key: Key, names: Names) -> TransactionFilter | None:
    if key.dimension in TIMES:
        return _within(wanted, key)
    value = key.value
    if value is None:
        return None
    match key.dimension:
        case "category" | "group" | "need":
            return _categories(wanted, key.dimension, value, names)
        case "account":
            return replace(wanted, account_ids=(int(value),))
        case "institution":
            ids = {number for number, bank in names.banks.items() if bank == value}
            ids &= set(wanted.account_ids) or ids
            return replace(wanted, account_ids=tuple(sorted(ids))) if ids else None
        case "merchant":
            return replace(wanted, merchant=value) if value else None
        case "tag":
            return replace(wanted, tags=(value,)) if value else replace(wanted, tagged=False)
        case "currency":
            return replace(wanted, currency=value)
        case "kind":
            kind = _kind(value)
            meant = wanted.kind in {None, kind} or (wanted.kind == "flow" and kind != "transfer")
            return replace(wanted, kind=kind) if meant else None
        case _:
            return replace(wanted, weekday=int(value))


def _kind(value: str) -> Kind:
    return "income" if value == "income" else "spending" if value == "spending" else "transfer"


def _within(wanted: TransactionFilter, key: Key) -> TransactionFilter | None:
    first, last = key.first_day, key.last_day
    if first is None or last is None:
        return None
    since = first if wanted.since is None else max(first, wanted.since)
    until = last if wanted.until is None else min(last, wanted.until)
    return replace(wanted, since=since, until=until)


def _categories(wanted: TransactionFilter, dimension: Dimension, value: str, names: Names) -> TransactionFilter | None:
    """Return a filter for categories, each by itself: those of the row that the filter meant already."""
    if dimension == "category":
        ids = {int(value)}
    elif dimension == "group":
        ids = {number for number, group in names.groups.items() if group == int(value)}
        ids |= {0} if value == "0" else set()
    else:
        ids = {number for number, need in names.needs.items() if need == value}
        ids |= set() if value else {0}
    if wanted.category_ids:
        meant = set(wanted.category_ids)
        if not wanted.alone:
            meant |= {number for number, group in names.groups.items() if group in meant}
        ids &= meant
    elif dimension == "group" and value != "0":
        return replace(wanted, category_ids=(int(value),), alone=False)
    return replace(wanted, category_ids=tuple(sorted(ids)), alone=True) if ids else None


def _time(key: Key) -> str:
    first = key.first_day
    if first is None or key.dimension == "day":
        return key.value or ""
    if key.dimension == "week":
        return f"{first:%Y-%m-%d} to {first + timedelta(days=6):%Y-%m-%d}"
    if key.dimension == "month":
        return f"{first:%Y-%m}"
    return f"{first:%Y}-Q{(first.month + 2) // 3}" if key.dimension == "quarter" else f"{first:%Y}"
