"""What a proven webhook does: its item says so in words, and the provider is asked in the background, one by one."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from sqlalchemy import func, select

from core import clock
from core.banking import RefusedError, begin_visit, checkup, keep_item, list_runs
from core.banking.plaid import PlaidProvider
from core.banking.plaid.client import PlaidClient
from core.banking.plaid.webhook import WebhookProof
from core.banking.webhooks import REMEMBERED, WebhookDesk, keep_news, open_desk
from core.config import Settings
from core.store import Item, WebhookDelivery
from tests.core.banking.house import House, last_item, sign_in_and_share
from tests.standins.plaid import Fault, PlaidStandIn, transaction
from tests.standins.plaid import Item as BankItem
from tests.standins.plaid.fixture import QUICK
from tests.standins.plaid.webhooks import encoded

ADDRESS = "https://money.example.org/plaid/webhook"
SYNC = "/transactions/sync"
_deliveries = count(1)


@pytest.fixture
def proof(plaid_settings: Settings) -> WebhookProof:
    return WebhookProof(PlaidClient(plaid_settings, QUICK), ADDRESS)


@pytest.fixture
def bank_item(house: House, plaid: PlaidStandIn, provider: PlaidProvider) -> BankItem:
    """Link a bank and sync it; return it as the bank sees it."""
    item = keep_item(house.store, house.vault, house.user, provider.name, provider.sandbox_item())
    assert not house.sync(item).error
    return plaid.item_of(last_item(plaid))


@pytest.fixture
def desk(house: House, bank_item: BankItem, proof: WebhookProof) -> Iterator[WebhookDesk]:
    opened = WebhookDesk(house.store, house.vault, lambda: house.providers, proof)
    yield opened
    opened.close()


def deliver(desk: WebhookDesk, plaid: PlaidStandIn, told: dict[str, Any]) -> None:
    body = encoded(told)
    desk.take(plaid.webhooks.sign(body, delivery=next(_deliveries)), body)


def comes(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def syncs(house: House) -> int:
    return sum(run.trigger == "webhook" for run in list_runs(house.store, house.user))


def test_news_of_transactions_are_fetched(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    bank_item.add(transaction(bank_item.accounts[0]["account_id"], 4.2, datetime.now(UTC).date(), "Tea"))
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"))
    comes(lambda: len(house.rows()) == 25)
    comes(lambda: syncs(house) == 1)


@pytest.mark.parametrize(
    ("code", "error", "told"),
    [
        ("ERROR", "ITEM_LOGIN_REQUIRED", "The bank wants you to sign in again."),
        ("USER_PERMISSION_REVOKED", "USER_PERMISSION_REVOKED", "The permission to read this bank was withdrawn."),
    ],
)
def test_a_broken_login_is_told_before_any_sync_meets_it(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk, code: str, error: str, told: str
) -> None:
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "ITEM", code))
    (item,) = house.items()
    assert item.error_code == error
    assert item.error_sentence.startswith(told)
    assert syncs(house) == 0


def test_a_login_that_was_mended_elsewhere_is_synced_at_once(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    bank_item.error = "ITEM_LOGIN_REQUIRED"
    assert house.sync(house.items()[0].id).error
    bank_item.error = None
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "ITEM", "LOGIN_REPAIRED"))
    (item,) = house.items()
    assert (item.error_code, item.failures, item.retry_at) == ("", 0, None)
    comes(lambda: syncs(house) == 1)


def test_mending_a_login_says_nothing_of_wrong_keys(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    plaid.fail(SYNC, *[Fault(code="CREDITS_EXHAUSTED")] * 2)
    assert house.sync(house.items()[0].id).error
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "ITEM", "LOGIN_REPAIRED"))
    comes(lambda: syncs(house) == 1)
    assert house.items()[0].error_code == "CREDITS_EXHAUSTED"


def test_new_accounts_and_an_end_are_kept_with_the_item(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "ITEM", "NEW_ACCOUNTS_AVAILABLE"))
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "ITEM", "PENDING_DISCONNECT"))
    (item,) = house.items()
    assert item.new_accounts
    assert item.consent_expires_at is not None
    assert timedelta(days=6) < item.consent_expires_at - clock.now() <= timedelta(days=7)
    assert item.error_code == ""
    health = checkup(house.store, house.user).items[item.id]
    assert health.step == "reconnect"
    assert health.parts[0].reason == (
        f"The bank ends this connection on {item.consent_expires_at.date()} unless you sign in again."
    )


def test_an_end_far_away_troubles_nobody(house: House, bank_item: BankItem) -> None:
    (item,) = house.items()
    with house.store.write() as session:
        session.get_one(Item, item.id).consent_expires_at = clock.now() + timedelta(days=60)
    assert checkup(house.store, house.user).items[item.id].step == "nothing"


def test_an_unknown_item_and_an_unknown_kind_change_nothing(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    before = _facts(house)
    stranger = plaid.webhooks.body_of(bank_item, "ITEM", "ERROR") | {"item_id": "somebody else's"}
    for told in (stranger, plaid.webhooks.body_of(bank_item, "ITEM", "NEVER_SEEN"), {"webhook_type": "ASSETS"}, {}):
        deliver(desk, plaid, told)
    deliver(desk, plaid, plaid.webhooks.session_finished("link-sandbox-of-nobody"))
    assert _facts(house) == before
    assert syncs(house) == 0


def test_a_removed_item_takes_no_news(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    with house.store.write() as session:
        session.get_one(Item, house.items()[0].id).removed_at = clock.now()
    deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "ITEM", "ERROR"))
    with house.store.read() as session:
        assert session.scalar(select(Item.error_code)) == ""


def test_a_finished_visit_is_taken_over_without_a_page(house: House, plaid: PlaidStandIn, desk: WebhookDesk) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url, "ins_109511")
    assert len(house.items()) == 1
    token = list(plaid.hosted.visits)[-1]
    deliver(desk, plaid, plaid.webhooks.session_finished(token))
    comes(lambda: [one.institution_name for one in house.items()] == ["First Platypus Bank", "Tartan Bank"])
    comes(lambda: len(house.rows()) == 48)


def test_the_same_delivery_is_taken_once_even_by_many_at_once(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    body = encoded(plaid.webhooks.body_of(bank_item, "ITEM", "NEW_ACCOUNTS_AVAILABLE"))
    token = plaid.webhooks.sign(body)
    told: list[str] = []

    def send() -> None:
        try:
            desk.take(token, body)
            told.append("taken")
        except RefusedError:
            told.append("refused")

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(told) == ["refused"] * 7 + ["taken"]


def test_deliveries_are_forgotten_when_their_proof_is_too_old(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, proof: WebhookProof
) -> None:
    start = datetime.now(UTC)
    for minutes in (0, 1, 20):
        with clock.frozen(start + timedelta(minutes=minutes)):
            body = encoded(plaid.webhooks.body_of(bank_item, "ITEM", "NEW_ACCOUNTS_AVAILABLE"))
            token = plaid.webhooks.sign(body, iat=int(clock.now().timestamp()))
            keep_news(house.store, "plaid", proof.prove(token, body))
    assert timedelta(minutes=5) < REMEMBERED < timedelta(minutes=20)
    with house.store.read() as session:
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 1


def test_a_burst_makes_few_syncs_one_after_the_other_and_keeps_no_sender_waiting(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, desk: WebhookDesk
) -> None:
    # Long enough for the whole burst to come while the first sync runs, on a machine that is busy too.
    plaid.fail(SYNC, Fault(hang=2, code="PRODUCT_NOT_READY"))
    told = plaid.webhooks.body_of(bank_item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
    deliver(desk, plaid, told)
    comes(lambda: sum(route == SYNC for route, _ in plaid.calls) >= 2)
    bank_item.add(transaction(bank_item.accounts[0]["account_id"], 4.2, datetime.now(UTC).date(), "Tea"))
    start = time.monotonic()
    for _ in range(20):
        deliver(desk, plaid, told)
    assert time.monotonic() - start < 5
    comes(lambda: len(house.rows()) == 25)
    comes(lambda: syncs(house) == 2)
    time.sleep(0.3)
    runs = sorted((run.started_at, run.finished_at) for run in list_runs(house.store, house.user))
    assert syncs(house) == 2
    assert all(first[1] <= second[0] for first, second in pairwise(runs))


def test_one_that_fails_does_not_stop_the_next(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, proof: WebhookProof
) -> None:
    broken = iter([RuntimeError("nobody foresaw this")])

    def providers() -> Any:
        for failure in broken:
            raise failure
        return house.providers

    desk = WebhookDesk(house.store, house.vault, providers, proof)
    for _ in range(2):
        deliver(desk, plaid, plaid.webhooks.body_of(bank_item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"))
        comes(lambda: not desk._jobs)
    comes(lambda: syncs(house) == 1)
    desk.close()


def test_items_linked_before_are_told_where_webhooks_go_and_told_once(
    house: House, plaid: PlaidStandIn, bank_item: BankItem, proof: WebhookProof
) -> None:
    for _ in range(2):
        desk = WebhookDesk(house.store, house.vault, lambda: house.providers, proof)
        comes(lambda desk=desk: not desk._jobs)  # type: ignore[misc]
        desk.close()
    assert bank_item.webhook == ADDRESS
    assert sum(route == "/item/webhook/update" for route, _ in plaid.calls) == 1


def test_new_links_carry_the_address(plaid: PlaidStandIn, plaid_settings: Settings) -> None:
    wanted = plaid_settings.model_copy(update={"plaid_webhook_url": ADDRESS})
    provider = PlaidProvider(PlaidClient(wanted, QUICK), wanted)
    provider.sandbox_item()
    assert plaid.item_of(last_item(plaid)).webhook == ADDRESS


@pytest.mark.parametrize("missing", [{"plaid_webhook_url": ""}, {"plaid_client_id": ""}])
def test_there_is_no_desk_where_nobody_asked_for_it(
    house: House, plaid_settings: Settings, missing: dict[str, str]
) -> None:
    settings = plaid_settings.model_copy(update={"plaid_webhook_url": ADDRESS} | missing)
    assert open_desk(settings, house.store, house.vault, lambda: house.providers) is None


def _facts(house: House) -> list[Any]:
    (item,) = house.items()
    return [getattr(item, column.key) for column in Item.__table__.columns]
