"""Syncing by itself: when it is due, once however many look, and not while a bank needs a rest."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from core import clock
from core.banking import (
    Clockwork,
    begin_visit,
    list_runs,
    look_at_visit,
    next_runs,
    refresh_balances,
    set_schedule,
    sync_all,
    sync_due,
    sync_item,
)
from core.banking.lease import leased
from core.config import ROOT, Settings
from core.errors import BankError, BankTemporaryError, NotFoundError, ValidationError
from core.store import Balance, Item
from core.vault import settle
from tests.core.banking.house import House, last_item, sign_in_and_share
from tests.core.ledger.household import add_person
from tests.standins.plaid import Fault, PlaidStandIn, default_item, fill

SYNC = "/transactions/sync"


@pytest.fixture
def linked(house: House) -> House:
    """Return a house with the test bank linked."""
    return with_bank(house)


def with_bank(house: House) -> House:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    return house


def later(**span: float):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return clock.frozen(clock.now() + timedelta(**span))


def due(house: House) -> int:
    return len(sync_due(house.store, house.vault, house.providers))


def test_an_item_is_due_by_its_most_eager_account(linked: House) -> None:
    first, second, third = linked.accounts()
    (item,) = linked.items()
    place = linked.user, item.id
    assert item.last_tried_at is not None
    assert next_runs(linked.store)[place] == item.last_tried_at + timedelta(days=1)
    set_schedule(linked.store, linked.user, first.id, "hourly")
    assert next_runs(linked.store, linked.user)[place] == item.last_tried_at + timedelta(hours=1)
    for one in (first, second, third):
        set_schedule(linked.store, linked.user, one.id, "off")
    assert next_runs(linked.store) == {}


def test_it_runs_when_due_and_once(linked: House, plaid: PlaidStandIn) -> None:
    assert due(linked) == 0
    fill(plaid.items[last_item(plaid)], 3)
    with later(hours=25):
        assert due(linked) == 1
        assert len(linked.rows()) == 27
        assert due(linked) == 0
    assert [run.trigger for run in list_runs(linked.store, linked.user)] == ["schedule", "link"]


def test_a_bank_that_fails_gets_longer_and_longer_rests(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    rests = []
    start = clock.now() + timedelta(days=2)
    for _ in range(9):
        plaid.fail(SYNC, *[Fault(code="INSTITUTION_DOWN")] * 3)
        with clock.frozen(start):
            assert due(linked) == 1
            following = next_runs(linked.store)[linked.user, item.id]
            rests.append((following - start).total_seconds() / 60)
            start = following + timedelta(seconds=1)
    assert all(0.8 * 5 * 2**n <= rest <= 1.2 * 5 * 2**n for n, rest in enumerate(rests[:7]))
    assert all(0.8 * 360 <= rest <= 1.2 * 360 for rest in rests[7:])
    with clock.frozen(start):
        assert due(linked) == 1
        assert linked.items()[0].failures == 0


def test_a_login_that_needs_the_person_is_tried_once_a_day(linked: House, plaid: PlaidStandIn) -> None:
    plaid.items[last_item(plaid)].error = "ITEM_LOGIN_REQUIRED"
    with later(hours=25):
        assert due(linked) == 1
    with later(hours=40):
        assert due(linked) == 0
    plaid.items[last_item(plaid)].error = None
    with later(hours=55):
        assert due(linked) == 1
    assert linked.items()[0].error_code == ""


def test_a_link_cut_off_before_its_first_sync_is_finished_by_itself(linked: House) -> None:
    (item,) = linked.items()
    with linked.store.write() as session:
        session.add(
            Item(
                user_id=linked.user,
                provider="plaid",
                provider_key="cut off",
                sealed_token="",
                created_at=clock.now() - timedelta(minutes=5),
            )
        )
        session.flush()
        fresh = session.query(Item).filter_by(provider_key="cut off").one()
        fresh.sealed_token = linked.vault.seal(
            linked.vault.open(session.get_one(Item, item.id).sealed_token, f"item:{item.id}"), f"item:{fresh.id}"
        )
    assert due(linked) == 1


def test_a_visit_finished_while_nobody_looked_is_taken_over(house: House) -> None:
    sign_in_and_share(begin_visit(*house.acting, "plaid").url)
    sync_due(house.store, house.vault, house.providers)
    assert len(house.rows()) == 24


def test_the_clockwork_looks_by_itself_and_stops(linked: House, plaid: PlaidStandIn) -> None:
    fill(plaid.items[last_item(plaid)], 3)
    with linked.store.write() as session:
        session.execute(update(Item).values(last_tried_at=datetime(2026, 1, 1, tzinfo=UTC)))
    works = Clockwork(linked.store, linked.vault, lambda: linked.providers, every=0.05)
    works.start()
    deadline = time.monotonic() + 10
    while len(linked.rows()) < 27 and time.monotonic() < deadline:
        time.sleep(0.05)
    works.stop()
    assert len(linked.rows()) == 27
    asked = sum(route == SYNC for route, _ in plaid.calls)
    time.sleep(0.3)
    assert sum(route == SYNC for route, _ in plaid.calls) == asked


def test_tabs_and_the_schedule_at_once_bring_each_row_once(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    fill(plaid.items[last_item(plaid)], 50)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(sync_item(*linked.all, item.id).counts.added)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 0, 0, 50]
    assert len(linked.rows()) == 74


def test_the_command_line_beside_a_tab_brings_each_row_once(
    house: House, plaid: PlaidStandIn, store_url: str, tmp_path: Path
) -> None:
    settings = Settings(fintrack_data_dir=tmp_path, database_url=SecretStr(store_url), fintrack_encrypt=False)
    # The keys of that data folder, which the command line will open.
    settled = settle(settings)
    settled.occupancy.close()
    linked = with_bank(replace(house, vault=settled.vault))
    (item,) = linked.items()
    fill(plaid.items[last_item(plaid)], 300)
    plaid.page_limit = 20
    environment = {
        **os.environ,
        "FINTRACK_DATA_DIR": str(tmp_path),
        "FINTRACK_ENCRYPT": "false",
        "DATABASE_URL": "" if store_url.startswith("sqlite") else store_url,
        **plaid.environment,
    }
    command = [sys.executable, "-m", "core", "sync", "--user", "ada@example.org"]
    others = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    while any(one.poll() is None for one in others):
        sync_item(*linked.all, item.id)
    for one in others:
        _, words = one.communicate()
        assert one.returncode == 0, words
    assert len(linked.rows()) == 324
    assert len({row.provider_key for row in linked.rows()}) == 324


def test_a_lease_is_waited_for_and_not_for_ever(linked: House) -> None:
    (item,) = linked.items()
    with linked.store.write() as session:
        session.execute(update(Item).values(lease_owner="elsewhere", lease_until=clock.now() + timedelta(seconds=1)))
    started = time.monotonic()
    with leased(linked.store, item.id, wait=10):
        assert time.monotonic() - started > 0.5
    with linked.store.write() as session:
        session.execute(update(Item).values(lease_owner="elsewhere", lease_until=clock.now() + timedelta(hours=1)))
    with pytest.raises(BankTemporaryError, match="synced already"), leased(linked.store, item.id, wait=0.3):
        pass


@pytest.mark.parametrize("kinds", [{"depository"}, {"depository", "credit"}])
def test_each_sync_is_noted_once_whether_or_not_there_is_more_to_ask(
    house: House, plaid: PlaidStandIn, kinds: set[str]
) -> None:
    bank = plaid.next_item = default_item("ins_109508")
    bank.accounts[:] = [one for one in bank.accounts if one["type"] in kinds]
    with_bank(house)
    (item,) = house.items()
    for count in (3, 0):
        fill(bank, count)
        before = len(list_runs(house.store, house.user))
        assert house.sync(item.id).counts.added == count
        (run, *earlier) = list_runs(house.store, house.user)
        assert (run.trigger, run.added, run.error, len(earlier)) == ("person", count, "", before)
        assert house.items()[0].lease_owner == ""


def test_a_failure_of_one_never_stops_the_others(linked: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*linked.acting, "plaid")
    sign_in_and_share(visit.url, "ins_109511")
    look_at_visit(*linked.all, visit.id)
    tokens = list(plaid.items)
    plaid.items[tokens[0]].error = "ITEM_LOGIN_REQUIRED"
    fill(plaid.items[tokens[1]], 2)
    told: list[str] = []
    results = sync_all(*linked.all, progress=told.append)
    assert [(bool(one.error), one.counts.added) for one in results] == [(True, 0), (False, 2)]
    assert {"Asking First Platypus Bank what is new", "Asking Tartan Bank what is new"} <= set(told)
    assert [one.institution for one in sync_all(*linked.all, only={linked.items()[1].id})] == ["Tartan Bank"]


def test_fresh_balances_become_the_days(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    plaid.items[last_item(plaid)].accounts[0]["balances"]["current"] = 999.99
    assert refresh_balances(*linked.all, item.id) == 3
    assert plaid.calls[-1][0] == "/accounts/balance/get"
    checking = linked.accounts()[0]
    assert str(checking.current) == "999.9900"
    with linked.store.read() as session:
        day = session.get(Balance, (checking.id, clock.today("UTC")))
        assert day is not None
        assert day.current == checking.current
    plaid.fail("/accounts/balance/get", *[Fault(code="INSTITUTION_DOWN")] * 3)
    with pytest.raises(BankTemporaryError):
        refresh_balances(*linked.all, item.id)
    assert linked.items()[0].error_code == "INSTITUTION_DOWN"


def test_schedules_are_checked(linked: House) -> None:
    with pytest.raises(ValidationError):
        set_schedule(linked.store, linked.user, linked.accounts()[0].id, "often")
    other = add_person(linked.store, "eve@example.org")
    with pytest.raises(NotFoundError):
        set_schedule(linked.store, other, linked.accounts()[0].id, "off")


def test_two_persons_are_both_served(linked: House, plaid: PlaidStandIn) -> None:
    eve = add_person(linked.store, "eve@example.org")
    second = House(linked.store, linked.vault, linked.providers, eve)
    visit = begin_visit(*second.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*second.all, visit.id)
    for bank in plaid.items.values():
        fill(bank, 1)
    with later(hours=25):
        assert due(linked) == 2
    assert (len(linked.rows()), len(second.rows())) == (25, 25)


@pytest.mark.parametrize("code", ["PRODUCTS_NOT_SUPPORTED", "ITEM_CONCURRENTLY_DELETED"])
def test_balances_that_can_not_be_asked_for_break_nothing(linked: House, plaid: PlaidStandIn, code: str) -> None:
    (item,) = linked.items()
    plaid.fail("/accounts/balance/get", Fault(code=code))
    before = next_runs(linked.store)
    with pytest.raises(BankError):
        refresh_balances(*linked.all, item.id)
    assert linked.items()[0].error_code == ""
    assert next_runs(linked.store) == before


def test_an_account_that_is_gone_is_closed_and_the_other_balances_come(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    gone = plaid.items[last_item(plaid)].accounts.pop()
    plaid.fail("/accounts/balance/get", Fault(code="INVALID_ACCOUNT_ID"))
    assert refresh_balances(*linked.all, item.id) == 2
    assert [one.name for one in linked.accounts() if one.closed_at] == [gone["name"]]
    assert linked.items()[0].error_code == ""


def test_a_history_that_is_still_gathered_is_asked_for_again_soon(house: House, plaid: PlaidStandIn) -> None:
    bank = default_item("ins_109508")
    bank.early = 2
    plaid.next_item = bank
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    (first,) = look_at_visit(*house.all, visit.id).syncs
    assert not first.ready
    assert len(house.rows()) < 24
    with later(minutes=6):
        assert due(house) == 1
    with later(minutes=12):
        assert due(house) == 1
    assert len(house.rows()) == 24
    with later(hours=23):
        assert due(house) == 0


def test_a_history_that_is_never_whole_is_asked_for_by_the_schedule_in_the_end(
    house: House, plaid: PlaidStandIn
) -> None:
    bank = default_item("ins_109508")
    bank.early = 99
    plaid.next_item = bank
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    with later(hours=25):
        assert due(house) == 1
    with later(hours=26):
        assert due(house) == 0
