"""Leaving nothing of deleted rows in the files: SQLite only marks their pages as free, and its log keeps older ones."""

import time
from typing import Final

from core.errors import StoreError
from core.store.ciphered import BUSY_SECONDS
from core.store.engine import Store, translated

_PAUSE: Final = 0.05


def scrub(store: Store) -> None:
    """Write a SQLite file anew without what was deleted, and empty its log. PostgreSQL clears up by itself.

    Raises:
        StoreError: there is no room for it, or somebody read or wrote all the time. The store is sound.
    """
    if not store.is_sqlite:
        return
    with translated():
        connection = store.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            deadline = time.monotonic() + BUSY_SECONDS
            # Whoever still reads an older state keeps the log from being emptied.
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise StoreError("The store's log could not be emptied: somebody reads from it all the time.")
                time.sleep(_PAUSE)
            cursor.close()
        finally:
            connection.close()
