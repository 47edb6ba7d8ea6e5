"""What if: something dropped, something dearer, something paid once. It changes the pictures, and nothing else."""

import datetime as dt
from typing import Final

import streamlit as st

from core.forecasting import DAYS, Change, Once, Outlook, Wish
from core.money import exact
from core.planning import Subscription
from pages.shared.formats import Formats, clean
from pages.shared.gate import require_user

DROPPED: Final = "try_without"
CHANGED: Final = "try_changed"
BY: Final = "try_by"
AMOUNT: Final = "try_amount"
DAY: Final = "try_day"
ALL: Final = (DROPPED, CHANGED, BY, AMOUNT, DAY)


def wished(today: dt.date) -> Wish:
    """Return what the widgets below stand for."""
    state = st.session_state
    by, amount, day = state.get(BY), state.get(AMOUNT), state.get(DAY)
    return Wish(
        dropped=frozenset(state.get(DROPPED) or ()),
        changed=(Change(state[CHANGED], exact(by)),) if state.get(CHANGED) and by else (),
        once=(Once(day or today, -exact(amount)),) if amount else (),
    )


def trying(view: Outlook, formats: Formats) -> None:
    """Draw what can be tried."""
    known = {one.key: one for one in view.choosable}
    keys = list(known)
    for key in (DROPPED, CHANGED):
        _forget(key, known)

    def called(key: str) -> str:
        return _called(known[key], formats)

    with st.expander("What if …", icon=":material/tune:", expanded=any(st.session_state.get(one) for one in ALL)):
        st.multiselect("Without", keys, format_func=called, key=DROPPED, placeholder="Leave out what recurs")
        changed, by = st.columns([3, 2])
        changed.selectbox(
            "Changed", keys, index=None, format_func=called, key=CHANGED, placeholder="Choose a payment or an income"
        )
        by.number_input(
            "By this much each time",
            value=None,
            step=10.0,
            format="%.2f",
            key=BY,
            help="More than now; with a minus, less.",
        )
        amount, day = st.columns([3, 2])
        amount.number_input(
            f"Paid once ({view.currency})",
            value=None,
            step=100.0,
            format="%.2f",
            key=AMOUNT,
            help="What you would pay once; with a minus, what you would receive.",
        )
        day.date_input(
            "On",
            value=view.today,
            min_value=view.today,
            max_value=view.today + dt.timedelta(days=DAYS),
            format=formats.date_order,
            key=DAY,
        )
        st.button("Back to how it is", icon=":material/undo:", type="tertiary", on_click=_reset)
        st.caption("Nothing of it is kept: it only changes what you see here.")


def _called(one: Subscription, formats: Formats) -> str:
    amount = formats.money(one.found.series.amount, one.found.series.currency)
    return f"{clean(one.name)}, {amount} {one.found.series.cadence}"


def _forget(key: str, known: dict[str, Subscription]) -> None:
    """Drop what was chosen before and is not to be chosen any more: Streamlit would not draw it."""
    chosen = st.session_state.get(key)
    if isinstance(chosen, list):
        st.session_state[key] = [one for one in chosen if one in known]
    elif chosen is not None and chosen not in known:
        st.session_state[key] = None


def _reset() -> None:
    require_user()
    for key in ALL:
        st.session_state.pop(key, None)
