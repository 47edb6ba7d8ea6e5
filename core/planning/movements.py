"""Transactions as the search for recurring ones takes them, in an order of their own and by column."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from core.cache import Coded
from core.money import to_units
from core.planning.candidates import Columns
from core.planning.payees import Payee, payees_of, without_numbers
from core.planning.screening import Flags, Ints
from core.planning.vocabulary import habit_kind, service_kind


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
class Movements:
    """Transactions by column, as far as recurring payments are concerned."""

    ids: npt.NDArray[Any]
    accounts: Coded[int | str]
    days: Ints
    """Ordinals."""
    units: Ints
    """Amounts in 1/10000, negative is money out."""
    texts: Coded[str]
    currencies: Coded[str]
    merchants: Coded[str]
    """"" where it is not known."""
    categories: Coded[str]

    @classmethod
    def of(cls, movements: Iterable[Movement]) -> "Movements":
        """Return transactions by column.

        Raises:
            AmountError: an amount is finer than 1/10000 or too large.
        """
        rows = list(movements)
        dates, amounts = (Coded.of(map(attrgetter(name), rows)) for name in ("date", "amount"))
        ids = np.empty(len(rows), dtype=object)
        ids[:] = [row.id for row in rows]
        return cls(
            ids,
            Coded.of(row.account for row in rows),
            _column(day.toordinal() for day in dates.values)[dates.codes],
            _column(to_units(amount) for amount in amounts.values)[amounts.codes],
            *(Coded.of(map(attrgetter(name), rows)) for name in ("text", "currency", "merchant", "category")),
        )

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ids)

    def narrowed(self, rows: Flags) -> "Movements":
        """Return some of them, and no values but theirs."""
        return self._each(Coded.narrowed, rows)

    def at(self, rows: Ints) -> "Movements":
        """Return them in another order."""
        return self._each(Coded.at, rows)

    def _each(self, of_coded: Callable[[Any, Any], Any], rows: npt.NDArray[Any]) -> "Movements":
        columns = (getattr(self, one.name) for one in fields(self))
        return Movements(*(of_coded(one, rows) if isinstance(one, Coded) else one[rows] for one in columns))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows by date, in an order that does not depend on how they came, and what is known of their payees."""

    rows: Movements
    columns: Columns
    payees: Sequence[Payee]
    services: Sequence[str]
    """The kind of service for each payee, "" for none."""
    habits: Sequence[str]
    """The kind of shop for each payee, "" for none."""

    @classmethod
    def of(cls, movements: Movements) -> "Ledger":
        """Return the ledger of those movements that move anything."""
        moving = movements.units != 0
        rows = movements if moving.all() else movements.narrowed(moving)
        accounts, currencies = rows.accounts.ranks(), rows.currencies.ranks()
        whom = _whom(rows)
        shape_of_text = Coded.of(without_numbers(whom.values))
        shape_of = shape_of_text.ranks()[whom.codes]
        shapes = sorted(shape_of_text.values)
        order = _ordered((rows.days, shape_of, rows.units, accounts, currencies), rows.ids)
        payees, payee_of = payees_of(shapes, np.bincount(shape_of, minlength=len(shapes)).tolist())
        rows, shape_of = rows.at(order), shape_of[order]
        texts: dict[int, str] = {}
        for shape, text in _samples(rows, shape_of).items():
            texts.setdefault(payee_of[shape], text)
        services = [service_kind(texts[number]) for number in range(len(payees))]
        habits = [habit_kind(texts[number]) for number in range(len(payees))]
        names = _column(payee_of)[shape_of] if len(rows) else shape_of
        columns = Columns(
            days=rows.days,
            units=rows.units,
            accounts=accounts[order],
            names=names,
            payees=Coded.of(payee.key for payee in payees).codes[names].astype(np.int64),
            heads=Coded.of(payee.head for payee in payees).codes[names].astype(np.int64),
            currencies=currencies[order],
            services=np.array([bool(kind) for kind in services], dtype=bool)[names],
            habits=np.array([bool(kind) for kind in habits], dtype=bool)[names],
        )
        return cls(rows, columns, payees, services, habits)


def _column(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _whom(rows: Movements) -> Coded[str]:
    """Return whom each row names: its merchant, that of other rows with the same text, else the text."""
    if not any(rows.merchants.values):
        return rows.texts
    given = list(zip(rows.texts.codes.tolist(), rows.merchants.codes.tolist(), strict=True))
    named = [(rows.texts.values[text], rows.merchants.values[merchant]) for text, merchant in given]
    counted = Counter((text, merchant) for text, merchant in named if merchant)
    usual = {text: merchant for (text, merchant), _ in sorted(counted.items(), key=lambda one: (one[1], one[0][1]))}
    return Coded.of(merchant or usual.get(text, text) for text, merchant in named)


def _ordered(columns: tuple[Ints, ...], ids: npt.NDArray[Any]) -> Ints:
    """Return the places of rows by `columns`, the first before all; twins by their ids."""
    order = np.lexsort(columns[::-1])
    twin = np.ones(max(0, len(order) - 1), dtype=bool)
    for column in columns:
        twin &= np.diff(column[order]) == 0
    edges = np.flatnonzero(np.diff(np.r_[0, twin.astype(np.int8), 0]))
    for start, end in edges.reshape(-1, 2).tolist():
        order[start : end + 1] = sorted(order[start : end + 1].tolist(), key=lambda place: str(ids[place]))
    return order


def _samples(rows: Movements, shapes: Ints) -> dict[int, str]:
    """Return one text for each shape, with the merchant before it."""
    first = np.unique(shapes, return_index=True)[1]
    return {int(shapes[place]): f"{rows.merchants[place]} {rows.texts[place]}" for place in first.tolist()}
