"""Real money data by all three roads, as a person sees it: counts and sums on the screen equal the input's."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.config import ROOT
from core.identity import add_user, profile, start_session
from core.store import UserId
from tests.e2e.conftest import give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit
from tests.standins.plaid import PlaidStandIn

pytestmark = pytest.mark.browser

PASSWORD = "seven otters juggle lanterns"
FILES = [
    # name, currency, rows, sum
    ("ofx/checking.ofx", "USD", 3, "-59.50"),
    ("ofx/bank_medium.ofx", "CAD", 3, "-345.27"),
    ("ofx/fidelity-savings.ofx", "USD", 4, "-1778.3952"),
    ("ofx/suncorp.ofx", "AUD", 1, "-16.85"),
    ("csv/suntrust.csv", "USD", 7, "700.00"),
    ("csv/nationwide.csv", "GBP", 4, "360.23"),
    ("csv/ing.csv", "USD", 3, "-18.63"),
    ("camt/camt053.v2.multi.statement.xml", "EUR", 2, "1.85"),
    ("mt940/mt940.txt", "EUR", 8, "56.94"),
    ("qif/test_split.qif", "USD", 1, "-10.00"),
    ("csv/danish_kroner_nordea_example.csv", "USD", 6, "-4732.00"),
]
_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("data"), **bank.environment) as running:
        yield running


@dataclass(frozen=True)
class Newcomer:
    email: str
    user: UserId


@pytest.fixture
def newcomer(page: Page, server: Server) -> Newcomer:
    """Sign a new person in, who has nothing yet."""
    email = f"newcomer{next(_numbers)}@example.org"
    with server.house() as house:
        user = add_user(house.store, house.vault, email, PASSWORD)
        assert profile(house.store, user).currency == "USD"
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    return Newcomer(email, user)


def money(text: str) -> Decimal:
    """Read an American amount with its sign, whatever the currency."""
    found = re.search(r"([−+]?)[^\d−+]*([\d,]+(?:\.\d+)?)", text)
    assert found is not None, text
    return Decimal(found[2].replace(",", "")) * (-1 if found[1] == "−" else 1)


def totals(page: Page) -> dict[str, Decimal]:
    """Return what the totals line of the transactions says: how many, in, out and net."""
    line = page.get_by_text(re.compile(r"^[\d,]+ transactions? · in ")).first
    line.wait_for()
    told = line.inner_text()
    number = re.match(r"[\d,]+", told)
    assert number is not None
    parts = {name: told.partition(f"{name} ")[2].partition(" · ")[0] for name in ("in", "out", "net")}
    return {"count": Decimal(number[0].replace(",", ""))} | {name: money(part) for name, part in parts.items()}


def run_core(server: Server, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        cwd=ROOT,
        env={**os.environ, **server.settings, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "custom", ["transactions_business_account", "assets_assets_custom_user2", "income_welderTestUser"]
)
def test_plaids_sandbox_users_are_seen_to_the_cent(
    page: Page, server: Server, bank: PlaidStandIn, newcomer: Newcomer, shared: Path, custom: str
) -> None:
    path = shared / "plaid" / "custom_users" / f"{custom}.json"
    told = json.loads(path.read_text("utf-8"))["override_accounts"]
    amounts = [-Decimal(str(row["amount"])) for one in told for row in one.get("transactions", [])]
    page.goto(f"{server.url}/transactions")
    expect(page.get_by_text("No transactions yet")).to_be_visible()
    (linked,) = json.loads(
        run_core(server, bank.environment, "link", "--sandbox", "--user", newcomer.email,
                 "--custom-user", str(path), "--json")
    )  # fmt: skip
    assert linked["added"] == len(amounts)
    visit(page, "/accounts")
    expect(page.get_by_text("Up to date")).to_be_visible()
    page.get_by_role("button", name="Sync all").click()
    expect(page.get_by_text("Synced: nothing new")).to_be_visible()
    visit(page, "/transactions")
    seen = totals(page)
    assert seen["count"] == len(amounts)
    assert seen["net"] == sum(amounts)
    assert seen["in"] == sum(amount for amount in amounts if amount > 0)
    assert seen["out"] == sum(amount for amount in amounts if amount < 0)


def test_a_banks_file_is_seen_imported_refused_twice_and_taken_back(
    page: Page, server: Server, newcomer: Newcomer, shared: Path
) -> None:
    page.goto(f"{server.url}/import_file")
    for name, currency, rows, total in FILES:
        file = shared / "statements" / name
        page.locator('input[type="file"]').set_input_files(file)
        expect(page.get_by_role("tab", name=f"New ({rows})"), name).to_be_visible()
        page.get_by_role("button", name=re.compile(rf"^Import {rows} transactions?$")).dblclick()
        # Earlier ones, which were undone, are listed below with such words too.
        done = re.compile(rf"{re.escape(file.name)} into .*: {rows} new, 0 already there")
        expect(page.get_by_text(done).first, name).to_be_visible()

        visit(page, "/transactions")
        seen = totals(page)
        assert seen["count"] == rows, name
        assert seen["net"] == round(Decimal(total), 2), name
        with server.house() as house:
            (summary,) = house.caches.of(newcomer.user).ask("verify_accounts")
            assert currency in summary, name

        visit(page, "/import_file")
        page.locator('input[type="file"]').set_input_files(file)
        expect(page.get_by_text("There is nothing to import"), name).to_be_visible()
        page.get_by_role("button", name="Undo").first.click()
        expect(page.get_by_role("button", name=re.compile(rf"^Import {rows} transactions?$")), name).to_be_visible()
        visit(page, "/transactions")
        expect(page.get_by_text("No transactions yet"), name).to_be_visible()
        visit(page, "/import_file")


def test_a_file_that_cant_be_read_is_refused_in_words(
    page: Page, server: Server, newcomer: Newcomer, shared: Path
) -> None:
    page.goto(f"{server.url}/import_file")
    for name in ("ofx/error_message.ofx", "csv/invalid_header_example.csv", "camt/camt053.v2.wrong.xml"):
        page.locator('input[type="file"]').set_input_files(
            {"name": Path(name).with_suffix(".txt").name, "mimeType": "text/plain",
             "buffer": (shared / "statements" / name).read_bytes()}
        )  # fmt: skip
        expect(page.get_by_role("alert").first, name).to_be_visible()
        assert "Traceback" not in page.content()
        visit(page, "/transactions")
        expect(page.get_by_text("No transactions yet"), name).to_be_visible()
        visit(page, "/import_file")
        expect(page.get_by_role("alert"), name).to_have_count(0)


def test_plaids_test_bank_is_linked_by_two_clicks(page: Page, server: Server, newcomer: Newcomer) -> None:
    page.goto(f"{server.url}/accounts?add=bank")
    page.get_by_role("button", name="Link the test bank").click()
    expect(page.get_by_text("Up to date")).to_be_visible()


def test_the_demo_bank_is_linked_from_the_empty_accounts(page: Page, server: Server, newcomer: Newcomer) -> None:
    page.goto(f"{server.url}/accounts?add=demo")
    page.get_by_role("button", name="Add the demo bank").click()
    expect(page.get_by_text("Harborline Bank").first).to_be_visible()
    visit(page, "/")
    expect(page.get_by_text("Net worth").first).to_be_visible()
