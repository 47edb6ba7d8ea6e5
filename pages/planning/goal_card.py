"""One goal as a card: how far it is, whether it will be reached in time, and what if."""

from decimal import Decimal
from typing import Final

import streamlit as st

from core.money import exact
from core.planning import GoalEntry, Outlook, day_for, end_goal, largest_monthly, monthly_for
from pages.planning.goal_form import last_day, wish
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import require_user
from pages.shared.icons import material, unseen
from pages.shared.links import Link, page_link

BADGES: Final[dict[Outlook, tuple[str, str, str]]] = {
    "reached": ("Reached", ":material/celebration:", "green"),
    "on track": ("On track", ":material/check:", "green"),
    "behind": ("Behind", ":material/trending_flat:", "orange"),
    "late": ("Its day has passed", ":material/event_busy:", "red"),
    "open": ("No day set", ":material/all_inclusive:", "gray"),
    "unknown": ("Balance not known", ":material/help:", "orange"),
}


def goal_card(goal: GoalEntry, formats: Formats) -> None:
    """Draw one goal."""
    wanted, reach = goal.wish, goal.reach
    with st.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
            st.subheader(f"{material(wanted.icon or 'flag')} {plain_text(wanted.name)}", anchor=False)
            _menu(goal)
        words, icon, colour = BADGES[reach.outlook]
        if goal.ended_at is not None:
            words, icon, colour = "Ended", ":material/inventory_2:", "gray"
        st.badge(words, icon=icon, color=colour)
        saved = formats.money(reach.saved, wanted.currency)
        of = formats.money(wanted.target, wanted.currency)
        verb = "paid off" if goal.is_debt else "saved"
        st.progress(float(reach.share), text=plain_text(f"{saved} of {of} {verb}, {formats.percent(reach.share)}"))
        st.markdown(_milestones(goal, formats))
        for sentence in _sentences(goal, formats):
            st.caption(plain_text(sentence))
        if goal.ended_at is None and reach.left:
            what_if(goal)
        st.space("stretch")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            if goal.by_hand:
                st.button(
                    "Put money aside",
                    icon=":material/add:",
                    key=f"goal_give_{goal.id}",
                    on_click=wish,
                    args=("give", goal.id),
                    disabled=goal.ended_at is not None,
                )
            elif goal.account:
                page_link(Link(f"See {goal.account}", links.TRANSACTIONS, {"account": str(wanted.account_id)}))


def _menu(goal: GoalEntry) -> None:
    options = {"Change": "change", "Take up again" if goal.ended_at else "End": "end", "Delete": "delete"}
    icons = {"Change": "edit", "Take up again": "undo", "End": "inventory_2", "Delete": "delete"}

    def chosen() -> None:
        what = options[st.session_state[f"goal_menu_{goal.id}"]]
        if what == "end":
            guest = require_user()
            with failures_told():
                end_goal(guest.house.store, guest.user, goal.id, ended=goal.ended_at is None)
        else:
            wish(what, goal.id)

    what = f"Change, end or delete {goal.wish.name}"
    st.menu_button(
        unseen(what),
        list(options),
        icon=":material/more_vert:",
        type="tertiary",
        key=f"goal_menu_{goal.id}",
        format_func=lambda one: f":material/{icons[one]}: {one}",
        on_click=chosen,
        help=plain_text(what),
    )


def _milestones(goal: GoalEntry, formats: Formats) -> str:
    """Return the quarters of the way, each with its amount, as Markdown."""
    parts = []
    for one in goal.reach.milestones:
        amount = plain_text(formats.short_money(one.amount, goal.wish.currency))
        sign = ":green[:material/check_circle:]" if one.reached else ":gray[:material/radio_button_unchecked:]"
        parts.append(f":small[{sign} {one.percent}% :gray[{amount}]]")
    return "&ensp;".join(parts)


def _sentences(goal: GoalEntry, formats: Formats) -> list[str]:
    wanted, reach = goal.wish, goal.reach

    def money(amount: Decimal) -> str:
        return formats.money(amount, wanted.currency)

    if reach.outlook == "unknown" and not goal.account:
        return ["Its account went with the import that it came by. Change the goal to say what counts now."]
    if reach.outlook == "unknown":
        return ["Enter the account's balance on the Accounts page to see how far it is."]
    if reach.outlook == "reached":
        return ["The whole target is there."]
    told = []
    if reach.needed is not None and wanted.target_day is not None:
        told.append(f"{money(reach.left)} to go until {formats.day(wanted.target_day)}: {money(reach.needed)} a month.")
    else:
        told.append(f"{money(reach.left)} to go.")
    if reach.more is not None:
        told.append(f"That is {money(reach.more)} a month more than in the last three months.")
    pace = f"At the pace of the last three months, {money(reach.pace)} a month,"
    if reach.projected is not None:
        told.append(f"{pace} it is there on {formats.day(reach.projected)}.")
    else:
        told.append(f"{pace} it is never there.")
    return told


@st.fragment
def what_if(goal: GoalEntry) -> None:
    """Let the person try what an amount a month, or a day, would mean; only this is drawn anew."""
    guest = require_user()
    formats = formats_of(guest.profile)
    left, currency = goal.reach.left, goal.wish.currency
    opened = st.expander("What if?", icon=":material/tune:", key=f"goal_if_{goal.id}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        most = largest_monthly(left, goal.reach.needed, goal.reach.pace)
        start = min(goal.reach.needed or goal.reach.pace, most)
        monthly = st.slider(f"A month, in {currency}", 0, int(most), max(int(start), 0), key=f"goal_monthly_{goal.id}")
        reached = day_for(left, guest.today, exact(monthly))
        told = f"it is there on {formats.day(reached)}" if reached else "it is never there"
        st.markdown(plain_text(f"With {formats.money(exact(monthly), currency, whole=True)} a month {told}."))
        day = st.date_input(
            "Or be there by",
            value=goal.wish.target_day if goal.reach.outlook != "late" else None,
            min_value=guest.today,
            max_value=last_day(guest.today, goal.wish.target_day),
            format=formats.date_order,
            key=f"goal_by_{goal.id}",
        )
        if day is not None:
            needed = monthly_for(left, guest.today, day, currency)
            if needed is not None:
                st.markdown(plain_text(f"By {formats.day(day)} it takes {formats.money(needed, currency)} a month."))
        if goal.is_debt:
            st.caption("Interest is not counted in. Investments & debts tells how long the debt lasts with it.")
