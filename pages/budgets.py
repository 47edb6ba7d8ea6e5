"""Budgets: a month's limits, what was spent of them and where that leads; past months; 50/30/20."""

from typing import Final

import streamlit as st

from core.planning import BudgetMonth, budget_month
from pages.planning.budget_table import failure_told, span_choice, table
from pages.planning.figures import pace_bars
from pages.planning.months import month_words, picked_month
from pages.planning.past_months import past_months
from pages.planning.sharing import sharing
from pages.planning.unbudgeted import add_budget, unbudgeted
from pages.shared import links
from pages.shared.cards import Card, card_grid
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.links import Link

VIEWS: Final = {"month": "The month", "past": "Past months", "shares": "50/30/20"}


def figures(view: BudgetMonth, formats: Formats) -> list[Card]:
    """Return the month's sums: limits, spending, what is left, income."""
    currency = view.currency
    span = {"from": view.month.first.isoformat(), "to": view.month.last.isoformat()}
    carried = f"{formats.money(view.carried, currency, signed=True)} carried in" if view.carried else ""
    used = f"{formats.percent(view.used)} used, " if view.used is not None else ""
    count = "1 budget" if len(view.lines) == 1 else f"{formats.number(len(view.lines))} budgets"
    return [
        Card("Limits", formats.figure(view.limit, currency), currency, note=carried or count),
        Card(
            "Spent of them",
            formats.figure(view.budgeted, currency),
            currency,
            note=f"{used}{formats.percent(view.elapsed)} of the month gone",
        ),
        Card(
            "Left" if view.left >= 0 else "Over",
            formats.figure(abs(view.left), currency),
            currency,
            note=f"of {count}",
        ),
        Card(
            "Income",
            formats.figure(view.income, currency),
            currency,
            note=f"all spending {formats.money(view.spent, currency)}",
            link=Link("See the rows", links.TRANSACTIONS, span | {"kind": "income"}),
        ),
    ]


def told_besides(view: BudgetMonth, formats: Formats) -> None:
    """Say what budgets leave out."""
    parts = [f"{formats.money(spent, code)} spent in {code} is in no budget" for code, spent in view.elsewhere]
    if view.hidden:
        parts.append(f"{formats.money(view.hidden, view.currency)} in hidden transactions is left out")
    if parts:
        st.caption(plain_text(". ".join([*parts, ""]).strip()))


def the_month(guest: Visitor, view: BudgetMonth, formats: Formats) -> None:
    """Draw the table, the bars and what has no budget."""
    # On the left, for the table's own tools come up over its right end.
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if view.lines:
            span_choice()
        add_budget(guest, view, formats)
    failure_told()
    if view.lines:
        table(view, formats)
        st.caption("Type a limit, or tick what carries over: it is kept at once. An emptied limit ends the budget.")
    else:
        with st.container(border=True, horizontal_alignment="center"):
            st.markdown(
                ":material/donut_large: No budgets this month yet. Take the suggestions below, or add your own.",
                text_alignment="center",
            )
    told_besides(view, formats)
    if not view.lines:
        unbudgeted(view, formats)
        return
    wide, narrow = st.columns([1, 1])
    with wide, st.container(border=True, height="stretch"):
        st.subheader("How far along", anchor=False)
        pace_bars(view, formats)
    with narrow, st.container(border=True, height="stretch", gap="xsmall"):
        unbudgeted(view, formats)


def view_choice() -> str:
    """Let the person choose what to see; the address names it."""

    def chosen() -> None:
        st.query_params["view"] = st.session_state["budget_view"]

    asked = st.query_params.get("view", "")
    st.session_state["budget_view"] = asked if asked in VIEWS else "month"
    return st.segmented_control(
        "View",
        list(VIEWS),
        required=True,
        format_func=VIEWS.__getitem__,
        key="budget_view",
        on_change=chosen,
        label_visibility="collapsed",
    )


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the page."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        month = picked_month(guest, formats)
        shown = view_choice()
    view = budget_month(guest.house.store, guest.user, guest.cache, month, guest.today)
    st.caption(plain_text(f"{month_words(month, formats)} · in {view.currency}"))
    if not view.lines and not view.unbudgeted:
        nothing_yet(
            "No spending to budget yet",
            "Limits, what is left of them and where the month leads appear here as soon as there is spending.",
            icon=":material/donut_large:",
        )
        return
    if view.lines:
        card_grid(figures(view, formats), formats, columns=4)
    if shown == "past":
        past_months(view, formats)
    elif shown == "shares":
        failure_told()
        sharing(guest, month, formats)
    else:
        the_month(guest, view, formats)


visitor = require_user()
st.title("Budgets", anchor=False)
with failures_told(), st.skeleton(height=400):
    screen(visitor, formats_of(visitor.profile))
