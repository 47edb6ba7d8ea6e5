"""The judging of forecasts: files are read as the module says, and only the past is fed."""

from pathlib import Path

import numpy as np
import pytest

from tests.eval.forecast import OURS, baseline_forecasts, first_known, read, score


def test_months_are_added_up_and_gaps_are_nothing(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_text(
        'series,month,amount\nfood,2026-01,10\nfood,2026-01-20,5.50\nfood,2026-04,"1,000"\nfood,2026-03,\npay,2025-12-31,-7\n'
    )
    found = read(file)
    assert {name: list(amounts) for name, amounts in found.items()} == {"food": [15.5, 0, 0, 1000], "pay": [-7]}
    file.write_text("month,amount\n2026-02,1\n2026-03,2\n")
    assert list(read(file)[""]) == [1, 2]


def test_the_simple_methods_say_what_their_names_say() -> None:
    amounts = np.arange(1.0, 15.0)
    said = baseline_forecasts(amounts, 3)
    assert (said["last"][14, 2], said["mean 3"][14, 0], said["median 6"][14, 1]) == (14, 13, 11.5)
    assert list(said["seasonal 12"][14]) == [3, 4, 5]
    assert said["seasonal 12"][7, 0] == pytest.approx(4.5)


def test_errors_are_those_of_the_months_after_the_first_known() -> None:
    amounts = np.array([100.0, 120.0] * 12)
    assert first_known(len(amounts)) == 12
    one, three = score(amounts)
    assert (one.months, three.months) == (12, 10)
    assert (one.mae["last"], one.mase["last"], one.mae["seasonal 12"]) == (20, 1, 0)
    assert one.mae[OURS] < 20
    assert score(np.ones(5)) == []
