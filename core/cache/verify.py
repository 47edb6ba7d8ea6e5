"""Holding a cache against the store, row by row: for the doctor, and for tests that kill and damage."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.cache.home import UserCache
from core.store import Account, Balance, Store, Transaction, UserId


def verify(cache: UserCache, store: Store) -> list[str]:
    """Return a sentence for each kind of difference between `cache` and `store`; nothing when they are equal.

    The roll-ups are held against the cache's own rows.
    """
    cache.refresh()
    differences = []
    for name, kept, cached in (
        ("transactions", _store_transactions(store, cache.user), set(cache.ask("verify_transactions"))),
        ("balances", _store_balances(store, cache.user), set(cache.ask("verify_balances"))),
        ("accounts", _store_accounts(store, cache.user), set(cache.ask("verify_accounts"))),
    ):
        if kept != cached:
            differences.append(
                f"{len(kept - cached)} {name} of the store are not in the cache, {len(cached - kept)} of the cache not in the store."
            )
    for name in ("verify_months", "verify_days"):
        wrong = cache.ask(name)
        if wrong:
            differences.append(f"{len(wrong)} rows of the cache's {name.removeprefix('verify_')} don't add up.")
    return differences


def _store_transactions(store: Store, user: UserId) -> set[tuple[Any, ...]]:
    with store.read() as session:
        rows = session.scalars(select(Transaction).where(Transaction.user_id == user, Transaction.removed_at.is_(None)))
        return {
            (
                row.id,
                row.date,
                row.amount,
                row.currency,
                row.account_id,
                row.own_category_id or row.category_id,
                row.pending,
                row.own_name or row.merchant_name or row.name,
                row.note,
            )
            for row in rows
        }


def _store_balances(store: Store, user: UserId) -> set[tuple[int, Any, Decimal]]:
    with store.read() as session:
        rows = session.scalars(select(Balance).where(Balance.user_id == user, Balance.removed_at.is_(None)))
        return {(row.account_id, row.day, row.current) for row in rows}


def _store_accounts(store: Store, user: UserId) -> set[tuple[Any, ...]]:
    with store.read() as session:
        rows = session.scalars(select(Account).where(Account.user_id == user, Account.removed_at.is_(None)))
        return {
            (
                row.id,
                row.nickname or row.name,
                row.type,
                row.currency,
                row.current,
                row.available,
                row.limit,
                row.hidden,
            )
            for row in rows
        }
