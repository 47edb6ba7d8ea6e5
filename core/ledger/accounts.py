"""A person's accounts: the list, and what the person may change of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger.imports import NewAccount, add_account
from core.ledger.stated_balances import settle
from core.money import is_currency_code
from core.store import Account, Balance, ImportBatch, Item, Lettered, Store, UserId, next_change

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account as lists show it. `current` is its share of net worth: owed is negative."""

    id: int
    name: str
    nickname: str
    mask: str
    type: str
    subtype: str
    currency: str
    current: Decimal | None
    hidden: bool
    item_id: int | None
    institution: str
    provider_key: str | None
    csv_layout: str
    closed: bool = False

    @property
    def title(self) -> str:
        """Return the person's own name for it, else the bank's."""
        return self.nickname or self.name


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One past import."""

    id: int
    account: str
    format: str
    filename: str
    rows: int
    new: int
    duplicates: int
    created_at: datetime
    undone_at: datetime | None


def list_accounts(store: Store, user: UserId) -> tuple[AccountEntry, ...]:
    """Return every account of `user` that was not removed, in the order of institution and name."""
    with store.read() as session:
        rows = session.execute(
            select(Account, Item.institution_name)
            .outerjoin(Item, Account.item_id == Item.id)
            .where(Account.user_id == user, Account.removed_at.is_(None))
            .order_by(Lettered(func.coalesce(Item.institution_name, "")), Lettered(Account.name), Account.id)
        )
        return tuple(
            AccountEntry(
                account.id,
                account.name,
                account.nickname,
                account.mask,
                account.type,
                account.subtype,
                account.currency,
                account.current,
                account.hidden,
                account.item_id,
                institution or "",
                account.provider_key,
                account.csv_layout,
                account.closed_at is not None,
            )
            for account, institution in rows
        )


def find_account(store: Store, user: UserId, name: str) -> AccountEntry | None:
    """Return the account whose nickname or name is `name`, letter case aside; None when there is none.

    Raises:
        ValidationError: several accounts carry that name.
    """
    wanted = name.strip().casefold()
    matches = [one for one in list_accounts(store, user) if wanted in {one.name.casefold(), one.nickname.casefold()}]
    if len(matches) > 1:
        raise ValidationError(
            f"{len(matches)} accounts are called {name}.", "Give them nicknames on the Accounts page first."
        )
    return matches[0] if matches else None


def create_account(store: Store, user: UserId, new: NewAccount) -> int:
    """Make an account that no bank connection feeds; return its id.

    Raises:
        ValidationError: the name is empty or too long, or the currency is no three-letter code.
        NotFoundError: the user is gone.
    """
    new = checked_account(new)
    with store.write() as session:
        return add_account(session, user, next_change(session, user), new, clock.now()).id


def checked_account(new: NewAccount) -> NewAccount:
    """Return `new` with its name and currency tidied.

    Raises:
        ValidationError: the name is empty or too long, or the currency is no three-letter code.
    """
    if not is_currency_code(new.currency.upper()):
        raise ValidationError(f"{new.currency!r} is not a currency code.", "Use three letters such as EUR.")
    return replace(new, name=_checked_name(new.name), currency=new.currency.upper())


def rename_account(store: Store, user: UserId, account_id: int, nickname: str) -> None:
    """Give an account the person's own name; an empty one takes the bank's back.

    Raises:
        NotFoundError: the account is not there or not this user's.
        ValidationError: the name is too long.
    """
    with store.write() as session:
        account = own_account(session, user, account_id)
        change = next_change(session, user)
        account.nickname, account.change = _checked_name(nickname) if nickname.strip() else "", change


def hide_account(store: Store, user: UserId, account_id: int, *, hidden: bool) -> None:
    """Leave an account out of every list and sum, or take it in again.

    Raises:
        NotFoundError: the account is not there or not this user's.
    """
    with store.write() as session:
        account = own_account(session, user, account_id)
        change = next_change(session, user)
        account.hidden, account.change = hidden, change


def close_account(store: Store, user: UserId, account_id: int, *, closed: bool) -> None:
    """Say that an account no longer exists at its bank, or does again; its history stays.

    Raises:
        ValidationError: a bank connection tells by itself whether this account exists.
        NotFoundError: the account is not there or not this user's.
    """
    with store.write() as session:
        account = own_account(session, user, account_id)
        if account.item_id is not None:
            raise ValidationError("The bank tells by itself whether this account exists.", "Hide or remove it instead.")
        if closed != (account.closed_at is not None):
            change = next_change(session, user)
            account.closed_at, account.change = clock.now() if closed else None, change


def set_balance(store: Store, user: UserId, account_id: int, current: Decimal, day: date) -> None:
    """Say what an account without a bank connection held at the end of `day`; owed is negative.

    The newest day of which it was said tells what it holds now, with the transactions since.

    Raises:
        ValidationError: a bank connection keeps this account's balance.
        NotFoundError: the account is not there or not this user's.
    """
    with store.write() as session:
        account = own_account(session, user, account_id)
        if account.item_id is not None:
            raise ValidationError("The bank keeps this account's balance up to date.", "Sync it instead.")
        change = next_change(session, user)
        session.merge(
            Balance(account_id=account.id, day=day, user_id=user, current=current, change=change, removed_at=None)
        )
        settle(session, account, change)


def list_imports(store: Store, user: UserId, limit: int = 50) -> tuple[BatchEntry, ...]:
    """Return the newest imports of `user`, the undone ones too."""
    with store.read() as session:
        rows = session.execute(
            select(ImportBatch, Account)
            .join(Account, ImportBatch.account_id == Account.id)
            .where(ImportBatch.user_id == user)
            .order_by(ImportBatch.id.desc())
            .limit(limit)
        )
        return tuple(
            BatchEntry(
                batch.id,
                account.nickname or account.name,
                batch.format,
                batch.filename,
                batch.rows,
                batch.new,
                batch.duplicates,
                batch.created_at,
                batch.undone_at,
            )
            for batch, account in rows
        )


def own_account(session: Session, user: UserId, account_id: int, hint: str = "Reload the page.") -> Account:
    """Return an account of `user` that was not removed; `hint` is what to do where there is none.

    Raises:
        NotFoundError: it is not there or not this user's.
    """
    account = session.scalar(
        select(Account).where(Account.id == account_id, Account.user_id == user, Account.removed_at.is_(None))
    )
    if account is None:
        raise NotFoundError("This account is not there.", hint)
    return account


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError(f"An account's name has 1 to {LONGEST_NAME} characters.")
    return name
