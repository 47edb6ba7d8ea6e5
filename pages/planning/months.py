"""Which month a page of plans is about: one of the person's own months, named in the address."""

from datetime import date
from typing import Final

import streamlit as st

from core import clock
from core.planning import PlanMonth, month_called, month_of
from pages.shared.formats import Formats
from pages.shared.gate import Visitor

BACK: Final = 36
AHEAD: Final = 12
KEY: Final = "plan_month"


def picked_month(guest: Visitor, formats: Formats) -> PlanMonth:
    """Let the person choose a month; the address names it ("?month=2026-11")."""
    first_day = guest.profile.month_start_day
    now = month_of(guest.today, first_day)
    offered = [now.moved(by).start for by in range(AHEAD, -BACK - 1, -1)]
    asked = _asked(st.query_params.get("month", ""), now.start)
    if asked not in offered:
        offered = sorted([*offered, asked], reverse=True)
    if st.session_state.get(KEY) != asked:
        st.session_state[KEY] = asked

    def chosen() -> None:
        _go(st.session_state[KEY], now.start)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for words, icon, by in (("Month before", "chevron_left", -1), ("Month after", "chevron_right", 1)):
            st.button(
                words,
                icon=f":material/{icon}:",
                key=f"month_{icon}",
                on_click=_go,
                args=(clock.add_months(asked, by), now.start),
                type="tertiary",
            )
        st.selectbox(
            "Month",
            offered,
            key=KEY,
            format_func=formats.month,
            on_change=chosen,
            label_visibility="collapsed",
            width=200,
        )
    return month_called(asked, first_day)


def month_words(month: PlanMonth, formats: Formats) -> str:
    """Return what a month is called; with its days when it is no calendar month."""
    name = formats.month(month.start)
    return name if month.first.day == 1 else f"{name} ({formats.day(month.first)} to {formats.day(month.last)})"


def _asked(text: str, instead: date) -> date:
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return instead
    # A century either way holds every plan.
    return asked if abs(asked.year - instead.year) <= 100 else instead


def _go(month: date, now: date) -> None:
    if month == now:
        st.query_params.pop("month", None)
    else:
        st.query_params["month"] = f"{month:%Y-%m}"
