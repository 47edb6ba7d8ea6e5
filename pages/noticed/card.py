"""One insight as a card: what was noticed, what to do next, and to be done with it."""

from functools import partial
from typing import Any, Final

import streamlit as st

from core.insights import InsightEntry, bring_back, dismiss, mark_read, mute, snooze, subject_title, told
from core.store import Store, UserId
from pages.noticed.leads import badge_of, leads
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import require_user
from pages.shared.icons import unseen
from pages.shared.links import page_link

_ICONS: Final = {
    "read": "mark_email_read",
    "unread": "mark_email_unread",
    "week": "snooze",
    "month": "snooze",
    "dismiss": "close",
    "subject": "notifications_off",
    "kind": "notifications_off",
    "back": "undo",
}


def insight_card(one: InsightEntry, formats: Formats) -> None:
    """Draw one insight."""
    words = told(one.kind, one.facts, formats)
    with st.container(border=True, height="stretch", gap="small", key=f"insight_{one.id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
            with st.container(horizontal=True, gap="xsmall"):
                kind, icon, colour = badge_of(one)
                st.badge(kind, icon=icon, color="gray" if one.past else colour)
                _standing(one, formats)
            _menu(one, words.title)
        with st.container(gap="xsmall"):
            st.markdown(f"**{plain_text(words.title)}**")
            st.markdown(plain_text(words.sentence))
        _progress(one)
        st.space("stretch")
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            for link in leads(one):
                page_link(link)


def _standing(one: InsightEntry, formats: Formats) -> None:
    if one.past:
        st.badge("Past", color="gray", icon=":material/history:")
    elif one.dismissed:
        st.badge("Dismissed", color="gray", icon=":material/close:")
    elif one.snoozed_until is not None:
        st.badge(f"Until {plain_text(formats.short_day(one.snoozed_until))}", color="gray", icon=":material/snooze:")
    elif not one.read:
        st.badge("New", color="blue")


def _progress(one: InsightEntry) -> None:
    """Draw how much of a budget is spent, or how far a goal is."""
    share = one.facts.get("share", one.facts.get("percent"))
    if isinstance(share, int) and one.kind != "budget_alert":
        st.progress(min(share, 100) / 100)


def _menu(one: InsightEntry, title: str) -> None:
    subject = plain_text(subject_title(one.facts))
    if one.past:
        options = {}
    elif one.dismissed or one.snoozed_until is not None:
        options = {"Bring back": "back"}
    else:
        options = {
            "Mark as new": "unread",
            "Got it": "read",
            "Remind me in a week": "week",
            "Remind me in a month": "month",
            "Dismiss": "dismiss",
        }
        del options["Got it" if one.read else "Mark as new"]
    options |= {f"Less about {subject}": "subject", f"Less like “{badge_of(one)[0]}”": "kind"}
    key = f"insight_menu_{one.id}"

    def chosen() -> None:
        guest = require_user()
        with failures_told():
            act(guest.house.store, guest.user, one.id, options[st.session_state[key]])

    st.menu_button(
        unseen(f"What to do with: {title}"),
        list(options),
        icon=":material/more_vert:",
        type="tertiary",
        key=key,
        format_func=lambda label: f":material/{_ICONS[options[label]]}: {label}",
        on_click=chosen,
        help="What to do with it",
    )


def act(store: Store, user: UserId, insight_id: int, what: str) -> None:
    """Do what was chosen from a card's menu."""
    deeds: dict[str, Any] = {
        "read": mark_read,
        "unread": partial(mark_read, read=False),
        "week": partial(snooze, span="week"),
        "month": partial(snooze, span="month"),
        "dismiss": dismiss,
        "subject": partial(mute, whole_kind=False),
        "kind": partial(mute, whole_kind=True),
        "back": bring_back,
    }
    deeds[what](store, user, insight_id)
