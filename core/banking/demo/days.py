"""The calendar of the demo bank: a person may let days pass there at a click."""

from datetime import date
from typing import Final

from sqlalchemy import select, update

from core.errors import NotFoundError, ValidationError
from core.identity import today_of
from core.store import Item, Store, User, UserId

FURTHEST: Final = 366
"""So many days ahead the story is told; a longer one would take longer and longer to tell."""


def demo_items(store: Store, user: UserId) -> tuple[int, ...]:
    """Return the living items of `user` at the demo bank."""
    with store.read() as session:
        rows = session.scalars(
            select(Item.id)
            .where(Item.user_id == user, Item.provider == "demo", Item.removed_at.is_(None))
            .order_by(Item.id)
        )
        return tuple(rows)


def let_a_day_pass(store: Store, user: UserId) -> date:
    """Take `user` one day ahead; return their today.

    Raises:
        NotFoundError: they have nothing at the demo bank.
        ValidationError: they are as far ahead as it goes.
    """
    if not demo_items(store, user):
        raise NotFoundError("There is no demo bank here.", "Add it on the Accounts page.")
    with store.write() as session:
        # In one statement: of two clicks at once each counts.
        passed = session.execute(
            update(User)
            .where(User.id == user, User.demo_days_ahead < FURTHEST)
            .values(demo_days_ahead=User.demo_days_ahead + 1)
            .returning(User.id)
        ).first()
    if passed is None:
        raise ValidationError(
            "The demo's year is over.", "Remove the demo bank and add it again to begin with a new one."
        )
    return today_of(store, user)
