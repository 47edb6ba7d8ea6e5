"""What is asked: the widgets that choose figures, dimensions, period and filter; each writes the address."""

from dataclasses import replace

import streamlit as st

from core.analytics import (
    DIMENSION_TITLES,
    DIMENSIONS,
    MEASURE_TITLES,
    MEASURES,
    MOST,
    ORDERS,
    PRESETS,
    TransactionFilter,
    View,
)
from pages.exploring import address
from pages.exploring.address import NOTHING, key
from pages.exploring.wording import AGAINST_WORDS, ORDER_WORDS
from pages.shared.filter_fields import fields_of, told
from pages.shared.formats import Formats
from pages.shared.gate import Visitor, require_user
from pages.shared.periods import PERIOD_NAMES

NARROWEST = 140
PICTURES = {"png": "PNG", "svg": "SVG"}


def controls(
    guest: Visitor, view: View, accounts: dict[int, str], categories: dict[int, str], formats: Formats
) -> None:
    """Draw all of it; `accounts` and `categories` are what each is called, by id."""
    changed = address.address_follows_widgets
    fields = fields_of(guest, view.wanted, key, changed, accounts, categories)
    under: list[str] = [NOTHING, *(one for one in DIMENSIONS if one != view.rows[0])]
    columns: list[str] = [NOTHING, *(one for one in DIMENSIONS if one not in view.rows)]
    with st.grid(4, min_column_width=NARROWEST, gap="small", vertical_alignment="bottom"):
        st.selectbox("Show", MEASURES, key=key("measure"), format_func=MEASURE_TITLES.__getitem__, on_change=changed)
        st.selectbox("By", DIMENSIONS, key=key("rows"), format_func=DIMENSION_TITLES.__getitem__, on_change=changed)
        st.selectbox("And under it", under, key=key("under"), format_func=_named, on_change=changed)
        st.selectbox("Across", columns, key=key("columns"), format_func=_named, on_change=changed)
        st.selectbox("Period", PRESETS, key=key("span"), format_func=PERIOD_NAMES.__getitem__, on_change=changed)
        st.selectbox(
            "Held against",
            list(AGAINST_WORDS),
            key=key("against"),
            format_func=AGAINST_WORDS.__getitem__,
            on_change=changed,
        )
        finer = st.popover(
            "Filter", icon=":material/filter_alt:", width="stretch", key="explore_filter", on_change="rerun"
        )
        if finer.open:
            with finer:
                fields.search()
                fields.account()
                fields.category()
                fields.finer("pending", "hidden")
        more = st.popover("More", icon=":material/tune:", width="stretch", key="explore_more", on_change="rerun")
        if more.open:
            with more:
                _more(view)
    if view.span == "own":
        with st.container(horizontal=True):
            fields.day("From", "since", formats, width=180)
            fields.day("To", "until", formats, width=180)
    filtered = replace(view.wanted, since=None, until=None)
    if not filtered.is_open:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(told(filtered, accounts, categories, formats))
            st.button("Clear filters", icon=":material/filter_alt_off:", type="tertiary", on_click=clear)


def clear() -> None:
    """Filter nothing any more; the period stays."""
    require_user()
    view = address.view_in(st.query_params.to_dict())
    dates = TransactionFilter(since=view.wanted.since, until=view.wanted.until)
    address.show(replace(view, wanted=dates))


def _more(view: View) -> None:
    changed = address.address_follows_widgets
    st.segmented_control(
        "Order",
        ORDERS,
        key=key("order"),
        format_func=ORDER_WORDS.__getitem__,
        required=True,
        on_change=changed,
        persist_state="session",
    )
    st.segmented_control(
        "The camera above the chart saves a",
        list(PICTURES),
        key="picture_form",
        required=True,
        format_func=PICTURES.__getitem__,
        default="png",
        persist_state="session",
    )
    st.selectbox("Rows told apart", MOST, key=key("shown"), on_change=changed, persist_state="session")
    st.caption("What is left is one row, so that everything adds up. Of days and months the latest 400 are told apart.")
    others = [one for one in MEASURES if one not in {view.measure, "balance"}]
    if view.columns is None and view.measure != "balance":
        st.multiselect(
            "Also show",
            others,
            key=key("beside"),
            format_func=MEASURE_TITLES.__getitem__,
            placeholder="Nothing else",
            on_change=changed,
            persist_state="session",
        )
    else:
        st.caption("Choose nothing across to see several figures side by side.")


def _named(dimension: str) -> str:
    return next((title for one, title in DIMENSION_TITLES.items() if one == dimension), "Nothing")
