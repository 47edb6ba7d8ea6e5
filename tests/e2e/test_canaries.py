"""After a whole walk through the app, what a person typed and has is found in no file, log or address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.identity import Operator, add_user, begin_app, check_recovery, confirm_app, start_session
from tests.e2e.conftest import give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit
from tests.machine import stores

pytestmark = pytest.mark.browser

PASSWORD = "quaggas-nibble-marzipan-4711"
MEMO, MERCHANT, AMOUNT = "Zyzzyvafund", "Quokkamart", "7913.46"
CSV = f"""Date,Description,Amount,Balance
2026-01-05,{MERCHANT} {MEMO},-{AMOUNT},1000.00
2026-01-06,Salary,2000.00,3000.00
"""
SCREENS = (
    "overview",
    "accounts",
    "transactions",
    "subscriptions",
    "bills",
    "investments",
    "reconcile",
    "settings",
    "budgets",
    "goals",
    "insights",
    "analytics",
    "explore",
    "forecast",
    "coach",
    "query",
    "report",
)


@pytest.fixture(params=["true", "false"], ids=["encrypted", "plain"])
def house_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, bool]]:
    with serving(tmp_path / "data", FINTRACK_ENCRYPT=request.param) as running:
        yield running, request.param == "true"


def test_nothing_of_a_person_is_left_lying_about(page: Page, house_server: tuple[Server, bool], tmp_path: Path) -> None:
    server, encrypted = house_server
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with server.house() as house:
        user = add_user(house.store, house.vault, "canary.person@example.org", PASSWORD, "Xylophia", "Canaryman")
        secret = begin_app(house.store, house.vault, Operator(user)).secret
        codes = confirm_app(house.store, house.vault, Operator(user), pyotp.TOTP(secret).at(clock.now()))
        passed = check_recovery(house.store, house.vault, user, codes[0])
        token = start_session(house.store, user, passed=passed, agent="tests")
        give_cookie(page.context, server, token)
    file = tmp_path / "statement.csv"
    file.write_text(CSV)
    page.goto(f"{server.url}/import_file")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("^Import")).click()
    # What the preview says of the file is no sign that it is taken in: who leaves before that takes nothing in.
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    for screen in SCREENS:
        visit(page, f"/{screen}")
    visit(page, "/settings")
    for tab in ("Signing in", "Notifications", "Coach", "Activity", "Your data"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab).get_by_test_id("stElementContainer").first).to_be_visible()
    visit(page, f"/transactions?text={MERCHANT}")
    expect(page.get_by_text(re.compile("^1 transaction")).first).to_be_visible()
    page.goto(f"{server.url}/nowhere-{MEMO}")
    page.wait_for_timeout(1000)

    secrets = (PASSWORD, secret, token, *codes, MEMO, MERCHANT, AMOUNT, "791346", "Xylophia", "Canaryman")
    log = server.log.read_text("utf-8", "replace")
    assert {one for one in secrets if one in log} == set()
    addresses = "\n".join(asked)
    never = (PASSWORD, secret, token, *codes, AMOUNT)
    assert {one for one in never if one in addresses} == set()
    kept = {
        (path.relative_to(server.folder).as_posix(), one)
        for path in server.folder.rglob("*")
        if path.is_file()
        for one in secrets
        if one.encode() in path.read_bytes()
    }
    if encrypted:
        assert kept == set()
    else:
        # What a cache knows lies there, and what the store does where that is a file.
        there = {MEMO, MERCHANT} | ({"Xylophia"} if stores.EVERYWHERE == stores.SQLITE else set())
        assert {one for _, one in kept} >= there, "the search finds what is there"
        assert {one for _, one in kept}.isdisjoint({PASSWORD, secret, token, *codes})
    for path in server.folder.rglob("*"):
        if path != server.log:
            assert path.stat().st_mode & 0o077 == 0, f"others can read {path}"
