"""The questions asked of polars: rows by date in memory, a period cut out by its ends, texts as categories."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_

import numpy as np
import polars as pl

from core.analytics import Span, TransactionFilter
from tests.bench.side_by_side.plain import KINDS, Plain
from tests.bench.side_by_side.questions import PAGE, Bought, History, Listed

AMOUNT = pl.col("amount")
SPENT = -AMOUNT.sum()
INCOME = pl.col("kind") == "income"
SPENDING = pl.col("kind") == "spending"


class ByPolars:
    """One data frame."""

    def __init__(self, plain: Plain) -> None:
        """Take all rows into memory."""
        self._plain = plain
        frame = pl.DataFrame(plain.rows)
        self._rows = frame.with_columns(
            pl.col("kind").cast(pl.Enum(KINDS)),
            pl.col("name").cast(pl.Categorical),
            pl.col("pending").cast(pl.Boolean),
            pl.col("date").dt.truncate("1mo").alias("month"),
        ).rechunk()
        self._dates = frame["date"].to_numpy()

    def _between(self, since: date, until: date) -> pl.LazyFrame:
        start = int(self._dates.searchsorted(np.datetime64(since), "left"))
        end = int(self._dates.searchsorted(np.datetime64(until), "right"))
        return self._rows.slice(start, end - start).lazy()

    def facts(self) -> tuple[int, date, int]:
        unknown = ((pl.col("category") == 0) & (pl.col("kind") != "transfer")).sum()
        rows, first, uncategorised = (
            self._rows.lazy().select(pl.len(), pl.col("date").first(), unknown).collect().row(0)
        )
        return rows, first, uncategorised

    def sums(self, span: Span) -> tuple[int, int, int, int]:
        asked = span.parameters()
        wanted = [AMOUNT.filter(one).sum().alias(name) for name, one in (("in", INCOME), ("out", SPENDING))]
        now, before = pl.collect_all(
            [
                self._between(span.since, span.until).select(wanted),
                self._between(asked["before_since"], asked["before_until"]).select(wanted),
            ]
        )
        return (*now.row(0), *before.row(0))

    def months(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        told = self._between(since, until).group_by("month")
        sums = told.agg(AMOUNT.filter(INCOME).sum().alias("in"), AMOUNT.filter(SPENDING).sum().alias("out")).sort(
            "month"
        )
        return {month: (income, spent) for month, income, spent in sums.collect().iter_rows()}

    def days(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        told = self._between(since, until).filter(SPENDING).group_by("date").agg(SPENT, pl.len())
        return {day: (spent, count) for day, spent, count in told.collect().iter_rows()}

    def categories(self, span: Span) -> Mapping[tuple[str, int], tuple[int, int, int]]:
        told = (
            self._both(span)
            .filter(pl.col("kind") != "transfer")
            .group_by("kind", "category")
            .agg(*_sums(span), (pl.col("date") >= span.since).sum().alias("rows"))
        )
        return {
            (kind, category): (now, before, count) for kind, category, now, before, count in told.collect().iter_rows()
        }

    def _both(self, span: Span) -> pl.LazyFrame:
        asked = span.parameters()
        rows = self._between(min(span.since, asked["before_since"]), max(span.until, asked["before_until"]))
        return rows.filter((pl.col("date") >= span.since) | (pl.col("date") <= asked["before_until"]))

    def merchants(self, span: Span, count: int) -> tuple[Sequence[Bought], int]:
        is_now = pl.col("date") >= span.since
        told = (
            self._both(span)
            .filter(SPENDING)
            .group_by("name")
            .agg(
                (-AMOUNT.filter(is_now).sum()).alias("now"),
                (-AMOUNT.filter(~is_now).sum()).alias("before"),
                is_now.sum().cast(pl.Int64).alias("rows"),
                (~is_now).sum().cast(pl.Int64).alias("rows_before"),
            )
            .filter(pl.col("rows") > 0)
            .with_columns(pl.col("name").cast(pl.String))
            .sort("now", "name", descending=[True, False])
            .collect()
        )
        return told.head(count).rows(), len(told)

    def histories(self, names: Sequence[str], until: date) -> Mapping[str, History]:
        told = (
            self._between(date(1900, 1, 1), until)
            .filter(SPENDING & pl.col("name").is_in(list(names)))
            .group_by("name", "month")
            .agg(SPENT.alias("spent"), pl.col("date").min().alias("first"), pl.col("date").max().alias("last"))
            .sort("month")
            .collect()
        )
        months: dict[str, dict[date, int]] = {}
        seen: dict[str, tuple[date, date]] = {}
        for name, month, spent, first, last in told.iter_rows():
            months.setdefault(name, {})[month] = spent
            seen[name] = (seen.get(name, (first, last))[0], last)
        return {name: History(months[name], *seen[name]) for name in months}

    def largest(self, since: date, until: date, count: int) -> Sequence[int]:
        return (
            self._between(since, until)
            .filter(SPENDING & (AMOUNT < 0))
            .select("id", "date", "amount", "name")
            .sort("amount", "date", "id", descending=[False, True, True])
            .unique("name", keep="first", maintain_order=True)
            .head(count)
            .collect()["id"]
            .to_list()
        )

    def known(self, account: int, day: date) -> tuple[date, int]:
        return self._plain.known(account, day)

    def moved(self, account: int, since: date, until: date) -> int:
        posted = (pl.col("account") == account) & ~pl.col("pending")
        return int(self._between(since, until).filter(posted).select(AMOUNT.sum()).collect().item())

    def recent(self, count: int) -> Sequence[int]:
        return self._rows["id"].tail(count).to_list()[::-1]

    def page(self, wanted: TransactionFilter, page: int) -> Listed:
        rows = self._rows.lazy() if wanted.since is None else self._between(wanted.since, date(2200, 1, 1))
        conditions = []
        if wanted.account_ids:
            conditions.append(pl.col("account") == wanted.account_ids[0])
        if wanted.kind:
            conditions.append(pl.col("kind") == wanted.kind)
        if wanted.least is not None and wanted.most is not None:
            conditions.append(AMOUNT.abs().is_between(int(wanted.least * 10_000), int(wanted.most * 10_000)))
        if wanted.text:
            conditions.append(pl.col("search").str.contains(wanted.text.lower(), literal=True))
        if conditions:
            rows = rows.filter(reduce(and_, conditions))
        found = rows.select("id", "amount").collect()
        inflow, total = found.select(AMOUNT.filter(AMOUNT > 0).sum().alias("in"), AMOUNT.sum()).row(0)
        page = min(page, max(1, -(-len(found) // PAGE)))
        end = len(found) - (page - 1) * PAGE
        start = max(0, end - PAGE)
        ids = found["id"].slice(start, end - start).to_list()[::-1]
        return Listed(ids, len(found), inflow, total - inflow)

    def planned(self, since: date, until: date) -> Mapping[tuple[date, int], int]:
        told = self._between(since, until).filter(SPENDING).group_by("month", "category").agg(SPENT)
        return {(month, category): spent for month, category, spent in told.collect().iter_rows()}


def _sums(span: Span) -> tuple[pl.Expr, pl.Expr]:
    is_now = pl.col("date") >= span.since
    return AMOUNT.filter(is_now).sum().alias("now"), AMOUNT.filter(~is_now).sum().alias("before")
