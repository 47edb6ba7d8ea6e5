"""What a person may speak of: their own transactions, the categories that they can choose, texts of a length."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError, ValidationError
from core.store import Category, Transaction, UserId

LONGEST_TEXT: Final = 500


def own_transaction(session: Session, user: UserId, transaction_id: int) -> Transaction:
    """Return a living transaction of `user`.

    Raises:
        NotFoundError: not there, removed, or somebody else's.
    """
    row = session.scalar(
        select(Transaction).where(
            Transaction.id == transaction_id, Transaction.user_id == user, Transaction.removed_at.is_(None)
        )
    )
    if row is None:
        raise NotFoundError("This transaction is not there.", "Go back to the list.")
    return row


def check_category(session: Session, user: UserId, category_id: int | None) -> None:
    """Refuse a category that is neither built in nor the person's own; None is fine.

    Raises:
        NotFoundError: it is not there, or somebody else's.
    """
    if category_id is None:
        return
    category = session.get(Category, category_id)
    if category is None or category.user_id not in {None, user}:
        raise NotFoundError("This category is not there.", "Choose another one.")


def check_text(text: str) -> None:
    """Refuse a text that is too long.

    Raises:
        ValidationError: it has more than `LONGEST_TEXT` characters.
    """
    if len(text) > LONGEST_TEXT:
        raise ValidationError(f"That text is longer than {LONGEST_TEXT} characters.")


def known_as(row: Transaction) -> str:
    """Return what a transaction is called."""
    return row.own_name or row.rule_name or row.merchant_name or row.name or "No name"
