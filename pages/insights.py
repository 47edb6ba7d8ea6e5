"""Insights: what was noticed in a person's money, by day, each with what to do next."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import streamlit as st

from core.identity import count_attempt
from core.insights import (
    InsightEntry,
    count_unread,
    generate,
    list_insights,
    list_mutes,
    list_put_away,
    was_looked_for,
)
from core.ledger import list_accounts
from core.planning import list_goals
from pages.noticed.bell import read_all
from pages.noticed.card import insight_card
from pages.noticed.leads import GROUPS
from pages.noticed.muted import muted_list
from pages.shared import links
from pages.shared.empty import nothing_found, nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.links import Link, page_link

NOW: Final = "Now"
AWAY: Final = "Put away"
LESS: Final = "Less of"
ALL: Final = "All"


def look_again() -> None:
    """Look for insights, for the button."""
    guest = require_user()
    with failures_told():
        count_attempt(guest.house.store, guest.house.vault, "insights", str(int(guest.user)))
        done = generate(guest.house.store, guest.user, guest.cache, guest.today)
        came = done.new + done.worse
        st.toast(f"{came} new" if came else "Nothing new", icon=":material/search:")


def day_title(day: date, today: date, formats: Formats) -> str:
    """Return the heading of a day."""
    near = {today: "Today", today - timedelta(days=1): "Yesterday"}
    there = formats.short_day(day) if day.year == today.year else formats.day(day)
    return near.get(day) or f"{formats.weekday(day)}, {there}"


def by_day(found: Sequence[InsightEntry], today: date, formats: Formats) -> None:
    """Draw insights under the days on which they were noticed."""
    for day, several in groupby(found, key=lambda one: one.day):
        st.subheader(plain_text(day_title(day, today, formats)), anchor=False)
        with st.grid(2, min_column_width=330, gap="small", height="stretch"):
            for one in several:
                insight_card(one, formats)


def filtered(found: Sequence[InsightEntry]) -> Sequence[InsightEntry]:
    """Draw the choice of kinds, which the address names ("?show=goals"); return what was chosen."""
    counts = {ALL: len(found)} | {name: sum(one.kind in kinds for one in found) for name, kinds in GROUPS.items()}
    names = [name for name, count in counts.items() if count]
    asked = st.query_params.get("show", "").capitalize()
    if asked in GROUPS and asked not in names:
        names.append(asked)
    if len(names) < 3 and asked not in GROUPS:
        return found

    def chosen() -> None:
        _go("show", st.session_state["insights_show"], ALL)

    st.session_state["insights_show"] = asked if asked in names else ALL
    shown = st.pills(
        "Show",
        names,
        required=True,
        key="insights_show",
        format_func=lambda name: f"{name} {counts[name]}",
        on_change=chosen,
        label_visibility="collapsed",
    )
    if shown not in GROUPS:
        return found
    several = [one for one in found if one.kind in GROUPS[shown]]
    if not several:
        nothing_found("Nothing of this kind.")
    return several


def place_choice(places: Sequence[str]) -> str:
    """Let the person choose what to see; the address names it ("?see=put+away")."""

    def chosen() -> None:
        _go("see", st.session_state["insights_see"], NOW)

    asked = st.query_params.get("see", "").capitalize()
    if len(places) < 2:
        return NOW
    st.session_state["insights_see"] = asked if asked in places else NOW
    return st.segmented_control(
        "See", places, required=True, key="insights_see", on_change=chosen, label_visibility="collapsed"
    )


def _go(name: str, value: str, usual: str) -> None:
    st.query_params.pop(name, None)
    if value != usual:
        st.query_params[name] = value.lower()


def buttons(guest: Visitor) -> None:
    """Draw what can be done with all of them."""
    unread = count_unread(guest.house.store, guest.user, guest.today)
    with st.container(horizontal=True, width="content", gap="small"):
        st.button("Look again", icon=":material/search:", key="insights_look", on_click=look_again)
        st.button(
            "Mark all as read", icon=":material/done_all:", key="insights_read", on_click=read_all, disabled=not unread
        )


def now(guest: Visitor, formats: Formats) -> None:
    """Draw what holds now."""
    found = list_insights(guest.house.store, guest.user, guest.today)
    if found:
        by_day(filtered(found), guest.today, formats)
        return
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.subheader(":material/check_circle: All is well", anchor=False, text_alignment="center")
        st.caption(
            "A budget that runs out, a goal that falls behind, two services of a kind, an unusual charge: "
            "what is noticed in your money appears here.",
            text_alignment="center",
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            page_link(Link("Set budgets", links.BUDGETS))
            page_link(Link("Set a goal", links.GOALS))
        st.space("small")


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the whole page."""
    store, user, today = guest.house.store, guest.user, guest.today
    if not list_accounts(store, user) and not list_goals(store, user, guest.cache, today):
        nothing_yet(
            "What matters, noticed for you",
            "A budget that runs out, an unusual charge, two services of a kind, a goal that falls behind: "
            "each appears here with what to do next.",
            icon=":material/tips_and_updates:",
        )
        return
    if not was_looked_for(store, user):
        with st.spinner("Looking through your transactions"):
            first = generate(store, user, guest.cache, today)
        if first.new:
            # The bell was drawn before them, and would say for a while that there is nothing.
            st.rerun()
    mutes, away = list_mutes(store, user), list_put_away(store, user, today)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        place = place_choice([NOW, *([AWAY] if away else []), *([LESS] if mutes else [])])
        buttons(guest)
    if place == AWAY:
        by_day(filtered(away), today, formats)
    elif place == LESS:
        muted_list(mutes)
    else:
        now(guest, formats)


visitor = require_user()
st.title("Insights", anchor=False)
with failures_told(), st.skeleton(height=400):
    screen(visitor, formats_of(visitor.profile))
