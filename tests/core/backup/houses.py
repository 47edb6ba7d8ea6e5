"""Houses that are backed up and restored, and what is in their tables."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import select

from core.backup import Written, back_up
from core.banking import link_demo
from core.config import Settings
from core.identity import add_user, check_strength
from core.money import LIMIT
from core.runtime import Runtime, open_runtime
from core.store import Account, Base, Category, Item, Store, Transaction, TransactionEvent, UserId

ADA, PASSWORD = "ada@example.org", "seven otters juggle lanterns"
PASSPHRASE: Final = "brass kettles hum at midnight"
CANARY: Final = "canary-zeisig-4711"
TOKEN: Final = "access-canary-4711"
ODD: Final = (
    CANARY, "", " ", "'; DROP TABLE users; --", 'quote " and \\ and \n and \r\n and \t', "Zoë ☕ 🧾",
    "\u202eright to left",
    "e\u0301", "\x01\x7f", "null", "=1+1", "ﷺ" * 300,
)  # fmt: skip
LARGEST: Final = LIMIT - Decimal("0.0001")


def house_in(folder: Path, *, encrypt: bool = True, url: str = "") -> Runtime:
    return open_runtime(settings_of(folder, encrypt=encrypt, url=url))


def settings_of(folder: Path, *, encrypt: bool = True, url: str = "") -> Settings:
    return Settings(fintrack_data_dir=folder, fintrack_encrypt=encrypt, database_url=SecretStr(url))


def fill(house: Runtime, *, demo: bool = False) -> UserId:
    """Add a person with a sealed token, odd texts, extreme amounts and instants, empty values; maybe the demo."""
    person = add_user(house.store, house.vault, ADA, PASSWORD)
    if demo:
        link_demo(house.store, house.vault, person)
    first, last = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
    with house.store.write() as session:
        item = Item(user_id=person, provider="plaid", provider_key="k", created_at=first, last_synced_at=last)
        session.add(item)
        session.flush()
        item.sealed_token = house.vault.seal(TOKEN, f"item:{item.id}")
        account = Account(user_id=person, item_id=item.id, name=CANARY, type="depository", currency="USD",
                          created_at=dt.datetime(2026, 3, 1, 12, 0, 0, 1, dt.UTC), hidden=True)  # fmt: skip
        gone = Category(user_id=person, code="GONE", group="GONE", title="Gone", kind="spending")
        session.add_all([account, gone])
        session.flush()
        for number, text in enumerate(ODD):
            amount = (LARGEST, -LARGEST, Decimal(0), Decimal("0.0001"))[number % 4]
            row = Transaction(
                user_id=person, account_id=account.id, provider_key=f"t{number}", amount=amount, currency="USD",
                name=text, note=text,
                date=(dt.date.min, dt.date.max, dt.date(2024, 2, 29))[number % 3], pending=bool(number % 2),
                created_at=(first, last)[number % 2], details='{"a": null}',
            )  # fmt: skip
            session.add(row)
            session.flush()
            session.add(
                TransactionEvent(
                    user_id=person, transaction_id=row.id, at=last, source="person", field="name", before=text
                )
            )
        session.delete(gone)
    return person


def contents(store: Store) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with store.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def backed_up(house: Runtime, to: Path | None = None) -> Written:
    folder = house.settings.fintrack_data_dir / "backups"
    return back_up(house.store, house.vault.keys, PASSPHRASE, check_strength, folder, to)
