"""Everything in one encrypted file, and back: for another disk, another machine, another kind of database."""

from core.backup.keeping import FOLDER, KEPT, LastBackup, forget, last_backup
from core.backup.restoring import Restored, restore
from core.backup.updating import back_up_before_update, needs_no_passphrase
from core.backup.writing import Progress, Written, back_up

__all__ = [
    "FOLDER",
    "KEPT",
    "LastBackup",
    "Progress",
    "Restored",
    "Written",
    "back_up",
    "back_up_before_update",
    "forget",
    "last_backup",
    "needs_no_passphrase",
    "restore",
]
