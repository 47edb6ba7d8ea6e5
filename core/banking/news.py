"""What a provider tells by itself, in our words, whichever provider it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.errors import BankError


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a provider told: about an item, or about a visit to its sign-in screen."""

    kind: Literal["new data", "failed", "mended", "ends", "more accounts", "link", ""]
    """ends: the login may be read until `ends_at`. link: a visit is over. "": nothing to us."""
    item_key: str = ""
    """The provider's id of the item."""
    failure: BankError | None = None
    ends_at: datetime | None = None
    link_token: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """News whose sender is certain; `digest` is the same for the same delivery and for no other."""

    digest: str
    news: News


class RefusedError(Exception):
    """It is not the provider's, or it was taken already: it is dropped, and its sender learns nothing."""


class UndecidedError(Exception):
    """Whether it is the provider's can't be told now: it may be sent again."""
