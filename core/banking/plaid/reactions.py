"""What each of Plaid's error codes means for the person: one kind of failure, one sentence, one next step.

The code decides, never the HTTP status. Source: Plaid's error reference, as of 2026.
"""

from typing import Final

from core.banking.plaid.models import ErrorBody
from core.banking.steps import Step
from core.errors import (
    AccountsChangedError,
    BankError,
    BankGoneError,
    BankLoginError,
    BankSetupError,
    BankTemporaryError,
    BankUnsupportedError,
    CursorError,
    FeatureError,
    ItemDeletedError,
    SyncMutationError,
)

_BUSY: Final = {
    "RATE_LIMIT_EXCEEDED": "Plaid was asked too often and wants a pause.",
    "INTERNAL_SERVER_ERROR": "Plaid has a fault of its own right now.",
    "PLANNED_MAINTENANCE": "Plaid is under maintenance.",
    "INSTITUTION_DOWN": "The bank is down right now.",
    "INSTITUTION_NOT_RESPONDING": "The bank does not answer right now.",
    "INSTITUTION_NOT_AVAILABLE": "The bank is not available right now.",
    "PRODUCT_NOT_READY": "The bank is still gathering the data.",
}
_MUTATION: Final = {"TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": "The bank's data changed while it was read."}
_LOGIN: Final = {
    "ITEM_LOGIN_REQUIRED": "The bank wants you to sign in again.",
    "ACCESS_NOT_GRANTED": "The bank was not allowed to share the accounts.",
    "ADDITIONAL_CONSENT_REQUIRED": "The bank wants your consent once more.",
    "NO_ACCOUNTS": "The bank shares no accounts any more.",
    "USER_PERMISSION_REVOKED": "The permission to read this bank was withdrawn.",
}
_AT_THE_BANK: Final = {
    "ITEM_LOCKED": "The bank has locked this login after too many attempts.",
    "PASSWORD_RESET_REQUIRED": "The bank wants a new password.",
    "USER_SETUP_REQUIRED": "The bank wants something finished on its own page first.",
}
_GONE: Final = {
    "ITEM_NOT_FOUND": "Plaid no longer knows this connection.",
    "INVALID_UPDATED_USERNAME": "The user name at the bank has changed.",
    "INVALID_LINK_TOKEN": "The link to Plaid has expired.",
    "INVALID_PUBLIC_TOKEN": "The link to Plaid has expired.",
}
_UNSUPPORTED: Final = {
    "INSTITUTION_NO_LONGER_SUPPORTED": "Plaid no longer supports this bank.",
    "ITEM_NOT_SUPPORTED": "Plaid does not support this kind of account.",
    "MFA_NOT_SUPPORTED": "Plaid does not support this bank's way of signing in.",
}
_NO_FEATURE: Final = {
    "PRODUCTS_NOT_SUPPORTED": "This bank does not offer that.",
    "PRODUCT_NOT_ENABLED": "That is not switched on for these Plaid keys.",
    "NO_LIABILITY_ACCOUNTS": "There is no loan or card at this bank.",
    "NO_INVESTMENT_ACCOUNTS": "There is no investment account at this bank.",
    "INVALID_PRODUCT": "That is not switched on for these Plaid keys.",
}
_ACCOUNTS: Final = {"INVALID_ACCOUNT_ID": "An account was closed or is no longer shared."}
_DELETED: Final = {"ITEM_CONCURRENTLY_DELETED": "This connection was being removed meanwhile."}
_SETUP: Final = {
    "INVALID_API_KEYS": "Plaid does not know these keys.",
    "UNAUTHORIZED_ENVIRONMENT": "These Plaid keys are not for this environment.",
    "INVALID_ACCESS_TOKEN": "This connection was made with other Plaid keys.",
    "INSTITUTION_REGISTRATION_REQUIRED": "This bank wants your Plaid account to be registered with it first.",
    "CREDITS_EXHAUSTED": "The credit of this Plaid account is used up.",
}
_SETUP_HINTS: Final = {
    "UNAUTHORIZED_ENVIRONMENT": "Set PLAID_ENV in your .env file to what they are for, or take the other secret.",
    "INVALID_ACCESS_TOKEN": "Put those keys back into your .env file, or link the bank again.",
    "INSTITUTION_REGISTRATION_REQUIRED": "Register on dashboard.plaid.com; until then, import this bank's files.",
    "CREDITS_EXHAUSTED": "Look at the billing page of dashboard.plaid.com.",
}

_KINDS: Final[tuple[tuple[dict[str, str], type[BankError], str, Step], ...]] = (
    (_BUSY, BankTemporaryError, "", "wait"),
    (_MUTATION, SyncMutationError, "Sync again.", "wait"),
    (_LOGIN, BankLoginError, "", "reconnect"),
    (_AT_THE_BANK, BankLoginError, "Put that right at the bank, then reconnect it here.", "bank first"),
    (_GONE, BankGoneError, "", "link again"),
    (_UNSUPPORTED, BankUnsupportedError, "", "files"),
    (_NO_FEATURE, FeatureError, "", "nothing"),
    (_ACCOUNTS, AccountsChangedError, "", "sync"),
    (_DELETED, ItemDeletedError, "", "nothing"),
    (_SETUP, BankSetupError, "", "set up"),
)
_STEPS: Final[dict[str, Step]] = {
    **{code: step for codes, _, _, step in _KINDS for code in codes},
    **dict.fromkeys(("CONNECTION", "NO_JSON", "MUTATION", "SYNCING_ALREADY"), "wait"),
    "NO_PROVIDER": "set up",
}


def failure_of(body: ErrorBody) -> BankError:
    """Return the failure that Plaid's error means."""
    code = body.error_code
    if _is_limit(code) or body.error_type == "RATE_LIMIT_EXCEEDED":
        return BankTemporaryError(_BUSY["RATE_LIMIT_EXCEEDED"], code=code)
    if code == "INVALID_FIELD" and "cursor" in (body.error_message or "").lower():
        return CursorError("Plaid no longer knows how far this bank was read.", "Sync again.", code=code)
    for sentences, kind, hint, _ in _KINDS:
        if code in sentences:
            return kind(sentences[code], _SETUP_HINTS.get(code, hint), code=code)
    said = (body.display_message or body.error_message or "Plaid gave no reason.").strip()
    return BankError(
        f"Plaid says: {said if said.endswith(('.', '!', '?')) else f'{said}.'}",
        "The connection is kept. Try again later.",
        code=code,
    )


def step_of(code: str) -> Step:
    """Return what the person does next about an item that failed with `code`; "sync" for a code nobody knows."""
    if _is_limit(code) or code.startswith("HTTP_"):
        return "wait"
    return _STEPS.get(code, "sync")


def _is_limit(code: str) -> bool:
    """Tell whether Plaid wants a pause; its limits have a code each: BALANCE_LIMIT and others."""
    return code.endswith(("RATE_LIMIT_EXCEEDED", "_LIMIT"))
