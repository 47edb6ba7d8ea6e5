"""Signing in at two OpenID Connect providers and at GitHub, as a person does it: there, back, and out again."""

import re
from collections.abc import Iterator
from itertools import count
from urllib.parse import parse_qsl, urlencode, urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import update

from core import clock
from core.identity import Operator, add_user, begin_app, confirm_app, find_user, list_external, profile
from core.store import Session
from tests.e2e.conftest import session_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.test_second_factor import letters, typed
from tests.e2e.test_signing_in import PASSWORD, await_cookie, sign_in
from tests.standins.oidc import CLIENT_ID, CLIENT_SECRET, Account, GitHubSite, OidcProvider, Person

pytestmark = pytest.mark.browser

BUTTON = "Sign in with Tester & Sons"
TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
STREAMLITS = "_streamlit_user"
AT_GITHUB = "Sign in with GitHub"
_numbers = count(1)


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as running:
        yield running


@pytest.fixture(scope="module")
def microsoft() -> Iterator[OidcProvider]:
    """Return one like Microsoft: asked for all tenants, it signs as one and says of no e-mail that it is confirmed."""
    with OidcProvider(
        changes={"tid": TENANT},
        client_id="fintrack-at-microsoft",
        callback="/oauth2callback/microsoft",
        path=f"/{TENANT}/v2.0",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def github() -> Iterator[GitHubSite]:
    with GitHubSite() as running:
        yield running


@pytest.fixture(autouse=True)
def somebody(provider: OidcProvider, microsoft: OidcProvider) -> Person:
    """Let somebody new be signed in at the provider, and somebody else at Microsoft."""
    number = next(_numbers)
    microsoft.person = Person(f"{number}", f"worker-{number}@example.org", email_verified=None)
    provider.person = Person(f"subject-{number}", f"guest-{number}@example.org")
    provider.changes, provider.away, provider.foreign_key = {}, False, False
    return provider.person


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, provider: OidcProvider, microsoft: OidcProvider, github: GitHubSite
) -> Iterator[Server]:
    settings = {
        "OIDC_ISSUER_URL": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "Tester & Sons",
        "OIDC_MICROSOFT_CLIENT_ID": microsoft.client_id,
        "OIDC_MICROSOFT_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_MICROSOFT_TENANT": "common",
        "OIDC_MICROSOFT_BASE_URL": microsoft.base,
        "OIDC_GITHUB_CLIENT_ID": github.client_id,
        "OIDC_GITHUB_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_GITHUB_URL": github.url,
    }
    with serving(tmp_path_factory.mktemp("data"), **settings) as running:
        yield running


def go(page: Page, app: str, decision: str = "Allow", button: str = BUTTON) -> None:
    """Go to a provider from the sign-in page and decide there."""
    page.goto(f"{app}/sign_in")
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name=decision).click()


def streamlits_cookies(page: Page) -> list[str]:
    return [str(one.get("name")) for one in page.context.cookies() if str(one.get("name")).startswith(STREAMLITS)]


def await_signed_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    await_cookie(page)


def test_a_newcomer_signs_in_and_out_and_streamlits_cookie_opens_nothing(
    page: Page, browser: Browser, app: str, server: Server, somebody: Person
) -> None:
    kept: list[str] = []

    def keep(response: Response) -> None:
        if "/oauth2callback" in response.url:
            kept.extend(one["value"] for one in response.headers_array() if one["name"].lower() == "set-cookie")

    page.on("response", keep)
    go(page, app)
    await_signed_in(page)
    assert "provider=" not in page.url
    (cookie,) = [one for one in kept if one.startswith(STREAMLITS)]
    assert "Max-Age=600" in cookie
    assert "_tokens" not in cookie
    with server.house() as house:
        user = find_user(house.store, somebody.email)
        assert user is not None
        told = profile(house.store, user)
        assert (told.first_name, told.email_verified, told.has_password) == ("Ada", True, False)
    assert streamlits_cookies(page) == []
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    with browser.new_context() as thief:
        name, _, value = cookie.partition(";")[0].partition("=")
        thief.add_cookies([{"name": name, "value": value.strip('"'), "url": app, "httpOnly": True, "sameSite": "Lax"}])
        stolen = thief.new_page()
        for path in ("", "/accounts", "/sign_in"):
            stolen.goto(f"{app}{path}")
            expect(stolen.get_by_text(re.compile("^(Good to see you|Try the demo)$")).first).to_be_visible()
        stolen.goto(f"{app}/sign_in?provider=done")
        expect(stolen.get_by_text("This sign-in at the provider was used already.")).to_be_visible()
        assert session_cookie(thief) is None
    go(page, app)
    await_signed_in(page)


def test_the_second_factor_is_asked_for_after_the_provider(
    page: Page, app: str, server: Server, somebody: Person
) -> None:
    go(page, app)
    await_signed_in(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    with server.house() as house:
        user = find_user(house.store, somebody.email)
        assert user is not None
        app_secret = pyotp.TOTP(begin_app(house.store, house.vault, Operator(user)).secret)
        (code, *_) = confirm_app(house.store, house.vault, Operator(user), app_secret.at(clock.now()))
    go(page, app)
    expect(page.get_by_text("One more step")).to_be_visible()
    assert session_cookie(page.context) is None, "no session before the second factor"
    page.get_by_text("Recovery code", exact=True).click()
    typed(page, "Recovery code", code)
    await_signed_in(page)


def test_a_known_address_is_not_taken_over_but_linked_by_its_person(
    page: Page, app: str, server: Server, provider: OidcProvider, somebody: Person
) -> None:
    with server.house() as house:
        user = add_user(house.store, house.vault, somebody.email, PASSWORD)
    go(page, app)
    expect(page.get_by_text("There is an account with this e-mail address here already.")).to_be_visible()
    assert session_cookie(page.context) is None
    sign_in(page, somebody.email)
    await_signed_in(page)
    page.goto(f"{app}/settings")
    page.get_by_role("tab", name="Signing in").click()
    page.get_by_role("button", name="Link", exact=True).last.click()
    page.get_by_role("button", name="Go to Tester & Sons").click()
    page.get_by_role("button", name="Allow").click()
    assert provider.prompts[-1] == "login"
    page.get_by_role("button", name="Link it").click()
    page.get_by_role("tab", name="Signing in").click()
    expect(page.get_by_text("linked since")).to_be_visible()
    with server.house() as house:
        assert [one.issuer for one in list_external(house.store, user)] == [provider.issuer]
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    go(page, app)
    await_signed_in(page)


def test_a_newcomer_whose_e_mail_nobody_vouches_for_confirms_it_and_takes_nobodys_account(
    page: Page, browser: Browser, app: str, server: Server, microsoft: OidcProvider
) -> None:
    person = microsoft.person
    page.goto(f"{app}/sign_up")
    page.get_by_role("button", name="Sign up with Microsoft").click()
    page.get_by_role("button", name="Allow").click()
    await_signed_in(page)
    expect(page.get_by_role("link", name="Confirm your e-mail address")).to_be_visible()
    with server.house() as house:
        user = find_user(house.store, person.email)
        assert user is not None
        assert not profile(house.store, user).email_verified
        assert [one.issuer for one in list_external(house.store, user)] == [microsoft.issuer]
        add_user(house.store, house.vault, f"known-{person.email}", PASSWORD)
    (letter,) = letters(server, person.email)
    link = f"{app}/confirm_email?token={letter.split('token=')[1].split()[0]}"
    with browser.new_context() as other:
        # Who owns the address does not make it the account of whoever told it.
        stranger = other.new_page()
        stranger.goto(link)
        expect(stranger.get_by_text("If it is not your account, leave the link alone.")).to_be_visible()
        expect(stranger.get_by_role("button", name="Confirm")).to_have_count(0)
        microsoft.person = Person("mallory", f"known-{person.email}", email_verified=None)
        go(stranger, app, button="Sign in with Microsoft")
        expect(stranger.get_by_text("no account could be made with it")).to_be_visible()
        assert session_cookie(other) is None
    assert "has an account there already" in letters(server, f"known-{person.email}")[0]
    page.goto(link)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(re.compile("^worker.* is confirmed"))).to_be_visible()


def test_without_a_password_the_provider_confirms_and_a_letter_sets_one(
    page: Page, app: str, server: Server, somebody: Person
) -> None:
    go(page, app)
    await_signed_in(page)
    with server.house() as house:
        user = find_user(house.store, somebody.email)
        with house.store.write() as session:
            session.execute(update(Session).where(Session.user_id == user).values(checked_at=None))
    page.goto(f"{app}/settings")
    page.get_by_role("tab", name="Signing in").click()
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_label("New e-mail address")).to_have_count(0)
    expect(page.get_by_role("button", name="Confirm with Tester & Sons")).to_be_visible()
    # Who is not linked there proves nothing there.
    expect(page.get_by_role("button", name="Confirm with Microsoft")).to_have_count(0)
    page.get_by_role("button", name="Confirm with Tester & Sons").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("You are confirmed, for ten minutes.")).to_be_visible()
    page.get_by_role("tab", name="Signing in").click()
    page.get_by_role("button", name="Send a link to set a password").click()
    expect(page.get_by_text("A letter with a link is on its way.")).to_be_visible()
    for _ in range(100):
        if letters(server, somebody.email):
            break
        page.wait_for_timeout(100)
    assert "new_password?token=" in letters(server, somebody.email)[0]
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_label("New e-mail address")).to_be_visible()


def test_what_goes_wrong_at_the_provider_is_told_in_words(
    page: Page, app: str, provider: OidcProvider, microsoft: OidcProvider
) -> None:
    asked_at_microsoft = microsoft.tokens_asked
    go(page, app, "Deny")
    expect(page.get_by_text("You did not sign in at the provider")).to_be_visible()
    provider.foreign_key = True
    go(page, app)
    expect(page.get_by_text("What the provider answered could not be checked.")).to_be_visible()
    provider.foreign_key, provider.changes = False, {"exp": 1_700_000_000}
    go(page, app)
    expect(page.get_by_text("This sign-in at the provider has expired.")).to_be_visible()
    provider.changes = {"iss": microsoft.issuer, "aud": microsoft.client_id, "sub": microsoft.person.subject}
    go(page, app)
    expect(page.get_by_text("What the provider answered could not be checked.")).to_be_visible()
    # One provider sends people on to the other, to be handed the code that the other one gives out.
    asked_before = provider.tokens_asked
    page.goto(f"{app}/sign_in")
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_role("button", name="Allow")).to_be_visible()
    changed = {"client_id": microsoft.client_id, "redirect_uri": f"{app}/oauth2callback/microsoft"}
    request = {**dict(parse_qsl(urlsplit(page.url).query)), **changed}
    page.goto(f"{microsoft.issuer}/authorize?{urlencode(request)}")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("This sign-in was not begun in this browser")).to_be_visible()
    assert (provider.tokens_asked, microsoft.tokens_asked) == (asked_before, asked_at_microsoft)
    page.goto(f"{app}/oauth2callback?state=forged&code=forged")
    expect(page.get_by_text("This sign-in was not begun in this browser")).to_be_visible()
    page.goto(f"{app}/sign_in")
    provider.away = True
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text("The provider does not answer.")).to_be_visible()
    assert session_cookie(page.context) is None


def test_a_wrong_secret_and_closed_doors_are_told_in_words(
    page: Page, tmp_path_factory: pytest.TempPathFactory, provider: OidcProvider
) -> None:
    settings = {"OIDC_ISSUER_URL": provider.issuer, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_NAME": "Tester & Sons"}
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, **settings, OIDC_CLIENT_SECRET="wrong") as server:
        go(page, server.url)
        expect(page.get_by_text("The provider does not accept this server.")).to_be_visible()
        with server.house() as house:
            add_user(house.store, house.vault, "owner@example.org", PASSWORD)
    with serving(folder, **settings, OIDC_CLIENT_SECRET=CLIENT_SECRET, ALLOW_SIGN_UP="false") as server:
        go(page, server.url)
        expect(page.get_by_text("Signing up is closed on this machine.")).to_be_visible()


def test_a_newcomer_from_github_signs_out_and_in_again_under_another_address(
    page: Page, app: str, server: Server, github: GitHubSite
) -> None:
    github.account = Account(7, "ada", "Ada", (("ada@example.org", True), ("old@example.org", True)))
    go(page, app, "Authorize", AT_GITHUB)
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
    go(page, app, "Authorize", AT_GITHUB)
    await_signed_in(page)
    with server.house() as house:
        assert find_user(house.store, "new@example.org") is None
    assert set(github.prompts) == {"select_account"}
    log = server.log.read_text("utf-8")
    assert github.bearers
    assert not any(token in log for token in github.bearers)


def test_an_address_that_github_does_not_vouch_for_is_to_be_confirmed(
    page: Page, app: str, server: Server, github: GitHubSite
) -> None:
    github.account = Account(8, "bob", None, (("bob@example.org", False), ("bobs@example.org", True)))
    go(page, app, "Authorize", AT_GITHUB)
    await_signed_in(page)
    expect(page.get_by_role("link", name="Confirm your e-mail address")).to_be_visible()
    with server.house() as house:
        user = find_user(house.store, "bob@example.org")
        assert user is not None
        assert not profile(house.store, user).email_verified


def test_what_goes_wrong_at_github_is_told_in_words(page: Page, app: str, github: GitHubSite) -> None:
    github.account = Account(10, "eve", None, (("eve@example.org", True),))
    go(page, app, "Cancel", AT_GITHUB)
    expect(page.get_by_text("You did not sign in at the provider")).to_be_visible()
    github.answers = {"/api/v3/user": (503, {}, b"Busy.")}
    go(page, app, "Authorize", AT_GITHUB)
    expect(page.get_by_text("The provider does not answer.")).to_be_visible()
    github.answers = {}
    exchanged = github.exchanged
    page.goto(f"{app}/oauth2callback/github?state=forged&code={github.code()}")
    expect(page.get_by_text("This sign-in was not begun in this browser")).to_be_visible()
    assert github.exchanged == exchanged
    assert session_cookie(page.context) is None
