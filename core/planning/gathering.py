"""What recurs for one person: found among their transactions once for each state of the data, then kept in memory."""

import datetime as dt
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from weakref import WeakKeyDictionary

import numpy as np

from core.cache import Answer, Coded, Columns, UserCache, account_rows
from core.ledger import LIABILITIES, SPENDABLE
from core.money import from_units
from core.planning.keys import keys_of
from core.planning.movements import Movements
from core.planning.recurring import series_among
from core.planning.screening import Ints
from core.planning.series import Series

Role = Literal["bill", "income", "card", "transfer"]
"""A transfer moves money between accounts of the person's. Paying a loan down is a bill; paying a card is due like one,
but costs nothing by itself, for what was bought with it is counted already."""

CARD: Final = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
LOANS: Final = "LOAN_PAYMENTS"
"""How the codes of categories for what is paid on cards and loans begin."""
EPOCH: Final = dt.date(1970, 1, 1).toordinal()
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
    """One account that is not hidden; `current` is None where nobody told its balance. Owed and out are negative."""

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


class _Rows:
    """A person's transactions by column, by id."""

    def __init__(self, answer: Columns) -> None:
        self.ids, self.days, self.units = answer.ints("id"), answer.ints("day") + EPOCH, answer.ints("units")
        self.accounts = answer.ints("account_id")
        self.names, self.words = answer.texts("name"), answer.texts("words")
        self.currencies, self.categories = answer.texts("currency"), answer.texts("category")
        self.moved, self.pending = answer.flags("moved"), answer.flags("pending")
        # A refund recurs by accident only.
        self.counted = ~answer.flags("refund")

    def movements(self, until: dt.date) -> Movements:
        """Return what may recur of what came up to a day."""
        account_ids, accounts = np.unique(self.accounts, return_inverse=True)
        every = Movements(
            self.ids,
            Coded(account_ids.tolist(), accounts),
            self.days,
            self.units,
            self.words,
            self.currencies,
            Coded([""], np.zeros(len(self.ids), dtype=np.int64)),
            self.categories,
        )
        return every.narrowed(self.counted & (self.days <= until.toordinal()))

    def payments(self, series: Series) -> tuple[Payment, ...]:
        """Return the payments of a series."""
        places = self.places(series)
        return tuple(
            Payment(*of)
            for of in zip(
                self.ids[places].tolist(),
                map(dt.date.fromordinal, self.days[places].tolist()),
                map(from_units, self.units[places].tolist()),
                self.accounts[places].tolist(),
                strict=True,
            )
        )

    def places(self, series: Series) -> Ints:
        """Return where the payments of a series are."""
        return np.searchsorted(self.ids, np.array(series.ids, dtype=np.int64))


def _gather(answer: Answer, today: dt.date) -> Gathered:
    rows = _Rows(answer.columns("recurring_rows"))
    purses = tuple(
        Purse(one[0], one[1], one[6], one[8], one[9], _pending(rows, one[0]))
        for one in account_rows(answer)
        if not one[13]
    )
    types = {one.id: one.type for one in purses}
    names = {one.id: one.name for one in purses}
    arrivals = _arrivals(rows, types)
    found = series_among(rows.movements(today), today)
    of_series = [rows.payments(series) for series in found]
    keys = keys_of(found, [paid[0].amount for paid in of_series])
    recurring = []
    for key, series, paid in zip(keys, found, of_series, strict=True):
        account, places = int(series.accounts[-1]), rows.places(series).tolist()
        pays = _pays(paid, arrivals) if series.direction == "out" and types[account] not in LIABILITIES else None
        moved = 2 * int(rows.moved[places].sum()) > len(places)
        recurring.append(
            Recurring(
                key,
                _name([rows.names[place] for place in places], series),
                _role(series, types[account], types.get(pays) if pays else None, moved=moved),
                series,
                paid,
                account,
                names[account],
                _words([(rows.names[place], rows.words[place]) for place in places], series),
                pays,
            )
        )
    return Gathered(tuple(recurring), purses)


def _pending(rows: _Rows, account: int) -> Decimal:
    return from_units(int(rows.units[rows.pending & (rows.accounts == account)].sum()))


def _name(names: Sequence[str], series: Series) -> str:
    """Return the name that most of the last payments have; where each has another, what they share."""
    last = names[-RECENT:]
    name, count = Counter(last).most_common(1)[0]
    return name if 2 * count >= len(last) and name else series.payee


def _words(texts: Sequence[tuple[str, str]], series: Series) -> str:
    for words in (texts[-1][0], series.payee, series.payee.split()[0] if series.payee else ""):
        if words and all(words.lower() in f"{name.lower()} {text}" for name, text in texts):
            return words
    return ""


def _role(series: Series, account_type: str, pays: str | None, *, moved: bool) -> Role:
    if series.direction == "in":
        return "transfer" if moved or account_type in LIABILITIES else "income"
    if pays == "credit card" or series.category == CARD:
        return "card"
    return "transfer" if moved and pays is None and not series.category.startswith(LOANS) else "bill"


def _arrivals(rows: _Rows, types: Mapping[int, str]) -> dict[int, dict[Decimal, list[dt.date]]]:
    """Return what arrived at each card and loan: the days by amount."""
    owed = [account for account, kind in types.items() if kind in LIABILITIES]
    found: dict[int, dict[Decimal, list[dt.date]]] = defaultdict(lambda: defaultdict(list))
    arrived = np.flatnonzero(rows.counted & (rows.units > 0) & np.isin(rows.accounts, owed))
    for account, units, day in zip(
        *(one[arrived].tolist() for one in (rows.accounts, rows.units, rows.days)), strict=True
    ):
        found[account][from_units(units)].append(dt.date.fromordinal(day))
    return found


def _pays(paid: Sequence[Payment], arrivals: Mapping[int, Mapping[Decimal, Sequence[dt.date]]]) -> int | None:
    last = paid[-RECENT // 2 :]
    for account, amounts in arrivals.items():
        arrived = sum(any(abs((day - row.day).days) <= NEAR for day in amounts.get(-row.amount, ())) for row in last)
        if 2 * arrived > len(last):
            return account
    return None
