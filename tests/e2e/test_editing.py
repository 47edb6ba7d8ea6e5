"""Putting transactions right in a browser: select, categorise, undo, split, and take the result away."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.e2e.steps import categorise, click_in, tick

pytestmark = pytest.mark.browser


def test_rows_are_selected_categorised_undone_split_and_exported(demo_page: Page, server: Server) -> None:
    page = demo_page
    page.goto(f"{server.url}/transactions?text=greenleaf&kind=spending")
    expect(page.get_by_text("with “greenleaf”")).to_be_visible()
    tick(page, 1, "1 transaction is selected.")
    tick(page, 2, "2 transactions are selected.")

    dialog = page.get_by_role("dialog")
    categorise(page, "coffee", "Change 2 transactions")
    expect(page.get_by_text(re.compile("Put 2 transactions into Coffee")).first).to_be_visible()
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text(re.compile("Undid: Put 2 transactions into Coffee")).first).to_be_visible()

    tick(page, 1, "1 transaction is selected.")
    page.get_by_role("button", name=re.compile("^Split")).click()
    expect(dialog.get_by_text("Give the first line its share")).to_be_visible()
    grid = dialog.get_by_test_id("data-grid-canvas").first
    # The first line takes one; the second, which has no amount, takes the rest.
    click_in(page, grid, 90, 46)
    page.keyboard.press("1")
    # The cell opens a field of its own, which takes the Enter once it is there.
    page.wait_for_timeout(1000)
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("2 parts add up to the whole")).to_be_visible()
    dialog.get_by_role("button", name="Split").click()
    expect(page.get_by_text(re.compile("Split “Greenleaf Market” into 2 parts")).first).to_be_visible()

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="Download").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"), newline="")))
    assert waiting.value.suggested_filename.endswith(".csv")
    assert {row["Name"] for row in rows} == {"Greenleaf Market"}
    assert [row["Part"] for row in rows if row["Part"]] == ["1 of 2", "2 of 2"]
    assert "-1.00" in [row["Amount"] for row in rows if row["Part"]]
