"""A bank whose answers break what nobody foresaw: it is told in words, kept with the bank, and stops no other."""

import logging
from datetime import timedelta

import pytest

from core import clock
from core.banking import link_demo, list_connections, next_runs, sync_all, sync_due
from core.banking.demo import DemoBank
from core.ledger import SyncUpdate
from core.store import Store
from tests.core.banking.house import House, settle


class Falling(DemoBank):
    """A bank of which one login breaks in a way that is no bank's failure."""

    def changes(self, access_token: str, cursor: str) -> SyncUpdate:
        if "lindenbank" in access_token:
            raise RuntimeError("the amount was 12.34 and nobody thought of that")
        return super().changes(access_token, cursor)


@pytest.fixture
def house(store: Store) -> House:
    found = settle(store, DemoBank())
    link_demo(found.store, found.vault, found.user)
    return House(found.store, found.vault, {"demo": Falling()}, found.user)


def broken(house: House) -> tuple[str, int]:
    (one,) = [one for one in list_connections(house.store, house.user) if one.error_code]
    return one.institution, one.failures


def test_the_others_are_synced_and_this_one_is_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        results = {one.institution: one for one in sync_all(*house.all)}
    assert {name: bool(one.error) for name, one in results.items()} == {
        "Harborline Bank": False, "Kestrel Invest": False, "Lindenbank": True,
    }  # fmt: skip
    assert "unforeseen" in results["Lindenbank"].error
    assert "12.34" not in results["Lindenbank"].error
    assert broken(house) == ("Lindenbank", 1)
    assert "nobody foresaw" in caplog.text


def test_the_schedule_goes_on_and_leaves_it_alone_for_a_while(house: House) -> None:
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert sorted(bool(one.error) for one in sync_due(house.store, house.vault, house.providers)) == [
            False, False, True,
        ]  # fmt: skip
        assert broken(house) == ("Lindenbank", 1)
        assert min(next_runs(house.store).values()) > clock.now()
        assert sync_due(house.store, house.vault, house.providers) == ()
