"""What recurs for one person: found among their transactions once for each state of the data, then kept in memory."""

import datetime as dt
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from weakref import WeakKeyDictionary

import msgspec

from core.cache import Answer, UserCache
from core.ledger import LIABILITIES
from core.planning.keys import keys_of
from core.planning.movements import Movement
from core.planning.recurring import find_recurring
from core.planning.series import Series

Role = Literal["bill", "income", "card", "transfer"]
"""A transfer moves money between accounts of the person's. Paying a loan down is a bill; paying a card is due like one,
but costs nothing by itself, for what was bought with it is counted already."""

SPENDABLE: Final = frozenset({"checking", "savings", "cash"})
CARD: Final = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
LOANS: Final = "LOAN_PAYMENTS"
"""How the codes of categories for what is paid on cards and loans begin."""
NEAR: Final = 5
"""A payment arrives at the account that it pays within so many days."""
RECENT: Final = 12
"""A series is called as so many last payments are, and pays what most of half as many did."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a series; `amount` negative is money out."""

    id: int
    day: dt.date
    amount: Decimal
    account_id: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """A series as it was found for a person."""

    key: str
    """The same each time it is found."""
    name: str
    role: Role
    series: Series
    payments: tuple[Payment, ...]
    account_id: int
    """Where it is paid at present."""
    account: str
    words: str
    """Words that stand in all of its transactions, to search for; "" where there are none."""
    pays: int | None = None
    """The card or loan of the person's that it pays down, as the payments that arrive there tell."""

    @property
    def least(self) -> Decimal:
        """Return the smallest amount paid so far, without its sign."""
        return abs(self.series.lowest)

    @property
    def most(self) -> Decimal:
        """Return the largest amount paid so far, without its sign."""
        return abs(self.series.highest)


@dataclass(frozen=True, slots=True)
class Purse:
    """One account that is not hidden; `current` is None where nobody told its balance."""

    id: int
    name: str
    type: str
    currency: str
    current: Decimal | None
    pending: Decimal
    """What its pending transactions will move it by."""

    @property
    def spendable(self) -> bool:
        """Tell whether bills can be paid from it."""
        return self.type in SPENDABLE


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that recurs, and the accounts that it moves."""

    recurring: tuple[Recurring, ...]
    purses: tuple[Purse, ...]


class _Row(msgspec.Struct, frozen=True, gc=False):
    id: int
    account_id: int
    date: dt.date
    amount: Decimal
    currency: str
    name: str
    words: str
    category: str
    kind: str
    pending: bool
    refund: bool


_kept: Final[WeakKeyDictionary[UserCache, tuple[str, dt.date, Gathered]]] = WeakKeyDictionary()
_locks: Final[WeakKeyDictionary[UserCache, threading.Lock]] = WeakKeyDictionary()
_entry: Final = threading.Lock()


def gathered(cache: UserCache, today: dt.date) -> Gathered:
    """Return what recurs for the person of `cache` as it stands `today`.

    It is searched for once until the data or the day changes: whoever asks meanwhile waits for that one search.
    """
    with _entry:
        lock = _locks.setdefault(cache, threading.Lock())
    with lock:
        mark = cache.mark()
        kept = _kept.get(cache)
        if kept is None or kept[:2] != (mark, today):
            # A write that comes after the mark is in the answer already, and makes the next call search again.
            with cache.answering() as answer:
                kept = _kept[cache] = (mark, today, _gather(answer, today))
        return kept[2]


def _gather(answer: Answer, today: dt.date) -> Gathered:
    rows = {row[0]: _Row(*row) for row in answer("recurring_rows", {})}
    pending: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in rows.values():
        if row.pending:
            pending[row.account_id] += row.amount
    purses = tuple(
        Purse(one[0], one[1], one[6], one[8], one[9], pending[one[0]]) for one in answer("accounts", {}) if not one[13]
    )
    types = {one.id: one.type for one in purses}
    names = {one.id: one.name for one in purses}
    # A refund recurs by accident only.
    moved = [row for row in rows.values() if not row.refund]
    arrivals = _arrivals(moved, types)
    found = find_recurring((_movement(row) for row in moved if row.date <= today), today)
    of_series = [[rows[int(one)] for one in series.ids] for series in found]
    keys = keys_of(found, [paid[0].amount for paid in of_series])
    recurring = []
    for key, series, paid in zip(keys, found, of_series, strict=True):
        account = int(series.accounts[-1])
        pays = _pays(paid, arrivals) if series.direction == "out" and types[account] not in LIABILITIES else None
        recurring.append(
            Recurring(
                key,
                _name(paid, series),
                _role(series, paid, types[account], types.get(pays) if pays else None),
                series,
                tuple(Payment(row.id, row.date, row.amount, row.account_id) for row in paid),
                account,
                names[account],
                _words(paid, series),
                pays,
            )
        )
    return Gathered(tuple(recurring), purses)


def _movement(row: _Row) -> Movement:
    return Movement(row.id, row.account_id, row.date, row.amount, row.words, row.currency, "", row.category)


def _name(paid: Sequence[_Row], series: Series) -> str:
    """Return the name that most of the last payments have; where each has another, what they share."""
    last = paid[-RECENT:]
    name, count = Counter(row.name for row in last).most_common(1)[0]
    return name if 2 * count >= len(last) and name else series.payee


def _words(paid: Sequence[_Row], series: Series) -> str:
    for words in (paid[-1].name, series.payee, series.payee.split()[0] if series.payee else ""):
        if words and all(words.lower() in f"{row.name.lower()} {row.words}" for row in paid):
            return words
    return ""


def _role(series: Series, paid: Sequence[_Row], account_type: str, pays: str | None) -> Role:
    moved = 2 * sum(row.kind == "transfer" for row in paid) > len(paid)
    if series.direction == "in":
        return "transfer" if moved or account_type in LIABILITIES else "income"
    if pays == "credit card" or series.category == CARD:
        return "card"
    return "transfer" if moved and pays is None and not series.category.startswith(LOANS) else "bill"


def _arrivals(rows: Iterable[_Row], types: Mapping[int, str]) -> dict[int, dict[Decimal, list[dt.date]]]:
    """Return what arrived at each card and loan: the days by amount."""
    found: dict[int, dict[Decimal, list[dt.date]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.amount > 0 and types[row.account_id] in LIABILITIES:
            found[row.account_id][row.amount].append(row.date)
    return found


def _pays(paid: Sequence[_Row], arrivals: Mapping[int, Mapping[Decimal, Sequence[dt.date]]]) -> int | None:
    last = paid[-RECENT // 2 :]
    for account, amounts in arrivals.items():
        arrived = sum(any(abs((day - row.date).days) <= NEAR for day in amounts.get(-row.amount, ())) for row in last)
        if 2 * arrived > len(last):
            return account
    return None
