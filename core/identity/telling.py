"""Letters about what happened to an account: a sign-in from a new browser, a change of how one signs in.

The audit log says what happened, so nothing has to remember to write: whoever changes something notes it there. Each
event is looked at once. Where a letter could not be sent, the next look tries again.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select, update

from core import clock
from core.errors import MailError
from core.identity.mail import Letter, Post
from core.identity.notices import NoticeKind, Reachable, reachable
from core.identity.sessions import FROM_A_NEW_BROWSER, SIGNED_IN
from core.store import AuditEvent, Store, User, UserId

log = logging.getLogger(__name__)

NEWS: Final = timedelta(days=1)
"""How old an event may be and still be told: a store that was restored must not tell of last year."""
CHANGES: Final[Mapping[str, str]] = {
    "password changed": "The password was changed.",
    "password reset": "A new password was chosen by a link that was sent to this address.",
    "password set from the command line": "The password was set on the machine that FinTrack runs on.",
    "e-mail changed": "This became the account's e-mail address.",
    "factor added: app": "An authenticator app was set up as a second factor.",
    "factor added: phone": "A phone was set up as a second factor.",
    "factor added: email": "Codes by e-mail were set up as a second factor.",
    "factor removed: app": "The authenticator app is no longer a second factor.",
    "factor removed: phone": "The phone is no longer a second factor.",
    "factor removed: email": "Codes by e-mail are no longer a second factor.",
    "factors dropped from the command line": "All second factors were dropped on the machine that FinTrack runs on.",
    "recovery code used": "A recovery code was used.",
    "recovery codes renewed": "New recovery codes were made; the old ones stopped working.",
    "sign-in provider linked": "An account elsewhere was linked: whoever signs in there signs in here.",
    "sign-in provider unlinked": "An account elsewhere was unlinked.",
}
"""What each event that changes how one signs in is called in a letter."""
_ADVICE: Final = (
    "If that was you, all is well. If not: sign in, change your password under Settings, Signing in, and sign out "
    "everywhere else there.\n"
)


@dataclass(frozen=True, slots=True)
class _Untold:
    """The events of one person that were taken to be told of, and how far they were looked at before and now."""

    user: UserId
    to: Reachable
    zone: str
    before: int
    now: int
    events: tuple[tuple[str, datetime, str], ...]


def tell_of_access(store: Store, post: Post) -> int:
    """Send the letters that the audit log gives reason for; return how many could not be sent."""
    with store.read() as session:
        people = session.scalars(
            select(User.id)
            .where(User.is_demo.is_(False))
            .join(AuditEvent, and_(AuditEvent.user_id == User.id, AuditEvent.id > User.told_event))
            .distinct()
        ).all()
    unsent = 0
    for user in people:
        untold = _taken(store, UserId(user))
        if untold is None:
            continue
        try:
            for letter in _letters(untold):
                post.send(letter)
        except MailError as failure:
            log.warning("a letter to user %s was not sent: %s", user, failure.sentence)
            _give_back(store, untold)
            unsent += 1
    return unsent


def _taken(store: Store, user: UserId) -> _Untold | None:
    """Take the events that were not looked at yet, so that nobody else tells of them."""
    with store.write() as session:
        row = session.scalar(select(User).where(User.id == user).with_for_update())
        if row is None:
            return None
        before = row.told_event
        found = session.execute(
            select(AuditEvent.id, AuditEvent.event, AuditEvent.at, AuditEvent.address)
            .where(AuditEvent.user_id == user, AuditEvent.id > before)
            .order_by(AuditEvent.id)
        ).all()
        if not found:
            return None
        row.told_event = found[-1].id
        # The very first sign-in is from a new browser by nature.
        first = session.scalar(
            select(func.min(AuditEvent.id)).where(
                AuditEvent.user_id == user, AuditEvent.event.in_((SIGNED_IN, FROM_A_NEW_BROWSER))
            )
        )
        oldest = clock.now() - NEWS
        events = tuple((one.event, one.at, one.address) for one in found if one.at > oldest and one.id != first)
        return _Untold(user, reachable(session, user), row.time_zone, before, found[-1].id, events)


def _give_back(store: Store, untold: _Untold) -> None:
    with store.write() as session:
        session.execute(
            update(User).where(User.id == untold.user, User.told_event == untold.now).values(told_event=untold.before)
        )


def _letters(untold: _Untold) -> list[Letter]:
    signed_in = [_when(untold, at, address) for event, at, address in untold.events if event == FROM_A_NEW_BROWSER]
    changed = [
        f"- {CHANGES[event]} {_when(untold, at, address)}" for event, at, address in untold.events if event in CHANGES
    ]
    told: list[tuple[NoticeKind, list[str], str, str]] = [
        (
            "sign-in",
            [f"- {one}" for one in signed_in],
            "A sign-in from a new browser",
            "Somebody signed in to your FinTrack account from a browser that was not used for it before:",
        ),
        ("safety", changed, "How you sign in was changed", "This happened to your FinTrack account:"),
    ]
    return [
        Letter(untold.to.email, subject, "\n".join([opening, "", *lines, "", _ADVICE]))
        for kind, lines, subject, opening in told
        if lines and kind in untold.to.kinds
    ]


def _when(untold: _Untold, at: datetime, address: str) -> str:
    local = at.astimezone(ZoneInfo(untold.zone))
    return f"{local:%Y-%m-%d %H:%M} ({untold.zone}){f', from {address}' if address else ''}"
