"""Categories as one person wants them: their own beside the built-in ones, renamed, hidden, or merged."""

from typing import Final, Literal, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError, ValidationError
from core.ledger.history import SPLIT
from core.store import (
    FIRST_OWN_CATEGORY,
    BudgetException,
    BudgetLimit,
    Category,
    CategoryChoice,
    Lettered,
    Rule,
    Split,
    Store,
    Transaction,
    TransactionEvent,
    UserId,
    next_change,
    take_everybodys_turn,
    take_turn,
)

LONGEST_TITLE: Final = 40
MOST_OWN: Final = 500
_NUMBERING: Final = 7203420
"""Any number: the PostgreSQL advisory lock of who gives a category its number."""

MoneyKind = Literal["income", "spending", "transfer"]
Need = Literal["need", "want", "saving", ""]


class CategoryEntry(NamedTuple):
    """A category as its person sees it."""

    # No frozen dataclass: most screens ask for a hundred of them, and that takes half the time so.

    id: int
    code: str
    group: str
    """The code of the primary category that it belongs to; its own for a primary one."""
    title: str
    icon: str
    kind: str
    need: str = ""
    hidden: bool = False
    merged_into: int | None = None
    """The category that its rows count as."""

    @property
    def own(self) -> bool:
        """Tell whether the person made it."""
        return self.id >= FIRST_OWN_CATEGORY

    @property
    def offered(self) -> bool:
        """Tell whether it is to be chosen from."""
        return not self.hidden and self.merged_into is None


_LISTED: Final = (
    # By column: rows as objects would take three times as long.
    select(
        Category.id,
        Category.code,
        Category.group,
        func.coalesce(func.nullif(CategoryChoice.title, ""), Category.title),
        func.coalesce(func.nullif(CategoryChoice.icon, ""), Category.icon),
        Category.kind,
        func.coalesce(CategoryChoice.need, Category.need),
        func.coalesce(CategoryChoice.hidden, False),
        CategoryChoice.merged_into_id,
    )
    .outerjoin(
        CategoryChoice, (CategoryChoice.category_id == Category.id) & (CategoryChoice.user_id == bindparam("user"))
    )
    .where(or_(Category.user_id.is_(None), Category.user_id == bindparam("user")))
    .order_by(Lettered(Category.group), Category.code != Category.group, Category.id)
)
"""A person's categories. Most screens ask, so it is made once."""


def list_categories(store: Store, user: UserId) -> tuple[CategoryEntry, ...]:
    """Return the built-in categories and the person's own, as they named them, primaries first in each group."""
    with store.read() as session:
        return tuple(CategoryEntry(*row) for row in session.execute(_LISTED, {"user": user}))


def add_category(
    store: Store,
    user: UserId,
    title: str,
    *,
    kind: MoneyKind = "spending",
    need: Need = "",
    icon: str = "",
    group_id: int | None = None,
) -> int:
    """Add a category of the person's own and return its id; with `group_id` within that primary one, whose kind it has.

    Raises:
        ValidationError: the title is empty, too long or taken, or there are too many.
        NotFoundError: there is no such primary category.
    """
    with store.write() as session:
        take_everybodys_turn(session, _NUMBERING)
        take_turn(session, user)
        group = None
        if group_id is not None:
            group = _known(session, user, group_id)
            if group.code != group.group:
                raise ValidationError(f"{group.title} is no group.", "Choose one of the main categories.")
        tidy = _checked_title(session, user, title)
        if (session.scalar(select(func.count()).where(Category.user_id == user)) or 0) >= MOST_OWN:
            raise ValidationError(f"You have {MOST_OWN} categories of your own already.", "Delete one first.")
        row = Category(
            user_id=user,
            code="",
            group=group.group if group else "",
            title=tidy,
            icon=icon or (group.icon if group else "label"),
            kind=group.kind if group else kind,
            need=need,
        )
        # Built-in ones have the numbers below; a database that numbers by itself would begin with 1.
        last = session.scalar(select(func.max(Category.id))) or 0
        row.id = max(last + 1, FIRST_OWN_CATEGORY)
        row.code = f"OWN_{row.id}"
        row.group = row.group or row.code
        session.add(row)
        next_change(session, user)
        return row.id


def change_category(
    store: Store,
    user: UserId,
    category_id: int,
    *,
    title: str | None = None,
    icon: str | None = None,
    need: Need | None = None,
    hidden: bool | None = None,
) -> None:
    """Rename a category, give it another icon or need, hide or show it; None leaves a thing, "" takes the first back.

    Raises:
        NotFoundError: it is not there.
        ValidationError: the title is too long or taken.
    """
    with store.write() as session:
        row = _known(session, user, category_id)
        choice = _choice(session, user, row)
        if title is not None:
            tidy = _checked_title(session, user, title, row) if title.strip() else ""
            if row.user_id is not None:
                row.title = tidy or row.title
            else:
                choice.title = "" if tidy == row.title else tidy
        if icon is not None:
            if row.user_id is not None:
                row.icon = icon or row.icon
            else:
                choice.icon = "" if icon == row.icon else icon
        if need is not None:
            choice.need = None if need == row.need else need
        if hidden is not None:
            choice.hidden = hidden
        next_change(session, user)


def merge_category(store: Store, user: UserId, category_id: int, into_id: int) -> None:
    """Let the rows of one category count as rows of another from now on; `part_category` takes it back.

    Raises:
        NotFoundError: one of them is not there.
        ValidationError: they are of different kinds, the same, or one is merged already.
    """
    with store.write() as session:
        row, goal = _known(session, user, category_id), _known(session, user, into_id)
        if row.id == goal.id:
            raise ValidationError("A category can't be merged with itself.", "Choose another one.")
        if row.kind != goal.kind:
            raise ValidationError(
                f"{row.title} counts as {row.kind}, {goal.title} as {goal.kind}.", "Choose one of the same kind."
            )
        if _choice(session, user, goal).merged_into_id is not None:
            raise ValidationError(f"{goal.title} was merged into another one itself.", "Choose that one.")
        _choice(session, user, row).merged_into_id = goal.id
        session.flush()
        # What was merged into this one goes along: a merged one leads to the goal in one step.
        for choice in session.scalars(
            select(CategoryChoice).where(CategoryChoice.user_id == user, CategoryChoice.merged_into_id == row.id)
        ):
            choice.merged_into_id = goal.id
        next_change(session, user)


def part_category(store: Store, user: UserId, category_id: int) -> None:
    """Take a merge back: its rows are its own again.

    Raises:
        NotFoundError: it is not there.
    """
    with store.write() as session:
        _choice(session, user, _known(session, user, category_id)).merged_into_id = None
        next_change(session, user)


def delete_category(store: Store, user: UserId, category_id: int) -> None:
    """Delete a category of the person's own that nothing uses or ever used.

    Raises:
        NotFoundError: it is not there.
        ValidationError: it is built in, or used.
    """
    with store.write() as session:
        row = _known(session, user, category_id)
        if row.user_id is None:
            raise ValidationError(f"{row.title} is built in.", "Hide it instead.")
        if _is_used(session, user, row):
            raise ValidationError(f"{row.title} is or was in use.", "Merge it into another one, or hide it.")
        session.delete(row)
        next_change(session, user)


def _is_used(session: Session, user: UserId, row: Category) -> bool:
    columns = (
        Transaction.own_category_id,
        Transaction.rule_category_id,
        Transaction.learned_category_id,
        Split.category_id,
        BudgetLimit.category_id,
        BudgetException.category_id,
        CategoryChoice.merged_into_id,
    )
    used = any(
        session.scalar(select(column).where(column == row.id, column.class_.user_id == user).limit(1)) is not None
        for column in columns
    )
    members = select(Category.id).where(Category.user_id == user, Category.group == row.code, Category.id != row.id)
    rules = select(Rule.id).where(Rule.user_id == user, Rule.actions.contains(f'"category_id":{row.id}'))
    # An edit that is taken back would want it again; its number may be another one's by then.
    values, number = (TransactionEvent.value_before, TransactionEvent.value_after), str(row.id)
    events = select(TransactionEvent.id).where(
        TransactionEvent.user_id == user,
        or_(
            and_(TransactionEvent.field == "category", or_(*(one == number for one in values))),
            and_(TransactionEvent.field == SPLIT, or_(*(one.contains(f'"category_id":{number},') for one in values))),
        ),
    )
    return used or any(session.scalar(one.limit(1)) is not None for one in (members, rules, events))


def _known(session: Session, user: UserId, category_id: int) -> Category:
    row = session.get(Category, category_id)
    if row is None or row.user_id not in {None, user}:
        raise NotFoundError("This category is not there.", "Choose another one.")
    return row


def _choice(session: Session, user: UserId, row: Category) -> CategoryChoice:
    """Return what the person says of a category, made when they said nothing yet."""
    choice = session.get(CategoryChoice, (user, row.id))
    if choice is None:
        choice = CategoryChoice(user_id=user, category_id=row.id, title="", icon="", hidden=False)
        session.add(choice)
    return choice


def _checked_title(session: Session, user: UserId, title: str, row: Category | None = None) -> str:
    tidy = " ".join(title.split())
    if not tidy:
        raise ValidationError("A category needs a name.", "Type one.")
    if len(tidy) > LONGEST_TITLE:
        raise ValidationError(f"A category's name has at most {LONGEST_TITLE} characters.", "Make it shorter.")
    group = row.group if row is not None else None
    choice = CategoryChoice
    question = (
        select(Category.id, Category.group, Category.title, choice.title.label("said"))
        .outerjoin(choice, (choice.category_id == Category.id) & (choice.user_id == user))
        .where(or_(Category.user_id.is_(None), Category.user_id == user))
    )
    for one in session.execute(question):
        if (one.said or one.title).casefold() == tidy.casefold() and (row is None or one.id != row.id):
            # Members of different groups may have the same name: they are shown with their group's.
            if group is not None and one.group != group:
                continue
            raise ValidationError(f"There is a category {tidy} already.", "Take another name.")
    return tidy
