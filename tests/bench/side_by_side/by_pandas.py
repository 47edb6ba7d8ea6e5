"""The questions asked of pandas: rows by date in memory, a period cut out by its ends, texts as categories."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.analytics import Span, TransactionFilter
from tests.bench.side_by_side.plain import Plain
from tests.bench.side_by_side.questions import PAGE, Bought, History, Listed


class ByPandas:
    """One data frame."""

    def __init__(self, plain: Plain) -> None:
        """Take all rows into memory."""
        self._plain = plain
        frame = plain.rows.to_pandas(date_as_object=False)
        frame["kind"] = frame["kind"].astype("category")
        frame["name"] = frame["name"].astype("category")
        frame["pending"] = frame["pending"].astype(bool)
        frame["month"] = frame["date"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
        self._rows = frame
        self._dates = frame["date"].to_numpy()

    def _between(self, since: date, until: date) -> pd.DataFrame:
        start = self._dates.searchsorted(np.datetime64(since), "left")
        end = self._dates.searchsorted(np.datetime64(until), "right")
        return self._rows.iloc[start:end]

    def facts(self) -> tuple[int, date, int]:
        rows = self._rows
        unknown = ((rows["category"] == 0) & (rows["kind"] != "transfer")).sum()
        return len(rows), rows["date"].iloc[0].date(), int(unknown)

    def sums(self, span: Span) -> tuple[int, int, int, int]:
        return (*self._sums(span.since, span.until), *self._sums(*_before(span)))

    def _sums(self, since: date, until: date) -> tuple[int, int]:
        told = self._between(since, until).groupby("kind", observed=True)["amount"].sum()
        return int(told.get("income", 0)), int(told.get("spending", 0))

    def months(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        rows = self._between(since, until)
        sums = rows.groupby(["month", "kind"], observed=False)["amount"].sum().to_dict()
        return {
            month.date(): (int(sums[month, "income"]), int(sums[month, "spending"]))
            for month in dict.fromkeys(month for month, _ in sums)
        }

    def days(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        rows = self._between(since, until)
        told = rows[rows["kind"] == "spending"].groupby("date")["amount"].agg(["sum", "count"])
        return {
            day.date(): (-int(spent), int(count))
            for day, spent, count in zip(told.index, told["sum"], told["count"], strict=True)
        }

    def categories(self, span: Span) -> Mapping[tuple[str, int], tuple[int, int, int]]:
        now = self._by_category(span.since, span.until)
        before = self._by_category(*_before(span))
        both = now.join(before, how="outer", suffixes=("", "_before")).fillna(0)
        return {
            key: (int(total), int(earlier), int(count))
            for key, total, earlier, count in zip(
                both.index, both["sum"], both["sum_before"], both["count"], strict=True
            )
        }

    def _by_category(self, since: date, until: date) -> pd.DataFrame:
        rows = self._between(since, until)
        rows = rows[rows["kind"] != "transfer"]
        return rows.groupby(["kind", "category"], observed=True)["amount"].agg(["sum", "count"])

    def merchants(self, span: Span, count: int) -> tuple[Sequence[Bought], int]:
        now = self._by_name(span.since, span.until)
        before = self._by_name(*_before(span))
        both = now.join(before, how="left", suffixes=("", "_before")).fillna(0).reset_index()
        both["name"] = both["name"].astype(str)
        first = both.sort_values(["sum", "name"]).head(count)
        columns = (first[one].tolist() for one in ("name", "sum", "sum_before", "count", "count_before"))
        return [
            (name, -int(spent), -int(earlier), int(rows), int(rows_before))
            for name, spent, earlier, rows, rows_before in zip(*columns, strict=True)
        ], len(both)

    def _by_name(self, since: date, until: date) -> pd.DataFrame:
        rows = self._between(since, until)
        return rows[rows["kind"] == "spending"].groupby("name", observed=True)["amount"].agg(["sum", "count"])

    def histories(self, names: Sequence[str], until: date) -> Mapping[str, History]:
        rows = self._between(date.min.replace(year=1900), until)
        rows = rows[(rows["kind"] == "spending") & rows["name"].isin(names)]
        months: dict[str, dict[date, int]] = {}
        for (name, month), spent in rows.groupby(["name", "month"], observed=True)["amount"].sum().items():
            months.setdefault(name, {})[month.date()] = -int(spent)
        seen = rows.groupby("name", observed=True)["date"].agg(["min", "max"])
        return {
            name: History(months[name], first.date(), last.date())
            for name, first, last in zip(seen.index, seen["min"], seen["max"], strict=True)
        }

    def largest(self, since: date, until: date, count: int) -> Sequence[int]:
        rows = self._between(since, until)
        rows = rows[(rows["kind"] == "spending") & (rows["amount"] < 0)]
        rows = rows[["id", "date", "amount", "name"]].sort_values(
            ["amount", "date", "id"], ascending=[True, False, False]
        )
        return rows.drop_duplicates("name")["id"].head(count).tolist()

    def known(self, account: int, day: date) -> tuple[date, int]:
        return self._plain.known(account, day)

    def moved(self, account: int, since: date, until: date) -> int:
        rows = self._between(since, until)
        return int(rows.loc[(rows["account"] == account) & ~rows["pending"], "amount"].sum())

    def recent(self, count: int) -> Sequence[int]:
        return self._rows["id"].iloc[: -count - 1 : -1].tolist()

    def page(self, wanted: TransactionFilter, page: int) -> Listed:
        rows = self._rows if wanted.since is None else self._between(wanted.since, date(2200, 1, 1))
        mask: Any = np.ones(len(rows), bool)
        if wanted.account_ids:
            mask &= (rows["account"] == wanted.account_ids[0]).to_numpy()
        if wanted.kind:
            mask &= (rows["kind"] == wanted.kind).to_numpy()
        if wanted.least is not None and wanted.most is not None:
            size = rows["amount"].abs()
            mask &= size.between(int(wanted.least * 10_000), int(wanted.most * 10_000)).to_numpy()
        if wanted.text:
            mask &= rows["search"].str.contains(wanted.text.lower(), regex=False).to_numpy(bool)
        places = np.flatnonzero(mask)
        amounts = rows["amount"].to_numpy()[places]
        page = min(page, max(1, -(-len(places) // PAGE)))
        shown = places[::-1][(page - 1) * PAGE : page * PAGE]
        inflow = int(amounts[amounts > 0].sum())
        return Listed(rows["id"].to_numpy()[shown].tolist(), len(places), inflow, int(amounts.sum()) - inflow)

    def planned(self, since: date, until: date) -> Mapping[tuple[date, int], int]:
        rows = self._between(since, until)
        told = rows[rows["kind"] == "spending"].groupby(["month", "category"])["amount"].sum()
        return {(month.date(), int(category)): -int(spent) for (month, category), spent in told.items()}


def _before(span: Span) -> tuple[date, date]:
    asked = span.parameters()
    return asked["before_since"], asked["before_until"]
