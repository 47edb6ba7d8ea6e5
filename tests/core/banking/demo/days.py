"""Words to ask the demo bank on a given day."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from core import clock
from core.banking import LinkedItem
from core.banking.demo import DemoBank
from core.ledger import AccountRecord, DailyBalance, SyncUpdate, TransactionRecord

MET: Final = date(2026, 3, 18)
"""The day on which the household is met."""

BANK: Final = DemoBank()


def link_on(day: date = MET, seed: int = 1) -> tuple[LinkedItem, ...]:
    """Return the logins that the demo bank gives on `day`."""
    with clock.frozen(noon(day)):
        return BANK.link(seed)


def sync_on(day: date, token: str, cursor: str = "") -> SyncUpdate:
    """Return what the demo bank says on `day`."""
    with clock.frozen(noon(day)):
        return BANK.changes(token, cursor)


def noon(day: date) -> datetime:
    """Return the middle of `day`."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def after(days: int) -> date:
    """Return the day that lies `days` after the household was met."""
    return MET + timedelta(days=days)


class Told:
    """Everything the three banks say on one day."""

    def __init__(self, day: date = MET, met: date = MET, seed: int = 1) -> None:
        """Read the whole history on `day` of the household met on `met`."""
        updates = [sync_on(day, linked.access_token) for linked in link_on(met, seed)]
        self.accounts: dict[str, AccountRecord] = {one.key: one for update in updates for one in update.accounts}
        self.rows: list[TransactionRecord] = [row for update in updates for row in update.added]
        self.balances: list[DailyBalance] = [one for update in updates for one in update.balances]

    @property
    def posted(self) -> list[TransactionRecord]:
        """Return the rows that are not pending."""
        return [row for row in self.rows if not row.pending]

    def at(self, merchant: str) -> list[TransactionRecord]:
        """Return the posted rows of a merchant, oldest first."""
        return [row for row in self.posted if row.merchant_name == merchant]
