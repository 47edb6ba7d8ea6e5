"""A person's own categoriser: taught by what they and their rules said, asked about everything else."""

import time
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core.categorising.model import Proposal
from core.categorising.teaching import COLUMNS, AnyRow, Lesson, Lessons, lesson_of, needs_category
from core.ledger import touch_refunds
from core.store import Store, Transaction, UserId, last_change, next_change

ASKED_AT_ONCE: Final = 20_000
"""So many rows are read, asked about and written before the next: a million at once take gigabytes."""
NAMED_AT_ONCE: Final = 1_000
WRITTEN_AT_ONCE: Final = 5_000
PAUSE: Final = 0.1
"""Seconds between two such writes: SQLite lets one write at a time, and who waits for it looks so often."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a round of learning came to."""

    examples: int
    asked: int
    """Transactions that it was asked about: all without a category, or those that changed since the last round."""
    sets: int
    """Those of which the model is sure enough to set their category."""
    changed: int
    """How many were written: of fewer than all when somebody else wrote meanwhile, who has this done again."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What is kept of the model's and the merchants' word on one transaction."""

    category: int | None = None
    permille: int = 0
    sets: bool = False
    merchant: int | None = None


def learn_categories(store: Store, user: UserId, lessons: Lessons | None = None) -> Learned:
    """Teach a categoriser what `user` and their rules said, ask it about all other rows, and keep its word.

    Sure words count after the person's and the rules' and before the bank's; the others are only proposals. Where
    nobody knows anything, a merchant's usual category is kept. Sides of a transfer need none. Nothing is put into a
    category that the person hid. With the `lessons` before, only rows that changed since are asked about, as long as
    all that teaches is the same.
    """
    lesson = lesson_of(store, user, lessons.last if lessons else None)
    with store.read() as session:
        waiting = _waiting(session, user, lesson.since)
    asked, sets, written = 0, 0, 0
    change = lesson.change
    for start in range(0, len(waiting), ASKED_AT_ONCE):
        with store.read() as session:
            if last_change(session, user) != change:
                break
            rows = _rows(session, waiting[start : start + ASKED_AT_ONCE])
        told = _told(lesson, rows)
        changed = [(row.id, said) for row in rows if (said := told.get(row.id, _Said())) != _kept(row)]
        asked += len(told)
        sets += sum(said.sets for said in told.values())
        count, change = _keep(store, user, change, changed)
        written += count
        if count < len(changed):
            break
    else:
        if lessons is not None:
            lessons.last = replace(lesson, change=change)
    return Learned(len(lesson.examples), asked, sets, written)


def _waiting(session: Session, user: UserId, since: int) -> "array[int]":
    """Return the ids of the rows that need a category and changed after `since`."""
    question = select(Transaction.id).where(Transaction.user_id == user, *needs_category(user))
    if since >= 0:
        question = question.where(Transaction.change > since)
    return array("q", session.scalars(question.order_by(Transaction.id).execution_options(yield_per=ASKED_AT_ONCE)))


def _rows(session: Session, ids: Sequence[int]) -> list[AnyRow]:
    rows: list[AnyRow] = []
    for start in range(0, len(ids), NAMED_AT_ONCE):
        some = ids[start : start + NAMED_AT_ONCE]
        rows.extend(session.execute(select(*COLUMNS).where(Transaction.id.in_(list(some)))))
    return rows


def _told(lesson: Lesson, rows: Sequence[AnyRow]) -> dict[int, _Said]:
    """Return the model's word on those of `rows` of which nobody said what they are for."""
    asked = [row for row in rows if lesson.categories.label(row) is None]
    proposals = lesson.model.propose([lesson.categories.movement(row) for row in asked])
    return {
        row.id: _said(row, proposal, lesson.categories.hidden) for row, proposal in zip(asked, proposals, strict=True)
    }


def _said(row: AnyRow, proposal: Proposal[int] | None, hidden: Collection[int]) -> _Said:
    if proposal is None or proposal.source == "bank" or proposal.label in hidden:
        return _Said()
    if proposal.source == "learned":
        return _Said(proposal.label, round(proposal.confidence * 1000), proposal.sure)
    return _Said(merchant=proposal.label) if row.category_id is None else _Said()


def _kept(row: AnyRow) -> _Said:
    return _Said(row.learned_category_id, row.learned_permille, row.learned_sets, row.merchant_category_id)


def _keep(store: Store, user: UserId, before: int, changed: Sequence[tuple[int, _Said]]) -> tuple[int, int]:
    """Write what is said anew, some at a time, as long as nobody else writes.

    Returns how many were written, and the number of the last change.
    """
    table = Transaction.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("row_id"))
        .values(
            learned_category_id=bindparam("category"),
            learned_permille=bindparam("permille"),
            learned_sets=bindparam("sets"),
            merchant_category_id=bindparam("merchant"),
            change=bindparam("number"),
        )
    )
    for start in range(0, len(changed), WRITTEN_AT_ONCE):
        some = changed[start : start + WRITTEN_AT_ONCE]
        if start:
            time.sleep(PAUSE)
        with store.write() as session:
            if last_change(session, user) != before:
                return start, before
            before = next_change(session, user)
            session.connection().execute(
                statement,
                [
                    {
                        "row_id": number,
                        "category": said.category,
                        "permille": said.permille,
                        "sets": said.sets,
                        "merchant": said.merchant,
                        "number": before,
                    }
                    for number, said in some
                ],
            )
            touch_refunds(session, before, [number for number, _ in some])
    return len(changed), before
