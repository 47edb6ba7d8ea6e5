"""The list of transactions: filtered, totalled and cut into pages.

One question counts the filtered rows day by day and totals them; from that the days of any page are
known, so that the page itself reads only those, and page 1,000 costs what page 1 costs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from core.analytics.listing_sums import Gathered, ListedSums, gathered
from core.cache import (
    UNCATEGORISED,
    Answer,
    Searched,
    UserCache,
    account_names,
    categories,
    home_currency,
    shown_accounts,
)

AT_ONCE: Final = 5000
"""About how many lines are held at a time where all of them are read."""
Kind = Literal["income", "spending", "transfer", "flow"]
"""What a line counts as; "flow" is income and spending, without transfers."""
Ranked = Literal["largest", "smallest", "oldest"]
KINDS_OF: Final[dict[Kind, list[str]]] = {
    "income": ["income"],
    "spending": ["spending"],
    "transfer": ["transfer"],
    "flow": ["income", "spending"],
}


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
    merchant: str = ""
    """Exactly the name that a line is shown under."""
    alone: bool = False
    """Whether a primary category stands for itself alone, not for its group."""
    currency: str = ""
    weekday: int | None = None
    """1 is Monday, 7 is Sunday."""
    tagged: bool | None = None
    """With any tag, or without one."""

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
    with cache.answering() as answer:
        conditions = conditions_of(answer, wanted)
        found = gathered(answer, conditions)
        count = sum(one.rows for one in found.sums)
        pages = max(1, -(-count // page_size))
        page = min(max(1, page), pages)
        place = found.days.place((page - 1) * page_size, page_size)
        rows = () if place is None else _page(answer, conditions, found, *place, page_size)
        together = _together(answer, found.sums, found.old_rate) if len(found.sums) > 1 else None
    totals = tuple(Totals(one.currency, one.rows, one.inflow, one.outflow) for one in found.sums)
    return TransactionPage(rows, count, page, pages, totals, together)


def listed_rows(cache: UserCache, wanted: TransactionFilter, at_once: int = AT_ONCE) -> Iterator[TransactionRow]:
    """Yield every line of the filtered transactions, newest first, about `at_once` read at a time; all of one state."""
    with cache.answering() as answer:
        conditions = conditions_of(answer, wanted)
        found = gathered(answer, conditions)
        for newest, oldest, rows in found.days.stretches(at_once):
            yield from _lines(answer, conditions, newest, oldest, 0, rows)


def ranked_rows(
    cache: UserCache, wanted: TransactionFilter, count: int, first: Ranked = "largest"
) -> tuple[TransactionRow, ...]:
    """Return the first of the filtered transactions by size without sign, or by age."""
    with cache.answering() as answer:
        asked = conditions_of(answer, wanted) | {"count": count, "wanted_first": first}
        return _as_lines(answer, answer("filtered_ranked", asked))


def listed_ids(cache: UserCache, wanted: TransactionFilter) -> tuple[int, ...]:
    """Return the ids of the filtered transactions, newest first; a split one counts when any of its parts does."""
    with cache.answering() as answer:
        return tuple(number for (number,) in answer("filtered_ids", conditions_of(answer, wanted)))


def known_tags(cache: UserCache) -> tuple[str, ...]:
    """Return every tag that is on some transaction, the one that is on most first."""
    with cache.answering() as answer:
        return answer.kept(_tags)


def _tags(answer: Answer) -> tuple[str, ...]:
    return tuple(tag for tag, _ in answer("tags", {}))


def _page(
    answer: Answer, conditions: Mapping[str, Any], found: Gathered, first: date, last: date, skip: int, count: int
) -> tuple[TransactionRow, ...]:
    """Return `count` of the filtered lines between two days, `skip` of the later one's left out before them."""
    meant = found.page(first, last, skip, count)
    if meant is None:
        return _lines(answer, conditions, first, last, skip, count)
    # Asked for by id the database need not look once more which lines are meant. One that it does not have, for it
    # was made anew meanwhile, is left out.
    ids = list(dict.fromkeys(number for number, _ in meant))
    known = {(row[0], row[10]): row for row in answer("listed_page", {"first": first, "last": last, "ids": ids})}
    return _as_lines(answer, [known[one] for one in meant if one in known])


def _lines(
    answer: Answer, conditions: Mapping[str, Any], first: date, last: date, skip: int, count: int
) -> tuple[TransactionRow, ...]:
    """Return the same as the database finds them, however many they are."""
    place = {"first": first, "last": last, "skip": skip, "count": count}
    return _as_lines(answer, answer("filtered_page", {**conditions, **place}))


def _as_lines(answer: Answer, rows: Sequence[tuple[Any, ...]]) -> tuple[TransactionRow, ...]:
    split = sorted({number for number, *_, part, _, _, _ in rows if part})
    wholes: dict[int, tuple[int, Decimal]] = {}
    if split:
        dated = [day for _, day, *_ in rows]
        days = {"since": min(dated), "until": max(dated)}
        wholes = {number: (parts, whole) for number, parts, whole in answer("wholes", days | {"ids": split})}
    accounts, known = account_names(answer), categories(answer)
    lines = []
    for number, day, name, note, amount, currency, account, category, kind, pending, part, tags, *rest in rows:
        its = known.get(category or 0, UNCATEGORISED)
        called = (account, accounts[account], category, its.title, its.icon)
        told = (kind, pending, part, tuple(tags), *rest, *wholes.get(number, (0, amount)))
        lines.append(TransactionRow(number, day, name, note, amount, currency, *called, *told))
    return tuple(lines)


def conditions_of(answer: Answer, wanted: TransactionFilter) -> dict[str, Any]:
    """Return a filter as the parameters of the questions that begin with `filtered`."""
    text = wanted.text.strip()
    return {
        "accounts": shown_accounts(answer, wanted.account_ids),
        "categories": _meant(answer, wanted),
        "since": wanted.since,
        "until": wanted.until,
        "least": wanted.least,
        "most": wanted.most,
        "pending": wanted.pending,
        "kinds": KINDS_OF[wanted.kind] if wanted.kind else None,
        **({"searched": Searched(text)} if text else {"wordings": None, "words": None}),
        "tags": list(wanted.tags) or None,
        "hidden": wanted.hidden,
        "split": wanted.split,
        "merchant": wanted.merchant or None,
        "currency": wanted.currency or None,
        "weekday": wanted.weekday,
        "tagged": wanted.tagged,
    }


def _meant(answer: Answer, wanted: TransactionFilter) -> list[int] | None:
    """Return the categories that a filter means: with each its group, if it stands for one, and what it counts as."""
    chosen = set(wanted.category_ids)
    if not chosen:
        return None
    known = categories(answer)
    found = set(chosen)
    for number, one in known.items():
        if number in chosen and one.merged_into is not None:
            found.add(one.merged_into)
        group = one.group_id or 0
        if group in chosen and not wanted.alone and known[group].group_id == group:
            found.add(number)
    return sorted(found)


def _together(answer: Answer, sums: Sequence[ListedSums], old_rate: date | None) -> Together:
    inflow = sum((one.home_inflow for one in sums), Decimal(0))
    outflow = sum((one.home_outflow for one in sums), Decimal(0))
    rated = sum(one.rows - one.unrated for one in sums)
    without = tuple(sorted(one.currency for one in sums if one.unrated))
    return Together(Totals(home_currency(answer), rated, inflow, outflow), without, old_rate)
