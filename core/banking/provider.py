"""What every bank provider can do. Plaid and the demo bank are two of it."""

from dataclasses import dataclass
from typing import Protocol

from core.ledger import AccountRecord, SyncUpdate


@dataclass(frozen=True, slots=True)
class Institution:
    """A bank as people know it."""

    key: str
    name: str
    color: str = ""
    """A CSS colour such as "#117ACA", or ""."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """A login that a provider has just given us: keep `access_token` safe at once."""

    key: str
    access_token: str
    institution: Institution


class BankProvider(Protocol):
    """One way to banks. Every method raises a `core.errors.BankError` with a sentence."""

    name: str

    def accounts(self, access_token: str) -> tuple[AccountRecord, ...]:
        """Return the accounts of the item with their balances."""
        ...

    def changes(self, access_token: str, cursor: str) -> SyncUpdate:
        """Return everything since `cursor` ("" for the whole history): all pages or an error.

        Raises:
            CursorError: the cursor is unknown; ask again from "".
            BankError: anything else, by its kind.
        """
        ...

    def remove(self, access_token: str) -> None:
        """End the link at the provider."""
        ...
