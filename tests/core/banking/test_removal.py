"""Ending a connection: at the provider first, then here as chosen; linked again, nothing doubles."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.banking import begin_visit, look_at_visit, remove_account, remove_item
from core.banking.plaid import PlaidProvider
from core.cache import Caches
from core.errors import BankError, BankSetupError, BankTemporaryError, NotFoundError
from core.identity import Operator
from core.ledger import Changes, edit_transactions, hide_account
from core.store import AuditEvent, Balance, SyncRun, Transaction
from tests.core.banking.house import House, last_item, same_bank_anew, sign_in_and_share
from tests.core.ledger.household import add_person
from tests.standins.plaid import Fault, Item, PlaidStandIn, default_item, fill, transaction

REMOVE = "/item/remove"


@pytest.fixture
def linked(house: House) -> House:
    """Return a house with the test bank linked."""
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    assert len(house.rows()) == 24
    return house


def test_history_is_kept_when_asked(linked: House, plaid: PlaidStandIn) -> None:
    before = [(row.id, row.amount, row.date) for row in linked.rows()]
    (item,) = linked.items()
    remove_item(*linked.acting, item.id, "keep")
    assert plaid.items[last_item(plaid)].removed
    assert linked.items() == []
    assert [(row.id, row.amount, row.date) for row in linked.rows()] == before
    assert {one.item_id for one in linked.accounts()} == {None}
    assert next(one.nickname for one in linked.accounts()) == "First Platypus Bank Plaid Checking"


def test_history_is_deleted_when_asked(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    remove_item(*linked.acting, item.id, "delete")
    assert plaid.items[last_item(plaid)].removed
    assert (linked.items(), linked.accounts(), linked.rows()) == ([], [], [])
    with linked.store.read() as session:
        for table in (Transaction, Balance, SyncRun):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert [one.event for one in session.scalars(select(AuditEvent))] == ["bank linked", "bank removed"]


def test_nothing_changes_while_the_provider_can_not_be_told(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    plaid.fail(REMOVE, *[Fault(code="INTERNAL_SERVER_ERROR", status=500)] * 3)
    with pytest.raises(BankTemporaryError):
        remove_item(*linked.acting, item.id, "delete")
    assert (len(linked.items()), len(linked.rows())) == (1, 24)
    plaid.fail(REMOVE, *[Fault(code="INTERNAL_SERVER_ERROR", status=500)] * 3)
    remove_item(*linked.acting, item.id, "delete", even_unrevoked=True)
    assert linked.items() == []


def test_what_the_provider_has_ended_already_ends_here_too(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    plaid.items[last_item(plaid)].removed = True
    remove_item(*linked.acting, item.id, "keep")
    assert linked.items() == []


def test_without_keys_it_can_still_be_removed_knowingly(linked: House) -> None:
    (item,) = linked.items()
    with pytest.raises(BankSetupError):
        remove_item(linked.store, linked.vault, {}, Operator(linked.user), item.id, "keep")
    remove_item(linked.store, linked.vault, {}, Operator(linked.user), item.id, "keep", even_unrevoked=True)
    assert linked.items() == []


def test_linked_again_nothing_doubles_and_edits_stay(
    linked: House, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    (item,) = linked.items()
    row = linked.rows()[5]
    edit_transactions(linked.store, linked.user, [row.id], Changes(note="with Eve", own_name="Dinner"))
    before = {one.id: (one.amount, one.date) for one in linked.rows()}
    old = plaid.items[last_item(plaid)]
    remove_item(*linked.acting, item.id, "keep")

    again = same_bank_anew(old)
    plaid.next_item = again
    visit = begin_visit(*linked.acting, "plaid")
    sign_in_and_share(visit.url)
    step = look_at_visit(*linked.all, visit.id)
    assert step.state == "done", step
    assert {one.id: (one.amount, one.date) for one in linked.rows()} == before
    assert len(linked.accounts()) == 3
    kept = next(one for one in linked.rows() if one.id == row.id)
    assert (kept.note, kept.own_name) == ("with Eve", "Dinner")
    assert kept.provider_key in again.rows


def test_one_account_is_removed_and_no_sync_brings_it_back(linked: House, plaid: PlaidStandIn) -> None:
    checking, *others = linked.accounts()
    rows = [row for row in linked.rows() if row.account_id != checking.id]
    remove_account(*linked.acting, checking.id, "delete")
    (item,) = linked.items()
    bank = plaid.items[last_item(plaid)]
    fill(bank, 6)
    result = linked.sync(item.id)
    assert result.error == ""
    assert [one.id for one in linked.accounts()] == [one.id for one in others]
    assert len(linked.rows()) == len(rows) + 4
    assert not bank.removed


def test_one_account_is_kept_without_its_bank(linked: House) -> None:
    checking, *_ = linked.accounts()
    count = sum(row.account_id == checking.id for row in linked.rows())
    remove_account(*linked.acting, checking.id, "keep")
    (item,) = linked.items()
    linked.sync(item.id)
    stays = next(one for one in linked.accounts() if one.id == checking.id)
    assert stays.item_id is None
    assert sum(row.account_id == checking.id for row in linked.rows()) == count
    assert len(linked.accounts()) == 3


def test_the_last_account_ends_the_connection(linked: House, plaid: PlaidStandIn) -> None:
    for account in linked.accounts():
        remove_account(*linked.acting, account.id, "delete")
    assert linked.items() == []
    assert plaid.items[last_item(plaid)].removed


def test_nobody_removes_anothers(linked: House) -> None:
    (item,) = linked.items()
    other = add_person(linked.store, "eve@example.org")
    with pytest.raises(NotFoundError):
        remove_item(linked.store, linked.vault, linked.providers, Operator(other), item.id, "delete")
    with pytest.raises(NotFoundError):
        remove_account(linked.store, linked.vault, linked.providers, Operator(other), linked.accounts()[0].id, "delete")
    assert len(linked.rows()) == 24


def test_a_hidden_account_goes_too(linked: House) -> None:
    hide_account(linked.store, linked.user, linked.accounts()[0].id, hidden=True)
    (item,) = linked.items()
    remove_item(*linked.acting, item.id, "delete")
    assert linked.accounts() == []


def test_a_failure_is_a_bank_error(linked: House, plaid: PlaidStandIn) -> None:
    (item,) = linked.items()
    plaid.fail(REMOVE, Fault(code="INVALID_API_KEYS"))
    with pytest.raises(BankError, match="keys"):
        remove_item(*linked.acting, item.id, "keep")


def test_the_cache_forgets_what_was_deleted_although_ids_come_again(
    linked: House, plaid: PlaidStandIn, tmp_path: Path
) -> None:
    caches = Caches(tmp_path / "cache", linked.store)
    cache = caches.of(linked.user)
    assert len(cache.ask("verify_transactions", first=0, last=99)) == 24
    (item,) = linked.items()
    remove_item(*linked.acting, item.id, "delete")
    plaid.next_item = default_item("ins_109511")
    plaid.next_item.log.clear()
    fill(plaid.next_item, 3)
    visit = begin_visit(*linked.acting, "plaid")
    sign_in_and_share(visit.url, "ins_109511")
    look_at_visit(*linked.all, visit.id)
    shown = {row[0] for row in cache.ask("verify_transactions", first=0, last=99)}
    assert shown == {row.id for row in linked.rows()}
    caches.close()


def _link_anew(house: House, plaid: PlaidStandIn, bank: Item) -> None:
    plaid.next_item = bank
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    assert look_at_visit(*house.all, visit.id).state == "done"


@pytest.mark.parametrize("posted", ["before the new link", "after it"])
def test_a_pending_one_that_was_kept_is_not_doubled_by_the_next_link(
    linked: House, plaid: PlaidStandIn, posted: str
) -> None:
    old = plaid.items[last_item(plaid)]
    cafe = transaction(old.accounts[0]["account_id"], 12.5, date(2026, 11, 2), "CAFE ROMA", pending=True)
    old.add(cafe)
    linked.sync(linked.items()[0].id)
    row = next(one for one in linked.rows() if one.pending)
    edit_transactions(linked.store, linked.user, [row.id], Changes(note="mine"))
    remove_item(*linked.acting, linked.items()[0].id, "keep")
    new = same_bank_anew(old)
    pending = next(key for key, one in new.rows.items() if one["pending"])
    if posted == "before the new link":
        new.post(pending)
        _link_anew(linked, plaid, new)
    else:
        _link_anew(linked, plaid, new)
        new.post(pending)
        linked.sync(linked.items()[0].id)
    (found,) = [one for one in linked.rows() if one.name == "CAFE ROMA"]
    assert (found.id, found.note, found.pending) == (row.id, "mine", False)


def test_a_pending_one_that_was_let_go_meanwhile_goes_with_the_next_link(linked: House, plaid: PlaidStandIn) -> None:
    old = plaid.items[last_item(plaid)]
    hold = old.add(transaction(old.accounts[0]["account_id"], 80, date(2026, 11, 2), "HOTEL HOLD", pending=True))
    linked.sync(linked.items()[0].id)
    remove_item(*linked.acting, linked.items()[0].id, "keep")
    old.remove(hold)
    _link_anew(linked, plaid, same_bank_anew(old))
    assert [one.name for one in linked.rows() if one.pending] == []
    assert len(linked.rows()) == 24


def test_a_bank_that_uses_its_keys_again_is_kept_twice(linked: House, plaid: PlaidStandIn) -> None:
    old = plaid.items[last_item(plaid)]
    hold = old.add(transaction(old.accounts[0]["account_id"], 80, date(2026, 11, 2), "HOTEL HOLD", pending=True))
    linked.sync(linked.items()[0].id)
    remove_item(*linked.acting, linked.items()[0].id, "keep")
    again = Item("another item", old.institution_id, old.accounts)
    for one in old.rows.values():
        again.add(one | ({"amount": 95.0} if one["transaction_id"] == hold else {}))
    _link_anew(linked, plaid, again)
    remove_item(*linked.acting, linked.items()[0].id, "keep")
    assert len(linked.rows()) == 25
