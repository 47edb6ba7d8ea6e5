"""How soon words of a model stand on the coach's page after it sent them, in a real browser."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

from core.demo import start_demo
from core.identity import start_session
from tests.bench.conftest import Figures
from tests.e2e.conftest import SECONDS, give_cookie
from tests.e2e.server import serving
from tests.standins.models import KEY, MODEL, Answer, ModelStandIn

pytestmark = pytest.mark.bench

QUESTIONS = 12
SOON = 150.0
"""Milliseconds from the first piece that a model sends to its words on the page."""
THINKS = 1.0
"""Seconds before the model's first piece: until then the page has drawn that an answer is coming."""
WAIT = """(word) => { window.stood = new Promise((done) => new MutationObserver((_, observer) => {
    if (!document.body.innerText.includes(word)) return
    observer.disconnect()
    done(performance.timeOrigin + performance.now())
}).observe(document.body, { subtree: true, childList: true, characterData: true })) }"""


@pytest.fixture
def coach(tmp_path: Path, browser: Browser) -> Iterator[tuple[Page, ModelStandIn]]:
    """Open the coach of a demo household, with a model that streams."""
    with (
        ModelStandIn("gemini") as model,
        serving(tmp_path, GEMINI_API_KEY=KEY, GEMINI_BASE_URL=model.url, GEMINI_MODEL=MODEL) as server,
    ):
        context = browser.new_context()
        context.set_default_timeout(SECONDS * 1000)
        page = context.new_page()
        with server.house() as house:
            give_cookie(context, server, start_session(house.store, start_demo(house), agent="bench"))
        page.goto(f"{server.url}/coach")
        yield page, model
        context.close()


def late(page: Page, model: ModelStandIn, number: int, thinks: float) -> float:
    """Ask; return the milliseconds from the model's first piece, after so many seconds, to when it can be read."""
    word = f"word{'abcdefghijklmnopqrstuvwxyz'[number]}"
    model.answers = [Answer((f"A {word} ", "and ", "more."), wait=thinks, between=0.5)]
    box = page.get_by_placeholder("Ask about your money")
    box.fill("What do you say?")
    page.evaluate(WAIT, word)
    box.press("Enter")
    stood = float(page.evaluate("stood"))
    sent = model.began[-1] - time.perf_counter() + time.time()
    page.get_by_role("button", name="Ask again").wait_for()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="New").click()
    page.get_by_text("Ask in plain words.").wait_for()
    return stood - sent * 1000


def test_words_stand_on_the_page_soon_after_the_model_sent_them(
    coach: tuple[Page, ModelStandIn], figures: Figures
) -> None:
    page, model = coach
    # The first question loads the SDK; the others fall on all moments between two looks of the page.
    taken = [late(page, model, number, THINKS + 0.013 * number) for number in range(QUESTIONS + 1)][1:]
    print([round(one) for one in taken])
    figures.add("First words of a model on the page, after it sent them, median", median(taken), "ms", SOON)
    figures.add(f"The same, the slowest of {QUESTIONS}", max(taken), "ms", SOON)
    assert median(taken) <= SOON
