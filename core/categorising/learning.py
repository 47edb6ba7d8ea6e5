"""A person's own categoriser: taught by what they and their rules said, asked about everything else."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.orm import Session

from core.categorising.model import Categoriser, Proposal
from core.categorising.movements import Movement
from core.ledger import category_of, touch_refunds
from core.store import Category, CategoryChoice, Pair, Split, Store, Transaction, UserId, last_change, next_change

MOST_EXAMPLES: Final = 50_000
"""The newest of more: what somebody bought long ago says little of what they buy now."""
ASKED_AT_ONCE: Final = 20_000
"""Of so many rows are movements and proposals made in one go: a million of each take a gigabyte."""
WRITTEN_AT_ONCE: Final = 5_000
PAUSE: Final = 0.1
"""Seconds between two such writes: SQLite lets one write at a time, and who waits for it looks so often."""

_COLUMNS: Final = (
    Transaction.id, Transaction.date, Transaction.amount, Transaction.account_id, Transaction.name,
    Transaction.merchant_name, Transaction.original_text, Transaction.category_id, Transaction.own_category_id,
    Transaction.rule_category_id, Transaction.learned_category_id, Transaction.learned_permille,
    Transaction.learned_sets, Transaction.merchant_category_id,
)  # fmt: skip

_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a round of learning came to."""

    examples: int
    sets: int
    """Transactions of which the model is sure enough to set their category."""
    proposes: int
    """Those for which it has a proposal that is not sure enough."""
    changed: int
    """How many were written: of fewer than all when somebody else wrote meanwhile, who has this done again."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What is kept of the model's and the merchants' word on one transaction."""

    category: int | None = None
    permille: int = 0
    sets: bool = False
    merchant: int | None = None


def learn_categories(store: Store, user: UserId) -> Learned:
    """Teach a categoriser what `user` and their rules said, ask it about all other rows, and keep its word.

    Sure words count after the person's and the rules' and before the bank's; the others are only proposals. Where
    nobody knows anything, a merchant's usual category is kept. Sides of a transfer need none. Nothing is put into a
    category that the person hid.
    """
    with store.read() as session:
        before = last_change(session, user)
        codes, merged, hidden = _categories(session, user)
        rows = _rows(session, user)
    taught = [(row, label) for row in rows if (label := _label(row, merged)) is not None][-MOST_EXAMPLES:]
    model = Categoriser(
        [(_movement(row, codes), label) for row, label in taught],
        titles=lambda one: codes.get(one, str(one)),
        of_code=category_of,
    )
    sets, proposes = 0, 0
    changed: list[tuple[int, _Said]] = []
    for start in range(0, len(rows), ASKED_AT_ONCE):
        some = rows[start : start + ASKED_AT_ONCE]
        asked = [row for row in some if _label(row, merged) is None]
        proposals = model.propose([_movement(row, codes) for row in asked])
        told = {row.id: _said(row, proposal, hidden) for row, proposal in zip(asked, proposals, strict=True)}
        changed += [(row.id, said) for row in some if (said := told.get(row.id, _Said())) != _kept(row)]
        sets += sum(said.sets for said in told.values())
        proposes += sum(said.category is not None and not said.sets for said in told.values())
    return Learned(len(taught), sets, proposes, _keep(store, user, before, changed))


def _rows(session: Session, user: UserId) -> Sequence[_Row]:
    """Return the rows that need a category, oldest first: none that is split or a side of a living transfer."""
    split = select(Split.transaction_id).where(Split.user_id == user)
    moved = select(Pair.id).where(Pair.user_id == user, Pair.kind == "transfer")
    question = (
        select(*_COLUMNS)
        .where(Transaction.user_id == user, Transaction.removed_at.is_(None))
        .where(Transaction.id.not_in(split))
        .where(or_(Transaction.pair_id.is_(None), Transaction.pair_id.not_in(moved)))
        .order_by(Transaction.date, Transaction.id)
    )
    return session.execute(question).all()


def _categories(session: Session, user: UserId) -> tuple[dict[int, str], dict[int, int], frozenset[int]]:
    """Return the code of each category, into which one some were merged, and which are hidden."""
    known = select(Category.id, Category.code).where(or_(Category.user_id.is_(None), Category.user_id == user))
    choices = session.execute(
        select(CategoryChoice.category_id, CategoryChoice.merged_into_id, CategoryChoice.hidden).where(
            CategoryChoice.user_id == user
        )
    ).all()
    return (
        {row.id: row.code for row in session.execute(known)},
        {row.category_id: row.merged_into_id for row in choices if row.merged_into_id is not None},
        frozenset(row.category_id for row in choices if row.hidden),
    )


def _label(row: _Row, merged: Mapping[int, int]) -> int | None:
    """Return what the person or a rule said that it is for."""
    said = row.own_category_id if row.own_category_id is not None else row.rule_category_id
    return None if said is None else merged.get(said, said)


def _movement(row: _Row, codes: Mapping[int, str]) -> Movement:
    # What bank and file say in several columns is often the same words again.
    texts = dict.fromkeys(text for text in (row.merchant_name, row.name, row.original_text) if text)
    code = "" if row.category_id is None else codes.get(row.category_id, "")
    return Movement(row.date, " ".join(texts), row.amount, row.account_id, code)


def _said(row: _Row, proposal: Proposal[int] | None, hidden: Collection[int]) -> _Said:
    if proposal is None or proposal.source == "bank" or proposal.label in hidden:
        return _Said()
    if proposal.source == "learned":
        return _Said(proposal.label, round(proposal.confidence * 1000), proposal.sure)
    return _Said(merchant=proposal.label) if row.category_id is None else _Said()


def _kept(row: _Row) -> _Said:
    return _Said(row.learned_category_id, row.learned_permille, row.learned_sets, row.merchant_category_id)


def _keep(store: Store, user: UserId, before: int, changed: Sequence[tuple[int, _Said]]) -> int:
    """Write what is said anew, some at a time, as long as nobody else writes; return how many were written."""
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
                return start
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
    return len(changed)
