"""The dialogs of goals: a new one, a changed one, money put aside, and the end of one."""

from datetime import date
from decimal import Decimal
from typing import Final

import streamlit as st

from core import clock
from core.errors import ValidationError
from core.ledger import LIABILITIES, AccountEntry, list_accounts
from core.money import exact
from core.planning import (
    GoalEntry,
    GoalWish,
    add_goal,
    change_goal,
    contribute,
    delete_contribution,
    delete_goal,
)
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import require_user

WISH: Final = "goal_wish"
"""Which dialog is open, and for which goal: ("new", 0), ("change", 7), ("give", 7), ("delete", 7)."""
BY_HAND: Final = "By hand"
YEARS: Final = 100
"""So many years ahead a goal's day may lie."""
ICONS: Final = (
    "flag",
    "savings",
    "flight",
    "home",
    "directions_car",
    "school",
    "celebration",
    "shield",
    "credit_score",
)


def wish(what: str, goal_id: int = 0) -> None:
    """Ask for a dialog; it opens with the next run."""
    st.session_state[WISH] = (what, goal_id)


def done() -> None:
    """Forget which dialog was open."""
    st.session_state.pop(WISH, None)


def account_name(one: AccountEntry) -> str:
    """Return what an account is called in a choice."""
    return clean(f"{one.title} ··{one.mask}" if one.mask else one.title)


def last_day(today: date, known: date | None) -> date:
    """Return the last day that can be chosen for a goal: a mortgage takes decades, a date field offers ten years."""
    return max(clock.add_months(today, 12 * YEARS), known or today)


@st.dialog("Goal", on_dismiss=done)
def edit_goal(goal: GoalEntry | None) -> None:
    """Let the person say what a goal is; with None it is a new one."""
    guest = require_user()
    formats = formats_of(guest.profile)
    known = goal.wish if goal else GoalWish("", Decimal(0), guest.profile.currency)
    accounts = {
        one.id: one
        for one in list_accounts(guest.house.store, guest.user)
        if one.id == known.account_id or (not one.closed and one.current is not None)
    }
    choices = [0, *accounts]
    counts = known.account_id if known.account_id in accounts else 0
    name = st.text_input(
        "Name", value=known.name, max_chars=60, placeholder="A trip, a cushion, a debt", key="goal_name"
    )
    account_id = st.selectbox(
        "What counts",
        choices,
        index=choices.index(counts),
        format_func=lambda one: f"What is on {account_name(accounts[one])}" if one else BY_HAND,
        key="goal_account",
        help="By hand: you note what you put aside. An account counts with its balance; a loan or card is a debt to be "
        "rid of.",
    )
    account = accounts.get(account_id)
    owed = account is not None and account.type in LIABILITIES
    currency = account.currency if account else known.currency
    target = st.number_input(
        f"{'To pay off' if owed else 'Target'} in {currency}",
        min_value=0.0,
        value=float(goal.wish.target) if goal and account_id == counts else _all_owed(account),
        format="%.2f",
        key=f"goal_target_{account_id}",
    )
    from_now = False
    if account is not None and not owed:
        from_now = st.toggle(
            "Count only what comes from now on",
            value=bool(known.starting) and known.account_id == account.id,
            key="goal_from_now",
            help="What is on the account today does not count.",
        )
    day = st.date_input(
        "By (may be left open)",
        value=known.target_day,
        max_value=last_day(guest.today, known.target_day),
        format=formats.date_order,
        key="goal_day",
    )
    icon = st.segmented_control(
        "Sign",
        ICONS,
        default=known.icon if known.icon in ICONS else ICONS[0],
        format_func=lambda one: f":material/{one}:",
        required=True,
        key="goal_icon",
    )
    if st.button("Save", type="primary", key="goal_save"):
        with failures_told():
            if target is None:
                raise ValidationError("A goal needs a target.", "Type what you want to reach.")
            starting = _starting(goal, account, counts_from_now=owed or from_now)
            said = GoalWish(name, exact(target), currency, day, account_id or None, starting, icon or "")
            if goal is None:
                add_goal(guest.house.store, guest.user, said)
            else:
                change_goal(guest.house.store, guest.user, goal.id, said)
            done()
            st.rerun()


def _all_owed(account: AccountEntry | None) -> float | None:
    if account is None or account.type not in LIABILITIES or not account.current:
        return None
    return float(abs(account.current))


def _starting(goal: GoalEntry | None, account: AccountEntry | None, *, counts_from_now: bool) -> Decimal:
    """Return what of the balance does not count: of a goal that counted from a day on, what it was then."""
    if account is None or not counts_from_now:
        return Decimal(0)
    if goal is not None and goal.wish.account_id == account.id and goal.wish.starting:
        return goal.wish.starting
    return account.current or Decimal(0)


@st.dialog("Put money aside", on_dismiss=done)
def give(goal: GoalEntry) -> None:
    """Let the person note money put aside for a goal, and take back what was noted."""
    guest = require_user()
    formats = formats_of(guest.profile)
    currency = goal.wish.currency
    with st.form("goal_give", border=False):
        amount = st.number_input(
            f"Amount in {currency}",
            value=None,
            format="%.2f",
            key="give_amount",
            help="A negative one takes money out.",
        )
        day = st.date_input(
            "On",
            value=guest.today,
            min_value=clock.add_months(guest.today, -12 * YEARS),
            max_value=guest.today,
            format=formats.date_order,
            key="give_day",
        )
        note = st.text_input("Note", max_chars=200, key="give_note")
        if st.form_submit_button("Put it aside", type="primary"):
            with failures_told():
                contribute(guest.house.store, guest.user, goal.id, exact(amount or 0), day or guest.today, note)
                done()
                st.rerun()
    for one in goal.contributions[:10]:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_given(one.amount, currency, formats))
            st.caption(plain_text(f"{formats.day(one.day)} {one.note}".strip()))
            if st.button("Take back", key=f"give_back_{one.id}", type="tertiary", icon=":material/undo:"):
                with failures_told():
                    delete_contribution(guest.house.store, guest.user, one.id)
                    st.rerun()


def _given(amount: Decimal, currency: str, formats: Formats) -> str:
    return plain_text(formats.money(amount, currency, signed=True))


@st.dialog("Delete a goal", on_dismiss=done)
def confirm_delete(goal: GoalEntry) -> None:
    """Delete a goal once the person has said so twice."""
    guest = require_user()
    st.markdown(f"**{plain_text(goal.wish.name)}** and what was noted for it are deleted for good.")
    st.caption("No account and no transaction is touched. To keep its history, end it instead.")
    with st.container(horizontal=True):
        if st.button("Delete it", type="primary", key="goal_delete"):
            with failures_told():
                delete_goal(guest.house.store, guest.user, goal.id)
                done()
                st.rerun()
        if st.button("Keep it", key="goal_keep"):
            done()
            st.rerun()
