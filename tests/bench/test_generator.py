"""The benchmarks' rows are many, fast, and shaped like life."""

from datetime import date

import numpy as np
import pyarrow.compute as pc

from core.ledger.categories import category_ids
from tests.bench.generator import synthetic_rows

UNTIL = date(2026, 6, 30)


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    assert synthetic_rows(2_000, 7, until=UNTIL).equals(synthetic_rows(2_000, 7, until=UNTIL))
    assert not synthetic_rows(2_000, 7, until=UNTIL).equals(synthetic_rows(2_000, 8, until=UNTIL))


def test_rows_are_as_many_as_asked_sorted_and_within_the_years() -> None:
    for n in (1, 10, 999, 10_000):
        rows = synthetic_rows(n, 3, years=5, until=UNTIL)
        days = rows["date"].to_numpy()
        assert len(rows) == n
        assert (np.diff(days.astype("datetime64[D]").astype(int)) >= 0).all()
        assert days.min() > np.datetime64("2021-06-28")
        assert days.max() <= np.datetime64(UNTIL)


def test_transfers_cancel_and_lie_on_two_accounts() -> None:
    rows = synthetic_rows(20_000, 3, until=UNTIL).to_pandas()
    moved = rows[rows["category"].str.startswith("TRANSFER_")]
    assert len(moved) > 500
    assert moved["amount"].sum() == 0
    outgoing = moved[moved["amount"] < 0].groupby("account")["amount"].sum()
    assert outgoing.size > 1


def test_every_category_is_built_in_and_amounts_are_whole_cents() -> None:
    rows = synthetic_rows(20_000, 3, until=UNTIL)
    assert set(pc.unique(rows["category"]).to_pylist()) <= set(category_ids())
    assert (rows["amount"].to_numpy() % 100 == 0).all()
    assert set(rows["account"].to_numpy()) == set(range(12))
    assert 0 < pc.sum(rows["pending"]).as_py() < 100
