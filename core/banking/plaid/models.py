"""Plaid's answers, as far as we use them: tolerant structs that skip what they don't know.

plaid-python's own models raise on bodies that are newer or older than they are, and take 1.6 s for
500 transactions; these take 2 ms. Amounts are decoded from the JSON text straight into `Decimal`. What comes by the
thousand is kept from the garbage collector (`gc=False`): it holds no cycles, and a sync of several banks would else
make the collector walk over everything in the process, which stops all threads for 0.2 s.
"""

from decimal import Decimal
from typing import Final

import msgspec

NOTHING: Final = msgspec.Raw(b"null")


class Balances(msgspec.Struct, frozen=True, gc=False):
    """An account's balances; `current` of a card or loan is positive when owed."""

    available: Decimal | None = None
    current: Decimal | None = None
    limit: Decimal | None = None
    iso_currency_code: str | None = None
    unofficial_currency_code: str | None = None


class PlaidAccount(msgspec.Struct, frozen=True, gc=False):
    """An account of an item."""

    account_id: str
    balances: Balances
    name: str = ""
    official_name: str | None = None
    mask: str | None = None
    type: str = "other"
    subtype: str | None = None


class Category(msgspec.Struct, frozen=True, gc=False):
    """A personal finance category, v1 or v2."""

    primary: str = ""
    detailed: str = ""


class PlaidTransaction(msgspec.Struct, frozen=True, gc=False):
    """A transaction; a positive `amount` is money out."""

    transaction_id: str
    account_id: str
    amount: Decimal
    date: str
    name: str = ""
    iso_currency_code: str | None = None
    unofficial_currency_code: str | None = None
    merchant_name: str | None = None
    original_description: str | None = None
    pending: bool = False
    pending_transaction_id: str | None = None
    authorized_date: str | None = None
    payment_channel: str | None = None
    check_number: str | None = None
    personal_finance_category: Category | None = None
    merchant_entity_id: str | None = None
    website: str | None = None
    location: msgspec.Raw = NOTHING
    counterparties: msgspec.Raw = NOTHING
    payment_meta: msgspec.Raw = NOTHING
    """These three as they came: the same few texts come again and again, see `translate`."""


class Removed(msgspec.Struct, frozen=True, gc=False):
    """A transaction that is gone."""

    transaction_id: str


class SyncPage(msgspec.Struct, frozen=True):
    """One page of /transactions/sync."""

    added: list[PlaidTransaction]
    modified: list[PlaidTransaction]
    removed: list[Removed]
    next_cursor: str
    has_more: bool
    accounts: list[PlaidAccount] = []
    transactions_update_status: str = ""


class AccountsAnswer(msgspec.Struct, frozen=True):
    """The answer of /accounts/get."""

    accounts: list[PlaidAccount]


class PublicToken(msgspec.Struct, frozen=True):
    """The answer of /sandbox/public_token/create."""

    public_token: str


class Exchanged(msgspec.Struct, frozen=True):
    """The answer of /item/public_token/exchange."""

    access_token: str
    item_id: str


class ErrorBody(msgspec.Struct, frozen=True):
    """How Plaid says that something went wrong."""

    error_code: str = ""
    error_type: str = ""
    error_message: str | None = None
    display_message: str | None = None
    request_id: str | None = None


class ItemFacts(msgspec.Struct, frozen=True):
    """What an item tells of itself."""

    item_id: str
    institution_id: str | None = None
    institution_name: str | None = None
    webhook: str | None = None
    error: ErrorBody | None = None
    consent_expiration_time: str | None = None
    billed_products: list[str] = []
    products: list[str] = []


class ItemAnswer(msgspec.Struct, frozen=True):
    """The answer of /item/get."""

    item: ItemFacts


class InstitutionFacts(msgspec.Struct, frozen=True):
    """What is known of an institution."""

    institution_id: str
    name: str
    url: str | None = None
    primary_color: str | None = None
    logo: str | None = None


class InstitutionAnswer(msgspec.Struct, frozen=True):
    """The answer of /institutions/get_by_id."""

    institution: InstitutionFacts


class LinkToken(msgspec.Struct, frozen=True):
    """The answer of /link/token/create."""

    link_token: str
    expiration: str = ""
    hosted_link_url: str | None = None


class OfferedInstitution(msgspec.Struct, frozen=True):
    """The bank of a finished Link session."""

    institution_id: str | None = None
    name: str | None = None


class OfferedAccount(msgspec.Struct, frozen=True):
    """An account that was shared in a Link session."""

    name: str | None = None
    mask: str | None = None


class ItemAddResult(msgspec.Struct, frozen=True):
    """One login that a Link session made."""

    public_token: str
    institution: OfferedInstitution | None = None
    accounts: list[OfferedAccount] = []


class SessionResults(msgspec.Struct, frozen=True):
    """What a Link session made."""

    item_add_results: list[ItemAddResult] = []


class SessionMetadata(msgspec.Struct, frozen=True):
    """What a session of the older kind tells of the login it made."""

    institution: OfferedInstitution | None = None
    accounts: list[OfferedAccount] = []


class SessionSuccess(msgspec.Struct, frozen=True):
    """The login that a session of the older kind made."""

    public_token: str
    metadata: SessionMetadata | None = None


class SessionExit(msgspec.Struct, frozen=True):
    """Why a Link session ended without a login; no error when the person closed it."""

    error: ErrorBody | None = None


class LinkSessionFacts(msgspec.Struct, frozen=True):
    """One opening of the hosted screen."""

    finished_at: str | None = None
    results: SessionResults | None = None
    on_success: SessionSuccess | None = None
    exit: SessionExit | None = None
    on_exit: SessionExit | None = None


class LinkTokenFacts(msgspec.Struct, frozen=True):
    """The answer of /link/token/get."""

    link_token: str
    expiration: str | None = None
    link_sessions: list[LinkSessionFacts] = []


class VerificationKey(msgspec.Struct, frozen=True):
    """A public key with which webhooks are signed, as a JWK; instants in seconds since 1970."""

    kid: str = ""
    alg: str = ""
    kty: str = ""
    crv: str = ""
    use: str = ""
    x: str = ""
    y: str = ""
    expired_at: int | None = None


class VerificationKeyAnswer(msgspec.Struct, frozen=True):
    """The answer of /webhook_verification_key/get."""

    key: VerificationKey
