"""Writers of one person's money take turns in one order: who holds a row waits for nobody who waits for it."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.banking import begin_visit, keep_item, look_at_visit
from core.banking.items import note_failure, note_working
from core.banking.provider import Institution, LinkedItem
from core.errors import BankTemporaryError
from core.ledger import hide_account, rename_account
from core.store import Account, Item, next_change
from tests.core.banking.house import House, sign_in_and_share


def _fails(house: House) -> None:
    note_failure(house.store, house.user, house.items()[0].id, BankTemporaryError("The bank is down."))


def _works(house: House) -> None:
    note_working(house.store, house.user, house.items()[0].id)


def _is_linked_again(house: House) -> None:
    linked = LinkedItem(house.items()[0].provider_key, "access-new", Institution("ins_1", "Other name"))
    keep_item(house.store, house.vault, house.user, "plaid", linked)


def _is_renamed(house: House) -> None:
    rename_account(house.store, house.user, house.accounts()[0].id, "Mine")


def _is_hidden(house: House) -> None:
    hide_account(house.store, house.user, house.accounts()[0].id, hidden=True)


@pytest.mark.parametrize("other", [_fails, _works, _is_linked_again, _is_renamed, _is_hidden])
def test_a_sync_and_another_writer_never_wait_for_each_other(house: House, other: Callable[[House], None]) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    _fails(house)
    failures: list[Exception] = []

    def write() -> None:
        try:
            other(house)
        except Exception as failure:  # noqa: BLE001 - of any kind
            failures.append(failure)

    beside = threading.Thread(target=write)
    with house.store.write() as session:
        next_change(session, house.user)
        beside.start()
        beside.join(0.5)
        for table in (Item, Account):
            session.scalars(select(table).where(table.user_id == house.user).with_for_update()).all()
    beside.join()
    assert failures == []
