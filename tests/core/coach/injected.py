"""A household whose merchants, memos, notes, categories and accounts try to command whoever reads them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import select, update

from core import clock
from core.cache import Caches
from core.coach import Scope
from core.coach.values import LONGEST_TEXT
from core.formats import one_line
from core.identity import profile
from core.ledger import Changes, add_category, apply_update, edit_transactions, ensure_categories
from core.store import Account, Category, Store, Transaction, migrate
from tests.core.coach.household import NOON
from tests.core.ledger.household import bought, settle
from tests.core.ledger.household import update as update_of


class Injection(NamedTuple):
    """A text that wants something (`goal`), and where it stands."""

    goal: str
    text: str
    field: str

    @property
    def probe(self) -> str:
        """Return the beginning of the text as a tool would tell it."""
        return one_line(self.text, LONGEST_TEXT)[:14]


INJECTIONS: Final = [
    Injection(**one) for one in json.loads((Path(__file__).parent / "injections.json").read_text("utf-8"))
]
SPENT: Final = Decimal("10.50") * len(INJECTIONS)


@contextmanager
def injected_scope(folder: Path) -> Iterator[Scope]:
    """Open a household with one purchase of 10.50 for each text, all in March 2026."""
    store = Store(f"sqlite:///{folder / 'fintrack.db'}")
    migrate(store, folder / "backups")
    ensure_categories(store)
    with clock.frozen(NOON):
        home = settle(store)
        rows = [
            bought(
                f"t{at}",
                "-10.50",
                day=1 + at % 19,
                name=one.text if one.field == "merchant" else f"Shop {chr(65 + at % 26)}{chr(65 + at // 26)}",
                merchant_name=one.text if one.field == "merchant" else "",
                original_text=one.text if one.field == "memo" else "",
            )
            for at, one in enumerate(INJECTIONS)
        ]
        apply_update(store, home.user, home.item, update_of(*rows), since="")
        with store.read() as session:
            found = select(Transaction.id, Transaction.provider_key).where(Transaction.user_id == home.user)
            ids = {str(key): row for row, key in session.execute(found)}
        for at, one in enumerate(INJECTIONS):
            if one.field == "notes":
                edit_transactions(store, home.user, [ids[f"t{at}"]], Changes(note=one.text))
            elif one.field == "category":
                own = add_category(store, home.user, f"Own {chr(65 + at % 26)}")
                edit_transactions(store, home.user, [ids[f"t{at}"]], Changes(own_category_id=own))
                # Whole, as a restored copy could hold it.
                with store.write() as session:
                    session.execute(update(Category).where(Category.id == own).values(title=one.text))
        with store.write() as session:
            session.execute(update(Account).values(name=next(one.text for one in INJECTIONS if one.field == "account")))
        caches = Caches(folder / "cache", store)
        caches.of(home.user)
    yield Scope(store, caches.of(home.user), profile(store, home.user))
    caches.close()
    store.close()
