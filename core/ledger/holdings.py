"""What investment accounts hold: replaced as a whole by what the bank says, never edited by a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, Literal, get_args

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import AmountError, NotFoundError
from core.money import STEP, to_units
from core.store import Account, Balance, Holding, Item, Store, UserId

HoldingKind = Literal["cash", "shares", "ETF", "fund", "bonds", "crypto", "derivative", "loan", "other"]
"""What is held, in FinTrack's own words."""

KINDS: Final[frozenset[str]] = frozenset(get_args(HoldingKind))
FINEST: Final = -40
LARGEST: Final = 20
"""The powers of ten between which the first digit of a quantity or price lies."""
LONGEST_NUMBER: Final = 64


@dataclass(frozen=True, slots=True)
class HoldingRecord:
    """What an account holds of one security as a bank tells of it.

    Owned is positive; a position sold short is negative in `quantity` and `value`.
    """

    account_key: str
    key: str
    """The provider's id of the security, once in each account."""
    name: str
    quantity: Decimal
    currency: str = "USD"
    ticker: str = ""
    kind: HoldingKind = "other"
    price: Decimal | None = None
    """Of one share."""
    value: Decimal | None = None
    """Of all of them, as the bank states it."""
    cost_basis: Decimal | None = None
    """What was paid for all of them; None where the bank doesn't know."""
    price_day: date | None = None


@dataclass(frozen=True, slots=True)
class HoldingEntry:
    """A holding as lists show it; signs as in `HoldingRecord`."""

    account_id: int
    account: str
    institution: str
    key: str
    name: str
    ticker: str
    kind: HoldingKind
    quantity: Decimal
    price: Decimal | None
    value: Decimal | None
    cost_basis: Decimal | None
    currency: str
    price_day: date | None
    updated_at: datetime

    @property
    def gain(self) -> Decimal | None:
        """Return what it is worth above what was paid, negative for a loss; None where one of them is not known."""
        return None if self.value is None or self.cost_basis is None else self.value - self.cost_basis


@dataclass(frozen=True, slots=True)
class AccountValue:
    """What an account held at the end of a day, by its balance, in `currency`; owed is negative."""

    account_id: int
    day: date
    currency: str
    value: Decimal


def replace_holdings(store: Store, user: UserId, item_id: int, records: Sequence[HoldingRecord]) -> int:
    """Make `records` all that the accounts of an item hold; return how many were kept.

    Money is kept to 1/10000 of its unit, quantities and prices to the last digit. Records of accounts
    that are not there, and amounts that can't be kept, are left out. Told twice, a security is added up.

    Raises:
        NotFoundError: the item is not there, not this user's, or was removed.
    """
    with store.write() as session:
        accounts = accounts_of_item(session, user, item_id)
        kept = [row for row in together(records) if row.account_key in accounts and _can_be_kept(row)]
        session.execute(delete(Holding).where(Holding.account_id.in_(accounts.values())))
        at = clock.now()
        session.add_all(
            Holding(
                account_id=accounts[row.account_key],
                key=row.key,
                user_id=user,
                name=row.name,
                ticker=row.ticker[:32],
                kind=row.kind,
                quantity=f"{row.quantity:f}",
                price="" if row.price is None else f"{row.price:f}",
                value=to_places(row.value),
                cost_basis=to_places(row.cost_basis),
                currency=row.currency,
                price_day=row.price_day,
                updated_at=at,
            )
            for row in kept
        )
        return len(kept)


def list_holdings(store: Store, user: UserId) -> tuple[HoldingEntry, ...]:
    """Return what the visible accounts of `user` hold, by account, the most valuable first."""
    with store.read() as session:
        rows = session.execute(
            select(Holding, Account, Item.institution_name)
            .join(Account, Holding.account_id == Account.id)
            .outerjoin(Item, Account.item_id == Item.id)
            .where(
                Holding.user_id == user,
                Account.user_id == user,
                Account.removed_at.is_(None),
                Account.closed_at.is_(None),
                Account.hidden.is_(False),
            )
        ).all()
    entries = [
        HoldingEntry(
            account.id,
            account.nickname or account.name,
            institution or "",
            row.key,
            row.name,
            row.ticker,
            _kind(row.kind),
            Decimal(row.quantity),
            Decimal(row.price) if row.price else None,
            row.value,
            row.cost_basis,
            row.currency,
            row.price_day,
            row.updated_at,
        )
        for row, account, institution in rows
    ]
    return tuple(
        sorted(entries, key=lambda one: (one.institution, one.account, one.account_id, -(one.value or 0), one.key))
    )


def value_history(
    store: Store, user: UserId, accounts: Iterable[int], days: Sequence[date]
) -> tuple[AccountValue, ...]:
    """Return what each of `accounts` held at the end of each of `days` that its known balances reach back to."""
    wanted = set(accounts)
    if not wanted or not days:
        return ()
    with store.read() as session:
        rows = session.execute(
            select(Balance.account_id, Balance.day, Balance.current, Account.currency)
            .join(Account, Balance.account_id == Account.id)
            .where(
                Balance.user_id == user,
                Balance.account_id.in_(wanted),
                Balance.removed_at.is_(None),
                Balance.day <= max(days),
            )
            .order_by(Balance.account_id, Balance.day)
        ).all()
    found = []
    for account in sorted(wanted):
        known = [(day, current, currency) for number, day, current, currency in rows if number == account]
        at = 0
        for day in sorted(days):
            while at < len(known) and known[at][0] <= day:
                at += 1
            if at:
                _, current, currency = known[at - 1]
                found.append(AccountValue(account, day, currency, current))
    return tuple(found)


def together(records: Iterable[HoldingRecord]) -> tuple[HoldingRecord, ...]:
    """Return `records` with each security of an account once: quantities, values and costs are added up.

    A sum with an unknown part is unknown; the price is the latest one.
    """
    found: dict[tuple[str, str, str], HoldingRecord] = {}
    for row in records:
        place = (row.account_key, row.key, row.currency)
        known = found.get(place)
        if known is not None:
            newer = (known.price_day or date.min) > (row.price_day or date.min) or row.price is None
            row = replace(  # noqa: PLW2901 - the sum takes the place of its part
                known if newer else row,
                quantity=known.quantity + row.quantity,
                value=_sum(known.value, row.value),
                cost_basis=_sum(known.cost_basis, row.cost_basis),
            )
        found[place] = row
    return tuple(_one_key_each(found.values()))


def _one_key_each(records: Iterable[HoldingRecord]) -> Iterable[HoldingRecord]:
    """Tell a security that is held in two currencies apart: they are never added up."""
    seen: set[tuple[str, str]] = set()
    for row in records:
        if (row.account_key, row.key) in seen:
            yield replace(row, key=f"{row.key[:120]} {row.currency}")
        else:
            seen.add((row.account_key, row.key))
            yield row


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def to_places(amount: Decimal | None) -> Decimal | None:
    """Return an amount as fine as money is kept: a bank's value of 0.00293644 shares has more digits."""
    return None if amount is None else amount.quantize(STEP, ROUND_HALF_EVEN)


def fits(amount: Decimal | None) -> bool:
    """Tell whether an amount can be kept as money."""
    if amount is None:
        return True
    try:
        # Far too large a number can't even be rounded: that is an ArithmeticError.
        to_units(amount.quantize(STEP, ROUND_HALF_EVEN))
    except (AmountError, ArithmeticError):
        return False
    return True


def accounts_of_item(session: Session, user: UserId, item_id: int) -> dict[str, int]:
    """Return the ids of an item's living accounts by the provider's key; the item stays locked meanwhile.

    Raises:
        NotFoundError: the item is not there, not this user's, or was removed.
    """
    item = session.scalar(
        select(Item).where(Item.id == item_id, Item.user_id == user, Item.removed_at.is_(None)).with_for_update()
    )
    if item is None:
        raise NotFoundError("This bank connection is no longer there.", "Link the bank again on the Accounts page.")
    rows = session.execute(
        select(Account.provider_key, Account.id).where(Account.item_id == item_id, Account.removed_at.is_(None))
    )
    return {str(key): number for key, number in rows}


def _can_be_kept(row: HoldingRecord) -> bool:
    numbers = (row.quantity, *([] if row.price is None else [row.price]))
    return fits(row.value) and fits(row.cost_basis) and all(writable(number, LONGEST_NUMBER) for number in numbers)


def writable(number: Decimal, longest: int) -> bool:
    """Tell whether a number can be written out in `longest` characters."""
    return number.is_finite() and FINEST <= number.adjusted() <= LARGEST and len(f"{number:f}") <= longest


def _kind(text: str) -> HoldingKind:
    return text if text in KINDS else "other"  # type: ignore[return-value] # mypy can't follow the set
