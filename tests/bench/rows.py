"""A store with one person's many transactions, filled the quick way: the benchmarks measure reading."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from core.ledger import ensure_categories
from core.ledger.categories import category_ids
from core.store import Account, Balance, Item, Store, User, UserId, migrate
from tests.bench.generator import synthetic_rows

TODAY: Final = date(2026, 6, 17)
KINDS: Final = ("checking", "savings", "checking", "credit card", "savings", "brokerage", "mortgage", "cash")
BALANCE_DAYS: Final = 730
"""How long ago the person began to sync: since then every account has a balance of each day."""

COLUMNS: Final = (
    "id", "user_id", "account_id", "provider_key", "date", "amount", "currency", "name", "merchant_name",
    "original_text", "pending", "category_id", "payment_channel", "check_number", "details", "own_name", "note",
    "created_at", "change",
)  # fmt: skip


STEP: Final = 100_000
"""So many rows are made into Python's own values at a time: ten millions at once would take gigabytes."""


def filled_store(
    folder: Path, count: int, *, accounts: int = 12, seed: int = 1, abroad: bool = True, until: date = TODAY
) -> tuple[Store, UserId]:
    """Return a new SQLite store in `folder` with one person who has `count` transactions up to a day.

    Ten years of rows on `accounts` accounts of three banks, all in USD but the last, which is in EUR where `abroad`.
    One row in fifty has no category, one in a hundred a note.
    """
    store = Store(f"sqlite:///{folder / f'bench-{count}.db'}")
    migrate(store, folder / "backups")
    ensure_categories(store)
    user = _household(store, accounts, until, abroad=abroad)
    with store.raw() as connection, closing(connection.cursor()) as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * len(COLUMNS))
        cursor.executemany(
            f"INSERT INTO transactions ({', '.join(COLUMNS)}) VALUES ({marks})",
            stored_rows(count, int(user), accounts, seed, abroad=abroad, until=until),
        )
        cursor.execute("UPDATE users SET last_change = 2 WHERE id = ?", (int(user),))
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store, user


def stored_rows(
    count: int, user: int, accounts: int = 12, seed: int = 1, *, abroad: bool = True, until: date = TODAY
) -> Iterator[tuple[Any, ...]]:
    """Return `count` rows with the values of `COLUMNS`, oldest first."""
    table = synthetic_rows(count, seed, accounts=accounts, until=until)
    ids = category_ids()
    stamp = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None).isoformat(" ")
    for number, (account, day, amount, merchant, name, category, pending) in enumerate(
        _in_steps(table),
        start=1,
    ):
        currency = "EUR" if abroad and account == accounts - 1 else "USD"
        known = None if number % 50 == 0 else ids[category]
        note = f"for trip {number}" if number % 100 == 0 else ""
        yield (
            number, user, account + 1, f"t{number}", day.isoformat(), amount, currency, name, merchant,
            f"{name.upper()} {number:07d} CARD 4471", pending, known, "in store", "", "", "", note, stamp, 2,
        )  # fmt: skip


def _in_steps(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    wanted = ["account", "date", "amount", "merchant", "name", "category", "pending"]
    for start in range(0, len(table), STEP):
        step = table.select(wanted).slice(start, STEP)
        yield from zip(*(column.to_pylist() for column in step.columns), strict=True)


def _household(store: Store, accounts: int, until: date, *, abroad: bool) -> UserId:
    """Add the person, three banks and the accounts (their ids count from 1)."""
    now = datetime(until.year, until.month, until.day, tzinfo=UTC)
    with store.write() as session:
        person = User(email="bench@example.org", password_hash="!", created_at=now, last_change=1)
        session.add(person)
        session.flush()
        items = [
            Item(
                user_id=person.id, provider="demo", provider_key=f"bank {number}", institution_name=f"Bank {number}",
                last_synced_at=now, created_at=now,
            )
            for number in range(3)
        ]  # fmt: skip
        session.add_all(items)
        session.flush()
        for number in range(accounts):
            kind = KINDS[number % len(KINDS)]
            owed = kind in {"credit card", "mortgage"}
            current = Decimal((number + 1) * 1000) * (-1 if owed else 1)
            session.add(
                Account(
                    id=number + 1, user_id=person.id, item_id=items[number % 3].id, provider_key=f"account {number}",
                    name=f"Account {number}", type=kind, currency="EUR" if abroad and number == accounts - 1 else "USD",
                    current=current, available=None if owed else current, balance_at=now, created_at=now, change=1,
                ),
            )  # fmt: skip
            session.flush()
            steps = accumulate(Decimal((day * 7 + number * 13) % 41 - 20) for day in range(BALANCE_DAYS))
            session.add_all(
                Balance(
                    account_id=number + 1, day=until - timedelta(days=back), user_id=person.id,
                    current=current + step, change=1,
                )
                for back, step in enumerate(steps)
            )  # fmt: skip
        return UserId(person.id)
