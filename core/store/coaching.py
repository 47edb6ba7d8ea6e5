"""The tables of the coach: conversations and what was said in them, and what models cost each month."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Conversation(Base):
    """Questions to the coach that go on from each other."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "user_id", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str]
    changed_at: Mapped[dt.datetime]


class ConversationMessage(Base):
    """A question and its answer, as both were shown."""

    __tablename__ = "conversation_messages"
    __table_args__ = (Index(None, "conversation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    question: Mapped[str]
    answer: Mapped[str]
    """As text; "" where there was none."""
    told: Mapped[str]
    """JSON: what the answer rests on, how the question was read, and who answered."""
    thumb: Mapped[int]
    """1 up, -1 down, 0 none."""
    at: Mapped[dt.datetime]


class CoachUsage(Base):
    """What a person's questions to models cost in a month, in tokens; it outlives the conversations."""

    __tablename__ = "coach_usage"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    sent: Mapped[int]
    received: Mapped[int]


class CoachBudget(Base):
    """What a person allows models to cost in a month."""

    __tablename__ = "coach_budgets"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    monthly: Mapped[int]
    """In tokens."""
