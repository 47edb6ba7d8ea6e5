"""A person's lines as a pandas frame, worked out from the store alone: what every figure is held against."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import select

from core.store import Account, Category, CategoryChoice, Pair, Split, Store, Transaction, UserId
from tests.core.rates.oracle import converted

MOVING = {"mortgage", "loan", "brokerage", "retirement"}
COLUMNS = [
    "id",
    "part",
    "date",
    "amount",
    "currency",
    "account",
    "category",
    "group",
    "kind",
    "pending",
    "name",
    "home",
]
NOTHING = Decimal(0)


def lines_of(store: Store, user: UserId, home: str = "USD") -> pd.DataFrame:
    """Return each line on an account that is not hidden; `home` is None without a rate, `category` 0 for none."""
    with store.read() as session:
        accounts = {one.id: one for one in session.scalars(select(Account).where(Account.user_id == user))}
        categories = {one.id: one for one in session.scalars(select(Category))}
        merged = {
            one.category_id: one.merged_into_id
            for one in session.scalars(select(CategoryChoice).where(CategoryChoice.user_id == user))
            if one.merged_into_id is not None
        }
        groups = {one.code: one.id for one in categories.values() if one.code == one.group}
        pairs = {one.id: one for one in session.scalars(select(Pair).where(Pair.user_id == user))}
        rows = {one.id: one for one in session.scalars(select(Transaction).where(Transaction.user_id == user))}
        splits: dict[int, list[Split]] = {}
        for one in session.scalars(select(Split).where(Split.user_id == user).order_by(Split.position)):
            splits.setdefault(one.transaction_id, []).append(one)
        found: list[list[Any]] = []
        for row in rows.values():
            account = accounts[row.account_id]
            if row.removed_at is not None or account.removed_at is not None or account.hidden:
                continue
            pair = pairs.get(row.pair_id or 0)
            told = _said(row)
            if pair is not None and pair.kind == "refund" and row.own_category_id is None:
                told = _said(rows[pair.first_id]) or told
            parts = [(one.position, one.amount, one.category_id) for one in splits.get(row.id, [])]
            for part, amount, number in parts or [(0, row.amount, told)]:
                category = categories.get(merged.get(number or 0, number or 0))
                found.append(
                    [
                        row.id, part, row.date, amount, row.currency, account.id, category.id if category else 0,
                        groups.get(category.group, 0) if category else 0,
                        _kind(account.type, pair.kind if pair else "", category.kind if category else "", amount),
                        row.pending, row.own_name or row.rule_name or row.merchant_name or row.name,
                        converted(amount, row.currency, home, row.date),
                    ]
                )  # fmt: skip
    frame = pd.DataFrame(found, columns=COLUMNS)
    frame["home"] = frame["home"].astype(object).where(frame["home"].notna(), None)
    return frame


def _said(row: Transaction) -> int | None:
    learned = row.learned_category_id if row.learned_sets else None
    told = (row.own_category_id, row.rule_category_id, learned, row.category_id, row.merchant_category_id)
    return next((one for one in told if one is not None), None)


def _kind(account: str, paired: str, category: str, amount: Decimal) -> str:
    if paired:
        return "transfer" if paired == "transfer" else "spending"
    if account in {"mortgage", "loan"} and amount > 0:
        return "transfer"
    if category:
        return category
    return "transfer" if account in MOVING else "income" if amount > 0 else "spending"


def within(frame: pd.DataFrame, since: date | None, until: date | None, kind: str = "") -> pd.DataFrame:
    """Return the lines of a period that have a rate; of none without one."""
    if since is None or until is None:
        return frame.iloc[0:0]
    kept = frame[(frame["date"] >= since) & (frame["date"] <= until) & frame["home"].notna()]
    return kept[kept["kind"] == kind] if kind else kept


def total(frame: pd.DataFrame) -> Decimal:
    """Return what some lines add up to, in the currency of totals."""
    return sum(frame["home"], NOTHING)


def sums_by(frame: pd.DataFrame, column: str) -> dict[Any, Decimal]:
    """Return what some lines add up to by a column."""
    return {key: total(part) for key, part in frame.groupby(column, sort=False)}
