"""The head of the Analytics screen: which view, which period, against what, of which accounts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import streamlit as st

from core.analytics import Comparing, Span
from core.clock import EARLIEST
from pages.analysing.asking import Asked, View, ask, without_openings
from pages.shared.formats import Formats
from pages.shared.periods import PERIOD_NAMES

VIEW_NAMES: Final[Mapping[View, str]] = {
    "spending": "Spending",
    "flow": "Income & spending",
    "worth": "Net worth",
    "merchants": "Merchants",
    "days": "Days",
    "year": "Year in review",
}
COMPARE_NAMES: Final[Mapping[Comparing, str]] = {
    "before": "Against the period before",
    "year": "Against a year before",
    "none": "Against nothing",
}
BY_YEAR: Final = frozenset({"days", "year"})
"""Views that tell a year, whatever the period."""
COMPARING: Final = frozenset({"spending", "flow", "merchants"})

Chosen = TypeVar("Chosen", bound=str | int)


def view_picker(wanted: Asked) -> None:
    """Draw the choice of the view."""

    def choose() -> None:
        ask(replace(without_openings(wanted), view=st.session_state["analytics_view"]))

    st.session_state["analytics_view"] = wanted.view
    st.segmented_control(
        "View",
        list(VIEW_NAMES),
        format_func=VIEW_NAMES.__getitem__,
        required=True,
        key="analytics_view",
        on_change=choose,
        label_visibility="collapsed",
    )


def period_picker(wanted: Asked, span: Span, accounts: Mapping[int, str], formats: Formats) -> None:
    """Draw the choice of the period, of what it is held against, and of accounts; each writes the address."""

    def period() -> None:
        chosen = st.session_state["analytics_period"]
        own = (span.since, span.until) if chosen == "own" else (None, None)
        ask(replace(wanted, period=chosen, since=own[0], until=own[1]))

    def compare() -> None:
        ask(replace(wanted, compare=st.session_state["analytics_compare"]))

    def days() -> None:
        chosen = st.session_state["analytics_days"]
        if len(chosen) > 1:
            ask(replace(wanted, since=chosen[0], until=chosen[1]))

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _choice("Period", PERIOD_NAMES, "analytics_period", wanted.preset, period, 160)
        if wanted.preset == "own":
            # Between the two clicks of a range it is left as it is.
            if len(st.session_state.get("analytics_days", ())) != 1:
                st.session_state["analytics_days"] = (span.since, span.until)
            st.date_input(
                "Days",
                key="analytics_days",
                min_value=EARLIEST,
                format=formats.date_order,
                on_change=days,
                label_visibility="collapsed",
                width=230,
            )
        if wanted.view in COMPARING and wanted.preset != "all":
            _choice("Comparison", COMPARE_NAMES, "analytics_compare", wanted.compare, compare, 220)
        account_picker(wanted, accounts)


def year_picker(wanted: Asked, year: int, years: Sequence[int], accounts: Mapping[int, str]) -> None:
    """Draw the choice of the year and of accounts."""

    def choose() -> None:
        ask(replace(wanted, year=st.session_state["analytics_year"]))

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        names = {one: str(one) for one in sorted({*years, year}, reverse=True)}
        _choice("Year", names, "analytics_year", year, choose, 110)
        account_picker(wanted, accounts)


def account_picker(wanted: Asked, accounts: Mapping[int, str]) -> None:
    """Draw the choice of accounts; none stands for all."""

    def choose() -> None:
        ask(replace(wanted, accounts=tuple(st.session_state["analytics_accounts"])))

    st.session_state["analytics_accounts"] = [one for one in wanted.accounts if one in accounts]
    st.multiselect(
        "Accounts",
        list(accounts),
        format_func=accounts.__getitem__,
        key="analytics_accounts",
        on_change=choose,
        placeholder="All accounts",
        label_visibility="collapsed",
        width=260,
    )


def days_told(wanted: Asked, span: Span, formats: Formats) -> str:
    """Return the days of a period, and those that it is held against, in words."""
    words = f"{formats.day(span.since)} to {formats.day(span.until)}"
    if wanted.view in COMPARING and span.before_since is not None:
        words += f", against {formats.day(span.before_since)} to {formats.day(span.before_until)}"
    return words


def _choice(
    label: str, names: Mapping[Chosen, str], key: str, shown: Chosen, changed: Callable[[], None], width: int
) -> None:
    """Draw the choice of one of several, by what each is called; what is shown is what the address says."""
    st.session_state[key] = shown
    st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=changed,
        label_visibility="collapsed",
        width=width,
    )
