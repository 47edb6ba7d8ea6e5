"""Holding a cache against the store, row by row: for the doctor, and for tests that kill and damage.

What a row should be in the cache is said here a second time, in Python, so that a mistake in the
SQL that fills the cache shows.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from core.cache.caches import UserCache
from core.store import Account, Balance, Category, Item, Store, Transaction, UserId, last_change

CHUNK: Final = 50_000
TRIES: Final = 5
MOVING: Final = ("mortgage", "loan", "brokerage", "retirement")
"""Accounts on which money without a category only moves."""

Rows = Mapping[Any, tuple[Any, ...]]


def verify(cache: UserCache, store: Store) -> list[str]:
    """Return a sentence for each kind of difference between `cache` and `store`; nothing when they are equal.

    The roll-ups are held against the cache's own rows. Writes that come while this looks make it
    look again.
    """
    differences: list[str] = []
    for _ in range(TRIES):
        with store.read() as session, cache.answering():
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


def _transactions(cache: UserCache, session: Session, accounts: Rows, categories: Rows) -> Iterator[str]:
    """Compare the rows chunk by chunk, so that a million of them do not have to fit into memory twice."""
    types = {key: row[2] for key, row in accounts.items()}
    kinds = {key: row[3] for key, row in categories.items()}
    last = max(session.scalar(select(func.max(Transaction.id))) or 0, cache.ask("verify_last")[0][0])
    for first in range(0, last + 1, CHUNK):
        chunk = {"first": first, "last": first + CHUNK - 1}
        kept = {row.id: _expected(row, types, kinds) for row in session.execute(_rows(cache.user, **chunk))}
        cached = {row[0]: row for row in cache.ask("verify_transactions", **chunk)}
        yield from _compared("transactions", kept, cached)


def _expected(row: Row[*tuple[Any, ...]], types: Mapping[int, str], kinds: Mapping[int, str]) -> tuple[Any, ...]:
    category = row.own_category_id if row.own_category_id is not None else row.category_id
    name = row.own_name or row.merchant_name or row.name
    account_type = types.get(row.account_id)
    if account_type in {"mortgage", "loan"} and row.amount > 0:
        kind = "transfer"
    elif category in kinds:
        kind = kinds[category]
    elif account_type in MOVING:
        kind = "transfer"
    else:
        kind = "income" if row.amount > 0 else "spending"
    return (
        row.id, row.date, row.amount, row.currency, row.account_id, category, kind, row.pending, name, row.note,
    )  # fmt: skip


def _compared(name: str, kept: Rows, cached: Rows) -> Iterator[str]:
    missing = kept.keys() - cached.keys()
    extra = cached.keys() - kept.keys()
    other = [key for key in kept.keys() & cached.keys() if kept[key] != cached[key]]
    if missing or extra or other:
        example = min([*missing, *extra, *other])
        yield (
            f"Of the {name}, {len(missing)} are missing in the cache, {len(extra)} are too many in it"
            f" and {len(other)} differ, {example} for one."
        )


def _keyed(session: Session, question: Select[*tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: tuple(row) for row in session.execute(question)}


def _rows(user: UserId, first: int, last: int) -> Select[*tuple[Any, ...]]:
    columns = (
        Transaction.id, Transaction.date, Transaction.amount, Transaction.currency, Transaction.account_id,
        Transaction.category_id, Transaction.own_category_id, Transaction.pending, Transaction.name,
        Transaction.own_name, Transaction.merchant_name, Transaction.note,
    )  # fmt: skip
    return select(*columns).where(
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
    return select(Category.id, Category.code, Category.title, Category.kind, Category.icon, Category.need).where(
        or_(Category.user_id == user, Category.user_id.is_(None))
    )


def _items(user: UserId) -> Select[*tuple[Any, ...]]:
    return select(Item.id, Item.provider, Item.institution_name, Item.error_code, Item.error_sentence).where(
        Item.user_id == user, Item.removed_at.is_(None)
    )
