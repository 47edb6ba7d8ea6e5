"""Reconciling: an account beside its statement, what differs to the cent and why, and locking what agrees."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

import streamlit as st

from core.banking import (
    Begins,
    Cause,
    Choices,
    Comparison,
    Offer,
    Source,
    accept,
    compare,
    list_reconciliations,
    reopen,
    statement_offers,
)
from core.clock import EARLIEST
from core.ledger import LIABILITIES, AccountEntry, list_accounts
from core.money import exact
from pages.reconciling.past import past
from pages.reconciling.rows import Ticked, count, forget, row_line, tick_list, ticked
from pages.shared import links
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.line_list import line_list

TOLD: Final = "reconciled_told"
SOURCE: Final = "statement_source"
OPEN: Final = "statement_account"
FORM: Final = "statement_form"
ASKED: Final = "reconcile_asked"

ICONS: Final = {
    "twice": ":material/content_copy:",
    "pending": ":material/hourglass_top:",
    "edge": ":material/event:",
    "sign": ":material/swap_vert:",
    "removed": ":material/delete_history:",
    "surplus": ":material/remove_circle_outline:",
    "pair": ":material/link:",
    "missing": ":material/help:",
}


class Taking(NamedTuple):
    """How a statement was given: where its balance is from, and what was said of it besides."""

    source: Source
    choices: Choices


def chosen_account(accounts: Sequence[AccountEntry]) -> AccountEntry:
    """Let the person choose an account; the address names it."""
    asked = st.query_params.get("account", "")
    by_id = {one.id: one for one in accounts}
    first = int(asked) if asked.isdigit() and int(asked) in by_id else accounts[0].id
    number = st.selectbox(
        "Account",
        list(by_id),
        index=list(by_id).index(first),
        format_func=lambda one: clean(f"{by_id[one].title} · {by_id[one].institution or by_id[one].type}"),
        key="reconcile_account",
    )
    st.query_params["account"] = str(number)
    return by_id[number]


def fields(*, anew: bool = False) -> tuple[str, str]:
    """Return the names of the form's two fields; `anew` empties them, for the browser keeps what a name held."""
    number = st.session_state.get(FORM, 0) + anew
    st.session_state[FORM] = number
    return f"statement_day_{number}", f"statement_balance_{number}"


def take(offer: Offer, *, owed: bool) -> None:
    """Put an offered statement into the form."""
    day, balance = fields(anew=True)
    st.session_state[day] = offer.day
    st.session_state[balance] = float(-offer.stated if owed else offer.stated)
    st.session_state[SOURCE] = (offer.source, offer.day, offer.stated)


def statement(
    account: AccountEntry, guest: Visitor, formats: Formats, offers: Sequence[Offer], *, first: bool
) -> tuple[date, Decimal, Source, Begins | None] | None:
    """Ask for the statement's date, closing and perhaps opening balance; None until the first two are there."""
    owed = account.type in LIABILITIES
    if st.session_state.get(OPEN) != account.id:
        # Another account: what was typed for the last one is not its statement.
        st.session_state[OPEN] = account.id
        st.session_state.pop(SOURCE, None)
        fields(anew=True)
        if offers:
            take(offers[0], owed=owed)
    day_field, balance_field = fields()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            "Statement date",
            value=None,
            min_value=EARLIEST,
            max_value=guest.today,
            format=formats.date_order,
            key=day_field,
            width=200,
        )
        balance = st.number_input(
            f"{'Owed' if owed else 'Balance'} on it, in {account.currency}",
            value=None,
            format="%.2f",
            key=balance_field,
            width=260,
            help="The closing balance as it is printed there.",
        )
    if offers:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Known statements:", width="content")
            for number, one in enumerate(offers):
                words = f"{formats.day(one.day)} · {formats.money(one.stated, account.currency)} · {one.told_by}"
                st.button(
                    plain_text(words),
                    key=f"offer_{number}",
                    type="tertiary",
                    on_click=take,
                    args=(one,),
                    kwargs={"owed": owed},
                )
    begins = opening(owed, account.currency, formats, ask=first)
    if day is None or balance is None:
        return None
    stated = exact(balance)
    stated = -stated if owed else stated
    known = st.session_state.get(SOURCE)
    source: Source = known[0] if known and known[1:] == (day, stated) else "person"
    return day, stated, source, begins


def opening(owed: bool, currency: str, formats: Formats, *, ask: bool) -> Begins | None:  # noqa: FBT001 - as of an account
    """Ask for the balance that a first statement opens with; None when it is left out."""
    if not ask:
        return None
    number = st.session_state.get(FORM, 0)
    with st.expander("My statement shows an opening balance"):
        st.caption("Without it, FinTrack works back from the balance it knows. With it, only the period itself counts.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = st.date_input(
                "At the end of",
                value=None,
                min_value=EARLIEST,
                format=formats.date_order,
                key=f"opening_day_{number}",
                width=200,
            )
            balance = st.number_input(
                f"{'Owed' if owed else 'Balance'} then, in {currency}",
                value=None,
                format="%.2f",
                key=f"opening_balance_{number}",
                width=260,
            )
    if day is None or balance is None:
        return None
    amount = exact(balance)
    return day, -amount if owed else amount


def summary(seen: Comparison, formats: Formats) -> None:
    """Draw how the balances meet: opening, rows, and what is left between them and the statement."""
    money = lambda amount: formats.money(amount, seen.currency)  # noqa: E731 - one word for it here
    start = f"Statement of {formats.day(seen.opening_day)}" if seen.after_statement else "Before its first transaction"
    with st.grid(4, min_column_width=150, gap="small", height="stretch"):
        for label, amount, note in (
            ("Opening", seen.opening, start),
            (
                "Transactions",
                seen.ledger - seen.opening,
                f"{formats.number(len(seen.rows))} posted until {formats.day(seen.day)}",
            ),
            ("Balance here", seen.ledger, "Opening and transactions together"),
            ("On the statement", seen.stated, formats.day(seen.day)),
        ):
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(label, money(amount))
                st.caption(plain_text(note))


def verdict(
    seen: Comparison, account: AccountEntry, taking: Taking, said: Ticked, guest: Visitor, formats: Formats
) -> None:
    """Draw the difference and what can be done about it."""
    if not seen.difference:
        with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(
                "### :green[:material/check_circle: It agrees to the cent]  \n"
                f":gray[{formats.number(len(seen.rows))} transactions will be locked.]",
                width="stretch",
            )
            if st.button("Accept and lock", type="primary", icon=":material/lock:", key="accept"):
                settle(seen, taking, guest, formats)
        return
    if account.type in LIABILITIES:
        words = (
            f"The statement says that you owe {'less' if seen.difference > 0 else 'more'} than the transactions here."
        )
    else:
        words = f"The statement says {'more' if seen.difference > 0 else 'less'} than the transactions here add up to."
    with st.container(border=True):
        st.markdown(
            f"### :red[:material/balance: {plain_text(formats.money(abs(seen.difference), seen.currency))}] apart  \n"
            f":gray[{words}]"
        )
        causes(seen, said, formats)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Accept with a correction", icon=":material/build:", key="correct"):
                st.session_state[ASKED] = True
    if st.session_state.get(ASKED):
        confirm(seen, account, taking, formats)


def causes(seen: Comparison, said: Ticked, formats: Formats) -> None:
    """Draw the likely causes, each with its rows, and with what makes it agree where that is for the person to say."""
    st.markdown("**What may explain it**")
    for number, cause in enumerate(seen.causes):
        with st.container(gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"{ICONS[cause.kind]} {plain_text(cause.sentence)}", width="stretch")
                if cause.count_in or cause.leave_out:
                    st.button(
                        deed(cause),
                        key=f"take_cause_{number}",
                        on_click=count,
                        args=(said, cause.count_in, cause.leave_out),
                    )
            line_list(row_line(row, seen.currency, formats) for row in cause.rows)
    if any(cause.kind == "missing" for cause in seen.causes):
        st.page_link(links.IMPORT, label="Import a file", icon=":material/upload_file:", help="")


def deed(cause: Cause) -> str:
    """Return what taking up a cause does, in words."""
    if cause.count_in and cause.leave_out:
        return "Swap them"
    return "Count it in" if cause.count_in else "Leave it out"


def settle(seen: Comparison, taking: Taking, guest: Visitor, formats: Formats) -> None:
    """Accept what was seen, and tell it on the next run."""
    with failures_told():
        accept(
            guest.house.store,
            guest.user,
            seen.account_id,
            seen.day,
            seen.stated,
            taking.source,
            seen.difference,
            taking.choices,
        )
        st.session_state[TOLD] = f"Reconciled with the statement of {formats.day(seen.day)}."
        forget()
        for name in (ASKED, OPEN, SOURCE):
            st.session_state.pop(name, None)
        st.rerun()


def forget_question() -> None:
    """Close the question whether to correct."""
    st.session_state.pop(ASKED, None)


@st.dialog("Accept with a correction", on_dismiss=forget_question)
def confirm(seen: Comparison, account: AccountEntry, taking: Taking, formats: Formats) -> None:
    """Ask once more before a correction is made."""
    guest = require_user()
    amount = formats.money(seen.difference, seen.currency, signed=True)
    st.markdown(
        f"A transaction **Balance correction** of **{plain_text(amount)}** on {formats.day(seen.day)} is added to "
        f"{plain_text(account.title)}, so that it agrees with the statement. It counts as neither income nor spending, "
        "is written into the audit log, and goes again when you reopen this reconciliation."
    )
    if st.button("Add the correction and lock", type="primary", icon=":material/lock:", key="confirm_correction"):
        settle(seen, taking, guest, formats)


def take_back(reconciliation: int) -> None:
    """Reopen a reconciliation."""
    guest = require_user()
    with failures_told():
        reopen(guest.house.store, guest.user, reconciliation)
        st.session_state[TOLD] = "Reopened: its transactions are free again."
        st.session_state.pop(OPEN, None)


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the whole page."""
    st.title("Reconcile", anchor=False)
    store = guest.house.store
    accounts = [one for one in list_accounts(store, guest.user) if not one.hidden]
    if not accounts:
        nothing_yet(
            "Nothing to reconcile yet",
            "Hold an account against its statement here, find what differs, and lock what agrees.",
            icon=":material/fact_check:",
        )
        return
    st.caption("Hold an account against its statement. What agrees is locked, so that nothing changes it silently.")
    if told := st.session_state.pop(TOLD, ""):
        st.success(plain_text(told), icon=":material/check:")
    account = chosen_account(accounts)
    offers = statement_offers(store, guest.user, account.id)
    entries = list_reconciliations(store, guest.user, account.id)
    first = all(one.reopened_at is not None for one in entries)
    asked = statement(account, guest, formats, offers, first=first)
    if asked is None:
        st.info("Type the date and the closing balance that your statement shows.", icon=":material/edit:")
    else:
        with failures_told():
            day, stated, source, begins = asked
            said = ticked(account.id, day)
            choices = Choices(begins, said.count_in, said.leave_out)
            seen = compare(store, guest.user, account.id, day, stated, choices)
            summary(seen, formats)
            everything = formats.number(len(seen.rows) + len(seen.around))
            with st.expander(
                f"What is on it: {formats.number(len(seen.rows))} of {everything} transactions", key="on_it"
            ):
                tick_list(seen, said, formats)
            verdict(seen, account, Taking(source, choices), said, guest, formats)
    past(entries, account, formats, take_back)


visitor = require_user()
with failures_told(), st.skeleton(height=400):
    screen(visitor, formats_of(visitor.profile))
