"""Transactions by the million for the benchmarks, made of the demo household's merchants and habits."""

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from core import clock
from core.banking.demo.bills import BILLS
from core.banking.demo.habits import AT_HOME
from core.banking.demo.merchants import merchant_named, merchants_of

EVERYDAY: Final = 0.84
BILLED: Final = 0.11
PAID: Final = 0.02
"""Shares of purchases, bills and salaries; what is left are transfers, two rows each."""

BRANCHES: Final = 25
"""Names that one shop appears under ("Greenleaf Market #17")."""

PENDING_DAYS: Final = 3
UNITS_PER_CENT: Final = 100
DAYS_PER_YEAR: Final = 365.25
BILL_DAYS: Final = 28

SALARIES: Final = ("Halden Instruments", "Brightwater Schools")
TRANSFER: Final = "Transfer"
TRANSFER_CODES: Final = ("TRANSFER_OUT_ACCOUNT_TRANSFER", "TRANSFER_IN_ACCOUNT_TRANSFER")

Columns = dict[str, "np.ndarray[Any, Any]"]


def synthetic_rows(n: int, seed: int = 1, years: int = 10, accounts: int = 12, until: date | None = None) -> pa.Table:
    """Return `n` transactions of the `years` up to `until` (default today), sorted by date.

    The same arguments give the same rows. Columns: account (int32, 0 to `accounts` - 1), date
    (date32), amount (int64, whole 1/10000 units, negative is money out), merchant, name and
    category (dictionary-encoded strings; merchant is "" for a transfer), pending (bool).
    Four of five rows lie on the first third of the accounts, as in life.
    """
    dice = np.random.default_rng(seed)
    last = np.datetime64(until or clock.today(), "D")
    span = max(1, int(years * DAYS_PER_YEAR))
    vocabulary = _Vocabulary()
    counts = (int(n * EVERYDAY), int(n * BILLED), int(n * PAID))
    left = n - sum(counts)
    parts = (
        _everyday(dice, counts[0], span, last, vocabulary),
        _billed(dice, counts[1], span, last, vocabulary),
        _paid(dice, counts[2], span, last, vocabulary),
        _moved(dice, left, span, last),
    )
    rows: Columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    weights = np.where(np.arange(accounts) < max(1, accounts // 3), 8.0, 1.0)
    rows["account"] = dice.choice(accounts, n, p=weights / weights.sum()).astype(np.int32)
    _pair_accounts(rows["account"], n - left, accounts)
    rows["pending"] = (last - rows["date"] < np.timedelta64(PENDING_DAYS, "D")) & (dice.random(n) < 0.5)
    rows["pending"][n - left :] = False
    order = np.argsort(rows["date"], kind="stable")
    return vocabulary.table({name: column[order] for name, column in rows.items()})


class _Vocabulary:
    """The words that rows point to by number."""

    def __init__(self) -> None:
        self.merchants: list[str] = [""]
        self.names: list[str] = [TRANSFER]
        self.categories: list[str] = list(TRANSFER_CODES)
        self._first: dict[str, int] = {}

    def add(self, merchant: str, category: str, branches: int) -> tuple[int, int, int]:
        """Return the numbers of merchant, first name and category, after adding them."""
        if category not in self.categories:
            self.categories.append(category)
        if merchant not in self.merchants:
            self.merchants.append(merchant)
            self._first[merchant] = len(self.names)
            self.names += [merchant] if branches == 1 else [f"{merchant} #{number + 1}" for number in range(branches)]
        return self.merchants.index(merchant), self._first[merchant], self.categories.index(category)

    def table(self, rows: Columns) -> pa.Table:
        """Return the finished columns."""
        words = {"merchant": self.merchants, "name": self.names, "category": self.categories}
        columns = {
            name: pa.DictionaryArray.from_arrays(pa.array(rows[name], pa.int32()), pa.array(words[name], pa.string()))
            for name in words
        }
        return pa.table(
            {
                "account": pa.array(rows["account"], pa.int32()),
                "date": pa.array(rows["date"], pa.date32()),
                "amount": pa.array(rows["amount"], pa.int64()),
                **columns,
                "pending": pa.array(rows["pending"], pa.bool_()),
            },
        )


def _everyday(dice: np.random.Generator, n: int, span: int, last: np.datetime64, words: _Vocabulary) -> Columns:
    choices = [(habit, merchant) for habit in AT_HOME for merchant in merchants_of(habit.kind)]
    chance = np.array([sum(habit.week) * merchant.weight / _weight(habit.kind) for habit, merchant in choices])
    numbers = np.array([words.add(merchant.name, merchant.category, BRANCHES) for _, merchant in choices])
    ends = np.array([(habit.low, habit.typical, habit.high + 1) for habit, _ in choices], float)
    busy = np.array([habit.busy for habit, _ in choices])
    dear = np.array([habit.dear for habit, _ in choices])

    # Months are drawn first, so that what is bought follows the season.
    day = last - dice.integers(0, span, n).astype("timedelta64[D]")
    month = day.astype("datetime64[M]").astype(int) % 12
    picked = np.empty(n, np.int64)
    for number in range(12):
        here = month == number
        odds = chance * busy[:, number]
        picked[here] = dice.choice(len(choices), int(here.sum()), p=odds / odds.sum())
    low, typical, high = ends[picked].T
    cents = np.rint(dice.triangular(low, typical, high) * dear[picked, month]).astype(np.int64)
    merchant, first, category = numbers[picked].T
    return _columns(day, -cents, merchant, first + dice.integers(0, BRANCHES, n), category)


def _weight(kind: str) -> int:
    return sum(merchant.weight for merchant in merchants_of(kind))


def _billed(dice: np.random.Generator, n: int, span: int, last: np.datetime64, words: _Vocabulary) -> Columns:
    paid = [bill for bill in BILLS if bill.cents > 0]
    numbers = np.array([words.add(bill.merchant, merchant_named(bill.merchant).category, 1) for bill in paid])
    picked = dice.integers(0, len(paid), n)
    month = (last - dice.integers(0, span, n).astype("timedelta64[D]")).astype("datetime64[M]")
    due = np.array([bill.day - 1 for bill in paid])[picked].astype("timedelta64[D]")
    day = np.clip(month.astype("datetime64[D]") + due, last - np.timedelta64(span - 1, "D"), last)
    noise = 1 + np.array([bill.noise for bill in paid])[picked] * dice.uniform(-1, 1, n)
    cents = np.rint(np.array([bill.cents for bill in paid])[picked] * noise).astype(np.int64)
    merchant, first, category = numbers[picked].T
    return _columns(day, -cents, merchant, first, category)


def _paid(dice: np.random.Generator, n: int, span: int, last: np.datetime64, words: _Vocabulary) -> Columns:
    numbers = np.array([words.add(name, merchant_named(name).category, 1) for name in SALARIES])
    picked = dice.integers(0, len(SALARIES), n)
    day = last - (dice.integers(0, max(1, span // 14), n) * 14).astype("timedelta64[D]")
    cents = dice.integers(140_000, 340_000, n)
    merchant, first, category = numbers[picked].T
    return _columns(day, cents, merchant, first, category)


def _moved(dice: np.random.Generator, n: int, span: int, last: np.datetime64) -> Columns:
    pairs = -(-n // 2)
    day = np.repeat(last - dice.integers(0, span, pairs).astype("timedelta64[D]"), 2)[:n]
    cents = np.repeat(dice.integers(5, 400, pairs) * 1_000, 2)[:n]
    side = np.arange(n) % 2
    nobody = np.zeros(n, np.int64)
    return _columns(day, np.where(side == 0, -cents, cents), nobody, nobody, side)


def _columns(
    day: "np.ndarray[Any, Any]",
    cents: "np.ndarray[Any, Any]",
    merchant: "np.ndarray[Any, Any]",
    name: "np.ndarray[Any, Any]",
    category: "np.ndarray[Any, Any]",
) -> Columns:
    return {"date": day, "amount": cents * UNITS_PER_CENT, "merchant": merchant, "name": name, "category": category}


def _pair_accounts(account: "np.ndarray[Any, Any]", first: int, accounts: int) -> None:
    """Put the two sides of each transfer, from row `first` on, on two different accounts."""
    if accounts > 1:
        sources = account[first::2]
        account[first + 1 :: 2] = (sources[: len(account[first + 1 :: 2])] + 1) % accounts
