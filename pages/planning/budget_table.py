"""The table of budgets that one types in: each limit and its carry-over are kept as soon as they are changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from core.errors import FinTrackError
from core.money import exact, minor_digits
from core.planning import BudgetLine, BudgetMonth, set_limit
from pages.planning.figures import STATES
from pages.shared.errors import show_failure
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import require_user
from pages.shared.tables import pandas

TURN: Final = "budget_turn"
"""Counts up with each change: the table begins anew from what is kept."""
FAILED: Final = "budget_failed"
ONLY: Final = "budget_only"
KEY: Final = "budget_table"


def span_choice() -> None:
    """Let the person say for which months a change is meant."""
    st.segmented_control(
        "A change holds",
        [False, True],
        format_func={False: "From this month on", True: "For this month only"}.__getitem__,
        default=False,
        required=True,
        key=ONLY,
        help="From this month on: until a later month for which you said something else.",
    )


def only_this_month() -> bool:
    """Tell whether a change is meant for the month that is shown alone."""
    return bool(st.session_state.get(ONLY))


def failure_told() -> None:
    """Say what of the last change could not be taken."""
    if failed := st.session_state.pop(FAILED, None):
        show_failure(failed)


def table(view: BudgetMonth, formats: Formats) -> None:
    """Draw the table; a change is kept at once and told."""
    pd = pandas()
    currency = view.currency
    key = f"{KEY}_{st.session_state.get(TURN, 0)}_{view.month.start:%Y%m}"

    def money(amount: Decimal) -> str:
        return formats.money(amount, currency)

    def changed() -> None:
        _keep(view, st.session_state[key]["edited_rows"], formats)

    frame = pd.DataFrame(
        {
            "Category": [_named(one) for one in view.lines],
            "Limit": [float(one.limit) for one in view.lines],
            "Carry over": [one.carries for one in view.lines],
            "Spent": [money(one.spent) for one in view.lines],
            "Left": [money(one.left) for one in view.lines],
            "Used": [round(float(one.used), 2) for one in view.lines],
            "State": [STATES[one.state].capitalize() for one in view.lines],
            "Carried in": [money(one.carried) if one.carried else "" for one in view.lines],
            "Month's end": [money(one.projected) for one in view.lines],
            "Rows": [rows_address(one.listed_ids, view) for one in view.lines],
        }
    )
    config = st.column_config
    digits = minor_digits(currency)
    right = [name for name in frame.columns if name in {"Spent", "Left", "Carried in", "Month's end"}]
    st.data_editor(
        frame,
        key=key,
        on_change=changed,
        hide_index=True,
        disabled=[name for name in frame.columns if name not in {"Limit", "Carry over"}],
        column_config={
            **{name: config.TextColumn(alignment="right", width=95) for name in right},
            "Category": config.TextColumn(pinned=True, width=180),
            "Limit": config.NumberColumn(
                f"Limit ({currency})",
                min_value=0,
                step=10.0**-digits,
                format=f"%.{digits}f",
                width=100,
                help="What may be spent in the month. Empty it to end the budget.",
            ),
            "Carry over": config.CheckboxColumn(
                width=105, help="What is left, or was too much, goes on into the next month."
            ),
            "Used": config.ProgressColumn(format="percent", min_value=0, max_value=1, width=100),
            "State": config.TextColumn(width=95),
            "Rows": config.LinkColumn(display_text="Show", width=70),
            "Month's end": config.TextColumn(
                alignment="right",
                width=95,
                help="Spent so far, and what the last three months took after this day; of a new budget, at its pace "
                "once a week has gone.",
            ),
        },
        alt=f"Budgets of {formats.month(view.month.start)}: limit and carry-over can be changed in place",
    )


def rows_query(listed_ids: tuple[int, ...], view: BudgetMonth) -> dict[str, str]:
    """Return the filter of the transactions that a line counts."""
    return {
        "category": ",".join(map(str, listed_ids)),
        "kind": "spending",
        "hidden": "no",
        "from": view.month.first.isoformat(),
        "to": view.month.last.isoformat(),
    }


def rows_address(listed_ids: tuple[int, ...], view: BudgetMonth) -> str:
    """Return the address of the transactions that a line counts."""
    return "/transactions?" + "&".join(f"{name}={value}" for name, value in rows_query(listed_ids, view).items())


def _named(one: BudgetLine) -> str:
    name = clean(f"{one.title} ({one.group})" if one.group else one.title)
    return f"{name}, this month" if one.alone else name


def _keep(view: BudgetMonth, edits: Mapping[int, Mapping[str, Any]], formats: Formats) -> None:
    """Keep what was typed, and begin the table anew from it."""
    for row, edit in edits.items():
        if 0 <= int(row) < len(view.lines):
            one = view.lines[int(row)]
            carries = bool(edit.get("Carry over", one.carries))
            keep_limit(
                one.category_id, one.title, view.month.start, edit.get("Limit", one.limit), formats, carries=carries
            )
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def keep_limit(
    category_id: int, title: str, month: date, typed: float | Decimal | None, formats: Formats, *, carries: bool
) -> None:
    """Keep a limit that was typed for the months that were chosen, and say so."""
    guest, only = require_user(), only_this_month()
    try:
        amount = None if typed is None else exact(typed)
        set_limit(guest.house.store, guest.user, category_id, month, amount, carries=carries, alone=only)
    except FinTrackError as failure:
        st.session_state[FAILED] = failure
        return
    when = f"in {formats.month(month)} only" if only else f"from {formats.month(month)} on"
    what = "has no budget" if amount is None else "has its budget"
    st.toast(plain_text(f"{title} {what} {when}."), icon=":material/check:")
