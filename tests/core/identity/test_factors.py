"""The authenticator app, recovery codes, and the one gate before what can't be undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from limits import parse
from sqlalchemy import select, text, update

from core import clock
from core.config import Settings
from core.errors import FactorNeededError, NotFoundError, SignInError, StepUpNeededError, TooManyAttemptsError
from core.errors import ValidationError as Refused
from core.identity import (
    FRESH,
    Operator,
    Passed,
    SignedIn,
    add_demo_user,
    add_user,
    ask_email_change,
    begin_app,
    begin_email,
    begin_phone,
    change_password,
    check_app,
    check_password,
    check_recovery,
    codes_left,
    confirm_app,
    confirm_sent,
    demand,
    drop_factors,
    end_session,
    is_fresh,
    list_factors,
    list_sessions,
    post_for,
    renew_codes,
    session_of,
    start_session,
    step_up,
    turn_off,
)
from core.identity.codes import Senders
from core.identity.limits import LIMITS
from core.store import Factor, RecoveryCode, Session, Store, UserId
from core.vault import Vault
from tests.core.identity.conftest import PASSWORD


def set_up(store: Store, vault: Vault, asker: SignedIn | Operator) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Set an authenticator app up; return what the app holds, and the recovery codes."""
    app = pyotp.TOTP(begin_app(store, vault, asker).secret)
    return app, confirm_app(store, vault, asker, app.at(clock.now()))


def test_an_app_counts_once_it_showed_a_code(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    setup = begin_app(store, vault, here)
    assert "<svg" in setup.picture
    assert list_factors(store, vault, ada) == ()
    start_session(store, ada)
    with pytest.raises(SignInError):
        confirm_app(store, vault, here, "000000")
    codes = confirm_app(store, vault, here, pyotp.TOTP(setup.secret).at(clock.now()))
    assert len(set(codes)) == 10
    assert [one.kind for one in list_factors(store, vault, ada)] == ["app"]
    with pytest.raises(Refused, match="set up already"):
        begin_app(store, vault, here)
    with store.read() as session:
        kept = str(session.execute(text("SELECT * FROM factors")).all()) + str(
            session.execute(text("SELECT * FROM recovery_codes")).all()
        )
    assert setup.secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_setting_a_factor_up_or_off_signs_every_other_browser_out(
    store: Store, vault: Vault, ada: UserId, here: SignedIn
) -> None:
    other = start_session(store, ada)
    app, _ = set_up(store, vault, here)
    assert session_of(store, other) is None
    start = clock.now() + timedelta(minutes=2)
    with clock.frozen(start):
        again = start_session(store, ada, passed=check_app(store, vault, ada, app.at(start)))
    with clock.frozen(start + timedelta(minutes=1)):
        turn_off(store, vault, here, "app", PASSWORD, check_app(store, vault, ada, app.at(clock.now())))
    assert session_of(store, again) is None
    assert len(list_sessions(store, ada)) == 1


def test_no_code_works_twice_not_even_fifty_times_at_once(
    store: Store, vault: Vault, ada: UserId, here: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = set_up(store, vault, here)
    monkeypatch.setitem(LIMITS, "code", parse("1000/minute"))
    start = clock.now() + timedelta(minutes=5)

    def tried(code: str) -> bool:
        try:
            check_app(store, vault, ada, code)
        except SignInError:
            return False
        return True

    with clock.frozen(start), ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(tried, [app.at(start)] * 50)) == 1
        assert not tried(app.at(start))
        assert not tried(app.at(start - timedelta(seconds=30))), "older than one that was taken"
        assert tried(app.at(start + timedelta(seconds=30)))


@pytest.mark.parametrize(("off", "good"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_step_before_and_after_is_taken(
    store: Store, vault: Vault, ada: UserId, here: SignedIn, off: int, *, good: bool
) -> None:
    app, _ = set_up(store, vault, here)
    start = (clock.now() + timedelta(minutes=5)).replace(second=15)
    with clock.frozen(start):
        code = app.at(start + timedelta(seconds=off))
        if good:
            assert check_app(store, vault, ada, f" {code[:3]} {code[3:]} ").kind == "app"
        else:
            with pytest.raises(SignInError):
                check_app(store, vault, ada, code)


def test_a_clock_set_back_lets_no_old_code_in_and_recovery_codes_help(
    store: Store, vault: Vault, ada: UserId, here: SignedIn
) -> None:
    app, codes = set_up(store, vault, here)
    back = clock.now() - timedelta(days=1)
    with clock.frozen(back):
        with pytest.raises(SignInError):
            check_app(store, vault, ada, app.at(back))
        assert check_recovery(store, vault, ada, codes[0]).kind == "recovery"


def test_a_recovery_code_works_once_in_any_spelling(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    _, codes = set_up(store, vault, here)
    check_recovery(store, vault, ada, f" {codes[0].upper().replace('-', ' ')} ")
    assert codes_left(store, ada) == 9
    with pytest.raises(SignInError):
        check_recovery(store, vault, ada, codes[0])
    new = renew_codes(store, vault, here)
    with pytest.raises(SignInError):
        check_recovery(store, vault, ada, codes[1])
    check_recovery(store, vault, ada, new[0])


def test_wrong_codes_fill_a_limit(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    app, _ = set_up(store, vault, here)
    start = clock.now() + timedelta(minutes=3)
    with clock.frozen(start):
        for _ in range(5):
            with pytest.raises(SignInError):
                check_app(store, vault, ada, "abc")
        with pytest.raises(TooManyAttemptsError, match="Try again in"):
            check_app(store, vault, ada, app.at(start))
    with clock.frozen(start + timedelta(seconds=61)):
        check_app(store, vault, ada, app.at(clock.now()))


def test_there_is_no_session_without_the_second_factor(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    _, codes = set_up(store, vault, here)
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    now = clock.now()
    for passed in (
        None,
        Passed(bob, "app", now),
        Passed(ada, "password", now),
        Passed(ada, "app", now - timedelta(minutes=11)),
        Passed(ada, "app", now + timedelta(minutes=1)),
    ):
        with pytest.raises(FactorNeededError):
            start_session(store, ada, passed=passed)
    with pytest.raises(SignInError):
        check_password(store, vault, ada, PASSWORD)
    assert session_of(store, start_session(store, ada, passed=check_recovery(store, vault, ada, codes[0])))


def test_turning_off_asks_for_password_and_code(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    _, codes = set_up(store, vault, here)
    passed = check_recovery(store, vault, ada, codes[0])
    with pytest.raises(SignInError, match="password"):
        turn_off(store, vault, here, "app", "another password here", passed)
    for proof in (None, Passed(ada, "password", clock.now()), Passed(ada, "app", clock.now() - timedelta(minutes=3))):
        with pytest.raises(SignInError, match="code"):
            turn_off(store, vault, here, "app", PASSWORD, proof)
    with pytest.raises(NotFoundError):
        turn_off(store, vault, here, "phone", PASSWORD, passed)
    turn_off(store, vault, here, "app", PASSWORD, passed)
    assert (list_factors(store, vault, ada), codes_left(store, ada)) == ((), 0)
    start_session(store, ada)


def stale(store: Store, signed_in: SignedIn) -> None:
    """Let the last check of a session be eleven minutes old."""
    with store.write() as session:
        session.execute(
            update(Session)
            .where(Session.id == signed_in.session_id)
            .values(checked_at=clock.now() - timedelta(minutes=11))
        )


def test_the_gate_opens_after_a_check_and_for_ten_minutes(
    store: Store, vault: Vault, ada: UserId, here: SignedIn
) -> None:
    assert demand(store, here) == ada
    stale(store, here)
    with pytest.raises(StepUpNeededError):
        demand(store, here)
    with pytest.raises(SignInError):
        step_up(store, here, Passed(UserId(ada + 1), "password", clock.now()))
    step_up(store, here, check_password(store, vault, ada, PASSWORD))
    assert is_fresh(store, here)
    now = clock.now()
    with clock.frozen(now + FRESH - timedelta(seconds=5)):
        assert is_fresh(store, here)
    with clock.frozen(now + FRESH + timedelta(seconds=1)):
        assert not is_fresh(store, here)
    with clock.frozen(now - timedelta(days=1)):
        assert not is_fresh(store, here), "a check from the future"
    end_session(store, ada, here.session_id)
    with pytest.raises(SignInError, match="signed out"):
        demand(store, here)
    assert demand(store, Operator(ada)) == ada


def test_somebody_elses_session_opens_nothing(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    theirs = session_of(store, start_session(store, bob))
    assert theirs is not None
    with pytest.raises(SignInError):
        demand(store, SignedIn(theirs.session_id, here.profile))


def test_a_demo_user_has_nothing_to_prove(store: Store, vault: Vault, quick_hashes: None) -> None:
    user = add_demo_user(store, vault)
    found = session_of(store, start_session(store, user))
    assert found is not None
    stale(store, found)
    assert demand(store, found) == user


@pytest.mark.parametrize(
    "deed",
    ["begin app", "confirm app", "begin phone", "begin email", "confirm", "renew", "off", "password", "e-mail"],
)
def test_no_way_in_changes_without_a_fresh_check(
    store: Store, vault: Vault, tmp_path: Path, ada: UserId, here: SignedIn, deed: str
) -> None:
    senders = Senders(post_for(Settings(fintrack_data_dir=tmp_path)))
    deeds = {
        "begin app": lambda: begin_app(store, vault, here),
        "confirm app": lambda: confirm_app(store, vault, here, "1"),
        "begin phone": lambda: begin_phone(store, vault, senders, here, "+447700900123", "sms"),
        "begin email": lambda: begin_email(store, vault, senders, here),
        "confirm": lambda: confirm_sent(store, vault, senders, here, "email", "1"),
        "renew": lambda: renew_codes(store, vault, here),
        "off": lambda: turn_off(store, vault, here, "app", PASSWORD, Passed(ada, "app", clock.now())),
        "password": lambda: change_password(store, vault, here, PASSWORD, "seven otters juggle lanterns"),
        "e-mail": lambda: ask_email_change(store, vault, senders.post, here, "new@example.org", "http://127.0.0.1"),
    }
    stale(store, here)
    with pytest.raises(StepUpNeededError, match="Confirm that it is you"):
        deeds[deed]()
    with store.read() as session:
        assert session.scalars(select(Factor)).all() == []
        assert session.scalars(select(RecoveryCode)).all() == []
    assert not (tmp_path / "outbox").exists()


def test_a_password_may_be_shorter_beside_a_factor(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    with pytest.raises(Refused, match="needs 15"):
        change_password(store, vault, here, PASSWORD, "kumquat-9")
    set_up(store, vault, here)
    change_password(store, vault, here, PASSWORD, "kumquat-9")
    with pytest.raises(Refused, match="needs 8"):
        change_password(store, vault, here, "kumquat-9", "kumqua7")


@pytest.mark.parametrize("typed", ["", " ", "\0", "١٢٣٤٥٦", "é" * 6, "1" * 5000, "' OR 1=1 --", "-00001", "0x1234"])
def test_whatever_is_typed_is_a_wrong_code_and_no_crash(
    store: Store, vault: Vault, ada: UserId, here: SignedIn, typed: str
) -> None:
    set_up(store, vault, here)
    for check in (check_app, check_recovery):
        with pytest.raises(SignInError):
            check(store, vault, ada, typed)


def test_a_short_password_is_never_left_alone(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    _, codes = set_up(store, vault, here)
    change_password(store, vault, here, PASSWORD, "kumquat-9")
    with pytest.raises(Refused, match="needs 15"):
        turn_off(store, vault, here, "app", "kumquat-9", check_recovery(store, vault, ada, codes[0]))
    assert [one.kind for one in list_factors(store, vault, ada)] == ["app"]
    change_password(store, vault, here, "kumquat-9", PASSWORD)
    turn_off(store, vault, here, "app", PASSWORD, check_recovery(store, vault, ada, codes[1]))


def test_the_machines_owner_takes_lost_factors_off(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    set_up(store, vault, here)
    assert drop_factors(store, Operator(ada)) == 1
    assert (list_factors(store, vault, ada), codes_left(store, ada)) == ((), 0)
    assert list_sessions(store, ada) == ()
    start_session(store, ada)
