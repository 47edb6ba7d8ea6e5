"""All screens: what they are called, and where they stand in the navigation."""

import copy
from functools import cache
from typing import Any

import streamlit as st
from streamlit.navigation.page import Page

from core.config import ROOT

SECTIONS = {
    "": (
        ("overview", "Overview", ":material/space_dashboard:"),
        ("coach", "Coach", ":material/forum:"),
        ("insights", "Insights", ":material/tips_and_updates:"),
        ("accounts", "Accounts", ":material/account_balance:"),
        ("transactions", "Transactions", ":material/receipt_long:"),
        ("investments", "Investments & debts", ":material/trending_up:"),
    ),
    "Understand": (
        ("analytics", "Analytics", ":material/insights:"),
        ("explore", "Explore", ":material/pivot_table_chart:"),
        ("forecast", "Forecast", ":material/query_stats:"),
        ("query", "SQL", ":material/terminal:"),
        ("report", "Report", ":material/summarize:"),
    ),
    "Plan": (
        ("budgets", "Budgets", ":material/donut_large:"),
        ("goals", "Goals", ":material/flag:"),
        ("subscriptions", "Subscriptions", ":material/autorenew:"),
        ("bills", "Bills", ":material/event_upcoming:"),
    ),
    "Put in order": (
        ("categories", "Categories & rules", ":material/category:"),
        ("reconcile", "Reconcile", ":material/fact_check:"),
        ("import_file", "Import", ":material/upload_file:"),
        ("settings", "Settings", ":material/settings:"),
    ),
}
PRIVATE = tuple(page for pages in SECTIONS.values() for page in pages)
# Where links in letters lead, signed in or not.
LETTERS = (
    ("confirm_email", "Confirm your e-mail address", ":material/mark_email_read:"),
    ("new_password", "A new password", ":material/lock_reset:"),
)
PUBLIC = (
    ("landing", "FinTrack", ":material/savings:"),
    ("sign_up", "Sign up", ":material/person_add:"),
    ("sign_in", "Sign in", ":material/login:"),
    ("forgot_password", "Forgot your password?", ":material/lock_reset:"),
    *LETTERS,
    ("about", "About", ":material/info:"),
)
# Streamlit's front end remembers the look for each address apart.
ADDRESSES = ("/", *(f"/{name}" for name, _, _ in (*PRIVATE, *PUBLIC)))


def screen(name: str, **told: Any) -> Page:  # noqa: ANN401 - what `st.Page` takes
    """Return the screen in `pages/<name>.py`, as `st.Page` takes the rest."""
    # Streamlit marks the one that is run, so that each run has its own.
    return copy.copy(_found(name, **told))


@cache
def _found(name: str, **told: Any) -> Page:  # noqa: ANN401 - as above
    """Return the same, looked up on the disk once: 27 of them took five milliseconds of each run."""
    return st.Page(ROOT / "pages" / f"{name}.py", **told)
