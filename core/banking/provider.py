"""What every bank provider can do. Plaid and the demo bank are two of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from core.ledger import AccountRecord, DebtRecord, HoldingRecord, SyncUpdate
from core.store import UserId


@dataclass(frozen=True, slots=True)
class Institution:
    """A bank as people know it."""

    key: str
    name: str
    color: str = ""
    """A CSS colour such as "#117ACA", or ""."""
    url: str = ""
    logo: str = ""
    """A PNG in base64, or ""."""


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


@dataclass(frozen=True, slots=True)
class LinkStart:
    """A sign-in screen made ready for one person: `token` asks how it went, `url` opens it. Both are secret."""

    token: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """A login that a person has finished and that waits to be taken: what it is, before it costs anything."""

    public_token: str
    institution: Institution
    accounts: tuple[tuple[str, str], ...]
    """The name and mask of each account that was shared."""


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """How a visit to a sign-in screen stands."""

    state: Literal["waiting", "done", "left", "failed"]
    """waiting: still open, or not opened yet. left: closed by the person without linking."""
    offered: tuple[OfferedItem, ...] = ()
    sentence: str = ""
    """Why it failed."""
    begun: bool = False
    """Whether somebody is at the screen while it waits."""


@dataclass(frozen=True, slots=True)
class ItemState:
    """What a provider says of a login: whether it works, how long it may be read, what it can tell."""

    error_code: str = ""
    error: str = ""
    consent_expires_at: datetime | None = None
    products: frozenset[str] = frozenset()


@runtime_checkable
class LinksAccounts(Protocol):
    """A provider with a sign-in screen of its own, opened in a new tab."""

    def begin_link(self, user: UserId, access_token: str = "", *, choose_accounts: bool = False) -> LinkStart:
        """Make a screen ready: for a new login, or with `access_token` to mend that one or share more of it."""
        ...

    def look_at_link(self, token: str) -> LinkOutcome:
        """Return how the visit stands that `begin_link` prepared.

        Raises:
            BankGoneError: the token is unknown or too old.
        """
        ...

    def take_link(self, offered: OfferedItem) -> LinkedItem:
        """Take a finished login over, asking nothing else. Keep its access token at once: a lost one bills for ever."""
        ...

    def state_of(self, access_token: str) -> ItemState:
        """Return whether a login works and what it may tell."""
        ...


@runtime_checkable
class DescribesBanks(Protocol):
    """A provider that knows more of a bank than its sign-in screen told."""

    def institution_of(self, access_token: str, told: Institution) -> Institution:
        """Return `told` with what else is known of that bank, such as its logo; on any failure as it was."""
        ...


@runtime_checkable
class RefreshesBalances(Protocol):
    """A provider that can ask the bank for this minute's balances; that may cost money."""

    def fresh_accounts(self, access_token: str) -> tuple[AccountRecord, ...]:
        """Return the accounts with balances just asked of the bank."""
        ...


@runtime_checkable
class KnowsWealth(Protocol):
    """A provider that tells what investment accounts hold, and on what terms something is owed.

    Both raise `FeatureError` where this bank, or these settings, have no such thing, else a `BankError`.
    """

    def holdings(self, access_token: str) -> tuple[HoldingRecord, ...]:
        """Return everything that the investment accounts of the item hold."""
        ...

    def debts(self, access_token: str) -> tuple[DebtRecord, ...]:
        """Return the terms of the cards, mortgages and loans of the item."""
        ...


@runtime_checkable
class GoesByDays(Protocol):
    """A provider with a calendar of its own: what it tells is that of a day which can be named."""

    def on(self, day: date) -> BankProvider:
        """Return this provider as it is on `day`."""
        ...


def screen_of(provider: object) -> LinksAccounts | None:
    """Return `provider` as one with a sign-in screen, None when it has none."""
    return provider if isinstance(provider, LinksAccounts) else None


def fresh_balances_of(provider: object) -> RefreshesBalances | None:
    """Return `provider` as one that can ask for this minute's balances, None when it can't."""
    return provider if isinstance(provider, RefreshesBalances) else None


def wealth_of(provider: object) -> KnowsWealth | None:
    """Return `provider` as one that knows holdings and debts, None when it doesn't."""
    return provider if isinstance(provider, KnowsWealth) else None


def on_day(provider: BankProvider, day: Callable[[], date]) -> BankProvider:
    """Return `provider` as it is on `day`, where it goes by days; `day` is asked for only then."""
    return provider.on(day()) if isinstance(provider, GoesByDays) else provider
