"""One transaction over several categories: its parts, which add up to it at any time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from core.errors import AmountError, ValidationError
from core.ledger.history import SPLIT, Changed, EditDone, category_titles, record
from core.ledger.owned import check_category, check_text, known_as, own_transaction
from core.money import minor_digits, plain, to_units
from core.store import Split, Store, Transaction, UserId, next_change

MOST_PARTS: Final = 50


class Part(msgspec.Struct, frozen=True):
    """One part of a split transaction. `amount` is signed as the whole: negative is money out."""

    amount: Decimal
    category_id: int | None = None
    note: str = ""


def split_transaction(store: Store, user: UserId, transaction_id: int, parts: Sequence[Part]) -> EditDone:
    """Split a transaction into parts, or split it otherwise than before.

    Parts may be of either sign, as a discount is, and add up to the whole exactly.

    Raises:
        NotFoundError: the transaction or a category is not there or not this user's.
        ValidationError: fewer than two parts or more than `MOST_PARTS`, a part of nothing, one finer than the
            currency's decimals, a note that is too long, or parts that don't add up.
        AmountError: a part is no amount of money that can be kept.
    """
    wanted = tuple(Part(one.amount, one.category_id, one.note.strip()) for one in parts)
    with store.write() as session:
        change = next_change(session, user)
        row = own_transaction(session, user, transaction_id)
        _check(session, user, row, wanted)
        before = parts_of(session, [row.id]).get(row.id, ())
        sentence = f"Split “{known_as(row)}” into {len(wanted)} parts"
        if before == wanted:
            session.rollback()
            return EditDone(None, sentence, 0)
        return _replace(session, user, change, row, before, wanted, sentence)


def unsplit(store: Store, user: UserId, transaction_id: int) -> EditDone:
    """Make a split transaction whole again.

    Raises:
        NotFoundError: the transaction is not there or not this user's.
        ValidationError: it is not split.
    """
    with store.write() as session:
        change = next_change(session, user)
        row = own_transaction(session, user, transaction_id)
        before = parts_of(session, [row.id]).get(row.id, ())
        if not before:
            raise ValidationError("This transaction is not split.")
        return _replace(session, user, change, row, before, (), f"Made “{known_as(row)}” whole again")


def parts_of(session: Session, rows: Collection[int]) -> dict[int, tuple[Part, ...]]:
    """Return the parts of those of some transactions, by id, that are split."""
    found: dict[int, list[Part]] = defaultdict(list)
    question = (
        select(Split.transaction_id, Split.amount, Split.category_id, Split.note)
        .where(Split.transaction_id.in_(rows))
        .order_by(Split.transaction_id, Split.position)
    )
    for row, amount, category, note in session.execute(question):
        found[row].append(Part(amount, category, note))
    return {row: tuple(parts) for row, parts in found.items()}


def write_parts(session: Session, user: UserId, row: int, parts: Iterable[Part]) -> None:
    """Replace the parts of a transaction; none make it whole. The caller stamps its row."""
    session.execute(delete(Split).where(Split.transaction_id == row).execution_options(synchronize_session=False))
    values = [
        {
            "transaction_id": row,
            "position": position,
            "user_id": user,
            "amount": one.amount,
            "category_id": one.category_id,
            "note": one.note,
        }
        for position, one in enumerate(parts, start=1)
    ]
    if values:
        session.execute(insert(Split), values)


def fitted(parts: tuple[Part, ...], amount: Decimal) -> tuple[Part, ...]:
    """Return parts that add up to `amount`: the last one takes the difference. None where that can't be kept."""
    if not parts:
        return parts
    difference = left_to_share(amount, (one.amount for one in parts))
    if not difference:
        return parts
    last = parts[-1]
    try:
        to_units(last.amount + difference)
    except AmountError:
        return ()
    return (*parts[:-1], Part(last.amount + difference, last.category_id, last.note))


def left_to_share(amount: Decimal, amounts: Iterable[Decimal]) -> Decimal:
    """Return what parts of those amounts leave of the whole: nothing when they add up to it."""
    return amount - sum(amounts, Decimal(0))


def told_parts(session: Session, user: UserId, parts: Sequence[Part]) -> str:
    """Return parts in words, "" for none."""
    titles = category_titles(session, user, (one.category_id for one in parts))
    return ", ".join(f"{plain(one.amount)} {titles.get(one.category_id, 'without a category')}" for one in parts)


def pack_parts(parts: Sequence[Part]) -> str:
    """Return parts as an event keeps them."""
    return msgspec.json.encode(parts).decode()


def unpack_parts(text: str) -> tuple[Part, ...]:
    """Return parts that `pack_parts` packed."""
    return msgspec.json.decode(text, type=tuple[Part, ...])


def _replace(
    session: Session,
    user: UserId,
    change: int,
    row: Transaction,
    before: tuple[Part, ...],
    after: tuple[Part, ...],
    sentence: str,
) -> EditDone:
    number = row.id
    write_parts(session, user, number, after)
    session.execute(update(Transaction).where(Transaction.id == number).values(change=change))
    words = (told_parts(session, user, before), told_parts(session, user, after))
    changed = Changed([number], SPLIT, *words, pack_parts(before), pack_parts(after))
    return EditDone(record(session, user, sentence, [changed]), sentence, 1)


def _check(session: Session, user: UserId, row: Transaction, parts: Sequence[Part]) -> None:
    if not 2 <= len(parts) <= MOST_PARTS:
        raise ValidationError(f"A split has between 2 and {MOST_PARTS} parts.")
    digits = max(minor_digits(row.currency), _digits(row.amount))
    for one in parts:
        to_units(one.amount)
        if not one.amount:
            raise ValidationError("A part can't be of nothing.", "Give it an amount, or take it out.")
        if _digits(one.amount) > digits:
            raise ValidationError(f"{plain(one.amount)} is finer than {row.currency} is.")
        check_text(one.note)
    for number in {one.category_id for one in parts}:
        check_category(session, user, number)
    total = sum((one.amount for one in parts), Decimal(0))
    if total != row.amount:
        raise ValidationError(
            f"The parts add up to {plain(total)}, and the transaction is {plain(row.amount)}.",
            f"{plain(row.amount - total)} is left to be shared out.",
        )


def _digits(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
