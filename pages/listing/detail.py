"""Everything known of one transaction, and what of it the person may change."""

from decimal import Decimal

import streamlit as st

from core.analytics import known_tags
from core.geography import point_told
from core.ledger import Changes, TransactionDetail, edit_transactions, list_categories, transaction_detail
from pages.listing import deeds
from pages.listing.past import history
from pages.listing.place import place_map
from pages.listing.splitting import split_editor
from pages.shared import links
from pages.shared.categories import choices
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.line_list import line_list, money_line
from pages.shared.tables import facts_table

RULE_HELP = "For all transactions like it, those to come too"
DECIDERS = {
    "you": "you said so",
    "purchase": "as what it refunds",
    "rule": "by your rule",
    "learned": "learned from what you put right",
    "bank": "your bank says so",
    "merchant": "what this merchant is known for",
}
"""Who says what it is for."""


def close_transaction() -> None:
    """Go back to the list as it was."""
    require_user()
    st.query_params.pop("tx", None)


def detail(guest: Visitor, transaction: int, formats: Formats) -> None:
    """Draw everything known of one transaction, and what of it the person may change."""
    st.button("Back to the list", icon=":material/arrow_back:", type="tertiary", on_click=close_transaction)
    deeds.say()
    with failures_told():
        one = transaction_detail(guest.house.store, guest.user, transaction)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
            with st.container(width="content", gap="xsmall"):
                st.title(plain_text(one.name) or "No name", anchor=False, width="content")
                where = f"{one.account}, {one.institution}" if one.institution else one.account
                st.markdown(f":gray[{plain_text(f'{formats.day(one.date)} · {where}')}]{chips(one)}")
            st.header(formats.coloured_money(one.amount, one.currency), anchor=False, width="content")
        facts, own = st.columns([3, 2])
        with facts:
            with st.container(border=True):
                st.subheader("What the bank says", anchor=False)
                facts_table(bank_facts(one, formats), alt="What the bank says of this transaction")
                if point := point_told(place_of(one)):
                    place_map(point, place_in_words(one))
            belonging(one, formats)
        with own, st.container(border=True):
            st.subheader("What you say", anchor=False)
            edit_form(guest, one)
            parts(one, formats)
        history(one, formats)
    deed = deeds.asked_deed()
    if deed is not None and deed.name == "split":
        st.dialog("Split", on_dismiss=deeds.forget)(_split)(one.id, formats)


def _split(transaction: int, formats: Formats) -> None:
    guest = require_user()
    with failures_told():
        split_editor(guest, transaction, formats)


def chips(one: TransactionDetail) -> str:
    """Return what is to be seen at once of a transaction, as Markdown."""
    marks = {
        " :orange-badge[:material/schedule: Pending]": one.pending,
        " :green-badge[:material/lock: Reconciled]": one.reconciled is not None,
        " :gray-badge[:material/visibility_off: Not in budgets]": one.hidden,
        f" :violet-badge[:material/call_split: {len(one.parts)} parts]": bool(one.parts),
    }
    tags = "".join(f" :blue-badge[:material/sell: {plain_text(tag)}]" for tag in (*one.tags, *one.rule_tags))
    return "".join(mark for mark, holds in marks.items() if holds) + tags


def decided(one: TransactionDetail, formats: Formats) -> str:
    """Return in words who says what a transaction is for, "" when nobody does."""
    if one.parts:
        return "Each part has a category of its own."
    words = DECIDERS.get(one.decided_by, "")
    if one.decided_by == "rule" and one.rule:
        words = f"by your rule “{one.rule}”"
    sure = formats.percent(Decimal(one.learned_permille) / 1000)
    if one.decided_by == "learned":
        words = f"{words}, {sure} sure"
    told = f"{one.category}: {words}." if words else "No category: nobody says what it is for."
    if one.learned and one.decided_by != "learned" and one.learned != one.category:
        told += f" The model would say {one.learned} ({sure})."
    return told


def parts(one: TransactionDetail, formats: Formats) -> None:
    """Draw into what it is split, and the way to split it."""
    for number, part in enumerate(one.parts, start=1):
        with st.container(horizontal=True, horizontal_alignment="distribute", wrap=False):
            note = f" :small[:gray[{plain_text(part.note)}]]" if part.note else ""
            category = plain_text(one.part_titles[number - 1]) or "No category"
            st.markdown(f":gray[{number}] {category}{note}")
            st.markdown(formats.coloured_money(part.amount, one.currency), text_alignment="right", width="content")
    label = "Change the split" if one.parts else "Split it over several categories"
    st.button(label, icon=":material/call_split:", type="tertiary", key="split", on_click=deeds.ask, args=("split",))
    # The bank's merchant where it told one: the name that stays the same from one time to the next.
    query = {"rule": one.merchant_name or one.bank_name} | (
        {"category": str(one.category_id)} if one.category_id else {}
    )
    st.page_link(
        links.CATEGORIES, label="Make a rule of it", icon=":material/rule:", query_params=query, help=RULE_HELP
    )


def belonging(one: TransactionDetail, formats: Formats) -> None:
    """Draw the other side of a transfer, the refunds of a purchase or the purchase of a refund."""
    if not one.pairs:
        return
    with st.container(border=True):
        st.subheader("Belongs together with", anchor=False)
        drawn = []
        for other in one.pairs:
            kind = "the other side of the transfer" if other.kind == "transfer" else "the purchase that it refunds"
            below = f"{'its refund' if other.is_refund else kind} · {formats.day(other.date)} · {other.account}"
            link = links.Link(other.name, links.TRANSACTIONS, {"tx": str(other.id)})
            drawn.append(money_line(link, below, other.amount, other.currency, formats, icon="link"))
        line_list(drawn)


def bank_facts(one: TransactionDetail, formats: Formats) -> dict[str, str]:
    """Return what is known from the bank, by name, without what it left out."""
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
        "Where": place_in_words(one),
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


def place_of(one: TransactionDetail) -> dict[str, object]:
    """Return what the bank says of the place, by Plaid's names; nothing where it says nothing."""
    place = one.details.get("location")
    return place if isinstance(place, dict) else {}


def place_in_words(one: TransactionDetail) -> str:
    """Return the place as the bank calls it, "" when it doesn't."""
    place = place_of(one)
    return ", ".join(str(place[part]) for part in ("address", "city", "region", "country") if place.get(part))


def _party(other: dict[str, object]) -> str:
    name, kind = str(other.get("name") or ""), str(other.get("type") or "").replace("_", " ")
    return f"{name} ({kind})" if kind else name


def edit_form(guest: Visitor, one: TransactionDetail) -> None:
    """Let the person give it a name, a category and a note of their own; a sync never overwrites them."""
    names = choices(list_categories(guest.house.store, guest.user))
    if one.category_id is not None and one.category_id not in names:
        names[one.category_id] = one.category
    given = one.merchant_name or one.bank_name
    tags = list(dict.fromkeys((*one.tags, *known_tags(guest.cache))))
    with st.form(f"own_words_{one.id}_{deeds.turn()}", border=False):
        name = st.text_input("Name", value=one.own_name, placeholder=given, max_chars=500)
        category = st.selectbox(
            "Category",
            list(names),
            index=list(names).index(one.category_id) if one.category_id is not None else None,
            format_func=names.__getitem__,
            placeholder="No category",
            disabled=bool(one.parts),
        )
        st.caption(plain_text(decided(one, formats_of(guest.profile))))
        chosen = st.multiselect(
            "Tags", tags, default=list(one.tags), accept_new_options=True, format_func=clean, placeholder="No tags"
        )
        note = st.text_area("Note", value=one.note, max_chars=500, height=90)
        hidden = st.toggle("Leave it out of budgets", value=one.hidden)
        if st.form_submit_button("Save", type="primary", icon=":material/check:"):
            wanted = Changes(
                own_name=name,
                own_category_id=category if category != one.category_id else None,
                note=note,
                add_tags=tuple(tag for tag in chosen if tag not in one.tags),
                remove_tags=tuple(tag for tag in one.tags if tag not in chosen),
                hidden=hidden if hidden != one.hidden else None,
            )
            deeds.done(edit_transactions(guest.house.store, guest.user, [one.id], wanted))
            st.rerun()
    if one.own_category_id is not None and not one.parts:
        st.button(
            f"Use the bank's category: {plain_text(one.bank_category)}"
            if one.bank_category
            else "Take my category back",
            type="tertiary",
            icon=":material/undo:",
            on_click=take_bank_category,
            args=(one.id,),
        )


def take_bank_category(transaction: int) -> None:
    """Drop the person's own category."""
    guest = require_user()
    with failures_told():
        deeds.done(edit_transactions(guest.house.store, guest.user, [transaction], Changes(clear_category=True)))
