"""What a person takes away from FinTrack: everything of theirs in one file."""

from core.reports.explored import export_explored
from core.reports.export import Exported, ExportProgress, export_everything
from core.reports.listed import MIME, Form, export_listed
from core.reports.queried import MOST_QUERIED, export_queried, query_facts
from core.reports.waiting import EXPORTS, WaitingFile, drop_exports, drop_strays, export_to_wait

__all__ = [
    "EXPORTS",
    "MIME",
    "MOST_QUERIED",
    "ExportProgress",
    "Exported",
    "Form",
    "WaitingFile",
    "drop_exports",
    "drop_strays",
    "export_everything",
    "export_explored",
    "export_listed",
    "export_queried",
    "export_to_wait",
    "query_facts",
]
