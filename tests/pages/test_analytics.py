"""The Analytics screen: its address, its views with a household and without, and where its figures lead."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.analytics import (
    COMPARISONS,
    PRESETS,
    TransactionFilter,
    flow,
    listed_rows,
    merchants,
    span_of,
    spending,
    year_days,
    year_review,
)
from core.identity import profile
from core.runtime import Runtime
from core.store import UserId
from pages.analysing.asking import VIEWS, Asked, asked, query_of
from pages.analysing.wording import moved
from pages.shared.charts import Column, Layer, Step, columns_figure, layers_figure, rates_figure, steps_figure
from pages.shared.filters import asked as asked_rows
from pages.shared.formats import Formats, formats_of
from tests.core.rates.oracle import converted
from tests.pages.conftest import Open
from tests.pages.test_screens import said, words

AMERICAN = Formats("en_US")
days = st.none() | st.dates()
questions = st.builds(
    Asked,
    view=st.sampled_from(VIEWS),
    period=st.none() | st.sampled_from(PRESETS),
    since=days,
    until=days,
    compare=st.sampled_from(COMPARISONS),
    accounts=st.lists(st.integers(0, 999_999_999), max_size=5, unique=True).map(tuple),
    year=st.none() | st.integers(1970, 9998),
    merchant=st.text(max_size=40),
    text=st.text(max_size=40),
)


@given(questions)
def test_an_address_brings_back_what_was_asked(wanted: Asked) -> None:
    assert asked(query_of(wanted)) == wanted


NONSENSE = (
    {"view": "evil", "period": "3 years", "compare": "x", "year": "-4"},
    {"from": "yesterday", "to": "2026-13-45", "account": "1;DROP TABLE", "year": "99999"},
)


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_an_address_asks_for_nothing(query: dict[str, str]) -> None:
    assert asked(query) == Asked()


def links(app: AppTest) -> list[tuple[str, str]]:
    """Return the links that we draw ourselves: their words and their addresses."""
    html = "\n".join(str(one.proto.body) for one in app.get("html"))
    found = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', html)
    return [(re.sub("<[^>]+>", "|", unescape(inside)), unescape(href)) for href, inside in found]


def rows_behind(house: Runtime, user: UserId, address: str) -> tuple[int, Decimal]:
    """Return how many rows an address leads to, and what they come to in dollars; positive is money out."""
    parts = urlsplit(address)
    assert parts.path == "/transactions"
    return counted(house, user, asked_rows(dict(parse_qsl(parts.query))).wanted)


def counted(house: Runtime, user: UserId, wanted: TransactionFilter) -> tuple[int, Decimal]:
    """Return how many rows a filter finds, and what they come to in dollars; positive is money out."""
    rows = list(listed_rows(house.caches.of(user), wanted))
    homes = (converted(row.amount, row.currency, "USD", row.date) or Decimal(0) for row in rows)
    return len(rows), -sum(homes, Decimal(0))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_and_says_no_failure(open_screen: Open, demo_person: UserId, view: str) -> None:
    app = open_screen("analytics", demo_person, view=view)
    assert not app.exception
    assert not app.error
    assert app.metric or view == "merchants"


def test_each_category_leads_to_what_it_says(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    who = profile(house.store, demo_person)
    view = spending(house.caches.of(demo_person), span_of("90d", "before", who.today))
    shown = dict(links(open_screen("analytics", demo_person)))
    assert view.groups
    for group in view.groups:
        if group.whole.rows:
            found = rows_behind(house, demo_person, shown[group.whole.title])
            assert found == (group.whole.rows, group.whole.spent)
    assert {one.name for one in view.merchants} <= set(shown)


def test_each_stream_leads_to_what_it_says(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    who = profile(house.store, demo_person)
    view = flow(house.caches.of(demo_person), span_of("12m", "before", who.today))
    shown = {
        words.partition("|")[0]: address for words, address in links(open_screen("analytics", demo_person, view="flow"))
    }
    for one in (*view.sources, *view.uses):
        if one.category_ids and one.role in {"income", "spending"}:
            count, spent = rows_behind(house, demo_person, shown[one.title])
            assert (count, abs(spent)) == (one.rows, one.amount)


def test_each_day_leads_to_what_was_spent_on_it(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    who = profile(house.store, demo_person)
    view = year_days(house.caches.of(demo_person), who.today.year, who.today)
    app = open_screen("analytics", demo_person, view="days")
    by_day = {dict(parse_qsl(urlsplit(address).query))["from"]: address for _, address in links(app)}
    there = [one for one in view.days if one.rows]
    assert {one.day.isoformat() for one in there} <= set(by_day)
    for one in there[:: max(1, len(there) // 5)]:
        assert rows_behind(house, demo_person, by_day[one.day.isoformat()]) == (one.rows, one.spent)


def test_a_year_is_told_with_its_figures(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    who = profile(house.store, demo_person)
    formats = formats_of(who)
    year = who.today.year - 1
    view = year_review(house.caches.of(demo_person), year, who.today)
    app = open_screen("analytics", demo_person, view="year", year=str(year))
    banner = str(app.get("html")[0].proto.body)
    assert f"Your {year}<" in banner
    assert formats.money(view.sums.income, "USD", whole=True) in banner
    assert view.best is not None
    assert formats.month(view.best.month) in said(app)
    assert formats.number(view.quiet_days) in [one.value for one in app.metric]
    assert "New subscriptions and bills" in [one.value for one in app.subheader]


def test_the_widgets_write_the_address(open_screen: Open, demo_person: UserId) -> None:
    app = open_screen("analytics", demo_person)
    app.selectbox(key="analytics_period").set_value("last_month").run()
    assert app.query_params["period"] == ["last_month"] or app.query_params["period"] == "last_month"
    app.selectbox(key="analytics_compare").set_value("none").run()
    assert not app.exception
    assert "against" not in said(app)
    app.selectbox(key="analytics_period").set_value("own").run()
    assert {"from", "to"} <= set(app.query_params)
    assert not app.exception


def test_a_search_finds_a_merchant_and_its_page_tells_all(
    open_screen: Open, house: Runtime, demo_person: UserId
) -> None:
    who = profile(house.store, demo_person)
    found = merchants(house.caches.of(demo_person), span_of("12m", "before", who.today))
    name = found.lines[2].spent.name
    app = open_screen("analytics", demo_person, view="merchants", text=name.upper())
    (table,) = app.dataframe
    assert name in list(table.value["Merchant"])
    assert len(table.value) < len(found.lines)
    app = open_screen("analytics", demo_person, view="merchants", merchant=name)
    assert name in [one.value.replace("\\", "") for one in app.subheader]
    _, spent = counted(house, demo_person, TransactionFilter(merchant=name, kind="spending", until=who.today))
    assert formats_of(who).figure(spent, "USD") in [one.value for one in app.metric]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"period": "own", "from": "1999-01-01", "to": "1999-02-01"}, "Nothing was spent on these days"),
        ({"view": "flow", "period": "own", "from": "1999-01-01", "to": "1999-02-01"}, "Nothing came in or was spent"),
        ({"view": "merchants", "text": "no such shop"}, "No merchant is called that"),
        ({"view": "merchants", "merchant": "<b>nobody</b>"}, "Nothing went to a merchant of this name"),
        ({"view": "days", "year": "1999"}, "Nothing was spent in this year"),
        ({"view": "year", "year": "1999"}, "Nothing is known of 1999"),
        ({"view": "year", "year": "9998"}, "Nothing is known of 9998"),
    ],
    ids=str,
)
def test_where_there_is_nothing_that_is_said(
    open_screen: Open, demo_person: UserId, query: dict[str, str], told: str
) -> None:
    app = open_screen("analytics", demo_person, **query)
    assert not app.exception
    assert not app.error
    assert told in words(app)


def hovers(figure: Any) -> Iterator[str]:
    """Yield all that a figure tells under the pointer."""
    for trace in figure.data:
        yield from trace.customdata


def test_the_figures_tell_money_in_the_persons_way() -> None:
    step = Step(date(2026, 1, 1), "Thu Jan 1", Decimal("12.5"), Decimal(3), None)
    assert list(hovers(steps_figure((step, step), "USD", AMERICAN)))[:3] == ["Thu Jan 1: $12.50"] * 2 + ["$3.00"]
    assert len(steps_figure((step,), "USD", AMERICAN).data) == 2
    column = Column("Jan", "January 2026", Decimal(-2))
    assert list(hovers(columns_figure((column,), "EUR", Formats("de_DE")))) == ["January 2026: −2,00\xa0€"]
    layers = (Layer("<b>Bank</b>", (Decimal(1), Decimal(2))), Layer("Loan", (Decimal(-5), Decimal(-4)), owed=True))
    dates = (date(2026, 1, 1), date(2026, 1, 2))
    figure = layers_figure(dates, layers, (Decimal(-4), Decimal(-2)), "USD", AMERICAN, stacked=True)
    assert [one.name for one in figure.data] == ["\u2039b>Bank\u2039/b>", "Loan", "Net worth"]
    assert [one.stackgroup for one in figure.data] == ["owned", "owed", None]
    alone = layers_figure(dates, layers, (), "USD", AMERICAN, stacked=False)
    assert [one.stackgroup for one in alone.data] == [None, None]
    rates = rates_figure(("Jan",), ("January 2026",), (Decimal(-7),), (None,), AMERICAN)
    assert list(rates.data[0].y) == [-1.0]
    assert list(hovers(rates)) == ["January 2026: −700%"]


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (5, 0, ("new", "")),
        (0, 5, ("was $5.00", "good")),
        (7, 5, ("$2.00 more", "bad")),
        (5, 7, ("$2.00 less", "good")),
        (5, 5, ("no change", "")),
        (-5, 0, ("$5.00 less", "good")),
    ],
)
def test_how_spending_moved_is_told(now: int, before: int, told: tuple[str, str]) -> None:
    assert moved(Decimal(now), Decimal(before), "USD", AMERICAN) == told
