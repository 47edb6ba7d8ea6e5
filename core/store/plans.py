"""The tables of plans: budgets, goals, what the person says of recurring payments; and rates of exchange."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class BudgetLimit(Base):
    """How much may be spent on a category a month, from one month on until the next one says otherwise."""

    __tablename__ = "budget_limits"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True)
    """A primary category stands for its whole group, less those of the group that have a budget of their own."""
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    """The first day of that month."""
    limit: Mapped[Decimal | None]
    """Positive, in the person's currency; None ends the budget."""
    carries: Mapped[bool] = mapped_column(default=False)
    """Whether what is left, or was too much, goes on into the next month."""


class BudgetException(Base):
    """What holds instead of a budget's limit for one month alone; whatever is said of other months leaves it be."""

    __tablename__ = "budget_exceptions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    """The first day of that month."""
    limit: Mapped[Decimal | None]
    """As a budget's; None is a month without."""
    carries: Mapped[bool] = mapped_column(default=False)


class Goal(Base):
    """Something to save for, or a debt to be rid of."""

    __tablename__ = "goals"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    icon: Mapped[str] = mapped_column(default="")
    target: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    target_day: Mapped[dt.date | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    """The account whose balance is what was saved; None for contributions by hand."""
    starting: Mapped[Decimal] = mapped_column(default=Decimal(0))
    """What does not count of the linked account's balance: mostly what was there when the goal was made."""
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class GoalContribution(Base):
    """Money put aside for a goal, or taken from it (negative), by hand."""

    __tablename__ = "goal_contributions"
    __table_args__ = (Index(None, "goal_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goals.id", ondelete="CASCADE"))
    day: Mapped[dt.date]
    amount: Mapped[Decimal]
    note: Mapped[str] = mapped_column(default="")


class SeriesChoice(Base):
    """What the person says of a recurring payment that was found: confirmed, ignored, or called otherwise."""

    __tablename__ = "series_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """What the finder calls it, the same each time it is found."""
    state: Mapped[str] = mapped_column(String(16), default="")
    """confirmed, ignored or ""."""
    name: Mapped[str] = mapped_column(default="")
    at: Mapped[dt.datetime]


class ExchangeRate(Base):
    """What one euro was worth on a day, from a file that the person took in; beside those that are shipped."""

    __tablename__ = "exchange_rates"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    rate: Mapped[str] = mapped_column(String(32))
    """An exact decimal number: units of `currency` for one euro."""
