"""Monthly series: known ones foreseen as known, bounds that hold, and never a look ahead."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecasting import forecast_series
from core.forecasting.combining import track_records
from core.forecasting.experts import NAMES
from core.forecasting.intervals import bounds
from tests.eval.forecast import OURS, score
from tests.eval.month_series import UNSEEN, made
from tests.machine.examples import examples

amounts = st.floats(-1e13, 1e13, allow_nan=False) | st.sampled_from([0.0, 0.0, 12.99, 900.0])
series = st.lists(amounts, min_size=1, max_size=40)


def said(values: list[float], months: int = 3) -> list[float]:
    """Return what is forecast of the months after the last."""
    return [float(one) for one in forecast_series(np.array(values), months).points[-1]]


def test_what_never_changes_stays() -> None:
    assert said([42.0] * 8) == pytest.approx([42.0] * 3)


def test_a_rent_that_rose_stays_where_it_is_now() -> None:
    assert said([900.0] * 11 + [930.0]) == pytest.approx([930.0] * 3)


def test_one_wild_month_is_not_foreseen_again() -> None:
    steady = [400.0 + (at * 37) % 40 for at in range(18)]
    assert said([*steady, 2600.0]) == pytest.approx([420.0] * 3, abs=100)


def test_a_winter_comes_again() -> None:
    winters = [200.0 + 150 * math.cos(2 * math.pi * at / 12) for at in range(48)]
    assert said(winters) == pytest.approx([350.0, 200 + 150 * math.cos(math.pi / 6), 275.0], rel=0.08)


def test_a_yearly_payment_is_foreseen_in_its_month_alone() -> None:
    yearly = ([0.0] * 7 + [480.0] + [0.0] * 4) * 4
    assert said(yearly[:-4], 4)[0] == pytest.approx(0, abs=1)
    assert said(yearly[:-5], 1) == pytest.approx([480.0], abs=5)


@pytest.mark.parametrize("before", [[0.0] * 6, [0.0, 0.0, 15.0, 0.0], [1.0] * 20])
def test_an_account_that_was_next_to_empty_is_foreseen_by_what_it_became(before: list[float]) -> None:
    used = [2100.0, 1750.0, 2400.0, 1900.0]
    assert said(before + used) == pytest.approx(said(used))


def test_a_payment_of_every_few_months_is_no_beginning() -> None:
    assert said([0.0, 0.0, 300.0, 0.0, 0.0, 300.0, 0.0]) == pytest.approx([0.0, 300.0, 0.0])
    assert said([0.0] * 9 + [300.0]) == pytest.approx([0.0] * 3, abs=10)


def test_two_large_bills_are_no_beginning_but_half_a_year_of_them_is() -> None:
    little = [8.0, 12.0, 10.0, 5.0, 15.0, 9.0] * 4
    assert max(said([*little, 1500.0, 1500.0])[1:]) < 1000
    assert said([*little, *[1500.0] * 6]) == pytest.approx([1500.0] * 3, rel=0.01)


def test_of_nothing_nothing_is_said() -> None:
    assert np.isnan(forecast_series(np.array([]), 3).points).all()


@settings(max_examples=examples(25), deadline=None)
@given(past=series, later=series, other=series)
def test_what_comes_later_changes_nothing_said_before(
    past: list[float], later: list[float], other: list[float]
) -> None:
    one = forecast_series(np.array(past + later), 3)
    two = forecast_series(np.array(past + other), 3)
    known = len(past) + 1
    np.testing.assert_array_equal(one.points[:known], two.points[:known])
    np.testing.assert_array_equal(one.weights[:known], two.weights[:known])
    for level, sides in one.bounds.items():
        for mine, theirs in zip(sides, two.bounds[level], strict=True):
            np.testing.assert_array_equal(mine[:known], theirs[:known])


@settings(max_examples=examples(30), deadline=None)
@given(past=series)
def test_any_series_has_finite_forecasts_within_nested_bounds(past: list[float]) -> None:
    found = forecast_series(np.array(past), 4)
    points = found.points[1:]
    assert np.isfinite(points).all()
    low, high = (side[1:] for side in found.bounds[0.80])
    lowest, highest = (side[1:] for side in found.bounds[0.95])
    for edge in (low, high, lowest, highest):
        assert np.isfinite(edge).all()
    assert (lowest <= low).all()
    assert (low <= points).all()
    assert (points <= high).all()
    assert (high <= highest).all()
    if min(past) >= 0:
        assert points.min() >= 0
        assert lowest.min() >= 0
    if max(past) <= 0:
        assert highest.max() <= 0


def test_amounts_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        forecast_series(np.array([1.0, np.nan]), 1)


def test_bounds_hold_as_often_as_they_say_after_few_months() -> None:
    held: dict[float, list[bool]] = {0.80: [], 0.95: []}
    for past in np.random.default_rng(5).normal(100, 15, (150, 12)):
        means = np.cumsum(past) / np.arange(1, 13)
        found = bounds(past, np.concatenate(([np.nan], means))[:, None])
        for level, (low, high) in found.items():
            held[level] += [low[known, 0] <= past[known] <= high[known, 0] for known in range(8, 12)]
    assert 0.77 < np.mean(held[0.80]) < 0.84
    assert 0.94 < np.mean(held[0.95]) < 0.99


def test_months_further_ahead_are_judged_by_nearer_ones_too() -> None:
    said = np.ones((31, len(NAMES), 3))
    said[:, 0] = [1.0, 1.0, 0.0]
    said[:, 1] = [0.0, 0.0, 0.9]
    records, _ = track_records(np.zeros(30), said)
    assert list(records[30, :2, 0].argsort()) == [1, 0]
    assert list(records[30, :2, 2].argsort()) == [1, 0]


def test_bounds_hold_as_often_as_they_say_and_ours_is_ahead_on_series_never_tuned_with() -> None:
    kinds = ("groceries", "restaurants", "electricity", "shopping", "freelance", "household")
    scores = [one for kind in kinds for seed in (5, 6) for one in score(made(kind, UNSEEN + seed, 72))]
    months = sum(one.months for one in scores)
    held = {level: sum(one.held[level] * one.months for one in scores) / months for level in (80, 95)}
    assert 0.74 < held[80] < 0.86
    assert 0.88 < held[95] < 0.99
    for step in (1, 3):
        own = [one.mase for one in scores if one.step == step]
        means = {name: float(np.mean([one[name] for one in own])) for name in own[0]}
        assert min(means, key=lambda name: means[name]) == OURS, means
