"""Holding a cache against the store, row by row: for the doctor, and for tests that kill and damage.

What a row should be in the cache is said here a second time, in Python, so that a mistake in the
SQL that fills the cache shows.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from core.cache.caches import UserCache
from core.money import LIMIT
from core.rates import Rates, rates_in
from core.store import (
    Account,
    Balance,
    Category,
    CategoryChoice,
    Item,
    Pair,
    Split,
    Store,
    Transaction,
    User,
    UserId,
    last_change,
)

CHUNK: Final = 50_000
TRIES: Final = 5
MOVING: Final = ("mortgage", "loan", "brokerage", "retirement")
"""Accounts on which money without a category only moves."""

COLUMNS: Final = (
    Transaction.id, Transaction.date, Transaction.amount, Transaction.currency, Transaction.account_id,
    Transaction.category_id, Transaction.own_category_id, Transaction.rule_category_id,
    Transaction.learned_category_id, Transaction.learned_sets, Transaction.merchant_category_id, Transaction.pending,
    Transaction.name, Transaction.own_name, Transaction.rule_name, Transaction.merchant_name, Transaction.note,
    Transaction.own_tags, Transaction.rule_tags, Transaction.own_hidden, Transaction.rule_hidden, Transaction.pair_id,
)  # fmt: skip

Rows = Mapping[Any, tuple[Any, ...]]


def verify(cache: UserCache, store: Store) -> list[str]:
    """Return a sentence for each kind of difference between `cache` and `store`; nothing when they are equal.

    The roll-ups are held against the cache's own rows. Writes that come while this looks make it
    look again.
    """
    differences: list[str] = []
    for _ in range(TRIES):
        with store.read() as session, cache.answering(anew=True):
            before = last_change(session, cache.user)
            differences = list(_differences(cache, session))
        with store.read() as session:
            if not differences or last_change(session, cache.user) == before:
                break
    return differences


def _differences(cache: UserCache, session: Session) -> Iterator[str]:
    accounts = _keyed(session, _accounts(cache.user))
    categories = _keyed(session, _categories(cache.user))
    for name, kept in (
        ("accounts", accounts),
        ("categories", categories),
        ("items", _keyed(session, _items(cache.user))),
        ("balances", {(row[0], row[1]): row for row in session.execute(_balances(cache.user))}),
    ):
        width = 2 if name == "balances" else 1
        cached = {row[0] if width == 1 else row[:2]: tuple(row) for row in cache.ask(f"verify_{name}")}
        yield from _compared(name, {key: tuple(row) for key, row in kept.items()}, cached)
    yield from _transactions(cache, session, accounts, categories)
    for name in ("verify_months", "verify_days"):
        wrong = cache.ask(name)
        if wrong:
            yield f"{len(wrong)} rows of the cache's {name.removeprefix('verify_')} don't add up."
    ((rows, wordings),) = cache.ask("verify_wordings")
    if rows or wordings:
        yield f"{rows + wordings} rows of the cache can't be searched."


def _transactions(cache: UserCache, session: Session, accounts: Rows, categories: Rows) -> Iterator[str]:
    """Compare the rows chunk by chunk, so that a million of them do not have to fit into memory twice."""
    known = _Known(
        types={key: row[2] for key, row in accounts.items()},
        kinds={key: row[3] for key, row in categories.items()},
        merged={key: row[7] for key, row in categories.items() if row[7] is not None},
        splits=_splits(session, cache.user),
        pairs={
            row.id: (row.kind, row.first_id)
            for row in session.execute(select(Pair.id, Pair.kind, Pair.first_id).where(Pair.user_id == cache.user))
        },
        refunded=_refunded(session, cache.user),
        rates=rates_in(session, cache.user),
        home=_home(session, cache.user, accounts),
    )
    last = max(session.scalar(select(func.max(Transaction.id))) or 0, cache.ask("verify_last")[0][0])
    for first in range(0, last + 1, CHUNK):
        chunk = {"first": first, "last": first + CHUNK - 1}
        lines = [line for row in session.execute(_rows(cache.user, **chunk)) for line in _expected(row, known)]
        kept = {line[:2]: line for line in lines}
        cached = {row[:2]: row for row in cache.ask("verify_transactions", **chunk)}
        yield from _compared("transactions", kept, cached)


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides how a row should be in the cache, besides the row itself."""

    types: Mapping[int, str]
    kinds: Mapping[int, str]
    merged: Mapping[int, int]
    splits: Mapping[int, list[Split]]
    pairs: Mapping[int, tuple[str, int]]
    refunded: Mapping[int, int | None]
    """For what a purchase was that has a refund, by its id."""
    rates: Rates
    home: str
    """The currency of totals."""

    def in_home(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """Return an amount in the currency of totals; None without a rate, or when it is too large to be kept."""
        told = self.rates.convert(amount, currency, self.home, day)
        return told.amount if told is not None and abs(told.amount) < LIMIT else None


def _expected(row: Row[*tuple[Any, ...]], known: _Known) -> Iterator[tuple[Any, ...]]:
    """Return the lines that a transaction should make."""
    paired, purchase = known.pairs.get(row.pair_id, ("", 0))
    category = _said(row)
    if paired == "refund" and row.own_category_id is None and known.refunded.get(purchase) is not None:
        category = known.refunded[purchase]
    name = row.own_name or row.rule_name or row.merchant_name or row.name
    tags = sorted({tag for tag in f"{row.own_tags}\n{row.rule_tags}".split("\n") if tag})
    hidden = row.rule_hidden if row.own_hidden is None else row.own_hidden
    parts = [(one.position, one.amount, one.category_id, one.note or row.note) for one in known.splits.get(row.id, ())]
    for part, amount, told, note in parts or [(0, row.amount, category, row.note)]:
        merged = known.merged.get(told, told) if told is not None else None
        kind = _kind(known, known.types.get(row.account_id, ""), paired, merged, is_in=amount > 0)
        yield (
            row.id, part, row.date, amount, row.currency, row.account_id, merged, kind, row.pending, name, note,
            tags, hidden, paired, known.in_home(amount, row.currency, row.date),
        )  # fmt: skip


def _said(row: Any) -> int | None:  # noqa: ANN401 - a row with the columns of a transaction
    """Return what a transaction is for: the person is heard first, then rules, the model, the bank, the merchant."""
    learned = row.learned_category_id if row.learned_sets else None
    told = (row.own_category_id, row.rule_category_id, learned, row.category_id, row.merchant_category_id)
    return next((one for one in told if one is not None), None)


def _kind(known: _Known, account_type: str, paired: str, category: int | None, *, is_in: bool) -> str:
    if paired:
        return {"transfer": "transfer", "refund": "spending"}[paired]
    if account_type in {"mortgage", "loan"} and is_in:
        return "transfer"
    if category is not None and category in known.kinds:
        return known.kinds[category]
    if account_type in MOVING:
        return "transfer"
    return "income" if is_in else "spending"


def _home(session: Session, user: UserId, accounts: Rows) -> str:
    """Return the person's currency; that of most accounts where no account has it, and no rate is known of it."""
    told = session.scalar(select(User.currency).where(User.id == user)) or ""
    held = [row[5] for row in accounts.values() if not row[9]]
    if not held or told in held or rates_in(session, user).knows(told):
        return told
    return str(max(sorted(set(held)), key=held.count))


def _splits(session: Session, user: UserId) -> dict[int, list[Split]]:
    parts: dict[int, list[Split]] = defaultdict(list)
    for one in session.scalars(select(Split).where(Split.user_id == user).order_by(Split.position)):
        parts[one.transaction_id].append(one)
    return parts


def _refunded(session: Session, user: UserId) -> dict[int, int | None]:
    refunds = select(Pair.first_id).where(Pair.user_id == user, Pair.kind == "refund")
    return {row.id: _said(row) for row in session.execute(select(*COLUMNS).where(Transaction.id.in_(refunds)))}


def _compared(name: str, kept: Rows, cached: Rows) -> Iterator[str]:
    missing = kept.keys() - cached.keys()
    extra = cached.keys() - kept.keys()
    other = [key for key in kept.keys() & cached.keys() if kept[key] != cached[key]]
    if missing or extra or other:
        example = min([*missing, *extra, *other])
        example = example[0] if isinstance(example, tuple) else example
        yield (
            f"Of the {name}, {len(missing)} are missing in the cache, {len(extra)} are too many in it"
            f" and {len(other)} differ, {example} for one."
        )


def _keyed(session: Session, question: Select[*tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: tuple(row) for row in session.execute(question)}


def _rows(user: UserId, first: int, last: int) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).where(
        Transaction.user_id == user, Transaction.removed_at.is_(None), Transaction.id.between(first, last)
    )


def _balances(user: UserId) -> Select[*tuple[Any, ...]]:
    return select(Balance.account_id, Balance.day, Balance.current).where(
        Balance.user_id == user, Balance.removed_at.is_(None)
    )


def _accounts(user: UserId) -> Select[*tuple[Any, ...]]:
    name = func.coalesce(func.nullif(Account.nickname, ""), Account.name)
    columns = (
        Account.id, name, Account.type, Account.subtype, Account.mask, Account.currency, Account.current,
        Account.available, Account.limit, Account.hidden, Account.item_id,
    )  # fmt: skip
    return select(*columns).where(Account.user_id == user, Account.removed_at.is_(None))


def _categories(user: UserId) -> Select[*tuple[Any, ...]]:
    said = CategoryChoice
    columns = (
        Category.id, Category.code, func.coalesce(func.nullif(said.title, ""), Category.title), Category.kind,
        func.coalesce(func.nullif(said.icon, ""), Category.icon), func.coalesce(said.need, Category.need),
        func.coalesce(said.hidden, False), said.merged_into_id,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(said, (said.category_id == Category.id) & (said.user_id == user))
        .where(or_(Category.user_id == user, Category.user_id.is_(None)))
    )


def _items(user: UserId) -> Select[*tuple[Any, ...]]:
    return select(Item.id, Item.provider, Item.institution_name, Item.error_code, Item.error_sentence).where(
        Item.user_id == user, Item.removed_at.is_(None)
    )
