"""The real plaid-python before a Plaid on loopback: exact amounts, all pages or nothing, every error in words."""

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from core.banking import Institution
from core.banking.plaid import PlaidProvider
from core.banking.plaid.client import PlaidClient
from core.config import Settings
from core.errors import (
    BankGoneError,
    BankSetupError,
    BankTemporaryError,
    CursorError,
)
from core.store import UserId
from tests.machine.examples import examples
from tests.standins.plaid import (
    CLIENT_ID,
    SECRET,
    Contract,
    Fault,
    Item,
    PlaidStandIn,
    account,
    default_item,
    fill,
    transaction,
)
from tests.standins.plaid.fixture import QUICK

SYNC = "/transactions/sync"


@pytest.mark.parametrize(
    "user",
    [
        "transactions_business_account",
        "assets_assets_custom_user2",
        "income_welderTestUser",
        "liabilities_credit_card_custom_user",
    ],
)
def test_a_custom_users_transactions_arrive_to_the_cent_with_our_sign(
    provider: PlaidProvider, shared: Path, user: str
) -> None:
    text = (shared / "plaid" / "custom_users" / f"{user}.json").read_text("utf-8")
    told = [
        Decimal(str(row["amount"]))
        for one in json.loads(text)["override_accounts"]
        for row in one.get("transactions", [])
    ]
    news = provider.changes(provider.sandbox_item(text).access_token, "")
    assert sorted(row.amount for row in news.added) == sorted(-amount for amount in told)
    assert all(type(row.amount) is Decimal for row in news.added)


def test_what_is_longer_than_the_store_keeps_it_is_cut(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    long = "x" * 300
    there = account("depository", "checking", current=10.1, name="A", mask=long)
    plaid.next_item = Item("item", "ins_1", [there])
    row = transaction(there["account_id"], 4.5, date(2026, 3, 1), "Corner Shop", check_number=long)
    plaid.next_item.add(row)
    news = provider.changes(provider.sandbox_item().access_token, "")
    (told,), (shown,) = news.added, news.accounts
    assert (len(shown.mask), len(told.check_number)) == (16, 64)


def test_what_is_owed_is_negative_and_types_are_ours(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    plaid.next_item = Item(
        "item", "ins_1",
        [
            account("depository", "checking", current=10.1, name="A"),
            account("depository", "savings", current=20.2, name="B"),
            account("credit", "credit card", current=30.3, name="C"),
            account("loan", "mortgage", current=40.4, name="D"),
            account("loan", "student", current=50.5, name="E"),
            account("investment", "401k", current=60.6, name="F"),
            account("investment", "brokerage", current=None, name="G"),
            account("other", None, current=70.7, name="H"),
        ],
    )  # fmt: skip
    accounts = provider.accounts(provider.sandbox_item().access_token)
    assert [(one.type, one.current) for one in accounts] == [
        ("checking", Decimal("10.1")),
        ("savings", Decimal("20.2")),
        ("credit card", Decimal("-30.3")),
        ("mortgage", Decimal("-40.4")),
        ("loan", Decimal("-50.5")),
        ("retirement", Decimal("60.6")),
        ("brokerage", None),
        ("other", Decimal("70.7")),
    ]


def test_pages_are_read_to_the_last(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    plaid.next_item, plaid.page_limit = default_item("ins_1"), 5
    linked = provider.sandbox_item()
    news = provider.changes(linked.access_token, "")
    assert len(news.added) == 24
    assert [route for route, _ in plaid.calls].count(SYNC) == 5
    assert provider.changes(linked.access_token, news.next_cursor).added == ()


def test_the_first_cursor_is_empty_and_the_original_text_is_asked_for(
    plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    provider.changes(provider.sandbox_item().access_token, "")
    body = next(body for route, body in plaid.calls if route == SYNC)
    assert (body["cursor"], body["count"]) == ("", 500)
    assert body["options"]["include_original_description"] is True


def test_data_that_changes_between_pages_starts_the_loop_again(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    plaid.page_limit = 10
    linked = provider.sandbox_item()
    item = plaid.item_of(linked.access_token)
    more = transaction(item.accounts[0]["account_id"], 1.5, item_day(), "Late")
    plaid.fail(SYNC, Fault(), Fault(before=lambda: item.add(more)))
    news = provider.changes(linked.access_token, "")
    assert {row.key for row in news.added} == set(item.rows)
    assert [body["cursor"] for route, body in plaid.calls if route == SYNC][2] == ""


def item_day() -> date:
    return date(2026, 10, 1)


def test_data_that_never_holds_still_is_told_and_read_from_the_beginning_next(
    plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    linked = provider.sandbox_item()
    cursor = provider.changes(linked.access_token, "").next_cursor
    wild = Fault(code="TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")
    plaid.fail(SYNC, *[wild] * 3)
    with pytest.raises(CursorError):
        provider.changes(linked.access_token, cursor)
    plaid.fail(SYNC, *[wild] * 3)
    with pytest.raises(BankTemporaryError, match="keeps changing"):
        provider.changes(linked.access_token, "")


def test_a_posted_transaction_names_the_pending_one(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    linked = provider.sandbox_item()
    item = plaid.item_of(linked.access_token)
    pending = item.add(transaction(item.accounts[0]["account_id"], 20.0, item_day(), "Bistro", pending=True))
    cursor = provider.changes(linked.access_token, "").next_cursor
    item.post(pending, amount=23.0)
    news = provider.changes(linked.access_token, cursor)
    assert news.removed == (pending,)
    assert [(row.pending_key, row.amount, row.pending) for row in news.added] == [(pending, Decimal(-23), False)]


def test_a_history_that_is_not_ready_is_asked_for_again(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    linked = provider.sandbox_item()
    plaid.item_of(linked.access_token).not_ready = 2
    assert provider.changes(linked.access_token, "").ready
    plaid.item_of(linked.access_token).not_ready = 99
    news = provider.changes(linked.access_token, "")
    assert (news.ready, news.next_cursor, news.added) == (False, "", ())


def test_a_cursor_that_plaid_no_longer_knows_is_told_apart(provider: PlaidProvider) -> None:
    with pytest.raises(CursorError):
        provider.changes(provider.sandbox_item().access_token, "nonsense")


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=502, body=b"<html><h1>Bad gateway</h1></html>"),
        Fault(status=200, body=b"<html>Sign in to this network</html>"),
        Fault(status=200, body=b'{"added": [{"transaction_id": "x", '),
        Fault(status=503, body=b""),
        Fault(hang=1.0),
        Fault(code="RATE_LIMIT_EXCEEDED", status=429, headers={"Retry-After": "0.05"}),
    ],
    ids=["html 502", "html 200", "cut json", "empty 503", "hang", "rate limit"],
)
def test_what_passes_is_tried_again_and_loses_nothing(
    plaid: PlaidStandIn, provider: PlaidProvider, fault: Fault
) -> None:
    linked = provider.sandbox_item()
    plaid.fail(SYNC, fault)
    assert len(provider.changes(linked.access_token, "").added) == 24


def test_a_pause_that_plaid_asks_for_is_kept(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    linked = provider.sandbox_item()
    plaid.fail(SYNC, Fault(code="RATE_LIMIT_EXCEEDED", status=429, headers={"Retry-After": "0.15"}))
    start = time.monotonic()
    provider.changes(linked.access_token, "")
    assert time.monotonic() - start >= 0.15


def test_nobody_there_is_told_in_a_sentence(plaid_settings: Settings) -> None:

    nowhere = plaid_settings.model_copy(update={"plaid_base_url": "http://127.0.0.1:9"})
    with pytest.raises(BankTemporaryError, match="can't be reached"):
        PlaidProvider(PlaidClient(nowhere, QUICK), nowhere).sandbox_item()


def test_wrong_keys_and_missing_keys_are_told_apart(plaid_settings: Settings) -> None:
    wrong = plaid_settings.model_copy(update={"plaid_secret": SecretStr("wrong")})
    with pytest.raises(BankSetupError, match="does not know these keys"):
        PlaidProvider.from_settings(wrong).sandbox_item()
    with pytest.raises(BankSetupError, match="not set up"):
        PlaidProvider.from_settings(Settings(plaid_client_id=""))


def test_the_quick_link_is_refused_outside_the_sandbox(plaid_settings: Settings) -> None:
    live = plaid_settings.model_copy(update={"plaid_env": "production"})
    with pytest.raises(BankSetupError, match="sandbox"):
        PlaidProvider.from_settings(live).sandbox_item()


def test_a_removed_item_is_gone(provider: PlaidProvider) -> None:
    linked = provider.sandbox_item()
    provider.remove(linked.access_token)
    with pytest.raises(BankGoneError):
        provider.changes(linked.access_token, "")


def test_a_bank_is_known_as_far_as_plaid_tells(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    token, nameless = provider.sandbox_item().access_token, Institution("", "Bank")
    assert provider.institution_of(token, nameless).color == "#1f1f1f"
    plaid.fail("/institutions/get_by_id", Fault(code="INVALID_INSTITUTION"))
    assert provider.institution_of(token, nameless).name == "First Platypus Bank"  # as the item itself says
    plaid.fail("/item/get", Fault(code="ITEM_NOT_FOUND"))
    assert provider.institution_of(token, nameless) == nameless
    plaid.item_of(token).institution_id = None  # type: ignore[assignment]
    assert provider.institution_of(token, nameless).key == ""


def test_a_link_token_asks_for_two_years_and_a_hosted_page(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    given = provider.begin_link(UserId(7))
    assert given.url.startswith(plaid.url)
    _, body = plaid.calls[-1]
    assert body["transactions"] == {"days_requested": 730}
    assert len(body["client_name"]) <= 30


def test_the_judge_finds_what_plaid_does_not_allow(contract: Contract | None) -> None:
    if contract is None:
        pytest.skip("Plaid's contract is not on this machine")
    keys = {"client_id": CLIENT_ID, "secret": SECRET}
    with PlaidStandIn(contract) as bank:
        bank.next_item = default_item("ins_1")
        bank.next_item.accounts[0]["balances"]["current"] = "a lot"
        order = {"institution_id": "i", "initial_products": ["transactions"]}
        _, _, made = bank.answer("/sandbox/public_token/create", {}, keys | order)
        public = {"public_token": json.loads(made)["public_token"]}
        _, _, given_token = bank.answer("/item/public_token/exchange", {}, keys | public)
        bank.answer("/accounts/get", {}, keys | {"access_token": json.loads(given_token)["access_token"]})
    assert any("balances.current" in line for line in bank.violations)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    page=st.integers(1, 30),
    steps=st.lists(st.sampled_from(["add", "modify", "remove", "post", "sync"]), max_size=25),
    seed=st.randoms(use_true_random=False),
)
def test_any_course_of_events_ends_with_what_the_bank_holds(
    plaid: PlaidStandIn, provider: PlaidProvider, page: int, steps: list[str], seed: Random
) -> None:
    plaid.page_limit = page
    plaid.next_item = default_item("ins_1")
    linked = provider.sandbox_item()
    item = plaid.item_of(linked.access_token)
    held: dict[str, Decimal] = {}
    cursor = ""

    def sync() -> None:
        nonlocal cursor
        news = provider.changes(linked.access_token, cursor)
        for key in news.removed:
            held.pop(key, None)
        for row in (*news.added, *news.modified):
            held[str(row.key)] = row.amount
        cursor = news.next_cursor

    for step in steps:
        key = seed.choice(sorted(item.rows)) if item.rows else None
        if step == "sync":
            sync()
        elif step == "add" or key is None:
            item.add(transaction(item.accounts[0]["account_id"], 3.25, item_day(), "New", pending=True))
        elif step == "modify":
            item.modify(key, amount=9.99)
        elif step == "remove":
            item.remove(key)
        else:
            item.post(key)
    sync()
    assert held == {key: -Decimal(str(row["amount"])) for key, row in item.rows.items()}


def test_ten_thousand_transactions_are_read_whole(plaid: PlaidStandIn, provider: PlaidProvider) -> None:
    plaid.contract = None
    plaid.next_item = default_item("ins_1")
    fill(plaid.next_item, 10_000 - 24)
    assert len(provider.changes(provider.sandbox_item().access_token, "").added) == 10_000
