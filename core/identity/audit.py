"""What happened to access and data, only ever added to."""

import json

from sqlalchemy.orm import Session

from core import clock
from core.store import AuditEvent, UserId


def note(session: Session, user: UserId | None, event: str, address: str = "", **detail: int | str | bool) -> None:
    """Add an event in the caller's transaction; `detail` holds ids and counts, never amounts, names or tokens."""
    session.add(
        AuditEvent(
            user_id=user, at=clock.now(), event=event, detail=json.dumps(detail) if detail else "", address=address
        )
    )
