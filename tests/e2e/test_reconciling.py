"""Reconciling in a browser: ticking what is on a statement, locking it, and what a locked transaction says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.e2e.steps import click_in

pytestmark = pytest.mark.browser


def on_it(page: Page) -> tuple[int, int]:
    """Return how many transactions are on the statement, and how many could be."""
    told = page.get_by_text(re.compile(r"What is on it: [\d,]+ of [\d,]+ transactions")).inner_text()
    on, all_of_them = (int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", told))
    return on, all_of_them


def tick_the_first(page: Page) -> None:
    """Tick the table's first row, or take its tick away; it is drawn on a canvas."""
    click_in(page, page.get_by_test_id("data-grid-canvas").first, 30, 52)
    page.keyboard.press("Space")


def test_a_tick_moves_the_balance_and_what_agrees_is_locked(demo_page: Page, server: Server) -> None:
    page = demo_page
    page.goto(f"{server.url}/reconcile")
    expect(page.get_by_text("It agrees to the cent")).to_be_visible()
    before, everything = on_it(page)
    page.get_by_text("What is on it:").click()
    for _ in range(2):
        tick_the_first(page)
        # The first is the newest: pending and not counted, or posted and counted. Ticked, it is the other.
        expect(page.get_by_text(re.compile(r" apart$"))).to_be_visible()
        now, still = on_it(page)
        assert (abs(now - before), still) == (1, everything)
        tick_the_first(page)
        expect(page.get_by_text("It agrees to the cent")).to_be_visible()
        assert on_it(page) == (before, everything)
    page.get_by_role("button", name="Accept and lock").click()
    expect(page.get_by_text("Reconciled with the statement of")).to_be_visible()
    expect(page.get_by_text("Holds")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Holds")).to_be_visible()
    page.get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("its transactions are free again")).to_be_visible()
    expect(page.get_by_text("It agrees to the cent")).to_be_visible()
