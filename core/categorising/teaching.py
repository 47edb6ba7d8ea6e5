"""What a person's rows teach, and whether they would teach the same again as the last time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from core.categorising.model import Categoriser
from core.categorising.movements import Movement
from core.ledger import category_of
from core.store import Category, CategoryChoice, Pair, Split, Store, Transaction, User, UserId, last_change

MOST_EXAMPLES: Final = 50_000
"""The newest of more: what somebody bought long ago says little of what they buy now."""
READ_AT_ONCE: Final = 5_000

COLUMNS: Final = (
    Transaction.id, Transaction.date, Transaction.amount, Transaction.account_id, Transaction.name,
    Transaction.merchant_name, Transaction.original_text, Transaction.category_id, Transaction.own_category_id,
    Transaction.rule_category_id, Transaction.learned_category_id, Transaction.learned_permille,
    Transaction.learned_sets, Transaction.merchant_category_id,
)  # fmt: skip

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories as a person wants them."""

    codes: Mapping[int, str]
    merged: Mapping[int, int]
    hidden: frozenset[int]

    def label(self, row: AnyRow) -> int | None:
        """Return the category that the person or a rule put a row into, None when neither did."""
        said = row.own_category_id if row.own_category_id is not None else row.rule_category_id
        return None if said is None else self.merged.get(said, said)

    def movement(self, row: AnyRow) -> Movement:
        """Return a row as the categoriser is taught and asked."""
        # What bank and file say in several columns is often the same words again.
        texts = dict.fromkeys(text for text in (row.merchant_name, row.name, row.original_text) if text)
        code = "" if row.category_id is None else self.codes.get(row.category_id, "")
        return Movement(row.date, " ".join(texts), row.amount, row.account_id, code)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A categoriser, and what it was taught by."""

    change: int
    """Up to which change rows were looked at."""
    since: int
    """After which change rows are to be asked about: the others were asked the same before."""
    generation: int
    categories: Categories
    examples: Mapping[int, int]
    """By a row's id what tells whether it still teaches the same."""
    model: Categoriser[int]


class Lessons:
    """The last lesson of one person, kept while the app is up: the model of 50,000 examples has eleven megabytes."""

    def __init__(self) -> None:
        """Begin with none."""
        self.last: Lesson | None = None


def lesson_of(store: Store, user: UserId, before: Lesson | None = None) -> Lesson:
    """Teach a categoriser what `user` and their rules said; the one of `before`, when nothing else would teach it."""
    with store.read() as session:
        change = last_change(session, user)
        generation = session.scalar(select(User.generation).where(User.id == user)) or 0
        categories = _categories(session, user)
        if (
            before is not None
            and (before.generation, before.categories) == (generation, categories)
            and _teaches_the_same(session, user, before)
        ):
            return replace(before, change=change, since=before.change)
        taught = _taught(session, user)
    labelled = [(row, label) for row in taught if (label := categories.label(row)) is not None]
    model = Categoriser(
        [(categories.movement(row), label) for row, label in labelled],
        titles=lambda one: categories.codes.get(one, str(one)),
        of_code=category_of,
    )
    return Lesson(change, -1, generation, categories, {row.id: _mark(row, label) for row, label in labelled}, model)


def needs_category(user: UserId) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of rows that need a category: they are there, not split, and no side of a living transfer."""
    split = select(Split.transaction_id).where(Split.user_id == user)
    moved = select(Pair.id).where(Pair.user_id == user, Pair.kind == "transfer")
    return (
        Transaction.removed_at.is_(None),
        Transaction.id.not_in(split),
        or_(Transaction.pair_id.is_(None), Transaction.pair_id.not_in(moved)),
    )


def _taught(session: Session, user: UserId) -> list[AnyRow]:
    """Return the newest rows of which the person or a rule says what they are for, oldest first."""
    question: Select[*tuple[Any, ...]] = (
        select(*COLUMNS)
        .where(Transaction.user_id == user, *needs_category(user))
        .where(or_(Transaction.own_category_id.is_not(None), Transaction.rule_category_id.is_not(None)))
        .order_by(Transaction.date.desc(), Transaction.id.desc())
        .limit(MOST_EXAMPLES)
    )
    return list(session.execute(question))[::-1]


def _teaches_the_same(session: Session, user: UserId, before: Lesson) -> bool:
    """Tell whether no row that changed since teaches, or taught, anything else than it did."""
    question = (
        select(*COLUMNS, and_(*needs_category(user)).label("needed"))
        .where(Transaction.user_id == user, Transaction.change > before.change)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    with session.execute(question) as changed:
        return all(
            before.examples.get(row.id) == (_mark(row, label) if label is not None else None)
            for row in changed
            for label in (before.categories.label(row) if row.needed else None,)
        )


def _mark(row: AnyRow, label: int) -> int:
    texts = f"{row.name}\0{row.merchant_name}\0{row.original_text}"
    # Of a text, as -1 and -2 have the same hash.
    return hash(f"{row.date} {row.amount} {row.account_id} {row.category_id} {label} {texts}")


def _categories(session: Session, user: UserId) -> Categories:
    known = select(Category.id, Category.code).where(or_(Category.user_id.is_(None), Category.user_id == user))
    choices = session.execute(
        select(CategoryChoice.category_id, CategoryChoice.merged_into_id, CategoryChoice.hidden).where(
            CategoryChoice.user_id == user
        )
    ).all()
    return Categories(
        {row.id: row.code for row in session.execute(known)},
        {row.category_id: row.merged_into_id for row in choices if row.merged_into_id is not None},
        frozenset(row.category_id for row in choices if row.hidden),
    )
