"""What a person says may be spent: a limit from one month on until another one is set, or for one month alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.money import to_units
from core.store import BudgetException, BudgetLimit, Category, Store, User, UserId


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be spent in a month (positive); `carries`: what is left, or was too much, goes on into the next."""

    amount: Decimal
    carries: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of a person, by category; months by their first day."""

    steady: Mapping[int, tuple[tuple[date, Limit | None], ...]]
    """What holds from a month on, in order; None ends a budget."""
    exceptions: Mapping[tuple[int, date], Limit | None]

    def at(self, category_id: int, month: date) -> Limit | None:
        """Return what holds for a category in a month, None where it has no budget."""
        if (category_id, month) in self.exceptions:
            return self.exceptions[category_id, month]
        held: Limit | None = None
        for since, limit in self.steady.get(category_id, ()):
            if since > month:
                break
            held = limit
        return held

    def categories(self, month: date) -> tuple[int, ...]:
        """Return the categories that have a budget in a month."""
        known = {*self.steady, *(category for category, _ in self.exceptions)}
        return tuple(sorted(one for one in known if self.at(one, month) is not None))

    def without(self, categories: Collection[int]) -> "Limits":
        """Return the limits less those of some categories."""
        return Limits(
            {one: said for one, said in self.steady.items() if one not in categories},
            {key: limit for key, limit in self.exceptions.items() if key[0] not in categories},
        )

    def first_carrying(self) -> date | None:
        """Return the first month of which anything is carried over, None where nothing ever is."""
        steady = (month for said in self.steady.values() for month, limit in said if limit and limit.carries)
        single = (month for (_, month), limit in self.exceptions.items() if limit and limit.carries)
        return min((*steady, *single), default=None)


_STEADY: Final = (
    select(BudgetLimit.category_id, BudgetLimit.month, BudgetLimit.limit, BudgetLimit.carries)
    .where(BudgetLimit.user_id == bindparam("user"))
    .order_by(BudgetLimit.category_id, BudgetLimit.month)
)
_SINGLE: Final = select(
    BudgetException.category_id, BudgetException.month, BudgetException.limit, BudgetException.carries
).where(BudgetException.user_id == bindparam("user"))
"""A person's limits. Many screens ask, so they are made once."""


def read_limits(store: Store, user: UserId) -> Limits:
    """Return every limit that `user` has set."""
    with store.read() as session:
        return _read(session, user)


def _read(session: Session, user: UserId) -> Limits:
    steady: dict[int, list[tuple[date, Limit | None]]] = defaultdict(list)
    exceptions: dict[tuple[int, date], Limit | None] = {}
    for category, month, amount, carries in session.execute(_STEADY, {"user": user}):
        steady[category].append((month, _limit(amount, carries)))
    for category, month, amount, carries in session.execute(_SINGLE, {"user": user}):
        exceptions[category, month] = _limit(amount, carries)
    return Limits({category: tuple(said) for category, said in steady.items()}, exceptions)


def set_limit(
    store: Store,
    user: UserId,
    category_id: int,
    month: date,
    amount: Decimal | None,
    *,
    carries: bool = False,
    alone: bool = False,
) -> None:
    """Set what may be spent on a category from the month of `month` on, or in that month alone; None ends the budget.

    It holds until the next month for which something else was said. What was said for this month alone before gives
    way to it; what was said for other months stays. Setting the same twice is setting it once.

    Raises:
        NotFoundError: there is no such category.
        ValidationError: nothing is ever spent on the category, or the amount is negative.
        AmountError: it is no amount of money that can be kept.
    """
    with store.write() as session:
        _take_turns(session, user)
        _set(session, user, category_id, clock.month_start(month), amount, carries=carries, alone=alone)


def set_limits(store: Store, user: UserId, month: date, amounts: Mapping[int, Decimal | None]) -> None:
    """Set many limits from a month on, all or none of them; whether they carry over stays as it was.

    Raises:
        NotFoundError: a category is not there.
        ValidationError: nothing is ever spent on one, or an amount is negative.
        AmountError: one is no amount of money that can be kept.
    """
    month = clock.month_start(month)
    with store.write() as session:
        _take_turns(session, user)
        held = _read(session, user)
        for category_id, amount in amounts.items():
            before = held.at(category_id, month)
            _set(session, user, category_id, month, amount, carries=before is not None and before.carries, alone=False)


def _take_turns(session: Session, user: UserId) -> None:
    """Let two windows of one person set limits one after another: each reads what the other said."""
    session.execute(select(User.id).where(User.id == user).with_for_update())


def _set(
    session: Session, user: UserId, category_id: int, month: date, amount: Decimal | None, *, carries: bool, alone: bool
) -> None:
    category = session.get(Category, category_id)
    if category is None or category.user_id not in {None, user}:
        raise NotFoundError("This category is not there.", "Choose another one.")
    if category.kind != "spending":
        raise ValidationError(f"{category.title} is not spent on.", "Set a budget for a category of spending.")
    if amount is not None:
        to_units(amount)
        if amount < 0:
            raise ValidationError("A limit can't be below zero.", "Type what may be spent, or empty it to end it.")
    values = {"limit": amount, "carries": carries and amount is not None}
    key = {"user_id": int(user), "category_id": category_id, "month": month}
    if alone:
        session.merge(BudgetException(**key, **values))
        return
    session.merge(BudgetLimit(**key, **values))
    single = session.get(BudgetException, tuple(key.values()))
    if single is not None:
        session.delete(single)


def _limit(amount: Decimal | None, carries: bool) -> Limit | None:  # noqa: FBT001 - as a row has them
    return None if amount is None else Limit(amount, carries)
