"""Views to begin with, for people who have a question rather than a table in mind."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.analytics import TransactionFilter, View
from pages.exploring import address
from pages.shared.gate import require_user

FOOD: Final = 8
"""The built-in category of food and drink."""


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A question that people really ask, and the view that answers it."""

    question: str
    icon: str
    view: View


SPENDING: Final = TransactionFilter(kind="spending")
READY_MADE: Final = (
    ReadyMade("Where does the money go, month by month?", ":material/stacked_bar_chart:", View()),
    ReadyMade(
        "What do I spend more on than a year ago?",
        ":material/trending_up:",
        View(("group",), None, ("spent",), span="year", against="year"),
    ),
    ReadyMade(
        "On which weekdays do I eat and drink out?",
        ":material/restaurant:",
        View(("category",), "weekday", ("spent",), TransactionFilter(category_ids=(FOOD,)), chart="heat"),
    ),
    ReadyMade(
        "Which shops get most of it?",
        ":material/storefront:",
        View(("merchant",), None, ("spent", "lines", "average"), SPENDING, most=20),
    ),
    ReadyMade(
        "How much of it is needs, how much wants?",
        ":material/balance:",
        View(("month",), "need", ("spent",), SPENDING),
    ),
    ReadyMade(
        "What is left over, quarter by quarter?",
        ":material/savings:",
        View(("quarter",), None, ("net", "income", "spent"), span="24m"),
    ),
    ReadyMade(
        "What is on my accounts at the end of each month?",
        ":material/account_balance:",
        View(("account",), "month", ("balance",)),
    ),
    ReadyMade(
        "What makes up each group of spending?",
        ":material/dashboard:",
        View(("group", "merchant"), None, ("spent",), SPENDING),
    ),
)


def ready_made(*, columns: int, chosen: View | None = None) -> None:
    """Draw the questions as buttons, at most `columns` side by side; the one that is asked is marked."""
    with st.grid(columns, min_column_width=260, gap="small", height="stretch"):
        for place, one in enumerate(READY_MADE):
            st.button(
                one.question,
                key=f"ready_made_{place}",
                icon=one.icon,
                type="primary" if one.view == chosen else "secondary",
                width="stretch",
                on_click=_show,
                args=(place,),
            )


def _show(place: int) -> None:
    require_user()
    address.show(READY_MADE[place].view)
