"""Every transaction, filtered by the address; with `?tx=` all about one of them."""

from collections.abc import Sequence

import streamlit as st

from core.analytics import AccountSummary, Totals, TransactionFilter, account_summaries, list_transactions
from core.ledger import (
    CategoryEntry,
    Changes,
    TransactionDetail,
    edit_transactions,
    keep_both,
    list_categories,
    transaction_detail,
)
from pages.shared import filters
from pages.shared.empty import nothing_found, nothing_yet
from pages.shared.errors import failures_told
from pages.shared.filters import Asked, key
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.tables import facts_table, transaction_table

NO_CATEGORY = 0
FIELDS = {
    "own_name": "name",
    "merchant_name": "merchant",
    "original_text": "bank's text",
    "joined": "taken for the same as a file's",
    "parted": "kept apart from a file's",
}
SOURCES = {"person": "You", "bank": "Bank", "import": "Import"}


def category_names(categories: Sequence[CategoryEntry]) -> dict[int, str]:
    """Return what each category is called in a choice: a group by its title, its members with the group's behind."""
    groups = {one.code: one.title for one in categories if one.code == one.group}
    return {NO_CATEGORY: "No category"} | {
        one.id: one.title if one.code == one.group else f"{one.title} ({groups.get(one.group, one.group)})"
        for one in categories
    }


def account_names(accounts: Sequence[AccountSummary]) -> dict[int, str]:
    """Return what each account is called in a choice, with the digits that tell two of a name apart."""
    return {one.id: clean(f"{one.name} ··{one.mask}" if one.mask else one.name) for one in accounts if not one.hidden}


def filter_bar(
    wanted: TransactionFilter, accounts: dict[int, str], categories: dict[int, str], formats: Formats
) -> None:
    """Draw what can be filtered; each widget writes the address."""
    for name, known in (("accounts", accounts), ("categories", categories)):
        st.session_state[key(name)] = [one for one in st.session_state[key(name)] if one in known]
    changed = filters.address_follows_widgets
    text, account, category, more = st.columns([4, 3, 3, 2], vertical_alignment="bottom", gap="small")
    text.text_input(
        "Search",
        key=key("text"),
        placeholder="Search names, notes, bank texts",
        icon=":material/search:",
        type="search",
        on_change=changed,
        label_visibility="collapsed",
    )
    account.multiselect(
        "Accounts",
        list(accounts),
        key=key("accounts"),
        format_func=accounts.__getitem__,
        placeholder="All accounts",
        on_change=changed,
        label_visibility="collapsed",
    )
    category.multiselect(
        "Categories",
        list(categories),
        key=key("categories"),
        format_func=categories.__getitem__,
        placeholder="All categories",
        on_change=changed,
        label_visibility="collapsed",
    )
    with more.popover("More", icon=":material/tune:", width="stretch"):
        since, until = st.columns(2, wrap=False)
        since.date_input("From", key=key("since"), value=None, format=formats.date_order, on_change=changed)
        until.date_input("To", key=key("until"), value=None, format=formats.date_order, on_change=changed)
        least, most = st.columns(2, wrap=False)
        least.number_input("At least", min_value=0.0, value=None, key=key("least"), on_change=changed)
        most.number_input("At most", min_value=0.0, value=None, key=key("most"), on_change=changed)
        st.caption("Amounts are meant without their sign.")
        st.segmented_control(
            "Kind",
            list(filters.KINDS),
            format_func=str.capitalize,
            key=key("kind"),
            on_change=changed,
        )
        st.segmented_control(
            "State",
            [True, False],
            format_func={True: "Pending", False: "Posted"}.__getitem__,
            key=key("pending"),
            on_change=changed,
        )
    if not wanted.is_open:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(told(wanted, accounts, categories, formats))
            st.button("Clear filters", icon=":material/filter_alt_off:", type="tertiary", on_click=filters.clear)


def told(wanted: TransactionFilter, accounts: dict[int, str], categories: dict[int, str], formats: Formats) -> str:
    """Return a filter in words, as Markdown."""
    parts = []
    if wanted.kind:
        parts.append(wanted.kind.capitalize())
    if wanted.pending is not None:
        parts.append("pending" if wanted.pending else "posted")
    if wanted.account_ids:
        parts.append(" or ".join(accounts.get(one, "an account that is not there") for one in wanted.account_ids))
    if wanted.category_ids:
        parts.append(" or ".join(categories.get(one, "a category that is not there") for one in wanted.category_ids))
    if wanted.since or wanted.until:
        since = f"from {formats.day(wanted.since)} " if wanted.since else ""
        parts.append(f"{since}to {formats.day(wanted.until)}" if wanted.until else since.strip())
    if wanted.least is not None:
        parts.append(f"at least {wanted.least:f}")
    if wanted.most is not None:
        parts.append(f"at most {wanted.most:f}")
    if wanted.text:
        parts.append(f"with “{wanted.text}”")
    return plain_text("Only " + ", ".join(parts))


def totals_line(count: int, totals: Sequence[Totals], formats: Formats) -> None:
    """Say what all the filtered rows add up to, each currency by itself."""
    if not totals:
        return
    lines = []
    for one in totals:
        parts = [
            f"in {formats.coloured_money(one.inflow, one.currency)}",
            f"out {plain_text(formats.money(one.outflow, one.currency))}",
            f"net **{plain_text(formats.money(one.net, one.currency, signed=True))}**",
        ]
        amount = one.rows if len(totals) > 1 else count
        lines.append(
            f"**{formats.number(amount)}** {'transaction' if amount == 1 else 'transactions'} · " + " · ".join(parts)
        )
    st.markdown("  \n".join(lines))


def listing(guest: Visitor, asked: Asked, formats: Formats) -> None:
    """Draw the filtered list, its totals and the pager."""
    st.title("Transactions", anchor=False)
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
        filter_bar(asked.wanted, accounts, categories, formats)
        if not page.count:
            nothing_found("No transaction is like this. Clear the filters, or search for less.")
            return
        totals_line(page.count, page.totals, formats)
        transaction_table(page.rows, formats, key="open_transaction", on_open=open_transaction)
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


def close_transaction() -> None:
    """Go back to the list as it was."""
    require_user()
    st.query_params.pop("tx", None)


def detail(guest: Visitor, transaction: int, formats: Formats) -> None:
    """Draw everything known of one transaction, and what of it the person may change."""
    st.button("Back to the list", icon=":material/arrow_back:", type="tertiary", on_click=close_transaction)
    with failures_told():
        one = transaction_detail(guest.house.store, guest.user, transaction)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
            with st.container(width="content", gap="xsmall"):
                st.title(plain_text(one.name) or "No name", anchor=False, width="content")
                where = f"{one.account}, {one.institution}" if one.institution else one.account
                pending = " :orange-badge[:material/schedule: Pending]" if one.pending else ""
                locked = " :green-badge[:material/lock: Reconciled]" if one.reconciled else ""
                st.markdown(f":gray[{plain_text(f'{formats.day(one.date)} · {where}')}]{pending}{locked}")
            st.header(formats.coloured_money(one.amount, one.currency), anchor=False, width="content")
        facts, own = st.columns([3, 2])
        with facts, st.container(border=True):
            st.subheader("What the bank says", anchor=False)
            facts_table(bank_facts(one, formats), alt="What the bank says of this transaction")
        with own, st.container(border=True):
            st.subheader("What you say", anchor=False)
            edit_form(guest, one)
        history(one, formats)


def bank_facts(one: TransactionDetail, formats: Formats) -> dict[str, str]:
    """Return what is known from the bank, by name, without what it left out."""
    place = one.details.get("location")
    place = place if isinstance(place, dict) else {}
    others = one.details.get("counterparties")
    facts = {
        "Date": formats.day(one.date),
        "Authorised": formats.day(one.authorized_date) if one.authorized_date else "",
        "Amount": formats.money(one.amount, one.currency, signed=True),
        "Bank's name for it": one.bank_name,
        "Merchant": one.merchant_name,
        "Original text": one.original_text,
        "Bank's category": one.bank_category,
        "With": ", ".join(_party(other) for other in others if isinstance(other, dict))
        if isinstance(others, list)
        else "",
        "Where": ", ".join(str(place[part]) for part in ("address", "city", "region", "country") if place.get(part)),
        "Website": str(one.details.get("website") or ""),
        "Paid": one.payment_channel,
        "Check number": one.check_number,
        "State": "pending: the bank may still change it" if one.pending else "posted",
        "From file": one.imported_from,
        "Reconciled": f"with the statement of {formats.day(one.reconciled)}, locked" if one.reconciled else "",
        "Account": one.account,
        "Institution": one.institution,
    }
    return {name: value for name, value in facts.items() if value}


def _party(other: dict[str, object]) -> str:
    name, kind = str(other.get("name") or ""), str(other.get("type") or "").replace("_", " ")
    return f"{name} ({kind})" if kind else name


def edit_form(guest: Visitor, one: TransactionDetail) -> None:
    """Let the person give it a name, a category and a note of their own; a sync never overwrites them."""
    categories = list_categories(guest.house.store, guest.user)
    names = category_names(categories)
    given = one.merchant_name or one.bank_name
    with st.form("own_words", border=False):
        name = st.text_input("Name", value="" if one.name == given else one.name, placeholder=given, max_chars=500)
        category = st.selectbox(
            "Category",
            list(names)[1:],
            index=list(names)[1:].index(one.category_id) if one.category_id in names and one.category_id else None,
            format_func=names.__getitem__,
            placeholder="No category",
        )
        note = st.text_area("Note", value=one.note, max_chars=500, height=90)
        if st.form_submit_button("Save", type="primary", icon=":material/check:"):
            own_category = category if category != one.category_id else None
            edit_transactions(
                guest.house.store,
                guest.user,
                [one.id],
                Changes(own_name=name, own_category_id=own_category, note=note),
            )
            st.toast("Saved.", icon=":material/check:")
            st.rerun()
    if one.bank_category and one.category != one.bank_category:
        st.button(
            f"Use the bank's category: {plain_text(one.bank_category)}",
            type="tertiary",
            icon=":material/undo:",
            on_click=take_bank_category,
            args=(one.id,),
        )


def take_bank_category(transaction: int) -> None:
    """Drop the person's own category."""
    guest = require_user()
    with failures_told():
        edit_transactions(guest.house.store, guest.user, [transaction], Changes(clear_category=True))


def tell_apart(transaction: int) -> None:
    """Keep a file's row and the connection's as two, on the person's word."""
    guest = require_user()
    with failures_told():
        keep_both(guest.house.store, guest.user, transaction)
        st.toast("Both are kept: the bank's and the file's.", icon=":material/call_split:")


def history(one: TransactionDetail, formats: Formats) -> None:
    """Draw every change of it since it came, newest first."""
    with st.container(border=True):
        st.subheader("History", anchor=False)
        if not one.history:
            st.caption("Nothing has changed since it came. Every change by the bank, an import or you is listed here.")
            return
        if one.joined:
            said = next((change.before for change in reversed(one.history) if change.field == "joined"), "")
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(
                    f"A file told of this one too, as {plain_text(said)}. It was taken for the same.", width="stretch"
                )
                st.button("Not the same: keep both", icon=":material/call_split:", on_click=tell_apart, args=(one.id,))
        changes = list(reversed(one.history))
        st.dataframe(
            {
                "When": [formats.moment(change.at) for change in changes],
                "Who": [SOURCES.get(change.source, change.source) for change in changes],
                "What": [FIELDS.get(change.field, change.field.replace("_", " ")) for change in changes],
                "Before": [clean(change.before) for change in changes],
                "After": [clean(change.after) for change in changes],
            },
            hide_index=True,
            alt="Every change of this transaction, newest first",
        )


visitor = require_user()
asked_for = filters.widgets_follow_address()
if asked_for.tx is None:
    listing(visitor, asked_for, formats_of(visitor.profile))
else:
    detail(visitor, asked_for.tx, formats_of(visitor.profile))
