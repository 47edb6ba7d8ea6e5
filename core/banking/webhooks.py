"""Taking webhooks in: each once, what it says kept with the item at once, what it asks for done in the background.

A webhook only ever says that something is worth looking at: money comes from the provider when it is asked.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, Literal, Protocol

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import clock
from core.banking.items import open_item
from core.banking.linking import look_at_visit, visit_of_token
from core.banking.news import News, Proven, RefusedError
from core.banking.provider import BankProvider
from core.banking.steps import next_step
from core.banking.sync import sync_item
from core.config import Settings
from core.errors import FinTrackError
from core.store import Item, Store, UserId, WebhookDelivery, next_change
from core.vault import Vault

log = logging.getLogger(__name__)

REMEMBERED: Final = timedelta(minutes=15)
"""How long a delivery is known again; its proof is too old by then."""
CLOSING_SECONDS: Final = 5.0

Job = tuple[Literal["sync", "link", "point"], UserId, int]
"""What is to be done, for whom, and with what: sync an item, look at a visit, let an item's webhooks come here."""


class Proof(Protocol):
    """A provider's way to tell its own webhooks from anybody else's."""

    provider: str

    def prove(self, token: str, body: bytes) -> Proven:
        """Return what is certain of a webhook.

        Raises:
            RefusedError: not the provider's, too old, tampered with.
            UndecidedError: it can't be told now.
        """
        ...

    def point_here(self, access_token: str) -> bool:
        """Let the webhooks of an item come to us, where they don't already; return whether that was news.

        Raises:
            BankError: the provider refused or could not be reached.
        """
        ...


class WebhookDesk:
    """Takes webhooks in. What they ask for is done by one thread, one thing after the other."""

    def __init__(
        self, store: Store, vault: Vault, providers: Callable[[], Mapping[str, BankProvider]], proof: Proof
    ) -> None:
        """Use `proof` to tell whose a webhook is, and ask for the `providers` when something is to be done."""
        self._store = store
        self._vault = vault
        self._providers = providers
        self._proof = proof
        # Items that were linked before there was an address, or another one, are told of it now.
        self._jobs: dict[Job, None] = dict.fromkeys(_living(store, proof.provider))
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)
        self._thread.start()

    def take(self, token: str, body: bytes) -> None:
        """Take one webhook in; returns as soon as it is kept.

        Raises:
            RefusedError: it is not the provider's, or was taken already. Nothing was changed.
            UndecidedError: whose it is can't be told now.
            StoreError: it could not be kept.
        """
        proven = self._proof.prove(token, body)
        visit = None
        if proven.news.kind == "link":
            visit = visit_of_token(self._store, self._vault, self._proof.provider, proven.news.link_token)
        jobs = keep_news(self._store, self._proof.provider, proven)
        if visit is not None:
            jobs = (*jobs, ("link", *visit))
        with self._news:
            # A job that waits already covers this one; one that runs may have asked too early, so it is done again.
            self._jobs.update(dict.fromkeys(jobs))
            self._news.notify()

    def close(self) -> None:
        """Stop: what runs is given a moment, what waits is left to the schedule."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join(CLOSING_SECONDS)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._do(*job)
            except FinTrackError as failure:
                log.warning("%s of %s for a webhook failed: %s", job[0], job[2], type(failure).__name__)
            except Exception:
                log.exception("%s of %s for a webhook failed", job[0], job[2])

    def _do(self, what: Literal["sync", "link", "point"], user: UserId, number: int) -> None:
        if what == "sync":
            sync_item(self._store, self._vault, self._providers(), user, number, trigger="webhook")
        elif what == "link":
            look_at_visit(self._store, self._vault, self._providers(), user, number)
        else:
            _, token, _, _ = open_item(self._store, self._vault, user, number)
            self._proof.point_here(token)

    def _next(self) -> Job | None:
        with self._news:
            while not self._jobs and not self._closed:
                self._news.wait()
            if self._closed:
                return None
            job = next(iter(self._jobs))
            del self._jobs[job]
            return job


def _living(store: Store, provider: str) -> list[Job]:
    with store.read() as session:
        items = session.execute(
            select(Item.user_id, Item.id).where(Item.provider == provider, Item.removed_at.is_(None)).order_by(Item.id)
        )
        return [("point", UserId(one.user_id), one.id) for one in items]


def keep_news(store: Store, provider: str, proven: Proven) -> tuple[Job, ...]:
    """Keep a delivery and what it says of an item, in one transaction; return what is to be done about it.

    Raises:
        RefusedError: it was kept before.
    """
    now = clock.now()
    news = proven.news
    with store.write() as session:
        session.execute(delete(WebhookDelivery).where(WebhookDelivery.at < now - REMEMBERED))
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        fresh = dialect.insert(WebhookDelivery).values(digest=proven.digest, at=now).on_conflict_do_nothing()
        if session.execute(fresh.returning(WebhookDelivery.digest)).scalar_one_or_none() is None:
            raise RefusedError("taken already")
        if not news.item_key:
            return ()
        items = session.scalars(
            select(Item).where(Item.provider == provider, Item.provider_key == news.item_key, Item.removed_at.is_(None))
        )
        return tuple(job for item in items for job in _keep(session, item, news))


def _keep(session: Session, item: Item, news: News) -> list[Job]:
    user = UserId(item.user_id)
    sync: Job = ("sync", user, item.id)
    if news.kind == "new data":
        return [sync]
    next_change(session, user)
    if news.kind == "more accounts":
        item.new_accounts = True
    elif news.kind == "ends":
        item.consent_expires_at = news.ends_at
    elif news.kind == "failed" and news.failure is not None:
        item.error_code, item.error_sentence = news.failure.code, str(news.failure)
    elif news.kind == "mended":
        if next_step(item.error_code) in {"reconnect", "bank first"}:
            item.error_code = item.error_sentence = ""
            item.failures, item.retry_at = 0, None
        return [sync]
    return []


def open_desk(
    settings: Settings, store: Store, vault: Vault, providers: Callable[[], Mapping[str, BankProvider]]
) -> WebhookDesk | None:
    """Return a desk for Plaid's webhooks, None when they are not asked for or Plaid is not set up."""
    if not settings.plaid_configured or not settings.plaid_webhook_url:
        return None
    from core.banking.plaid.webhook import WebhookProof

    return WebhookDesk(store, vault, providers, WebhookProof.from_settings(settings))
