"""Signing in at a provider: by issuer and subject, once for each token, and never over an account that is here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pyotp
import pytest
from limits import parse
from pydantic import SecretStr
from sqlalchemy import select, update

from core import clock
from core.config import Settings
from core.errors import (
    FactorNeededError,
    FinTrackError,
    MailError,
    SignInError,
    StepUpNeededError,
    TooManyAttemptsError,
)
from core.identity import (
    FRESH,
    Identity,
    Letter,
    Operator,
    Passed,
    Post,
    SignedIn,
    begin_app,
    change_password,
    check_credentials,
    check_password,
    check_provider,
    confirm_app,
    demand,
    end_all_sessions,
    find_user,
    forgot_password,
    identity_of,
    link_external,
    list_events,
    list_external,
    post_for,
    profile,
    providers_of,
    reset_password,
    session_of,
    sign_in_external,
    start_session,
    step_up,
    turn_off,
)
from core.identity.limits import LIMITS
from core.store import ExternalIdentity, Session, Store, User, UserId
from core.vault import Vault
from tests.core.identity.conftest import EMAIL, PASSWORD, Mailbox, settle
from tests.core.identity.test_credentials import BASE, NEW

ISSUER = "https://id.example.org"
SETTINGS = Settings(
    oidc_issuer_url=ISSUER,
    oidc_client_id="fintrack",
    oidc_client_secret=SecretStr("s"),
    oidc_google_client_id="fintrack at google",
    oidc_google_client_secret=SecretStr("s"),
)
GOOGLE, OWN = providers_of(SETTINGS)
_nonces = count(1)


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a new identity token of Grace's, some of them changed or (None) left out."""
    now = int(clock.now().timestamp())
    whole: dict[str, Any] = {
        "iss": ISSUER, "aud": "fintrack", "sub": "grace", "nonce": f"nonce-{next(_nonces)}", "iat": now,
        "exp": now + 3600, "email": "Grace@Example.org", "email_verified": True,
        "given_name": "Grace", "family_name": "Hopper",
    }  # fmt: skip
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def token(**changed: Any) -> Identity:
    return identity_of(OWN, claims(**changed))


class Lost:
    """A post that takes no letter: who needs none is not held up."""

    outbox = None

    def send(self, letter: Letter) -> None:
        raise MailError("The letter is lost.")


def enter(
    store: Store, vault: Vault, identity: Identity, settings: Settings = SETTINGS, post: Post | None = None
) -> UserId:
    return sign_in_external(store, vault, settings, identity, post=post or Lost(), base=BASE, address="10.0.0.1")


def browser_of(store: Store, user: UserId) -> SignedIn:
    found = session_of(store, start_session(store, user))
    assert found is not None
    return found


def forget_check(store: Store, user: UserId) -> None:
    with store.write() as session:
        session.execute(update(Session).where(Session.user_id == user).values(checked_at=None))


def test_a_newcomer_gets_an_account_without_a_password(store: Store, vault: Vault, quick_hashes: None) -> None:
    grace = enter(store, vault, token())
    told = profile(store, grace)
    assert (told.email, told.full_name) == ("grace@example.org", "Grace Hopper")
    assert told.email_verified
    assert told.is_owner
    assert not told.has_password
    for guess in ("!", "", PASSWORD):
        with pytest.raises(SignInError, match="not right"):
            check_credentials(store, vault, "grace@example.org", guess)
    assert [one.event for one in list_events(store, grace)][-1] == "signed up at a provider"


def test_who_came_before_is_known_by_issuer_and_subject_whatever_the_e_mail(
    store: Store, vault: Vault, ada: UserId
) -> None:
    now = clock.now()
    grace = enter(store, vault, token())
    with clock.frozen(now + timedelta(minutes=1)):
        assert enter(store, vault, token(email=EMAIL)) == grace
    with clock.frozen(now + timedelta(minutes=2)):
        assert enter(store, vault, token(email=None, email_verified=None)) == grace
        other = enter(store, vault, token(sub="linus", email="linus@example.org"))
    assert len({ada, grace, other}) == 3


def test_no_identity_token_lets_anybody_in_twice_nor_an_older_one(store: Store, vault: Vault) -> None:
    now = clock.now()
    older = token()
    enter(store, vault, older)
    with clock.frozen(now + timedelta(minutes=1)):
        newer = token()
        enter(store, vault, newer)
        for used in (newer, older):
            with pytest.raises(SignInError, match="used already"):
                enter(store, vault, used)


def test_fifty_at_once_with_one_token_are_one(store: Store, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "sign in", parse("1000/minute"))

    def tried(identity: Identity) -> bool:
        try:
            enter(store, vault, identity)
        except SignInError:
            return False
        return True

    now = clock.now()
    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(tried, [token()] * 50)) == 1
        with clock.frozen(now + timedelta(seconds=30)):
            later = token()
        assert sum(pool.map(tried, [later] * 50)) == 1
    with store.read() as session:
        assert len(session.scalars(select(User)).all()) == 1


@pytest.mark.parametrize("minutes", [-3, 11])
def test_a_token_is_good_for_ten_minutes(store: Store, vault: Vault, minutes: int) -> None:
    identity = token()
    assert timedelta(minutes=10) == FRESH
    with clock.frozen(clock.now() + timedelta(minutes=minutes)), pytest.raises(SignInError, match="too long ago"):
        enter(store, vault, identity)
    assert find_user(store, "grace@example.org") is None


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example.org"}, {"iss": None}, {"aud": "other"}, {"aud": ["other"]}, {"aud": None},
        {"sub": ""}, {"sub": "x" * 256}, {"nonce": None}, {"iat": None}, {"iat": "now"}, {"exp": None},
    ],
)  # fmt: skip
def test_a_token_for_others_or_with_holes_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(SignInError, match="can't be used here"):
        token(**changed)


def test_a_token_past_its_time_is_refused_and_without_settings_there_is_no_provider() -> None:
    with pytest.raises(SignInError, match="expired"):
        token(exp=int(clock.now().timestamp()) - 121)
    assert providers_of(Settings()) == ()


def test_a_token_of_one_provider_is_never_taken_for_one_of_another() -> None:
    googles = {"iss": GOOGLE.issuer, "aud": GOOGLE.client_id}
    assert identity_of(GOOGLE, claims(**googles)).issuer == GOOGLE.issuer
    for whole, where in (
        (claims(), GOOGLE),
        (claims(**googles), OWN),
        (claims(aud=GOOGLE.client_id), OWN),
        (claims(iss=GOOGLE.issuer), OWN),
        (claims(iss=GOOGLE.issuer), GOOGLE),
    ):
        with pytest.raises(SignInError, match="can't be used here"):
            identity_of(where, whole)


def test_of_many_tenants_the_one_that_the_token_names_is_its_issuer_and_none_vouches_for_an_e_mail() -> None:
    (many,) = providers_of(
        Settings(
            oidc_microsoft_client_id="ours",
            oidc_microsoft_client_secret=SecretStr("s"),
            oidc_microsoft_tenant="organizations",
        )
    )
    tenant, other = "1234abcd-0000-4000-8000-123456abcdef", "5678abcd-0000-4000-8000-123456abcdef"
    issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
    fits = {"iss": issuer, "tid": tenant, "aud": "ours"}
    identity = identity_of(many, claims(**fits))
    assert (identity.issuer, identity.email, identity.email_verified) == (issuer, "Grace@Example.org", False)
    assert not identity_of(many, claims(**{**fits, "email_verified": "true"})).email_verified
    personal = "9188040d-6c67-4c5b-b112-36a304b66dad"
    for changed in (
        {"tid": other},
        {"tid": None},
        {"iss": many.issuer, "tid": "{tenantid}"},
        {"iss": many.issuer_of("common"), "tid": "common"},
        {"iss": many.issuer_of(personal), "tid": personal},
        {"iss": ISSUER},
        {"aud": "theirs"},
    ):
        with pytest.raises(SignInError, match="can't be used here"):
            identity_of(many, claims(**{**fits, **changed}))


def test_the_same_subject_at_two_providers_is_two_people(store: Store, vault: Vault) -> None:
    grace = enter(store, vault, token())
    googles = claims(iss=GOOGLE.issuer, aud=GOOGLE.client_id, email="other@example.org")
    assert enter(store, vault, identity_of(GOOGLE, googles)) != grace


def test_an_issuer_may_end_in_a_slash_and_an_audience_be_a_list() -> None:
    assert token(iss=f"{ISSUER}/", aud=["other", "fintrack"]).subject == "grace"


def test_a_known_e_mail_is_not_taken_over(store: Store, vault: Vault, ada: UserId) -> None:
    with pytest.raises(SignInError, match="account with this e-mail address here already"):
        enter(store, vault, token(email=EMAIL.upper()))
    assert list_external(store, ada) == ()
    assert list_events(store, ada)[0].event == "provider sign-in with a known e-mail"


def test_closed_sign_up_lets_nobody_new_in_but_the_known(store: Store, vault: Vault, ada: UserId) -> None:
    now = clock.now()
    closed = SETTINGS.model_copy(update={"allow_sign_up": False})
    with pytest.raises(SignInError, match="closed"):
        enter(store, vault, token(), closed)
    grace = enter(store, vault, token())
    with clock.frozen(now + timedelta(minutes=1)):
        assert enter(store, vault, token(), closed) == grace


def test_failures_fill_the_limit_of_an_address_and_successes_do_not(store: Store, vault: Vault, ada: UserId) -> None:
    now = clock.now()
    for second in range(8):
        with clock.frozen(now + timedelta(seconds=second)):
            enter(store, vault, token())
    with clock.frozen(now + timedelta(seconds=9)):
        for _ in range(5):
            with pytest.raises(SignInError):
                enter(store, vault, token(sub="mallory", email=EMAIL))
        with pytest.raises(TooManyAttemptsError):
            enter(store, vault, token())


def test_without_a_password_a_new_sign_in_at_the_provider_is_the_fresh_check(store: Store, vault: Vault) -> None:
    start = clock.now()
    used = token()
    grace = enter(store, vault, used)
    there = browser_of(store, grace)
    forget_check(store, grace)
    with clock.frozen(start + timedelta(minutes=1)):
        with pytest.raises(StepUpNeededError):
            demand(store, there)
        with pytest.raises(SignInError, match="used already"):
            check_provider(store, vault, grace, used)
        with pytest.raises(SignInError, match="proves nothing"):
            check_provider(store, vault, grace, token(sub="somebody else"))
        again = token()
        passed = check_provider(store, vault, grace, again)
        assert passed.kind == "provider"
        step_up(store, there, passed)
        demand(store, there)
    with clock.frozen(start + FRESH + timedelta(minutes=2)), pytest.raises(SignInError):
        check_provider(store, vault, grace, again)


def test_the_provider_is_no_second_factor(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    start = clock.now()
    link_external(store, here, token())
    app = pyotp.TOTP(begin_app(store, vault, here).secret)
    confirm_app(store, vault, here, app.at(clock.now()))
    with clock.frozen(start + timedelta(minutes=1)):
        assert enter(store, vault, token()) == ada
        with pytest.raises(SignInError, match="proves nothing"):
            check_provider(store, vault, ada, token())
    passed_elsewhere = [kind for kind in ("provider", "password") if _opens(store, ada, kind)]
    assert passed_elsewhere == []
    with pytest.raises(SignInError, match="code of a second factor"):
        turn_off(store, vault, here, "app", PASSWORD, _passed(ada, "provider", clock.now()))


def _opens(store: Store, user: UserId, kind: str) -> bool:
    try:
        start_session(store, user, passed=_passed(user, kind, clock.now()))
    except FactorNeededError:
        return False
    return True


def _passed(user: UserId, kind: str, at: datetime) -> Passed:
    return Passed(user, kind, at)


def test_without_a_password_none_can_be_changed_or_proven(store: Store, vault: Vault, quick_hashes: None) -> None:
    grace = enter(store, vault, token())
    with pytest.raises(SignInError):
        change_password(store, vault, Operator(grace), "!", NEW)
    with pytest.raises(SignInError):
        check_password(store, vault, grace, "!")


def test_a_token_of_a_browser_that_was_signed_out_opens_nothing(store: Store, vault: Vault) -> None:
    used = token()
    grace = enter(store, vault, used)
    start_session(store, grace)
    end_all_sessions(store, grace)
    with pytest.raises(FinTrackError, match="used already"):
        enter(store, vault, used)


def test_no_token_rests_in_the_store(store: Store, vault: Vault) -> None:
    whole = claims()
    enter(store, vault, identity_of(OWN, whole))
    with store.read() as session:
        (row,) = session.scalars(select(ExternalIdentity))
    assert len(row.last_login) == 64
    assert whole["nonce"] not in row.last_login


def test_the_reset_letter_sets_a_first_password(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, quick_hashes: None
) -> None:
    grace = enter(store, vault, token())
    forgot_password(store, vault, post_for(smtp), "grace@example.org", BASE)
    settle()
    reset_password(store, vault, mailbox.last.split("token=")[1].split()[0], NEW)
    assert profile(store, grace).has_password
    assert check_credentials(store, vault, "grace@example.org", NEW) == grace
    assert list_external(store, grace) == (), "somebody else may have linked theirs at an open browser"
