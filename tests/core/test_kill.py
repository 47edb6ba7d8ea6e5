"""Killed in the middle (SIGKILL, at random moments) and started again: every row once, the cache equal to the store."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from core.banking import link_sandbox, sync_all
from core.cache import verify
from core.config import Settings
from core.identity import Operator
from core.importing import look_at_file, take_in
from core.runtime import Runtime, open_runtime
from core.store import Transaction, UserId
from tests.core.ledger.household import add_person
from tests.standins.plaid import CLIENT_ID, SECRET, PlaidStandIn, transaction

KILLS = 25
SYNCED = 600
IMPORTED = 2000
"""Rows a round: as many as it takes for the write to be a good part of the work, so that kills fall into it."""
RANDOM = Random(20_260_301)


@pytest.fixture
def bank() -> Iterator[PlaidStandIn]:
    with PlaidStandIn() as stand_in:
        yield stand_in


def settings_for(folder: Path, bank: PlaidStandIn) -> Settings:
    return Settings(
        fintrack_data_dir=folder, plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=bank.url
    )


@dataclass(frozen=True)
class Work:
    """What a victim is to do."""

    folder: Path
    work: str
    user: UserId
    source: str

    def watch(self) -> tuple[float, float]:
        """Let a victim work to its end; return after how many seconds its rows were kept, and all was done."""
        with self._started() as victim:
            start = time.perf_counter()
            assert victim.stdout is not None
            assert victim.stdout.readline() == b"kept\n"
            rows_kept = time.perf_counter() - start
            assert victim.wait(60) == 0
            return rows_kept, time.perf_counter() - start

    def kill(self, after: float) -> None:
        """Kill a victim so many seconds after it is ready."""
        with self._started() as victim:
            time.sleep(after)
            victim.kill()
            victim.wait(10)

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.core.victim", str(self.folder), self.work, str(self.user), self.source]
        victim = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"ready\n"
        return victim


def moment(round_number: int, rows_kept: float, done: float) -> float:
    """Return a random moment to kill at: every other one falls before or close to when the rows are kept."""
    return RANDOM.uniform(0, rows_kept * 1.2 if round_number % 2 else done * 1.1)


def kept(house: Runtime, user: UserId) -> list[tuple[str | None, Decimal]]:
    with house.store.read() as session:
        rows = session.execute(
            select(Transaction.provider_key, Transaction.amount).where(
                Transaction.user_id == user, Transaction.removed_at.is_(None)
            )
        )
        return [(key, amount) for key, amount in rows]


@pytest.mark.timeout(600)
def test_a_sync_killed_anywhere_leaves_every_row_once(tmp_path: Path, bank: PlaidStandIn) -> None:
    settings = settings_for(tmp_path, bank)
    house = open_runtime(settings)
    user = add_person(house.store)
    link_sandbox(house.store, house.vault, settings, Operator(user))
    house.close()
    (item,) = bank.items.values()
    times = (0.0, 0.0)
    landed = 0
    for round_number in range(KILLS + 1):
        pending = []
        for number in range(SYNCED):
            day = date(2026, 9, 1) + timedelta(days=number % 30)
            row = transaction(item.accounts[0]["account_id"], number + 0.25, day, f"Shop {number}", pending=number < 5)
            pending += [item.add(row)] if number < 5 else []
            if number >= 5:
                item.add(row)
        item.modify(RANDOM.choice(sorted(item.rows)), amount=1.01)
        work = Work(tmp_path, "sync", user, bank.url)
        if round_number == 0:
            times = work.watch()
        else:
            work.kill(moment(round_number, *times))
        house = open_runtime(settings)
        before = len(kept(house, user))
        landed += before == len(item.rows)
        sync_all(house.store, house.vault, house.providers, user)
        told = sorted((key, -Decimal(str(row["amount"]))) for key, row in item.rows.items())
        assert sorted(kept(house, user)) == told
        assert verify(house.caches.of(user), house.store) == []
        house.close()
        for key in pending:
            item.post(key)
    # The kills have to fall before and after the commit, or the test shows nothing.
    assert 1 < landed < KILLS + 1


@pytest.mark.timeout(600)
def test_an_import_killed_anywhere_leaves_every_row_once(tmp_path: Path, bank: PlaidStandIn) -> None:
    settings = settings_for(tmp_path, bank)
    house = open_runtime(settings)
    user = add_person(house.store)
    house.close()
    rows: list[tuple[date, Decimal]] = []
    times = (0.0, 0.0)
    whole = 0
    for round_number in range(KILLS + 1):
        day = date(2024, 1, 1) + timedelta(days=30 * round_number)
        fresh = [(day + timedelta(days=number % 28), Decimal(number) / 4 - 50) for number in range(IMPORTED)]
        path = tmp_path / f"month-{round_number}.csv"
        lines = [f"{when.isoformat()},Shop {place} street,{amount:.2f}" for place, (when, amount) in enumerate(fresh)]
        path.write_text("\n".join(["Date,Description,Amount", *lines]), "utf-8")
        work = Work(tmp_path, "import", user, str(path))
        if round_number == 0:
            times = work.watch()
        else:
            work.kill(moment(round_number, *times))
        house = open_runtime(settings)
        present = len(kept(house, user)) - len(rows)
        assert present in {0, IMPORTED}
        whole += present == IMPORTED
        take_in(house.store, user, look_at_file(house.store, user, path.read_bytes(), path.name, account="Imported"))
        rows += fresh
        assert sorted(amount for _, amount in kept(house, user)) == sorted(amount for _, amount in rows)
        assert verify(house.caches.of(user), house.store) == []
        house.close()
    assert 1 < whole < KILLS + 1
