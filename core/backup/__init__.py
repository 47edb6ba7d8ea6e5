"""Everything in one encrypted file, and back: for another disk, another machine, another kind of database."""

from core.backup.keeping import FOLDER, KEPT, LastBackup, forget, last_backup
from core.backup.restoring import Restored, restore
from core.backup.writing import Progress, Written, back_up

__all__ = [
    "FOLDER",
    "KEPT",
    "LastBackup",
    "Progress",
    "Restored",
    "Written",
    "back_up",
    "forget",
    "last_backup",
    "restore",
]
