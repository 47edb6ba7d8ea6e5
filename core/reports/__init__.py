"""What a person takes away from FinTrack: everything of theirs in one file."""

from core.reports.archive import write_whole
from core.reports.explored import export_explored
from core.reports.export import Exported, ExportProgress, export_everything
from core.reports.listed import export_listed
from core.reports.queried import MOST_QUERIED, export_queried, query_facts
from core.reports.reporting import REPORT_MIME, ReportForm, export_report, report_sheet
from core.reports.statement import Stretch, month_stretch, year_stretch
from core.reports.statement_html import STYLE, html_body
from core.reports.statement_parts import Sheet
from core.reports.statement_pdf import Paper
from core.reports.tables import MIME, Form
from core.reports.waiting import WaitingFile, drop_exports, drop_strays, export_to_wait

__all__ = [
    "MIME",
    "MOST_QUERIED",
    "REPORT_MIME",
    "STYLE",
    "ExportProgress",
    "Exported",
    "Form",
    "Paper",
    "ReportForm",
    "Sheet",
    "Stretch",
    "WaitingFile",
    "drop_exports",
    "drop_strays",
    "export_everything",
    "export_explored",
    "export_listed",
    "export_queried",
    "export_report",
    "export_to_wait",
    "html_body",
    "month_stretch",
    "query_facts",
    "report_sheet",
    "write_whole",
    "year_stretch",
]
