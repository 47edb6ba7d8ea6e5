"""Where the amounts of a CSV file stand, and which sign they have.

A running balance, where there is one, proves which column is the amount and which sign it has; words for
out and in say it too, and a card's payments show which way its amounts are written.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations, product
from typing import Any, Final

from core.errors import ImportFileError
from core.importing.amounts import Mark, MarkVotes, read_amount, read_amounts
from core.importing.csv_columns import MOSTLY, Columns
from core.importing.csv_layout import Sign
from core.importing.csv_table import Row, column_of
from core.importing.csv_vocabulary import IN_WORDS, OUT_WORDS
from core.money import plain

Amounts = list[Decimal | None]

NO_AMOUNT: Final = "No column of this file holds amounts."
PLAIN_WORDS: Final = frozenset(
    {"debit", "dbit", "dr", "d", "credit", "crdt", "cr", "c", "k", "af", "bij", "soll", "haben"}
)
NET: Final = frozenset({"net", "netto", "net amount", "nettobetrag"})
"""What an amount is called that has fees and taxes in it: the money that moves."""
MOST_TRIED: Final = 6
MOST_PROVED: Final = 5000
"""Rows; a balance that bears so many out bears the rest out too."""
_BEFORE: Final = re.compile(
    r"start|begin|opening|before|previous|anfang|inicial|iniziale|initial|anterior", re.IGNORECASE
)
_THANKS: Final = re.compile(r"payment.{0,20}thank you|thank you.{0,20}payment", re.IGNORECASE)
"""What only a card says of a payment: to the one who pays, it comes in."""
_PAYMENT: Final = re.compile(
    r"payment|autopay|thank you|zahlung|lastschrift|paiement|pago|refund|credit|gutschrift", re.IGNORECASE
)


class Proof:
    """How well a running balance bears out amounts, in one of the orders that the rows' dates allow."""

    def __init__(self, days: Sequence[date | None]) -> None:
        forward = range(min(len(days), MOST_PROVED))

        def by_day(places: Iterable[int]) -> list[int]:
            return sorted(places, key=lambda place: days[place] or date.min)

        # Within a day a bank may list the newest first, whatever the order of the days.
        self._dated = [by_day(forward), by_day(reversed(forward))]
        # Value dates and late postings can stand out of order: the order of the file counts, but less, and not for two.
        self._loose = [list(forward), list(reversed(forward))] if len(days) > 2 else []

    def __call__(self, amounts: Amounts, balances: Amounts, sign: int) -> float:
        """Return for which share of the rows the balance before them moves by `sign` times their amount."""

        def share(order: Sequence[int]) -> float:
            told = moved = 0
            for before, place in pairwise(order):
                held, after, amount = balances[before], balances[place], amounts[place]
                if held is not None and after is not None and amount is not None:
                    told += 1
                    moved += after - held == sign * amount
            return moved / told if told else 0.0

        return max(*map(share, self._dated), 0.9 * max(map(share, self._loose), default=0.0))


def money_settings(columns: Columns, proof: Proof, notes: list[str]) -> dict[str, Any]:
    """Return where amount, sign and balance come from, as fields of the layout; what is unsure goes into `notes`.

    Raises:
        ImportFileError: no column is an amount, or some rows lack the word that says out or in.
    """
    money = columns.money()
    if not money:
        raise ImportFileError(NO_AMOUNT, "Check that it is the list of transactions.")
    stated = [place for place in money if columns.roles[place][:1] == ["balance"]]
    mark, unclear = _mark(columns, money, stated)
    if unclear:
        taken = plain(read_amount(unclear, mark) or Decimal(0))
        notes.append(f"Amounts can be read in two ways: {unclear} was taken as {taken}.")
    amounts = {place: _amounts(columns, place, mark) for place in money}
    stated = [place for place in stated if any(value is not None for value in amounts[place])]
    money = [place for place in money if place in stated or columns.roles[place][:1] != ["balance"]]
    # ABN AMRO states the balance before each row too; that one is not the account's.
    balance = next((place for place in stated if not _BEFORE.search(columns.headings[place])), None)
    outflow, inflow = (columns.one_way(role, money) for role in ("outflow", "inflow"))
    called = [place for place in money if "amount" in columns.roles[place] and place not in stated]
    if (outflow is not None and inflow is not None) or (not called and (outflow, inflow) != (None, None)):
        return _two_columns(mark, outflow, inflow, balance, amounts, proof, notes)
    net = [place for place in called if columns.headings[place].casefold() in NET]
    candidates = net or called or [place for place in money if place not in stated]
    if not called:
        guessed = len(candidates) > 1
        candidates, balance, pair = _without_headings(candidates, balance, amounts, proof, notes, headed=columns.headed)
        if pair is not None:
            return _two_columns(mark, *pair, balance, amounts, proof, notes)
        if guessed and columns.headed and candidates:
            notes.append(f"Which column holds the amounts is a guess: column {candidates[0] + 1} was taken.")
    if not candidates:
        raise ImportFileError(NO_AMOUNT, "Check that it is the list of transactions.")
    amount = candidates[0]
    direction = _direction(columns, amounts[amount])
    if direction is not None:
        return _settings(mark, "direction", amount=amount, direction=direction, balance=balance)
    sign = _sign(columns, amounts[amount], None if balance is None else amounts[balance], proof, notes)
    return _settings(mark, sign, amount=amount, balance=balance)


def _mark(columns: Columns, money: Sequence[int], stated: Sequence[int]) -> tuple[Mark, str]:
    """Return the decimal mark and an amount that leaves it open, "" when none does.

    A balance can be written in another way than the amounts beside it: it counts where these leave the mark open.
    """
    written: Counter[str] = Counter()
    votes = MarkVotes(written)
    for places in ([place for place in money if place not in stated], stated):
        for place in places:
            written.update(columns.different(place))
        votes = MarkVotes(written)
        if votes.some:
            break
    return votes.mark, votes.doubted


def _amounts(columns: Columns, place: int, mark: Mark) -> Amounts:
    return read_amounts(column_of(columns.data, place), mark)


def _sign(columns: Columns, amounts: Amounts, balances: Amounts | None, proof: Proof, notes: list[str]) -> Sign:
    """Return whether the amounts have our sign: words or the balance prove it, else a card's payments show it."""
    if (said := _sign_by_words(columns, amounts)) is not None:
        return said
    proofs = (0.0, 0.0) if balances is None else (proof(amounts, balances, 1), proof(amounts, balances, -1))
    if proofs[0] != proofs[1]:
        return "inverted" if proofs[1] > proofs[0] else "as written"
    if _spending_is_positive(columns.data, amounts):
        notes.append("Amounts were read as a card's: positive is spending, negative a payment or refund.")
        return "inverted"
    if not any(value is not None and value < 0 for value in amounts):
        notes.append("No amount has a minus: all were read as money in. Choose another sign if they are spending.")
    return "as written"


def _sign_by_words(columns: Columns, amounts: Amounts) -> Sign | None:
    """Return the sign that a column of words for out and in gives amounts with one; None where rows contradict it."""
    known = OUT_WORDS | IN_WORDS
    for place in range(columns.width):
        cells = columns.different(place)
        if cells.total() < len(columns.data) or any(cell.casefold() not in known for cell in cells):
            continue
        said = {cell.casefold() for cell in cells}
        # One word throughout is a card's kind or the like.
        if said <= OUT_WORDS or said <= IN_WORDS:
            continue
        agree = {
            (value < 0) == (cell.casefold() in OUT_WORDS)
            for cell, value in zip(columns.cells(place), amounts, strict=True)
            if value
        }
        if len(agree) == 1:
            return "as written" if agree.pop() else "inverted"
    return None


def _two_columns(
    mark: Mark,
    outflow: int | None,
    inflow: int | None,
    balance: int | None,
    amounts: dict[int, Amounts],
    proof: Proof,
    notes: list[str],
) -> dict[str, Any]:
    """Return the settings for two columns, with those that usually carry a minus.

    What has the other sign in its column is a reversal. The balance decides where it can, else the majority.
    """
    places = [place for place in (outflow, inflow) if place is not None and place in amounts]
    usual: dict[int, bool] = {}
    for place in places:
        below, above = (
            sum(bool(value and (value < 0) == wanted) for value in amounts[place]) for wanted in (True, False)
        )
        usual[place] = below > above
        if below and above:
            notes.append(
                f"Column {place + 1} has {below} amounts with a minus and {above} without: some are reversals."
            )
    minus = tuple(place for place in places if usual[place])
    # What two columns are called says more than a single step of the balance.
    if balance is not None and len(amounts[balance]) > 2:
        choices = [
            tuple(place for place, taken in zip(places, bits, strict=True) if taken)
            for bits in product((False, True), repeat=len(places))
        ]
        # `minus` first: on a tie the majority counts.
        minus = max([minus, *choices], key=lambda one: proof(_net(outflow, inflow, one, amounts), amounts[balance], 1))
    return _settings(mark, "columns", outflow=outflow, inflow=inflow, balance=balance) | {"minus": minus}


def _net(outflow: int | None, inflow: int | None, minus: Collection[int], amounts: dict[int, Amounts]) -> Amounts:
    """Return in less out for as many rows as are proved."""
    rows = min(len(next(iter(amounts.values()))), MOST_PROVED)
    total = [Decimal(0)] * rows
    for place, sign in ((outflow, -1), (inflow, 1)):
        if place is not None and place in amounts:
            turned = -sign if place in minus else sign
            total = [
                so_far + turned * (value or Decimal(0)) for so_far, value in zip(total, amounts[place], strict=False)
            ]
    return list(total)


def _settings(mark: Mark, sign: Sign, **columns: int | None) -> dict[str, Any]:
    return {"decimal_mark": mark, "sign": sign, **columns}


def _without_headings(
    candidates: list[int],
    balance: int | None,
    amounts: dict[int, Amounts],
    proof: Proof,
    notes: list[str],
    *,
    headed: bool,
) -> tuple[list[int], int | None, tuple[int, int] | None]:
    """Tell amount, balance and a pair of columns for out and in apart by their cells alone.

    In a file with headings, what none calls a balance is one only where it proves to be.
    """
    for place in range(len(candidates) - 1):
        one, other = candidates[place], candidates[place + 1]
        both = list(zip(amounts[one], amounts[other], strict=True))
        if all(bool(left) != bool(right) for left, right in both):
            rest = [column for column in candidates if column not in {one, other}]
            known = balance if balance is not None else (rest[0] if rest else None)
            return rest, known, _pair(one, other, amounts, known, proof, notes)
    if balance is None and len(candidates) > 1:
        # Each with each: a few columns are enough, and many would take long.
        tried = candidates[:MOST_TRIED]
        if (found := _between_balances(tried, amounts)) is not None:
            return [found[0]], found[1], None
        # On a tie the amount as it is written: where the balance before a row stands beside it too, the opposite fits
        # that one, read backwards.
        proofs = {
            (amount, total, sign): proof(amounts[amount], amounts[total], sign)
            for sign in (1, -1)
            for amount, total in permutations(tried, 2)
        }
        (amount, total, _), best = max(proofs.items(), key=lambda pair: pair[1])
        if best >= 0.5:
            return [amount], total, None
        filled = [column for column in candidates if all(value is not None for value in amounts[column])]
        return (filled or candidates)[:1], (filled[1] if len(filled) > 1 and not headed else None), None
    return candidates, balance, None


def _between_balances(tried: Sequence[int], amounts: dict[int, Amounts]) -> tuple[int, int] | None:
    """Return the columns of the amount and of the balance after it where the one before it stands in each row too.

    They are those when a row's balance is the amount further than the one before it, and begins with what the row
    before, or the next one, ended with.
    """
    for before, amount, after in permutations(tried, 3):
        rows = list(zip(amounts[before], amounts[amount], amounts[after], strict=True))
        steps = [(first, moved, last) for first, moved, last in rows if None not in (first, moved, last)]
        if len(steps) < 2 or any(first + moved != last for first, moved, last in steps):  # type: ignore[operator]
            continue
        follow = [(one[2] == other[0], other[2] == one[0]) for one, other in pairwise(steps)]
        if max(map(sum, zip(*follow, strict=True))) >= MOSTLY * len(follow):
            return amount, after
    return None


def _pair(
    one: int, other: int, amounts: dict[int, Amounts], balance: int | None, proof: Proof, notes: list[str]
) -> tuple[int, int]:
    """Return which of two complementary columns is money out and which money in."""
    below = [any(value and value < 0 for value in amounts[place]) for place in (one, other)]
    if below[0] != below[1]:
        return (one, other) if below[0] else (other, one)

    def net(outflow: int, inflow: int) -> Amounts:
        return [
            abs(right or Decimal(0)) - abs(left or Decimal(0))
            for left, right in zip(amounts[outflow], amounts[inflow], strict=True)
        ]

    pairs = ((one, other), (other, one))
    straight, crossed = (0.0 if balance is None else proof(net(*pair), amounts[balance], 1) for pair in pairs)
    if straight == crossed:
        notes.append(f"Which column is money out is a guess: column {one + 1} was taken for it.")
    return (other, one) if crossed > straight else (one, other)


def _direction(columns: Columns, amounts: Amounts) -> int | None:
    """Return the column of words for out and in, where the amounts themselves carry no sign.

    Raises:
        ImportFileError: a column says debit or credit, but not in every row.
    """
    if any(value is not None and value < 0 for value in amounts):
        return None
    data = columns.data
    known = OUT_WORDS | IN_WORDS
    for place in range(columns.width):
        words = [row.cell(place).casefold() for row in data]
        said = set(words)
        # On a card a payment comes in, where purchases stand beside it; on an account it goes out.
        if "payment" in said and said & {"purchase", "sale"}:
            continue
        fits = sum(word in known for word in words)
        if fits == len(data) and (said & OUT_WORDS or "direction" in columns.roles[place]):
            return place
        if 2 * fits >= len(data) and said & OUT_WORDS and said & IN_WORDS and said & PLAIN_WORDS:
            row = next(row for row, word in zip(data, words, strict=True) if word not in known)
            raise ImportFileError(
                f"Whether this row is money out or in is not clear: it says {row.cell(place)!r} where others say debit "
                "or credit.",
                "Nothing was imported. Put a word for out or in there.",
                row.line,
            )
    return None


def _spending_is_positive(data: Sequence[Row], amounts: Amounts) -> bool:
    """Tell whether a card's list writes spending as positive: most is, and what is not are payments."""
    below = [row for row, value in zip(data, amounts, strict=True) if value is not None and value < 0]
    said = [" ".join(row.cells) for row in below]
    if "thank you" in "\n".join(said).casefold() and any(map(_THANKS.search, said)):
        return True
    if not below or len(below) * 3 > len(data):
        return False
    return all(map(_PAYMENT.search, said))
