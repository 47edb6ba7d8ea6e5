"""Any view of the Explore page never fails, adds up, is what pandas makes of the store, and leads to its rows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.analytics import (
    CHARTS,
    COMPARISONS,
    DIMENSIONS,
    MEASURES,
    PRESETS,
    Before,
    Dates,
    LineSums,
    Pivot,
    PivotRow,
    Preset,
    TransactionFilter,
    View,
    behind,
    charts_for,
    columns_of,
    dates_of,
    explore,
    list_transactions,
    listed_ids,
    settled,
    span_of,
    value_of,
)
from core.cache import Caches
from core.store import Account, Category, Item, Store
from tests.core.analytics.test_any_household import (
    ACCOUNTS,
    Row,
    Told,
    balances,
    currents,
    keep,
    rows,
    todays,
    worth,
)
from tests.core.analytics.test_plain import TODAY, Household, fits, household  # noqa: F401 - a fixture
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

PARTS: Final = ("spent", "income", "lines", "net")
"""Measures whose parts add up."""
ZONES: Final = ("UTC", "America/Los_Angeles", "Pacific/Kiritimati")


def week_of(day: date, starts: int) -> str:
    return (day - timedelta(days=(day.weekday() - starts) % 7)).isoformat()


def frame(home: Household, starts: int) -> pd.DataFrame:
    """Return the rows of the store with a column for each dimension."""
    with home.store.read() as session:
        needs = {one.id: one.need for one in session.scalars(select(Category))}
        items = {one.id: one.institution_name for one in session.scalars(select(Item))}
        banks = {
            one.id: items.get(one.item_id or 0, "")
            for one in session.scalars(select(Account).where(Account.user_id == home.user))
        }
    told = [
        {
            "row": row, "home": row.home, "kind": row.kind, "category": str(row.category or 0),
            "group": str(row.group or 0), "merchant": row.name, "account": str(row.account),
            "institution": banks[row.account], "tag": sorted(row.tags) or [""], "currency": row.currency,
            "need": needs.get(row.category or 0, ""), "weekday": str(row.date.isoweekday()), "date": row.date,
            "day": row.date.isoformat(), "week": week_of(row.date, starts), "month": f"{row.date:%Y-%m}-01",
            "quarter": f"{row.date.year}-{(row.date.month - 1) // 3 * 3 + 1:02}-01", "year": f"{row.date.year}-01-01",
        }
        for row in home.rows
    ]  # fmt: skip
    return pd.DataFrame(told)


def measured(part: pd.DataFrame, measure: str) -> Decimal | None:
    """Return one measure of some rows, none of which has several tags any more."""
    spent = [-amount for amount, kind in zip(part["home"], part["kind"], strict=True) if kind == "spending"]
    income = [amount for amount, kind in zip(part["home"], part["kind"], strict=True) if kind == "income"]
    whole = sum(spent, Decimal(0))
    return {
        "spent": whole if spent else None,
        "income": sum(income, Decimal(0)) if income else None,
        "net": sum(income, Decimal(0)) - whole if spent or income else None,
        "lines": Decimal(len(part)) if len(part) else None,
        "average": whole / len(spent) if spent else None,
        "largest": max(spent, default=None),
    }[measure]


dimensions = st.sampled_from(DIMENSIONS)
views = st.builds(
    View,
    rows=st.lists(dimensions, min_size=1, max_size=2).map(tuple),
    columns=st.none() | dimensions,
    measures=st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3).map(tuple),
    wanted=st.builds(
        TransactionFilter,
        account_ids=st.sampled_from([(), (), (1, 2, 3)]),
        category_ids=st.sampled_from([(), (), (8, 15, 0)]),
        kind=st.sampled_from([None, None, "spending", "flow"]),
        tags=st.sampled_from([(), (), ("Rome",)]),
        text=st.sampled_from(["", "", "e"]),
        since=st.sampled_from([None, date(2025, 1, 15)]),
        until=st.sampled_from([None, date(2025, 11, 3)]),
    ),
    span=st.sampled_from(PRESETS),
    against=st.sampled_from(COMPARISONS),
    order=st.sampled_from(["value", "value_up", "name"]),
    most=st.sampled_from([5, 12, 100]),
    chart=st.none() | st.sampled_from(CHARTS),
)


# Not shrunk: that takes minutes.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=examples(15), deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(asked=views, starts=st.sampled_from([0, 6]), place=st.integers(0, 10_000))
def test_any_view_is_what_pandas_makes_of_the_store(
    household: Household,  # noqa: F811 - the fixture
    asked: View,
    starts: int,
    place: int,
) -> None:
    pivot = explore(household.cache, asked, TODAY, starts)
    view = pivot.view
    assert view == settled(asked)
    assert view.chart is None or view.chart in charts_for(view)
    assert pivot.total.depth == 0
    if view.measure == "balance":
        return
    since, until = pivot.dates.since, pivot.dates.until
    rows = frame(household, starts)
    wanted = replace(view.wanted, since=since, until=until)
    rows = rows[[fits(row, wanted) for row in rows["row"]]]
    agrees(pivot, rows)
    adds_up(pivot)
    leads(household, pivot, place)


def agrees(pivot: Pivot, rows: pd.DataFrame) -> None:
    """Hold every row, cell and total against pandas; of the rest only that it is there for what is not told apart."""
    view = pivot.view
    kinds = {"spent": ["spending"], "average": ["spending"], "largest": ["spending"], "income": ["income"],
             "net": ["income", "spending"]}  # fmt: skip
    if not any(one == "lines" for one in view.measures):
        counted = {kind for one in view.measures for kind in kinds[one]}
        rows = rows[rows["kind"].isin(counted)]
    for row in (*pivot.rows, pivot.total):
        if any(key.is_rest for key in row.keys):
            continue
        part = narrowed(rows, row, view)
        for measure in view.measures:
            assert near(row.total.value(measure), measured(part, measure)), (row.keys, measure)
        for column, cell in row.cells.items():
            if not column.is_rest:
                assert near(cell.value(view.measure), measured(chosen(part, column, view), view.measure)), row.keys
    leaves = {tuple(key.value for key in row.keys) for row in pivot.outer}
    if (None,) not in leaves and len(rows):
        first = rows.explode("tag") if view.rows[0] == "tag" else rows
        if view.rows[0] == "tag" and view.wanted.tags:
            first = first[first["tag"].isin(view.wanted.tags)]
        known = {(key,) for key in first[view.rows[0]]}
        # What was there in the period before alone is told too.
        assert known <= leaves if pivot.dates.before else known == leaves


def narrowed(rows: pd.DataFrame, row: PivotRow, view: View) -> pd.DataFrame:
    for key in row.keys:
        rows = chosen(rows, key, view)
    return rows


def chosen(rows: pd.DataFrame, key: Any, view: View) -> pd.DataFrame:
    if key.dimension == "tag":
        # Of no rows a list of flags would be a list of no columns.
        return rows[rows["tag"].map(lambda tags: key.value in tags).astype(bool)]
    return rows[rows[key.dimension] == key.value]


def near(told: Decimal | None, expected: Decimal | None) -> bool:
    if told is None or expected is None:
        return told is expected is None
    return abs(told - expected) < Decimal("1e-9")


def adds_up(pivot: Pivot) -> None:
    """Hold the sums of the parts, the rest too, against what they come to; a line with several tags counts twice."""
    view = pivot.view
    if "tag" in view.dimensions or view.measure not in PARTS:
        return

    def total(some: Any) -> Decimal:
        return sum((one.value(view.measure) or Decimal(0) for one in some), Decimal(0))

    whole = pivot.total.total.value(view.measure) or Decimal(0)
    assert total(row.total for row in pivot.outer) == whole
    if pivot.columns:
        assert total(pivot.total.cells.values()) == whole
        for row in pivot.rows:
            assert total(row.cells.values()) == total([row.total])
    if len(view.rows) == 2:
        for outer in pivot.outer:
            within = [row for row in pivot.rows if row.depth == 2 and row.keys[0] == outer.keys[0]]
            assert outer.keys[0].is_rest or total(row.total for row in within) == total([outer.total])
    if pivot.dates.before:
        before = pivot.total.before.value(view.measure) or Decimal(0)
        assert total(row.before for row in pivot.outer) == before


def leads(home: Household, pivot: Pivot, place: int) -> None:
    """Follow one cell to the list: it has exactly as many lines, which come to the same."""
    view = pivot.view
    cells: list[tuple[PivotRow, Any, LineSums]] = [(row, None, row.total) for row in (*pivot.rows, pivot.total)]
    cells += [(row, column, sums) for row in (*pivot.rows, pivot.total) for column, sums in row.cells.items()]
    row, column, sums = cells[place % len(cells)]
    keys = (*row.keys, *([column] if column else []))
    wanted = behind(view, pivot.dates, keys, pivot.names, view.measure)
    if wanted is None:
        assert any(key.is_rest or not key.value for key in keys) or sums.value(view.measure) is None
        return
    page = list_transactions(home.cache, wanted)
    # The list tells rows of one currency in that one: what they come to here is what each is in that of totals.
    found = set(listed_ids(home.cache, wanted))
    listed = sum((one.home for one in home.rows if one.id in found), Decimal(0))
    if view.measure == "spent":
        assert -listed == (sums.spent or 0)
        assert page.count == sums.purchases
    elif view.measure in {"income", "net"}:
        assert listed == (sums.value(view.measure) or 0)
    elif view.measure == "lines":
        assert page.count == sums.lines


def test_no_lines_of_another_kind_are_behind_a_figure(household: Household) -> None:  # noqa: F811 - the fixture
    pivot = explore(household.cache, View(("kind",), None, ("income", "spent")), TODAY)
    keys = {row.keys[0].value: row.keys for row in pivot.rows}
    for kind, measure, found in (
        ("income", "income", "income"), ("spending", "spent", "spending"), ("spending", "income", None),
        ("income", "spent", None), ("spending", "net", "spending"), ("spending", "lines", "spending"),
    ):  # fmt: skip
        wanted = behind(pivot.view, pivot.dates, keys[kind], pivot.names, measure)
        assert (wanted and wanted.kind) == found


@pytest.mark.parametrize("zone", ZONES)
def test_the_period_before_stands_beside_as_pandas_has_it_in_any_time_zone(
    household: Household,  # noqa: F811 - the fixture
    zone: str,
) -> None:
    with clock.frozen(datetime(2026, 2, 28, 11, tzinfo=UTC)):
        today = clock.today(zone)
    view = View(("group",), None, ("spent", "lines"), TransactionFilter(kind="spending"), "3m", "before", most=100)
    pivot = explore(household.cache, view, today)
    start = clock.add_months(today.replace(day=1), -2)
    rows = frame(household, 0)
    rows = rows[rows["kind"] == "spending"]
    before_until = clock.add_months(today, -3)
    if (today + timedelta(days=1)).day == 1:
        before_until = clock.add_months(today + timedelta(days=1), -3) - timedelta(days=1)
    now = rows[(rows["date"] >= start) & (rows["date"] <= today)]
    before = rows[(rows["date"] >= clock.add_months(start, -3)) & (rows["date"] <= before_until)]
    assert pivot.dates.before == Before(clock.add_months(start, -3), before_until, months=3)
    columns = {one.what: one for one in columns_of(pivot) if one.measure == "spent"}
    for row in (*pivot.rows, pivot.total):
        was, told = measured(narrowed(before, row, view), "spent"), measured(narrowed(now, row, view), "spent")
        assert (value_of(row, columns["total"]), value_of(row, columns["before"])) == (told, was)
        assert value_of(row, columns["difference"]) == (told or 0) - (was or 0)
        if was:
            assert value_of(row, columns["change"]) == ((told or 0) - was) / abs(was)
    assert len(pivot.rows) > 5


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(
    drawn=rows, told=balances, current=currents, today=todays,
    times=st.sampled_from(["day", "month", "quarter", "year"]), over=st.sampled_from(["account", "currency"]),
)  # fmt: skip
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_any_household_explored_is_what_adding_up_by_hand_gives(
    store: Store, drawn: list[Row], told: list[Told], current: list[Decimal | None], today: date, times: Any, over: Any
) -> None:
    caches = Caches(None, store)
    cache = caches.of(keep(store, drawn, told, current))
    shown = [row for row in drawn if not row.hidden]
    pivot = explore(cache, View((over,), times, ("net",), span="all", most=100), today)
    rated = [(row, converted(row.amount, row.currency, "USD", row.date)) for row in shown if row.kind != "transfer"]
    assert pivot.total.total.value("net") == (
        sum((amount for _, amount in rated if amount is not None), Decimal(0))
        if any(amount is not None for _, amount in rated)
        else None
    )
    assert sum(rows for _, rows in pivot.unrated) == sum(amount is None for _, amount in rated)
    balance = explore(cache, View((over,), times, ("balance",), span="12m"), today)
    for column in balance.columns:
        last = min(column.last_day or today, today)
        then = worth(drawn, told, current, last)
        if over == "currency":
            for row in balance.outer:
                code = row.keys[0].value or ""
                held = [
                    worth([one for one in drawn if one.account == place], [one for one in told if one.account == place],
                          [amount if at == place else None for at, amount in enumerate(current)], last)
                    for place, (_, currency, _) in enumerate(ACCOUNTS) if currency == code
                ]  # fmt: skip
                parts = [sum(sides, Decimal(0)) for one in held for sides in one.values()]
                expected = sum((converted(one, code, "USD", last) or Decimal(0) for one in parts), Decimal(0))
                assert row.cells[column].balance == expected, (code, last)
        sums = [(code, sum(sides, Decimal(0))) for code, sides in then.items()]
        total = sum((converted(amount, code, "USD", last) or Decimal(0) for code, amount in sums), Decimal(0))
        assert abs((balance.total.cells[column].balance or 0) - total) < Decimal("0.001")
    if balance.columns:
        assert balance.total.total.balance == balance.total.cells[balance.columns[-1]].balance
    caches.close()


def test_what_contradicts_itself_is_mended() -> None:
    mended = settled(View(("tag", "tag"), "tag", ("balance", "spent"), chart="treemap"))
    assert mended.measures == ("balance",)
    assert mended.rows == ("account",)
    assert mended.columns is None
    assert mended.chart is None
    assert settled(View(("month",), None, ("spent", "balance"))).measures == ("spent",)
    assert settled(View(("month",), "group", ("spent", "income"))).measures == ("spent",)


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 3, 31), date(2026, 1, 1)])
@pytest.mark.parametrize("span", PRESETS)
def test_the_days_before_are_those_of_the_analysis_and_never_overlap(today: date, span: Preset) -> None:
    own = TransactionFilter(since=date(2025, 5, 7), until=date(2025, 5, 20))
    dates = dates_of(settled(View(span=span, wanted=own, against="before")), today)
    if span == "all":
        assert dates == Dates(None, None)
        return
    assert dates.since is not None
    assert dates.before is not None
    assert dates.before.since <= dates.before.until < dates.since
    if span == "own":
        assert dates.before == Before(date(2025, 4, 23), date(2025, 5, 6), days=14)
    else:
        # This year up to today against the year before up to the same day.
        there = span_of(span, "before", today)
        assert (dates.before.since, dates.before.until) == (there.before_since, there.before_until)


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2026, 2, 1), date(2026, 5, 20), Before(date(2025, 10, 1), date(2026, 1, 20), months=4)),
        (date(2026, 3, 1), date(2026, 3, 31), Before(date(2026, 2, 1), date(2026, 2, 28), months=1)),
        (date(2026, 3, 2), date(2026, 3, 31), Before(date(2026, 1, 31), date(2026, 3, 1), days=30)),
        (date(2026, 3, 1), date(2026, 3, 7), Before(date(2026, 2, 22), date(2026, 2, 28), days=7)),
        (date(2026, 3, 2), None, None),
        (date(2026, 3, 2), date(2026, 3, 1), None),
    ],
)
def test_a_range_of_ones_own_may_be_open_or_in_the_future(
    since: date, until: date | None, before: Before | None
) -> None:
    view = settled(View(span="own", wanted=TransactionFilter(since=since, until=until), against="before"))
    assert dates_of(view, date(2026, 2, 28)) == Dates(since, until, before)
