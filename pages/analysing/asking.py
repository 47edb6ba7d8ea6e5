"""What the Analytics screen is asked, as its address carries it: the view, the period, accounts, and what a view opens.

The address is what counts: each run the widgets are set to it, and a widget that is moved writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, get_args

import streamlit as st

from core.analytics import COMPARISONS, PRESETS, Comparing, Preset, Span, span_of
from pages.shared.filters import LONGEST_MERCHANT, number_in
from pages.shared.gate import require_user
from pages.shared.links import ANALYTICS, TRANSACTIONS, Link

View = Literal["spending", "flow", "worth", "merchants", "days", "year"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
USUAL: Final[Mapping[View, Preset]] = {
    "spending": "90d",
    "flow": "12m",
    "worth": "12m",
    "merchants": "12m",
    "days": "year",
    "year": "year",
}
"""The period of each view until one is chosen."""
FIRST_YEAR: Final = 1970
MOST_ACCOUNTS: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown; None or "" leaves a thing as it usually is."""

    view: View = "spending"
    period: Preset | None = None
    since: date | None = None
    until: date | None = None
    compare: Comparing = "before"
    accounts: tuple[int, ...] = ()
    year: int | None = None
    merchant: str = ""
    """The one merchant that is open."""
    text: str = ""
    """What is searched for among the merchants."""

    @property
    def preset(self) -> Preset:
        """Return the period that is shown."""
        return self.period or USUAL[self.view]

    def span(self, today: date, first: date | None) -> Span:
        """Return the days of the period; `first` is the day of the first transaction of all."""
        own = (self.since or today, self.until or today)
        return span_of(self.preset, self.compare, today, first=first, own=own)


def asked(query: Mapping[str, str]) -> Asked:
    """Read an address; what makes no sense in it is left out."""
    numbers = (number_in(part) for part in query.get("account", "").split(","))
    year = number_in(query.get("year"))
    return Asked(
        view=next((one for one in VIEWS if one == query.get("view")), "spending"),
        period=next((one for one in PRESETS if one == query.get("period")), None),
        since=_day(query.get("from")),
        until=_day(query.get("to")),
        compare=next((one for one in COMPARISONS if one == query.get("compare")), "before"),
        accounts=tuple(dict.fromkeys(one for one in numbers if one is not None))[:MOST_ACCOUNTS],
        year=year if year is not None and FIRST_YEAR <= year < date.max.year else None,
        merchant=query.get("merchant", "")[:LONGEST_MERCHANT],
        text=query.get("text", "")[:LONGEST_MERCHANT],
    )


def query_of(wanted: Asked) -> dict[str, str]:
    """Write an address; what stands as usual is left out. The inverse of `asked`."""
    whole = {
        "view": wanted.view if wanted.view != Asked().view else "",
        "period": wanted.period or "",
        "from": wanted.since.isoformat() if wanted.since else "",
        "to": wanted.until.isoformat() if wanted.until else "",
        "compare": wanted.compare if wanted.compare != Asked().compare else "",
        "account": ",".join(map(str, wanted.accounts)),
        "year": str(wanted.year) if wanted.year else "",
        "merchant": wanted.merchant,
        "text": wanted.text,
    }
    return {name: value for name, value in whole.items() if value}


def ask(wanted: Asked) -> None:
    """Write what is wanted into the address. For the callbacks of widgets."""
    require_user()
    st.query_params.from_dict(query_of(wanted))


def view_link(label: str, wanted: Asked) -> Link:
    """Return a link from the Analytics screen to another view of it."""
    return Link(label, ANALYTICS, query_of(wanted), here=True)


def rows_link(label: str, wanted: Asked, since: date, until: date, **query: str) -> Link:
    """Return a link to the transactions of some days on the accounts that are asked for; `query` narrows it."""
    whole = {
        "from": since.isoformat(),
        "to": until.isoformat(),
        "account": ",".join(map(str, wanted.accounts)),
        **query,
    }
    return Link(label, TRANSACTIONS, {name: value for name, value in whole.items() if value})


def without_openings(wanted: Asked) -> Asked:
    """Return the same without what only one view opens."""
    return replace(wanted, merchant="", text="")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
