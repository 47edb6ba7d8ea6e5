"""Bank files at the screen: what is likely the same is asked about, a corrected layout is kept, progress is told."""

import re
import time
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, text

from core import clock
from core.identity import add_user, start_session
from core.ledger import SourceFile, apply_update, import_statements, list_accounts
from core.store import Item, Transaction, UserId
from tests.bench.importing import long_file
from tests.bench.memory import largest
from tests.core.ledger.household import bought, statement, update
from tests.e2e.comparing import looks_as_before
from tests.e2e.conftest import SECONDS, give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit
from tests.machine.refusing import refuse

pytestmark = pytest.mark.browser

PASSWORD = "seven otters juggle lanterns"
_numbers = count(1)


@pytest.fixture
def person(page: Page, server: Server) -> UserId:
    """Sign a new person in, who has a linked account with one purchase."""
    return somebody(page, server)


def somebody(page: Page, server: Server) -> UserId:
    with server.house() as house:
        user = add_user(house.store, house.vault, f"files{next(_numbers)}@example.org", PASSWORD)
        with house.store.write() as session:
            item = Item(user_id=user, provider="demo", provider_key=f"item {user}", created_at=clock.now())
            session.add(item)
            session.flush()
            number = item.id
        known = (bought("t1", "-4.50", day=10, name="Corner Shop Ltd"), bought("t2", "-8", day=20, name="Tram Company"))
        apply_update(house.store, user, number, update(*known), since="")
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    return user


def upload(page: Page, server: Server, name: str, text: str) -> None:
    page.goto(f"{server.url}/import_file")
    page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list; one that closed because the page was drawn anew is opened again."""
    wanted = page.get_by_role("option", name=option, exact=True)
    deadline = time.monotonic() + SECONDS
    while not wanted.is_visible() and time.monotonic() < deadline:
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        page.get_by_role("combobox", name=label, exact=True).first.click()
        page.wait_for_timeout(500)
    wanted.click()


def rows(server: Server, user: UserId) -> list[str]:
    with server.house() as house, house.store.read() as session:
        found = session.scalars(
            select(Transaction)
            .where(Transaction.user_id == user, Transaction.removed_at.is_(None))
            .order_by(Transaction.id)
        )
        return [f"{row.date} {row.amount:.2f} {row.name}" for row in found]


def test_what_is_likely_the_same_stands_beside_its_twin_and_is_added_on_the_persons_word(
    page: Page, server: Server, person: UserId
) -> None:
    lines = ("2026-03-12,CORNER SHOP 0041,-4.50", "2026-03-21,TRAM COMPANY 7,-8.00", "2026-03-25,Rent,-900.00")
    text = "\n".join(["Date,Description,Amount", *lines])
    upload(page, server, "march.csv", text)
    choose(page, "Into", "Everyday")
    page.get_by_role("tab", name="Likely the same (2)").click()
    expect(page.get_by_text("CORNER SHOP 0041")).to_be_visible()
    expect(page.get_by_text("Corner Shop Ltd")).to_be_visible()
    expect(page.get_by_text("Here already · Mar 10, 2026")).to_be_visible()
    expect(page.get_by_role("button", name="Import 1 transaction")).to_be_visible()
    looks_as_before(page, "import-likely-the-same")
    page.get_by_role("radio", name="Add it anyway").first.click()
    page.get_by_role("button", name="Import 2 transactions").click()
    expect(page.get_by_text("2 new, 1 already there").first).to_be_visible()
    assert rows(server, person) == [
        "2026-03-10 -4.50 Corner Shop Ltd",
        "2026-03-20 -8.00 Tram Company",
        "2026-03-12 -4.50 CORNER SHOP 0041",
        "2026-03-25 -900.00 Rent",
    ]
    upload(page, server, "march.csv", text)
    expect(page.get_by_text("There is nothing to import")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("tab", name="Likely the same (2)")).to_be_visible()
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    looks_as_before(page, "import-undone")
    assert len(rows(server, person)) == 2


def test_a_row_taken_for_the_same_is_told_apart_in_its_history(page: Page, server: Server, person: UserId) -> None:
    with server.house() as house:
        (account,) = list_accounts(house.store, person)
        part = statement(bought(None, "-4.50", day=12, name="CORNER SHOP 0041"))
        import_statements(house.store, person, [(part, account.id)], SourceFile("csv", "march.csv", "1" * 64))
    with server.house() as house, house.store.read() as session:
        told = select(Transaction.id).where(Transaction.user_id == person, Transaction.file_key.is_not(None))
        number = session.scalars(told).one()
    page.goto(f"{server.url}/transactions?tx={number}")
    expect(page.get_by_text("A file told of this one too, as 2026-03-12: CORNER SHOP 0041.")).to_be_visible()
    page.get_by_role("button", name="Not the same: keep both").click()
    expect(page.get_by_text("Both are kept")).to_be_visible()
    expect(page.get_by_role("button", name="Not the same: keep both")).not_to_be_visible()
    assert sorted(rows(server, person)) == [
        "2026-03-10 -4.50 Corner Shop Ltd",
        "2026-03-12 -4.50 CORNER SHOP 0041",
        "2026-03-20 -8.00 Tram Company",
    ]


def test_a_corrected_layout_is_used_for_the_next_file_without_asking(
    page: Page, server: Server, person: UserId
) -> None:
    def file(month: int) -> str:
        return "Date,Description,Amount\n" + "".join(f"0{day}/0{month}/2026,Shop {day},12.50\n" for day in (2, 5, 7))

    upload(page, server, "march.csv", file(3))
    page.get_by_role("textbox", name="Its name").fill("Card")
    page.get_by_role("textbox", name="Its name").press("Enter")
    page.get_by_text("How it is read").click()
    choose(page, "Dates such as 03/04/2026", "Day first")
    choose(page, "Sign of amounts", "Turned around (spending is positive)")
    page.get_by_role("button", name="Read it like this").click()
    expect(page.get_by_text("Mar 2, 2026 to Mar 7, 2026")).to_be_visible()
    page.get_by_role("button", name="Import 3 transactions").click()
    expect(page.get_by_text("3 new, 0 already there").first).to_be_visible()
    upload(page, server, "april.csv", file(4))
    expect(page.get_by_text("Apr 2, 2026 to Apr 7, 2026")).to_be_visible()
    page.get_by_role("button", name="Import 3 transactions").click()
    expect(page.get_by_text("april.csv into Card: 3 new, 0 already there")).to_be_visible()
    assert rows(server, person)[-1] == "2026-04-07 -12.50 Shop 7"
    with server.house() as house:
        assert sorted(one.name for one in list_accounts(house.store, person)) == ["Card", "Everyday"]


def test_a_table_that_can_not_be_read_is_read_as_the_person_says(page: Page, server: Server, person: UserId) -> None:
    def file(month: int) -> str:
        rows = "".join(f"0{day}|0{month}/0{day}/2026|Shop {day}|12.50\n" for day in (2, 5, 7))
        return f"No,Booked,Words,Cost\nRow|Stamp|Memo|Price\n{rows}"

    upload(page, server, "march.csv", file(3))
    expect(page.get_by_text("No column of this file holds amounts")).to_be_visible()
    choose(page, "Headings", "Line 2: Row, Stamp, Memo, Price")
    choose(page, "Amount", "Price")
    choose(page, "Name", "Memo")
    page.get_by_role("button", name="Read it like this").click()
    expect(page.get_by_text("Mar 2, 2026 to Mar 7, 2026")).to_be_visible()
    page.get_by_role("button", name="Import 3 transactions").click()
    expect(page.get_by_text("3 new, 0 already there").first).to_be_visible()
    upload(page, server, "april.csv", file(4))
    expect(page.get_by_text("Apr 2, 2026 to Apr 7, 2026")).to_be_visible()


def test_a_long_file_tells_how_far_it_is_is_taken_in_whole_and_leaves_the_server_small(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # A server of its own: one that answered other journeys, or a first try at this one, holds their data too.
    with serving(tmp_path_factory.mktemp("data")) as server:
        somebody(page, server)
        _takes_a_long_file(page, server)


def test_why_a_file_could_not_be_taken_in_is_told_to_who_left_meanwhile(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with serving(tmp_path_factory.mktemp("data")) as server, server.house() as house:
        somebody(page, server)
        with house.store.write() as session:
            refuse(session, "transactions")
        page.goto(f"{server.url}/import_file")
        data = long_file("signed, with a balance", 15_000)
        page.locator('input[type="file"]').set_input_files({"name": "long.csv", "mimeType": "text/csv", "buffer": data})
        expect(page.get_by_role("tab", name="New (15,000)")).to_be_visible()
        with house.store.write() as session:
            # Whoever writes meanwhile waits for this.
            session.execute(text("UPDATE users SET last_change = last_change"))
            page.get_by_role("button", name="Import 15,000 transactions").click()
            expect(page.get_by_text("Importing")).to_be_visible()
            visit(page, "/query")
        visit(page, "/import_file")
        told = page.get_by_role("alert").filter(has_text="long.csv could not be taken in. The store refused this step")
        expect(told).to_be_visible()
        assert page.url == f"{server.url}/import_file"


FOLLOW = """() => {
    window.progressShown = [];
    new MutationObserver(() => document.querySelectorAll("[data-testid=stProgress]").forEach(
        (bar) => window.progressShown.push(bar.textContent)
    )).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
"""Remembers what bars of progress say: on a quick machine it stands there for less time than a look takes."""


def _takes_a_long_file(page: Page, server: Server) -> None:
    data = long_file("signed, with a balance", 100_000)
    page.goto(f"{server.url}/import_file")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(FOLLOW)
    page.locator('input[type="file"]').set_input_files({"name": "long.csv", "mimeType": "text/csv", "buffer": data})
    expect(page.get_by_role("tab", name="New (100,000)")).to_be_visible()
    expect(page.get_by_text("The first 200 of 100,000.")).to_be_visible()
    page.get_by_role("button", name="Import 100,000 transactions").click()
    # Who leaves while it is being written finds it done when they are back.
    page.wait_for_function("window.progressShown.some((one) => one.startsWith('Writing transactions'))")
    visit(page, "/query")
    visit(page, "/import_file")
    done, still = page.get_by_role("link", name="See them"), page.get_by_text("long.csv is still being taken in.")
    expect(done.or_(still)).to_be_visible()
    expect(done).to_be_visible()
    expect(still).to_have_count(0)
    expect(page.get_by_text("100,000 new, 0 already there").first).to_be_visible()
    shown = " ".join(page.evaluate("window.progressShown"))
    assert re.search(r"Reading the file: [\d,]+ of 100,000", shown)
    assert re.search(r"Writing transactions: [\d,]+ of 100,000", shown)
    assert largest(server.process.pid) < 500
