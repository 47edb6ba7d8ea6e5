"""One movement of money in the household's story, from authorisation to posting.

Amounts are whole cents, negative is money out.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

import msgspec

from core.banking.demo.accounts import CARD, plans
from core.banking.demo.merchants import Merchant, details_of
from core.banking.demo.workdays import workdays_after
from core.ledger import TransactionRecord

UNKNOWN_AT_FIRST: Final = 0.015
"""The share of card purchases whose merchant the bank finds out a day late."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement and all the faces it shows to a sync over time."""

    key: str
    account: str
    day: date
    """When it was authorised, or booked where there is no authorisation."""
    posted: date | None
    """When it posts; None for a hold that is released and never does."""
    cents: int
    """What it comes to in the end; 0 for one that the bank booked by mistake and takes back."""
    name: str
    text: str
    category: str
    merchant: Merchant | None = None
    held: int | None = None
    """The amount while pending; None when it never shows as pending."""
    released: date | None = None
    """When a hold that never posts disappears."""
    enriched: date | None = None
    """Until this day the bank does not yet know the merchant behind the text."""
    mistaken: int | None = None
    """The amount with which the bank books it at first, until it is `mended`; None when it is right at once."""
    mended: date | None = None
    channel: str = "other"
    check_number: str = ""

    def booked_on(self, day: date) -> int | None:
        """Return the amount with which it stands booked on `day`; None when it does not."""
        if self.posted is None or day < self.posted:
            return None
        if self.mended is None or self.mistaken is None:
            return self.cents
        return self.mistaken if day < self.mended else self.cents or None

    def seen_on(self, day: date) -> TransactionRecord | None:
        """Return the record that a bank shows of this entry on `day`; None when it shows none."""
        if day < self.day:
            return None
        if self.posted is not None and day >= self.posted:
            cents = self.booked_on(day)
            if cents is None:
                return None
            return self._posted(cents, known=self.enriched is None or day >= self.enriched)
        if self.held is None or (self.released is not None and day >= self.released):
            return None
        return self._record(self.day, self.held, self.pending_key, pending=True)

    @property
    def pending_key(self) -> str | None:
        """Return the key that it has while pending, if it ever is."""
        return None if self.held is None else f"{self.key}:pending"

    def _posted(self, cents: int, *, known: bool) -> TransactionRecord:
        record = self._record(self.posted or self.day, cents, self.key, pending=False)
        if self.held is not None:
            record = msgspec.structs.replace(record, authorized_date=self.day, pending_key=self.pending_key)
        if not known:
            record = msgspec.structs.replace(record, name=self.text, merchant_name="", category="", details="")
        return record

    def _record(self, day: date, cents: int, key: str | None, *, pending: bool) -> TransactionRecord:
        return TransactionRecord(
            account_key=self.account,
            date=day,
            amount=Decimal(cents).scaleb(-2),
            name=self.name,
            currency=plans()[self.account].currency,
            key=key,
            authorized_date=self.day if pending else None,
            merchant_name=self.merchant.name if self.merchant else "",
            original_text=self.text,
            pending=pending,
            category=self.category,
            payment_channel=self.channel,
            check_number=self.check_number,
            details=details_of(self.merchant) if self.merchant else "",
        )


def card_purchase(
    dice: Random,
    key: str,
    day: date,
    cents: int,
    merchant: Merchant,
    *,
    account: str = CARD,
    held: int | None = None,
    recurring: bool = False,
) -> Entry:
    """Return a purchase of `cents` (positive) by card: pending at once, posted one to three workdays later.

    `held` is what the terminal asks for first (a meal before the tip, a pump's hold).
    """
    posted = workdays_after(day + timedelta(days=1), dice.choice((0, 0, 1)))
    return Entry(
        key=f"{account}:{key}:{day:%Y%m%d}",
        account=account,
        day=day,
        posted=posted,
        cents=-cents,
        name=merchant.name,
        text=card_text(account, day, merchant, recurring=recurring),
        category=merchant.category,
        merchant=merchant,
        held=-(cents if held is None else held),
        enriched=posted + timedelta(days=1) if dice.random() < UNKNOWN_AT_FIRST else None,
        channel=merchant.channel,
    )


def card_text(account: str, day: date, merchant: Merchant, *, recurring: bool = False, credit: bool = False) -> str:
    """Return the line that a bank prints for a card movement."""
    mask = plans()[account].mask
    if plans()[account].currency == "EUR":
        what = "KARTENGUTSCHRIFT" if credit else "KARTENZAHLUNG"
        return f"{what} {merchant.bank_text} {merchant.city.upper() or 'ONLINE'} {day:%d.%m.} KARTE {mask}"
    what = "PURCHASE RETURN" if credit else "RECURRING PURCHASE" if recurring else "PURCHASE"
    prefix = "CARD" if account == CARD else "DEBIT CARD"
    if merchant.channel == "in store":
        where = f"#{merchant.number % 900 + 100} {merchant.city.upper()} {merchant.region}".rstrip()
    else:
        where = (merchant.website or "WEB").upper()
    return f"{prefix} {what} {day:%m%d} {merchant.bank_text} {where} CARD {mask}"


def card_refund(purchase: Entry, day: date, cents: int) -> Entry:
    """Return `cents` (positive) given back on `day` for an earlier purchase, by the same merchant."""
    if purchase.merchant is None:
        raise ValueError("only a merchant gives money back")
    return Entry(
        key=f"{purchase.key}:refund",
        account=purchase.account,
        day=day,
        posted=workdays_after(day, 0),
        cents=cents,
        name=purchase.merchant.name,
        text=card_text(purchase.account, day, purchase.merchant, credit=True),
        category=purchase.category,
        merchant=purchase.merchant,
        channel=purchase.channel,
    )


def booked(  # noqa: PLR0913 - the facts of a booking
    key: str,
    account: str,
    day: date,
    cents: int,
    *,
    name: str,
    text: str,
    category: str,
    merchant: Merchant | None = None,
    check_number: str = "",
) -> Entry:
    """Return a movement that appears posted: a direct debit, a salary, a check, interest. `cents` carries the sign."""
    return Entry(
        key=f"{account}:{key}:{day:%Y%m%d}",
        account=account,
        day=day,
        posted=day,
        cents=cents,
        name=name,
        text=text,
        category=category,
        merchant=merchant,
        channel="online" if merchant and merchant.channel == "online" else "other",
        check_number=check_number,
    )


def paid_by(merchant: Merchant, key: str, account: str, day: date, cents: int) -> Entry:
    """Return money that moves between the account and `merchant` by direct debit or credit."""
    if plans()[account].currency == "EUR":
        what = "SEPA-GUTSCHRIFT" if cents > 0 else "SEPA-LASTSCHRIFT"
        text = f"{what} {merchant.name.upper()} MANDAT DE{merchant.number}"
    else:
        text = f"ACH {'CREDIT' if cents > 0 else 'DEBIT'} {merchant.bank_text} PPD ID {merchant.number:010d}"
    return booked(
        key,
        account,
        day,
        cents,
        name=merchant.name,
        text=text,
        category=merchant.category,
        merchant=merchant,
    )
