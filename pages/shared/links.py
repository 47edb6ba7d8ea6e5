"""The screens, by file, and links to them with a filter in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from pages.shared.gate import require_user

PAGES: Final = Path(__file__).resolve().parent.parent

OVERVIEW: Final = str(PAGES / "overview.py")
INSIGHTS: Final = str(PAGES / "insights.py")
ACCOUNTS: Final = str(PAGES / "accounts.py")
TRANSACTIONS: Final = str(PAGES / "transactions.py")
ANALYTICS: Final = str(PAGES / "analytics.py")
CATEGORIES: Final = str(PAGES / "categories.py")
RECONCILE: Final = str(PAGES / "reconcile.py")
BUDGETS: Final = str(PAGES / "budgets.py")
GOALS: Final = str(PAGES / "goals.py")
SUBSCRIPTIONS: Final = str(PAGES / "subscriptions.py")
BILLS: Final = str(PAGES / "bills.py")
INVESTMENTS: Final = str(PAGES / "investments.py")
COACH: Final = str(PAGES / "coach.py")
QUERY: Final = str(PAGES / "query.py")
IMPORT: Final = str(PAGES / "import_file.py")
LANDING: Final = str(PAGES / "landing.py")
SIGN_UP: Final = str(PAGES / "sign_up.py")
SIGN_IN: Final = str(PAGES / "sign_in.py")
FORGOT: Final = str(PAGES / "forgot_password.py")
SETTINGS: Final = str(PAGES / "settings.py")
ABOUT: Final = str(PAGES / "about.py")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a figure's rows are: one of the screens above, the query of its address, and what the link says."""

    label: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    here: bool = False
    """Whether it leads to another address of the screen that it stands on."""


def address_of(link: Link) -> str:
    """Return the address of a link on this site. `pages/door/door.js` follows it without loading the app anew."""
    page = link.page.rpartition("/")[2].removesuffix(".py")
    query = urlencode(dict(link.query))
    return f"/{page}?{query}" if query else f"/{page}"


def _go_on(query: Mapping[str, str]) -> None:
    require_user()
    st.query_params.from_dict(query)


def page_link(link: Link) -> None:
    """Draw a quiet link to the rows behind something."""
    if link.here:
        # Streamlit would mark a link to the screen that one is on as where one is.
        st.button(
            link.label,
            icon=":material/arrow_forward:",
            icon_position="right",
            type="tertiary",
            key=f"here_{link.label}_{urlencode(dict(link.query))}",
            on_click=_go_on,
            args=(dict(link.query),),
        )
        return
    st.page_link(
        link.page,
        label=link.label,
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=dict(link.query),
        help="",
    )
