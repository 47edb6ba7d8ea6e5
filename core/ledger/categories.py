"""The built-in categories, and finding one by the code that a bank gives."""

import csv
from functools import cache, lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import REFERENCE
from core.store import Category, Store


@cache
def _reference() -> tuple[dict[str, str], ...]:
    with (REFERENCE / "categories.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def category_ids() -> dict[str, int]:
    """Return the built-in category id of every code a bank can give, v2 and v1, detailed and primary."""
    ids = {old: int(row["id"]) for row in _reference() for old in row["v1"].split()}
    return ids | {row["code"]: int(row["id"]) for row in _reference()}


@lru_cache(maxsize=1024)
def category_of(code: str) -> int | None:
    """Return the id for a bank's category code; an unknown detailed code falls back to its primary.

    Returns None for an empty code or one whose primary is unknown too.
    """
    ids = category_ids()
    while code:
        if code in ids:
            return ids[code]
        code = code.rpartition("_")[0]
    return None


def ensure_categories(store: Store) -> None:
    """Bring the built-in categories of `store` to those shipped; writes only when they differ."""
    shipped = {
        int(row["id"]): (row["code"], row["group"], row["title"], row["icon"], row["kind"], row["need"])
        for row in _reference()
    }
    with store.read() as session:
        if _kept(session) == shipped:
            return
    with store.write() as session:
        known = {row.id: row for row in session.scalars(select(Category).where(Category.user_id.is_(None)))}
        for number, told in shipped.items():
            if (row := known.get(number)) is None:
                session.add(row := Category(id=number, user_id=None))
            row.code, row.group, row.title, row.icon, row.kind, row.need = told


def _kept(session: Session) -> dict[int, tuple[str, ...]]:
    shown = (Category.code, Category.group, Category.title, Category.icon, Category.kind, Category.need)
    rows = session.execute(select(Category.id, *shown).where(Category.user_id.is_(None)))
    return {number: tuple(row) for number, *row in rows}
