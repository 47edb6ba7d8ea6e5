"""Codes that are sent: by e-mail through a real SMTP server, by phone through Vonage's SDK before a stand-in."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from limits import parse
from pydantic import SecretStr
from sqlalchemy import select, text

from core import clock
from core.config import Settings
from core.errors import FinTrackError, MailError, NotFoundError, PhoneError, SignInError, TooManyAttemptsError
from core.errors import ValidationError as Refused
from core.identity import (
    Operator,
    PhoneCap,
    Senders,
    add_user,
    begin_email,
    begin_phone,
    check_code,
    confirm_sent,
    list_factors,
    phone_for,
    post_for,
    send_code,
    turn_off,
)
from core.identity.limits import LIMITS
from core.store import Challenge, Factor, Store, UserId
from core.vault import Vault
from tests.core.identity.conftest import EMAIL, PASSWORD, Mailbox
from tests.standins.vonage import APPLICATION, VonageStandIn

NUMBER = "+44 7700 900123"


def with_email(store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, user: UserId) -> None:
    begin_email(store, vault, senders, Operator(user))
    confirm_sent(store, vault, senders, Operator(user), "email", mailbox.code)


def with_phone(store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, user: UserId) -> None:
    begin_phone(store, vault, senders, Operator(user), NUMBER, "sms")
    confirm_sent(store, vault, senders, Operator(user), "phone", vonage.last.code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_letter_brings_a_code_that_works_once(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId
) -> None:
    with_email(store, vault, senders, mailbox, ada)
    sent = send_code(store, vault, senders, ada, "email", "sign in")
    assert (sent.channel, sent.sent_to) == ("email", EMAIL)
    assert mailbox.letters[-1]["To"] == EMAIL
    code = mailbox.code
    assert check_code(store, vault, senders, ada, code, "sign in").kind == "email"
    with pytest.raises(SignInError, match="No code is waited for"):
        check_code(store, vault, senders, ada, code, "sign in")


def test_a_code_rests_nowhere_in_plain_text(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, vonage: VonageStandIn, ada: UserId
) -> None:
    begin_email(store, vault, senders, Operator(ada))
    begin_phone(store, vault, senders, Operator(ada), NUMBER, "voice")
    assert vonage.last.channel == "voice"
    with store.read() as session:
        kept = "".join(
            str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in ("challenges", "factors")
        )
    assert mailbox.code not in kept
    assert vonage.last.code not in kept
    assert "7700900123" not in kept


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_three_wrong_tries_end_a_code(
    store: Store,
    vault: Vault,
    senders: Senders,
    mailbox: Mailbox,
    vonage: VonageStandIn,
    ada: UserId,
    channel: str,
) -> None:
    if channel == "email":
        with_email(store, vault, senders, mailbox, ada)
    else:
        with_phone(store, vault, senders, vonage, ada)
    send_code(store, vault, senders, ada, channel, "sign in")  # type: ignore[arg-type]
    right = mailbox.code if channel == "email" else vonage.last.code
    for left in ("2 more tries", "1 more try"):
        with pytest.raises(SignInError, match=left):
            check_code(store, vault, senders, ada, wrong(right), "sign in")
    with pytest.raises(FinTrackError, match="Send a new code"):
        check_code(store, vault, senders, ada, wrong(right), "sign in")
    with pytest.raises(FinTrackError, match="Send a new code"):
        check_code(store, vault, senders, ada, right, "sign in")


def test_a_code_is_good_for_ten_minutes(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId
) -> None:
    start = clock.now()
    with clock.frozen(start):
        with_email(store, vault, senders, mailbox, ada)
    for age, good in ((timedelta(minutes=10), False), (timedelta(minutes=9, seconds=59), True)):
        start += timedelta(hours=1)
        with clock.frozen(start):
            send_code(store, vault, senders, ada, "email", "sign in")
        with clock.frozen(start + age):
            if good:
                check_code(store, vault, senders, ada, mailbox.code, "sign in")
            else:
                with pytest.raises(SignInError, match="older than ten minutes"):
                    check_code(store, vault, senders, ada, mailbox.code, "sign in")
    with clock.frozen(start + timedelta(hours=2)):
        send_code(store, vault, senders, ada, "email", "sign in")
    with clock.frozen(start - timedelta(days=1)), pytest.raises(SignInError, match="older than ten minutes"):
        check_code(store, vault, senders, ada, mailbox.code, "sign in")


def test_a_new_code_ends_the_one_before_and_is_bound_to_its_purpose(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId
) -> None:
    with_email(store, vault, senders, mailbox, ada)
    send_code(store, vault, senders, ada, "email", "sign in")
    old = mailbox.code
    send_code(store, vault, senders, ada, "email", "sign in")
    new = mailbox.code
    with pytest.raises(SignInError):
        check_code(store, vault, senders, ada, old, "sign in")
    with pytest.raises(SignInError, match="No code is waited for"):
        check_code(store, vault, senders, ada, new, "confirm")
    check_code(store, vault, senders, ada, new, "sign in")


def test_fifty_at_once_get_one_right_and_three_wrong(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_email(store, vault, senders, mailbox, ada)
    send_code(store, vault, senders, ada, "email", "sign in")
    right = mailbox.code
    # Without the limit a minute, so that the code's own bound is what holds.
    monkeypatch.setitem(LIMITS, "code", parse("1000/minute"))

    def tried(code: str) -> bool:
        try:
            check_code(store, vault, senders, ada, code, "sign in")
        except SignInError:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(tried, [right] * 50)) == 1
    send_code(store, vault, senders, ada, "email", "sign in")
    guesses = [f"{number:06d}" for number in range(50)]
    if mailbox.code not in guesses:
        with ThreadPoolExecutor(50) as pool:
            assert sum(pool.map(tried, guesses)) == 0
        with store.read() as session:
            assert max(session.scalars(select(Challenge.tries))) == 3


def test_a_code_by_phone_signs_in_and_resending_cancels_the_one_before(
    store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, ada: UserId
) -> None:
    with_phone(store, vault, senders, vonage, ada)
    (factor,) = list_factors(store, vault, ada)
    assert (factor.kind, factor.hint) == ("phone", "··123")
    send_code(store, vault, senders, ada, "sms", "confirm")
    first = vonage.last
    assert first.number == "447700900123"
    send_code(store, vault, senders, ada, "voice", "confirm")
    assert first.state == "cancelled"
    assert vonage.last.channel == "voice"
    assert check_code(store, vault, senders, ada, vonage.last.code, "confirm").kind == "voice"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "refused FinTrack's keys"),
        (402, "no balance left"),
        (409, "on its way already"),
        (422, "can't be reached"),
        (429, "asked too often"),
        (500, "can't be reached"),
        (503, "can't be reached"),
        (b"<html>", "makes no sense"),
        (b'{"no": 1}', "makes no sense"),
    ],
)
def test_a_failing_provider_is_told_in_words(
    store: Store,
    vault: Vault,
    senders: Senders,
    vonage: VonageStandIn,
    ada: UserId,
    status: int | bytes,
    told: str,
) -> None:
    vonage.refuse.append(status)
    with pytest.raises(PhoneError, match=told):
        begin_phone(store, vault, senders, Operator(ada), NUMBER, "sms")
    assert list_factors(store, vault, ada) == ()


def test_a_provider_that_is_away_costs_no_try(
    store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, ada: UserId
) -> None:
    with_phone(store, vault, senders, vonage, ada)
    send_code(store, vault, senders, ada, "sms", "sign in")
    for _ in range(4):
        vonage.refuse.append(503)
        with pytest.raises(PhoneError, match="can't be reached"):
            check_code(store, vault, senders, ada, vonage.last.code, "sign in")
    check_code(store, vault, senders, ada, vonage.last.code, "sign in")


@pytest.mark.parametrize("number", ["", "7700 900123", "+0", "+44", "+44 7700 9001234567", "call me"])
def test_what_is_no_number_is_not_called(
    store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, ada: UserId, number: str
) -> None:
    with pytest.raises(Refused, match="not a phone number"):
        begin_phone(store, vault, senders, Operator(ada), number, "sms")
    assert not vonage.sent


@pytest.mark.parametrize("number", ["+447700900123", "0044 7700-900123", " +44 (7700) 900123"])
def test_a_number_may_be_written_as_people_do(
    store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, ada: UserId, number: str
) -> None:
    begin_phone(store, vault, senders, Operator(ada), number, "sms")
    assert vonage.last.number == "447700900123"


def test_wrong_keys_are_told(store: Store, vault: Vault, smtp: Settings, vonage: VonageStandIn, ada: UserId) -> None:
    for key in ("no key", vonage.private_key[:200]):
        settings = smtp.model_copy(update={"vonage_application_id": APPLICATION, "vonage_private_key": SecretStr(key)})
        with pytest.raises(PhoneError, match="can't be used"):
            begin_phone(store, vault, Senders(post_for(smtp), phone_for(settings)), Operator(ada), NUMBER, "sms")
    assert phone_for(smtp) is None
    with pytest.raises(NotFoundError, match="No phone provider"):
        begin_phone(store, vault, Senders(post_for(smtp)), Operator(ada), NUMBER, "sms")


def test_a_refused_letter_is_told_and_no_code_is_waited_for(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId
) -> None:
    mailbox.answer = "550 no"
    with pytest.raises(MailError, match="did not take the letter"):
        begin_email(store, vault, senders, Operator(ada))
    with store.read() as session:
        assert session.scalars(select(Challenge)).all() == []
        assert all(one.confirmed_at is None for one in session.scalars(select(Factor)))


def test_only_three_codes_go_out_in_a_minute(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId
) -> None:
    with_email(store, vault, senders, mailbox, ada)
    for _ in range(2):
        send_code(store, vault, senders, ada, "email", "sign in")
    with pytest.raises(TooManyAttemptsError, match=r"Try again in \d+ seconds"):
        send_code(store, vault, senders, ada, "email", "sign in")
    assert len(mailbox.letters) == 3


def test_a_day_has_so_many_codes_to_phones_for_each_and_for_everybody(
    store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, mailbox: Mailbox, ada: UserId
) -> None:
    senders = replace(senders, cap=PhoneCap(each=3, together=5))
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    start, numbers = clock.now(), count(1000)

    def ask(user: UserId, minutes: float) -> None:
        with clock.frozen(start + timedelta(minutes=minutes)):
            # Not the same number twice: Vonage sends no second code to one that waits for the first.
            begin_phone(store, vault, senders, Operator(user), f"{NUMBER[:-4]}{next(numbers)}", "sms")

    for minute in range(2):
        ask(ada, minute)
    # The first also refuses that the code before it is cancelled.
    for refusals in ([402, 402], [503]):
        vonage.refuse += refusals
        with pytest.raises(PhoneError):
            ask(ada, 10)
    with pytest.raises(PhoneError, match="makes no sense"):
        # This one may have been sent.
        vonage.refuse.append(b"<html>")
        ask(ada, 20)
    with pytest.raises(TooManyAttemptsError) as refused:
        ask(ada, 30)
    assert str(refused.value) == (
        "3 codes went to phones for you within a day, and that is the most. Use another way, or try again in 24 hours."
    )
    for minute in (31, 32):
        ask(bob, minute)
    with pytest.raises(TooManyAttemptsError, match="5 codes went to phones for everybody here"):
        ask(bob, 40)
    with clock.frozen(start + timedelta(minutes=41)):
        begin_email(store, vault, senders, Operator(ada))
    sent = len(vonage.sent)
    assert sent == 4
    with pytest.raises(TooManyAttemptsError, match="in 1 hour"):
        ask(ada, 24 * 60 - 1)
    ask(ada, 24 * 60 + 1)
    assert len(vonage.sent) == sent + 1


def test_a_number_that_got_no_code_is_not_set_up_by_another_ones(
    store: Store, vault: Vault, senders: Senders, vonage: VonageStandIn, mailbox: Mailbox, ada: UserId
) -> None:
    for _ in range(3):
        begin_phone(store, vault, senders, Operator(ada), NUMBER, "sms")
    with pytest.raises(TooManyAttemptsError):
        begin_phone(store, vault, senders, Operator(ada), "+44 7700 900999", "sms")
    with pytest.raises(SignInError, match="No code is waited for"):
        confirm_sent(store, vault, senders, Operator(ada), "phone", vonage.last.code)
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        begin_email(store, vault, senders, Operator(ada))
        with pytest.raises(SignInError, match="another way"):
            confirm_sent(store, vault, senders, Operator(ada), "phone", mailbox.code)
    assert list_factors(store, vault, ada) == ()


def test_a_code_ends_with_its_factor(
    store: Store, vault: Vault, senders: Senders, mailbox: Mailbox, ada: UserId
) -> None:
    with_email(store, vault, senders, mailbox, ada)
    send_code(store, vault, senders, ada, "email", "sign in")
    turn_off(store, vault, Operator(ada), "email", PASSWORD, None)
    with pytest.raises(SignInError, match="No code is waited for"):
        check_code(store, vault, senders, ada, mailbox.code, "sign in")
    with_email(store, vault, senders, mailbox, ada)
    with pytest.raises(SignInError, match="No code is waited for"):
        check_code(store, vault, senders, ada, str(mailbox.letters[1].get_content()).split()[3].strip("."), "sign in")
