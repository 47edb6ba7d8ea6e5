"""`keyring.json` in the data folder: the installation's keys, wrapped. Nothing in it is of use by itself."""

from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import StoreError
from core.store import write_private
from core.vault.keys import Keys
from core.vault.wrapping import Stretching, unwrap, unwrap_by, wrap, wrap_for

NAME: Final = "keyring.json"
Method = Literal["file", "environment", "passphrase", "keyring"]
"""Where the key that unwraps the others is: a file of its own, FINTRACK_KEY, somebody's head, the system's keyring."""


class Keyring(BaseModel):
    """What the file holds. Where it was wrapped is part of what is signed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    installation: str = Field(pattern=r"^[0-9a-f]{32}$")
    method: Method
    stretching: Stretching | None = None
    """Only for a passphrase."""
    wrapped: str
    recovery: str = ""
    """The same keys wrapped for the recovery key, "" until there is one."""

    @classmethod
    def around(
        cls, keys: Keys, wrapping_key: bytes, installation: str, method: Method, stretching: Stretching | None = None
    ) -> Self:
        """Wrap `keys` under `wrapping_key`, and for their recovery key when they have one."""
        text = keys.written()
        return cls(
            installation=installation,
            method=method,
            stretching=stretching,
            wrapped=wrap(wrapping_key, text, f"fintrack/{installation}/{method}"),
            recovery=wrap_for(keys.recovery, text, f"fintrack/{installation}/recovery") if keys.recovery else "",
        )

    def opened(self, wrapping_key: bytes) -> Keys:
        """Return the keys.

        Raises:
            WrongKeyError: `wrapping_key` is another one.
        """
        return Keys.read(unwrap(wrapping_key, self.wrapped, f"fintrack/{self.installation}/{self.method}"))

    def recovered(self, recovery_key: bytes) -> Keys:
        """Return the keys by the recovery key.

        Raises:
            WrongKeyError: it is another one.
        """
        return Keys.read(unwrap_by(recovery_key, self.recovery, f"fintrack/{self.installation}/recovery"))


def read_keyring(folder: Path, name: str = NAME) -> Keyring | None:
    """Return the keyring in a data folder, None when there is none.

    Raises:
        StoreError: it can't be read, or is damaged.
    """
    path = folder / name
    try:
        return Keyring.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise StoreError(f"{path} can't be read: {cause.strerror}.", "Check who owns the data folder.") from cause
    except ValidationError as cause:
        raise StoreError(
            f"{path} is damaged, and with it the way to your key.", f"Put {name} back from a copy of the data folder."
        ) from cause


def write_keyring(folder: Path, keyring: Keyring, name: str = NAME) -> None:
    """Put `keyring` in the place of the one there is, whole or not at all.

    Raises:
        StoreError: it can't be written; the one there is stays.
    """
    write_private(folder / name, keyring.model_dump_json(indent=1).encode())
