"""Ending a bank connection, or one account: at the provider first, then here as the person chose."""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import ColumnElement, String, case, cast, exists, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from core import clock
from core.banking.items import open_item
from core.banking.lease import leased
from core.banking.provider import BankProvider
from core.errors import BankError, BankGoneError, BankSetupError, ItemDeletedError
from core.identity import Asker, demand, note
from core.ledger import KEPT_KEYS, kept_key, kept_name, own_account
from core.store import Account, Item, Store, Transaction, User, UserId, next_change, next_generation
from core.vault import Vault

History = Literal["keep", "delete"]
"""What becomes of the accounts and transactions that a removed connection brought."""


def remove_item(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    asker: Asker,
    item_id: int,
    history: History,
    *,
    even_unrevoked: bool = False,
) -> None:
    """End a connection: revoked at the provider, then kept here as accounts without a bank, or deleted.

    With `even_unrevoked` it goes here although the provider could not be told: it may go on billing.

    Raises:
        StepUpNeededError: a fresh check is needed.
        NotFoundError: the item is not there or not this user's.
        BankError: the provider could not end it; nothing was changed.
    """
    user = demand(store, asker)
    name, token, _, institution = open_item(store, vault, user, item_id)
    with leased(store, item_id):
        revoked = True
        try:
            provider = providers.get(name)
            if provider is None:
                raise BankSetupError(
                    f"There is no way to reach {institution} with today's settings.", code="NO_PROVIDER"
                )
            provider.remove(token)
        except (BankGoneError, ItemDeletedError):
            pass  # It has ended already: that is what was wanted.
        except BankError:
            if not even_unrevoked:
                raise
            revoked = False
        with store.write() as session:
            _end_item(session, user, item_id, history, revoked=revoked)


def retire_item(store: Store, user: UserId, item_id: int) -> None:
    """Let a connection go that its provider no longer knows; its accounts stay, for the link that follows it."""
    with store.write() as session:
        _end_item(session, user, item_id, "keep", revoked=True)


def remove_account(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    asker: Asker,
    account_id: int,
    history: History,
) -> None:
    """End one account: no sync brings anything for it again. The last one of a connection ends that too.

    With "keep" it stays with its rows as an account without a bank; with "delete" it goes with all of them.

    Raises:
        StepUpNeededError: a fresh check is needed.
        NotFoundError: the account is not there or not this user's.
        BankError: the provider could not end the connection; nothing was changed.
    """
    user = demand(store, asker)
    with store.read() as session:
        account = own_account(session, user, account_id)
        item_id = account.item_id
        others = session.scalar(
            select(func.count()).where(
                Account.item_id == item_id, Account.id != account_id, Account.removed_at.is_(None)
            )
        )
    if item_id is not None and not others:
        remove_item(store, vault, providers, asker, item_id, history)
        return
    with store.write() as session:
        change = next_change(session, user)
        account = own_account(session, user, account_id)
        if item_id is not None:
            _leave_a_mark(session, user, account, change)
        if history == "keep":
            _detach(session, account, session.get(Item, item_id) if item_id else None, change)
        else:
            session.delete(account)
            next_generation(session, user)
        note(session, user, "account removed", history=history, account=account_id)


def _end_item(session: Session, user: UserId, item_id: int, history: History, *, revoked: bool) -> None:
    change = next_change(session, user)
    item = session.scalar(select(Item).where(Item.id == item_id, Item.user_id == user, Item.removed_at.is_(None)))
    if item is None:
        return
    for account in session.scalars(select(Account).where(Account.item_id == item.id)).all():
        if history == "keep" and account.removed_at is None:
            _detach(session, account, item, change)
        else:
            session.delete(account)
            next_generation(session, user)
    provider = item.provider
    session.flush()
    session.delete(item)
    session.flush()
    if provider == "demo" and not session.scalar(
        select(func.count()).where(Item.user_id == user, Item.provider == "demo", Item.removed_at.is_(None))
    ):
        # The demo's calendar was ahead for its own sake only.
        session.execute(update(User).where(User.id == user).values(demo_days_ahead=0))
    note(session, user, "bank removed" if revoked else "bank removed unrevoked", history=history, item=item_id)


def _detach(session: Session, account: Account, item: Item | None, change: int) -> None:
    """Keep an account without its bank; linked again one day, it and its rows are known again."""
    account.item_id, account.change = None, change
    if item is not None:
        account.provider_key = kept_key(item.institution_key, account.name, account.mask)
        if not account.nickname:
            account.nickname = kept_name(item.institution_name, account.name)
    # A row keeps what the bank called it, as one from a file does: the next connection calls it otherwise.
    session.execute(
        update(Transaction)
        .where(Transaction.account_id == account.id, Transaction.provider_key.is_not(None))
        .values(
            file_key=func.coalesce(Transaction.file_key, _free_key()),
            provider_key=None,
            change=change,
        )
        .execution_options(synchronize_session=False)
    )


def _free_key() -> ColumnElement[str]:
    """Return what a row is called by the key that the bank gave it; a row of an earlier connection may be called so."""
    other = aliased(Transaction)
    key = literal(KEPT_KEYS) + Transaction.provider_key
    taken = exists().where(other.account_id == Transaction.account_id, other.file_key == key)
    return case((taken, key + "#" + cast(Transaction.id, String)), else_=key)


def _leave_a_mark(session: Session, user: UserId, account: Account, change: int) -> None:
    """Leave a removed account in the item under the provider's key, so that syncs know to pass it by."""
    mark = Account(
        user_id=user,
        item_id=account.item_id,
        provider_key=account.provider_key,
        name=account.name,
        type=account.type,
        currency=account.currency,
        created_at=clock.now(),
        removed_at=clock.now(),
        change=change,
    )
    account.item_id = account.provider_key = None
    session.flush()
    session.add(mark)
