"""What will be spent on what, and how good the forecasts of past months were."""

import streamlit as st

from core import clock
from core.forecasting import ELSE, SPANS, BackTest, CategoryOutlook, Outlook
from pages.shared import links
from pages.shared.charts import Span, draw, tested_figure
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.line_list import Line, line_list
from pages.shared.links import Link

WAYS = {
    "last": "as in the last month",
    "mean 3": "the mean of three months",
    "median 3": "the middle of three months",
    "median 6": "the middle of six months",
    "median 12": "the middle of a year",
    "median 24": "the middle of two years",
    "smooth 0.35": "the last months most of all",
    "smooth 0.6": "the last months most of all",
    "trend": "where it is heading",
    "theta": "half of its trend",
    "last year": "as a year ago",
    "same months": "as in these months before",
    "last year moved": "as a year ago, at today’s level",
    "seasons and level": "its level and its seasons",
    "seasons and last months": "its last months and its seasons",
    "seasons and median": "its usual month and its seasons",
    "seasons in shares": "its level and its seasons",
    "every 3": "every quarter again",
    "every 6": "every half-year again",
    "a year's mode": "what it mostly is",
}
"""What each way of forecasting goes by, in words."""
BEFORE = 3
"""The rows of so many months before are what a category's forecast is looked at beside."""


def spending(view: Outlook, formats: Formats) -> None:
    """Draw what will be spent, all together and by category."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("What you will spend", anchor=False)
        days = st.segmented_control(
            "Days ahead",
            SPANS,
            default=SPANS[0],
            required=True,
            format_func=lambda days: f"{days} days",
            key="spending_days",
            label_visibility="collapsed",
        )
    whole = view.spent(days)
    if whole is None:
        return
    st.markdown(
        plain_text(
            f"About {formats.money(whole.total, view.currency)} in {days} days, in four of five cases between "
            f"{formats.money(whole.low, view.currency)} and {formats.money(whole.high, view.currency)}."
        )
    )
    line_list(_part(one, view, formats) for one in view.parts(days) if one.total or one.high)
    st.caption(
        "What is bought by card counts on the day it is bought. Transfers between your own accounts don’t count."
    )


def _part(one: CategoryOutlook, view: Outlook, formats: Formats) -> Line:
    said = []
    if one.known:
        said.append(f"recurring {formats.money(one.known, view.currency)}")
    if one.low != one.high:
        said.append(f"{formats.money(one.low, view.currency)} to {formats.money(one.high, view.currency)}")
    since = clock.add_months(clock.month_start(view.today), -BEFORE)
    query = {"kind": "spending", "from": since.isoformat()}
    if one.category_id != ELSE:
        query["category"] = str(one.category_id or 0)
    return Line(
        Link(one.title, links.TRANSACTIONS, query),
        " · ".join(said) or "as forecast",
        formats.money(one.total, view.currency),
        one.icon,
    )


def past(view: Outlook, found: BackTest, formats: Formats) -> None:
    """Draw what was foreseen of past months beside what came."""
    st.subheader("How good it was before", anchor=False)
    better = found.off < found.off_last
    st.markdown(
        plain_text(
            f"Of each of {formats.number(found.tested)} past months, foreseen from those before it alone: off by "
            f"{formats.money(found.off, view.currency)} on average. Taking the last month again would have been off by "
            f"{formats.money(found.off_last, view.currency)}{'' if better else ', which is no worse'}."
        )
    )
    spans = tuple(Span(one.month, one.forecast, one.low, one.high, one.low, one.high) for one in found.months)
    draw(
        tested_figure(tuple(one.actual for one in found.months), spans, view.currency, formats),
        key="tested_chart",
        alt=f"Spending besides what recurs in each of the last {len(spans)} months, and what was foreseen of it, "
        f"in {view.currency}",
        header=("Month", "Came", "Foreseen", "From", "To"),
        rows=[
            [
                formats.month(one.month),
                *(formats.money(amount, view.currency) for amount in (one.actual, one.forecast, one.low, one.high)),
            ]
            for one in reversed(found.months)
        ],
        link=Link("See the rows", links.TRANSACTIONS, {"kind": "spending", "from": found.months[0].month.isoformat()}),
    )
    st.caption(
        plain_text(
            "What recurs is left out here, for it is known. The spans are meant to hold in four of five months, and "
            f"held in {formats.percent(found.held)}; wider ones, meant for 95%, in {formats.percent(found.held_wide)}."
        )
    )
    with st.expander("By category", icon=":material/category:", expanded=True):
        titles = {one.category_id: one.title for one in view.parts(SPANS[0])}
        st.dataframe(
            {
                "Category": [clean(titles.get(one.category_id, "Uncategorised")) for one in found.parts],
                "Goes mostly by": [WAYS.get(one.leading, "several ways together") for one in found.parts],
                "Off by": [formats.money(one.off, view.currency) for one in found.parts],
                "Last month again": [formats.money(one.off_last, view.currency) for one in found.parts],
                "Held": [formats.percent(one.held) for one in found.parts],
            },
            column_config={
                name: st.column_config.TextColumn(alignment="right") for name in ("Off by", "Last month again", "Held")
            },
            hide_index=True,
            alt="For each category what its forecast mostly goes by, how far off it was a month ahead, how far off the "
            "last month taken again was, and in how many months the span held",
        )
