"""The tables of insights: what was noticed, what a person wants to hear less of, and the digest by letter."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Insight(Base):
    """Something that was noticed in a person's money, and what they did about it."""

    __tablename__ = "insights"
    __table_args__ = (UniqueConstraint("user_id", "kind", "key"), Index(None, "user_id", "read_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(96))
    """With its kind what this one is for good: the same fact found again is the same row."""
    subject: Mapped[str]
    """What it is about, such as a category or a payee: of all with one subject less can be asked for."""
    priority: Mapped[int]
    """0 to 100."""
    gravity: Mapped[int]
    """How bad it is, in steps that are worth telling of; only compared with itself."""
    facts: Mapped[str]
    """JSON: amounts, days, names and the ids of rows. Sentences are made from it when they are shown."""
    day: Mapped[dt.date]
    """When it was noticed, or last got worse, as the person counts days."""
    found_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    dismissed_at: Mapped[dt.datetime | None]
    snoozed_until: Mapped[dt.date | None]
    """It comes back on that day."""
    past_at: Mapped[dt.datetime | None]
    """Since when its facts no longer hold."""
    mailed_at: Mapped[dt.datetime | None]
    """When it stood in a digest; it stands in one only."""
    muted: Mapped[bool] = mapped_column(default=False)
    """Whether less of its like was asked for."""


class InsightMute(Base):
    """What a person wants to hear less of: a whole kind of insights, or those about one subject."""

    __tablename__ = "insight_mutes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    """"" for the whole kind."""
    title: Mapped[str]
    """What the subject was called at the time."""
    at: Mapped[dt.datetime]


class InsightDigest(Base):
    """A letter with what is new among a person's insights, for who asked for one."""

    __tablename__ = "insight_digests"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    every: Mapped[str] = mapped_column(String(8))
    """off, daily or weekly."""
    with_figures: Mapped[bool] = mapped_column(default=False)
    """Whether amounts and names may stand in it."""
    last_day: Mapped[dt.date | None]
    """The day of the last one, as the person counts days."""
