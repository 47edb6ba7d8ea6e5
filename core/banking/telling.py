"""Letters about bank connections: one that needs its person, one that could not be read for more than a day.

Told once for each breakage, whatever sync found it: a connection that was read again meanwhile may be told of anew. No
letter names a bank or an account: which one it is shows who is signed in.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.banking.steps import Step, next_step
from core.errors import MailError
from core.identity import Letter, NoticeKind, Post, reachable
from core.store import Item, Store, UserId

log = logging.getLogger(__name__)

MENDED_BY_HAND: Final[frozenset[Step]] = frozenset({"reconnect", "bank first", "link again", "files"})
"""What only the person can do something about."""
STALE: Final = timedelta(days=1)
"""How long a bank may be away before it is worth a letter."""
_SUBJECTS: Final[Mapping[NoticeKind, str]] = {
    "bank": "A bank connection needs you",
    "sync": "A bank could not be read for more than a day",
}
_ENDING: Final = "FinTrack never asks for your bank's password in a letter, and this one has no link.\n"


class _Trouble(NamedTuple):
    item: int
    kind: NoticeKind
    told_of: str
    told_at: datetime | None


def tell_of_banks(store: Store, post: Post) -> int:
    """Send the letters that broken connections give reason for; return how many could not be sent."""
    with store.read() as session:
        people = sorted({UserId(row.user_id) for row in session.execute(select(Item.user_id).where(*_UNTOLD))})
    return sum(not _tell(store, post, user) for user in people)


_UNTOLD: Final = (
    Item.removed_at.is_(None),
    Item.error_sentence != "",
    or_(Item.told_at.is_(None), Item.told_of != "bank", Item.last_synced_at > Item.told_at),
)
"""What may have to be told: failed, and not told of as its person's to mend since it was last read."""


def _tell(store: Store, post: Post, user: UserId) -> bool:
    """Tell one person in one letter for each kind; False when one could not be sent."""
    now = clock.now()
    with store.write() as session:
        to = reachable(session, user)
        taken = _taken(session, user, now) if to.kinds else []
    wanted: dict[NoticeKind, list[_Trouble]] = defaultdict(list)
    for one in taken:
        if one.kind in to.kinds:
            wanted[one.kind].append(one)
    sent = True
    for kind, troubles in wanted.items():
        try:
            post.send(Letter(to.email, _SUBJECTS[kind], _text(kind, len(troubles))))
        except MailError as failure:
            log.warning("a letter to user %s was not sent: %s", user, failure.sentence)
            _give_back(store, troubles, now)
            sent = False
    return sent


def _taken(session: Session, user: UserId, now: datetime) -> list[_Trouble]:
    """Mark what is told of now, so that nobody else tells of it. What is told on the screen alone is marked too."""
    taken = []
    for item in session.scalars(select(Item).where(Item.user_id == user, *_UNTOLD).with_for_update()):
        kind: NoticeKind = "bank" if next_step(item.error_code) in MENDED_BY_HAND else "sync"
        told = item.told_at is not None and not (item.last_synced_at and item.last_synced_at > item.told_at)
        if told and item.told_of == kind:
            continue
        if kind == "sync" and now - (item.last_synced_at or item.created_at) <= STALE:
            continue
        taken.append(_Trouble(item.id, kind, item.told_of, item.told_at))
        item.told_of, item.told_at = kind, now
    return taken


def _give_back(store: Store, troubles: list[_Trouble], now: datetime) -> None:
    with store.write() as session:
        for one in troubles:
            session.execute(
                update(Item)
                .where(Item.id == one.item, Item.told_at == now)
                .values(told_of=one.told_of, told_at=one.told_at)
            )


def _text(kind: NoticeKind, number: int) -> str:
    which = "One of your bank connections" if number == 1 else f"{number} of your bank connections"
    verb = "needs" if number == 1 else "need"
    if kind == "bank":
        return (
            f"{which} can no longer be read and {verb} you: mostly the bank wants you to sign in once more.\n\n"
            "Open FinTrack and look at Accounts: it names the bank and the one step that mends it. Nothing that was "
            f"read before is lost.\n\n{_ENDING}"
        )
    return (
        f"{which} could not be read for more than a day. FinTrack goes on trying by itself.\n\n"
        f"Open FinTrack and look at Accounts: it says why. Nothing that was read before is lost.\n\n{_ENDING}"
    )
