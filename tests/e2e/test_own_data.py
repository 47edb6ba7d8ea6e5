"""Taking everything away and leaving for good, as a person does it in a browser."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from core.banking import begin_visit, look_at_visit
from core.banking.plaid import PlaidProvider
from core.config import Settings
from core.identity import Operator, add_user, all_users, start_session
from core.store import UserId
from tests.core.banking.house import sign_in_and_share
from tests.e2e.conftest import give_cookie, session_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.standins.plaid import CLIENT_ID, SECRET, Fault, PlaidStandIn

pytestmark = pytest.mark.browser

PASSWORD = "seven otters juggle lanterns"
BANKS = ("ins_109508", "ins_109511")

_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("data"), **bank.environment) as running:
        yield running


def come_in(page: Page, server: Server, bank: PlaidStandIn) -> tuple[UserId, str]:
    """Sign a new person with two banks in and open the settings of their data; return them and their e-mail."""
    email = f"ada{next(_numbers)}@example.org"
    with server.house() as house:
        settings = Settings(plaid_client_id=CLIENT_ID, plaid_secret=SECRET, plaid_base_url=bank.url)
        providers = {PlaidProvider.name: PlaidProvider.from_settings(settings)}
        user = add_user(house.store, house.vault, email, PASSWORD, "Ada")
        for key in BANKS:
            visit = begin_visit(house.store, house.vault, providers, Operator(user), "plaid")
            sign_in_and_share(visit.url, key)
            assert look_at_visit(house.store, house.vault, providers, user, visit.id).state == "done"
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Your data").click()
    return user, email


def test_everything_is_taken_away_and_then_deleted(
    page: Page, server: Server, bank: PlaidStandIn, tmp_path: Path
) -> None:
    user, email = come_in(page, server, bank)
    page.get_by_role("button", name="Export everything").click()
    expect(page.get_by_text("Your file is ready")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download").click()
    assert begun.value.suggested_filename.startswith("fintrack-")
    begun.value.save_as(tmp_path / "ada.zip")
    with ZipFile(tmp_path / "ada.zip") as archive:
        assert archive.testzip() is None
        assert len(json.loads(archive.read("tables/items.json"))) == len(BANKS)
        assert json.loads(archive.read("tables/users.json"))[0]["email"] == email
        assert b"Plaid Checking" in archive.read("transactions.csv")
    assert list((server.folder / "exports").iterdir()) == []
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Your file is ready")).to_have_count(0)

    items = list(bank.items.values())[-len(BANKS) :]
    bank.fail("/item/remove", *[Fault(code="INVALID_API_KEYS")] * 3)
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("This can't be undone.")).to_be_visible()
    page.get_by_label("Your e-mail address, to be sure").fill(email)
    page.get_by_role("button", name="Delete everything for good").click()
    expect(page.get_by_text("could not be told")).to_be_visible()
    bank.faults.clear()
    page.get_by_label("Your e-mail address, to be sure").fill(email)
    page.get_by_role("button", name="Delete anyway").click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    expect(page.get_by_text("Everything of yours is deleted.")).to_be_visible()
    assert [item.removed for item in items] == [True] * len(BANKS)
    for _ in range(100):
        if session_cookie(page.context) is None:
            break
        page.wait_for_timeout(50)
    assert session_cookie(page.context) is None
    with server.house() as house:
        assert user not in all_users(house.store)
