"""The tables of what a person says and asks of their money: categories, rules, splits, pairs, edits, queries."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class CategoryChoice(Base):
    """How one person sees a category: its name, its icon, what it counts as, hidden or merged into another."""

    __tablename__ = "category_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str] = mapped_column(default="")
    """"" for its own."""
    icon: Mapped[str] = mapped_column(default="")
    need: Mapped[str | None] = mapped_column(String(16))
    """need, want, saving or ""; None for its own."""
    hidden: Mapped[bool] = mapped_column(default=False)
    """Not offered any more; rows that have it keep it."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"))
    """Rows of this category count as rows of that one, which is merged into none itself."""


class Rule(Base):
    """What is to be said of every transaction that fits: the first fitting rule says it."""

    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    """The order in which rules are tried, from 1."""
    name: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[str]
    """JSON, see core/ledger."""
    actions: Mapped[str]
    created_at: Mapped[dt.datetime]


class Split(Base):
    """One part of a transaction that is for several things. The parts of one add up to its amount."""

    __tablename__ = "splits"

    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    amount: Mapped[Decimal]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    note: Mapped[str] = mapped_column(default="")


class Pair(Base):
    """Two transactions that belong together: both sides of a transfer, or a purchase and its refund.

    Those of a living pair name it in `pair_id`: both of a transfer, the refund alone of a refund.
    """

    __tablename__ = "pairs"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), Index(None, "user_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    """transfer or refund."""
    first_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"))
    """The side that pays, or the purchase."""
    second_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), index=True)
    """The side that receives, or the refund."""
    state: Mapped[str] = mapped_column(String(16))
    """found (sure), asked (not sure: counts for nothing), confirmed or refused by the person."""
    permille: Mapped[int]
    """How sure it was, of a thousand."""
    reasons: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]


class Edit(Base):
    """One thing that the person did to one or many transactions at once, and can take back."""

    __tablename__ = "edits"
    __table_args__ = (Index(None, "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    sentence: Mapped[str]
    """What was done, in words."""
    rows: Mapped[int]
    undone_at: Mapped[dt.datetime | None]
    undoes_id: Mapped[int | None]
    """The edit that this one took back: it stands again when this one is undone in its turn."""


class SavedFilter(Base):
    """A filter of the list of transactions under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
    """As it stands in the address."""
    created_at: Mapped[dt.datetime]


class PastQuery(Base):
    """A query that the person wrote in SQL and ran. The same one again takes the place of the first."""

    __tablename__ = "past_queries"
    __table_args__ = (Index(None, "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text: Mapped[str]
    rows: Mapped[int | None]
    """How many it found the last time; None when it was refused or stopped."""
    at: Mapped[dt.datetime]


class SavedView(Base):
    """A view of the Explore page under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
    """As it stands in the address."""
    created_at: Mapped[dt.datetime]
