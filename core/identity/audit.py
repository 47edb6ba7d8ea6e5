"""What happened to access and data, only ever added to.

Each event carries a digest of itself and of the one before it of the same person (a hash chain): one that was
changed or taken out shows, and the database itself refuses both (see the migration 0003).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from core import clock
from core.store import AuditEvent, Store, User, UserId

_STRANGERS: Final = 7203420
"""Any number: the PostgreSQL advisory lock under which events of nobody's are added one by one."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event as the settings list it; `detail` holds ids and counts."""

    id: int
    at: datetime
    event: str
    address: str
    detail: dict[str, int | str | bool]


def note(session: Session, user: UserId | None, event: str, address: str = "", **detail: int | str | bool) -> None:
    """Add an event in the caller's transaction; `detail` holds ids and counts, never amounts, names or tokens."""
    # One by one for each person, or two would follow the same one. SQLite writes one by one anyway.
    # What is asked is the same for somebody and nobody: the time must not tell them apart.
    session.execute(select(User.id).where(User.id == (user or 0)).with_for_update())
    if user is None and session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_STRANGERS})"))
    before = session.scalar(select(AuditEvent.digest).where(_of(user)).order_by(AuditEvent.id.desc()).limit(1))
    row = AuditEvent(
        user_id=user, at=clock.now(), event=event, detail=json.dumps(detail) if detail else "", address=address
    )
    row.digest = _digest(before or "", row)
    session.add(row)
    session.flush()


def list_events(store: Store, user: UserId, limit: int = 200) -> tuple[AuditEntry, ...]:
    """Return what happened to the access and data of `user`, newest first."""
    with store.read() as session:
        rows = session.scalars(select(AuditEvent).where(_of(user)).order_by(AuditEvent.id.desc()).limit(limit))
        return tuple(
            AuditEntry(row.id, row.at, row.event, row.address, json.loads(row.detail) if row.detail else {})
            for row in rows
        )


def broken_event(store: Store, user: UserId | None) -> int | None:
    """Return the id of the first event that does not follow from the one before it, None when all do.

    Events from before the chain began have no digest and are passed over.
    """
    with store.read() as session:
        before = ""
        for row in session.scalars(select(AuditEvent).where(_of(user)).order_by(AuditEvent.id)):
            if not row.digest and not before:
                continue
            if row.digest != _digest(before, row):
                return row.id
            before = row.digest
    return None


def _of(user: UserId | None) -> ColumnElement[bool]:
    return AuditEvent.user_id.is_(None) if user is None else AuditEvent.user_id == user


def _digest(before: str, row: AuditEvent) -> str:
    facts = [before, row.user_id, row.at.isoformat(), row.event, row.detail, row.address]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
