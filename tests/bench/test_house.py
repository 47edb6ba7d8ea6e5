"""How fast the house is: questions, reruns over the wire, roads in, the start. One run, side by side."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core import clock
from core.analytics import overview
from core.banking import link_sandbox
from core.cache import Caches, UserCache
from core.config import ROOT, Settings
from core.identity import Operator, start_session
from core.importing import look_at_file, take_in
from core.planning import budget_month, month_of, set_limit
from core.runtime import open_runtime
from core.store import Store, UserId
from tests.bench.conftest import Figures, paired, sizes
from tests.bench.memory import largest, present
from tests.bench.rows import TODAY, filled_store
from tests.core.ledger.household import add_person
from tests.e2e.conftest import COOKIE
from tests.e2e.server import serving
from tests.machine.wire import Wire, wire
from tests.standins.plaid import CLIENT_ID, SECRET, PlaidStandIn, default_item, fill

pytestmark = pytest.mark.bench

SYNCED = 10_000


@dataclass(frozen=True)
class Filled:
    """A store with so many rows, and its cache."""

    store: Store
    user: UserId
    cache: UserCache


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Filled]]:
    stands = {}
    for count in sizes():
        folder = tmp_path_factory.mktemp(str(count))
        store, user = filled_store(folder, count)
        stands[count] = Filled(store, user, Caches(folder / "cache", store).of(user))
        stands[count].cache.refresh()
    yield stands
    for one in stands.values():
        one.cache.close()
        one.store.close()


def test_budgets(filled: dict[int, Filled], figures: Figures) -> None:
    for count, one in filled.items():
        for category in (8, 9, 15, 17):
            set_limit(one.store, one.user, category, date(2025, 1, 1), Decimal(1000), carries=True)
        for name, first_day in (("by calendar month", 1), ("by months from the 25th", 25)):
            work = partial(budget_month, one.store, one.user, one.cache, month_of(TODAY, first_day), TODAY, "USD")
            assert len(work().lines) == 4
            (seconds,) = paired(11, work)
            figures.add(f"budgets of a month, {name}, {count:,} rows", seconds * 1000, "ms", 150)


def test_the_cache_follows_the_store(filled: dict[int, Filled], figures: Figures) -> None:
    dice = Random(7)
    for count, one in filled.items():
        start = time.perf_counter()
        state = one.cache.rebuild()
        figures.add(f"cache, made anew, {count:,} rows", time.perf_counter() - start, "s")
        assert state.rows == count
        with one.store.raw() as connection:
            start = time.perf_counter()
            rows = connection.execute("SELECT * FROM transactions").fetchall()
            figures.add(f"  the same rows read by sqlite3 alone, {count:,}", time.perf_counter() - start, "s")
            assert len(rows) == count
            del rows
        times = []
        for change in range(5):
            with one.store.write() as session:
                ids = dice.sample(range(1, count + 1), 500)
                session.execute(text("UPDATE users SET last_change = :change"), {"change": change + 10})
                session.execute(
                    text("UPDATE transactions SET amount = amount - 100, change = :change WHERE id = :id"),
                    [{"change": change + 10, "id": one_id} for one_id in ids],
                )
            start = time.perf_counter()
            state = one.cache.refresh()
            times.append(time.perf_counter() - start)
            assert count < 100_000 or not state.rebuilt
        figures.add(f"cache, 500 changes, {count:,} rows", median(times) * 1000, "ms")


def test_rerun_over_the_wire(tmp_path: Path, figures: Figures) -> None:
    store, user = filled_store(tmp_path, 10_000)
    store.close()
    (tmp_path / "bench-10000.db").rename(tmp_path / "fintrack.db")
    house = open_runtime(Settings(fintrack_data_dir=tmp_path))
    token = start_session(house.store, user, agent="bench")
    house.close()
    with (
        serving(tmp_path, script="tests/bench/empty_beside.py") as server,
        wire(server.url, f"{COOKIE}={token}") as real,
        wire(server.url, f"{COOKIE}={token}") as empty,
    ):
        pages = {"overview": "", "transactions": "transactions", "accounts": "accounts", "import": "import_file"}
        for page in pages.values():
            for _ in range(3):
                real.rerun(page)
                empty.rerun(query="empty=1")
        for name, page in pages.items():
            real.rerun(page)
            taken, floor = paired(25, partial(real.rerun, page), partial(empty.rerun, query="empty=1"))
            figures.add(f"rerun over the wire, {name}, 10,000 rows", taken * 1000, "ms")
            figures.add("  of a page of nothing on the same server", floor * 1000, "ms")
            figures.add("  ratio", taken / floor, "x", 10 if name == "overview" else None)
            size = sum(message.ByteSize() for message in real.rerun(page))
            figures.add("  sent", size / 1024, "KB")
        figures.add("memory of the server with two sessions", present(server.process.pid), "MB", 400)


def test_first_sync(tmp_path: Path, figures: Figures) -> None:
    taken: list[dict[str, float]] = []
    floors: list[float] = []
    for turn in range(3):
        folder = tmp_path / str(turn)
        house = open_runtime(Settings(fintrack_data_dir=folder))
        user = add_person(house.store)
        house.close()
        with PlaidStandIn() as bank:
            bank.next_item = default_item("ins_109508")
            fill(bank.next_item, SYNCED)
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.reader", str(folder), bank.url, str(user)],
                cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
            )  # fmt: skip
            taken.append(json.loads(done.stdout))
            ((token, item),) = bank.items.items()
            assert taken[-1]["rows"] == taken[-1]["cached"] == len(item.rows) >= SYNCED
            start = time.perf_counter()
            read_bare(bank.url, token)
            floors.append(time.perf_counter() - start)
    figures.add(
        "first sync of 10,000 rows into store and cache", median(one["store"] + one["cache"] for one in taken), "s", 3
    )
    figures.add("  of it the stand-in itself (the same pages read bare)", median(floors), "s")
    figures.add("  of it the cache", median(one["cache"] for one in taken), "s")
    figures.add("  largest memory of the process", max(one["peak"] for one in taken), "MB", 400)


def test_sync_in_the_running_server(tmp_path: Path, figures: Figures) -> None:
    with PlaidStandIn() as bank:
        keys = {"PLAID_CLIENT_ID": CLIENT_ID, "PLAID_SECRET": SECRET, "PLAID_BASE_URL": bank.url}
        house = open_runtime(Settings(fintrack_data_dir=tmp_path, **{name.lower(): key for name, key in keys.items()}))
        user = add_person(house.store)
        link_sandbox(house.store, house.vault, house.settings, Operator(user))
        token = start_session(house.store, user, agent="bench")
        house.close()
        (item,) = bank.items.values()
        fill(item, SYNCED)
        with serving(tmp_path, **keys) as server, wire(server.url, f"{COOKIE}={token}") as tab:
            button = button_called("Sync all", tab.rerun("accounts"))
            figures.add("memory of the server before a sync", present(server.process.pid), "MB")
            start = time.perf_counter()
            press(tab, button, "accounts")
            synced = time.perf_counter()
            tab.rerun()
            figures.add("10,000 rows more by the page's button: to its answer", synced - start, "s", 3)
            figures.add("  the overview after it", time.perf_counter() - synced, "s")
            figures.add("  memory of the server after it", present(server.process.pid), "MB", 400)
            figures.add("  its largest ever", largest(server.process.pid), "MB", 400)
        with server.house() as house:
            assert overview(house.caches.of(user), clock.today()).rows == len(item.rows) >= SYNCED


def button_called(label: str, messages: list[ForwardMsg]) -> str:
    """Return the id of the button with that label in what a page sent."""
    sent = (message.delta.new_element.button for message in messages if message.delta.new_element.HasField("button"))
    return next(button.id for button in sent if button.label == label)


def press(tab: Wire, button: str, page: str) -> None:
    """Press a button of a page and wait for the end of the run."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
    tab.socket.send(message.SerializeToString())
    tab.until_finished()


def read_bare(url: str, access_token: str) -> None:
    """Read all pages of a history with nothing but HTTP."""
    cursor, more = "", True
    while more:
        body: dict[str, Any] = {
            "client_id": CLIENT_ID, "secret": SECRET, "access_token": access_token, "cursor": cursor, "count": 500,
            "options": {"include_original_description": True},
        }  # fmt: skip
        request = urllib.request.Request(
            f"{url}/transactions/sync", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.loads(answer.read())
        cursor, more = told["next_cursor"], told["has_more"]


def test_import_of_a_file(tmp_path: Path, figures: Figures) -> None:
    house = open_runtime(Settings(fintrack_data_dir=tmp_path))
    user = add_person(house.store)
    lines = [
        f"{TODAY - timedelta(days=number // 5)},Shop {number} street,{number % 997 / 4 - 90:.2f}"
        for number in range(10_000)
    ]
    data = "\n".join(["Date,Description,Amount", *lines]).encode()
    start = time.perf_counter()
    intake = look_at_file(house.store, user, data, "year.csv")
    looked = time.perf_counter()
    (result,) = take_in(house.store, user, intake)
    figures.add("CSV file of 10,000 rows: read and judged", looked - start, "s")
    figures.add("  taken in", time.perf_counter() - looked, "s")
    assert result.new == 10_000
    house.close()


def test_start(tmp_path: Path, browser: Browser, figures: Figures) -> None:
    times = []
    for turn in range(3):
        start = time.perf_counter()
        command = ["make", "--silent", "run"]
        environment = os.environ | {"FINTRACK_DATA_DIR": str(tmp_path / str(turn))}
        with (
            (tmp_path / f"{turn}.log").open("w") as log,
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            ) as served,
        ):
            assert served.stdout is not None
            url = next(line for line in served.stdout if line.startswith("FinTrack: ")).split()[1]
            page = browser.new_page()
            page.goto(url)
            page.get_by_role("button", name="Try the demo").wait_for()
            times.append(time.perf_counter() - start)
            page.close()
            served.terminate()
    figures.add("make run, installed: to the first usable page, nothing kept yet", median(times), "s", 6)
