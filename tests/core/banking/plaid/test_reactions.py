"""Every error code of Plaid that can reach us: one kind of failure, one sentence, one next step."""

from datetime import date
from decimal import Decimal

import pytest

from core.banking import keep_item, next_step
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
from tests.core.banking.house import House, last_item
from tests.standins.plaid import Fault, PlaidStandIn, transaction

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


MENDS_ITSELF = {SyncMutationError, AccountsChangedError, FeatureError, ItemDeletedError}
KEPT = [(code, step) for code, kind, step in CODES if kind not in MENDS_ITSELF]


def linked(house: House, provider: PlaidProvider) -> int:
    """Link a bank and sync it once."""
    item = keep_item(house.store, house.vault, house.user, provider.name, provider.sandbox_item())
    assert not house.sync(item).error
    return item


def known(house: House) -> tuple[list[str], list[tuple[str, Decimal]]]:
    """Return the accounts and the rows as a person knows them."""
    return [one.name for one in house.accounts()], [(one.name, one.amount) for one in house.rows()]


@pytest.mark.parametrize(("code", "step"), KEPT, ids=[code for code, _ in KEPT])
def test_a_sync_keeps_what_failed_in_words_and_loses_no_row(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider, code: str, step: Step
) -> None:
    item = linked(house, provider)
    before = known(house)
    plaid.fail(SYNC, *[Fault(code=code)] * 3)
    result = house.sync(item)
    (kept,) = house.items()
    told = str(failure_of(ErrorBody(code, error_message=f"the error {code}")))
    assert (result.error_code, result.error) == (kept.error_code, kept.error_sentence) == (code, told)
    assert next_step(kept.error_code) == step
    assert known(house) == before
    plaid.faults.clear()
    assert not house.sync(item).error
    (kept,) = house.items()
    assert (kept.error_code, kept.error_sentence, kept.failures) == ("", "", 0)
    assert known(house) == before


@pytest.mark.parametrize("times", [1, 2, 3])
def test_data_that_changes_while_it_is_read_is_read_again(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider, times: int
) -> None:
    item = linked(house, provider)
    before = known(house)
    plaid.fail(SYNC, *[Fault(code="TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")] * times)
    assert not house.sync(item).error
    assert known(house) == before


def test_a_rejected_cursor_means_reading_the_whole_history(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    item = linked(house, provider)
    before = known(house)
    plaid.fail(SYNC, Fault(code="INVALID_FIELD", message="cursor not associated with access_token"))
    assert not house.sync(item).error
    assert [body.get("cursor") for route, body in plaid.calls if route == SYNC][-1] == ""
    assert known(house) == before


def test_an_account_that_is_gone_is_closed_and_the_others_go_on(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    item = linked(house, provider)
    before = known(house)
    gone = plaid.item_of(last_item(plaid)).accounts.pop()
    plaid.fail(SYNC, Fault(code="INVALID_ACCOUNT_ID"))
    result = house.sync(item)
    assert (result.error, result.note) == ("", "An account was closed or is no longer shared. The others go on.")
    assert [one.name for one in house.accounts() if one.closed_at] == [gone["name"]]
    assert known(house) == before
    plaid.item_of(last_item(plaid)).accounts.append(gone)
    assert not house.sync(item).error
    assert [one.name for one in house.accounts() if one.closed_at] == []


def test_an_account_that_stays_unknown_is_told_and_nothing_is_lost(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    item = linked(house, provider)
    before = known(house)
    plaid.fail(SYNC, *[Fault(code="INVALID_ACCOUNT_ID")] * 2)
    assert house.sync(item).error.startswith("An account was closed or is no longer shared.")
    assert next_step(house.items()[0].error_code) == "sync"
    assert known(house) == before


@pytest.mark.parametrize("code", [code for code, kind, _ in CODES if kind is FeatureError])
def test_a_bank_without_transactions_shows_its_accounts_and_no_failure(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider, code: str
) -> None:
    item = keep_item(house.store, house.vault, house.user, provider.name, provider.sandbox_item())
    plaid.fail(SYNC, Fault(code=code))
    result = house.sync(item)
    assert result.error == ""
    assert result.note.startswith("Accounts only: ")
    assert result.note.endswith("Everything else of this bank goes on working.")
    (kept,) = house.items()
    assert (kept.error_code, kept.failures, kept.last_synced_at is None) == ("", 0, False)
    assert len(house.accounts()) == 3
    assert house.sync(item).counts.added == 24


def test_an_item_that_is_being_removed_is_no_failure(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    item = linked(house, provider)
    before = known(house)
    plaid.fail(SYNC, Fault(code="ITEM_CONCURRENTLY_DELETED"))
    result = house.sync(item)
    assert (result.error, result.note) == (
        "",
        "This connection was being removed meanwhile. Nothing has to be done.",
    )
    (kept,) = house.items()
    assert (kept.error_code, kept.failures) == ("", 0)
    assert known(house) == before


def test_finer_amounts_than_money_has_are_kept_as_fine_as_it_goes(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    item = linked(house, provider)
    bank = plaid.item_of(last_item(plaid))
    holder = bank.accounts[0]
    holder["balances"]["current"] = 110.123456
    bank.add(transaction(holder["account_id"], 0.00012345, date(2026, 11, 1), "COIN"))
    result = house.sync(item)
    assert (result.error, result.counts.added) == ("", 1)
    assert house.rows()[-1].amount == Decimal("-0.0001")
    assert house.accounts()[0].current == Decimal("110.1235")


@pytest.mark.parametrize("odd", [{"amount": 1e30}, {"date": "2026-13-40"}])
def test_what_can_not_be_kept_is_told_and_loses_no_row(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider, odd: dict[str, object]
) -> None:
    item = linked(house, provider)
    before = known(house)
    bank = plaid.item_of(last_item(plaid))
    plaid.contract = None
    bank.add(transaction(bank.accounts[0]["account_id"], 1, date(2026, 11, 1), "ODD") | odd)
    assert house.sync(item).error.startswith("The bank told of ")
    assert house.items()[0].error_code
    assert known(house) == before


def test_a_second_date_that_is_none_is_passed_over(house: House, plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    item = linked(house, provider)
    bank = plaid.item_of(last_item(plaid))
    plaid.contract = None
    bank.add(transaction(bank.accounts[0]["account_id"], 1, date(2026, 11, 1), "ODD", authorized_date="0000-00-00"))
    assert not house.sync(item).error
    assert house.rows()[-1].authorized_date is None
