"""Killed in the middle (SIGKILL, at random moments) and started again: every row once, the cache equal to the store."""

import subprocess
import sys
import time
from collections.abc import Iterator
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
from core.importing import look_at_file, take_in
from core.runtime import Runtime, open_runtime
from core.store import Transaction, UserId
from tests.core.ledger.household import add_person
from tests.standins.plaid import CLIENT_ID, SECRET, PlaidStandIn, transaction

KILLS = 25
ROWS = 400
RANDOM = Random(20_260_301)


@pytest.fixture
def bank() -> Iterator[PlaidStandIn]:
    with PlaidStandIn() as stand_in:
        yield stand_in


def settings_for(folder: Path, bank: PlaidStandIn) -> Settings:
    return Settings(
        fintrack_data_dir=folder, plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=bank.url
    )


def run_victim(folder: Path, work: str, user: UserId, source: str, kill_after: float | None) -> float:
    """Start the victim; kill it so many seconds after it is ready, or let it end. Return how long it worked."""
    command = [sys.executable, "-m", "tests.core.victim", str(folder), work, str(user), source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"ready\n"
        start = time.perf_counter()
        if kill_after is None:
            assert victim.wait(60) == 0
        else:
            time.sleep(kill_after)
            victim.kill()
            victim.wait(10)
        return time.perf_counter() - start


def kept(house: Runtime, user: UserId) -> list[tuple[str | None, Decimal]]:
    with house.store.read() as session:
        rows = session.execute(
            select(Transaction.provider_key, Transaction.amount).where(
                Transaction.user_id == user, Transaction.removed_at.is_(None)
            )
        )
        return [(key, amount) for key, amount in rows]


def test_a_sync_killed_anywhere_leaves_every_row_once(tmp_path: Path, bank: PlaidStandIn) -> None:
    settings = settings_for(tmp_path, bank)
    house = open_runtime(settings)
    user = add_person(house.store)
    link_sandbox(house.store, house.vault, settings, user)
    house.close()
    (item,) = bank.items.values()
    working_time = 0.3
    landed = 0
    for round_number in range(KILLS):
        pending = []
        for number in range(ROWS):
            day = date(2026, 9, 1) + timedelta(days=number % 30)
            row = transaction(item.accounts[0]["account_id"], number + 0.25, day, f"Shop {number}", pending=number < 5)
            pending += [item.add(row)] if number < 5 else []
            if number >= 5:
                item.add(row)
        item.modify(RANDOM.choice(sorted(item.rows)), amount=1.01)
        if round_number == 0:
            working_time = run_victim(tmp_path, "sync", user, bank.url, None)
        else:
            run_victim(tmp_path, "sync", user, bank.url, RANDOM.uniform(0, working_time * 1.1))
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
    assert 0 < landed < KILLS


def test_an_import_killed_anywhere_leaves_every_row_once(tmp_path: Path, bank: PlaidStandIn) -> None:
    settings = settings_for(tmp_path, bank)
    house = open_runtime(settings)
    user = add_person(house.store)
    house.close()
    rows: list[tuple[date, Decimal]] = []
    working_time = 0.3
    whole = 0
    for round_number in range(KILLS):
        day = date(2024, 1, 1) + timedelta(days=30 * round_number)
        fresh = [(day + timedelta(days=number % 28), Decimal(number) / 4 - 50) for number in range(ROWS)]
        path = tmp_path / f"month-{round_number}.csv"
        lines = [f"{when.isoformat()},Shop {place} street,{amount:.2f}" for place, (when, amount) in enumerate(fresh)]
        path.write_text("\n".join(["Date,Description,Amount", *lines]), "utf-8")
        if round_number == 0:
            working_time = run_victim(tmp_path, "import", user, str(path), None)
        else:
            run_victim(tmp_path, "import", user, str(path), RANDOM.uniform(0, working_time * 1.1))
        house = open_runtime(settings)
        present = len(kept(house, user)) - len(rows)
        assert present in {0, ROWS}
        whole += present == ROWS
        take_in(house.store, user, look_at_file(house.store, user, path.read_bytes(), path.name, account="Imported"))
        rows += fresh
        assert sorted(amount for _, amount in kept(house, user)) == sorted(amount for _, amount in rows)
        assert verify(house.caches.of(user), house.store) == []
        house.close()
    assert 0 < whole < KILLS
