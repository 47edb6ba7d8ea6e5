"""Transactions as the search for recurring ones takes them, in an order of their own and by column."""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Generic, TypeVar

import msgspec
import numpy as np

from core.money import to_units
from core.planning.candidates import Columns
from core.planning.payees import Payee, payees_of, without_numbers
from core.planning.screening import Ints
from core.planning.vocabulary import habit_kind, service_kind

Value = TypeVar("Value", bound=Hashable)


class Movement(msgspec.Struct, frozen=True, gc=False):
    """One transaction, as far as recurring payments are concerned; `amount` negative is money out."""

    id: int | str
    account: int | str
    date: dt.date
    amount: Decimal
    text: str
    currency: str = "USD"
    merchant: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows by date, in an order that does not depend on how they came, and what is known of their payees."""

    rows: Sequence[Movement]
    columns: Columns
    payees: Sequence[Payee]
    services: Sequence[str]
    """The kind of service for each payee, "" for none."""
    habits: Sequence[str]
    """The kind of shop for each payee, "" for none."""

    @classmethod
    def of(cls, movements: Iterable[Movement]) -> "Ledger":
        """Return the ledger of those movements that move anything.

        Raises:
            AmountError: an amount is finer than 1/10000 or too large.
        """
        rows = [row for row in movements if row.amount]
        dates, amounts = (_Coded(map(attrgetter(name), rows)) for name in ("date", "amount"))
        days = _column(day.toordinal() for day in dates.values)[dates.codes]
        units = _column(to_units(amount) for amount in amounts.values)[amounts.codes]
        accounts, currencies = (_Coded(map(attrgetter(name), rows)).ranks() for name in ("account", "currency"))
        whom = _Coded(_whom(rows))
        shape_of_text = _Coded(without_numbers(whom.values))
        shape_of = shape_of_text.ranks()[whom.codes]
        shapes = sorted(shape_of_text.values)
        order = _ordered((days, shape_of, units, accounts, currencies), rows)
        payees, payee_of = payees_of(shapes, np.bincount(shape_of, minlength=len(shapes)).tolist())
        texts: dict[int, str] = {}
        for shape, text in _samples(rows, shape_of, order).items():
            texts.setdefault(payee_of[shape], text)
        services = [service_kind(texts[number]) for number in range(len(payees))]
        habits = [habit_kind(texts[number]) for number in range(len(payees))]
        names = _column(payee_of)[shape_of[order]] if rows else shape_of
        columns = Columns(
            days=days[order],
            units=units[order],
            accounts=accounts[order],
            names=names,
            payees=_Coded(payee.key for payee in payees).codes[names],
            heads=_Coded(payee.head for payee in payees).codes[names],
            currencies=currencies[order],
            services=np.array([bool(kind) for kind in services], dtype=bool)[names],
            habits=np.array([bool(kind) for kind in habits], dtype=bool)[names],
        )
        return cls([rows[place] for place in order.tolist()], columns, payees, services, habits)


class _Coded(Generic[Value]):
    """Values by number: each different one once."""

    def __init__(self, values: Iterable[Value]) -> None:
        # Without a step in Python for each one: there may be a million.
        given = list(values)
        self.values = list(dict.fromkeys(given))
        numbers = {value: number for number, value in enumerate(self.values)}
        self.codes = np.fromiter(map(numbers.__getitem__, given), dtype=np.int64, count=len(given))

    def ranks(self) -> Ints:
        """Return the codes such that they follow the order of the values as written."""
        places = {value: place for place, value in enumerate(sorted(self.values, key=str))}
        return _column(places[value] for value in self.values)[self.codes]


def _column(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _whom(rows: Sequence[Movement]) -> list[str]:
    """Return whom each row names: its merchant, that of other rows with the same text, else the text."""
    counted = Counter((row.text, row.merchant) for row in rows if row.merchant)
    usual = {text: merchant for (text, merchant), _ in sorted(counted.items(), key=lambda one: (one[1], one[0][1]))}
    return [row.merchant or usual.get(row.text, row.text) for row in rows]


def _ordered(columns: tuple[Ints, ...], rows: Sequence[Movement]) -> Ints:
    """Return the places of `rows` by `columns`, the first before all; twins by their ids."""
    order = np.lexsort(columns[::-1])
    twin = np.ones(max(0, len(order) - 1), dtype=bool)
    for column in columns:
        twin &= np.diff(column[order]) == 0
    edges = np.flatnonzero(np.diff(np.r_[0, twin.astype(np.int8), 0]))
    for start, end in edges.reshape(-1, 2).tolist():
        order[start : end + 1] = sorted(order[start : end + 1].tolist(), key=lambda place: str(rows[place].id))
    return order


def _samples(rows: Sequence[Movement], shapes: Ints, order: Ints) -> dict[int, str]:
    """Return one text for each shape, with the merchant before it."""
    first = order[np.unique(shapes[order], return_index=True)[1]]
    return {int(shapes[place]): f"{rows[place].merchant} {rows[place].text}" for place in first.tolist()}
