"""Transfers and refunds as they are kept: found among a person's rows, and what the person says of them.

What is sure counts at once; what is not is asked, and counts for nothing until it is confirmed. What the person
confirmed or refused is never looked for again. A pair counts as long as both of its rows are there: what the person
confirmed counts again when a row that left comes back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, aliased

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger.rows import CHUNK
from core.ledger.searched import Searches, Standing
from core.ledger.searching import Found, PairKind, ends_of, read_besides, read_rows, search
from core.store import Account, Pair, Store, Transaction, User, UserId, last_change, next_change, take_turn

LIVING: Final = ("found", "confirmed")
"""The states in which a pair counts."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """What a search left: living transfers and refunds, what is to be asked, and how many pairs came or went."""

    transfers: int
    refunds: int
    asked: int
    changed: int
    searched: bool = True
    """Whether the rows were looked through: not when it would have found the same as the last time."""


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of the two transactions of a pair. `amount` negative is money out."""

    id: int
    date: date
    name: str
    account: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PairEntry:
    """A pair as its person sees it: the side that pays (or the purchase), and the one that receives (or the refund)."""

    id: int
    kind: PairKind
    first: PairSide
    second: PairSide
    state: str
    permille: int
    reasons: tuple[str, ...]


def pair_up(store: Store, user: UserId, searches: Searches | None = None) -> PairCounts:
    """Look for transfers and refunds among all rows of `user`, and keep what is found in place of what was before.

    Rows that the person put into a category by hand are not taken for a side of a transfer unless that category is
    one, and split ones for none. With the `searches` before, nothing is looked for when all that a search goes by is
    the same as for the last one.
    """
    with store.read() as session:
        # Before the rest: what is written meanwhile is to be seen as a change.
        change = last_change(session, user)
        generation = session.scalar(select(User.generation).where(User.id == user)) or 0
        besides = read_besides(session, user)
        standing = Standing(change, generation, besides.mark())
        if searches is not None and searches.would_repeat(session, user, standing):
            return _counts(session, user, 0, searched=False)
        rows = read_rows(session, user)
    # Outside of any transaction: at a million rows it takes long, and SQLite's log would grow all that time.
    found = search(rows, besides)
    with store.write() as session:
        # Two who search at once find the same, and only one of them is to add it.
        take_turn(session, user)
        if last_change(session, user) != change:
            # Rows changed meanwhile; whoever changed them has this looked at again.
            return _counts(session, user, 0)
        counts = _counts(session, user, _keep(session, user, found))
    if searches is not None:
        searches.remember(standing, rows)
    return counts


def list_pairs(store: Store, user: UserId, states: Collection[str] = LIVING, limit: int = 200) -> tuple[PairEntry, ...]:
    """Return pairs in some states, the newest first."""
    first, second = Transaction.__table__.alias("first"), Transaction.__table__.alias("second")
    question = (
        select(Pair)
        .join(second, second.c.id == Pair.second_id)
        .join(first, first.c.id == Pair.first_id)
        .where(Pair.user_id == user, Pair.state.in_(states))
        .where(first.c.removed_at.is_(None), second.c.removed_at.is_(None))
        .order_by(second.c.date.desc(), Pair.id.desc())
        .limit(limit)
    )
    with store.read() as session:
        pairs = session.scalars(question).all()
        sides = _sides(session, user, [number for one in pairs for number in (one.first_id, one.second_id)])
        return tuple(
            PairEntry(
                one.id,
                "refund" if one.kind == "refund" else "transfer",
                sides[one.first_id],
                sides[one.second_id],
                one.state,
                one.permille,
                tuple(msgspec.json.decode(one.reasons)) if one.reasons else (),
            )
            for one in pairs
        )


def decide_pair(store: Store, user: UserId, pair_id: int, *, belongs: bool) -> None:
    """Say of a pair that its two belong together, or that they do not; either is remembered.

    Raises:
        NotFoundError: there is no such pair.
        ValidationError: one of its rows belongs to another pair by now.
    """
    with store.write() as session:
        row = session.scalar(select(Pair).where(Pair.id == pair_id, Pair.user_id == user))
        if row is None:
            raise NotFoundError("This pair is not there any more.", "Reload the page.")
        ends = ends_of(row.kind, row.first_id, row.second_id)
        if belongs:
            _refuse_taken(session, ends, but=row.id)
        row.state = "confirmed" if belongs else "refused"
        row.decided_at = clock.now()
        # Of a pair that was only asked about, a row may be part of another one that counts.
        naming = select(Transaction.id).where(Transaction.id.in_(ends), Transaction.pair_id == row.id)
        _point(session, user, dict.fromkeys(ends, row.id) if belongs else dict.fromkeys(session.scalars(naming)))


def pair_by_hand(store: Store, user: UserId, kind: PairKind, first_id: int, second_id: int) -> int:
    """Say that two transactions belong together; return the pair's id.

    The first pays or is the purchase, the second receives or is the refund.

    Raises:
        NotFoundError: one of them is not there.
        ValidationError: they can't be such a pair.
    """
    with store.write() as session:
        rows = {
            row.id: row
            for row in session.scalars(
                select(Transaction).where(
                    Transaction.user_id == user,
                    Transaction.id.in_((first_id, second_id)),
                    Transaction.removed_at.is_(None),
                )
            )
        }
        if first_id not in rows or second_id not in rows:
            raise NotFoundError("One of the two transactions is not there.", "Choose another one.")
        first, second = rows[first_id], rows[second_id]
        if first.id == second.id or first.amount >= 0 or second.amount <= 0:
            raise ValidationError("One has to be money out and the other money in.", "Choose two others.")
        if kind == "transfer" and first.account_id == second.account_id:
            raise ValidationError("A transfer goes from one account to another.", "Choose one of another account.")
        if kind == "refund" and first.currency == second.currency and second.amount > -first.amount:
            raise ValidationError("A refund can't be more than was paid.", "Choose the purchase that it is of.")
        ends = ends_of(kind, first.id, second.id)
        _refuse_taken(session, ends)
        session.execute(delete(Pair).where(Pair.first_id == first.id, Pair.second_id == second.id))
        pair = Pair(
            user_id=user, kind=kind, first_id=first.id, second_id=second.id, state="confirmed", permille=1000,
            created_at=clock.now(), decided_at=clock.now(),
        )  # fmt: skip
        session.add(pair)
        session.flush()
        _point(session, user, dict.fromkeys(ends, pair.id))
        return pair.id


def _keep(session: Session, user: UserId, found: Iterable[Found]) -> int:
    """Put what was found in the place of what was found before; return how many pairs came, went or changed."""
    wanted = {(one.first, one.second): one for one in found}
    touched: set[int] = set()
    changed = 0
    kept: set[tuple[int, int]] = set()
    for row in session.scalars(select(Pair).where(Pair.user_id == user, Pair.state.in_(("found", "asked")))):
        place = (row.first_id, row.second_id)
        one = wanted.get(place)
        state = ("found" if one.sure else "asked") if one else ""
        if one is not None and (row.kind, row.state) == (one.kind, state):
            kept.add(place)
            continue
        changed += 1
        if row.state == "found":
            touched.update(ends_of(row.kind, *place))
        session.delete(row)
    session.flush()
    new = [
        Pair(
            user_id=user,
            kind=one.kind,
            first_id=one.first,
            second_id=one.second,
            state="found" if one.sure else "asked",
            permille=one.permille,
            reasons=one.reasons,
            created_at=clock.now(),
        )
        for place, one in wanted.items()
        if place not in kept
    ]
    session.add_all(new)
    session.flush()
    # The number of a pair that went may be another one's now: the cache hears of these rows in any case.
    touched.update(
        number for row in new if row.state == "found" for number in ends_of(row.kind, row.first_id, row.second_id)
    )
    due = _due(session, user)
    named = select(Transaction.id, Transaction.pair_id).where(
        Transaction.user_id == user, Transaction.pair_id.is_not(None)
    )
    before = {row.id: row.pair_id for row in session.execute(named)}
    touched |= {number for number in before.keys() | due.keys() if before.get(number) != due.get(number)}
    if touched:
        _point(session, user, {number: due.get(number) for number in touched})
    return changed + len(new)


def _due(session: Session, user: UserId) -> dict[int, int]:
    """Return which pair each row is to name: a living one of which both rows are there, the person's word first."""
    first, second = aliased(Transaction), aliased(Transaction)
    question = (
        select(Pair.id, Pair.kind, Pair.first_id, Pair.second_id)
        .join(first, first.id == Pair.first_id)
        .join(second, second.id == Pair.second_id)
        .where(Pair.user_id == user, Pair.state.in_(LIVING))
        .where(first.removed_at.is_(None), second.removed_at.is_(None))
        .order_by(Pair.state == "confirmed", Pair.id)
    )
    return {
        number: row.id for row in session.execute(question) for number in ends_of(row.kind, row.first_id, row.second_id)
    }


def _point(session: Session, user: UserId, pairs: Mapping[int, int | None]) -> None:
    """Let rows, by their id, name a pair or none; the cache hears of them."""
    change = next_change(session, user)
    table = Transaction.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("row_id"), table.c.user_id == user)
        .values(pair_id=bindparam("pair"), change=change)
    )
    values = [{"row_id": number, "pair": pair} for number, pair in pairs.items()]
    if values:
        session.connection().execute(statement, values)


def _refuse_taken(session: Session, rows: Iterable[int], but: int = 0) -> None:
    taken = session.scalar(
        select(Transaction.id)
        .join(Pair, Pair.id == Transaction.pair_id)
        .where(Transaction.id.in_(list(rows)), Pair.id != but, Pair.state.in_(LIVING))
        .limit(1)
    )
    if taken is not None:
        raise ValidationError("One of the two belongs to another pair already.", "Take that one apart first.")


def _sides(session: Session, user: UserId, ids: list[int]) -> dict[int, PairSide]:
    sides: dict[int, PairSide] = {}
    for start in range(0, len(ids), CHUNK):
        question = (
            select(Transaction, Account)
            .join(Account, Account.id == Transaction.account_id)
            .where(Transaction.user_id == user, Transaction.id.in_(ids[start : start + CHUNK]))
        )
        for row, account in session.execute(question):
            name = row.own_name or row.rule_name or row.merchant_name or row.name
            sides[row.id] = PairSide(row.id, row.date, name, account.nickname or account.name, row.amount, row.currency)
    return sides


def _counts(session: Session, user: UserId, changed: int, *, searched: bool = True) -> PairCounts:
    rows = session.execute(select(Pair.kind, Pair.state).where(Pair.user_id == user)).all()
    return PairCounts(
        transfers=sum(row.kind == "transfer" and row.state in LIVING for row in rows),
        refunds=sum(row.kind == "refund" and row.state in LIVING for row in rows),
        asked=sum(row.state == "asked" for row in rows),
        changed=changed,
        searched=searched,
    )
