"""What is invested, added up by currency, by account and by kind. Nothing is converted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.analytics.comparing import shares
from core.ledger import AccountValue, HoldingEntry

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sums:
    """Several holdings of one currency together."""

    value: Decimal
    """Of those whose value is known."""
    cost: Decimal
    """Of those whose value and cost are both known; the gain is theirs."""
    gain: Decimal
    costed: int
    """How many those are."""
    holdings: int

    @property
    def gain_share(self) -> Decimal | None:
        """Return the gain as a share of the cost; None where nothing was paid, or it isn't known."""
        return self.gain / self.cost if self.cost > 0 else None


@dataclass(frozen=True, slots=True)
class KindPart:
    """What is held of one kind, and which share of the whole that is."""

    kind: str
    value: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """One holding, and which share of the whole portfolio it is."""

    entry: HoldingEntry
    share: Decimal


@dataclass(frozen=True, slots=True)
class AccountHoldings:
    """What one account holds in one currency, the most valuable first."""

    account_id: int
    account: str
    institution: str
    sums: Sums
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that is held in one currency."""

    currency: str
    sums: Sums
    kinds: tuple[KindPart, ...]
    """The most valuable first."""
    accounts: tuple[AccountHoldings, ...]


def portfolios(entries: Sequence[HoldingEntry]) -> tuple[Portfolio, ...]:
    """Return what is held, by currency; the currency of most holdings comes first."""
    currencies = [one.currency for one in entries]
    return tuple(
        _portfolio(currency, [one for one in entries if one.currency == currency])
        for currency in sorted(set(currencies), key=lambda code: (-currencies.count(code), code))
    )


def _portfolio(currency: str, entries: list[HoldingEntry]) -> Portfolio:
    weights = shares(one.value or NOTHING for one in entries)
    held = [Held(one, share) for one, share in zip(entries, weights, strict=True)]
    by_account: dict[int, list[Held]] = {}
    by_kind: dict[str, Decimal] = {}
    for one in held:
        by_account.setdefault(one.entry.account_id, []).append(one)
        by_kind[one.entry.kind] = by_kind.get(one.entry.kind, NOTHING) + (one.entry.value or NOTHING)
    kinds = sorted(by_kind.items(), key=lambda one: (-one[1], one[0]))
    return Portfolio(
        currency,
        sums_of(entries),
        tuple(
            KindPart(kind, value, share)
            for (kind, value), share in zip(kinds, shares(value for _, value in kinds), strict=True)
        ),
        tuple(
            AccountHoldings(
                number,
                rows[0].entry.account,
                rows[0].entry.institution,
                sums_of([one.entry for one in rows]),
                tuple(rows),
            )
            for number, rows in by_account.items()
        ),
    )


def sums_of(entries: Iterable[HoldingEntry]) -> Sums:
    """Return what holdings of one currency add up to."""
    value = cost = gain = NOTHING
    costed = count = 0
    for one in entries:
        count += 1
        value += one.value or NOTHING
        if one.gain is not None and one.cost_basis is not None:
            cost, gain, costed = cost + one.cost_basis, gain + one.gain, costed + 1
    return Sums(value, cost, gain, costed, count)


def value_line(values: Iterable[AccountValue], currency: str) -> tuple[tuple[date, Decimal], ...]:
    """Return what accounts of one currency held together, day by day, from the first day any of them is known."""
    found: dict[date, Decimal] = {}
    for one in values:
        if one.currency == currency:
            found[one.day] = found.get(one.day, NOTHING) + one.value
    return tuple(sorted(found.items()))
