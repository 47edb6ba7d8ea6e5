"""The accounts: what is owned and owed, how each bank connection does, syncing, adding, naming."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, get_args

import streamlit as st

from core import clock
from core.analytics import AccountSummary, account_summaries, standing
from core.banking import Connection, ItemSync, link_demo, link_sandbox, list_connections, sync_all, sync_item
from core.ledger import (
    LIABILITIES,
    AccountEntry,
    AccountType,
    NewAccount,
    create_account,
    hide_account,
    list_accounts,
    rename_account,
    set_balance,
)
from core.money import exact
from pages.shared import links
from pages.shared.cards import Card, card_grid
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.links import Link
from pages.shared.tables import link_with_words

LATE: Final = timedelta(days=3)
SIGN_IN_AGAIN: Final = frozenset({"ITEM_LOGIN_REQUIRED", "INVALID_CREDENTIALS", "PENDING_EXPIRATION"})
COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
GREY: Final = "#6B7686"
OPEN_ACCOUNT: Final = "open_account"
ADDING: Final = "adding_account"
SYNC: Final = "sync_wanted"
EVERYTHING: Final = -1
WAYS: Final = {
    "demo": ":material/science: Demo bank",
    "bank": ":material/account_balance: Bank",
    "hand": ":material/edit: By hand",
    "file": ":material/upload_file: From a file",
}


def health(connection: Connection, formats: Formats) -> tuple[str, str]:
    """Return how a connection does: a badge (Markdown), and a sentence in plain words."""
    synced = f"Last synced {formats.ago(connection.last_synced_at)}."
    if connection.error_code in SIGN_IN_AGAIN:
        return ":red-badge[:material/key: Sign in again]", f"{connection.error} {synced}"
    if connection.error:
        return ":orange-badge[:material/build: Sync failed]", f"{connection.error} {synced}"
    if connection.last_synced_at is None:
        return ":gray-badge[:material/schedule: Not synced yet]", "Sync it to read its accounts and transactions."
    if clock.now() - connection.last_synced_at > LATE:
        return ":orange-badge[:material/schedule: Late]", synced
    return ":green-badge[:material/check: Up to date]", synced


def outcome(result: ItemSync, formats: Formats) -> str:
    """Return how the sync of one item went, as Markdown."""
    if result.error:
        return f":material/error: {plain_text(result.institution)}: {plain_text(result.error)}"
    counts = result.counts
    told = [
        f"{formats.number(number)} {word}"
        for number, word in ((counts.added, "new"), (counts.modified, "changed"), (counts.removed, "removed"))
        if number
    ]
    wait = "" if result.ready else " The bank is still gathering the history: sync again in a minute."
    return f":material/check: {plain_text(result.institution)}: {', '.join(told) or 'nothing new'}.{wait}"


def sync(guest: Visitor, item: int, formats: Formats) -> None:
    """Bring one item, or every one, up to date, and say what is going on meanwhile."""
    house = guest.house
    with failures_told(), st.status("Asking the banks what is new", expanded=True) as status:

        def progress(sentence: str) -> None:
            status.update(label=plain_text(sentence))

        if item == EVERYTHING:
            results = sync_all(house.store, house.vault, house.providers, guest.user, progress)
        else:
            results = (sync_item(house.store, house.vault, house.providers, guest.user, item, progress),)
        for result in results:
            status.markdown(outcome(result, formats))
        failed = sum(bool(result.error) for result in results)
        news = sum(result.counts.added + result.counts.modified + result.counts.removed for result in results)
        told = f"{formats.number(news)} {'change' if news == 1 else 'changes'}" if news else "nothing new"
        status.update(
            label=f"{failed} of {len(results)} could not be synced" if failed else f"Synced: {told}",
            state="error" if failed else "complete",
            expanded=bool(failed),
        )


def want_sync(item: int) -> None:
    """Remember that a sync was asked for, for the run that follows."""
    st.session_state[SYNC] = item


def open_account(account: int) -> None:
    """Remember which account is to be edited."""
    st.session_state[OPEN_ACCOUNT] = account


def start_adding(way: str) -> None:
    """Remember that an account is to be added."""
    st.session_state[ADDING] = way


def close_dialogs() -> None:
    """Forget what was being added or edited."""
    for name in (OPEN_ACCOUNT, ADDING):
        st.session_state.pop(name, None)


def dot(colour: str) -> None:
    """Draw an institution's colour as a small disc."""
    shown = colour if COLOUR.fullmatch(colour) else GREY
    st.html(
        f'<div style="width:10px;height:10px;border-radius:5px;background:{shown}" aria-hidden="true"></div>',
        width="content",
    )


def head_cards(accounts: Sequence[AccountSummary], guest: Visitor, formats: Formats) -> None:
    """Draw what is owned, owed and left in the main currency; others in a line each."""
    sums = standing(accounts, guest.today)
    if not sums:
        return
    main, *others = sorted(sums, key=lambda one: one.currency != guest.profile.currency)
    card_grid(
        [
            Card("Owned", formats.money(main.assets, main.currency), main.currency),
            Card("Owed", formats.money(main.liabilities, main.currency), main.currency),
            Card("Net worth", formats.money(main.net, main.currency), main.currency),
        ],
        formats,
        columns=3,
        narrowest=200,
    )
    for one in others:
        st.caption(
            plain_text(
                f"In {one.currency}: owned {formats.money(one.assets, one.currency)}, "
                f"owed {formats.money(one.liabilities, one.currency)}, net {formats.money(one.net, one.currency)}"
            )
        )


def words_on(account: AccountSummary, formats: Formats) -> str:
    """Return the small words under an account's name, what matters most first."""
    parts = [f"{account.type} ··{account.mask}" if account.mask else account.type]
    if account.institution:
        parts.append(account.institution)
    if account.credit_limit is not None:
        parts.append(f"limit {formats.money(account.credit_limit, account.currency, whole=True)}")
    if account.available is not None and account.available != account.current:
        parts.append(f"{formats.money(account.available, account.currency)} available")
    if account.item_id is None and account.balance_at is not None:
        parts.append(f"balance of {formats.day(account.balance_at.date())}")
    return " · ".join(parts)


def account_list(title: str, accounts: Sequence[AccountSummary], formats: Formats) -> None:
    """Draw accounts of one kind, a line each, leading to their transactions."""
    with st.container(border=True, gap="xsmall"):
        st.subheader(title, anchor=False)
        for one in accounts:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall"):
                dot(one.color)
                link_with_words(
                    Link(clean(one.name), links.TRANSACTIONS, {"account": str(one.id)}), words_on(one, formats)
                )
                st.markdown(
                    plain_text(formats.money(one.current, one.currency))
                    if one.current is not None
                    else ":gray[unknown]",
                    text_alignment="right",
                    width="content",
                )
                st.button(
                    "Edit",
                    key=f"edit_{one.id}",
                    icon=":material/edit:",
                    type="tertiary",
                    on_click=open_account,
                    args=(one.id,),
                    help=f"Edit {plain_text(one.name)}",
                )


def connection_list(connections: Sequence[Connection], formats: Formats) -> None:
    """Draw the bank connections: how each does, and syncing it."""
    with st.container(border=True, gap="small"):
        st.subheader("Bank connections", anchor=False)
        if not connections:
            st.caption("None yet. Accounts kept by hand or from files need none.")
        for one in connections:
            badge, words = health(one, formats)
            with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall"):
                dot(one.color)
                st.markdown(
                    f"**{plain_text(one.institution)}** {badge}  \n:small[:gray[{plain_text(words)}]]", width="stretch"
                )
                st.button(
                    "Sync",
                    key=f"sync_{one.id}",
                    icon=":material/sync:",
                    on_click=want_sync,
                    args=(one.id,),
                    help=f"Sync {plain_text(one.institution)}",
                )


@st.dialog("Edit account", on_dismiss=close_dialogs)
def edit_account(account: AccountEntry, summary: AccountSummary | None) -> None:
    """Let the person name an account, hide it, and say the balance of one that no bank tells of."""
    guest = require_user()
    store, by_hand = guest.house.store, account.item_id is None
    owed = account.type in LIABILITIES
    known = None if account.current is None else float(abs(account.current) if owed else account.current)
    with st.form("account_form", border=False):
        nickname = st.text_input(
            "Your name for it", value=account.nickname, placeholder=account.name, max_chars=80, key="nickname"
        )
        hidden = st.toggle("Hide it: leave it out of every list and sum", value=account.hidden, key="hidden")
        balance = day = None
        if by_hand:
            label = f"{'Owed' if owed else 'Balance'} in {account.currency}"
            balance = st.number_input(label, value=known, format="%.2f", key="balance")
            day = st.date_input("At the end of", value="today", format=formats_of(guest.profile).date_order, key="day")
        if st.form_submit_button("Save", type="primary"):
            with failures_told():
                rename_account(store, guest.user, account.id, nickname)
                hide_account(store, guest.user, account.id, hidden=hidden)
                if balance is not None and day is not None and balance != known:
                    amount = exact(balance)
                    set_balance(store, guest.user, account.id, -abs(amount) if owed else amount, day)
                close_dialogs()
                st.rerun()
    if summary is not None and summary.rows:
        formats = formats_of(guest.profile)
        total = plain_text(formats.money(summary.total, summary.currency))
        st.caption(
            f"{formats.number(summary.rows)} transactions from {formats.day(summary.first_date)} "
            f"to {formats.day(summary.last_date)}, together {total}"
        )


@st.dialog("Add an account", on_dismiss=close_dialogs)
def add_account(way: str) -> None:
    """Offer every way by which an account can come."""
    guest = require_user()
    chosen = st.segmented_control(
        "How", list(WAYS), format_func=WAYS.__getitem__, default=way, required=True, label_visibility="collapsed"
    )
    with failures_told():
        if chosen == "demo":
            st.markdown("A made-up household at three banks: two years of salary, rent, groceries, cards and savings.")
            if st.button("Add the demo bank", type="primary", icon=":material/add:", key="add_demo"):
                with st.status("Opening the demo banks") as status:
                    house = guest.house
                    link_demo(house.store, house.vault, guest.user, lambda told: status.update(label=plain_text(told)))
                close_dialogs()
                st.rerun()
        elif chosen == "bank":
            add_bank(guest)
        elif chosen == "hand":
            add_by_hand(guest)
        else:
            st.markdown("OFX, QIF, CAMT, MT940 and CSV files, as banks offer them. The account is made from the file.")
            if st.button("Choose a file", type="primary", icon=":material/upload_file:", key="add_file"):
                close_dialogs()
                st.switch_page(links.IMPORT)


def add_bank(guest: Visitor) -> None:
    """Link Plaid's test bank, where the settings allow it; else say what is missing."""
    settings = guest.house.settings
    if not settings.plaid_configured:
        st.markdown(
            "Banks are reached through Plaid, with keys of your own. Put `PLAID_CLIENT_ID` and `PLAID_SECRET` "
            "into the file `.env` and start FinTrack again. Until then, import the files that your bank offers."
        )
        return
    if settings.plaid_env != "sandbox":
        st.markdown("These keys are for real banks. The quick link works with sandbox keys only.")
        return
    st.markdown("Plaid's test bank, with made-up accounts, linked without its sign-in window.")
    if st.button("Link the test bank", type="primary", icon=":material/add_link:", key="add_sandbox"):
        house = guest.house
        with st.status("Linking Plaid's test bank") as status:
            link_sandbox(
                house.store,
                house.vault,
                settings,
                guest.user,
                progress=lambda told: status.update(label=plain_text(told)),
            )
        close_dialogs()
        st.rerun()


def add_by_hand(guest: Visitor) -> None:
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
            close_dialogs()
            st.rerun()


def dialogs(guest: Visitor, summaries: Sequence[AccountSummary]) -> None:
    """Open what the last click asked for."""
    if ADDING in st.session_state:
        add_account(st.session_state[ADDING])
    elif OPEN_ACCOUNT in st.session_state:
        wanted = st.session_state[OPEN_ACCOUNT]
        entry = next((one for one in list_accounts(guest.house.store, guest.user) if one.id == wanted), None)
        if entry is not None:
            edit_account(entry, next((one for one in summaries if one.id == wanted), None))


def header(*, empty: bool, connected: bool) -> None:
    """Draw the title and what can be done here."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title("Accounts", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            if connected:
                st.button("Sync all", icon=":material/sync:", on_click=want_sync, args=(EVERYTHING,), key="sync_all")
            if not empty:
                st.button(
                    "Add account",
                    icon=":material/add:",
                    type="primary",
                    on_click=start_adding,
                    args=("hand",),
                    key="add",
                )


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the accounts and the connections."""
    connections = list_connections(guest.house.store, guest.user)
    top = st.container()
    if SYNC in st.session_state:
        sync(guest, st.session_state.pop(SYNC), formats)
        connections = list_connections(guest.house.store, guest.user)
    summaries = account_summaries(guest.cache)
    empty = not summaries and not connections
    with top:
        header(empty=empty, connected=bool(connections))
    if empty:
        nothing_yet(
            "No accounts yet",
            "Every account with its balance, and how its bank connection does, is listed here.",
            icon=":material/account_balance:",
            on_bank=lambda: start_adding("bank"),
            on_demo=lambda: start_adding("demo"),
        )
    else:
        shown = [one for one in summaries if not one.hidden]
        head_cards(shown, guest, formats)
        wide, narrow = st.columns([3, 2])
        with wide:
            groups = (
                ("Owned", [one for one in shown if not one.is_liability]),
                ("Owed", [one for one in shown if one.is_liability]),
                ("Hidden", [one for one in summaries if one.hidden]),
            )
            for title, accounts in groups:
                if accounts:
                    account_list(title, accounts, formats)
        with narrow:
            connection_list(connections, formats)
    dialogs(guest, summaries)


visitor = require_user()
asked_way = st.query_params.get("add")
if asked_way in WAYS:
    del st.query_params["add"]
    start_adding(asked_way)
with failures_told(), st.skeleton(height=400):
    screen(visitor, formats_of(visitor.profile))
