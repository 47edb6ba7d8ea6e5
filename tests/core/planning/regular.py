"""What is paid and earned on the same day of each month, and the accounts that it goes through."""

import datetime as dt
from decimal import Decimal

from core import clock
from core.ledger import AccountRecord, TransactionRecord

TODAY = dt.date(2026, 5, 20)
CHECKING = AccountRecord(key="chk", name="Everyday", type="checking", current=Decimal("1500.00"))
CARD = AccountRecord(key="card", name="Blue Card", type="credit card", current=Decimal("-200.00"))
SAVINGS = AccountRecord(key="sav", name="Rainy day", type="savings", current=Decimal("500.00"))


def every_month(
    text: str, amount: str, day: int, account: str = "chk", *, months: int = 5, until: dt.date = TODAY, **more: str
) -> list[TransactionRecord]:
    """Return a payment on the same day of each of the last months, none after `until`."""
    days = [clock.add_months(until.replace(day=day), -back) for back in range(months)]
    return [
        TransactionRecord(account, one, Decimal(amount), text, key=f"{account} {text} {one}", **more)
        for one in reversed(days)
        if one <= until
    ]
