"""Goals: money to save, or a debt to be rid of; by a linked account's balance or by contributions by hand."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.cache import UserCache, balances_of
from core.errors import NotFoundError, ValidationError
from core.ledger import LIABILITIES
from core.money import is_currency_code, to_units
from core.planning.reaching import AVERAGE_MONTH, Reach, reach
from core.store import Account, Goal, GoalContribution, Store, UserId

LONGEST_NAME: Final = 60
LONGEST_NOTE: Final = 200
MOST: Final = 100
"""Goals that one person can have."""
PACE_MONTHS: Final = 3
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class GoalWish:
    """What a person says of a goal. `starting` is what does not count of a linked account's balance."""

    name: str
    target: Decimal
    currency: str
    target_day: date | None = None
    account_id: int | None = None
    starting: Decimal = NOTHING
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """Money that was put aside for a goal by hand; negative when it was taken from it."""

    id: int
    day: date
    amount: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class GoalEntry:
    """A goal and how far it is."""

    id: int
    wish: GoalWish
    account: str
    """What the linked account is called; "" without one."""
    is_debt: bool
    """Whether it is a debt to be rid of."""
    contributions: tuple[Contribution, ...]
    """The newest first."""
    created_at: datetime
    ended_at: datetime | None
    reach: Reach

    @property
    def by_hand(self) -> bool:
        """Tell whether its contributions are entered by hand."""
        return self.wish.account_id is None


def list_goals(store: Store, user: UserId, cache: UserCache, today: date) -> tuple[GoalEntry, ...]:
    """Return the goals of `user`: those that are on by their day, then the ended ones, the last first."""
    with store.read() as session:
        goals = list(session.scalars(select(Goal).where(Goal.user_id == user)))
        accounts = {
            one.id: one
            for one in session.scalars(select(Account).where(Account.user_id == user, Account.removed_at.is_(None)))
        }
        given: dict[int, list[Contribution]] = defaultdict(list)
        for row in session.scalars(
            select(GoalContribution)
            .where(GoalContribution.user_id == user)
            .order_by(GoalContribution.day.desc(), GoalContribution.id.desc())
        ):
            given[row.goal_id].append(Contribution(row.id, row.day, row.amount, row.note))
    linked = [one.account_id for one in goals if one.account_id in accounts]
    before = clock.add_months(today, -PACE_MONTHS)
    balances: dict[tuple[int, date], Decimal] = {}
    begun: dict[int, date] = {}
    if linked:
        with cache.answering() as answer:
            known = balances_of(answer)
        for account in {*linked} & known.keys():
            begun[account] = known[account].known_since
            balances |= zip([(account, before), (account, today)], known[account].on([before, today]), strict=True)
    entries = [
        _entry(one, accounts.get(one.account_id or 0), tuple(given[one.id]), balances, begun, before, today)
        for one in goals
    ]
    far = date.max
    on = sorted(
        (one for one in entries if one.ended_at is None), key=lambda one: (one.wish.target_day or far, one.wish.name)
    )
    ended = sorted((one for one in entries if one.ended_at), key=lambda one: one.ended_at or clock.now(), reverse=True)
    return (*on, *ended)


def add_goal(store: Store, user: UserId, wish: GoalWish) -> int:
    """Keep a new goal and return its id. Of one with an account, that account's currency counts.

    Raises:
        ValidationError: the name, target, currency or day can't be taken, or there are too many goals.
        NotFoundError: the account is not there.
        AmountError: the target or what was there at the start can't be kept.
    """
    with store.write() as session:
        if len(list(session.scalars(select(Goal.id).where(Goal.user_id == user)))) >= MOST:
            raise ValidationError(f"You have {MOST} goals already.", "Delete one first.")
        row = Goal(user_id=user, created_at=clock.now())
        _write(session, user, row, wish)
        session.add(row)
        session.flush()
        return row.id


def change_goal(store: Store, user: UserId, goal_id: int, wish: GoalWish) -> None:
    """Keep a goal as it is to be from now on; its contributions stay.

    Raises:
        NotFoundError: the goal or the account is not there.
        ValidationError: the name, target, currency or day can't be taken.
        AmountError: the target or what was there at the start can't be kept.
    """
    with store.write() as session:
        _write(session, user, _known(session, user, goal_id), wish)


def end_goal(store: Store, user: UserId, goal_id: int, *, ended: bool = True) -> None:
    """Put a goal away as done with, or take it up again.

    Raises:
        NotFoundError: it is not there.
    """
    with store.write() as session:
        row = _known(session, user, goal_id)
        row.ended_at = (row.ended_at or clock.now()) if ended else None


def delete_goal(store: Store, user: UserId, goal_id: int) -> None:
    """Delete a goal and its contributions for good; no account or transaction is touched.

    Raises:
        NotFoundError: it is not there.
    """
    with store.write() as session:
        session.delete(_known(session, user, goal_id))


def contribute(store: Store, user: UserId, goal_id: int, amount: Decimal, day: date, note: str = "") -> int:
    """Note money that was put aside for a goal, or taken from it (negative); return the contribution's id.

    Raises:
        NotFoundError: the goal is not there.
        ValidationError: nothing was given, or the goal counts an account's balance.
        AmountError: it is no amount of money that can be kept.
    """
    with store.write() as session:
        row = _known(session, user, goal_id)
        if row.account_id is not None:
            raise ValidationError("This goal counts what is on its account.", "Pay something into the account.")
        if not to_units(amount):
            raise ValidationError("Nothing was put aside.", "Type an amount; a negative one takes money out.")
        given = GoalContribution(user_id=user, goal_id=goal_id, day=day, amount=amount, note=_tidy(note, LONGEST_NOTE))
        session.add(given)
        session.flush()
        return given.id


def delete_contribution(store: Store, user: UserId, contribution_id: int) -> None:
    """Take back a contribution that was noted by hand.

    Raises:
        NotFoundError: it is not there.
    """
    with store.write() as session:
        row = session.get(GoalContribution, contribution_id)
        if row is None or row.user_id != user:
            raise NotFoundError("This contribution is not there.", "Reload the page.")
        session.delete(row)


def _known(session: Session, user: UserId, goal_id: int) -> Goal:
    row = session.get(Goal, goal_id)
    if row is None or row.user_id != user:
        raise NotFoundError("This goal is not there.", "Reload the page.")
    return row


def _write(session: Session, user: UserId, row: Goal, wish: GoalWish) -> None:
    name, currency = _tidy(wish.name, LONGEST_NAME), wish.currency
    if not name:
        raise ValidationError("A goal needs a name.", "Type one.")
    if wish.account_id is not None:
        account = session.get(Account, wish.account_id)
        if account is None or account.user_id != user or account.removed_at is not None:
            raise NotFoundError("This account is not there.", "Choose another one.")
        currency = account.currency
    if not is_currency_code(currency):
        raise ValidationError("A currency is three capital letters.", "Such as USD or EUR.")
    to_units(wish.target)
    to_units(wish.starting)
    if wish.target <= 0:
        raise ValidationError("The target has to be more than nothing.", "Type what you want to reach.")
    row.name, row.icon, row.currency = name, wish.icon, currency
    row.target, row.target_day = wish.target, wish.target_day
    row.account_id, row.starting = wish.account_id, wish.starting


def _tidy(words: str, longest: int) -> str:
    return " ".join(words.split())[:longest]


def _entry(
    row: Goal,
    account: Account | None,
    given: tuple[Contribution, ...],
    balances: Mapping[tuple[int, date], Decimal],
    begun: Mapping[int, date],
    before: date,
    today: date,
) -> GoalEntry:
    if row.account_id is None:
        # What is noted for a day ahead is not there yet.
        there = [one for one in given if one.day <= today]
        saved: Decimal | None = sum((one.amount for one in there), NOTHING)
        since = max(before, min([row.created_at.date(), *(one.day for one in there)]))
        # What was put aside on the very day the three months begin is of those before.
        came = sum((one.amount for one in there if one.day > before), NOTHING)
    else:
        now = balances.get((row.account_id, today))
        saved = None if now is None else now - row.starting
        since = max(before, begun.get(row.account_id, before))
        came = NOTHING if now is None else now - balances.get((row.account_id, before), now)
    # What did not count of an account counts for nothing once that account was deleted, and the goal is one by hand.
    starting = row.starting if row.account_id is not None else NOTHING
    wish = GoalWish(row.name, row.target, row.currency, row.target_day, row.account_id, starting, row.icon)
    return GoalEntry(
        row.id,
        wish,
        (account.nickname or account.name) if account else "",
        account is not None and account.type in LIABILITIES,
        given,
        row.created_at,
        row.ended_at,
        reach(saved, row.target, _monthly(came, since, today), today, row.target_day, row.currency),
    )


def _monthly(came: Decimal, since: date, today: date) -> Decimal:
    """Return what came in a month; of what began less than a month ago, all that came so far."""
    months = min(max((today - since).days / AVERAGE_MONTH, Decimal(1)), Decimal(PACE_MONTHS))
    return (came / months).quantize(Decimal("0.01"))
