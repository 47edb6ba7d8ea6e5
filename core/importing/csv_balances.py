"""The order in which the rows of a CSV file happened, as the balances beside them show it."""

from decimal import Decimal
from itertools import chain

from core.ledger import TransactionRecord

Balances = list[tuple[TransactionRecord, Decimal | None]]
"""Rows with the balance that stands beside each; some banks write it in the last row of a day only."""


def oldest_first(balances: Balances) -> tuple[Balances, int]:
    """Return rows and their balances in the order in which they happened, and after how many the balance is not right.

    Banks list the oldest or the newest first, and within a day the other way round or not: the balances show it.
    """
    backwards = balances[::-1]
    likely = [backwards, balances] if balances[0][0].date > balances[-1][0].date else [balances, backwards]
    by_day = (sorted(rows, key=lambda row: row[0].date) for rows in (balances, backwards))
    best, fewest = likely[0], len(balances)
    for order in chain(likely, by_day):
        wrong = _breaks(order)
        if wrong < fewest:
            best, fewest = order, wrong
        if not wrong:
            break
    return best, fewest


def _breaks(balances: Balances) -> int:
    """Return how many balances, oldest first, have not moved by the amounts since the one before."""
    wrong, before, moved = 0, None, Decimal(0)
    for row, balance in balances:
        moved += row.amount
        if balance is not None:
            wrong += before is not None and balance - before != moved
            before, moved = balance, Decimal(0)
    return wrong
