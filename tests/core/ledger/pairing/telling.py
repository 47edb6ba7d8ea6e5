"""Ledgers told as text: a line a row, `account  month-day  amount [currency]  text [category]`."""

import re
from datetime import date
from decimal import Decimal

from core.ledger.pairing import Ledger, OwnAccount, PairRow, find_refunds, find_transfers, ledger_of

ACCOUNTS = (
    OwnAccount(1, "Everyday Checking", "4471", "checking"),
    OwnAccount(2, "Holiday Savings", "8829", "savings"),
    OwnAccount(3, "Compass Card", "0077", "credit card"),
    OwnAccount(4, "Home Loan", "3131", "mortgage"),
    OwnAccount(5, "Girokonto Berlin", "5150", "checking"),
)
_KEYS = {"checking": 1, "savings": 2, "card": 3, "loan": 4, "giro": 5}
_LINE = re.compile(r"(\w+) +(\d\d)-(\d\d) +([-+][\d.]+) *(USD|EUR)? +(.*?) *(\[\w+\])?( \(pending\))?")


def ledger(story: str) -> Ledger:
    """Return the rows of a story, numbered from 1 as they stand; 2026 is their year."""
    return ledger_of(rows(story), ACCOUNTS)


def rows(story: str) -> list[PairRow]:
    return [_row(number, line.strip()) for number, line in enumerate(filter(str.strip, story.splitlines()), 1)]


def _row(number: int, line: str) -> PairRow:
    told = _LINE.fullmatch(line)
    assert told, f"not a row: {line}"
    account, month, day, amount, currency, text, category, pending = told.groups()
    return PairRow(
        number, _KEYS[account], date(2026, int(month), int(day)), Decimal(amount), currency or "USD", text,
        (category or "")[1:-1], pending=bool(pending),
    )  # fmt: skip


def transfers(story: str) -> list[str]:
    """Return the transfers of a story as "1 → 2", with a question mark where it is asked."""
    return [f"{one.out_id} → {one.in_id}{'' if one.sure else ' ?'}" for one in find_transfers(ledger(story))]


def refunds(story: str) -> list[str]:
    """Return the refunds of a story as "1 ← 2": purchase and refund."""
    told = ledger(story)
    found = find_refunds(told, find_transfers(told))
    return [f"{one.purchase_id} ← {one.refund_id}{'' if one.sure else ' ?'}" for one in found]
