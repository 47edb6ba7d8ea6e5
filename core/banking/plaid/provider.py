"""Plaid behind our `BankProvider`: accounts, changes since a cursor, links and their end."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from core.banking.plaid import hosted, wealth
from core.banking.plaid.client import Patience, PlaidClient
from core.banking.plaid.models import (
    AccountsAnswer,
    Exchanged,
    InstitutionAnswer,
    ItemAnswer,
    PublicToken,
    SyncPage,
)
from core.banking.plaid.pages import Page, page_of, put_together
from core.banking.plaid.reactions import failure_of
from core.banking.plaid.translate import account_record
from core.banking.provider import Institution, ItemState, LinkedItem, LinkOutcome, LinkStart, OfferedItem
from core.config import Settings
from core.errors import BankError, BankSetupError, BankTemporaryError, CursorError, SyncMutationError
from core.ledger import AccountRecord, DebtRecord, HoldingRecord, SyncUpdate
from core.store import UserId

PAGE: Final = 500
"""Transactions a page: the most that Plaid gives."""
RESTARTS: Final = 3
"""How often a loop that Plaid interrupts is begun again, from its first cursor and then from the beginning."""
GATHERING: Final = frozenset({"NOT_READY", "INITIAL_UPDATE_COMPLETE"})
"""How Plaid says that it has nothing yet of an item's history, or only the last month."""
READY_WAITS: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds between questions while Plaid is still gathering a new item's history; then the next sync goes on."""
TEST_BANK: Final = Institution("ins_109508", "First Platypus Bank")
"""Plaid's test institution."""


class PlaidProvider:
    """Banks through Plaid."""

    name = "plaid"

    def __init__(self, client: PlaidClient, settings: Settings, ready_waits: tuple[float, ...] = READY_WAITS) -> None:
        """Use `client`; `ready_waits` in seconds."""
        self._client = client
        self._settings = settings
        self._ready_waits = ready_waits

    @classmethod
    def from_settings(cls, settings: Settings, patience: Patience | None = None) -> "PlaidProvider":
        """Return the provider for the keys in `settings`.

        Raises:
            BankSetupError: the keys are missing.
        """
        return cls(PlaidClient(settings, patience), settings)

    def accounts(self, access_token: str) -> tuple[AccountRecord, ...]:
        """Return the accounts of an item with the balances that Plaid knows (free of charge)."""
        from plaid.model.accounts_get_request import AccountsGetRequest

        answer = self._client.call("accounts_get", AccountsGetRequest(access_token=access_token), AccountsAnswer)
        return tuple(account_record(one) for one in answer.accounts)

    def changes(self, access_token: str, cursor: str) -> SyncUpdate:
        """Return everything since `cursor`: all pages of it, or a failure.

        When Plaid's data changes meanwhile, the loop begins again from its first cursor.

        Raises:
            CursorError: Plaid does not know the cursor, or the data never held still from there.
            BankError: anything else, by its kind.
        """
        given: dict[str, str] = {}
        for _ in range(RESTARTS):
            try:
                pages = self._ready_pages(access_token, cursor, given)
            except SyncMutationError:
                continue
            return self._update(access_token, cursor, pages)
        if cursor:
            raise CursorError("The bank's data keeps changing while it is read.", "Sync again.")
        raise BankTemporaryError("The bank's data keeps changing while it is read.", code="MUTATION")

    def remove(self, access_token: str) -> None:
        """End the link at Plaid; that is what stops its billing."""
        from plaid.model.item_remove_request import ItemRemoveRequest

        self._client.call("item_remove", ItemRemoveRequest(access_token=access_token), dict)

    def begin_link(self, user: UserId, access_token: str = "", *, choose_accounts: bool = False) -> LinkStart:
        """Make Plaid's hosted Link screen ready for `user`; see `LinksAccounts`."""
        return hosted.begin(self._client, self._settings, user, access_token, choose_accounts=choose_accounts)

    def look_at_link(self, token: str) -> LinkOutcome:
        """Return how a visit to the hosted screen stands."""
        return hosted.look(self._client, token)

    def take_link(self, offered: OfferedItem) -> LinkedItem:
        """Turn the public token of a finished link into an item. Keep its access token: a lost one bills for ever."""
        return self.exchange(offered.public_token, offered.institution)

    def state_of(self, access_token: str) -> ItemState:
        """Return whether the login works and what Plaid may tell of it."""
        from plaid.model.item_get_request import ItemGetRequest

        item = self._client.call("item_get", ItemGetRequest(access_token=access_token), ItemAnswer).item
        failure = failure_of(item.error) if item.error and item.error.error_code else None
        return ItemState(
            failure.code if failure else "",
            str(failure) if failure else "",
            hosted.instant(item.consent_expiration_time or ""),
            frozenset(item.products) | frozenset(item.billed_products),
        )

    def fresh_accounts(self, access_token: str) -> tuple[AccountRecord, ...]:
        """Return the accounts with balances just asked of the bank; Plaid bills each call."""
        from plaid.model.accounts_balance_get_request import AccountsBalanceGetRequest

        request = AccountsBalanceGetRequest(access_token=access_token)
        return tuple(
            account_record(one) for one in self._client.call("accounts_balance_get", request, AccountsAnswer).accounts
        )

    def holdings(self, access_token: str) -> tuple[HoldingRecord, ...]:
        """Return what the item's investment accounts hold, where `PLAID_PRODUCTS` names investments; billed."""
        return wealth.holdings(self._client, self._settings, access_token)

    def debts(self, access_token: str) -> tuple[DebtRecord, ...]:
        """Return the terms of the item's cards and loans, where `PLAID_PRODUCTS` names liabilities; billed."""
        return wealth.debts(self._client, self._settings, access_token)

    def sandbox_item(self, custom_user: str | None = None) -> LinkedItem:
        """Link Plaid's test institution without its screen, as a custom sandbox user (JSON) when one is given.

        Raises:
            BankSetupError: `PLAID_ENV` is not sandbox.
        """
        from plaid.model.products import Products
        from plaid.model.sandbox_public_token_create_request import SandboxPublicTokenCreateRequest
        from plaid.model.sandbox_public_token_create_request_options import SandboxPublicTokenCreateRequestOptions

        if self._settings.plaid_env != "sandbox":
            raise BankSetupError("The quick link is for Plaid's sandbox only.", "Set PLAID_ENV=sandbox to use it.")
        wanted: dict[str, str] = {}
        if custom_user is not None:
            wanted = {"override_username": "user_custom", "override_password": custom_user}
        if self._settings.plaid_webhook_url:
            wanted["webhook"] = self._settings.plaid_webhook_url
        options = SandboxPublicTokenCreateRequestOptions(**wanted)
        request = SandboxPublicTokenCreateRequest(
            institution_id=TEST_BANK.key,
            initial_products=[Products(name) for name in self._settings.plaid_products],
            options=options,
        )
        return self.exchange(
            self._client.call("sandbox_public_token_create", request, PublicToken).public_token, TEST_BANK
        )

    def exchange(self, public_token: str, told: Institution) -> LinkedItem:
        """Turn a public token into an item; `told` is its bank as far as the link screen named it.

        Nothing else is asked meanwhile: until the caller has kept the access token, it is nowhere else.
        """
        from plaid.model.item_public_token_exchange_request import ItemPublicTokenExchangeRequest

        given = self._client.call(
            "item_public_token_exchange", ItemPublicTokenExchangeRequest(public_token=public_token), Exchanged
        )
        return LinkedItem(given.item_id, given.access_token, told)

    def institution_of(self, access_token: str, told: Institution) -> Institution:
        """Return the bank of an item as far as Plaid tells now, else `told`; nothing is raised."""
        from plaid.model.country_code import CountryCode
        from plaid.model.institutions_get_by_id_request import InstitutionsGetByIdRequest
        from plaid.model.institutions_get_by_id_request_options import InstitutionsGetByIdRequestOptions
        from plaid.model.item_get_request import ItemGetRequest

        known = told
        try:
            if not known.key:
                item = self._client.call("item_get", ItemGetRequest(access_token=access_token), ItemAnswer).item
                known = Institution(item.institution_id or "", item.institution_name or told.name)
            if not known.key:
                return known
            request = InstitutionsGetByIdRequest(
                institution_id=known.key,
                country_codes=[CountryCode(code) for code in self._settings.plaid_country_codes],
                options=InstitutionsGetByIdRequestOptions(include_optional_metadata=True),
            )
            facts = self._client.call("institutions_get_by_id", request, InstitutionAnswer).institution
        except BankError:
            return known
        return Institution(
            facts.institution_id, facts.name, facts.primary_color or "", facts.url or "", facts.logo or ""
        )

    def _ready_pages(self, access_token: str, cursor: str, given: dict[str, str]) -> list[Page]:
        """Return all pages; while Plaid has nothing ready for a new item, ask again a few times."""
        pages = self._pages(access_token, cursor, given)
        for wait in self._ready_waits:
            if cursor or pages[-1].status != "NOT_READY":
                break
            time.sleep(wait)
            pages = self._pages(access_token, cursor, given)
        return pages

    def _pages(self, access_token: str, cursor: str, given: dict[str, str]) -> list[Page]:
        """Return all pages from `cursor`; `given` tells for each place that was led to from where it was.

        A page told twice, by Plaid or by something on the way, would lose the one in whose stead it came.
        """
        from plaid.model.transactions_sync_request import TransactionsSyncRequest
        from plaid.model.transactions_sync_request_options import TransactionsSyncRequestOptions

        pages: list[Future[Page]] = []
        place, has_more = cursor, True
        # Each page is put into our words while the next one is on its way.
        with ThreadPoolExecutor(1, thread_name_prefix="pages") as words:
            while has_more:
                request = TransactionsSyncRequest(
                    access_token=access_token,
                    cursor=place,
                    count=PAGE,
                    options=TransactionsSyncRequestOptions(include_original_description=True),
                )
                page = self._client.call("transactions_sync", request, SyncPage)
                going_on = page.has_more or bool(page.added or page.modified or page.removed)
                if given.setdefault(page.next_cursor, place) != place or (going_on and page.next_cursor == place):
                    raise SyncMutationError("Plaid told the same page twice.", "Sync again.", code="REPEATED_PAGE")
                if pages and page.transactions_update_status == "NOT_READY":
                    raise SyncMutationError("Plaid lost its place.", "Sync again.", code="NOT_READY")
                pages.append(words.submit(page_of, page))
                place, has_more = page.next_cursor, page.has_more
        return [page.result() for page in pages]

    def _update(self, access_token: str, cursor: str, pages: list[Page]) -> SyncUpdate:
        told = {one.account_id: one for page in pages for one in page.accounts}
        accounts = tuple(account_record(one) for one in told.values()) or self.accounts(access_token)
        rows = put_together(pages, {one.key: one.currency for one in accounts})
        ready = pages[-1].status not in GATHERING and bool(pages[-1].next_cursor)
        return SyncUpdate(
            accounts=accounts,
            added=rows.added,
            modified=rows.modified,
            removed=rows.removed,
            # The beginning of a history is read anew until all of it is there: only then is it known what is gone.
            next_cursor=pages[-1].next_cursor if ready or cursor else "",
            ready=ready,
        )
