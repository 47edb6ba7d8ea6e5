"""What passes is tried again: later each time, never all at once, never before Plaid wants it, never for ever."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from core import clock
from core.banking import keep_item
from core.banking.items import PERSON_PAUSE
from core.banking.plaid import Patience, PlaidProvider
from core.banking.plaid.client import PlaidClient
from core.config import Settings
from core.errors import BankTemporaryError
from tests.core.banking.house import House
from tests.standins.plaid import Fault, PlaidStandIn

SYNC = "/transactions/sync"
TOKEN = "access-of-nobody"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return how long was waited each time, without waiting."""
    waited: list[float] = []
    # Only tenacity's own: the stand-in and a browser beside it wait by the same `time`.
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=waited.append))
    return waited


def asking(settings: Settings, patience: Patience) -> PlaidProvider:
    return PlaidProvider(PlaidClient(settings, patience), settings)


def busy(times: int, **headers: str) -> list[Fault]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [Fault(code="RATE_LIMIT_EXCEEDED", status=429, headers=named)] * times


def test_each_wait_is_longer_up_to_a_cap_and_no_two_are_the_same(
    plaid: PlaidStandIn, plaid_settings: Settings, waits: list[float]
) -> None:
    provider = asking(plaid_settings, Patience(tries=9, first_wait=0.5, longest_wait=30))
    for _ in range(2):
        plaid.fail(SYNC, *busy(9))
        with pytest.raises(BankTemporaryError):
            provider.changes(TOKEN, "")
    assert len(waits) == 16
    for first, second in ((0, 8), (1, 9), (2, 10)):
        assert waits[first] != waits[second], "banks that failed together would be asked together again"
    for place, wait in enumerate(waits[:8]):
        assert min(0.5 * 2**place, 30) <= wait <= min(0.5 * 2**place + 0.5, 30)


def test_plaid_is_never_asked_before_it_wants_to_be(
    plaid: PlaidStandIn, plaid_settings: Settings, waits: list[float]
) -> None:
    provider = asking(plaid_settings, Patience(tries=3, first_wait=0.5, longest_wait=30))
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    plaid.fail(SYNC, *busy(1, Retry_After="7"), *busy(1, Retry_After=soon), *busy(1))
    with pytest.raises(BankTemporaryError):
        provider.changes(TOKEN, "")
    assert 7 <= waits[0] <= 7.5
    assert 17 <= waits[1] <= 20.5


@pytest.mark.parametrize("nonsense", ["soon", "", "-3", "nan", "inf", "Wed, 99 Oct 2026 07:28:00 GMT"])
def test_a_pause_that_is_none_is_passed_over(
    plaid: PlaidStandIn, plaid_settings: Settings, waits: list[float], nonsense: str
) -> None:
    provider = asking(plaid_settings, Patience(tries=2, first_wait=0.5, longest_wait=30))
    plaid.fail(SYNC, *busy(2, Retry_After=nonsense))
    with pytest.raises(BankTemporaryError):
        provider.changes(TOKEN, "")
    assert [0 <= wait <= 1 for wait in waits] == [True]


@pytest.mark.parametrize("seconds", [3600, 10**30])
def test_a_pause_longer_than_a_person_waits_is_left_to_the_schedule(
    house: House, plaid: PlaidStandIn, provider: PlaidProvider, seconds: int
) -> None:
    item = keep_item(house.store, house.vault, house.user, provider.name, provider.sandbox_item())
    plaid.fail(SYNC, *busy(1, Retry_After=str(seconds)))
    start = time.monotonic()
    assert (
        house.sync(item).error == "Plaid was asked too often and wants a pause. Try again in a while; nothing is lost."
    )
    assert time.monotonic() - start < 2
    assert sum(route == SYNC for route, _ in plaid.calls) == 1
    (kept,) = house.items()
    assert kept.retry_at is not None
    wanted = min(timedelta(seconds=min(seconds, 10**6)), PERSON_PAUSE)
    assert wanted - timedelta(seconds=5) < kept.retry_at - clock.now() <= wanted
