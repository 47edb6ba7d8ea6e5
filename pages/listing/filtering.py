"""What the list is filtered by: the widgets above it."""

import streamlit as st

from core.analytics import TransactionFilter
from pages.listing.saved import saved_filters
from pages.shared import filters
from pages.shared.filter_fields import CHOICES, fields_of, told
from pages.shared.formats import Formats
from pages.shared.gate import Visitor


def filter_bar(
    guest: Visitor,
    wanted: TransactionFilter,
    accounts: dict[int, str],
    categories: dict[int, str],
    formats: Formats,
) -> None:
    """Draw what can be filtered; each widget writes the address."""
    fields = fields_of(
        guest, wanted, filters.key, filters.address_follows_widgets, accounts, categories, labels="collapsed"
    )
    text, account, category, more, saved = st.columns([4, 3, 3, 2, 2], vertical_alignment="bottom", gap="small")
    with text:
        fields.search()
    with account:
        fields.account()
    with category:
        fields.category()
    finer = more.popover("More", icon=":material/tune:", width="stretch", key="filter_more", on_change="rerun")
    if finer.open:
        with finer:
            since, until = st.columns(2, wrap=False)
            with since:
                fields.day("From", "since", formats)
            with until:
                fields.day("To", "until", formats)
            fields.finer(*CHOICES)
    saved_filters(guest, wanted, saved)
    if not wanted.is_open:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(told(wanted, accounts, categories, formats))
            st.button("Clear filters", icon=":material/filter_alt_off:", type="tertiary", on_click=filters.clear)
