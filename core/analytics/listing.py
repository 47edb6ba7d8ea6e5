"""The list of transactions: filtered, totalled and cut into pages.

One question counts and totals the filtered rows day by day; from that the days of any page are
known, so that the page itself reads only those, and page 1,000 costs what page 1 costs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from core.cache import Answer, UserCache
from core.rates import STALE_AFTER

AT_ONCE: Final = 5000
"""About how many lines are held at a time where all of them are read."""
_HOME: Final = 5
"""Where a day's sums in the currency of totals stand: in, out, and how many lines have no rate."""
Kind = Literal["income", "spending", "transfer"]


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """What is asked for; None or empty leaves a thing open. Amounts are absolute, bounds included."""

    text: str = ""
    """Found in the name, the bank's words or the note; case and accents don't matter."""
    account_ids: tuple[int, ...] = ()
    category_ids: tuple[int, ...] = ()
    """A primary category stands for its whole group, 0 for no category."""
    since: date | None = None
    until: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    pending: bool | None = None
    kind: Kind | None = None
    tags: tuple[str, ...] = ()
    """Any of them."""
    hidden: bool | None = None
    """Left out of budgets, or not."""
    split: bool | None = None
    """Parts of split ones, or whole ones."""

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is filtered."""
        return self == TransactionFilter()


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """One line of the list: a transaction, or a part of a split one. `amount` negative is money out."""

    id: int
    date: date
    name: str
    note: str
    amount: Decimal
    currency: str
    account_id: int
    account: str
    category_id: int | None
    category: str
    icon: str
    kind: str
    pending: bool
    part: int = 0
    """From 1; 0 is a whole one."""
    tags: tuple[str, ...] = ()
    hidden: bool = False
    """Whether budgets leave it out."""
    paired: str = ""
    """transfer, refund or ""."""
    parts: int = 0
    """How many parts its transaction has; 0 for a whole one."""
    whole: Decimal = Decimal(0)
    """What those add up to."""


_PART: Final = [field.name for field in fields(TransactionRow)].index("part")
_AMOUNT: Final = [field.name for field in fields(TransactionRow)].index("amount")


@dataclass(frozen=True, slots=True)
class Totals:
    """What the filtered transactions of one currency add up to; `outflow` is negative."""

    currency: str
    rows: int
    inflow: Decimal
    outflow: Decimal

    @property
    def net(self) -> Decimal:
        """Return inflow less outflow."""
        return self.inflow + self.outflow


@dataclass(frozen=True, slots=True)
class Together:
    """What the filtered transactions of several currencies add up to in one, each at its day's rate."""

    totals: Totals
    """Of the lines that have a rate."""
    without: tuple[str, ...]
    """The currencies that have lines without one."""
    old_rate: date | None
    """The day of the oldest rate used, where that was more than a week before."""


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """One page, newest first, and what all pages add up to."""

    rows: tuple[TransactionRow, ...]
    count: int
    page: int
    """Counted from 1; the last one when a later one was asked for."""
    pages: int
    totals: tuple[Totals, ...]
    """By currency, the one with most rows first."""
    together: Together | None = None
    """All of them in the currency of totals, where there are several."""


def list_transactions(
    cache: UserCache, wanted: TransactionFilter, page: int = 1, page_size: int = 25
) -> TransactionPage:
    """Return one page of the filtered transactions with the totals of all of them."""
    conditions = _conditions(wanted)
    with cache.answering() as answer:
        days = answer("all_days", {}) if wanted.is_open else answer("filtered_days", conditions)
        count = sum(row[2] for row in days)
        pages = max(1, -(-count // page_size))
        page = min(max(1, page), pages)
        place = _place(days, (page - 1) * page_size, page_size)
        rows = () if place is None else _lines(answer, conditions | place | {"count": page_size})
        totals = _totals(days)
        together = _together(answer, days) if len(totals) > 1 else None
    return TransactionPage(rows, count, page, pages, totals, together)


def listed_rows(cache: UserCache, wanted: TransactionFilter, at_once: int = AT_ONCE) -> Iterator[TransactionRow]:
    """Yield every line of the filtered transactions, newest first, about `at_once` read at a time; all of one state."""
    conditions = _conditions(wanted)
    with cache.answering() as answer:
        for newest, oldest, rows in _stretches(answer("filtered_days", conditions), at_once):
            yield from _lines(answer, conditions | {"first": newest, "last": oldest, "skip": 0, "count": rows})


def listed_ids(cache: UserCache, wanted: TransactionFilter) -> tuple[int, ...]:
    """Return the ids of the filtered transactions, newest first; a split one counts when any of its parts does."""
    return tuple(number for (number,) in cache.ask("filtered_ids", **_conditions(wanted)))


def known_tags(cache: UserCache) -> tuple[str, ...]:
    """Return every tag that is on some transaction, the one that is on most first."""
    return tuple(tag for tag, _ in cache.ask("tags"))


def _lines(answer: Answer, parameters: Mapping[str, Any]) -> tuple[TransactionRow, ...]:
    rows = answer("filtered_page", parameters)
    split = sorted({row[0] for row in rows if row[_PART]})
    wholes: dict[int, tuple[int, Decimal]] = {}
    if split:
        days = {"since": parameters["last"], "until": parameters["first"]}
        wholes = {number: (parts, whole) for number, parts, whole in answer("wholes", days | {"ids": split})}
    lines = []
    for row in rows:
        tags = row[_PART + 1]
        told = (*row[: _PART + 1], tuple(tags), *row[_PART + 2 :], *wholes.get(row[0], (0, row[_AMOUNT])))
        lines.append(TransactionRow(*told))
    return tuple(lines)


def _stretches(days: Sequence[tuple[Any, ...]], at_once: int) -> Iterator[tuple[date, date, int]]:
    """Cut days, newest first, into stretches of about `at_once` rows: the newest day, the oldest, how many rows."""
    rows_of: dict[date, int] = defaultdict(int)
    for day, _, rows, *_ in days:
        rows_of[day] += rows
    newest: date | None = None
    gathered = 0
    for day, rows in rows_of.items():
        newest = newest or day
        gathered += rows
        if gathered >= at_once:
            yield newest, day, gathered
            newest, gathered = None, 0
    if newest is not None:
        yield newest, min(rows_of), gathered


def _conditions(wanted: TransactionFilter) -> dict[str, Any]:
    return {
        "accounts": list(wanted.account_ids) or None,
        "categories": list(wanted.category_ids) or None,
        "since": wanted.since,
        "until": wanted.until,
        "least": wanted.least,
        "most": wanted.most,
        "pending": wanted.pending,
        "kind": wanted.kind,
        "text": wanted.text.strip() or None,
        "tags": list(wanted.tags) or None,
        "hidden": wanted.hidden,
        "split": wanted.split,
    }


def _place(days: list[tuple[Any, ...]], offset: int, size: int) -> dict[str, Any] | None:
    """Return the days that hold the rows `offset` to `offset + size`, and how many of the first day's to skip."""
    first: date | None = None
    skip = passed = before_day = 0
    current: date | None = None
    for day, _, rows, *_ in days:
        if day != current:
            # A day can hold several currencies, a line each: what is skipped counts from the day's beginning.
            current, before_day = day, passed
        if first is None and passed + rows > offset:
            first, skip = day, offset - before_day
        passed += rows
        if passed >= offset + size:
            break
    return None if first is None else {"first": first, "last": current, "skip": skip}


def _totals(days: list[tuple[Any, ...]]) -> tuple[Totals, ...]:
    sums: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    for _, currency, rows, inflow, outflow, *_ in days:
        entry = sums[currency]
        entry[0] += rows
        entry[1] += inflow
        entry[2] += outflow
    totals = [Totals(currency, *entry) for currency, entry in sums.items()]
    return tuple(sorted(totals, key=lambda one: (-one.rows, one.currency)))


def _together(answer: Answer, days: list[tuple[Any, ...]]) -> Together:
    ((home,),) = answer("home", {})
    inflow = sum((row[_HOME] for row in days), Decimal(0))
    outflow = sum((row[_HOME + 1] for row in days), Decimal(0))
    unrated = sum(row[_HOME + 2] for row in days)
    old: dict[str, list[tuple[date, date, date]]] = defaultdict(list)
    for currency, day, since, until in answer("old_rates", {"longest": STALE_AFTER.days}):
        old[currency].append((day, since, until or date.max))
    used = [of for row in days for of, since, until in old.get(row[1], ()) if since <= row[0] <= until]
    return Together(
        Totals(home, sum(row[2] for row in days) - unrated, inflow, outflow),
        tuple(sorted({row[1] for row in days if row[_HOME + 2]})),
        min(used, default=None),
    )
