"""Undoing an edit, the last one or any earlier: what it set is given back where nobody changed it since."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger.editing import Said, changed, joined_tags, said_of, tags_in, write_values
from core.ledger.following import touch_refunds
from core.ledger.history import COLUMNS, SPLIT, Changed, EditDone, category_titles, record, rows_of
from core.ledger.splits import fitted, pack_parts, parts_of, told_parts, unpack_parts, write_parts
from core.store import Edit, Store, Transaction, TransactionEvent, UserId, next_change

UNDID: Final = "Undid: "
REDID: Final = "Redid: "


def undo_edit(store: Store, user: UserId, edit_id: int) -> EditDone:
    """Take an edit back, field by field, where they still are as it left them; that is an edit too.

    Of tags, those that it added go and those that it took come back, whatever was tagged since. `EditDone.left` says
    how many transactions keep what was changed since; they can be given back once those changes are undone.

    Raises:
        NotFoundError: there is no such edit of this user.
        ValidationError: it was undone before, or all of it was changed since.
    """
    with store.write() as session:
        change = next_change(session, user)
        edit = session.scalar(select(Edit).where(Edit.id == edit_id, Edit.user_id == user))
        if edit is None:
            raise NotFoundError("This edit is not there.", "Reload the page.")
        if edit.undone_at is not None:
            raise ValidationError("This edit was undone before.", "What undid it can be undone in its turn.")
        events = _events(session, user, edit.id)
        splits = [one for one in events if one.field == SPLIT]
        fields, standing = _fields_back(session, user, change, [one for one in events if one.field != SPLIT])
        parts = _parts_back(session, user, change, splits)
        changes = [*fields, *parts]
        if not changes:
            raise ValidationError(
                "Everything in this edit was changed again since.", "Undo the later edits first, or edit it by hand."
            )
        left = len(standing | _still_split(session, splits))
        if not left:
            _note_undone(session, edit)
        sentence = _sentence(edit)
        done = record(session, user, sentence, changes, edit.id)
        return EditDone(done, sentence, len(rows_of(changes)), left)


def _note_undone(session: Session, edit: Edit) -> None:
    """Note that an edit was undone, so that what it undid stands again, what that undid is undone again, and so on."""
    stands = False
    one: Edit | None = edit
    while one is not None:
        one.undone_at = None if stands else clock.now()
        stands = not stands
        one = session.get(Edit, one.undoes_id) if one.undoes_id else None


def _sentence(edit: Edit) -> str:
    """Return what undoing an edit is called."""
    if edit.undoes_id is not None and edit.sentence.startswith(UNDID):
        return f"{REDID}{edit.sentence.removeprefix(UNDID)}"
    return f"{UNDID}{edit.sentence.removeprefix(REDID)}"


class _Event(NamedTuple):
    """One change of the edit that is to be undone, the values as they were packed."""

    row: int
    field: str
    before: str
    after: str


def _events(session: Session, user: UserId, edit_id: int) -> list[_Event]:
    columns = (
        TransactionEvent.transaction_id,
        TransactionEvent.field,
        TransactionEvent.value_before,
        TransactionEvent.value_after,
    )
    question = select(*columns).where(TransactionEvent.edit_id == edit_id, TransactionEvent.user_id == user)
    return [_Event(*row) for row in session.execute(question.order_by(TransactionEvent.id))]


def _still_split(session: Session, events: Sequence[_Event]) -> set[int]:
    """Return the rows that have other parts than before an edit."""
    rows = {event.row: session.get_one(Transaction, event.row) for event in events}
    return {
        event.row
        for event in events
        if parts_of(session, [event.row]).get(event.row, ())
        != fitted(unpack_parts(event.before), rows[event.row].amount)
    }


def _fields_back(
    session: Session, user: UserId, change: int, events: Sequence[_Event]
) -> tuple[list[Changed], set[int]]:
    """Give back the fields that are still as the events left them; return what that changed.

    Besides the rows on which anything of the edit stands still: it was not given back, now or by an earlier undo.
    """
    columns = {COLUMNS[one.field] for one in events}
    said = said_of(session, user, {one.row for one in events}, columns, removed=True)
    of_row: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for row, *event in events:
        of_row[row].append((event[0], event[1], event[2]))
    alike: dict[tuple[Said, tuple[tuple[str, str, str], ...]], list[int]] = defaultdict(list)
    for row, events_of in of_row.items():
        if row in said:
            alike[said[row], tuple(events_of)].append(row)
    ids = {_unpacked(value) for _, those in alike for field, *both in those if field == "category" for value in both}
    known = category_titles(session, user, ids)
    new = []
    standing: set[int] = set()
    for (now, those), rows in alike.items():
        values = _values_back(now, those, known)
        if values:
            new.append((now, values, rows))
        if not _is_back(now._replace(**values), those):
            standing.update(rows)
    write_values(session, change, ((rows, values) for _, values, rows in new))
    recategorised = [row for _, values, rows in new if COLUMNS["category"] in values for row in rows]
    if recategorised:
        touch_refunds(session, change, recategorised)
    return changed(session, user, new), standing


def _values_back(now: Said, events: Iterable[tuple[str, str, str]], known: Container[int | None]) -> dict[str, Any]:
    """Return the values that are given back: of fields that are as the events left them. `known` are categories."""
    values = {}
    for field, *packed in events:
        column = COLUMNS[field]
        before, after = map(_unpacked, packed)
        if field == "tags" and _tags_stand(now.own_tags or "", before, after):
            before = _tags_back(now.own_tags or "", before, after)
        elif getattr(now, column) != after:
            continue
        if field == "category" and before is not None and before not in known:
            # That category is gone, and nothing can be given back.
            continue
        values[column] = before
    return values


def _is_back(now: Said, events: Iterable[tuple[str, str, str]]) -> bool:
    """Tell whether all that the events changed is as it was before them."""
    for field, *packed in events:
        before, after = map(_unpacked, packed)
        if field == "tags":
            if not _tags_stand(now.own_tags or "", after, before):
                return False
        elif getattr(now, COLUMNS[field]) != before:
            return False
    return True


@lru_cache
def _unpacked(value: str) -> Any:  # noqa: ANN401 - any column's value
    return msgspec.json.decode(value)


@lru_cache
def _tags_stand(now: str, before: str, after: str) -> bool:
    """Tell whether the tags that an edit added are all there still, and those that it took are not."""
    added, taken = {*tags_in(after)} - {*tags_in(before)}, {*tags_in(before)} - {*tags_in(after)}
    return added <= {*tags_in(now)} and not taken & {*tags_in(now)}


@lru_cache
def _tags_back(now: str, before: str, after: str) -> str:
    """Return the tags without those that an edit added, and with those that it took."""
    return joined_tags({*tags_in(now), *tags_in(before)} - ({*tags_in(after)} - {*tags_in(before)}))


def _parts_back(session: Session, user: UserId, change: int, events: Sequence[_Event]) -> list[Changed]:
    """Give transactions the parts back that they had, or make them whole; return what that changed."""
    changes = []
    for event in events:
        row = session.get(Transaction, event.row)
        before, now = unpack_parts(event.before), parts_of(session, [event.row]).get(event.row, ())
        known = category_titles(session, user, (one.category_id for one in before))
        lost = any(one.category_id is not None and one.category_id not in known for one in before)
        if row is None or row.user_id != user or lost or now != unpack_parts(event.after):
            continue
        # The bank may have changed the amount while it was whole.
        parts = fitted(before, row.amount)
        write_parts(session, user, event.row, parts)
        row.change = change
        words = told_parts(session, user, now), told_parts(session, user, parts)
        changes.append(Changed([event.row], SPLIT, *words, pack_parts(now), pack_parts(parts)))
    session.flush()
    return changes
