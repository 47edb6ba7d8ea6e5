"""How each account stands."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.cache import Answer, UserCache, account_rows
from core.ledger import LIABILITIES


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """One account with its balances and what its rows add up to.

    `current` is its share of net worth (owed is negative); None where nobody ever told it.
    """

    id: int
    name: str
    institution: str
    color: str
    provider: str
    mask: str
    type: str
    subtype: str
    currency: str
    current: Decimal | None
    available: Decimal | None
    credit_limit: Decimal | None
    balance_at: datetime | None
    """UTC, without a zone."""
    hidden: bool
    item_id: int | None
    error: str
    """What the last sync of its bank said when it failed."""
    last_synced_at: datetime | None
    """UTC, without a zone."""
    rows: int
    total: Decimal
    """The sum of all its rows, pending ones too."""
    first_date: date | None
    last_date: date | None

    @property
    def is_liability(self) -> bool:
        """Tell whether what stands on it is owed."""
        return self.type in LIABILITIES


def summaries(answer: Answer) -> tuple[AccountSummary, ...]:
    """Return every account, hidden ones too, by institution and name; for several questions in one go."""
    return answer.kept(_summaries)


def account_summaries(cache: UserCache) -> tuple[AccountSummary, ...]:
    """Return every account, hidden ones too, by institution and name."""
    with cache.answering() as answer:
        return summaries(answer)


def _summaries(answer: Answer) -> tuple[AccountSummary, ...]:
    return tuple(AccountSummary(*row) for row in account_rows(answer))
