"""What a person did to their transactions: each deed is an edit, and what it changed an event with the very value.

An event says a change in words, for people, and as JSON, so that the deed can be taken back.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.store import (
    ALIKE,
    Category,
    CategoryChoice,
    Edit,
    Store,
    TransactionEvent,
    UserId,
    insert_alike,
    insert_many,
)

COLUMNS: Final = {
    "name": "own_name",
    "category": "own_category_id",
    "note": "note",
    "tags": "own_tags",
    "hidden": "own_hidden",
}
"""The fields that a person may set, as events call them, and the columns that keep them."""
SPLIT: Final = "split"
"""The field of an event that says into which parts a transaction was split; the parts are a table of their own."""
PERSON: Final = "person"
SHOWN: Final = 50
"""How many edits are told of at once."""
_NAMES: Final = ("transaction_id", "field", "before", "after", "value_before", "value_after")


class Changed(NamedTuple):
    """That a field of transactions, by id, became another: in words, and the values as `packed` makes them."""

    rows: Sequence[int]
    field: str
    before: str
    after: str
    value_before: str
    value_after: str


@dataclass(frozen=True, slots=True)
class EditDone:
    """What an edit did. `edit_id` is None when everything was like that already."""

    edit_id: int | None
    sentence: str
    rows: int
    """How many transactions changed."""
    left: int = 0
    """How many keep what they had: split ones that were to be categorised, or when undoing what was changed since."""


@dataclass(frozen=True, slots=True)
class EditEntry:
    """One edit of the past: when, what in words, how many transactions, and whether it was taken back."""

    id: int
    at: dt.datetime
    sentence: str
    rows: int
    undone_at: dt.datetime | None
    is_undo: bool
    """Whether it took another one back."""


def list_edits(store: Store, user: UserId, *, before: int | None = None) -> tuple[EditEntry, ...]:
    """Return the edits of `user`, newest first, `SHOWN` of them at most; with `before` those before that id."""
    question = select(Edit).where(Edit.user_id == user).order_by(Edit.id.desc()).limit(SHOWN)
    if before is not None:
        question = question.where(Edit.id < before)
    with store.read() as session:
        return tuple(entry_of(one) for one in session.scalars(question))


def entry_of(edit: Edit) -> EditEntry:
    """Return an edit as it is told of."""
    return EditEntry(edit.id, edit.at, edit.sentence, edit.rows, edit.undone_at, edit.undoes_id is not None)


def record(session: Session, user: UserId, sentence: str, changes: Sequence[Changed], undoes: int | None = None) -> int:
    """Write an edit with its changes into the history; return its id. `undoes` is the edit that it takes back."""
    at = clock.now()
    edit = Edit(user_id=user, at=at, sentence=sentence, rows=len(rows_of(changes)), undoes_id=undoes)
    session.add(edit)
    session.flush()
    same = {"user_id": user, "at": at, "source": PERSON, "edit_id": edit.id}
    # Field by field, as they are told of.
    for _, those in groupby(changes, key=lambda one: one.field):
        few = []
        for rows, *told in those:
            if len(rows) < ALIKE:
                few += [(row, *told) for row in rows]
            else:
                alike = dict(zip(_NAMES[1:], told, strict=True))
                insert_alike(session, TransactionEvent, _NAMES[0], rows, alike | same)
        insert_many(session, TransactionEvent, _NAMES, few, same)
    return edit.id


def rows_of(changes: Iterable[Changed]) -> set[int]:
    """Return the transactions of some changes."""
    return {row for one in changes for row in one.rows}


@lru_cache(typed=True)
def packed(value: Any) -> str:  # noqa: ANN401 - any column's value
    """Return a value as an event keeps it."""
    return msgspec.json.encode(value).decode()


def category_titles(session: Session, user: UserId, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return what `user` calls some categories; one that is not there, and none, are missing."""
    wanted = sorted({one for one in ids if one is not None})
    said = CategoryChoice
    question = (
        select(Category.id, Category.title, said.title)
        .outerjoin(said, (said.category_id == Category.id) & (said.user_id == user))
        .where(Category.id.in_(wanted), Category.user_id.is_(None) | (Category.user_id == user))
    )
    return {number: own or title for number, title, own in session.execute(question)} if wanted else {}
