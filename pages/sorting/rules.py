"""The list of a person's rules, and the dialog in which one is written and tried."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import streamlit as st

from core.analytics import account_summaries
from core.clock import EARLIEST, LATEST
from core.errors import FinTrackError
from core.ledger import (
    Actions,
    Conditions,
    Direction,
    RuleEntry,
    RulePreview,
    add_rule,
    change_rule,
    delete_rule,
    enable_rule,
    list_categories,
    list_rules,
    move_rule,
    preview_rule,
    suggest_rules,
)
from core.money import exact
from pages.shared.accounts import account_names
from pages.shared.categories import choices
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.icons import unseen
from pages.sorting import wording

DIRECTIONS: Final[dict[Direction, str]] = {"": "Either way", "out": "Money out", "in": "Money in"}


def rules_list(guest: Visitor) -> None:
    """Draw what the person's rules are, and which ones they might want."""
    store = guest.house.store
    categories = choices(list_categories(store, guest.user), every=True)
    accounts = account_names(account_summaries(guest.cache), every=True)
    formats = formats_of(guest.profile)
    if st.button("New rule", type="primary", icon=":material/add:"):
        edit_rule(None, Conditions(), Actions())
    for one in suggest_rules(store, guest.user)[:3]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/lightbulb: You put **{plain_text(one.text)}** into "
                f"**{plain_text(categories.get(one.category_id, ''))}** {one.times} times.",
                width="stretch",
            )
            if st.button("Make it a rule", key=f"suggested_{one.text}"):
                edit_rule(None, one.conditions, one.actions)
    rules = list_rules(store, guest.user)
    if not rules:
        with st.container(border=True, horizontal_alignment="center"):
            st.subheader(":material/rule: No rules yet", anchor=False, text_alignment="center")
            st.caption(
                "A rule says once what you would say again and again: that Corner Shop is groceries, that the first "
                "transfer of a month is the rent. What you say of a transaction itself always comes first.",
                text_alignment="center",
            )
        return
    for one in rules:
        _rule(guest, one, len(rules), accounts, categories, formats)
    st.caption("Rules are tried from top to bottom: the first that fits decides; tags are those of all that fit.")


def _rule(
    guest: Visitor,
    one: RuleEntry,
    count: int,
    accounts: Mapping[int, str],
    categories: Mapping[int, str],
    formats: Formats,
) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            paused = "" if one.enabled else " :gray-badge[Off]"
            st.markdown(f"**{plain_text(one.name)}**{paused}")
            st.markdown(
                plain_text(
                    f"Where {wording.asked(one.conditions, accounts, formats)}: {wording.said(one.actions, categories)}"
                )
            )
            noun = "transaction" if one.rows == 1 else "transactions"
            st.caption(f"{formats.number(one.rows)} {noun}")
        with st.container(horizontal=True, width="content", gap="xsmall", vertical_alignment="center"):
            switch = f"rule_on_{one.id}_{one.enabled}"
            st.toggle("On", value=one.enabled, key=switch, on_change=_switch, args=(one.id, switch))
            deed = st.menu_button(
                unseen(f"What to do with {one.name}"),
                [deed for deed, possible in _deeds(one, count).items() if possible],
                icon=":material/more_horiz:",
                key=f"rule_menu_{one.id}",
                type="tertiary",
                help=f"What to do with {plain_text(one.name)}",
            )
    if deed in {"Try it earlier", "Try it later"}:
        with failures_told():
            move_rule(guest.house.store, guest.user, one.id, one.position + (1 if deed == "Try it later" else -1))
        st.rerun()
    if deed == "Edit":
        edit_rule(one, one.conditions, one.actions)
    if deed == "Delete":
        _confirm_delete(one)


def _deeds(one: RuleEntry, count: int) -> dict[str, bool]:
    """Return what can be done with a rule, and whether there is a point in it."""
    return {"Edit": True, "Try it earlier": one.position > 1, "Try it later": one.position < count, "Delete": True}


def _switch(rule: int, key: str) -> None:
    guest = require_user()
    with failures_told():
        enable_rule(guest.house.store, guest.user, rule, enabled=bool(st.session_state[key]))


@st.dialog("Delete a rule")
def _confirm_delete(one: RuleEntry) -> None:
    guest = require_user()
    st.markdown(f"**{plain_text(one.name)}**")
    st.caption("What it said of transactions is taken back. What you said of them yourself stays.")
    if st.button("Delete the rule", type="primary", icon=":material/delete:"):
        with failures_told():
            delete_rule(guest.house.store, guest.user, one.id)
            st.rerun()


@st.dialog("Rule", width="large")
def edit_rule(one: RuleEntry | None, conditions: Conditions, actions: Actions) -> None:
    """Let the person write a rule, and see what it would change before it is kept."""
    guest = require_user()
    store = guest.house.store
    with failures_told():
        known = choices(list_categories(store, guest.user))
        accounts = account_names(account_summaries(guest.cache), every=True)
        st.markdown("**Which transactions?** All that is given has to hold.")
        asked = _conditions(conditions, accounts, formats_of(guest.profile))
        st.markdown("**What is to be said of them?**")
        wanted = _actions(actions, known)
        name = st.text_input(
            "Name of the rule", value=one.name if one else "", placeholder="As its text", max_chars=80, key="rule_name"
        )
        preview = _preview(guest, asked, wanted, one)
        past = st.checkbox(
            "Also for the transactions that are there already",
            value=True,
            key="rule_past",
            help="Otherwise only for those to come",
        )
        if st.button("Save the rule", type="primary", icon=":material/check:", disabled=preview is None):
            if one is None:
                add_rule(store, guest.user, name, asked, wanted, past=past)
            else:
                change_rule(store, guest.user, one.id, name, asked, wanted, past=past)
            st.toast("The rule is kept.", icon=":material/check:")
            st.rerun()


def _conditions(now: Conditions, accounts: Mapping[int, str], formats: Formats) -> Conditions:
    texts = st.text_input(
        "Text has",
        value=" | ".join(now.texts),
        placeholder="corner shop | grocer",
        help="Words of the bank's text, in any case; several with | between them: one of them has to be there.",
        key="rule_texts",
    )
    way, least, most = st.columns([2, 1, 1])
    direction = way.segmented_control(
        "Direction",
        list(DIRECTIONS),
        default=now.direction,
        required=True,
        format_func=DIRECTIONS.__getitem__,
        key="rule_direction",
    )
    lowest = least.number_input("At least", min_value=0.0, value=_number(now.least), key="rule_least")
    highest = most.number_input("At most", min_value=0.0, value=_number(now.most), key="rule_most")
    chosen = st.multiselect(
        "Accounts",
        list(accounts),
        default=[one for one in now.account_ids if one in accounts],
        format_func=accounts.__getitem__,
        placeholder="All accounts",
        key="rule_accounts",
    )
    with st.expander("Dates", expanded=bool(now.since or now.until or now.first_day or now.last_day)):
        since, until, first, last = st.columns(4)
        begin, end = (
            column.date_input(
                label, value=day, min_value=EARLIEST, max_value=LATEST, format=formats.date_order, key=f"rule_{name}"
            )
            for column, label, day, name in ((since, "From", now.since, "since"), (until, "To", now.until, "until"))
        )
        first_day = first.number_input("Day of month from", 1, 31, value=now.first_day, key="rule_first_day")
        last_day = last.number_input("to", 1, 31, value=now.last_day, key="rule_last_day")
    return Conditions(
        texts=tuple(part.strip() for part in texts.split("|") if part.strip()),
        direction=direction,
        least=None if lowest is None else exact(lowest),
        most=None if highest is None else exact(highest),
        account_ids=tuple(chosen),
        since=begin,
        until=end,
        first_day=first_day,
        last_day=last_day,
    )


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _actions(now: Actions, categories: Mapping[int, str]) -> Actions:
    left, right = st.columns(2)
    category = left.selectbox(
        "Category",
        list(categories),
        index=list(categories).index(now.category_id) if now.category_id in categories else None,
        format_func=categories.__getitem__,
        placeholder="As it is",
        key="rule_category",
    )
    name = right.text_input("Name", value=now.name, placeholder="As it is", max_chars=500, key="rule_said_name")
    left, right = st.columns(2)
    tags = left.text_input("Tags", value=", ".join(now.tags), placeholder="holiday, work", key="rule_tags")
    right.space("small")
    hidden = right.checkbox("Leave out of budgets", value=now.hidden, key="rule_hidden")
    return Actions(
        category_id=category,
        name=name,
        tags=tuple(part.strip() for part in tags.split(",") if part.strip()),
        hidden=hidden,
    )


def _preview(guest: Visitor, asked: Conditions, wanted: Actions, one: RuleEntry | None) -> RulePreview | None:
    """Draw what the rule would change; None while it can't be kept."""
    if asked == Conditions() or wanted == Actions():
        st.caption("Say which transactions are meant and what is to be said of them: then you see here what changes.")
        return None
    try:
        preview = preview_rule(guest.house.store, guest.user, asked, wanted, one.id if one else None)
    except FinTrackError as failure:
        show_failure(failure)
        return None
    formats = formats_of(guest.profile)
    titles = choices(list_categories(guest.house.store, guest.user), every=True)
    st.markdown(
        f"Fits **{formats.number(preview.fitting)}** of your transactions and changes "
        f"**{formats.number(preview.changing)}**."
    )
    if preview.sample:
        st.dataframe(
            {
                "Date": [formats.day(row.date) for row in preview.sample],
                "Name": [clean(row.name) for row in preview.sample],
                "Amount": [formats.money(row.amount, row.currency, signed=True) for row in preview.sample],
                "Category now": [titles.get(row.category_before or 0, "–") for row in preview.sample],
                "then": [titles.get(row.category_after or 0, "–") for row in preview.sample],
            },
            hide_index=True,
            height=200,
            alt="What the rule would change, newest first",
        )
    return preview
