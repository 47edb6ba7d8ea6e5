"""Confirming an e-mail address, forgotten passwords: by links that work once and never tell who is here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from core import clock
from core.config import Settings
from core.errors import FactorNeededError, MailError, NotFoundError, SignInError, TooManyAttemptsError
from core.errors import ValidationError as Refused
from core.identity import (
    Letter,
    Operator,
    Senders,
    SignedIn,
    add_user,
    ask_email_change,
    begin_app,
    begin_email,
    change_password,
    check_code,
    check_credentials,
    confirm_app,
    confirm_email,
    confirm_sent,
    delete_users,
    drop_letters,
    end_session,
    forgot_password,
    list_events,
    list_factors,
    look_at_link,
    needs_sign_in,
    outbox_of,
    post_for,
    profile,
    reset_password,
    send_code,
    send_verification,
    session_of,
    set_password,
    sign_up,
    start_session,
)
from core.identity.users import normal_email
from core.store import OneTimeLink, Store, UserId
from core.vault import Keys, Vault
from tests.core.identity.conftest import EMAIL, PASSWORD, Mailbox, settle

NEW = "seven otters juggle lanterns"
BASE = "http://127.0.0.1:8501/"


def asked_for_reset(store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, email: str = EMAIL) -> str:
    forgot_password(store, vault, post_for(smtp), email, BASE)
    settle()
    return mailbox.token


def test_a_newcomer_confirms_their_address_by_the_link_once(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, quick_hashes: None
) -> None:
    post = post_for(smtp)
    sign_up(store, vault, smtp, EMAIL, PASSWORD, "Ada", "", post=post, base=BASE)
    user = check_credentials(store, vault, EMAIL, PASSWORD)
    assert not profile(store, user).email_verified
    assert "http://127.0.0.1:8501/confirm_email?token=" in mailbox.last
    assert confirm_email(store, vault, mailbox.token) == EMAIL
    assert profile(store, user).email_verified
    with pytest.raises(SignInError, match="used already"):
        confirm_email(store, vault, mailbox.token)
    with pytest.raises(Refused, match="confirmed already"):
        send_verification(store, vault, post, user, BASE)


def test_a_known_address_gets_another_letter_and_the_page_the_same_silence(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId
) -> None:
    sign_up(store, vault, smtp, EMAIL.upper(), NEW, "Eve", "", post=post_for(smtp), base=BASE)
    assert "has an account there already" in mailbox.last
    assert "token=" not in mailbox.last
    assert check_credentials(store, vault, EMAIL, PASSWORD) == ada


def test_a_forgotten_password_is_replaced_once_and_every_browser_signed_out(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    token = asked_for_reset(store, vault, smtp, mailbox)
    elsewhere = start_session(store, ada)
    assert look_at_link(store, vault, token, "reset").user == ada
    with pytest.raises(Refused, match="needs 15"):
        reset_password(store, vault, token, "short")
    reset_password(store, vault, token, NEW)
    assert session_of(store, elsewhere) is None
    assert check_credentials(store, vault, EMAIL, NEW) == ada
    for use in (
        lambda: reset_password(store, vault, token, PASSWORD),
        lambda: look_at_link(store, vault, token, "reset"),
    ):
        with pytest.raises(SignInError, match="used already"):
            use()


def test_a_reset_never_switches_a_factor_off(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    secret = begin_app(store, vault, here).secret
    confirm_app(store, vault, here, pyotp.TOTP(secret).at(clock.now()))
    reset_password(store, vault, asked_for_reset(store, vault, smtp, mailbox), NEW)
    assert [one.kind for one in list_factors(store, vault, ada)] == ["app"]
    with pytest.raises(SignInError):
        start_session(store, ada)


def test_a_link_is_good_for_an_hour_for_its_purpose_and_until_the_next_one(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId
) -> None:
    start = clock.now()
    first = asked_for_reset(store, vault, smtp, mailbox)
    second = asked_for_reset(store, vault, smtp, mailbox)
    for token, at in ((first, start), (second, start + timedelta(hours=1, seconds=5))):
        with clock.frozen(at), pytest.raises(SignInError):
            look_at_link(store, vault, token, "reset")
    with pytest.raises(SignInError):
        look_at_link(store, vault, second, "verify")
    with pytest.raises(SignInError):
        confirm_email(store, vault, second)
    with clock.frozen(start + timedelta(minutes=59)):
        look_at_link(store, vault, second, "reset")


def test_a_link_made_up_changed_or_of_another_installation_is_none(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, tmp_path: Path
) -> None:
    token = asked_for_reset(store, vault, smtp, mailbox)
    with store.read() as session:
        (digest,) = session.scalars(select(OneTimeLink.digest))
        assert token not in str(session.execute(text("SELECT * FROM one_time_links")).all())
    for wrong in ("", "x", token[:-1], token + "A", token.swapcase(), digest, "\0", "é.é"):
        with pytest.raises(SignInError):
            look_at_link(store, vault, wrong, "reset")
    with pytest.raises(SignInError):
        look_at_link(store, Vault(Keys.made()), token, "reset")


def test_fifty_at_once_use_a_link_once(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId
) -> None:
    token = asked_for_reset(store, vault, smtp, mailbox)

    def used(number: int) -> bool:
        try:
            reset_password(store, vault, token, f"{NEW} {number}")
        except SignInError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(used, range(50))) == 1


def test_an_unknown_address_gets_nothing_and_the_same_answer(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId
) -> None:
    forgot_password(store, vault, post_for(smtp), "nobody@example.org", BASE)
    settle()
    assert mailbox.letters == []
    with pytest.raises(Refused, match="not an e-mail"):
        forgot_password(store, vault, post_for(smtp), "nobody", BASE)
    with pytest.raises(TooManyAttemptsError):
        for _ in range(4):
            forgot_password(store, vault, post_for(smtp), "nobody@example.org", BASE)
    settle()


def test_an_address_is_changed_by_the_link_to_the_new_one_and_the_old_one_is_told(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    ask_email_change(store, vault, post_for(smtp), here, "Ada.New@example.org", BASE)
    new, old = mailbox.letters
    assert (new["To"], old["To"]) == ("ada.new@example.org", EMAIL)
    assert "token=" not in str(old.get_content())
    token = str(new.get_content()).split("token=")[1].split()[0]
    assert profile(store, ada).email == EMAIL
    assert confirm_email(store, vault, token, here) == "ada.new@example.org"
    assert profile(store, ada).email == "ada.new@example.org"


def test_whoever_gets_the_letter_at_a_mistyped_address_takes_nothing_over(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    ask_email_change(store, vault, post_for(smtp), here, "mistyped@example.org", BASE)
    token = str(mailbox.letters[0].get_content()).split("token=")[1].split()[0]
    other = session_of(store, start_session(store, add_user(store, vault, "eve@example.org", PASSWORD)))
    gone = session_of(store, start_session(store, ada))
    assert other is not None
    assert gone is not None
    end_session(store, ada, gone.session_id)
    assert needs_sign_in(store, vault, token)
    for whom, told in ((None, "Sign in first"), (other, "another account"), (gone, "signed out")):
        with pytest.raises(SignInError, match=told):
            confirm_email(store, vault, token, whom)
    assert profile(store, ada).email == EMAIL
    assert confirm_email(store, vault, token, here) == "mistyped@example.org"
    assert not needs_sign_in(store, vault, token)


@pytest.mark.parametrize("way", ["change", "reset", "command line"])
def test_a_new_password_ends_the_links_that_were_asked_for_before(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn, way: str
) -> None:
    intruder = session_of(store, start_session(store, ada, agent="intruder"))
    assert intruder is not None
    ask_email_change(store, vault, post_for(smtp), intruder, "mallory@example.org", BASE)
    token = str(mailbox.letters[0].get_content()).split("token=")[1].split()[0]
    forgotten = asked_for_reset(store, vault, smtp, mailbox)
    if way == "change":
        change_password(store, vault, here, PASSWORD, NEW)
    elif way == "reset":
        reset_password(store, vault, forgotten, NEW)
    else:
        set_password(store, vault, Operator(ada), NEW)
    with pytest.raises(SignInError, match="not good"):
        confirm_email(store, vault, token, here)
    with pytest.raises(SignInError, match="not good"):
        reset_password(store, vault, forgotten, "eleven badgers paint a ladder")
    assert profile(store, ada).email == EMAIL


def test_a_change_of_address_never_takes_the_last_factor(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    senders = Senders(post_for(smtp))
    begin_email(store, vault, senders, here)
    confirm_sent(store, vault, senders, here, "email", mailbox.code)
    send_code(store, vault, senders, ada, "email", "sign in")
    sent_before = mailbox.code
    start = clock.now()
    for minute, kept in ((2, ["email"]), (4, ["app"])):
        with clock.frozen(start + timedelta(minutes=minute)):
            ask_email_change(store, vault, post_for(smtp), here, f"ada.{minute}@example.org", BASE)
            token = str(mailbox.letters[-2].get_content()).split("token=")[1].split()[0]
            if kept == ["app"]:
                confirm_app(store, vault, here, pyotp.TOTP(begin_app(store, vault, here).secret).at(clock.now()))
            confirm_email(store, vault, token, here)
            assert [one.kind for one in list_factors(store, vault, ada)] == kept
            with pytest.raises(SignInError, match="No code is waited for"):
                check_code(store, vault, senders, ada, sent_before, "sign in")
            events = [one.event for one in list_events(store, ada)]
            assert ("factor removed: email" in events) == (kept == ["app"])
    with pytest.raises(FactorNeededError):
        start_session(store, ada)


def test_an_address_that_somebody_else_took_meanwhile_is_refused(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    ask_email_change(store, vault, post_for(smtp), here, "bob@example.org", BASE)
    token = str(mailbox.letters[0].get_content()).split("token=")[1].split()[0]
    add_user(store, vault, "bob@example.org", PASSWORD)
    with pytest.raises(Refused, match="can't be used"):
        confirm_email(store, vault, token, here)
    assert profile(store, ada).email == EMAIL


def test_the_machines_owner_sets_a_password_by_hand(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    set_password(store, vault, Operator(ada), NEW)
    assert check_credentials(store, vault, EMAIL, NEW) == ada
    with pytest.raises(Refused):
        set_password(store, vault, Operator(ada), "short")
    delete_users(store, [ada])
    with pytest.raises(NotFoundError):
        set_password(store, vault, Operator(ada), NEW)


def test_letters_without_a_mail_server_are_files_for_their_owner_alone(tmp_path: Path) -> None:
    post = post_for(Settings(fintrack_data_dir=tmp_path))
    assert post.outbox == tmp_path / "outbox"
    for number in range(55):
        post.send(Letter(EMAIL, "Subject", f"letter {number}"))
    files = sorted((tmp_path / "outbox").iterdir())
    assert len(files) == 50
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(MailError, match="can't be written"):
        post_for(Settings(fintrack_data_dir=blocked)).send(Letter(EMAIL, "Subject", "text"))


def test_a_mail_server_that_is_away_or_refuses_is_told(smtp: Settings, mailbox: Mailbox) -> None:
    letter = Letter(EMAIL, "Subject", "text")
    for change in ({"smtp_port": 9}, {"smtp_security": "starttls"}, {"smtp_security": "tls"}):
        with pytest.raises(MailError):
            post_for(smtp.model_copy(update=change)).send(letter)
    with pytest.raises(MailError):
        post_for(smtp.model_copy(update={"smtp_username": "me", "smtp_password": SecretStr("x")})).send(letter)
    assert mailbox.letters == []


def test_a_mailbox_that_is_gone_does_not_stand_in_the_way_of_a_new_one(
    store: Store, vault: Vault, tmp_path: Path, here: SignedIn
) -> None:
    outbox = post_for(Settings(fintrack_data_dir=tmp_path))

    class Half:
        """The outbox, but for the old address."""

        outbox = None

        def send(self, letter: Letter) -> None:
            if letter.to == EMAIL:
                raise MailError("The mail server refused this address.")
            outbox.send(letter)

    ask_email_change(store, vault, Half(), here, "new@example.org", BASE)
    assert len(list((tmp_path / "outbox").iterdir())) == 1


@pytest.mark.parametrize("email", ["m\u00fcller@example.org", "user@ex\u00e4mple.org"])
def test_letters_to_any_address_are_found_again(tmp_path: Path, email: str) -> None:
    settings = Settings(fintrack_data_dir=tmp_path)
    post_for(settings).send(Letter(normal_email(email), "Subject", "text"))
    assert drop_letters(outbox_of(settings), {normal_email("ada@example.org")}) == 0
    assert drop_letters(outbox_of(settings), {normal_email(email)}) == 1
