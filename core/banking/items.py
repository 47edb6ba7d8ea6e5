"""The bank connections of a person: keeping their tokens, listing and ending them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from core import clock
from core.banking.provider import LinkedItem
from core.errors import BankError, BankTemporaryError, NotFoundError, ValidationError
from core.identity import note, profile
from core.store import Account, Item, Lettered, Store, UserId, next_change
from core.vault import Vault

FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=6)
"""How long the schedule leaves a bank alone that failed for a reason that passes: doubled each time up to this."""
PERSON_PAUSE: Final = timedelta(hours=24)
"""The same, when only the person can mend it: a login may also be repaired elsewhere."""


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
    logo: str = ""
    """A PNG in base64, or ""."""
    new_accounts: bool = False
    consent_expires_at: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None


def list_connections(store: Store, user: UserId) -> tuple[Connection, ...]:
    """Return the living bank connections of `user`, by institution."""
    with store.read() as session:
        rows = session.scalars(
            select(Item)
            .where(Item.user_id == user, Item.removed_at.is_(None))
            .order_by(Lettered(Item.institution_name), Item.id)
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
                row.institution_logo,
                row.new_accounts,
                row.consent_expires_at,
                row.failures,
                row.retry_at,
            )
            for row in rows
        )


def refuse_guests(store: Store, user: UserId) -> None:
    """Accept whoever has an account of their own here.

    Raises:
        ValidationError: `user` is a guest of the demo. They prove nothing and are deleted after a day, so real banks
            are not theirs to link: it would go through the owner's keys and on the owner's bill.
    """
    if profile(store, user).is_demo:
        raise ValidationError("The demo has made-up banks only.", "Sign out and sign up to link your own.")


def keep_item(store: Store, vault: Vault, user: UserId, provider: str, linked: LinkedItem) -> int:
    """Save a fresh link and its access token, sealed, at once; return the item's id.

    The same item linked again keeps its id and its cursor and takes the new token.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.write() as session:
        next_change(session, user)
        item = session.scalar(
            select(Item).where(Item.user_id == user, Item.provider == provider, Item.provider_key == linked.key)
        )
        if item is None:
            item = Item(user_id=user, provider=provider, provider_key=linked.key, created_at=clock.now())
            session.add(item)
            session.flush()
            note(session, user, "bank linked", item=item.id)
        bank = linked.institution
        item.institution_key, item.institution_name = bank.key, bank.name
        item.institution_color, item.institution_logo = bank.color, bank.logo
        item.removed_at = None
        _clear(item)
        session.flush()
        item.sealed_token = vault.seal(linked.access_token, f"item:{item.id}")
        return item.id


def note_failure(store: Store, user: UserId, item_id: int, failure: BankError) -> None:
    """Keep the last failure of an item in words, and how long the schedule leaves it alone."""
    now = clock.now()
    with store.write() as session:
        item = session.scalar(select(Item).where(Item.id == item_id, Item.user_id == user))
        if item is None:
            return
        next_change(session, user)
        item.failures += 1
        pause, asked = PERSON_PAUSE, timedelta(0)
        if isinstance(failure, BankTemporaryError):
            pause = min(FIRST_PAUSE * 2 ** min(item.failures - 1, 16), LONGEST_PAUSE)
            asked = timedelta(seconds=min(failure.retry_after or 0, PERSON_PAUSE.total_seconds()))
        item.retry_at = now + max(pause * random.uniform(0.8, 1.2), asked)  # noqa: S311 - jitter, no secret
        item.error_code, item.error_sentence, item.last_tried_at = failure.code, str(failure), now


def note_working(store: Store, user: UserId, item_id: int) -> None:
    """Forget the failure of an item whose login works again."""
    with store.write() as session:
        item = session.scalar(select(Item).where(Item.id == item_id, Item.user_id == user))
        if item is not None:
            next_change(session, user)
            _clear(item)


def _clear(item: Item) -> None:
    item.error_code = item.error_sentence = ""
    item.failures, item.retry_at = 0, None


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
