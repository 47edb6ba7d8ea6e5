"""Who may sync an item right now: one at a time, and nobody waits for a process that is no more."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core import clock
from core.banking import lease
from core.banking.lease import leased
from core.errors import BankTemporaryError
from core.store import Item, Store
from tests.core.ledger.household import settle

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def hold(store: Store, item: int, owner: str) -> None:
    with store.write() as session:
        session.execute(
            update(Item).where(Item.id == item).values(lease_owner=owner, lease_until=clock.now() + lease.LEASE)
        )


def test_whoever_comes_second_is_told_so(store: Store) -> None:
    home = settle(store)
    with (
        leased(store, home.item),
        pytest.raises(BankTemporaryError, match="synced already"),
        leased(store, home.item, wait=0.05),
    ):
        pytest.fail("two hold the lease")
    with leased(store, home.item, wait=0.05):
        pass


def test_the_lease_of_a_killed_process_is_free_at_once(store: Store) -> None:
    home = settle(store)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(10)
    hold(store, home.item, f"{lease._machine()}:{ended.pid}:0123")
    with leased(store, home.item, wait=0.05):
        pass


def test_the_lease_of_a_living_process_is_kept_until_its_end(store: Store) -> None:
    home = settle(store)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as living, clock.frozen(NOW):
        hold(store, home.item, f"{lease._machine()}:{living.pid}:0123")
        with pytest.raises(BankTemporaryError), leased(store, home.item, wait=0.05):
            pytest.fail("two hold the lease")
        with clock.frozen(NOW + lease.LEASE + timedelta(seconds=1)), leased(store, home.item, wait=0.05):
            pass
        living.communicate(b"\n")


@pytest.mark.parametrize("owner", ["0123456789abcdef:1:00", "a name of another kind", ""])
def test_the_lease_of_another_machine_is_kept_until_its_end(store: Store, owner: str) -> None:
    home = settle(store)
    with clock.frozen(NOW):
        hold(store, home.item, owner)
        with pytest.raises(BankTemporaryError), leased(store, home.item, wait=0.05):
            pytest.fail("two hold the lease")


def test_a_lease_goes_back_with_what_was_written_last(store: Store) -> None:
    home = settle(store)
    with leased(store, home.item) as held:
        with held.last_write() as session:
            session.execute(update(Item).where(Item.id == home.item).values(cursor="last"))
        with store.read() as session:
            assert session.execute(select(Item.lease_owner, Item.cursor).where(Item.id == home.item)).one() == (
                "",
                "last",
            )
        hold(store, home.item, "another process")
    with store.read() as session:
        assert session.scalar(select(Item.lease_owner).where(Item.id == home.item)) == "another process"


def test_a_last_write_that_fails_keeps_nothing_and_the_lease_goes_back_all_the_same(store: Store) -> None:
    home = settle(store)
    with pytest.raises(ZeroDivisionError), leased(store, home.item) as held, held.last_write() as session:
        session.execute(update(Item).where(Item.id == home.item).values(cursor="last"))
        _ = 1 / 0
    with store.read() as session:
        assert session.execute(select(Item.lease_owner, Item.cursor).where(Item.id == home.item)).one() == ("", "")


def test_a_lease_given_back_in_a_write_that_fails_is_held_on_until_its_end(store: Store) -> None:
    home = settle(store)
    with leased(store, home.item) as held:
        with pytest.raises(ZeroDivisionError), store.write() as session:
            held.give_back(session)
            _ = 1 / 0
        assert held.held
        with store.write() as session:
            held.give_back(session)
            assert held.held
        assert not held.held
