"""Guessing: slow for whoever guesses, never a lock-out for who belongs here, and no answer that tells who does."""

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

import pytest
from sqlalchemy import select

from core import clock
from core.config import Settings
from core.errors import SignInError, TooManyAttemptsError
from core.identity import (
    Operator,
    SignedIn,
    add_user,
    change_password,
    check_credentials,
    count_attempt,
    forgot_password,
    mark_browser,
    post_for,
    set_password,
)
from core.identity.passwords import _nobody
from core.store import AuditEvent, Store, UserId
from core.vault import Vault
from tests.core.identity.conftest import EMAIL, PASSWORD, settle

NEW = "seven otters juggle lanterns"
BASE = "http://127.0.0.1:8501/"


def p_of_mann_whitney(first: list[float], second: list[float]) -> float:
    """Return the two-sided p of the Mann-Whitney U test, by its normal approximation (both samples are large)."""
    ranked = sorted((value, group) for group, values in enumerate((first, second)) for value in values)
    ranks = sum(rank for rank, (_, group) in enumerate(ranked, 1) if group == 0)
    m, n = len(first), len(second)
    u = ranks - m * (m + 1) / 2
    z = (u - m * n / 2) / math.sqrt(m * n * (m + n + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def test_the_test_of_times_sees_a_difference() -> None:
    random = Random(1)
    same = [random.gauss(10, 1) for _ in range(200)], [random.gauss(10, 1) for _ in range(200)]
    assert p_of_mann_whitney(*same) > 0.05
    assert p_of_mann_whitney(same[0], [one + 0.5 for one in same[1]]) < 0.01


def timed(attempt: Callable[[str], object], known: str, unknown: str) -> tuple[list[float], list[float]]:
    """Return 120 times of each, taken by turns so that a busy moment falls on both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(120):
        pair = [(0, known), (1, unknown)]
        for place, email in pair if number % 2 else reversed(pair):
            begun = time.perf_counter()
            attempt(email)
            times[place].append(time.perf_counter() - begun)
    return times


def test_known_and_unknown_addresses_take_the_same_time(
    store: Store, vault: Vault, tmp_path: Path, ada: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not store.is_sqlite:
        pytest.skip("the time is that of the hash; one database is enough")
    from limits import parse

    from core.identity.limits import LIMITS

    for name in ("sign in", "reset"):
        monkeypatch.setitem(LIMITS, name, parse("100000/minute"))
    # Dearer than the other tests' hashes and cheaper than the real ones, which hide far more.
    monkeypatch.setattr("core.identity.passwords.COST", 8)
    _nobody.cache_clear()
    set_password(store, vault, Operator(ada), PASSWORD)
    post = post_for(Settings(fintrack_data_dir=tmp_path))

    def signed_in(email: str) -> None:
        with pytest.raises(SignInError):
            check_credentials(store, vault, email, "not the password")

    def forgotten(email: str) -> None:
        forgot_password(store, vault, post, email, BASE)

    for attempt in (signed_in, forgotten):
        # Chance alone fails one in twenty such tests: what is different fails five times in a row.
        tries = []
        for _ in range(5):
            known, unknown = timed(attempt, EMAIL, "nobody@example.org")
            settle()
            tries.append((p_of_mann_whitney(known, unknown), median(known) / median(unknown)))
            if tries[-1][0] > 0.05:
                break
        else:
            pytest.fail(f"{attempt.__name__}: p and ratio of the medians {tries}")


def test_guesses_from_elsewhere_shut_nobody_out_of_their_own_browser(store: Store, vault: Vault, ada: UserId) -> None:
    mark = mark_browser(store, vault, ada)
    start = clock.now()
    for minute in range(5):
        with clock.frozen(start + timedelta(minutes=minute, seconds=minute)):
            for _ in range(5):
                with pytest.raises(SignInError):
                    check_credentials(store, vault, EMAIL, "guess", "10.0.0.9")
            with pytest.raises(TooManyAttemptsError):
                check_credentials(store, vault, EMAIL, PASSWORD, "10.0.0.9")
            assert check_credentials(store, vault, EMAIL, PASSWORD, "10.0.0.9", mark) == ada
    other = add_user(store, vault, "bob@example.org", PASSWORD)
    for false in ("", "x.y", mark.replace(".", ".0", 1), mark_browser(store, vault, other)):
        with clock.frozen(start + timedelta(minutes=4, seconds=30)), pytest.raises(TooManyAttemptsError):
            check_credentials(store, vault, EMAIL, PASSWORD, "10.0.0.9", false)
    with clock.frozen(start + timedelta(minutes=9)):
        for number in range(5):
            with pytest.raises(SignInError):
                # What follows the signature, and marks beside it, don't make it another one.
                check_credentials(store, vault, EMAIL, "guess", "10.0.0.9", f"{mark}{number}~x.y")
        with pytest.raises(TooManyAttemptsError):
            check_credentials(store, vault, EMAIL, PASSWORD, "10.0.0.9", mark)


def test_a_new_password_ends_the_marks_of_browsers(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    mark = mark_browser(store, vault, ada)
    change_password(store, vault, here, PASSWORD, NEW)
    for _ in range(5):
        with pytest.raises(SignInError):
            check_credentials(store, vault, EMAIL, "guess")
    with pytest.raises(TooManyAttemptsError):
        check_credentials(store, vault, EMAIL, NEW, "", mark)


def test_a_thousand_wrong_passwords_never_get_in(store: Store, vault: Vault, ada: UserId) -> None:
    let_through = refused = 0
    start = clock.now()
    for number in range(1000):
        with clock.frozen(start + timedelta(milliseconds=100 * number)):
            try:
                check_credentials(store, vault, EMAIL, f"guess {number}", "10.0.0.9")
                pytest.fail("a guess got in")
            except TooManyAttemptsError:
                refused += 1
            except SignInError:
                let_through += 1
    assert let_through <= 10, "five in each of the two minutes"
    assert let_through + refused == 1000
    with clock.frozen(start + timedelta(minutes=5)):
        assert check_credentials(store, vault, EMAIL, PASSWORD, "10.0.0.9") == ada
    with store.read() as session:
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.event == "sign-in failed")).all()) == let_through


def test_tries_at_once_fill_the_same_limit(store: Store, vault: Vault) -> None:
    def tried(_: int) -> bool:
        try:
            count_attempt(store, vault, "sign in", "somebody@example.org")
        except TooManyAttemptsError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(tried, range(40))) == 5
