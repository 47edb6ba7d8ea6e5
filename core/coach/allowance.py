"""How much the coach may be asked: questions a minute, and tokens a month as a person allows."""

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core.coach.turns import Usage
from core.errors import ValidationError
from core.identity import count_attempt
from core.store import CoachBudget, CoachUsage, Store, UserId
from core.vault import Vault

MOST_TOKENS: Final = 1_000_000_000


def count_question(store: Store, vault: Vault, user: UserId) -> None:
    """Count a question of `user`.

    Raises:
        TooManyAttemptsError: there were as many in the last minute as may be.
    """
    count_attempt(store, vault, "chat", str(int(user)))


def tokens_used(store: Store, user: UserId, month: dt.date) -> int:
    """Return how many tokens the questions of a month cost, both ways together; any day of the month tells it."""
    with store.read() as session:
        found = session.get(CoachUsage, (user, month.replace(day=1)))
        return 0 if found is None else found.sent + found.received


def add_usage(store: Store, user: UserId, day: dt.date, usage: Usage) -> None:
    """Add what an answer cost to its month."""
    if not usage.sent and not usage.received:
        return
    with store.write() as session:
        # In one statement: two answers may end at once.
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        first = dialect.insert(CoachUsage).values(
            user_id=user, month=day.replace(day=1), sent=usage.sent, received=usage.received
        )
        session.execute(
            first.on_conflict_do_update(
                index_elements=[CoachUsage.user_id, CoachUsage.month],
                set_={
                    "sent": CoachUsage.sent + first.excluded.sent,
                    "received": CoachUsage.received + first.excluded.received,
                },
            )
        )


def monthly_tokens(store: Store, user: UserId) -> int:
    """Return how many tokens `user` allows a month; 0 is as many as it takes."""
    with store.read() as session:
        return session.scalar(select(CoachBudget.monthly).where(CoachBudget.user_id == user)) or 0


def choose_monthly_tokens(store: Store, user: UserId, tokens: int) -> None:
    """Keep how many tokens a month may cost; 0 for as many as it takes.

    Raises:
        ValidationError: it is no such number.
    """
    if not 0 <= tokens <= MOST_TOKENS:
        raise ValidationError(f"A month may cost 0 to {MOST_TOKENS:,} tokens.", "0 is as many as it takes.")
    with store.write() as session:
        session.merge(CoachBudget(user_id=user, monthly=tokens))


def models_allowed(store: Store, user: UserId, today: dt.date) -> bool:
    """Tell whether models may still be asked this month."""
    allowed = monthly_tokens(store, user)
    return not allowed or tokens_used(store, user, today) < allowed
