"""The report as a file: a month or a year, as PDF or as one HTML page, for whoever may take their data away."""

from typing import Final, Literal

from core.cache import UserCache
from core.formats import PlainFormats
from core.identity import Asker, demand, note, profile
from core.reports.statement import Stretch, statement
from core.reports.statement_html import html_page
from core.reports.statement_parts import Sheet, sheet_of
from core.reports.statement_pdf import Paper, pdf_file
from core.store import Store, UserId

ReportForm = Literal["pdf", "html"]
REPORT_MIME: Final[dict[ReportForm, str]] = {"pdf": "application/pdf", "html": "text/html"}


def report_sheet(store: Store, cache: UserCache, user: UserId, stretch: Stretch) -> Sheet:
    """Return the report of `user` on a month or a year, in their own way of writing, as it stands today.

    Raises:
        ValidationError: the period has not begun.
    """
    who = profile(store, user)
    made = statement(store, cache, user, stretch, who.today, who.full_name)
    return sheet_of(made, PlainFormats(who.locale))


def export_report(
    store: Store, cache: UserCache, asker: Asker, stretch: Stretch, form: ReportForm, paper: Paper = "A4"
) -> bytes:
    """Return the report as a file.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: the period has not begun.
    """
    user = demand(store, asker)
    sheet = report_sheet(store, cache, user, stretch)
    made = pdf_file(sheet, paper) if form == "pdf" else html_page(sheet).encode()
    with store.write() as session:
        note(session, user, "data exported", rows=sum(len(table.rows) for table in sheet.tables))
    return made
