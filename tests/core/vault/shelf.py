"""A keyring of the tests' own: a file that `FINTRACK_TEST_SHELF` names, or an ill-behaved one."""

import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Shelf(KeyringBackend):
    """Keeps its entries in a JSON file, so that other processes find them."""

    priority = 5.0

    def _entries(self) -> dict[str, str]:
        path = Path(os.environ["FINTRACK_TEST_SHELF"])
        entries: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return entries

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        entries = self._entries() | {f"{service}/{username}": password}
        Path(os.environ["FINTRACK_TEST_SHELF"]).write_text(json.dumps(entries), "utf-8")

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        if entries.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError
        Path(os.environ["FINTRACK_TEST_SHELF"]).write_text(json.dumps(entries), "utf-8")


class Locked(Shelf):
    """One that nobody unlocks."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class Forgetful(Shelf):
    """One that keeps nothing."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        return None


class Silent(Shelf):
    """One that opens a window and waits."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(60)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        time.sleep(60)
