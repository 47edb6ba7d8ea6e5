"""The screens, each beside an empty page of the same server in one run: over the wire, and in a real browser."""

from collections.abc import Callable, Iterator
from functools import partial
from math import ceil
from statistics import median
from threading import Barrier, Thread
from time import perf_counter
from typing import Final

import pytest
from playwright.sync_api import Browser, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.conftest import Figures, paired
from tests.bench.memory import largest, present, worked
from tests.bench.pages_served import PAGES, ROWS, Home, furnished
from tests.e2e.conftest import COOKIE, SECONDS, give_cookie
from tests.e2e.server import Server
from tests.machine.wire import Wire, wire

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

EMPTY: Final = "empty=1"
RERUNS: Final = 11
FLOORS: Final = 50
"""The processor's time is told in steps: so little of it takes many runs."""
CLICKS: Final = 5
SESSIONS: Final = 20
EACH: Final = 15
"""How often every session clicks."""
STARTS: Final = 3
PAINTED: Final = """([selector, words]) => new Promise(done => {
    const start = performance.now()
    const look = () => {
        const app = document.querySelector('[data-testid="stApp"]')
        const titles = [...document.querySelectorAll('h1')].map(one => one.innerText.trim())
        const waits = document.querySelector('[data-testid="stSkeleton"]')
        if (app.dataset.testScriptState === 'notRunning' && titles.includes(words) && !waits)
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)))
        else requestAnimationFrame(look)
    }
    document.querySelector(selector).click()
    look()
})"""
"""Clicks, and waits for the end of the run, the title, and the frame in which all that stands."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return furnished(tmp_path_factory.mktemp("pages"))


@pytest.fixture
def server(home: Home) -> Iterator[Server]:
    with home.served() as running:
        yield running


@pytest.fixture
def cookie(home: Home) -> str:
    return f"{COOKIE}={home.token}"


def test_reruns_over_the_wire(server: Server, cookie: str, figures: Figures) -> None:
    with wire(server.url, cookie) as real, wire(server.url, cookie) as empty:
        for when in ("before any screen was opened", "after all screens were"):
            least = processor_of(server, partial(empty.rerun, query=EMPTY), FLOORS)
            figures.add(f"an empty page, {when}: processor time of the server", least * 1000, "ms")
            for page in PAGES.values():
                real.rerun(page)
        for title, page in PAGES.items():
            drawn = real.rerun(page)
            assert not failures(drawn), f"{title}: {failures(drawn)}"
            taken, floor = paired(RERUNS, partial(real.rerun, page), partial(empty.rerun, query=EMPTY))
            name = f"page, {title}"
            figures.add(f"{name}: rerun over the wire", taken * 1000, "ms")
            figures.add(f"{name}: an empty page beside it", floor * 1000, "ms")
            figures.add(f"{name}: times an empty page", taken / floor, "x")
            work = processor_of(server, partial(real.rerun, page), RERUNS)
            figures.add(f"{name}: processor time of the server", work * 1000, "ms")
            figures.add(f"{name}: sent", sum(message.ByteSize() for message in drawn) / 1024, "KB")
            for number, fragment in enumerate(fragments(drawn), start=1):
                taken, floor = paired(
                    RERUNS, partial(rerun_fragment, real, page, fragment), partial(empty.rerun, query=EMPTY)
                )
                figures.add(f"{name}: fragment {number}, times an empty page", taken / floor, "x")


def processor_of(server: Server, work: Callable[[], object], times: int) -> float:
    """Return the seconds of processor that the server takes for some work, on average."""
    before = worked(server.process.pid)
    for _ in range(times):
        work()
    return (worked(server.process.pid) - before) / times


def fragments(drawn: list[ForwardMsg]) -> list[str]:
    """Return the fragments that a page has, in the order in which they are drawn."""
    return list(dict.fromkeys(message.delta.fragment_id for message in drawn if message.delta.fragment_id))


def rerun_fragment(tab: Wire, page: str, fragment: str) -> None:
    """Ask for a run of one fragment, and wait for its end."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.fragment_id = fragment
    tab.socket.send(message.SerializeToString())
    while True:
        data = tab.socket.recv(SECONDS)
        assert isinstance(data, bytes)
        if ForwardMsg.FromString(data).WhichOneof("type") == "script_finished":
            return


def failures(drawn: list[ForwardMsg]) -> list[str]:
    """Return what a page says of failures in it."""
    elements = [message.delta.new_element for message in drawn if message.WhichOneof("type") == "delta"]
    return [one.exception.message for one in elements if one.WhichOneof("type") == "exception"]


def test_clicks_until_painted(server: Server, home: Home, browser: Browser, figures: Figures) -> None:
    context = browser.new_context()
    context.set_default_timeout(SECONDS * 1000)
    give_cookie(context, server, home.token)
    real, empty = context.new_page(), context.new_page()
    empty.goto(f"{server.url}/?{EMPTY}")
    empty.get_by_role("heading", name="Clicked 0").wait_for()
    real.goto(server.url)
    real.get_by_role("heading", name="Overview", exact=True).wait_for()
    clicks = 0
    times: dict[str, list[float]] = {title: [] for title in PAGES}
    floors: list[float] = []
    # The first round only warms: fonts, the parts of the front end that a screen needs.
    for turn in range(CLICKS + 1):
        for title, page in [*list(PAGES.items())[1:], ("Overview", "")]:
            seconds = painted(real, f'[data-testid="stSidebarNav"] a[href$="/{page}"]', title)
            clicks += 1
            floor = painted(empty, '[data-testid="stButton"] button', f"Clicked {clicks}")
            if turn:
                times[title].append(seconds)
                floors.append(floor)
    context.close()
    least = median(floors)
    figures.add("click to painted, an empty page", least, "ms")
    for title, taken in times.items():
        figures.add(f"click to painted, {title}", median(taken), "ms")
        figures.add(f"click to painted, {title}: times an empty page", median(taken) / least, "x")


def painted(page: Page, selector: str, title: str) -> float:
    """Click what `selector` finds, and return the ms until the screen of that title stands."""
    page.bring_to_front()
    return float(page.evaluate(PAINTED, [selector, title]))


def test_many_sessions_at_once(server: Server, cookie: str, figures: Figures) -> None:
    with wire(server.url, cookie) as first:
        first.rerun()
        figures.add("memory of the server at rest, one session", present(server.process.pid), "MB")
    taken: list[float] = []
    failed: list[str] = []
    begin = Barrier(SESSIONS)

    def click(number: int) -> None:
        try:
            with wire(server.url, cookie) as tab:
                tab.rerun()
                begin.wait(SECONDS)
                for step in range(EACH):
                    page = list(PAGES.values())[(number + step * 7) % len(PAGES)]
                    start = perf_counter()
                    failed.extend(failures(tab.rerun(page)))
                    taken.append(perf_counter() - start)
        except Exception as failure:  # noqa: BLE001 - whatever ends a session is a failed session
            failed.append(repr(failure))

    sessions = [Thread(target=click, args=(number,)) for number in range(SESSIONS)]
    start = perf_counter()
    for one in sessions:
        one.start()
    for one in sessions:
        one.join()
    seconds = perf_counter() - start
    taken.sort()
    name = f"{SESSIONS} sessions clicking at once"
    assert not failed, failed[:3]
    figures.add(f"{name}: rerun, 95th percentile", taken[ceil(len(taken) * 0.95) - 1], "s")
    figures.add(f"{name}: rerun, median", median(taken), "s")
    figures.add(f"{name}: reruns a second", len(taken) / seconds, "")
    figures.add(f"{name}: memory of the server after it", present(server.process.pid), "MB")
    figures.add(f"{name}: largest memory of the server", largest(server.process.pid), "MB")


def test_first_page_after_a_start(home: Home, cookie: str, figures: Figures) -> None:
    starts, firsts, seconds = [], [], []
    for _ in range(STARTS):
        start = perf_counter()
        with home.served() as server, wire(server.url, cookie) as tab:
            starts.append(perf_counter() - start)
            start = perf_counter()
            tab.rerun()
            firsts.append(perf_counter() - start)
            start = perf_counter()
            tab.rerun()
            seconds.append(perf_counter() - start)
    name = f"start over {ROWS:,} rows"
    figures.add(f"{name}: until the server answers", median(starts), "s")
    figures.add(f"{name}: the first page, asked at once", median(firsts), "s")
    figures.add(f"{name}: the second", median(seconds), "s")
