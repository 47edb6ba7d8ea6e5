"""What the model would say but is not sure of: for the person to decide."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from core.store import Account, Store, Transaction, UserId


@dataclass(frozen=True, slots=True)
class CategoryProposal:
    """A transaction whose category nobody knows for sure. `amount` negative is money out."""

    id: int
    date: date
    name: str
    account: str
    amount: Decimal
    currency: str
    category_id: int | None
    """What it counts as now."""
    proposed_id: int
    permille: int
    """How sure the model is, of a thousand."""


def list_proposals(store: Store, user: UserId, limit: int = 100) -> tuple[CategoryProposal, ...]:
    """Return the proposals of the model that would change something, the surest first."""
    columns = (
        Transaction.id, Transaction.date, Transaction.amount, Transaction.currency, Transaction.rule_name,
        Transaction.own_name, Transaction.merchant_name, Transaction.name, Transaction.category_id,
        Transaction.merchant_category_id, Transaction.learned_category_id, Transaction.learned_permille,
        Account.name.label("account"), Account.nickname,
    )  # fmt: skip
    question = (
        select(*columns)
        .join(Account, Account.id == Transaction.account_id)
        .where(*_open(user))
        .order_by(Transaction.learned_permille.desc(), Transaction.date.desc(), Transaction.id.desc())
        .limit(limit)
    )
    with store.read() as session:
        return tuple(
            CategoryProposal(
                row.id,
                row.date,
                row.own_name or row.rule_name or row.merchant_name or row.name,
                row.nickname or row.account,
                row.amount,
                row.currency,
                row.category_id if row.category_id is not None else row.merchant_category_id,
                int(row.learned_category_id or 0),
                row.learned_permille,
            )
            for row in session.execute(question)
        )


def _open(user: UserId) -> tuple[ColumnElement[bool], ...]:
    now = func.coalesce(Transaction.category_id, Transaction.merchant_category_id, 0)
    return (
        Transaction.user_id == user,
        Transaction.removed_at.is_(None),
        Transaction.own_category_id.is_(None),
        Transaction.rule_category_id.is_(None),
        Transaction.learned_sets.is_(False),
        Transaction.learned_category_id.is_not(None),
        Transaction.learned_category_id != now,
    )
