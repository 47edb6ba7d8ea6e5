"""Killed in the middle (SIGKILL, at random moments) and started again: every row once, the cache equal to the store."""

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
from core.identity import Operator
from core.importing import look_at_file, take_in
from core.runtime import Runtime, open_runtime
from core.store import Transaction, UserId
from tests.core.ledger.household import add_person
from tests.core.victim import Work, nursery
from tests.standins.plaid import CLIENT_ID, SECRET, Item, PlaidStandIn, transaction

KILLS = 25
SYNCED = 600
IMPORTED = 800
"""Rows a round: as many as it takes for the write to be a good part of the work, so that kills fall into it."""
ROUNDS = 5
"""Rounds a person: what is there from earlier ones is met again, and not so much that looking at it takes the time."""
RANDOM = Random(20_260_301)


@pytest.fixture
def bank() -> Iterator[PlaidStandIn]:
    with PlaidStandIn() as stand_in:
        yield stand_in


def settings_for(folder: Path, bank: PlaidStandIn) -> Settings:
    return Settings(
        fintrack_data_dir=folder, plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=bank.url
    )


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


def told_by(item: Item) -> list[tuple[str, Decimal]]:
    return sorted((key, -Decimal(str(row["amount"]))) for key, row in item.rows.items())


@pytest.mark.timeout(600)
def test_a_sync_killed_anywhere_leaves_every_row_once(tmp_path: Path, bank: PlaidStandIn) -> None:
    settings = settings_for(tmp_path, bank)
    people: list[tuple[UserId, Item]] = []
    times = (0.0, 0.0)
    landed = 0
    with nursery() as victims:
        for round_number in range(KILLS + 1):
            if round_number % ROUNDS == 0:
                house = open_runtime(settings)
                user = add_person(house.store, f"person{round_number}@example.org")
                link_sandbox(house.store, house.vault, settings, Operator(user))
                house.close()
                people.append((user, list(bank.items.values())[-1]))
            user, item = people[-1]
            pending = []
            for number in range(SYNCED):
                day = date(2026, 9, 1) + timedelta(days=number % 30)
                row = transaction(
                    item.accounts[0]["account_id"], number + 0.25, day, f"Shop {number}", pending=number < 5
                )
                pending += [item.add(row)] if number < 5 else []
                if number >= 5:
                    item.add(row)
            item.modify(RANDOM.choice(sorted(item.rows)), amount=1.01)
            work = Work(tmp_path, "sync", user, bank.url)
            if round_number == 0:
                times = victims.watch(work)
            else:
                victims.kill(work, moment(round_number, *times))
            house = open_runtime(settings)
            before = len(kept(house, user))
            landed += before == len(item.rows)
            sync_all(house.store, house.vault, house.providers, user)
            assert sorted(kept(house, user)) == told_by(item)
            assert verify(house.caches.of(user), house.store) == []
            house.close()
            for key in pending:
                item.post(key)
    # The kills have to fall before and after the commit, or the test shows nothing.
    assert 1 < landed < KILLS + 1
    house = open_runtime(settings)
    for user, item in people:
        sync_all(house.store, house.vault, house.providers, user)
        assert sorted(kept(house, user)) == told_by(item)
        assert verify(house.caches.of(user), house.store) == []
    house.close()


@pytest.mark.timeout(600)
def test_an_import_killed_anywhere_leaves_every_row_once(tmp_path: Path, bank: PlaidStandIn) -> None:
    settings = settings_for(tmp_path, bank)
    people: list[tuple[UserId, list[Decimal]]] = []
    times = (0.0, 0.0)
    whole = 0
    with nursery() as victims:
        for round_number in range(KILLS + 1):
            if round_number % ROUNDS == 0:
                house = open_runtime(settings)
                people.append((add_person(house.store, f"person{round_number}@example.org"), []))
                house.close()
            user, amounts = people[-1]
            day = date(2024, 1, 1) + timedelta(days=30 * round_number)
            fresh = [(day + timedelta(days=number % 28), Decimal(number) / 4 - 50) for number in range(IMPORTED)]
            path = tmp_path / f"month-{round_number}.csv"
            lines = [
                f"{when.isoformat()},Shop {place} street,{amount:.2f}" for place, (when, amount) in enumerate(fresh)
            ]
            path.write_text("\n".join(["Date,Description,Amount", *lines]), "utf-8")
            work = Work(tmp_path, "import", user, str(path))
            if round_number == 0:
                times = victims.watch(work)
            else:
                victims.kill(work, moment(round_number, *times))
            house = open_runtime(settings)
            present = len(kept(house, user)) - len(amounts)
            assert present in {0, IMPORTED}
            whole += present == IMPORTED
            intake = look_at_file(house.store, user, path.read_bytes(), path.name, account="Imported")
            take_in(house.store, user, intake)
            amounts += [amount for _, amount in fresh]
            assert sorted(amount for _, amount in kept(house, user)) == sorted(amounts)
            assert verify(house.caches.of(user), house.store) == []
            house.close()
    assert 1 < whole < KILLS + 1
    house = open_runtime(settings)
    for user, amounts in people:
        assert sorted(amount for _, amount in kept(house, user)) == sorted(amounts)
        assert verify(house.caches.of(user), house.store) == []
    house.close()
