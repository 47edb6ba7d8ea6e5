"""The filtered list, its totals and the pager."""

import streamlit as st

from core.analytics import Together, Totals, TransactionPage, account_summaries, list_transactions
from core.ledger import list_categories
from pages.listing import deeds
from pages.listing.actions import action_bar, beside_totals, open_window, selection_key
from pages.listing.filtering import filter_bar
from pages.shared import filters
from pages.shared.accounts import account_names
from pages.shared.categories import category_names
from pages.shared.empty import nothing_found, nothing_yet
from pages.shared.errors import failures_told
from pages.shared.filters import Asked, key
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.tables import transaction_table


def totals_line(page: TransactionPage, formats: Formats) -> None:
    """Say what all the filtered rows add up to, each currency by itself, and several together in the person's own."""
    count, totals = page.count, page.totals
    if not totals:
        return
    lines = []
    for one in totals:
        amount = one.rows if len(totals) > 1 else count
        words = f"**{formats.number(amount)}** {'transaction' if amount == 1 else 'transactions'}"
        lines.append(f"{words} · {_sums(one, formats)}")
    if page.together is not None and page.together.totals.rows:
        lines.append(_together(page.together, formats))
    st.markdown("  \n".join(lines), width="content")


def _sums(one: Totals, formats: Formats) -> str:
    """Return what came in, went out and was left, as Markdown."""
    parts = (
        f"in {formats.coloured_money(one.inflow, one.currency)}",
        f"out {plain_text(formats.money(one.outflow, one.currency))}",
        f"net **{plain_text(formats.money(one.net, one.currency, signed=True))}**",
    )
    return " · ".join(parts)


def _together(one: Together, formats: Formats) -> str:
    """Return what several currencies add up to in one, which is not in it, and how old its rates are; as Markdown."""
    notes = []
    if one.without:
        notes.append(f"without {', '.join(one.without)}, which has no rate")
    if one.old_rate:
        notes.append(f"at the ECB's rate of {formats.day(one.old_rate)}")
    told = f" :gray[({plain_text('; '.join(notes))})]" if notes else ""
    return f"Together in {plain_text(one.totals.currency)} · {_sums(one.totals, formats)}{told}"


def listing(guest: Visitor, asked: Asked, formats: Formats) -> None:
    """Draw the filtered list, its totals and the pager."""
    st.title("Transactions", anchor=False)
    deeds.say()
    with failures_told(), st.skeleton(height=400):
        accounts = account_names(account_summaries(guest.cache))
        categories = category_names(list_categories(guest.house.store, guest.user))
        page = list_transactions(guest.cache, asked.wanted, asked.page, asked.size)
        if not page.count and asked.wanted.is_open:
            nothing_yet(
                "No transactions yet",
                "What came in and went out of your accounts is listed here, newest first.",
                icon=":material/receipt_long:",
            )
            return
        filter_bar(guest, asked.wanted, accounts, categories, formats)
        if not page.count:
            nothing_found("No transaction is like this. Clear the filters, or search for less.")
            with st.container(horizontal=True, horizontal_alignment="right"):
                beside_totals(0)
            open_window(asked.wanted, 0, formats)
            return
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            totals_line(page, formats)
            with st.container(horizontal=True, width="content"):
                beside_totals(page.count)
        bar = st.container()
        chosen = transaction_table(
            page.rows, formats, key="open_transaction", chosen=selection_key(asked, page.rows), on_open=open_transaction
        )
        with bar:
            action_bar(guest, asked.wanted, chosen, page.count, formats)
        open_window(asked.wanted, page.count, formats)
        # Another key for another page: the pager stands where the address says, whatever was clicked before.
        pager = key(f"page_{page.page}_of_{page.pages}")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.pagination(page.pages, default=page.page, key=pager, on_change=filters.turn_page, args=(pager,))
            st.segmented_control(
                "Rows on a page",
                filters.SIZES,
                required=True,
                key=key("size"),
                on_change=filters.address_follows_widgets,
                format_func=lambda size: f"{size} a page",
                label_visibility="collapsed",
            )


def open_transaction(transaction: int) -> None:
    """Go to all about one transaction; the filter stays in the address for the way back."""
    require_user()
    st.query_params["tx"] = str(transaction)
