"""The whole as a person meets it: the first start, and a sync by the page's button."""

import os
import subprocess
import time
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core import clock
from core.analytics import overview
from core.banking import link_sandbox
from core.config import ROOT, Settings
from core.identity import Operator, start_session
from core.runtime import open_runtime
from tests.bench.conftest import Figures
from tests.bench.memory import largest, present
from tests.core.ledger.household import add_person
from tests.e2e.conftest import COOKIE
from tests.e2e.server import serving
from tests.machine.wire import Wire, wire
from tests.standins.plaid import CLIENT_ID, SECRET, PlaidStandIn, fill

pytestmark = pytest.mark.bench

SYNCED = 10_000


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
