"""The statement balances that are known of an account already: files state them, banks tell them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.banking.reckoning import ANOTHER, last_agreed, today_in
from core.ledger import own_account
from core.store import Account, Balance, Debt, ImportBatch, Item, Store, UserId

Source = Literal["person", "file", "bank"]

OFFERS: Final = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement balance that is known already: from a file, or from the bank. Sign as `Account.current`."""

    source: Source
    day: date
    stated: Decimal
    told_by: str
    """The file's name, or the bank's."""


def statement_offers(store: Store, user: UserId, account_id: int) -> tuple[Offer, ...]:
    """Return the statement balances known of an account and later than its last reconciliation, newest first.

    Raises:
        NotFoundError: the account is not there or not this user's.
    """
    with store.read() as session:
        account = own_account(session, user, account_id, ANOTHER)
        last = last_agreed(session, account_id)
        today = today_in(session, user)
        offers = [*_of_files(session, account), *_of_bank(session, account)]
    fresh: dict[tuple[date, Decimal], Offer] = {}
    for one in offers:
        if one.day <= today and (last is None or one.day > last.day):
            fresh.setdefault((one.day, one.stated), one)
    return tuple(sorted(fresh.values(), key=lambda one: one.day, reverse=True)[:OFFERS])


def _of_files(session: Session, account: Account) -> list[Offer]:
    batches = session.execute(
        select(ImportBatch.stated_day, ImportBatch.stated_balance, ImportBatch.filename)
        .where(
            ImportBatch.account_id == account.id,
            ImportBatch.undone_at.is_(None),
            ImportBatch.stated_balance.is_not(None),
            ImportBatch.stated_day.is_not(None),
        )
        .order_by(ImportBatch.stated_day.desc(), ImportBatch.id.desc())
        .limit(OFFERS)
    )
    return [Offer("file", one.stated_day, one.stated_balance, one.filename) for one in batches]


def _of_bank(session: Session, account: Account) -> list[Offer]:
    """Return the bank's newest balance, and a card's last statement as the bank tells of it."""
    if account.item_id is None:
        return []
    bank = session.get_one(Item, account.item_id).institution_name or "the bank"
    offers = []
    debt = session.get(Debt, account.id)
    if debt is not None and debt.statement_balance is not None and debt.statement_day is not None:
        # What is owed is told positive.
        offers.append(Offer("bank", debt.statement_day, -debt.statement_balance, f"{bank}'s last statement"))
    newest = session.scalar(
        select(Balance)
        .where(Balance.account_id == account.id, Balance.removed_at.is_(None))
        .order_by(Balance.day.desc())
        .limit(1)
    )
    return [*offers, Offer("bank", newest.day, newest.current, bank)] if newest is not None else offers
