"""The accounts: what is owned and owed, how each bank connection does, linking, syncing, adding, removing."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.analytics import AccountSummary, account_summaries, standing
from core.banking import Checkup, Connection, Purpose, checkup, list_connections, next_runs
from core.identity import is_fresh
from core.ledger import AccountEntry, list_accounts
from pages.banks import adding, changing, connections, demo_days, syncing, visits, wishes
from pages.shared import links
from pages.shared.cards import Card, card_grid
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.icons import unseen
from pages.shared.line_list import Line, line_list
from pages.shared.links import Link

if TYPE_CHECKING:
    from pages.banks.wishes import Deed

EDIT: Final = ":material/edit: Edit"
RECONCILE: Final = ":material/fact_check: Reconcile"
SYNC: Final = ":material/sync: Sync"
REMOVE: Final = ":material/delete: Remove"


def head_cards(accounts: Sequence[AccountSummary], guest: Visitor, formats: Formats, health: Checkup) -> None:
    """Draw what is owned, owed and left in the main currency, and the health of it all; others in a line each."""
    sums = standing(accounts, guest.today)
    if not sums:
        return
    main, *others = sorted(sums, key=lambda one: one.currency != guest.profile.currency)
    cards = [
        Card("Owned", formats.figure(main.assets, main.currency), main.currency),
        Card("Owed", formats.figure(main.liabilities, main.currency), main.currency),
        Card("Net worth", formats.figure(main.net, main.currency), main.currency),
    ]
    if health.score is not None:
        weak = sum(one.score < connections.GOOD for one in health.accounts.values())
        note = f"{formats.number(weak)} of {formats.number(len(health.accounts))} accounts below {connections.GOOD}"
        cards.append(
            Card("Health", f"{health.score} of 100", main.currency, note=note if weak else "All accounts do well")
        )
    card_grid(cards, formats, columns=4, narrowest=150)
    for one in others:
        st.caption(
            plain_text(
                f"In {one.currency}: owned {formats.money(one.assets, one.currency)}, "
                f"owed {formats.money(one.liabilities, one.currency)}, net {formats.money(one.net, one.currency)}"
            )
        )


def words_on(account: AccountSummary, formats: Formats, health: Checkup) -> list[str]:
    """Return the small lines under an account's name, each short enough for a phone: its kind, limits and state."""
    kind = account.subtype if account.subtype and account.type not in account.subtype else account.type
    what = [f"{kind} ··{account.mask}" if account.mask else kind]
    limits, state = [], []
    if account.institution:
        what.append(account.institution)
    if account.credit_limit is not None:
        limits.append(f"limit {formats.money(account.credit_limit, account.currency, whole=True)}")
    if account.available is not None and account.available != account.current:
        limits.append(f"{formats.money(account.available, account.currency)} available")
    if account.item_id is None and account.balance_at is not None:
        state.append(f"balance of {formats.day(account.balance_at.date())}")
    if account.item_id is not None and account.last_synced_at is not None:
        state.append(f"synced {formats.ago(account.last_synced_at.replace(tzinfo=UTC))}")
    if account.id in health.accounts:
        state.append(f"health {health.accounts[account.id].score}")
    return [" · ".join(parts) for parts in (what, limits, state) if parts]


def account_list(
    title: str,
    accounts: Sequence[AccountSummary],
    formats: Formats,
    health: Checkup,
    logos: Mapping[int, str],
) -> None:
    """Draw accounts of one kind, a line each, leading to their transactions; `logos` by connection."""
    with st.container(border=True, gap="small"):
        st.subheader(title, anchor=False)
        for one in accounts:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall"):
                what, *more = words_on(one, formats, health)
                known = one.current is not None
                account = Line(
                    Link(one.name, links.TRANSACTIONS, {"account": str(one.id)}),
                    what,
                    formats.money(one.current, one.currency) if known else "unknown",
                    tone="" if known else "quiet",
                    mark=connections.mark_of(one.color, logos.get(one.item_id or 0, "")),
                    more=tuple(more),
                )
                line_list([account])
                account_menu(one, health)


def account_menu(account: AccountSummary, health: Checkup) -> None:
    """Draw what can be done with an account."""
    options = [EDIT, RECONCILE, *([SYNC] if account.item_id is not None else []), REMOVE]
    key = f"account_menu_{account.id}"
    doing = health.accounts.get(account.id)
    score = f", health {doing.score} of 100" if doing else ""
    what = f"What to do with {account.name}"
    st.menu_button(
        unseen(what),
        options,
        icon=":material/more_horiz:",
        key=key,
        type="tertiary",
        on_click=choose,
        args=(key, account.id, account.item_id or 0),
        help=plain_text(f"{what}{score}"),
    )


def choose(key: str, account: int, item: int) -> None:
    """Remember what was chosen from an account's menu."""
    deeds: dict[str, tuple[Deed, int]] = {
        EDIT: ("edit account", account),
        RECONCILE: ("reconcile", account),
        SYNC: ("sync", item),
        REMOVE: ("remove account", account),
    }
    chosen = deeds.get(str(st.session_state.get(key)))
    if chosen:
        wishes.wish(*chosen)


def dialogs(guest: Visitor, summaries: Sequence[AccountSummary], banks: Sequence[Connection], formats: Formats) -> None:
    """Open what the last click asked for."""
    if wished := wishes.wished("add"):
        adding.add_account(wished.way or "bank")
    elif wished := wishes.wished("edit account", "remove account"):
        entry = _entry(guest, wished.target)
        if entry is None:
            wishes.done()
        elif wished.deed == "remove account":
            changing.remove_one(entry)
        else:
            changing.edit_account(entry, next((one for one in summaries if one.id == entry.id), None))
    elif wished := wishes.wished("remove bank", "history"):
        bank = next((one for one in banks if one.id == wished.target), None)
        if bank is None:
            wishes.done()
        elif wished.deed == "history":
            connections.history(bank.id, formats)
        else:
            changing.remove_bank(bank)


def _entry(guest: Visitor, account: int) -> AccountEntry | None:
    return next((one for one in list_accounts(guest.house.store, guest.user) if one.id == account), None)


def deeds(guest: Visitor, formats: Formats) -> None:
    """Do what the last click asked for and what takes a moment."""
    if wished := wishes.wished("sync", "sync all"):
        wishes.done()
        syncing.sync(guest, wished.target, formats)
    elif wished := wishes.wished("balances"):
        wishes.done()
        syncing.balances(guest, wished.target, formats)
    elif wished := wishes.wished("mend", "accounts"):
        bank = next((one for one in list_connections(guest.house.store, guest.user) if one.id == wished.target), None)
        purpose: Purpose = "mend" if wished.deed == "mend" else "accounts"
        if bank is not None and not is_fresh(guest.house.store, guest.signed_in):
            visits.confirm_first(bank.provider, purpose, bank.id)
            return
        wishes.done()
        if bank is not None:
            visits.begin(guest, bank.provider, purpose, bank.id)
    elif wished := wishes.wished("next day"):
        wishes.done()
        demo_days.let_a_day_pass(guest, formats)
    elif wished := wishes.wished("break"):
        wishes.done()
        bank = next((one for one in list_connections(guest.house.store, guest.user) if one.id == wished.target), None)
        if bank is not None:
            demo_days.break_it(guest, bank.id, bank.institution)
    elif wished := wishes.wished("reconcile"):
        wishes.done()
        st.switch_page(links.RECONCILE, query_params={"account": str(wished.target)})


def header(*, empty: bool, connected: bool, demo: bool) -> None:
    """Draw the title and what can be done here; `demo` when days can pass at the demo bank."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title("Accounts", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            if demo:
                st.button(
                    "Next day",
                    icon=":material/today:",
                    on_click=wishes.wish,
                    args=("next day",),
                    key="next_day",
                    help="Let a day pass at the demo bank, and see what it brings",
                )
            if connected:
                st.button("Sync all", icon=":material/sync:", on_click=wishes.wish, args=("sync all",), key="sync_all")
            if not empty:
                st.button(
                    "Add account",
                    icon=":material/add:",
                    type="primary",
                    on_click=wishes.wish,
                    args=("add", wishes.EVERYTHING, "bank"),
                    key="add",
                )


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the accounts and the connections."""
    store = guest.house.store
    top, told, open_visits = st.container(), st.container(), st.container()
    deeds(guest, formats)
    visits.tell_ended(guest, formats)
    banks = list_connections(store, guest.user)
    summaries = account_summaries(guest.cache)
    health = checkup(store, guest.user)
    following = {item: at for (_, item), at in next_runs(store, guest.user).items()}
    empty = not summaries and not banks
    with top:
        header(empty=empty, connected=bool(banks), demo=any(one.provider == "demo" for one in banks))
    with told:
        sentences = wishes.take_told()
        if sentences:
            show = st.success if all(one.good for one in sentences) else st.warning
            show("  \n".join(one.sentence for one in sentences))
    with open_visits:
        visits.visits_panel(guest)
        connections.needs_attention(banks, health, following, formats)
    if empty:
        nothing_yet(
            "No accounts yet",
            "Every account with its balance, and how its bank connection does, is listed here.",
            icon=":material/account_balance:",
            on_bank=lambda: wishes.wish("add", way="bank"),
            on_demo=lambda: wishes.wish("add", way="demo"),
        )
    else:
        closed = {one.id for one in list_accounts(store, guest.user) if one.closed}
        logos = {one.id: one.logo for one in banks}
        shown = [one for one in summaries if not one.hidden]
        head_cards(shown, guest, formats, health)
        wide, narrow = st.columns([3, 2])
        with wide:
            groups = (
                ("Owned", [one for one in shown if not one.is_liability and one.id not in closed]),
                ("Owed", [one for one in shown if one.is_liability and one.id not in closed]),
                ("Closed", [one for one in shown if one.id in closed]),
                ("Hidden", [one for one in summaries if one.hidden]),
            )
            for title, accounts in groups:
                if accounts:
                    account_list(title, accounts, formats, health, logos)
        with narrow:
            connections.connection_list(banks, health, following, formats)
    dialogs(guest, summaries, banks, formats)


visitor = require_user()
asked_way = st.query_params.get("add")
if asked_way in adding.WAYS:
    del st.query_params["add"]
    wishes.wish("add", way=asked_way)
with failures_told(), st.skeleton(height=400):
    screen(visitor, formats_of(visitor.profile))
