"""Signing in at GitHub, which speaks OAuth 2 alone, as a person does it: by the same door as at other providers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.identity import add_user, find_user, list_external, profile
from tests.e2e.conftest import session_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.test_oidc import await_signed_in, streamlits_cookies
from tests.e2e.test_signing_in import PASSWORD
from tests.standins.oidc import CLIENT_SECRET, Account, GitHubSite

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def github() -> Iterator[GitHubSite]:
    with GitHubSite() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, github: GitHubSite) -> Iterator[Server]:
    settings = {
        "OIDC_GITHUB_CLIENT_ID": github.client_id,
        "OIDC_GITHUB_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_GITHUB_URL": github.url,
    }
    with serving(tmp_path_factory.mktemp("data"), **settings) as running:
        yield running


def go(page: Page, app: str, decision: str = "Authorize") -> None:
    """Go to GitHub from the sign-in page and decide there."""
    page.goto(f"{app}/sign_in")
    page.get_by_role("button", name="Sign in with GitHub").click()
    page.get_by_role("button", name=decision).click()


def test_a_newcomer_from_github_signs_out_and_in_again_under_another_address(
    page: Page, app: str, server: Server, github: GitHubSite
) -> None:
    github.account = Account(7, "ada", "Ada", (("ada@example.org", True), ("old@example.org", True)))
    page.goto(f"{app}/sign_up")
    page.get_by_role("button", name="Sign up with GitHub").click()
    page.get_by_role("button", name="Authorize").click()
    await_signed_in(page)
    with server.house() as house:
        user = find_user(house.store, "ada@example.org")
        assert user is not None
        told = profile(house.store, user)
        assert (told.first_name, told.email_verified, told.has_password) == ("Ada", True, False)
        assert [one.issuer for one in list_external(house.store, user)] == [f"{github.url}/login/oauth"]
    assert streamlits_cookies(page) == []
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    # The account's number is who they are, not its name or its address.
    github.account = Account(7, "countess", None, (("new@example.org", True),))
    go(page, app)
    await_signed_in(page)
    with server.house() as house:
        assert find_user(house.store, "new@example.org") is None
    assert set(github.prompts) == {"select_account"}
    log = server.log.read_text("utf-8")
    assert github.bearers
    assert not any(token in log for token in github.bearers)


def test_at_github_too_an_unconfirmed_address_is_to_be_confirmed_and_takes_nobodys_account(
    page: Page, app: str, server: Server, github: GitHubSite
) -> None:
    with server.house() as house:
        add_user(house.store, house.vault, "known@example.org", PASSWORD)
    github.account = Account(8, "mallory", None, (("known@example.org", False), ("mallory@example.org", True)))
    go(page, app)
    expect(page.get_by_text("no account could be made with it")).to_be_visible()
    assert session_cookie(page.context) is None
    github.account = Account(9, "bob", None, (("bob@example.org", False),))
    go(page, app)
    await_signed_in(page)
    expect(page.get_by_role("link", name="Confirm your e-mail address")).to_be_visible()
    with server.house() as house:
        user = find_user(house.store, "bob@example.org")
        assert user is not None
        assert not profile(house.store, user).email_verified


def test_what_goes_wrong_at_github_is_told_in_words(page: Page, app: str, github: GitHubSite) -> None:
    github.account = Account(10, "eve", None, (("eve@example.org", True),))
    go(page, app, "Cancel")
    expect(page.get_by_text("You did not sign in at the provider")).to_be_visible()
    github.answers = {"/api/v3/user": (503, {}, b"Busy.")}
    go(page, app)
    expect(page.get_by_text("The provider does not answer.")).to_be_visible()
    github.answers = {"/login/oauth/access_token": (200, {}, b'{"error": "incorrect_client_credentials"}')}
    go(page, app)
    expect(page.get_by_text("The provider does not accept this server.")).to_be_visible()
    github.answers = {}
    exchanged = github.exchanged
    page.goto(f"{app}/oauth2callback/github?state=forged&code={github.code()}")
    expect(page.get_by_text("This sign-in was not begun in this browser")).to_be_visible()
    assert github.exchanged == exchanged
    assert session_cookie(page.context) is None
