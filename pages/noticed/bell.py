"""The bell in the frame: how many insights are new, and the latest of them; it follows by itself."""

from typing import Final

import streamlit as st

from core.insights import count_unread, latest, mark_all_read, told
from pages.noticed.leads import badge_of, leads
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of
from pages.shared.gate import require_user, visitor
from pages.shared.links import Link, page_link
from pages.shared.tables import link_with_words

EVERY: Final = 20
"""Seconds between two looks: each costs a count."""
SHOWN: Final = 3
MOST: Final = 99


@st.fragment(run_every=EVERY)
def bell() -> None:
    """Draw the bell. Its redrawing by itself leaves the page alone."""
    # An open page runs on after its session ended elsewhere; the page itself says so. And nobody needs to be there
    # for this to run: a session that is left alone must still end.
    guest = visitor(used=False)
    if guest is None:
        return
    store, user, today = guest.house.store, guest.user, guest.today
    count = count_unread(store, user, today)
    icon = ":material/notifications_unread:" if count else ":material/notifications:"
    many = f"{MOST}+" if count > MOST else str(count)
    label = f"{many} new {'insight' if count == 1 else 'insights'}" if count else "No new insights"
    menu = st.popover(
        label, icon=icon, type="secondary" if count else "tertiary", width="stretch", key="bell", on_change="rerun"
    )
    if not menu.open:
        return
    with menu, failures_told():
        found = latest(store, user, today, SHOWN)
        formats = formats_of(guest.profile)
        for one in found:
            words = told(one.kind, one.facts, formats)
            lead = leads(one)[0]
            link_with_words(Link(words.title, lead.page, lead.query), words.sentence, icon=badge_of(one)[1])
        if not found:
            st.caption("What is noticed in your money is told here.")
        page_link(Link("All insights", links.INSIGHTS))
        if count:
            st.button(
                "Mark all as read", icon=":material/done_all:", key="bell_read", on_click=read_all, type="tertiary"
            )


def read_all() -> None:
    """Mark every insight as read, for a button."""
    guest = require_user()
    with failures_told():
        mark_all_read(guest.house.store, guest.user)
