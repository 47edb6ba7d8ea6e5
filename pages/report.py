"""Report: a month or a year on one sheet, to read here, to print and to send."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import streamlit as st

from core import clock
from core.analytics import account_summaries
from core.clock import EARLIEST
from core.identity import SignedIn
from core.reports import (
    REPORT_MIME,
    STYLE,
    Paper,
    ReportForm,
    Stretch,
    export_report,
    html_body,
    month_stretch,
    report_sheet,
    year_stretch,
)
from core.runtime import Runtime
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.exporting import file_offered
from pages.shared.formats import Formats, formats_of
from pages.shared.gate import Visitor, require_user

FORMS: Final[dict[ReportForm, str]] = {"pdf": "PDF", "html": "HTML"}
PAPERS: Final[tuple[Paper, ...]] = ("A4", "Letter")
MOST_MONTHS: Final = 120
AMERICAN: Final = ("en_US", "en_CA", "es_MX", "fr_CA")
"""Where letters are written on Letter."""


def asked(query: dict[str, str], today: date) -> Stretch:
    """Return the month or year of an address; the last full month for none, or for what makes no sense."""
    last = clock.add_months(clock.month_start(today), -1)
    try:
        if "year" in query:
            found = year_stretch(int(query["year"]))
        else:
            found = month_stretch(date.fromisoformat(f"{query.get('month', '')}-01"))
    except ValueError:
        return month_stretch(last)
    return found if EARLIEST <= found.first <= today else month_stretch(last)


def choose(key: str) -> None:
    """Write what was chosen into the address."""
    require_user()
    chosen: Stretch = st.session_state[key]
    if chosen.is_year:
        st.query_params.from_dict({"year": str(chosen.first.year)})
    else:
        st.query_params.from_dict({"month": f"{chosen.first:%Y-%m}"})


def picker(stretch: Stretch, first: date, today: date, formats: Formats) -> None:
    """Draw the choice of a month or a year; the address carries it."""
    months = [month_stretch(clock.month_start(today))]
    while months[-1].first > first and len(months) < MOST_MONTHS:
        months.append(month_stretch(clock.add_months(months[-1].first, -1)))
    years = [year_stretch(year) for year in range(today.year, months[-1].first.year - 1, -1)]
    choices = [*months, *years]
    if stretch not in choices:
        choices.append(stretch)
    key = f"report_of_{stretch.first}_{stretch.last}"
    st.selectbox(
        "Month or year",
        choices,
        index=choices.index(stretch),
        format_func=lambda one: f"All of {one.first.year}" if one.is_year else formats.month(one.first),
        key=key,
        on_change=choose,
        args=(key,),
        label_visibility="collapsed",
        width=200,
    )


def download(stretch: Stretch) -> None:
    """Open the window in which the file is made."""
    st.dialog("Take the report away")(_download)(stretch)


def _download(stretch: Stretch) -> None:
    guest = require_user()

    def made(form: ReportForm) -> Callable[[], bytes]:
        paper: Paper = "A4"
        if form == "pdf":
            usual = "Letter" if guest.profile.locale in AMERICAN else "A4"
            paper = st.segmented_control("Paper", PAPERS, default=usual, required=True, key="report_paper")
        return partial(_file, guest.house, guest.signed_in, stretch, form, paper)

    file_offered(
        guest,
        f"report-{stretch.first:%Y}" if stretch.is_year else f"report-{stretch.first:%Y-%m}",
        FORMS,
        REPORT_MIME,
        made,
        key="report",
        notes={"html": "One file that any browser shows and prints. It loads nothing from elsewhere."},
    )


def _file(house: Runtime, asker: SignedIn, stretch: Stretch, form: ReportForm, paper: Paper) -> bytes:
    return export_report(house.store, house.caches.of(asker.user), asker, stretch, form, paper)


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the whole page."""
    accounts = account_summaries(guest.cache)
    firsts = [one.first_date for one in accounts if one.first_date is not None]
    if not firsts:
        nothing_yet(
            "A report to keep",
            "Every month and every year of your money on one sheet, to print and to send, as soon as there are "
            "transactions.",
            icon=":material/summarize:",
        )
        return
    stretch = asked(st.query_params.to_dict(), guest.today)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        picker(stretch, min(firsts), guest.today, formats)
        if st.button("PDF or HTML", icon=":material/download:", type="primary", key="report_download"):
            download(stretch)
    sheet = report_sheet(guest.house.store, guest.cache, guest.user, stretch)
    with st.container(border=True):
        # Every word in it is escaped where it is made.
        st.html(
            f"<style>{STYLE}.report {{ padding: 12px; border-radius: 6px; }}</style>{html_body(sheet, inline=False)}"
        )


guest = require_user()
st.title("Report", anchor=False)
with failures_told(), st.skeleton(height=400):
    screen(guest, formats_of(guest.profile))
