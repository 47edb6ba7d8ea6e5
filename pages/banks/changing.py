"""Changing an account: its name, how often it is synced, its balance when no bank tells it, and its end."""

from typing import Final

import streamlit as st

from core.analytics import AccountSummary
from core.banking import SCHEDULES, Connection, History, remove_account, remove_item, schedules, set_schedule
from core.clock import EARLIEST
from core.errors import BankError
from core.ledger import LIABILITIES, AccountEntry, close_account, hide_account, rename_account, set_balance
from core.money import exact
from pages.banks import wishes
from pages.banks.wishes import Told
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import require_user
from pages.shared.proof import confirmed

OFTEN: Final = {"off": "Only when I ask", "hourly": "Every hour", "6h": "Every 6 hours", "daily": "Every day"}
HISTORIES: Final[dict[History, str]] = {
    "keep": "Keep its accounts and transactions",
    "delete": "Delete them for good",
}
_UNREVOKED: Final = "removal_failed"


@st.dialog("Edit account", on_dismiss=wishes.done)
def edit_account(account: AccountEntry, summary: AccountSummary | None) -> None:
    """Let the person name an account, hide it, say how often it is synced, or what it holds."""
    guest = require_user()
    store, by_hand = guest.house.store, account.item_id is None
    owed = account.type in LIABILITIES
    known = None if account.current is None else float(abs(account.current) if owed else account.current)
    often = schedules(store, guest.user).get(account.id)
    with st.form("account_form", border=False):
        nickname = st.text_input(
            "Your name for it", value=account.nickname, placeholder=account.name, max_chars=80, key="nickname"
        )
        hidden = st.toggle("Hide it: leave it out of every list and sum", value=account.hidden, key="hidden")
        balance = day = schedule = None
        closed = account.closed
        if by_hand:
            closed = st.toggle("It is closed: keep its history", value=account.closed, key="closed")
            label = f"{'Owed' if owed else 'Balance'} in {account.currency}"
            balance = st.number_input(label, value=known, format="%.2f", key="balance")
            day = st.date_input(
                "At the end of",
                value=guest.today,
                min_value=EARLIEST,
                max_value=guest.today,
                format=formats_of(guest.profile).date_order,
                key="day",
            )
        elif often is not None:
            schedule = st.selectbox(
                "Sync by itself",
                SCHEDULES,
                index=SCHEDULES.index(often),
                format_func=OFTEN.__getitem__,
                key="schedule",
                help="A bank is asked for all its accounts at once, as often as the most eager of them wants.",
            )
        if st.form_submit_button("Save", type="primary"):
            with failures_told():
                rename_account(store, guest.user, account.id, nickname)
                hide_account(store, guest.user, account.id, hidden=hidden)
                if closed != account.closed:
                    close_account(store, guest.user, account.id, closed=closed)
                if balance is not None and day is not None and balance != known:
                    amount = exact(balance)
                    set_balance(store, guest.user, account.id, -abs(amount) if owed else amount, day)
                if schedule is not None and schedule != often:
                    set_schedule(store, guest.user, account.id, schedule)
                wishes.done()
                st.rerun()
    if summary is not None and summary.rows:
        formats = formats_of(guest.profile)
        total = plain_text(formats.money(summary.total, summary.currency))
        st.caption(
            f"{formats.number(summary.rows)} transactions from {formats.day(summary.first_date)} "
            f"to {formats.day(summary.last_date)}, together {total}"
        )


def _choose_history() -> History:
    return st.radio(
        "What becomes of its history?",
        list(HISTORIES),
        format_func=HISTORIES.__getitem__,
        captions=[
            "They stay as accounts without a bank; linked again one day, they are known again.",
            "Transactions, balances, notes and categories of it are gone. This can't be undone.",
        ],
        key="history_choice",
    )


def _forget() -> None:
    st.session_state.pop(_UNREVOKED, None)
    wishes.done()


@st.dialog("Remove a bank", on_dismiss=_forget)
def remove_bank(connection: Connection) -> None:
    """End a connection: at the provider first, then here as the person chooses."""
    with failures_told():
        _end_connection(connection)


def _end_connection(connection: Connection) -> None:
    guest = require_user()
    house = guest.house
    if not confirmed(guest):
        return
    st.markdown(
        f"**{plain_text(connection.institution)}** is told first that FinTrack may no longer read it. "
        "That also ends what Plaid bills for it."
    )
    history = _choose_history()
    failed = st.session_state.get(_UNREVOKED) == connection.id
    if failed:
        st.warning(
            "The bank could not be told. Removed here anyway, Plaid may go on billing until you remove it in "
            "Plaid's dashboard.",
            icon=":material/warning:",
        )
    label = "Remove it here anyway" if failed else "Remove the bank"
    if st.button(label, type="primary", icon=":material/link_off:", key="confirm_remove_bank"):
        try:
            with st.spinner("Ending the connection"):
                remove_item(
                    house.store,
                    house.vault,
                    house.providers,
                    guest.signed_in,
                    connection.id,
                    history,
                    even_unrevoked=failed,
                )
        except BankError as failure:
            st.session_state[_UNREVOKED] = connection.id
            show_failure(failure)
            st.button("Show what can be done")
            return
        kept = "Its accounts stay." if history == "keep" else "Its accounts and transactions are gone."
        wishes.tell(
            Told(good=True, sentence=f":material/check: {plain_text(connection.institution)} is removed. {kept}")
        )
        _forget()
        st.rerun()


@st.dialog("Remove an account", on_dismiss=wishes.done)
def remove_one(account: AccountEntry) -> None:
    """End one account."""
    with failures_told():
        _end_account(account)


def _end_account(account: AccountEntry) -> None:
    guest = require_user()
    house = guest.house
    if not confirmed(guest):
        return
    st.markdown(f"**{plain_text(account.title)}**")
    if account.item_id is not None:
        st.caption("No sync brings anything for it again. The last account of a bank ends its connection too.")
        history = _choose_history()
    else:
        st.caption("It goes with all its transactions, balances and notes. This can't be undone. To keep it, hide it.")
        history = "delete"
    if st.button("Remove the account", type="primary", icon=":material/delete:", key="confirm_remove_account"):
        with failures_told():
            with st.spinner("Removing the account"):
                remove_account(house.store, house.vault, house.providers, guest.signed_in, account.id, history)
            wishes.tell(Told(good=True, sentence=f":material/check: {plain_text(account.title)} is removed."))
            wishes.done()
            st.rerun()
