"""Every error code of Plaid that can reach us: one kind of failure, one sentence, one next step."""

import pytest

from core.banking.plaid import PlaidProvider
from core.banking.plaid.models import ErrorBody
from core.banking.plaid.reactions import failure_of, step_of
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
from tests.standins.plaid import Fault, PlaidStandIn

SYNC = "/transactions/sync"

ROWS: list[tuple[type[BankError], Step, str]] = [
    (BankTemporaryError, "wait", ("RATE_LIMIT_EXCEEDED ACCOUNTS_RATE_LIMIT_EXCEEDED INTERNAL_SERVER_ERROR "
     "PLANNED_MAINTENANCE INSTITUTION_DOWN INSTITUTION_NOT_RESPONDING INSTITUTION_NOT_AVAILABLE PRODUCT_NOT_READY")),
    (SyncMutationError, "wait", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"),
    (BankLoginError, "reconnect", ("ITEM_LOGIN_REQUIRED ACCESS_NOT_GRANTED ADDITIONAL_CONSENT_REQUIRED NO_ACCOUNTS "
     "USER_PERMISSION_REVOKED")),
    (BankLoginError, "bank first", "ITEM_LOCKED PASSWORD_RESET_REQUIRED USER_SETUP_REQUIRED"),
    (BankGoneError, "link again", "ITEM_NOT_FOUND INVALID_UPDATED_USERNAME INVALID_LINK_TOKEN INVALID_PUBLIC_TOKEN"),
    (BankUnsupportedError, "files", "INSTITUTION_NO_LONGER_SUPPORTED ITEM_NOT_SUPPORTED MFA_NOT_SUPPORTED"),
    (FeatureError, "nothing", ("PRODUCTS_NOT_SUPPORTED PRODUCT_NOT_ENABLED NO_LIABILITY_ACCOUNTS "
     "NO_INVESTMENT_ACCOUNTS INVALID_PRODUCT")),
    (BankSetupError, "set up", ("INVALID_API_KEYS UNAUTHORIZED_ENVIRONMENT INVALID_ACCESS_TOKEN "
     "INSTITUTION_REGISTRATION_REQUIRED CREDITS_EXHAUSTED")),
    (AccountsChangedError, "sync", "INVALID_ACCOUNT_ID"),
    (ItemDeletedError, "nothing", "ITEM_CONCURRENTLY_DELETED"),
    (BankError, "sync", "SOMETHING_NEW_FROM_PLAID"),
]  # fmt: skip
CODES = [(code, kind, step) for kind, step, codes in ROWS for code in codes.split()]


@pytest.mark.parametrize(("code", "kind", "step"), CODES, ids=[code for code, _, _ in CODES])
def test_every_code_means_one_kind_one_sentence_and_one_step(code: str, kind: type[BankError], step: Step) -> None:
    failure = failure_of(ErrorBody(code, error_message=f"the error {code}"))
    assert type(failure) is kind
    assert failure.code == code
    assert failure.sentence.endswith(".")
    assert failure.hint
    assert step_of(code) == step
    if kind is not BankError:
        assert code not in str(failure), "a person reads words, not codes"


@pytest.mark.parametrize("code", ["ITEM_LOCKED", "PASSWORD_RESET_REQUIRED", "USER_SETUP_REQUIRED"])
def test_what_is_wrong_at_the_bank_is_mended_there_first(code: str) -> None:
    hint = failure_of(ErrorBody(code)).hint
    assert hint.index("at the bank") < hint.index("reconnect")


@pytest.mark.parametrize("code", ["BALANCE_LIMIT", "TRANSACTIONS_SYNC_LIMIT", "RATE_LIMIT", "WHATEVER_IS_LIMITED"])
def test_every_limit_of_plaid_means_a_pause(code: str) -> None:
    failure = failure_of(ErrorBody(code, error_type="RATE_LIMIT_EXCEEDED"))
    assert type(failure) is BankTemporaryError
    assert failure.sentence == "Plaid was asked too often and wants a pause."


def test_only_a_field_that_is_the_cursor_means_reading_anew() -> None:
    assert type(failure_of(ErrorBody("INVALID_FIELD", error_message="Cursor not associated"))) is CursorError
    other = failure_of(ErrorBody("INVALID_FIELD", error_message="count must be greater than 0"))
    assert type(other) is BankError
    assert other.sentence == "Plaid says: count must be greater than 0."


@pytest.mark.parametrize(
    ("display", "message", "said"),
    [
        ("Ring your bank!", "internal words", "Plaid says: Ring your bank!"),
        (None, "internal words", "Plaid says: internal words."),
        (None, None, "Plaid says: Plaid gave no reason."),
    ],
)
def test_an_unknown_code_is_told_with_plaids_own_words(display: str | None, message: str | None, said: str) -> None:
    failure = failure_of(ErrorBody("NEVER_SEEN", error_message=message, display_message=display))
    assert failure.sentence == said
    assert failure.hint.startswith("The connection is kept.")


@pytest.mark.parametrize("code", ["CONNECTION", "NO_JSON", "HTTP_502", "MUTATION"])
def test_what_never_came_from_plaid_is_waited_for(code: str) -> None:
    assert step_of(code) == "wait"


@pytest.mark.parametrize(("code", "kind"), [(code, kind) for code, kind, _ in CODES if kind is not SyncMutationError])
def test_every_code_that_plaid_sends_arrives_as_its_kind_and_only_what_passes_is_tried_again(
    plaid: PlaidStandIn, provider: PlaidProvider, code: str, kind: type[BankError]
) -> None:
    linked = provider.sandbox_item()
    plaid.fail(SYNC, *[Fault(code=code)] * 3)
    with pytest.raises(kind) as caught:
        provider.changes(linked.access_token, "")
    assert type(caught.value) is kind
    assert caught.value.code == code
    tries = 3 if kind is BankTemporaryError else 1
    assert [route for route, _ in plaid.calls].count(SYNC) == tries
