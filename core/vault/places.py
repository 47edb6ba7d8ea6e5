"""Where the key that unwraps the others is kept: a file of its own, or the keyring of the operating system.

Both can hold two keys for the moment in which one takes the other's place, newest first.
"""

import os
import re
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

import click

from core.errors import StoreError
from core.store import write_private
from core.vault.wrapping import KEY_BYTES

SERVICE: Final = "fintrack"
PROBE_SECONDS: Final = 3.0
"""How long the system's keyring has to show that it works, before the key goes into a file instead."""
UNLOCK_SECONDS: Final = 60.0
"""How long a person has to unlock it."""
NO_KEYRINGS: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
"""What calls itself one and keeps nothing, or keeps it in the open."""
RECOVER: Final = "Put it back, or use your recovery key: python -m core user recover"

_Answer = TypeVar("_Answer")


class Place(Protocol):
    """Where a key can be put and found again."""

    def keys(self) -> list[bytes]:
        """Return what is there, newest first; raises `StoreError` when nothing is."""

    def present(self) -> list[bytes]:
        """Return what of that can be used, nothing when there is nothing."""

    def put(self, keys: Sequence[bytes]) -> None:
        """Have `keys` be what is there; raises `StoreError` when it does not keep them."""

    def clear(self) -> None:
        """Leave nothing there; raises `StoreError` when something stays."""


@dataclass(frozen=True)
class KeyFile:
    """A file outside the data folder, so that a copy of the data folder is of no use by itself."""

    path: Path

    @classmethod
    def of(cls, installation: str, wish: Path | None) -> "KeyFile":
        """Return the file of an installation: where FINTRACK_KEY_FILE says, else in the person's own settings."""
        return cls(wish or Path(click.get_app_dir(SERVICE)) / f"{installation}.key")

    def keys(self) -> list[bytes]:
        """Return the keys in the file."""
        try:
            lines = self.path.read_text("ascii").split()
            keys = [bytes.fromhex(line) for line in lines]
        except FileNotFoundError:
            raise StoreError(f"The key file {self.path} is missing.", RECOVER) from None
        except OSError as cause:
            raise StoreError(f"The key file {self.path} can't be read: {cause.strerror}.", RECOVER) from cause
        except ValueError:
            raise StoreError(f"The key file {self.path} is damaged.", RECOVER) from None
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise StoreError(f"The key file {self.path} is damaged.", RECOVER)
        return keys

    def present(self) -> list[bytes]:
        """Return the keys in the file; what else it holds is put aside, for it may be somebody's."""
        if not self.path.exists():
            return []
        try:
            return self.keys()
        except StoreError:
            self.path.rename(self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.aside"))
            return []

    def put(self, keys: Sequence[bytes]) -> None:
        """Write the file anew."""
        write_private(self.path, "".join(f"{key.hex()}\n" for key in keys).encode())

    def clear(self) -> None:
        """Delete the file."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as cause:
            raise StoreError(
                f"The old key file {self.path} can't be deleted: {cause.strerror}.", "Delete it yourself."
            ) from cause


def key_files(wish: Path | None) -> list[tuple[Path, str]]:
    """Return the folders in which key files are written, each with what tells their names (a regular expression)."""
    own = (Path(click.get_app_dir(SERVICE)), r"[0-9a-f]{32}\.key")
    return [own] if wish is None else [own, (wish.parent, re.escape(wish.name))]


@dataclass(frozen=True)
class SystemKeyring:
    """The entry of an installation in macOS's Keychain, GNOME's keyring, KWallet or Windows' credentials."""

    installation: str
    seconds: float = UNLOCK_SECONDS

    def keys(self) -> list[bytes]:
        """Return the keys in the entry."""
        import keyring

        kept = self._asked(lambda: keyring.get_password(SERVICE, self.installation))
        try:
            keys = [bytes.fromhex(text) for text in (kept or "").split()]
        except ValueError:
            keys = []
        if not keys:
            raise StoreError("The system's keyring has no key of this installation.", RECOVER)
        return keys

    def present(self) -> list[bytes]:
        """Return the keys in the entry, if there is one."""
        try:
            return self.keys()
        except StoreError:
            return []

    def put(self, keys: Sequence[bytes]) -> None:
        """Write the entry anew, and see that it can be read."""
        import keyring

        text = " ".join(key.hex() for key in keys)
        self._asked(lambda: keyring.set_password(SERVICE, self.installation, text))
        if self.keys() != list(keys):
            raise StoreError("The system's keyring does not keep what is put into it.", "Choose another place.")

    def clear(self) -> None:
        """Delete the entry."""
        import keyring

        self._asked(lambda: keyring.delete_password(SERVICE, self.installation))

    def works(self) -> bool:
        """Tell whether there is a real keyring that keeps and gives, soon and without a question."""
        if not _may_exist():
            return False
        import keyring

        def real() -> bool:
            backend = keyring.get_keyring()
            return not type(backend).__module__.startswith(NO_KEYRINGS) and backend.priority >= 1

        try:
            if not self._asked(real):
                return False
            self.put([bytes(KEY_BYTES)])
            self.clear()
        except StoreError:
            return False
        return True

    def _asked(self, question: Callable[[], _Answer]) -> _Answer:
        """Ask the keyring in a thread of its own: it may open a window and wait for ever."""
        answers: list[_Answer] = []
        failures: list[BaseException] = []

        def ask() -> None:
            try:
                answers.append(question())
            except Exception as failure:  # noqa: BLE001 - each of its backends fails in its own way
                failures.append(failure)

        asking = threading.Thread(target=ask, name="system-keyring", daemon=True)
        asking.start()
        asking.join(self.seconds)
        if failures:
            raise StoreError(
                "The system's keyring is locked or not there.",
                "Unlock it, or use your recovery key: python -m core user recover",
            ) from failures[0]
        if not answers:
            raise StoreError(f"The system's keyring did not answer in {self.seconds:.0f} s.", "Unlock it.")
        return answers[0]


def _may_exist() -> bool:
    """Tell whether asking is worth the half second that it takes: on Linux only where there is a session bus."""
    if chosen := os.environ.get("PYTHON_KEYRING_BACKEND"):
        return not chosen.startswith(NO_KEYRINGS)
    if not sys.platform.startswith("linux"):
        return True
    bus = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "bus"
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bus.exists()


def key_in_words(text: str) -> bytes:
    """Return the key that FINTRACK_KEY holds: 64 hexadecimal digits.

    Raises:
        StoreError: it is something else; it is not shown.
    """
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(
            "FINTRACK_KEY is not a key: it is 64 hexadecimal digits.",
            'Make one: python -c "import secrets; print(secrets.token_hex(32))"',
        )
    return key
