"""The ways by which an account can come: a bank, a file, by hand, or the demo bank."""

from typing import Final, get_args

import streamlit as st

from core.banking import link_demo, link_sandbox
from core.ledger import LIABILITIES, AccountType, NewAccount, create_account, set_balance
from core.money import exact
from pages.banks import visits, wishes
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.proof import confirmed

WAYS: Final = {
    "bank": ":material/account_balance: Bank",
    "file": ":material/upload_file: From a file",
    "hand": ":material/edit: By hand",
    "demo": ":material/science: Demo bank",
}


@st.dialog("Add an account", on_dismiss=wishes.done)
def add_account(way: str) -> None:
    """Offer every way by which an account can come."""
    guest = require_user()
    chosen = st.segmented_control(
        "How", list(WAYS), format_func=WAYS.__getitem__, default=way, required=True, label_visibility="collapsed"
    )
    with failures_told():
        if chosen == "demo":
            _add_demo(guest)
        elif chosen == "bank":
            _add_bank(guest)
        elif chosen == "hand":
            _add_by_hand(guest)
        else:
            st.markdown("OFX, QIF, CAMT, MT940 and CSV files, as banks offer them. The account is made from the file.")
            if st.button("Choose a file", type="primary", icon=":material/upload_file:", key="add_file"):
                wishes.done()
                st.switch_page(links.IMPORT)


def _add_demo(guest: Visitor) -> None:
    st.markdown("A made-up household at three banks: two years of salary, rent, groceries, cards and savings.")
    if st.button("Add the demo bank", type="primary", icon=":material/add:", key="add_demo"):
        with st.status("Opening the demo banks") as status:
            house = guest.house
            link_demo(house.store, house.vault, guest.user, lambda told: status.update(label=plain_text(told)))
        wishes.done()
        st.rerun()
    if not confirmed(guest):
        return
    st.caption("Or link one of its banks the way that real ones are linked, on its own sign-in page:")
    if st.button("Sign in at a demo bank", icon=":material/open_in_new:", key="add_demo_hosted"):
        visits.begin(guest, "demo")
        wishes.done()
        st.rerun()


def _add_bank(guest: Visitor) -> None:
    """Link a bank on Plaid's screen, and in the sandbox the test bank without it; else say what is missing."""
    settings = guest.house.settings
    if guest.profile.is_demo:
        st.markdown("The demo has made-up banks only. Sign out and sign up to link your own.")
        return
    if not settings.plaid_configured:
        st.markdown(
            "Banks are reached through Plaid, with keys of your own. Put `PLAID_CLIENT_ID` and `PLAID_SECRET` "
            "into the file `.env` and start FinTrack again. Until then, import the files that your bank offers."
        )
        return
    st.markdown(
        "You choose your bank and sign in on its own page, in a new tab. FinTrack gets a key to read with, "
        "never your password, and can't move money."
    )
    if not confirmed(guest):
        return
    if st.button("Go to your bank", type="primary", icon=":material/account_balance:", key="add_hosted"):
        visits.begin(guest, "plaid")
        wishes.done()
        st.rerun()
    if settings.plaid_env != "sandbox":
        return
    st.caption("With sandbox keys all banks are made up. The test bank can be linked without its sign-in page:")
    if st.button("Link the test bank", icon=":material/add_link:", key="add_sandbox"):
        house = guest.house
        with st.status("Linking Plaid's test bank") as status:
            link_sandbox(
                house.store,
                house.vault,
                settings,
                guest.signed_in,
                progress=lambda told: status.update(label=plain_text(told)),
            )
        wishes.done()
        st.rerun()


def _add_by_hand(guest: Visitor) -> None:
    """Make an account that the person keeps."""
    with st.form("new_account", border=False):
        name = st.text_input("Name", max_chars=80, placeholder="Savings book", key="new_name")
        kind: AccountType = st.selectbox("Type", get_args(AccountType), format_func=str.capitalize, key="new_type")
        currency = st.text_input("Currency", value=guest.profile.currency, max_chars=3, key="new_currency")
        balance = st.number_input("Balance today (what is owed for cards and loans)", value=0.0, key="new_balance")
        if st.form_submit_button("Add account", type="primary"):
            store = guest.house.store
            account = create_account(store, guest.user, NewAccount(name, kind, currency.strip().upper()))
            amount = exact(balance)
            set_balance(store, guest.user, account, -abs(amount) if kind in LIABILITIES else amount, guest.today)
            wishes.done()
            st.rerun()
