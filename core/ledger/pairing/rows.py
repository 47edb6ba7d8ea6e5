"""What pairing is given: one person's transactions as columns, in one order whatever order they came in."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.ledger.pairing.vocabulary import type_of_name
from core.money import to_units

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_ACCOUNTS: Final = 62
"""Mentions of accounts are bits of an integer; of more accounts than this the later ones can't be mentioned."""


class PairRow(msgspec.Struct, frozen=True):
    """One transaction of a person; `amount` negative is money out. `text` is all that the bank and the file say."""

    id: int
    account: int
    date: dt.date
    amount: Decimal
    currency: str = "USD"
    text: str = ""
    category: str = ""
    """The bank's category by Plaid's taxonomy, or nothing."""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account of the person; without a `type` its name is asked what it may be."""

    id: int
    name: str = ""
    mask: str = ""
    type: str = ""

    @property
    def kind(self) -> str:
        """Return its type, told or read from its name, or nothing."""
        return self.type if self.type not in {"", "other"} else type_of_name(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The rows as columns, by day and id. `account` and `currency` are places in `accounts` and `currencies`."""

    id: Integers
    account: Integers
    day: Integers
    """Proleptic ordinals, as `date.toordinal`."""
    units: Integers
    """1/10000 of the currency, negative is out."""
    currency: Integers
    text: list[str]
    category: list[str]
    pending: Flags
    accounts: tuple[OwnAccount, ...]
    currencies: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.id)


def ledger_of(rows: Iterable[PairRow], accounts: Iterable[OwnAccount] = ()) -> Ledger:
    """Return `rows` as columns. Accounts that are not told of are known by their id alone.

    Raises:
        AmountError: an amount is finer than 1/10000 or too large.
    """
    given = list(rows)
    return ledger_of_columns(
        ids=[row.id for row in given],
        account_ids=[row.account for row in given],
        days=[row.date.toordinal() for row in given],
        units=[to_units(row.amount) for row in given],
        currencies=[row.currency for row in given],
        texts=[row.text for row in given],
        categories=[row.category for row in given],
        pending=[row.pending for row in given],
        accounts=accounts,
    )


def ledger_of_columns(  # noqa: PLR0913 - the columns of a row
    *,
    ids: Sequence[int] | Integers,
    account_ids: Sequence[int] | Integers,
    days: Sequence[int] | Integers,
    units: Sequence[int] | Integers,
    currencies: Sequence[str],
    texts: Sequence[str],
    categories: Sequence[str],
    pending: Sequence[bool] | Flags,
    accounts: Iterable[OwnAccount] = (),
) -> Ledger:
    """Return columns as the store keeps them (`days` ordinals, `units` 1/10000), put into order by day and id."""
    id_, day = np.asarray(ids, np.int64), np.asarray(days, np.int64)
    order = np.lexsort((id_, day))
    places = order.tolist()
    account = np.asarray(account_ids, np.int64)
    told = {own.id: own for own in accounts}
    # Every account has a place, with rows or without: a text may name any of them.
    known = np.unique(np.concatenate([account, np.array(sorted(told), np.int64)]))
    codes = np.searchsorted(known, account)
    own = tuple(told.get(number, OwnAccount(number)) for number in known.tolist())
    names = sorted(set(currencies))
    code_of = {name: place for place, name in enumerate(names)}
    currency = np.fromiter((code_of[name] for name in currencies), np.int64, len(id_))
    return Ledger(
        id=id_[order],
        account=codes.astype(np.int64)[order],
        day=day[order],
        units=np.asarray(units, np.int64)[order],
        currency=currency[order],
        text=[texts[place] for place in places],
        category=[categories[place] for place in places],
        pending=np.asarray(pending, np.bool_)[order],
        accounts=own,
        currencies=tuple(names),
    )


def taken(ledger: Ledger, kept: Integers) -> Ledger:
    """Return the rows at the places `kept`, ascending; accounts and currencies keep theirs."""
    places = kept.tolist()
    return Ledger(
        ledger.id[kept], ledger.account[kept], ledger.day[kept], ledger.units[kept], ledger.currency[kept],
        [ledger.text[place] for place in places], [ledger.category[place] for place in places],
        ledger.pending[kept], ledger.accounts, ledger.currencies,
    )  # fmt: skip


DayRates = Mapping[str, Mapping[dt.date, Decimal]]
"""For a currency, by day, how many of it one unit of the reference currency buys (as the ECB's file tells it)."""


def rate_on(rates: DayRates, currency: str, days: Integers) -> Numbers:
    """Return the rate of `currency` on `days`: of the day, else the last before, else the first after; or NaN."""
    told = sorted(rates.get(currency, {}).items())
    if not told:
        return np.full(len(days), np.nan)
    at = np.array([day.toordinal() for day, _ in told])
    values = np.array([float(rate) for _, rate in told])
    return np.asarray(values[np.maximum(np.searchsorted(at, days, "right") - 1, 0)], np.float64)
