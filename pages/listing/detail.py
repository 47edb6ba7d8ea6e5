"""Everything known of one transaction, and what of it the person may change."""

import streamlit as st

from core.ledger import Changes, TransactionDetail, edit_transactions, keep_both, list_categories, transaction_detail
from pages.listing.filtering import category_names
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.tables import facts_table

FIELDS = {
    "own_name": "name",
    "merchant_name": "merchant",
    "original_text": "bank's text",
    "joined": "taken for the same as a file's",
    "parted": "kept apart from a file's",
}
SOURCES = {"person": "You", "bank": "Bank", "import": "Import"}


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
