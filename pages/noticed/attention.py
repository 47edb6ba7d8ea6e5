"""The insights that want attention first, as lines of the overview."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.insights import InsightEntry, foremost, told
from pages.noticed.leads import badge_of, leads
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor
from pages.shared.links import page_link

SHOWN: Final = 3


def first_of_all(guest: Visitor) -> tuple[InsightEntry, ...]:
    """Return the few insights that want attention first."""
    return foremost(guest.house.store, guest.user, guest.today, SHOWN)


def insight_lines(found: Sequence[InsightEntry], formats: Formats) -> None:
    """Draw each insight with what to do next."""
    for one in found:
        words = told(one.kind, one.facts, formats)
        _, icon, colour = badge_of(one)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f":{colour}[{icon}] {plain_text(words.title)}")
            page_link(leads(one)[0])


def budgets_told(found: Sequence[InsightEntry]) -> frozenset[int]:
    """Return the categories whose budgets these insights tell of."""
    told_of = (one.facts.get("category_id") for one in found)
    return frozenset(one for one in told_of if isinstance(one, int))
