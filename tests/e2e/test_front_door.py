"""Nothing of a page is reachable without signing in: not by URL, not by a raw websocket, not by a stale cookie."""

import http.client
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from core import clock
from core.config import ROOT
from core.demo import start_demo
from core.identity import add_user, delete_users, end_all_sessions, session_of, start_session
from core.ledger import list_accounts
from core.store import UserId
from tests.e2e.conftest import COOKIE, new_email
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.machine.wire import Wire, wire, words

pytestmark = pytest.mark.browser

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
PRIVATE = (
    "overview",
    "insights",
    "accounts",
    "transactions",
    "analytics",
    "categories",
    "subscriptions",
    "bills",
    "investments",
    "reconcile",
    "import_file",
    "settings",
    "budgets",
    "goals",
    "forecast",
    "coach",
    "query",
    "explore",
    "report",
)
WITH_MONEY = ("overview", "accounts", "transactions", "investments", "reconcile")
"""Those that name an account or a bank as soon as they are opened."""
GARBAGE = ("x", "0" * 43, "../../etc/passwd", "%00", '"; DROP TABLE sessions')
SECONDS = 30
"""How long what should come is waited for, on a machine that is busy with other tests."""


@dataclass(frozen=True)
class Household:
    """Somebody with money, and words that would give it away."""

    user: UserId
    token: str
    secrets: tuple[str, ...]


@pytest.fixture(scope="module")
def server(own_server: Server) -> Server:
    return own_server


@pytest.fixture(scope="module")
def household(server: Server) -> Household:
    with server.house() as house:
        user = start_demo(house)
        names = tuple(account.name for account in list_accounts(house.store, user))
        return Household(user, start_session(house.store, user), (*names, "Greenleaf", "Harborline"))


def seen(server: Server, household: Household, cookie: str, page: str = "", page_hash: str = "") -> set[str]:
    """Return which of the household's secrets a raw session is told."""
    with wire(server.url, cookie) as session:
        told = words(session.rerun(page, page_hash=page_hash))
    return {secret for secret in household.secrets if secret in told}


def await_secrets(session: Wire, household: Household, page: str) -> None:
    """Ask for a page until it tells a secret: while the cache is filled, it shows where its figures will stand."""
    deadline = time.monotonic() + SECONDS
    while not [secret for secret in household.secrets if secret in (told := words(session.rerun(page)))]:
        assert time.monotonic() < deadline, f"{page}: {told[:2000]}"
        time.sleep(0.2)


def cookie(token: str) -> str:
    return f"{COOKIE}={token}"


def test_the_household_itself_is_told_its_money(server: Server, household: Household) -> None:
    """Without this, the tests below would show nothing."""
    with wire(server.url, cookie(household.token)) as session:
        for page in ("", "accounts", "transactions"):
            await_secrets(session, household, page)


@pytest.mark.parametrize("page", ["", *PAGES])
def test_a_raw_websocket_without_a_cookie_is_told_nothing(server: Server, household: Household, page: str) -> None:
    assert seen(server, household, "", page) == set()


@pytest.mark.parametrize("page", PRIVATE)
def test_a_forged_page_hash_opens_nothing(server: Server, household: Household, page: str) -> None:
    for named in (page, str(ROOT / "pages" / f"{page}.py"), f"pages/{page}.py"):
        assert seen(server, household, "", page_hash=calc_hash(named)) == set()


@pytest.mark.parametrize("token", GARBAGE)
def test_a_made_up_cookie_opens_nothing(server: Server, household: Household, token: str) -> None:
    with suppress(InvalidHandshake, ConnectionClosed):
        assert seen(server, household, cookie(token), "transactions") == set()


def test_stale_cookies_open_nothing(server: Server, household: Household) -> None:
    with server.house() as house:
        other = start_demo(house, "10.9.0.1")
        gone = start_session(house.store, other)
        delete_users(house.store, [other])
        with clock.frozen(clock.now() - timedelta(days=40)):
            expired = start_session(house.store, household.user, remember=True)
        person = add_user(house.store, house.vault, new_email("stale"), "seven otters juggle lanterns")
        revoked = start_session(house.store, person)
        end_all_sessions(house.store, person)
    for token in (gone, expired, revoked):
        for page in PRIVATE:
            assert seen(server, household, cookie(token), page) == set()


def test_an_open_page_ends_when_its_session_is_revoked_elsewhere(server: Server, household: Household) -> None:
    with server.house() as house:
        token = start_session(house.store, household.user)
        with wire(server.url, cookie(token)) as session:
            await_secrets(session, household, "accounts")
            found = session_of(house.store, token)
            assert found is not None
            with house.store.write() as inside:
                from core.store import Session

                inside.get_one(Session, found.session_id).revoked_at = clock.now()
            told = words(session.rerun("accounts"))
        assert not [secret for secret in household.secrets if secret in told]


def test_two_people_never_see_each_others_money(server: Server, household: Household) -> None:
    with server.house() as house:
        other = add_user(house.store, house.vault, new_email("poor"), "seven otters juggle lanterns")
        token = start_session(house.store, other)
    with wire(server.url, cookie(token)) as poor, wire(server.url, cookie(household.token)) as rich:
        for page in PRIVATE:
            if page in WITH_MONEY:
                await_secrets(rich, household, page)
            told = words(poor.rerun(page))
            assert not [secret for secret in household.secrets if secret in told], page


def test_state_given_with_the_request_signs_nobody_in(server: Server, household: Household) -> None:
    for query in (f"session_token={household.token}", f"{COOKIE}={household.token}", "user=1", "tx=1"):
        with wire(server.url) as session:
            told = words(session.rerun("transactions", query=query))
        assert not [secret for secret in household.secrets if secret in told], query


def test_a_link_in_a_letter_leads_here_whatever_the_page_says(server: Server) -> None:
    email = new_email("reset")
    with server.house() as house:
        add_user(house.store, house.vault, email, "seven otters juggle lanterns")
    with wire(server.url) as session:
        drawn = session.rerun("forgot_password")
        told = words(session.send_form("forgot_password", drawn, email, "https://evil.example/"))
    assert "a link is on its way" in told
    deadline = time.monotonic() + SECONDS
    letters: list[str] = []
    while not letters and time.monotonic() < deadline:
        found = [message_from_bytes(path.read_bytes()) for path in (server.folder / "outbox").glob("*.eml")]
        letters = [str(one.get_payload(decode=True)) for one in found if one["To"] == email]
    (letter,) = letters
    assert "evil.example" not in letter
    assert f"{server.url}/new_password?token=" in letter


@pytest.mark.parametrize("page", PAGES)
def test_a_page_file_run_by_itself_shows_nothing(page: str) -> None:
    run = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=30).run()
    if page in PRIVATE:
        shown = [element for element in run.main if element.type not in {"alert", "info"}]
        assert [info.value for info in run.info] == ["You are signed out. Reload the page to sign in."]
        assert len(shown) <= 1, shown


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:1", "null", "https://127.0.0.1.evil.example"]
)
def test_another_sites_page_gets_no_websocket(server: Server, household: Household, origin: str) -> None:
    with (
        pytest.raises((InvalidHandshake, ConnectionClosed)),
        wire(server.url, cookie(household.token), Origin=origin) as session,
    ):
        session.rerun("accounts")


def ask(server: Server, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(server.host, timeout=SECONDS)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, told


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "127.0.0.1:@evil.example", ""]
)
def test_a_name_that_is_not_this_servers_is_refused(server: Server, household: Household, host: str) -> None:
    """A site whose name was turned to 127.0.0.1 (DNS rebinding) would come with its own Host."""
    for path in ("/", "/healthz", "/session/start", "/_stcore/host-config"):
        status, _, _ = ask(server, "GET", path, Host=host, Cookie=cookie(household.token))
        assert status in {400, 403}, path


def test_the_session_routes_take_no_forged_tickets_and_no_other_site(server: Server, household: Household) -> None:
    for ticket in ("", "x", household.token, "0" * 43):
        status, headers, _ = ask(server, "POST", "/session/start", X_Ticket=ticket)
        assert status == 403
        assert "set-cookie" not in headers
    for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        status, _, _ = ask(server, "POST", "/session/end", Cookie=cookie(household.token), **headers)
        assert status == 403
    with server.house() as house:
        assert session_of(house.store, household.token) is not None


@pytest.mark.parametrize(
    "path",
    [
        "/data/fintrack.db",
        "/app/static/../../data/fintrack.db",
        "/static/../../data/fintrack.db",
        "/static/%2e%2e/%2e%2e/streamlit_app.py",
        "/fonts/../../../streamlit_app.py",
        "/fonts/%2e%2e%2f%2e%2e%2fformats.py",
        "/install/%2e%2e/installing.py",
        "/component/../../pyproject.toml",
        "/component/x/%2e%2e/%2e%2e/pyproject.toml",
        "/.env",
        "/media/0000.csv",
    ],
)
def test_no_path_leads_to_a_file_of_ours(server: Server, path: str) -> None:
    status, headers, told = ask(server, "GET", path)
    assert status != 200 or "text/html" in headers["content-type"]
    assert b"SQLite format" not in told
    assert b"import streamlit" not in told
    assert b"[project]" not in told


def test_uploads_exports_and_metrics_need_a_session(server: Server) -> None:
    upload = "/_stcore/upload_file/a/b"
    for method, path in (("PUT", upload), ("POST", upload), ("GET", "/media/a.csv"), ("GET", "/_stcore/metrics")):
        status, _, told = ask(server, method, path, b"x" * 100)
        assert (status, told) == (403, b"Sign in first.")


def test_every_answer_carries_the_safety_headers(server: Server) -> None:
    font, manifest = "/fonts/ibm-plex-sans-latin-400-normal.woff2", "/install/manifest.webmanifest"
    for path in ("/", "/healthz", font, manifest, "/session/door.js"):
        status, headers, _ = ask(server, "GET", path)
        assert status == 200, path
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_health_tells_nothing_but_health(server: Server) -> None:
    assert ask(server, "GET", "/healthz")[2] == b'{"status":"ok"}'


def test_the_log_holds_no_secret(server: Server, household: Household) -> None:
    log = Path(server.log).read_text("utf-8", "replace")
    assert household.token not in log
    assert "Harborline" not in log
    assert "Traceback" not in log


def test_a_made_up_cookie_does_not_count_as_somebody_new_each_time(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as flooded:
        statuses = [ask(flooded, "POST", "/session/end", Cookie=f"{COOKIE}={number}")[0] for number in range(101)]
        assert set(statuses[:100]) == {204}
        assert statuses[100] == 429
        assert int(ask(flooded, "POST", "/session/end")[1]["retry-after"]) > 0
        assert ask(flooded, "GET", "/healthz")[0] == 200
