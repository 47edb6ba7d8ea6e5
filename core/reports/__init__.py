"""What a person takes away from FinTrack: everything of theirs in one file."""

from core.reports.export import Exported, ExportProgress, export_everything
from core.reports.waiting import WaitingFile, drop_exports, export_to_wait

__all__ = ["ExportProgress", "Exported", "WaitingFile", "drop_exports", "export_everything", "export_to_wait"]
