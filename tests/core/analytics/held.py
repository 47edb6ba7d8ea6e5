"""Every figure of the analysis, held against a frame of the lines."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from core.analytics import (
    CategorySpent,
    Flow,
    Merchant,
    Merchants,
    Span,
    Spending,
    WorthHistory,
    YearDays,
    YearReview,
)
from tests.core.analytics.frames import sums_by, total, within

NOTHING = Decimal(0)


def spending_holds(view: Spending, frame: pd.DataFrame, span: Span) -> None:
    """Hold what was spent, in all, by step, by category and by merchant."""
    now = within(frame, span.since, span.until, "spending")
    before = within(frame, span.before_since, span.before_until, "spending")
    assert view.spent == -total(now)
    assert view.before == (None if span.before_since is None else -total(before))
    assert view.rows == len(now)
    by_day = {day: -amount for day, amount in sums_by(now, "date").items()}
    assert [day for one in view.stretches for day in _each(one.since, one.until)] == _each(span.since, span.until)
    for one in view.stretches:
        assert one.spent == sum((spent for day, spent in by_day.items() if one.since <= day <= one.until), NOTHING)
    _categories_hold([part for one in view.groups for part in one.categories], now, before, "category")
    _categories_hold([one.whole for one in view.groups], now, before, "group")
    spent = {name: -amount for name, amount in sums_by(now, "name").items()}
    then = {name: -amount for name, amount in sums_by(before, "name").items()}
    assert view.merchant_count == len(spent)
    ranked = sorted(spent, key=lambda name: (-spent[name], name))[: len(view.merchants)]
    assert [(one.name, one.spent, one.before) for one in view.merchants] == [
        (name, spent[name], then.get(name, NOTHING)) for name in ranked
    ]
    assert [one.rows for one in view.merchants] == [int((now["name"] == name).sum()) for name in ranked]
    rest = frame[(frame["date"] >= span.since) & (frame["date"] <= span.until) & frame["home"].isna()]
    rest = rest[rest["kind"] == "spending"]
    sums = {currency: sum(part["amount"], NOTHING) for currency, part in rest.groupby("currency")}
    assert {one.currency: one.spending for one in view.apart} == {code: one for code, one in sums.items() if one}


def _each(since: date, until: date) -> list[date]:
    return [since + timedelta(days=step) for step in range((until - since).days + 1)]


def averages_hold(view: Spending, frame: pd.DataFrame, span: Span, first: date) -> None:
    """Hold the moving average of days: the mean of seven days, of which none is before the first that is known."""
    rated = within(frame, date.min, span.until, "spending")
    days = {day: -amount for day, amount in sums_by(rated, "date").items()}
    assert span.unit == "day"
    for place, one in enumerate(view.stretches):
        assert one.average == _mean(days, one.since, first)
        # Counted from the last day; a shorter period has none beside the first ones.
        then = span.before_until and span.before_until - timedelta(days=len(view.stretches) - 1 - place)
        there = then is not None and span.before_since is not None and then >= span.before_since
        assert one.before == (_mean(days, then, first) if there and then else None)


def _mean(days: dict[date, Decimal], day: date, first: date) -> Decimal:
    window = [one for one in (day - timedelta(days=back) for back in range(7)) if one >= first]
    return sum((days.get(one, NOTHING) for one in window), NOTHING) / max(1, len(window))


def _categories_hold(told: list[CategorySpent], now: pd.DataFrame, before: pd.DataFrame, column: str) -> None:
    spent, then = sums_by(now, column), sums_by(before, column)
    assert {one.category_id or 0: (one.spent, one.before) for one in told} == {
        key: (-spent.get(key, NOTHING), -then.get(key, NOTHING)) for key in {*spent, *then}
    }
    assert {one.category_id or 0: one.rows for one in told if one.rows} == now.groupby(column).size().to_dict()


def flow_holds(view: Flow, frame: pd.DataFrame, span: Span) -> None:
    """Hold income and spending month by month, and the streams."""
    for now, since, until in ((view.sums, span.since, span.until), (view.before, span.before_since, span.before_until)):
        if now is not None:
            assert now.income == total(within(frame, since, until, "income"))
            assert now.spending == total(within(frame, since, until, "spending"))
    assert (view.before is None) == (span.before_since is None)
    assert view.months[0].since == span.since
    assert view.months[-1].until == span.until
    for one in view.months:
        assert one.now.income == total(within(frame, one.since, one.until, "income"))
        assert one.now.spending == total(within(frame, one.since, one.until, "spending"))
    assert sum((one.now.net for one in view.months), NOTHING) == view.sums.net
    came, went = (sum((one.amount for one in side), NOTHING) for side in (view.sources, view.uses))
    assert came == went == view.passed
    for one in (*view.sources, *view.uses):
        assert one.amount > 0
        if one.role in {"saved", "from_savings"}:
            assert one.amount == abs(view.sums.net)
            continue
        kind = "income" if one.role in {"income", "paid_back"} else "spending"
        rows = within(frame, span.since, span.until, kind)
        rows = rows[rows["category" if kind == "income" else "group"].isin(one.category_ids)]
        assert abs(total(rows)) == one.amount
        assert len(rows) == one.rows


def merchants_hold(view: Merchants, frame: pd.DataFrame, span: Span) -> None:
    """Hold when a merchant was first and last seen, and its months."""
    rated = frame[(frame["kind"] == "spending") & frame["home"].notna() & (frame["date"] <= span.until)]
    for one in view.lines:
        rows = rated[rated["name"] == one.spent.name]
        assert (one.first_seen, one.last_seen) == (rows["date"].min(), rows["date"].max())
        months = []
        for back in range(11, -1, -1):
            number = span.until.year * 12 + span.until.month - 1 - back
            year, month = divmod(number, 12)
            last = date(year, month + 1, calendar.monthrange(year, month + 1)[1])
            months.append(-total(rows[(rows["date"] >= date(year, month + 1, 1)) & (rows["date"] <= last)]))
        assert list(one.months) == months


def merchant_holds(view: Merchant | None, frame: pd.DataFrame, name: str, today: date) -> None:
    """Hold all that went to one merchant, and its months up to now: 36 at most, the empty ones too."""
    rows = within(frame, date.min, today, "spending")
    rows = rows[rows["name"] == name]
    assert (view is None) == rows.empty
    if view is None:
        return
    assert (view.name, view.spent, view.rows) == (name, -total(rows), len(rows))
    assert (view.first_seen, view.last_seen) == (rows["date"].min(), rows["date"].max())
    known = {}
    for (year, month), part in _by_month(rows):
        known[date(year, month, 1)] = (-total(part), len(part))
    months = pd.period_range(max(min(known), date(today.year - 3, today.month, 1)), today, freq="M")[-36:]
    assert [(one.month, one.spent, one.rows) for one in view.months] == [
        (day, *known.get(day, (NOTHING, 0))) for day in (date(one.year, one.month, 1) for one in months)
    ]


def days_hold(view: YearDays, frame: pd.DataFrame, today: date) -> None:
    """Hold the days of a year, its weekdays and its longest pause."""
    since = max(date(view.year, 1, 1), min(frame["date"], default=date(view.year, 1, 1)))
    until = min(date(view.year, 12, 31), today)
    rows = within(frame, since, until, "spending")
    spent = {day: -amount for day, amount in sums_by(rows, "date").items()}
    assert [one.day for one in view.days] == [
        since + timedelta(days=step) for step in range(max(0, (until - since).days + 1))
    ]
    for one in view.days:
        assert one.spent == spent.get(one.day, NOTHING)
        assert one.rows == int((rows["date"] == one.day).sum())
        assert (one.level > 0) == (one.spent > 0)
    ordered = sorted(view.days, key=lambda one: one.spent)
    assert [one.level for one in ordered] == sorted(one.level for one in ordered)
    for weekday in view.weekdays:
        same = [one for one in view.days if one.day.weekday() == weekday.weekday]
        assert weekday.days == len(same)
        assert weekday.spent == sum((one.spent for one in same), NOTHING)
    assert view.quiet_days == sum(spent.get(one.day, NOTHING) <= 0 for one in view.days)
    longest = run = 0
    for one in view.days:
        run = 0 if spent.get(one.day, NOTHING) > 0 else run + 1
        longest = max(longest, run)
    assert (view.longest_quiet.days if view.longest_quiet else 0) == longest


def review_holds(view: YearReview, frame: pd.DataFrame, today: date) -> None:
    """Hold a year's story against the lines."""
    since, until = date(view.year, 1, 1), min(date(view.year, 12, 31), today)
    income, spent = (within(frame, since, until, kind) for kind in ("income", "spending"))
    assert (view.sums.income, view.sums.spending) == (total(income), total(spent))
    assert view.rows == len(spent)
    known = min(frame["date"], default=None)
    compared = known is not None and known <= date(view.year - 1, 1, 1)
    assert (view.before is not None) == compared
    if view.before is not None:
        last = date(view.year - 1, until.month, min(until.day, calendar.monthrange(view.year - 1, until.month)[1]))
        then = within(frame, date(view.year - 1, 1, 1), last, "spending")
        assert view.before.spending == total(then)
        by_group, before = sums_by(spent, "group"), sums_by(then, "group")
        moved = {key: before.get(key, NOTHING) - by_group.get(key, NOTHING) for key in {*by_group, *before}}
        ordered = sorted(moved.values())
        assert [one.spent - one.before for one in view.grew] == [one for one in ordered[::-1] if one > 0][:3]
        assert [one.spent - one.before for one in view.shrank] == [one for one in ordered if one < 0][:3]
    dearest = {name: -min(part["home"]) for name, part in spent.groupby("name") if min(part["home"]) < 0}
    assert [one.spent for one in view.purchases] == sorted(dearest.values(), reverse=True)[:5]
    nets = {month: total(rows) for month, rows in _by_month(pd.concat([income, spent]))}
    for one in view.months:
        assert one.now.net == nets.get((one.month.year, one.month.month), NOTHING)
    over = [one for one in view.months if (one.until + timedelta(days=1)).day == 1]
    if over and view.best is not None:
        assert view.best.now.net == max(one.now.net for one in over)
    if len(over) > 1 and view.worst is not None:
        assert view.worst.now.net == min(one.now.net for one in over)


def _by_month(frame: pd.DataFrame) -> list[tuple[tuple[int, int], pd.DataFrame]]:
    keys = frame["date"].map(lambda day: (day.year, day.month))
    return [(key, frame[keys == key]) for key in set(keys)]


def worth_moves(view: WorthHistory, frame: pd.DataFrame, told: dict[int, list[tuple[date, Decimal]]]) -> None:
    """Hold each account in dollars against its told balances and its posted rows, worked backwards where need be."""
    for one in view.lines:
        if one.account.currency != view.currency:
            continue
        rows = frame[(frame["account"] == one.account.id) & ~frame["pending"].astype(bool)]
        known = sorted(told[one.account.id])
        assert one.told_since == known[0][0]
        for day, balance in zip(view.days, one.balances, strict=True):
            since, stood = max((each for each in known if each[0] <= day), default=known[0])
            later = sum(rows[(rows["date"] > since) & (rows["date"] <= day)]["amount"], NOTHING)
            earlier = sum(rows[(rows["date"] > day) & (rows["date"] <= since)]["amount"], NOTHING)
            assert balance == stood + later - earlier, (one.account.name, day)
