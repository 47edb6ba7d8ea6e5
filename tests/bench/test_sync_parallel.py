"""Several banks are synced in hardly more time than the slowest of them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from core.banking import Institution, LinkedItem, keep_item, sync_all, sync_item
from core.config import Settings
from core.runtime import Runtime, open_runtime
from core.store import Transaction, UserId
from tests.bench.conftest import Figures
from tests.core.ledger.household import add_person
from tests.standins.plaid import CLIENT_ID, SECRET

pytestmark = pytest.mark.bench

ITEMS, ROWS = 5, 2000
LATENCY = 0.15
"""Seconds that Plaid takes for a page, as it does from a home connection."""
ROUNDS = 5
ALLOWED = 1.5
"""How many times the slowest one alone, with its write, all together may take."""


@pytest.fixture(scope="module")
def bank() -> Iterator[str]:
    """Serve five banks from another process, so that theirs is not our time."""
    command = [sys.executable, "-m", "tests.bench.slow_bank", str(ITEMS), str(ROWS), str(LATENCY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        assert server.stdin is not None
        server.stdin.close()


def settle(folder: Path, bank: str) -> tuple[Runtime, UserId, list[int]]:
    """Return a house with five banks that were never synced."""
    settings = Settings(
        fintrack_data_dir=folder, plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=bank
    )
    house = open_runtime(settings)
    user = add_person(house.store)
    return (
        house,
        user,
        [
            keep_item(
                house.store,
                house.vault,
                user,
                "plaid",
                LinkedItem(f"item-{number}", f"access-{number}", Institution("ins_1", f"Bank {number}")),
            )
            for number in range(ITEMS)
        ],
    )


def kept(house: Runtime) -> int:
    with house.store.read() as session:
        return session.scalar(select(func.count()).select_from(Transaction)) or 0


def one_by_one(folder: Path, bank: str) -> float:
    """Return the seconds of the slowest bank, synced alone and written."""
    house, user, items = settle(folder, bank)
    with closing(house):
        house.providers  # noqa: B018 - made once a process, before anybody waits
        taken = []
        for item in items:
            start = perf_counter()
            assert sync_item(house.store, house.vault, house.providers, user, item).counts.added == ROWS
            taken.append(perf_counter() - start)
        return max(taken)


def together(folder: Path, bank: str) -> float:
    """Return the seconds of all banks, synced at once and written."""
    house, user, _ = settle(folder, bank)
    with closing(house):
        house.providers  # noqa: B018
        start = perf_counter()
        results = sync_all(house.store, house.vault, house.providers, user)
        taken = perf_counter() - start
        assert [result.counts.added for result in results] == [ROWS] * ITEMS
        assert kept(house) == ITEMS * ROWS
        return taken


def test_five_banks_take_hardly_longer_than_one(tmp_path: Path, bank: str, figures: Figures) -> None:
    alone, all_of_them = [], []
    one_by_one(tmp_path / "warm", bank)
    for number in range(ROUNDS):
        alone.append(one_by_one(tmp_path / f"alone-{number}", bank))
        all_of_them.append(together(tmp_path / f"together-{number}", bank))
    slowest, whole = median(alone), median(all_of_them)
    note = f"{ITEMS} x {ROWS:,} transactions, {LATENCY * 1000:.0f} ms a page"
    figures.add("Sync: the slowest bank alone, with its write", slowest, "s", note=note)
    figures.add("Sync: all banks side by side", whole, "s", round(ALLOWED * slowest, 2))
    assert whole <= ALLOWED * slowest
