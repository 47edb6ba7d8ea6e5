"""A search for pairs: what it goes by, read as columns, and what it finds. Nothing is written here."""

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import BigInteger, Row, Select, select, type_coerce
from sqlalchemy.orm import Session

from core.rates import EURO, ONE, Rates, rates_in
from core.store import Account, Category, Pair, Split, Transaction, UserId

PairKind = Literal["transfer", "refund"]

AT_ONCE: Final = 10_000
"""So many rows are fetched in one go: a million as objects take a gigabyte."""


@dataclass(frozen=True, slots=True)
class Found:
    """Two rows that belong together, by their ids; unless `sure`, the person is to be asked. `reasons` as JSON."""

    kind: PairKind
    first: int
    second: int
    permille: int
    sure: bool
    reasons: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Transactions that are there, as columns. A category that is not told is 0."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    account_ids: "array[int]" = field(default_factory=lambda: array("q"))
    days: "array[int]" = field(default_factory=lambda: array("q"))
    units: "array[int]" = field(default_factory=lambda: array("q"))
    categories: "array[int]" = field(default_factory=lambda: array("q"))
    own_categories: "array[int]" = field(default_factory=lambda: array("q"))
    pending: "array[int]" = field(default_factory=lambda: array("b"))
    currencies: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    marks: "array[int]" = field(default_factory=lambda: array("q"))
    """See `mark_of`."""


@dataclass(frozen=True, slots=True)
class Besides:
    """What a search goes by besides the transactions."""

    decided: tuple[tuple[int, int, str, PairKind], ...]
    """Pairs that the person confirmed or refused: the two rows, which of the two, and the kind."""
    split: frozenset[int]
    categories: dict[int, tuple[str, str]]
    """Code and kind of each."""
    accounts: tuple[tuple[int, str, str, str], ...]
    """Id, name, mask and type of each."""
    rates: Rates

    def mark(self) -> int:
        """Return what tells it from any by which a search might find other pairs."""
        categories = frozenset(self.categories.items())
        return hash((self.decided, self.split, categories, self.accounts, self.rates.fingerprint()))


def question_of(user: UserId) -> Select[*tuple[Any, ...]]:
    """Ask for what a search goes by of all rows of `user`, the removed ones too."""
    # Units instead of decimals, of which a million take long to make.
    units = type_coerce(Transaction.amount, BigInteger).label("units")
    return select(
        Transaction.id, Transaction.account_id, Transaction.date, units, Transaction.currency, Transaction.name,
        Transaction.merchant_name, Transaction.original_text, Transaction.category_id, Transaction.own_category_id,
        Transaction.pending,
    ).where(Transaction.user_id == user)  # fmt: skip


def mark_of(row: Row[*tuple[Any, ...]]) -> int:
    """Return what tells a row of `question_of` from any that a search would not take for the same."""
    texts = f"{row.name}\0{row.merchant_name}\0{row.original_text}"
    numbers = f"{row.account_id} {row.date} {row.units} {row.category_id} {row.own_category_id}"
    # Of a text, as -1 and -2 have the same hash.
    return hash(f"{numbers} {row.currency} {row.pending} {texts}")


def read_rows(session: Session, user: UserId) -> Rows:
    """Return all transactions of `user` that are there."""
    rows = Rows()
    codes: dict[str, str] = {}
    question = question_of(user).where(Transaction.removed_at.is_(None)).execution_options(yield_per=AT_ONCE)
    for row in session.execute(question):
        rows.ids.append(row.id)
        rows.account_ids.append(row.account_id)
        rows.days.append(row.date.toordinal())
        rows.units.append(row.units)
        rows.categories.append(row.category_id or 0)
        rows.own_categories.append(row.own_category_id or 0)
        rows.pending.append(row.pending)
        # The same few words a million times.
        rows.currencies.append(codes.setdefault(row.currency, row.currency))
        rows.texts.append(f"{row.name} {row.merchant_name} {row.original_text}")
        rows.marks.append(mark_of(row))
    return rows


def read_besides(session: Session, user: UserId) -> Besides:
    """Return what a search among the rows of `user` goes by besides."""
    decided = (
        select(Pair.first_id, Pair.second_id, Pair.state, Pair.kind)
        .where(Pair.user_id == user, Pair.state.in_(("confirmed", "refused")))
        .order_by(Pair.id)
    )
    accounts = (
        select(Account.id, Account.nickname, Account.name, Account.mask, Account.type)
        .where(Account.user_id == user, Account.removed_at.is_(None))
        .order_by(Account.id)
    )
    categories = select(Category.id, Category.code, Category.kind)
    return Besides(
        tuple(
            (row.first_id, row.second_id, row.state, "refund" if row.kind == "refund" else "transfer")
            for row in session.execute(decided)
        ),
        frozenset(session.scalars(select(Split.transaction_id).where(Split.user_id == user))),
        {row.id: (row.code, row.kind) for row in session.execute(categories)},
        tuple((row.id, row.nickname or row.name, row.mask, row.type) for row in session.execute(accounts)),
        rates_in(session, user),
    )


def search(rows: Rows, besides: Besides) -> list[Found]:
    """Return the pairs among `rows`, none of which the person has refused or that has a row of a confirmed one."""
    # numpy is loaded when it is needed: a start should not wait for it.
    import numpy as np

    from core.ledger.pairing import OwnAccount, find_refunds, find_transfers, ledger_of_columns, taken

    codes = {number: code for number, (code, _) in besides.categories.items()}
    ledger = ledger_of_columns(
        ids=np.asarray(rows.ids),
        account_ids=np.asarray(rows.account_ids),
        days=np.asarray(rows.days),
        units=np.asarray(rows.units),
        currencies=rows.currencies,
        texts=rows.texts,
        categories=[codes.get(number, "") for number in rows.categories],
        pending=np.asarray(rows.pending, np.bool_),
        accounts=[OwnAccount(*told) for told in besides.accounts],
    )
    ids, own = np.asarray(rows.ids), np.asarray(rows.own_categories)
    moves = [number for number, (_, kind) in besides.categories.items() if kind == "transfer"]
    spoken = ids[own != 0]
    sides = np.array([row for first, second, *_ in besides.decided for row in (first, second)], np.int64)
    busy = sorted(besides.split | _fixed(besides, set(np.intersect1d(ids, sides).tolist())))
    ledger = taken(ledger, np.flatnonzero(~np.isin(ledger.id, np.array(busy, np.int64))))
    movable = taken(ledger, np.flatnonzero(~np.isin(ledger.id, ids[(own != 0) & ~np.isin(own, moves)])))
    refused = [(first, second) for first, second, state, _ in besides.decided if state == "refused"]
    transfers = find_transfers(movable, _day_rates(besides.rates, set(rows.currencies)), rejected=refused)
    refunds = find_refunds(ledger, transfers, rejected=refused)
    told_of = set(spoken.tolist()) | {row for one in transfers if one.sure for row in (one.out_id, one.in_id)}
    found = [
        Found("transfer", one.out_id, one.in_id, round(one.score * 1000), one.sure, _told(one.reasons))
        for one in transfers
    ]
    asked_twice = {(one.first, one.second) for one in found}
    found += [
        Found("refund", one.purchase_id, one.refund_id, round(one.score * 1000), one.sure, _told(one.reasons))
        for one in refunds
        if one.refund_id not in told_of and (one.purchase_id, one.refund_id) not in asked_twice
    ]
    return found


def ends_of(kind: str, first: int, second: int) -> tuple[int, ...]:
    """Return the rows that name their pair."""
    return (first, second) if kind == "transfer" else (second,)


def _fixed(besides: Besides, living: set[int]) -> set[int]:
    """Return the rows of pairs that the person confirmed and of which both rows are there."""
    return {
        number
        for first, second, state, kind in besides.decided
        if state == "confirmed" and first in living and second in living
        for number in ends_of(kind, first, second)
    }


def _day_rates(rates: Rates, currencies: Collection[str]) -> dict[str, dict[date, Decimal]]:
    """Return the rates of `currencies`, where there are several; those that nobody knows are left out."""
    if len(currencies) < 2:
        return {}
    told = {
        currency: {day: Decimal(units) for day, units in rates.series(currency).items()}
        for currency in currencies
        if rates.knows(currency)
    }
    return told | ({EURO: {date.min: Decimal(ONE)}} if EURO in told else {})


def _told(reasons: Iterable[str]) -> str:
    return msgspec.json.encode(list(reasons)).decode()
