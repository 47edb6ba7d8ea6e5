"""Answers by column, and the order and numbers of groups in them."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cache import Coded, Columns, in_groups, joint
from tests.machine.examples import examples

SIZES = (3, 65_534, 65_535, 70_000, 2**32 - 2, 2**32)


@pytest.mark.parametrize("most", SIZES)
def test_rows_of_a_group_stay_in_their_order(most: int) -> None:
    groups = np.random.default_rng(1).integers(-1, most, 2_000)
    groups[::5] = most
    assert in_groups(groups).tolist() == sorted(range(2_000), key=groups.tolist().__getitem__)


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 4), st.sampled_from([-1, 0, 3, 70_000]))))
def test_each_pair_that_occurs_has_its_number_in_order(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array([pair[place] for pair in pairs], dtype=np.int64) for place in (0, 1))
    different = sorted(set(pairs))
    assert joint(first, second).tolist() == [different.index(pair) for pair in pairs]


def test_columns_are_numbers_flags_and_texts_told_once() -> None:
    answer = Columns(
        pa.table({"id": pa.array([3, 1, 2], pa.int32()), "held": [True, False, True], "name": ["b", "a", "b"]})
    )
    assert (len(answer), answer.ints("id").tolist(), answer.flags("held").tolist()) == (
        3,
        [3, 1, 2],
        [True, False, True],
    )
    names = answer.texts("name")
    assert (names.values, names.codes.tolist(), names[1]) == (["b", "a"], [0, 1, 0], "a")
    assert names.ranks().tolist() == [1, 0, 1]


def test_amounts_are_whole_numbers_however_large() -> None:
    cents = [Decimal("0.0001"), Decimal("-12.5"), Decimal(0)]
    largest = [Decimal("9999999999999.9999"), Decimal("-9999999999999.9999")] * 100
    beyond = [Decimal(2) ** 70, -(Decimal(2) ** 70), Decimal(-1)]
    for amounts in ([], cents, largest, beyond):
        table = pa.table({"amount": pa.array(amounts, pa.decimal128(38, 4))})
        for start in (0, 1):
            units = Columns(table.slice(start)).units("amount")
            assert units.tolist() == [int(one * 10_000) for one in amounts[start:]]
            # Sums are exact as well.
            assert int(np.abs(units).sum()) == sum(int(abs(one) * 10_000) for one in amounts[start:])


def test_of_some_rows_only_their_values_are_left() -> None:
    column = Coded.of(["b", "a", "c", "a"])
    some = column.narrowed(np.array([False, True, True, True]))
    assert (some.values, some.codes.tolist()) == (["a", "c"], [0, 1, 0])
    assert [column.at(np.array([3, 2]))[row] for row in (0, 1)] == ["a", "c"]
