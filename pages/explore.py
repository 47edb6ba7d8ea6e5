"""Explore: any measure by anything, as a picture and as a table, every cell with the way to its rows."""

from dataclasses import replace

import streamlit as st

from core.analytics import (
    MEASURE_TITLES,
    Chart,
    Pivot,
    View,
    account_summaries,
    charts_for,
    columns_of,
    explore,
    value_of,
)
from core.ledger import list_categories
from pages.exploring import address
from pages.exploring.charts import can_be_clicked, clicked_keys, view_figure
from pages.exploring.controls import controls
from pages.exploring.exporting import export_button
from pages.exploring.ready_made import ready_made
from pages.exploring.saved import saved_views
from pages.exploring.table import open_rows, pivot_table
from pages.exploring.wording import CHART_ICONS, CHART_WORDS, figure_words
from pages.shared.accounts import account_names
from pages.shared.categories import category_names
from pages.shared.charts.drawing import CONFIG, take_up_again
from pages.shared.empty import nothing_found, nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user

CAMERA = {"displayModeBar": "hover", "displaylogo": False, "modeBarButtons": [["toImage"]]}


def choose_chart(key: str, shown: Chart) -> None:
    """Write the chart that was chosen instead of the `shown` one into the address; none is the one that suits."""
    require_user()
    chosen = st.session_state[key]
    # After a run that was cut short Streamlit takes what the browser shows for news: that may bring nobody back here
    # who is on the way to another screen.
    if chosen != shown:
        view = address.view_in(st.query_params.to_dict())
        address.show(replace(view, chart=chosen))


def summary(pivot: Pivot, formats: Formats) -> None:
    """Say in one line what all of it comes to, of which days, and how that compares."""
    said = []
    for column in columns_of(pivot):
        if column.what in {"total", "before"}:
            words = plain_text(figure_words(value_of(pivot.total, column), column, pivot.currency, formats))
            name = MEASURE_TITLES[column.measure]
            said.append(f"{name} **{words}**" if column.what == "total" else f"before {words}")
        elif column.what == "change" and (share := value_of(pivot.total, column)) is not None:
            said.append(plain_text(formats.percent(share, signed=True)))
    dates = pivot.dates
    days = f"{formats.day(dates.since)} to {formats.day(dates.until)}" if dates.since or dates.until else "all time"
    if dates.before:
        days += f", against {formats.day(dates.before.since)} to {formats.day(dates.before.until)}"
    st.markdown(f"{' · '.join(said)}  \n:small[:gray[{plain_text(days)}]]")


def chart_of(pivot: Pivot) -> Chart:
    """Return the chart that was chosen, or the one that suits."""
    return pivot.view.chart or charts_for(pivot.view)[0]


def picture(pivot: Pivot, formats: Formats) -> None:
    """Draw the chart, and the choice of another."""
    suited, chart = charts_for(pivot.view), chart_of(pivot)
    key = f"chart_of_{'_'.join(suited)}_{chart}"
    if len(suited) > 1:
        st.segmented_control(
            "Chart",
            suited,
            default=chart,
            format_func=lambda one: f"{CHART_ICONS[one]} {CHART_WORDS[one]}",
            key=key,
            on_change=choose_chart,
            args=(key, chart),
            label_visibility="collapsed",
        )
    camera = {
        "toImageButtonOptions": {
            "format": st.session_state.get("picture_form") or "png",
            "filename": "explore",
            "scale": 2,
        }
    }
    told = st.plotly_chart(
        view_figure(pivot, chart, formats),
        key=f"explore_chart_{address.kept_query(pivot.view)}",
        config=CONFIG | CAMERA | camera,
        on_select="rerun",
        selection_mode="points",
        alt=f"{MEASURE_TITLES[pivot.view.measure]} as {CHART_WORDS[chart].lower()}; the table below has every figure",
    )
    points = told.selection.points if told else []
    keys = clicked_keys(pivot, points[0]) if points else None
    if keys:
        open_rows(pivot, keys, pivot.view.measure)


def notes(pivot: Pivot) -> None:
    """Say what a figure does not tell by itself."""
    said = []
    if pivot.unrated:
        what = "accounts" if pivot.view.measure == "balance" else "transactions"
        told = ", ".join(f"{rows:,} in {code}" for code, rows in pivot.unrated)
        said.append(f"Without a rate into {pivot.currency}, so in no amount: {what} {told}.")
    if "tag" in pivot.view.dimensions:
        said.append("What has several tags counts under each of them, and once in sums over all tags.")
    if pivot.view.measure == "balance":
        said.append("What was on the accounts at the end, whatever else is filtered than accounts and days.")
    else:
        said.append("Spending is less refunds; transfers between own accounts are neither spending nor income.")
    if pivot.columns and pivot.dates.before:
        said.append("The period before stands beside the totals.")
    if can_be_clicked(pivot, chart_of(pivot)):
        said.append("A click on the chart leads to its transactions too.")
    st.caption(plain_text(" ".join(said)))


def screen(guest: Visitor, view: View, formats: Formats) -> None:
    """Draw the whole page."""
    accounts = account_summaries(guest.cache)
    if not any(one.rows for one in accounts):
        nothing_yet(
            "Ask your money anything",
            "Where it goes, when, to whom and how that changes: as soon as there are transactions.",
            icon=":material/pivot_table_chart:",
        )
        return
    with st.container(border=True):
        controls(guest, view, account_names(accounts), category_names(list_categories(guest.house.store, guest.user)),
                 formats)  # fmt: skip
    pivot = explore(guest.cache, view, guest.today, guest.profile.week_start_day)
    with asked:
        export_button(pivot)
    if not pivot.rows:
        nothing_found("There is nothing like this in these days. Choose a longer period, or filter less.")
        return
    with st.container(border=True):
        summary(pivot, formats)
        picture(pivot, formats)
    pivot_table(pivot, formats, key=f"explore_table_{address.kept_query(pivot.view)}")
    notes(pivot)


guest = require_user()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Explore", anchor=False, width="content")
    asked = st.container(horizontal=True, width="content")
with failures_told(), st.skeleton(height=400):
    take_up_again()
    shown = address.widgets_follow_address()
    with asked:
        questions = st.popover("Questions", icon=":material/lightbulb:", key="explore_questions", on_change="rerun")
        if questions.open:
            with questions:
                ready_made(columns=1, chosen=shown)
        saved_views(guest, shown, st.container(width="content"))
    screen(guest, shown, formats_of(guest.profile))
