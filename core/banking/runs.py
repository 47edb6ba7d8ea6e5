"""What every sync of an item did, kept for a while, so that a connection's health can be told with reasons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.store import Store, SyncRun, UserId

Trigger = Literal["person", "schedule", "webhook", "command", "link"]
"""Who asked for a sync."""

KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Run:
    """One sync of an item: counts of transactions, or why it failed."""

    item_id: int
    trigger: str
    started_at: datetime
    finished_at: datetime
    added: int
    modified: int
    removed: int
    posted: int
    error_code: str
    error: str


def note_run(
    session: Session,
    user: UserId,
    item_id: int,
    trigger: Trigger,
    started_at: datetime,
    counts: tuple[int, int, int, int],
    error_code: str = "",
    error: str = "",
) -> None:
    """Keep how a sync went (`counts`: added, modified, removed, posted); forget those older than `KEPT`."""
    added, modified, removed, posted = counts
    now = clock.now()
    session.execute(delete(SyncRun).where(SyncRun.item_id == item_id, SyncRun.finished_at < now - KEPT))
    session.add(
        SyncRun(
            user_id=user,
            item_id=item_id,
            trigger=trigger,
            started_at=started_at,
            finished_at=now,
            added=added,
            modified=modified,
            removed=removed,
            posted=posted,
            error_code=error_code,
            error_sentence=error,
        )
    )


def list_runs(store: Store, user: UserId, item_id: int | None = None, limit: int = 50) -> tuple[Run, ...]:
    """Return the newest syncs of `user`, or of one item, newest first."""
    question = select(SyncRun).where(SyncRun.user_id == user).order_by(SyncRun.id.desc()).limit(limit)
    if item_id is not None:
        question = question.where(SyncRun.item_id == item_id)
    with store.read() as session:
        return tuple(
            Run(
                row.item_id,
                row.trigger,
                row.started_at,
                row.finished_at,
                row.added,
                row.modified,
                row.removed,
                row.posted,
                row.error_code,
                row.error_sentence,
            )
            for row in session.scalars(question)
        )
