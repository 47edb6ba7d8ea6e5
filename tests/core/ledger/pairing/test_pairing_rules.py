"""What holds for any ledger: no row twice, no pair within an account, whatever the order and the direction."""

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ledger.pairing import (
    PairRow,
    find_refunds,
    find_transfers,
    ledger_of,
)
from core.ledger.pairing.assignment import best_pairs
from tests.core.ledger.pairing.telling import ACCOUNTS
from tests.machine.examples import examples

TEXTS = (
    "Internal transfer", "TRANSFER TO 8829", "Transfer from Everyday Checking 4471", "PAYMENT THANK YOU", "NORDWIND",
    "NORDWIND REFUND", "CARD AUTOPAY", "Zelle Anna", "ACME PAYROLL", "", "Umbuchung 5150", "REF 8812345",
)  # fmt: skip
AMOUNTS = ("100", "100", "250", "499.5", "31.17", "812.40", "98.75", "95")

told = st.builds(
    lambda account, day, amount, sign, text, currency: PairRow(
        0, account, date(2026, 3, 1) + timedelta(day), sign * Decimal(amount), currency, text
    ),
    st.integers(1, 5), st.integers(0, 12), st.sampled_from(AMOUNTS), st.sampled_from((-1, -1, 1)),
    st.sampled_from(TEXTS), st.sampled_from(("USD", "USD", "USD", "EUR")),
)  # fmt: skip
ledgers = st.lists(told, max_size=40).map(
    lambda some: [
        PairRow(number, row.account, row.date, row.amount, row.currency, row.text) for number, row in enumerate(some, 1)
    ]
)


def pairs(rows: list[PairRow]) -> dict[tuple[int, int], bool]:
    return {(one.out_id, one.in_id): one.sure for one in find_transfers(ledger_of(rows, ACCOUNTS))}


@settings(max_examples=examples(60), deadline=None)
@given(ledgers)
def test_a_row_is_in_one_transfer_at_most_and_its_sides_are_two_accounts(rows: list[PairRow]) -> None:
    by_id = {row.id: row for row in rows}
    found = pairs(rows)
    assert max(Counter(itertools.chain(*found)).values(), default=0) <= 1
    for out, into in found:
        assert by_id[out].account != by_id[into].account
        assert by_id[out].amount < 0 < by_id[into].amount
        assert abs(by_id[out].date - by_id[into].date) <= timedelta(5)


@settings(max_examples=examples(60), deadline=None)
@given(ledgers, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[PairRow], dice: Random) -> None:
    shuffled = rows[:]
    dice.shuffle(shuffled)
    assert find_transfers(ledger_of(shuffled, ACCOUNTS)) == find_transfers(ledger_of(rows, ACCOUNTS))
    assert find_refunds(ledger_of(shuffled, ACCOUNTS)) == find_refunds(ledger_of(rows, ACCOUNTS))


@settings(max_examples=examples(100), deadline=None)
@given(ledgers.map(lambda rows: [row for row in rows if abs(row.amount) > 200 and row.currency == "USD"]))
def test_with_all_signs_turned_the_same_rows_are_pairs(rows: list[PairRow]) -> None:
    """Only amounts that no fee leads to one another: a fee has a direction."""
    turned = [PairRow(row.id, row.account, row.date, -row.amount, row.currency, row.text) for row in rows]
    there = {(one.out_id, one.in_id): (one.score, one.sure) for one in find_transfers(ledger_of(rows, ACCOUNTS))}
    back = {(one.in_id, one.out_id): (one.score, one.sure) for one in find_transfers(ledger_of(turned, ACCOUNTS))}
    assert back == there


@settings(max_examples=examples(60), deadline=None)
@given(ledgers)
def test_refunds_never_exceed_the_purchase(rows: list[PairRow]) -> None:
    by_id = {row.id: row for row in rows}
    found = find_refunds(ledger_of(rows, ACCOUNTS), find_transfers(ledger_of(rows, ACCOUNTS)))
    back: Counter[int] = Counter()
    for one in found:
        back[one.purchase_id] += int(by_id[one.refund_id].amount * 100)
        assert by_id[one.purchase_id].account == by_id[one.refund_id].account
        assert timedelta() <= by_id[one.refund_id].date - by_id[one.purchase_id].date <= timedelta(120)
    assert all(cents <= -by_id[purchase].amount * 100 for purchase, cents in back.items())
    assert max(Counter(one.refund_id for one in found).values(), default=0) <= 1


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(5, 9), st.integers(1, 50)), unique_by=lambda one: one[:2]))
def test_no_other_pairing_has_a_larger_sum(edges: list[tuple[int, int, int]]) -> None:
    out, into, points = (np.array([edge[part] for edge in edges], np.int64) for part in range(3))
    chosen = best_pairs(out, into, points.astype(float))
    assert points[chosen].sum() == _largest(edges, frozenset())


def _largest(edges: list[tuple[int, int, int]], used: frozenset[int]) -> int:
    """Return the largest sum by trying everything."""
    if not edges:
        return 0
    (out, into, points), *rest = edges
    without = _largest(rest, used)
    return without if {out, into} & used else max(without, points + _largest(rest, used | {out, into}))
