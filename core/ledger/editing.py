"""What people say of their transactions: name, category, note, tags, whether budgets count it; one or many at once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError, ValidationError
from core.ledger.following import touch_refunds
from core.ledger.history import COLUMNS, Changed, EditDone, category_titles, packed, record
from core.ledger.owned import check_category, check_text
from core.ledger.rows import CHUNK
from core.store import Split, Store, Transaction, UserId, batched, next_change, update_alike

LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20

Values = Mapping[str, Any]
"""New values, by the names of their columns."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be said of transactions. What is None or empty stays as it is."""

    own_name: str | None = None
    """"" takes the bank's back."""
    own_category_id: int | None = None
    clear_category: bool = False
    """Take back the person's own category: a rule, the model, the bank or the merchant decides again."""
    note: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    hidden: bool | None = None
    """Whether budgets leave it out."""


class Said(NamedTuple):
    """What a person had said of a transaction, by the names of the columns; None where nobody asked."""

    own_name: str | None
    own_category_id: int | None
    note: str | None
    own_tags: str | None
    own_hidden: bool | None


def edit_transactions(store: Store, user: UserId, ids: Collection[int], changes: Changes) -> EditDone:
    """Change one or many transactions as one edit, which goes into the history and can be undone.

    Neither a sync nor an import overwrites what is said here, and reconciled ones may be edited: no amount changes.
    Split ones keep the categories of their parts. Ids that are not there any more are passed over.

    Raises:
        NotFoundError: none of the transactions is there or they are not this user's; likewise the category.
        ValidationError: a text or tag is too long, or there are too many tags.
    """
    _check(changes)
    with store.write() as session:
        change = next_change(session, user)
        check_category(session, user, changes.own_category_id)
        rows = said_of(session, user, ids, _concerned(changes))
        if not rows:
            raise NotFoundError("This transaction is not there.", "Go back to the list.")
        parted = _split(session, rows) if _category_is_said(changes) else frozenset()
        tagged = _tagging(changes)
        alike: dict[tuple[Said, bool], list[int]] = defaultdict(list)
        for row, said in rows.items():
            alike[said, row in parted].append(row)
        new = [
            (said, values, those)
            for (said, split), those in alike.items()
            if (values := _new_values(said, changes, tagged, split=split))
        ]
        edited = [row for _, _, those in new for row in those]
        sentence = _sentence(session, user, _real(changes, new) if new else changes, edited or list(rows))
        if not edited:
            session.rollback()
            return EditDone(None, sentence, 0, len(parted))
        write_values(session, change, ((those, values) for _, values, those in new))
        if _category_is_said(changes):
            touch_refunds(session, change, edited)
        edit = record(session, user, sentence, changed(session, user, new))
        return EditDone(edit, sentence, len(edited), len(parted))


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags as they are kept: on one line, a comma between two of them, each once whatever its case.

    Raises:
        ValidationError: one is longer than `LONGEST_TAG`.
    """
    found: dict[str, str] = {}
    for tag in (" ".join(part.split()) for text in tags for part in text.split(",")):
        if len(tag) > LONGEST_TAG:
            raise ValidationError(f"A tag has {LONGEST_TAG} characters at the most.")
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


@lru_cache
def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags that a column holds."""
    return tuple(tag for tag in text.split("\n") if tag)


def joined_tags(tags: Iterable[str]) -> str:
    """Return tags as a column holds them."""
    return "\n".join(sorted(tags))


def said_of(
    session: Session, user: UserId, ids: Collection[int], columns: Collection[str], *, removed: bool = False
) -> dict[int, Said]:
    """Return what `user` said of those of some transactions, by id, that are theirs; `removed` ones on demand.

    Only `columns` are asked for: rows that differ in others are alike.
    """
    asked = (getattr(Transaction, name) if name in columns else null() for name in Said._fields)
    # Whose they are is looked at here: SQLite would go through all of the person's rows for it, for each of the chunks.
    question = select(Transaction.user_id, Transaction.id, *asked)
    if not removed:
        question = question.where(Transaction.removed_at.is_(None))
    return {
        number: Said(*said)
        for some in batched(sorted(set(ids)), CHUNK)
        for owner, number, *said in session.execute(question.where(Transaction.id.in_(some)))
        if owner == user
    }


def write_values(session: Session, change: int, groups: Iterable[tuple[Sequence[int], Values]]) -> None:
    """Give groups of rows, by id, their new values and stamp them with `change`."""
    together: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for rows, values in groups:
        together[tuple(values.items())] += rows
    update_alike(session, Transaction, ((rows, dict(values)) for values, rows in together.items()), {"change": change})


def changed(session: Session, user: UserId, new: Iterable[tuple[Said, Values, Sequence[int]]]) -> list[Changed]:
    """Return what the history keeps: `new` is what was said, the new values, and of which transactions, by id."""
    together: dict[tuple[str, Any, Any], list[int]] = defaultdict(list)
    for said, values, rows in new:
        for field, column in COLUMNS.items():
            if column in values:
                together[field, getattr(said, column), values[column]] += rows
    ids = {value for field, *both in together for value in both if field == "category"}
    titles = category_titles(session, user, ids)
    fields = list(COLUMNS)
    return [
        Changed(rows, field, _told(field, before, titles), _told(field, after, titles), packed(before), packed(after))
        for (field, before, after), rows in sorted(together.items(), key=lambda one: fields.index(one[0][0]))
    ]


def _check(changes: Changes) -> None:
    for text in (changes.own_name, changes.note):
        check_text(text or "")
    clean_tags((*changes.add_tags, *changes.remove_tags))


def _concerned(changes: Changes) -> frozenset[str]:
    """Return the columns that changes may make others."""
    concerned = {
        "own_name": changes.own_name is not None,
        "own_category_id": _category_is_said(changes),
        "note": changes.note is not None,
        "own_tags": bool(changes.add_tags or changes.remove_tags),
        "own_hidden": changes.hidden is not None,
    }
    return frozenset(column for column, is_concerned in concerned.items() if is_concerned)


def _category_is_said(changes: Changes) -> bool:
    return changes.own_category_id is not None or changes.clear_category


def _split(session: Session, rows: Iterable[int]) -> frozenset[int]:
    return frozenset(
        one
        for some in batched(list(rows), CHUNK)
        for one in session.scalars(select(Split.transaction_id).where(Split.transaction_id.in_(some)).distinct())
    )


def _new_values(said: Said, changes: Changes, tagged: Callable[[str], str], *, split: bool) -> dict[str, Any]:
    """Return the values that become others; `tagged` is of `_tagging`."""
    wanted: dict[str, Any] = {}
    if changes.own_name is not None:
        wanted["own_name"] = changes.own_name.strip()
    if changes.note is not None:
        wanted["note"] = changes.note.strip()
    if _category_is_said(changes) and not split:
        wanted["own_category_id"] = None if changes.clear_category else changes.own_category_id
    if changes.hidden is not None:
        wanted["own_hidden"] = changes.hidden
    if changes.add_tags or changes.remove_tags:
        wanted["own_tags"] = tagged(said.own_tags or "")
    return {name: value for name, value in wanted.items() if getattr(said, name) != value}


def _tagging(changes: Changes) -> Callable[[str], str]:
    """Return what makes the new tags of a row of its old ones, both as the column holds them."""
    gone = {tag.casefold() for tag in clean_tags(changes.remove_tags)}
    added = clean_tags(changes.add_tags)

    @lru_cache
    def tagged(text: str) -> str:
        kept = {tag.casefold(): tag for tag in tags_in(text) if tag.casefold() not in gone}
        for tag in added:
            kept.setdefault(tag.casefold(), tag)
        if len(kept) > MOST_TAGS:
            raise ValidationError(f"A transaction has {MOST_TAGS} tags at the most.")
        return joined_tags(kept.values())

    return tagged


def _told(field: str, value: Any, titles: Mapping[int | None, str]) -> str:  # noqa: ANN401 - any column's value
    if field == "category":
        return titles.get(value, "")
    if field == "tags":
        return ", ".join(tags_in(value))
    if field == "hidden":
        return {True: "left out", False: "counted"}.get(value, "")
    return str(value)


def _real(changes: Changes, new: Iterable[tuple[Said, Values, Sequence[int]]]) -> Changes:
    """Return what of the changes made a difference to any row: only that is told of."""
    columns = {column for _, values, _ in new for column in values}
    return Changes(
        own_name=changes.own_name if "own_name" in columns else None,
        own_category_id=changes.own_category_id if "own_category_id" in columns else None,
        clear_category=changes.clear_category and "own_category_id" in columns,
        note=changes.note if "note" in columns else None,
        add_tags=changes.add_tags if "own_tags" in columns else (),
        remove_tags=changes.remove_tags if "own_tags" in columns else (),
        hidden=changes.hidden if "own_hidden" in columns else None,
    )


def _sentence(session: Session, user: UserId, changes: Changes, rows: Sequence[int]) -> str:
    """Return what is done, in words: "Put 214 transactions into Groceries and tagged them holiday"."""
    if len(rows) == 1:
        them, they = f"“{_known_as(session, rows[0])[:60]}”", "it"
    else:
        them, they = f"{len(rows):,} transactions", "them"
    category = changes.own_category_id
    title = category_titles(session, user, [category]).get(category, "")
    name = (changes.own_name or "").strip()
    added, gone = clean_tags(changes.add_tags), clean_tags(changes.remove_tags)
    said = (
        (category is not None, "put", f"into {title}"),
        (category is None and changes.clear_category, "took", "out of the category of your own"),
        (bool(name), "called", f"“{name[:60]}”"),
        (changes.own_name is not None and not name, "gave", "the bank's name back"),
        (bool((changes.note or "").strip()), "wrote a note on", ""),
        (changes.note is not None and not changes.note.strip(), "took the note off", ""),
        (bool(added), "tagged", ", ".join(added)),
        (bool(gone), f"took {', '.join(gone)} off", ""),
        (changes.hidden is True, "left", "out of budgets"),
        (changes.hidden is False, "counted", "in budgets"),
    )
    deeds = [(verb, rest) for holds, verb, rest in said if holds]
    words = [
        " ".join(filter(None, (verb, them if place == 0 else they, rest))) for place, (verb, rest) in enumerate(deeds)
    ]
    told = " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else f"left {them} as it was"
    return told[0].upper() + told[1:]


def _known_as(session: Session, row: int) -> str:
    names = (Transaction.own_name, Transaction.rule_name, Transaction.merchant_name, Transaction.name)
    told = session.execute(select(*names).where(Transaction.id == row)).one()
    return next((one for one in told if one), "No name")
