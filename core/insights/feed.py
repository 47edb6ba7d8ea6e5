"""The insights of a person, and what they say of them: read, dismissed, snoozed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, cast

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError
from core.identity import today_of
from core.insights.facts import URGENT, Facts, Kind, from_text
from core.store import Insight, Store, UserId

Span = Literal["week", "month"]
LOOK_BACK: Final = timedelta(days=90)
"""What is past is shown for so long."""


@dataclass(frozen=True, slots=True)
class InsightEntry:
    """An insight as its person sees it."""

    id: int
    kind: Kind
    subject: str
    priority: int
    facts: Facts
    day: date
    """When it was noticed, or last got worse."""
    found_at: datetime
    read: bool
    dismissed: bool
    snoozed_until: date | None
    """None too where that day has come."""
    past: bool
    """Whether its facts no longer hold."""


def list_insights(store: Store, user: UserId, today: date) -> tuple[InsightEntry, ...]:
    """Return what holds now and was not put away: the newest day first, on a day the most important first."""
    return _listed(store, user, today, shown(user, today), (Insight.day.desc(), Insight.priority.desc(), Insight.id))


def list_put_away(store: Store, user: UserId, today: date) -> tuple[InsightEntry, ...]:
    """Return what was dismissed or snoozed, or holds no longer since not so long ago; the newest day first."""
    away = or_(
        Insight.dismissed_at.is_not(None), Insight.snoozed_until > today, Insight.past_at > clock.now() - LOOK_BACK
    )
    mine = and_(Insight.user_id == user, Insight.muted.is_(False), Insight.day > today - LOOK_BACK, away)
    return _listed(store, user, today, mine, (Insight.day.desc(), Insight.priority.desc(), Insight.id))


def count_unread(store: Store, user: UserId, today: date) -> int:
    """Return how many of what holds now were not read."""
    with store.read() as session:
        return session.scalar(_UNREAD, {"user": user, "today": today}) or 0


def latest(store: Store, user: UserId, today: date, count: int) -> tuple[InsightEntry, ...]:
    """Return the last few that were noticed, unread ones first."""
    order = (Insight.read_at.is_not(None), Insight.found_at.desc(), Insight.priority.desc(), Insight.id)
    return _listed(store, user, today, shown(user, today), order, count)


def foremost(store: Store, user: UserId, today: date, count: int) -> tuple[InsightEntry, ...]:
    """Return the few that want attention first, the most important first."""
    with store.read() as session:
        rows = session.scalars(_FOREMOST, {"user": user, "today": today, "count": count})
        return tuple(entry_of(row, today) for row in rows)


def mark_read(store: Store, user: UserId, insight_id: int, *, read: bool = True) -> None:
    """Say that an insight was read, or is to be told of once more.

    Raises:
        NotFoundError: it is not there.
    """
    _change(store, user, insight_id, read_at=clock.now() if read else None)


def mark_all_read(store: Store, user: UserId) -> int:
    """Say that everything that holds now was read; return how much of it was not. What is snoozed comes back unread."""
    today = today_of(store, user)
    with store.write() as session:
        done = session.execute(
            update(Insight)
            .where(shown(user, today), Insight.read_at.is_(None))
            .values(read_at=clock.now())
            .returning(Insight.id)
        )
        return len(done.all())


def dismiss(store: Store, user: UserId, insight_id: int) -> None:
    """Put an insight away until it gets worse.

    Raises:
        NotFoundError: it is not there.
    """
    now = clock.now()
    _change(store, user, insight_id, dismissed_at=now, read_at=now, snoozed_until=None)


def snooze(store: Store, user: UserId, insight_id: int, span: Span) -> date:
    """Put an insight away for a week or a month from today on; return the day on which it comes back, unread.

    Raises:
        NotFoundError: it is not there.
    """
    today = today_of(store, user)
    until = today + timedelta(days=7) if span == "week" else clock.add_months(today, 1)
    _change(store, user, insight_id, snoozed_until=until, read_at=None, dismissed_at=None)
    return until


def bring_back(store: Store, user: UserId, insight_id: int) -> None:
    """Take it back that an insight was dismissed or snoozed.

    Raises:
        NotFoundError: it is not there.
    """
    _change(store, user, insight_id, dismissed_at=None, snoozed_until=None)


def _change(store: Store, user: UserId, insight_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    with store.write() as session:
        row = owned(session, user, insight_id)
        for name, value in values.items():
            setattr(row, name, value)


def owned(session: Session, user: UserId, insight_id: int) -> Insight:
    """Return the row of an insight of `user`.

    Raises:
        NotFoundError: it is not there.
    """
    row = session.get(Insight, insight_id)
    if row is None or row.user_id != user:
        raise NotFoundError("This insight is not there.", "Reload the page.")
    return row


def shown(user: UserId | BindParameter[Any], today: date | BindParameter[Any]) -> ColumnElement[bool]:
    """Return what tells the insights of `user` that hold and were not put away."""
    return and_(
        Insight.user_id == user,
        Insight.past_at.is_(None),
        Insight.dismissed_at.is_(None),
        Insight.muted.is_(False),
        or_(Insight.snoozed_until.is_(None), Insight.snoozed_until <= today),
    )


_UNREAD: Final = (
    select(func.count())
    .select_from(Insight)
    .where(shown(bindparam("user"), bindparam("today")), Insight.read_at.is_(None))
)
"""Asked by the bell in each run of every screen, so made once."""
_FOREMOST: Final = (
    select(Insight)
    .where(shown(bindparam("user"), bindparam("today")), Insight.priority >= URGENT)
    .order_by(Insight.priority.desc(), Insight.day.desc(), Insight.id)
    .limit(bindparam("count"))
)
"""Asked by the overview in each run, so made once."""


def _listed(
    store: Store,
    user: UserId,
    today: date,
    wanted: ColumnElement[bool],
    order: Sequence[Any],
    count: int | None = None,
) -> tuple[InsightEntry, ...]:
    with store.read() as session:
        rows = session.scalars(select(Insight).where(Insight.user_id == user, wanted).order_by(*order).limit(count))
        return tuple(entry_of(row, today) for row in rows)


def entry_of(row: Insight, today: date) -> InsightEntry:
    """Return a row as its person sees it on `today`."""
    asleep = row.snoozed_until is not None and row.snoozed_until > today
    return InsightEntry(
        row.id,
        cast("Kind", row.kind),
        row.subject,
        row.priority,
        from_text(row.facts),
        row.day,
        row.found_at,
        row.read_at is not None,
        row.dismissed_at is not None,
        row.snoozed_until if asleep else None,
        row.past_at is not None,
    )
