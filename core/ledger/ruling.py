"""Keeping a person's rules, trying them before they are kept, and running them over what is there and what comes.

When a rule is kept, changed, moved, switched or deleted, only the rows that it is or was for are told anew: another
rule that was kept for what is to come alone does not reach into the past by that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger.following import touch_refunds
from core.ledger.rules import MOST_RULES, Actions, Conditions, Ruled, RuleEntry, checked, fits, ruled
from core.store import Account, Category, Rule, Store, Transaction, UserId, next_change

CHUNK: Final = 20_000
"""Rows looked at together."""
NEW: Final = 0
"""The id of a rule that is only tried."""

_COLUMNS: Final = (
    Transaction.id,
    Transaction.date,
    Transaction.amount,
    Transaction.currency,
    Transaction.account_id,
    Transaction.name,
    Transaction.merchant_name,
    Transaction.original_text,
    Transaction.own_name,
    Transaction.own_category_id,
    Transaction.category_id,
    Transaction.rule_id,
    Transaction.rule_category_id,
    Transaction.rule_name,
    Transaction.rule_tags,
    Transaction.rule_hidden,
)
_Row = Row[*tuple[Any, ...]]
_Asks = Callable[[_Row], bool]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule would change of one transaction. `amount` negative is money out."""

    id: int
    date: date
    name: str
    amount: Decimal
    currency: str
    category_before: int | None
    category_after: int | None


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do to what is there."""

    fitting: int
    """Transactions that it is for."""
    changing: int
    """Those of which something would be told otherwise than now."""
    sample: tuple[RuleChange, ...]
    """Some of the changing ones, newest first."""


def list_rules(store: Store, user: UserId) -> tuple[RuleEntry, ...]:
    """Return the rules of `user` in their order, each with how many transactions it decides."""
    with store.read() as session:
        rows = session.execute(
            select(Transaction.rule_id, func.count().label("times"))
            .where(Transaction.user_id == user, Transaction.removed_at.is_(None), Transaction.rule_id.is_not(None))
            .group_by(Transaction.rule_id)
        )
        counted = {row.rule_id: row.times for row in rows}
        return tuple(_entry(row, counted.get(row.id, 0)) for row in _rows(session, user))


def add_rule(
    store: Store, user: UserId, name: str, conditions: Conditions, actions: Actions, *, past: bool = True
) -> int:
    """Add a rule behind the others and return its id; with `past` it is run over what is there too.

    Raises:
        ValidationError: it can't be kept; the sentence says why.
        NotFoundError: its category or an account is not there.
    """
    name, conditions, actions = checked(name, conditions, actions)
    with store.write() as session:
        _check_known(session, user, conditions, actions)
        last, count = session.execute(
            select(func.coalesce(func.max(Rule.position), 0), func.count()).where(Rule.user_id == user)
        ).one()
        if count >= MOST_RULES:
            raise ValidationError(f"There are {MOST_RULES} rules already.", "Delete one that is not needed.")
        row = Rule(
            user_id=user,
            position=last + 1,
            name=name,
            conditions=msgspec.json.encode(conditions).decode(),
            actions=msgspec.json.encode(actions).decode(),
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        if past:
            _tell_anew(session, user, _entry(row))
        return row.id


def change_rule(
    store: Store,
    user: UserId,
    rule_id: int,
    name: str,
    conditions: Conditions,
    actions: Actions,
    *,
    past: bool = True,
) -> None:
    """Change a rule. Where it spoke before it speaks anew; with `past` also where it did not.

    Raises:
        ValidationError: it can't be kept; the sentence says why.
        NotFoundError: the rule, its category or an account is not there.
    """
    name, conditions, actions = checked(name, conditions, actions)
    with store.write() as session:
        row = _own(session, user, rule_id)
        _check_known(session, user, conditions, actions)
        before = _entry(row)
        row.name = name
        row.conditions = msgspec.json.encode(conditions).decode()
        row.actions = msgspec.json.encode(actions).decode()
        session.flush()
        if past:
            _tell_anew(session, user, before, _entry(row))
        else:
            _run(session, user, concerns=lambda one: _fits(before, one) and _spoke(before, one))


def enable_rule(store: Store, user: UserId, rule_id: int, *, enabled: bool) -> None:
    """Switch a rule on, over what is there too, or off: its word is taken back.

    Raises:
        NotFoundError: there is no such rule.
    """
    with store.write() as session:
        row = _own(session, user, rule_id)
        row.enabled = enabled
        session.flush()
        _tell_anew(session, user, _entry(row))


def move_rule(store: Store, user: UserId, rule_id: int, position: int) -> None:
    """Put a rule in another place of the order, from 1; what it means for the transactions is told anew.

    Raises:
        NotFoundError: there is no such rule.
    """
    with store.write() as session:
        moved = _own(session, user, rule_id)
        others = [row for row in _rows(session, user) if row.id != rule_id]
        others.insert(min(max(position, 1), len(others) + 1) - 1, moved)
        _number(others)
        session.flush()
        _tell_anew(session, user, _entry(moved))


def delete_rule(store: Store, user: UserId, rule_id: int) -> None:
    """Delete a rule; what it said is taken back.

    Raises:
        NotFoundError: there is no such rule.
    """
    with store.write() as session:
        row = _own(session, user, rule_id)
        session.delete(row)
        session.flush()
        _number(_rows(session, user))
        session.flush()
        _tell_anew(session, user, _entry(row))


def preview_rule(
    store: Store,
    user: UserId,
    conditions: Conditions,
    actions: Actions,
    rule_id: int | None = None,
    sample: int = 50,
) -> RulePreview:
    """Tell what a rule would do to what is there, as a new one behind the others or in place of `rule_id`.

    Raises:
        ValidationError: it can't be kept; the sentence says why.
        NotFoundError: its category or an account is not there.
    """
    _, conditions, actions = checked("", conditions, actions)
    with store.read() as session:
        _check_known(session, user, conditions, actions)
        rules = [_entry(row) for row in _rows(session, user)]
        tried = RuleEntry(rule_id or NEW, 0, "", enabled=True, conditions=conditions, actions=actions)
        concerned = [tried, *(one for one in rules if one.id == rule_id)]
        rules = [tried if one.id == rule_id else one for one in rules] if rule_id else [*rules, tried]
        fitting = changing = 0
        found: list[RuleChange] = []
        for row, before, after in _outcomes(session, user, rules, concerns=_one_fits(concerned)):
            fitting += _fits(tried, row)
            if _shown(row, before) == _shown(row, after):
                continue
            changing += 1
            found.append(_change(row, before, after))
            if len(found) > 2 * sample:
                found = sorted(found, key=lambda one: (one.date, one.id), reverse=True)[:sample]
    newest = sorted(found, key=lambda one: (one.date, one.id), reverse=True)[:sample]
    return RulePreview(fitting, changing, tuple(newest))


def rule_what_came(session: Session, user: UserId, change: int) -> None:
    """Run the rules over the rows that the write `change` touched, within its transaction."""
    if session.scalar(select(Rule.id).where(Rule.user_id == user).limit(1)) is not None:
        _run(session, user, Transaction.change == change, number=lambda: change)


def _tell_anew(session: Session, user: UserId, *concerned: RuleEntry) -> None:
    """Let all rules speak anew of the rows that one of `concerned` is for: a rule as it was, and as it is now."""
    _run(session, user, concerns=_one_fits(concerned))


def _one_fits(rules: Sequence[RuleEntry]) -> _Asks:
    return lambda row: any(_fits(one, row) for one in rules)


def _fits(rule: RuleEntry, row: _Row) -> bool:
    return fits(rule.conditions, _text(row), row.amount, row.account_id, row.date)


def _spoke(rule: RuleEntry, row: _Row) -> bool:
    """Tell whether a row that a rule fits has its word: it may have been kept for what came later alone."""
    said, tags = rule.actions, row.rule_tags.split("\n")
    return bool(
        row.rule_id == rule.id
        or (said.name and row.rule_name == said.name)
        or (said.tags and set(said.tags) <= set(tags))
        or (said.hidden and row.rule_hidden)
    )


def _run(
    session: Session,
    user: UserId,
    where: ColumnElement[bool] | None = None,
    *,
    concerns: _Asks | None = None,
    number: Callable[[], int] | None = None,
) -> None:
    """Let the rules speak of all rows, or those `where` and which it `concerns`, and keep what they say otherwise."""
    rules = [_entry(row) for row in _rows(session, user)]
    outcomes = _outcomes(session, user, rules, where, concerns=concerns)
    told = [(row, after) for row, before, after in outcomes if before != after]
    if not told:
        return
    change = number() if number else next_change(session, user)
    table = Transaction.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("row_id"))
        .values(
            rule_id=bindparam("rule"),
            rule_category_id=bindparam("category"),
            rule_name=bindparam("said"),
            rule_tags=bindparam("tags"),
            rule_hidden=bindparam("left_out"),
            change=change,
        )
    )
    values = [
        {
            "row_id": row.id,
            "rule": after.rule_id,
            "category": after.category_id,
            "said": after.name,
            "tags": after.tags,
            "left_out": after.hidden,
        }
        for row, after in told
    ]
    session.connection().execute(statement, values)
    touch_refunds(session, change, [row.id for row, _ in told])


def _outcomes(
    session: Session,
    user: UserId,
    rules: Sequence[RuleEntry],
    where: ColumnElement[bool] | None = None,
    *,
    concerns: _Asks | None = None,
) -> Iterator[tuple[_Row, Ruled, Ruled]]:
    """Return each living row that is asked for with what rules say of it now, and what `rules` would say."""
    question = select(*_COLUMNS).where(Transaction.user_id == user, Transaction.removed_at.is_(None))
    if where is not None:
        question = question.where(where)
    for row in session.execute(question.execution_options(yield_per=CHUNK)):
        if concerns is not None and not concerns(row):
            continue
        before = Ruled(row.rule_id, row.rule_category_id, row.rule_name, row.rule_tags, row.rule_hidden)
        yield row, before, ruled(rules, _text(row), row.amount, row.account_id, row.date)


def _text(row: _Row) -> str:
    return f"{row.name} {row.merchant_name} {row.original_text}"


def _shown(row: _Row, said: Ruled) -> tuple[object, ...]:
    """Return what of a rule's word a person sees: their own word comes first."""
    return (
        None if row.own_category_id is not None else said.category_id,
        "" if row.own_name else said.name,
        said.tags,
        said.hidden,
    )


def _change(row: _Row, before: Ruled, after: Ruled) -> RuleChange:
    name = row.own_name or after.name or row.merchant_name or row.name
    own = row.own_category_id
    return RuleChange(
        row.id,
        row.date,
        name,
        row.amount,
        row.currency,
        own or before.category_id or row.category_id,
        own or after.category_id or row.category_id,
    )


def _rows(session: Session, user: UserId) -> Sequence[Rule]:
    return session.scalars(select(Rule).where(Rule.user_id == user).order_by(Rule.position, Rule.id)).all()


def _number(rows: Sequence[Rule]) -> None:
    """Let the places of rules be 1, 2, 3 and so on."""
    for place, row in enumerate(rows, 1):
        row.position = place


def _entry(row: Rule, rows: int = 0) -> RuleEntry:
    return RuleEntry(
        row.id,
        row.position,
        row.name,
        row.enabled,
        msgspec.json.decode(row.conditions, type=Conditions),
        msgspec.json.decode(row.actions, type=Actions),
        rows,
    )


def _own(session: Session, user: UserId, rule_id: int) -> Rule:
    row = session.scalar(select(Rule).where(Rule.id == rule_id, Rule.user_id == user))
    if row is None:
        raise NotFoundError("This rule is not there.", "Reload the page.")
    return row


def _check_known(session: Session, user: UserId, conditions: Conditions, actions: Actions) -> None:
    if actions.category_id is not None:
        category = session.get(Category, actions.category_id)
        if category is None or category.user_id not in {None, user}:
            raise NotFoundError("This category is not there.", "Choose another one.")
    known = set(session.scalars(select(Account.id).where(Account.user_id == user, Account.removed_at.is_(None))))
    if not set(conditions.account_ids) <= known:
        raise NotFoundError("An account of this rule is not there.", "Choose another one.")
