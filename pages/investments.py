"""Investments and debts: what is held and what it gained; what is owed, at which rate, and when to pay."""

from typing import Final

import streamlit as st

from core.analytics import owing, portfolios
from core.ledger import list_accounts, list_debts, list_holdings
from pages.shared.cards import card_grid
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of
from pages.shared.gate import Visitor, require_user
from pages.wealth import debts, holdings

HOW_HOLDINGS_COME: Final = (
    "Holdings come from a bank that is linked through Plaid with investments switched on, or from the demo bank. "
    "Files from banks don't tell of them."
)
HOW_IT_COMES: Final = (
    "Holdings with their gain, and the terms of cards and loans, come from a bank that is linked through Plaid "
    "with investments and liabilities switched on (PLAID_PRODUCTS in the .env file), or from the demo bank."
)


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw everything that is invested and owed, each currency by itself."""
    store = guest.house.store
    invested, owed = portfolios(list_holdings(store, guest.user)), list_debts(store, guest.user)
    owings = owing(owed, guest.today, debts.SOON)
    accounts = list_accounts(store, guest.user)
    if not invested and not owings:
        nothing_yet("No investments or debts yet", HOW_IT_COMES, icon=":material/trending_up:")
        holdings.not_told(accounts, invested, formats)
        return
    currencies = list(dict.fromkeys([*(one.currency for one in invested), *(one.currency for one in owings)]))
    currencies.sort(key=lambda code: code != guest.profile.currency)
    for currency in currencies:
        if len(currencies) > 1:
            st.header(currency, anchor=False)
        held = next((one for one in invested if one.currency == currency), None)
        due = next((one for one in owings if one.currency == currency), None)
        cards = [*(holdings.figures(held, formats) if held else ()), *(debts.figures(due, formats) if due else ())]
        card_grid(cards, formats, columns=4, narrowest=150)
        if held:
            holdings.part(guest, held, accounts, formats)
        if due:
            debts.part(due, guest.today, formats)
    holdings.not_told(accounts, invested, formats)
    if not invested:
        st.caption(HOW_HOLDINGS_COME)


visitor = require_user()
ways = formats_of(visitor.profile)
st.title("Investments & debts", anchor=False)
with failures_told(), st.skeleton(height=400):
    screen(visitor, ways)
