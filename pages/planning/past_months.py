"""What budgets would have been in the twelve months before."""

import streamlit as st

from core.formats import NONE
from core.planning import BudgetMonth
from pages.shared.formats import Formats, clean


def past_months(view: BudgetMonth, formats: Formats) -> None:
    """Draw what was spent month by month on each budget and group, against the limit of now."""
    lines = [*view.lines, *(one for one in view.unbudgeted if one.history)]
    months = [one.month for one in lines[0].history] if lines else []
    if not months:
        st.caption("Past months appear here as soon as there is a full one.")
        return
    rest = [NONE] * (len(lines) - len(view.lines))
    held = [f"{one.kept} of {len(one.history)}" for one in view.lines]
    limits = [formats.money(one.limit, view.currency) for one in view.lines]
    columns = {
        "Category": [clean(one.title) for one in lines],
        "Limit now": [*limits, *rest],
        "Would have held": [*held, *rest],
        "Usual": [formats.money(one.usual, view.currency) for one in lines],
    } | {
        f"{formats.short_month(month)} {month.year}": [
            formats.money(one.history[at].spent, view.currency, whole=True) for one in lines
        ]
        for at, month in reversed(list(enumerate(months)))
    }
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        columns,
        column_config={
            **{name: right for name in columns if name != "Category"},
            "Category": st.column_config.TextColumn(pinned=True, width=150),
        },
        hide_index=True,
        height="content",
        alt="What was spent on each budget in the months before, and how often the limit of now would have held",
    )
    st.caption("Usual is the median of these months. What has no budget yet stands below with no limit.")
