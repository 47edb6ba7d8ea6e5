"""Looking for insights and keeping them: each fact once, however often and by how many processes it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.cache import UserCache
from core.errors import NotFoundError
from core.insights.detectors import look
from core.insights.evidence import gather
from core.insights.facts import Found, to_text
from core.store import (
    BudgetException,
    BudgetLimit,
    Goal,
    GoalContribution,
    Insight,
    InsightMute,
    SeriesChoice,
    Store,
    User,
    UserId,
)

RULES: Final = 2
"""Raised whenever detectors find otherwise, so that everybody's insights are looked for again."""
AGAIN: Final = timedelta(days=7)
"""What holds again after so long without holding is news once more."""
KEPT: Final = timedelta(days=400)
"""Past ones are kept so long."""
PLANS: Final = (BudgetLimit, BudgetException, Goal, GoalContribution, SeriesChoice)
"""What people say of their plans: it changes what is found, and has no change number."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What a look came to: how many are new, got worse, are otherwise changed, ceased to hold; and hold now."""

    new: int = 0
    worse: int = 0
    changed: int = 0
    past: int = 0
    current: int = 0


def generate(store: Store, user: UserId, cache: UserCache, today: date) -> Generated:
    """Look for the insights of `user` as things stand on `today`, and keep what was found.

    A fact that is known already changes in place: it is unread once more only where it got worse. What no longer holds
    is marked as past. Looking twice, or in two processes at once, is looking once.

    Raises:
        NotFoundError: the user is gone.
    """
    mark = mark_of(store, user, today)
    found = look(gather(store, user, cache, today))
    with store.write() as session:
        # Held to the end, so that another process adds nothing meanwhile.
        person = session.scalar(select(User).where(User.id == user).with_for_update())
        if person is None:
            raise NotFoundError("This user no longer exists.", "Sign in again.")
        person.insights_mark = mark
        return _keep(session, user, found, today, clock.now())


def is_due(store: Store, user: UserId, today: date) -> bool:
    """Tell whether anything changed since the insights of `user` were looked for, or the day did."""
    with store.read() as session:
        return session.scalar(select(User.insights_mark).where(User.id == user)) != _mark(session, user, today)


def was_looked_for(store: Store, user: UserId) -> bool:
    """Tell whether the insights of `user` were looked for at all yet."""
    with store.read() as session:
        return bool(session.scalar(select(User.insights_mark).where(User.id == user)))


def mark_of(store: Store, user: UserId, today: date) -> str:
    """Return what tells the state that insights are found in from every other."""
    with store.read() as session:
        return _mark(session, user, today)


def _mark(session: Session, user: UserId, today: date) -> str:
    digest = sha256(f"{RULES} {today}".encode())
    ways = (User.last_change, User.generation, User.currency, User.month_start_day, User.warn_below)
    digest.update(repr([tuple(row) for row in session.execute(select(*ways).where(User.id == user))]).encode())
    for plan in PLANS:
        table = plan.__table__
        rows = session.execute(select(table).where(table.c.user_id == int(user)))
        digest.update(repr(sorted(repr(tuple(row)) for row in rows)).encode())
    return digest.hexdigest()


def _keep(session: Session, user: UserId, found: Sequence[Found], today: date, now: datetime) -> Generated:
    known = {(row.kind, row.key): row for row in session.scalars(select(Insight).where(Insight.user_id == user))}
    muted = {(row.kind, row.subject) for row in session.scalars(select(InsightMute).where(InsightMute.user_id == user))}
    holding: dict[tuple[str, str], Found] = {(one.kind, one.key): one for one in found}
    new = worse = changed = past = 0
    for place, one in holding.items():
        row = known.get(place)
        if row is None:
            row = Insight(user_id=user, kind=one.kind, key=one.key, day=today, found_at=now)
            session.add(row)
            new += 1
        elif one.gravity > row.gravity or _is_back(row, one, now):
            # What was put away was put away as it was then.
            row.read_at = row.dismissed_at = None
            row.day, row.found_at = today, now
            worse += 1
        elif to_text(one.facts) != row.facts:
            changed += 1
        row.subject, row.priority, row.gravity, row.facts = one.subject, one.priority, one.gravity, to_text(one.facts)
        row.muted = bool({(one.kind, ""), (one.kind, one.subject)} & muted)
        row.past_at = None
    for kept, row in known.items():
        if kept not in holding and row.past_at is None:
            row.past_at = now
            past += 1
    session.execute(delete(Insight).where(Insight.user_id == user, Insight.past_at < now - KEPT))
    return Generated(new, worse, changed, past, len(holding))


def _is_back(row: Insight, one: Found, now: datetime) -> bool:
    return one.returns and row.past_at is not None and now - row.past_at >= AGAIN
