"""The Explore page: what an address asks is what is shown, what is chosen goes into the address, views are kept."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core import clock
from core.analytics import (
    CHARTS,
    COMPARISONS,
    DIMENSIONS,
    MEASURES,
    MOST,
    ORDERS,
    PRESETS,
    Chart,
    Dates,
    Dimension,
    Key,
    LineSums,
    Names,
    Pivot,
    PivotRow,
    View,
    explore,
    list_views,
    settled,
)
from core.identity import profile
from core.importing import look_at_file, take_in
from core.runtime import Runtime
from core.store import UserId
from pages.exploring.address import kept_query, query_for, view_in
from pages.exploring.charts import LABEL, MOST_MARKS, ROW, TALLEST, can_be_clicked, clicked_keys, view_figure
from pages.exploring.ready_made import READY_MADE
from pages.exploring.wording import key_words
from pages.shared.formats import formats_of, hover_text, plain_text
from tests.pages.conftest import Open
from tests.pages.test_transactions_filter import filters

dimensions = st.sampled_from(DIMENSIONS)
views = st.builds(
    View,
    rows=st.lists(dimensions, min_size=1, max_size=2).map(tuple),
    columns=st.none() | dimensions,
    measures=st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3).map(tuple),
    wanted=filters,
    span=st.sampled_from(PRESETS),
    against=st.sampled_from(COMPARISONS),
    order=st.sampled_from(ORDERS),
    most=st.sampled_from(MOST),
    chart=st.none() | st.sampled_from(CHARTS),
).map(settled)


@given(views)
def test_an_address_brings_back_the_view(view: View) -> None:
    if view.span == "own" and not (view.wanted.since or view.wanted.until):
        assert view_in(query_for(view)).span == "own"
    assert view_in(query_for(view)) == view
    assert view_in(dict(parse_qsl(kept_query(view)))) == view


def test_views_that_people_kept_go_on_meaning_what_they_meant() -> None:
    spans = "month last_month 3m 6m 12m 24m year last_year all own"
    kept = [view_in(dict(parse_qsl(f"rows=group&period={span}"))).span for span in spans.split()]
    assert kept == spans.split()
    held = [view_in(dict(parse_qsl(f"rows=group&against={one}"))).against for one in ("none", "before", "year")]
    assert held == ["none", "before", "year"]


@pytest.mark.parametrize(
    "query",
    [
        {"columns": "month", "rows": "DROP TABLE", "show": "evil", "period": "ever"},
        {"top": "1e9", "sort": "x", "chart": "pie", "against": "me"},
    ],
)
def test_nonsense_in_an_address_asks_for_nothing_else(query: dict[str, str]) -> None:
    assert view_in(query) == settled(View())


def words(app: AppTest) -> str:
    return "\n".join(str(element.proto) for element in app.main)


@pytest.mark.parametrize("place", range(len(READY_MADE)))
def test_every_ready_made_question_is_answered(
    open_screen: Open, house: Runtime, demo_person: UserId, place: int
) -> None:
    view = settled(READY_MADE[place].view)
    app = open_screen("explore", demo_person, **query_for(view))
    assert not app.exception
    assert not app.error
    who = profile(house.store, demo_person)
    pivot = explore(house.caches.of(demo_person), view, who.today, who.week_start_day)
    (table,) = app.dataframe
    assert len(table.value) == len(pivot.rows) + 1
    total = pivot.total.total.value(view.measure)
    assert total is not None
    assert plain_text(formats_of(who).money(total, pivot.currency)) in words(app).replace("\\\\", "\\")
    last = [one for one in table.value.iloc[-1].tolist() if isinstance(one, Decimal)]
    assert total in last


@pytest.mark.parametrize(
    ("view", "chart"),
    [
        (View(("group",), "month", ("spent",)), "heat"),
        (View(("group",), "month", ("spent",)), "stacked"),
        (View(("month",), "group", ("spent",)), "lines"),
        (View(("group", "merchant"), None, ("spent",), span="3m"), "treemap"),
        (View(("category",), None, ("spent",), span="3m"), "treemap"),
    ],
)
def test_whatever_is_clicked_in_a_picture_is_found_again(
    house: Runtime, demo_person: UserId, view: View, chart: Chart
) -> None:
    who = profile(house.store, demo_person)
    formats = formats_of(who)
    pivot = explore(house.caches.of(demo_person), view, who.today)
    figure = view_figure(pivot, chart, formats)
    found = set()
    for trace in figure.data:
        areas = [] if trace.ids is None else [{"id": number} for number in trace.ids]
        words = list(trace.customdata) if areas else [told for told, *_ in trace.customdata or ()]
        points = areas or [{"customdata": list(one)} for one in trace.customdata or ()]
        for point, said in zip(points, words, strict=True):
            keys = clicked_keys(pivot, point)
            assert keys
            for key in keys[-1:] if areas else keys:
                assert hover_text(key_words(pivot, key, formats)) in said
            found.add(keys)
    if chart == "treemap":
        assert found == {row.keys for row in pivot.rows if (row.total.spent or 0) > 0}
    else:
        assert found == {(*row.keys, column) for row in pivot.outer for column in pivot.columns}
    for stale in ({}, {"customdata": ["", len(pivot.outer), 0]}, {"id": str(len(pivot.rows))}, {"id": "Total"}):
        assert clicked_keys(pivot, stale) is None


@pytest.mark.parametrize(
    ("view", "chart"),
    [
        (View(("group",), "month", ("spent",)), "area"),
        (View(("month",), None, ("spent",)), "area"),
        (View(("group",), "month", ("spent",)), "stacked"),
        (View(("month",), "group", ("spent",)), "lines"),
        (View(("month",), None, ("net",)), "bars"),
        (View(("category",), None, ("spent",), span="3m"), "bars"),
    ],
)
def test_plotly_knows_all_that_it_is_not_asked_to_check(
    house: Runtime, demo_person: UserId, view: View, chart: Chart
) -> None:
    who = profile(house.store, demo_person)
    figure = view_figure(explore(house.caches.of(demo_person), view, who.today), chart, formats_of(who))
    assert len(figure.data) > 0
    assert go.Figure(figure.to_dict()).to_dict() == figure.to_dict()


def summed(*rows: tuple[tuple[str, ...], int], dimensions: tuple[Dimension, ...]) -> Pivot:
    """Return what was spent by the names of rows, those of a part below their whole."""
    names = Names(categories={}, groups={}, needs={}, accounts={}, banks={})
    told = tuple(
        PivotRow(
            tuple(Key(one, name) for one, name in zip(dimensions, keys, strict=False)),
            total=LineSums(spent=Decimal(spent)),
        )
        for keys, spent in rows
    )
    view = View(dimensions, None, ("spent",))
    return Pivot(view, Dates(None, None), "USD", (), told, PivotRow(()), (), names)


def test_a_part_is_drawn_though_refunds_leave_nothing_of_its_whole(house: Runtime, demo_person: UserId) -> None:
    pivot = summed(
        (("Home",), 5), (("Home", "Oak"), 5), (("Trips",), -1), (("Trips", "Air"), 3), (("Trips", "Inn"), -4),
        dimensions=("tag", "merchant"),
    )  # fmt: skip
    (areas,) = view_figure(pivot, "treemap", formats_of(profile(house.store, demo_person))).data
    assert areas.labels == ("Home", "Oak", "Air")
    assert areas.parents == ("", "0", "")
    assert set(areas.parents) - {""} <= set(areas.ids)


def test_a_whole_of_which_no_part_is_drawn_has_its_own_area(house: Runtime, demo_person: UserId) -> None:
    # One line may have several tags: +10 with one, +10 with the other, -15 with both.
    pivot = summed(
        (("Shop",), 5), (("Shop", "one"), -5), (("Shop", "other"), -5), dimensions=("merchant", "tag")
    )  # fmt: skip
    (areas,) = view_figure(pivot, "treemap", formats_of(profile(house.store, demo_person))).data
    assert areas.values == (5.0,)


def test_a_name_with_a_colon_is_not_taken_for_a_figure(house: Runtime, demo_person: UserId) -> None:
    pivot = summed((("Uber: Trip",), 10), dimensions=("merchant",))
    (areas,) = view_figure(pivot, "treemap", formats_of(profile(house.store, demo_person))).data
    assert areas.text == ("$10.00",)
    assert areas.customdata == ("Uber: Trip: $10.00",)


def gridded(rows: int, columns: int) -> Pivot:
    """Return as many merchants by as many tags, with something spent at each crossing."""
    tags = tuple(Key("tag", f"tag {number}") for number in range(columns))
    cells = dict.fromkeys(tags, LineSums(spent=Decimal(1)))
    told = tuple(PivotRow((Key("merchant", f"shop {number}"),), cells) for number in range(rows))
    empty = summed(dimensions=("merchant",))
    return replace(empty, view=View(("merchant",), "tag", ("spent",)), columns=tags, rows=told)


def test_a_heat_map_reaches_as_far_as_its_cells(house: Runtime, demo_person: UserId) -> None:
    figure = view_figure(gridded(5, 24), "heat", formats_of(profile(house.store, demo_person)))
    assert figure.layout.xaxis.range == (-0.5, 23.5)
    assert figure.layout.yaxis.range == (4.5, -0.5)
    assert figure.layout.yaxis.autorange is None


def test_a_heat_map_of_very_many_rows_is_no_higher_than_a_browser_draws_at_once(
    house: Runtime, demo_person: UserId
) -> None:
    formats = formats_of(profile(house.store, demo_person))
    short, tall = (view_figure(gridded(rows, 2), "heat", formats).layout for rows in (20, 400))
    assert (short.height, len(short.yaxis.ticktext)) == (20 * ROW + 40, 20)
    assert tall.height <= TALLEST + 40
    assert 2 <= len(tall.yaxis.ticktext) <= TALLEST / LABEL
    assert tall.yaxis.ticktext[1] == f"shop {tall.yaxis.tickvals[1]}"


def test_a_heat_map_of_very_many_cells_is_drawn_without_marks_to_click(house: Runtime, demo_person: UserId) -> None:
    formats = formats_of(profile(house.store, demo_person))
    few, many = gridded(1, MOST_MARKS), gridded(1, MOST_MARKS + 1)
    shades, marks = view_figure(few, "heat", formats).data
    assert len(marks.customdata) == MOST_MARKS
    assert shades.hovertext is None
    assert can_be_clicked(few, "heat")
    (shades,) = view_figure(many, "heat", formats).data
    assert shades.hovertext[0][MOST_MARKS] == f"shop 0, tag {MOST_MARKS}: $1.00"
    assert not can_be_clicked(many, "heat")
    assert can_be_clicked(many, "stacked")


@pytest.mark.parametrize(("columns", "promised"), [("need", True), ("merchant", False)])
def test_the_note_promises_no_click_on_a_heat_map_of_very_many_cells(
    open_screen: Open,
    demo_person: UserId,
    columns: str,
    promised: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    app = open_screen("explore", demo_person, rows="day", columns=columns, period="all", chart="heat")
    assert not app.exception
    assert any("A click on the chart leads" in one.value for one in app.caption) is promised


def test_what_is_chosen_goes_into_the_address(open_screen: Open, demo_person: UserId) -> None:
    app = open_screen("explore", demo_person)
    app.selectbox(key="explore_rows").set_value("tag").run()
    app.selectbox(key="explore_columns").set_value("nothing").run()
    app.selectbox(key="explore_against").set_value("year").run()
    assert not app.exception
    assert app.query_params["rows"] in ("tag", ["tag"])
    assert "columns" not in app.query_params
    assert app.query_params["against"] in ("year", ["year"])
    assert "What has several tags counts under each" in words(app)
    assert "against" in words(app)


def test_the_table_is_offered_as_a_file_that_its_form_is_told_of(open_screen: Open, demo_person: UserId) -> None:
    app = open_screen("explore", demo_person)
    app.button(key="export_view").click().run()
    assert [one.label for one in app.download_button] == ["Download"]
    assert "For any spreadsheet" in " ".join(one.value for one in app.caption)


def test_no_file_is_offered_before_a_fresh_check(open_screen: Open, house: Runtime, person: UserId) -> None:
    file = f"Date,Description,Amount\n{clock.now():%Y-%m-%d},Shop,-4.50\n{clock.now():%Y-%m-%d},Inn,-9.50\n"
    take_in(house.store, person, look_at_file(house.store, person, file.encode(), "bank.csv", account="Everyday"))
    app = open_screen("explore", person, signed_in_at=clock.now() - timedelta(minutes=11))
    app.button(key="export_view").click().run()
    assert not app.download_button
    assert "First confirm that it is you" in " ".join(one.value for one in app.markdown)


def test_a_view_is_saved_and_its_name_asked_for_before_it_is_replaced(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = open_screen("explore", own_demo_person, rows="weekday")
    assert not any(one.label == "Save view" for one in app.button), "what nobody opened is not drawn"
    app.session_state["saved_views"] = True
    app.run()
    for query in ("rows=weekday", "rows=year"):
        app.text_input(key="saved_view_name").set_value("Mine")
        next(one for one in app.button if one.label == "Save view").click().run()
        assert not app.exception
        app.query_params["rows"] = query.removeprefix("rows=") if query == "rows=year" else "year"
        app.run()
    (kept,) = list_views(house.store, own_demo_person)
    assert kept.query == "rows=weekday"
    app.button(key="replace_view").click().run()
    assert [one.query for one in list_views(house.store, own_demo_person)] == ["rows=year"]


def test_without_transactions_the_page_says_what_comes_here(open_screen: Open, person: UserId) -> None:
    app = open_screen("explore", person)
    assert not app.exception
    assert "Ask your money anything" in words(app)


def test_a_chart_that_the_browser_merely_shows_is_not_taken_for_chosen(open_screen: Open, demo_person: UserId) -> None:
    def choice() -> Any:
        (found,) = [one for one in app.get("button_group") if (one.key or "").startswith("chart_of_")]
        return found

    app = open_screen("explore", demo_person)
    chart = choice().set_value("stacked")
    # A run that was cut short before it drew the choice forgets it, and takes what the browser tells of it for news.
    del app._session_state._state._new_widget_state[chart.proto.id]
    app.run()
    assert not app.exception
    assert not app.query_params
    choice().set_value("lines").run()
    assert app.query_params["chart"] in ("lines", ["lines"])
