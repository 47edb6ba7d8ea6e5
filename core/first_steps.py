"""The first steps of a newcomer: which of them were taken, as their own data tells."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from core.errors import NotFoundError
from core.store import (
    Account,
    BudgetLimit,
    Conversation,
    Edit,
    Factor,
    Goal,
    Rule,
    Store,
    User,
    UserId,
)

StepKind = Literal["account", "order", "budget", "goal", "coach", "safety"]


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step, and whether it was taken."""

    kind: StepKind
    taken: bool


_TAKEN: Final[dict[StepKind, ColumnElement[bool]]] = {
    "account": exists().where(Account.user_id == User.id),
    "order": or_(exists().where(Edit.user_id == User.id), exists().where(Rule.user_id == User.id)),
    "budget": exists().where(BudgetLimit.user_id == User.id),
    "goal": exists().where(Goal.user_id == User.id),
    "coach": exists().where(Conversation.user_id == User.id),
    "safety": exists().where(Factor.user_id == User.id, Factor.confirmed_at.is_not(None)),
}
_ASKED: Final = select(User.first_steps_over, User.is_demo, *_TAKEN.values()).where(User.id == bindparam("user"))
"""The overview asks in each run, so it is made once."""


def first_steps(store: Store, user: UserId) -> tuple[FirstStep, ...]:
    """Return the steps in the order in which they make sense; none once all are taken, put away, or in the demo.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.read() as session:
        row = session.execute(_ASKED, {"user": user}).one_or_none()
    if row is None:
        raise NotFoundError("This user no longer exists.", "Sign up again.")
    over, is_demo, *taken = row
    if over or is_demo or all(taken):
        return ()
    return tuple(FirstStep(kind, bool(done)) for kind, done in zip(_TAKEN, taken, strict=True))


def put_first_steps_away(store: Store, user: UserId) -> None:
    """Show `user` the first steps no more.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.write() as session:
        row = session.get(User, user)
        if row is None:
            raise NotFoundError("This user no longer exists.", "Sign up again.")
        row.first_steps_over = True
