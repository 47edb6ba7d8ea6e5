"""The bank connections of a person: keeping their tokens, listing and ending them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from core import clock
from core.banking.provider import LinkedItem
from core.errors import BankError, NotFoundError
from core.store import Account, Item, Store, UserId, next_change
from core.vault import Vault


@dataclass(frozen=True, slots=True)
class Connection:
    """One item as lists show it; `error` is the last failure in words, "" when the last sync went well."""

    id: int
    provider: str
    institution: str
    color: str
    error_code: str
    error: str
    last_synced_at: datetime | None
    last_tried_at: datetime | None


def list_connections(store: Store, user: UserId) -> tuple[Connection, ...]:
    """Return the living bank connections of `user`, by institution."""
    with store.read() as session:
        rows = session.scalars(
            select(Item).where(Item.user_id == user, Item.removed_at.is_(None)).order_by(Item.institution_name, Item.id)
        )
        return tuple(
            Connection(
                row.id,
                row.provider,
                row.institution_name,
                row.institution_color,
                row.error_code,
                row.error_sentence,
                row.last_synced_at,
                row.last_tried_at,
            )
            for row in rows
        )


def keep_item(store: Store, vault: Vault, user: UserId, provider: str, linked: LinkedItem) -> int:
    """Save a fresh link and its access token, sealed, at once; return the item's id.

    The same item linked again keeps its id and its cursor and takes the new token.
    """
    with store.write() as session:
        item = session.scalar(
            select(Item).where(Item.user_id == user, Item.provider == provider, Item.provider_key == linked.key)
        )
        if item is None:
            item = Item(user_id=user, provider=provider, provider_key=linked.key, created_at=clock.now())
            session.add(item)
        item.institution_key = linked.institution.key
        item.institution_name = linked.institution.name
        item.institution_color = linked.institution.color
        item.error_code = item.error_sentence = ""
        item.removed_at = None
        next_change(session, user)
        session.flush()
        item.sealed_token = vault.seal(linked.access_token, f"item:{item.id}")
        return item.id


def note_failure(store: Store, user: UserId, item_id: int, failure: BankError) -> None:
    """Keep the last failure of an item in words, for the Accounts page."""
    with store.write() as session:
        next_change(session, user)
        session.execute(
            update(Item)
            .where(Item.id == item_id, Item.user_id == user)
            .values(error_code=failure.code, error_sentence=str(failure), last_tried_at=clock.now())
        )


def open_item(store: Store, vault: Vault, user: UserId, item_id: int) -> tuple[str, str, str, str]:
    """Return provider name, access token, cursor and institution of a living item.

    Raises:
        NotFoundError: not there, removed, or somebody else's.
    """
    with store.read() as session:
        item = session.scalar(select(Item).where(Item.id == item_id, Item.user_id == user, Item.removed_at.is_(None)))
        if item is None:
            raise NotFoundError("This bank connection is no longer there.", "Link the bank again on the Accounts page.")
        token = vault.open(item.sealed_token, f"item:{item.id}")
        return item.provider, token, item.cursor, item.institution_name


def item_of_account(store: Store, user: UserId, account_id: int) -> int | None:
    """Return the item that feeds an account, None for one kept by hand or file."""
    with store.read() as session:
        return session.scalar(select(Account.item_id).where(Account.id == account_id, Account.user_id == user))
