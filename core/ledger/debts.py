"""The terms of what is owed: interest, the least to be paid, and when.

Amounts here are positive: what is owed, is to be paid, or was paid. A negative statement balance is
a credit that the bank owes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import bindparam, delete, select

from core import clock
from core.ledger.holdings import accounts_of_item, fits, to_places, writable
from core.ledger.records import LIABILITIES
from core.store import Account, Debt, Item, Store, UserId

DebtKind = Literal["credit", "mortgage", "student"]

OLD: Final = 31
"""A due day that passed so many days ago is of terms that the bank has not told anew since."""
LONGEST_RATE: Final = 32
"""Digits of a rate: no bank has more."""
_encode: Final = msgspec.json.Encoder(decimal_format="string").encode


@dataclass(frozen=True, slots=True)
class Apr:
    """One of a card's yearly rates, in per cent (21.49 is 21.49 %)."""

    type: str
    """What it is for, in words: "purchases", "cash advances"."""
    percentage: Decimal
    balance: Decimal | None = None
    """How much of what is owed it holds for; None where the bank doesn't say."""


@dataclass(frozen=True, slots=True)
class DebtRecord:
    """The terms of one account as a bank tells of them; amounts positive."""

    account_key: str
    kind: DebtKind
    aprs: tuple[Apr, ...] = ()
    interest_rate: Decimal | None = None
    """Per cent a year, of a mortgage or student loan."""
    minimum_payment: Decimal | None = None
    """The least that the next payment has to be; of a mortgage the whole of it, escrow included."""
    due_day: date | None = None
    last_payment: Decimal | None = None
    last_payment_day: date | None = None
    statement_balance: Decimal | None = None
    statement_day: date | None = None
    overdue: bool | None = None
    maturity_day: date | None = None
    """When the last payment is due."""
    details: str = ""
    """The rest as a JSON object of words by name ("Loan type": "conventional")."""


@dataclass(frozen=True, slots=True)
class DebtEntry:
    """Something owed as lists show it. `kind` is "" where the bank told no terms of it."""

    account_id: int
    account: str
    type: str
    institution: str
    mask: str
    currency: str
    owed: Decimal | None
    """Positive; negative is a credit, None is not known."""
    kind: str = ""
    aprs: tuple[Apr, ...] = ()
    interest_rate: Decimal | None = None
    minimum_payment: Decimal | None = None
    due_day: date | None = None
    last_payment: Decimal | None = None
    last_payment_day: date | None = None
    statement_balance: Decimal | None = None
    statement_day: date | None = None
    overdue: bool | None = None
    maturity_day: date | None = None
    details: tuple[tuple[str, str], ...] = ()
    updated_at: datetime | None = None

    @property
    def asks(self) -> bool:
        """Tell whether its terms ask for payments."""
        owes = self.owed is None or self.owed > 0
        return self.due_day is not None and owes and (self.minimum_payment or 0) > 0


def due_days(debt: DebtEntry, today: date) -> Iterator[date]:
    """Yield the days on which the terms of a debt ask for a payment, without an end; none where they ask for none.

    The first lies before `today` where that payment is missing as far as is known, the others do not.
    """
    told = debt.due_day
    if told is None or not debt.asks:
        return
    settled = _is_settled(debt, told, today) if told < today else _is_paid_ahead(debt, told)
    if debt.overdue is True or not settled:
        yield told
    months = 1
    while True:
        day = clock.add_months(told, months)
        if day >= today:
            yield day
        months += 1


def _is_settled(debt: DebtEntry, due: date, today: date) -> bool:
    """Tell whether nothing is known to be missing of a due day that has passed."""
    since = debt.statement_day or clock.add_months(due, -1)
    paid = debt.last_payment_day is not None and debt.last_payment_day > since
    not_missed = debt.overdue is False and debt.updated_at is not None and debt.updated_at.date() > due
    return paid or not_missed or (today - due).days > OLD


def _is_paid_ahead(debt: DebtEntry, due: date) -> bool:
    """Tell whether what a statement asks for by a day to come was paid already.

    The due day is that statement's within a month of it; later than that, it is of one that was not issued yet.
    """
    statement, paid = debt.statement_day, debt.last_payment_day
    if statement is None or paid is None or due > clock.add_months(statement, 1):
        return False
    return paid > statement and debt.last_payment is not None and debt.last_payment >= (debt.minimum_payment or 0)


def replace_debts(store: Store, user: UserId, item_id: int, records: Sequence[DebtRecord]) -> int:
    """Make `records` all that is known of the terms of an item's accounts; return how many were kept.

    Of two for one account the later counts. Records of accounts that are not there, and amounts that
    can't be kept as money, are left out.

    Raises:
        NotFoundError: the item is not there, not this user's, or was removed.
    """
    with store.write() as session:
        accounts = accounts_of_item(session, user, item_id)
        kept = {row.account_key: row for row in records if row.account_key in accounts and _can_be_kept(row)}
        session.execute(delete(Debt).where(Debt.account_id.in_(accounts.values())))
        at = clock.now()
        session.add_all(
            Debt(
                account_id=accounts[row.account_key],
                user_id=user,
                kind=row.kind,
                aprs=_encode(row.aprs).decode() if row.aprs else "",
                interest_rate="" if row.interest_rate is None else f"{row.interest_rate:f}",
                minimum_payment=to_places(row.minimum_payment),
                due_day=row.due_day,
                last_payment=to_places(row.last_payment),
                last_payment_day=row.last_payment_day,
                statement_balance=to_places(row.statement_balance),
                statement_day=row.statement_day,
                overdue=row.overdue,
                maturity_day=row.maturity_day,
                details=row.details,
                updated_at=at,
            )
            for row in kept.values()
        )
        return len(kept)


_DEBTS: Final = (
    select(Account, Debt, Item.institution_name)
    .outerjoin(Debt, Debt.account_id == Account.id)
    .outerjoin(Item, Account.item_id == Item.id)
    .where(
        Account.user_id == bindparam("user"),
        Account.type.in_(LIABILITIES),
        Account.removed_at.is_(None),
        Account.closed_at.is_(None),
        Account.hidden.is_(False),
    )
)
"""A person's debts. Many screens ask, so it is made once."""


def list_debts(store: Store, user: UserId) -> tuple[DebtEntry, ...]:
    """Return every visible card, mortgage and loan of `user`, with its terms where the bank told them.

    Those due first come first, then those without a day, by institution and name.
    """
    with store.read() as session:
        rows = session.execute(_DEBTS, {"user": user}).all()
    entries = [_entry(account, debt, institution or "") for account, debt, institution in rows]
    return tuple(
        sorted(entries, key=lambda one: (one.due_day or date.max, one.institution, one.account, one.account_id))
    )


def _entry(account: Account, debt: Debt | None, institution: str) -> DebtEntry:
    facts: dict[str, Any] = {}
    if debt is not None:
        facts = {
            "kind": debt.kind,
            "aprs": msgspec.json.decode(debt.aprs, type=tuple[Apr, ...]) if debt.aprs else (),
            "interest_rate": Decimal(debt.interest_rate) if debt.interest_rate else None,
            "minimum_payment": debt.minimum_payment,
            "due_day": debt.due_day,
            "last_payment": debt.last_payment,
            "last_payment_day": debt.last_payment_day,
            "statement_balance": debt.statement_balance,
            "statement_day": debt.statement_day,
            "overdue": debt.overdue,
            "maturity_day": debt.maturity_day,
            "details": tuple(msgspec.json.decode(debt.details, type=dict[str, str]).items()) if debt.details else (),
            "updated_at": debt.updated_at,
        }
    return DebtEntry(
        account.id,
        account.nickname or account.name,
        account.type,
        institution,
        account.mask,
        account.currency,
        None if account.current is None else -account.current or Decimal(0),
        **facts,
    )


def _can_be_kept(row: DebtRecord) -> bool:
    rates = [one.percentage for one in row.aprs] + ([] if row.interest_rate is None else [row.interest_rate])
    return all(fits(amount) for amount in (row.minimum_payment, row.last_payment, row.statement_balance)) and all(
        writable(rate, LONGEST_RATE) for rate in rates
    )
