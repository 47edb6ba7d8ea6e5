"""Passwords: long enough, not guessable, every byte of them counts, none kept in the clear."""

import unicodedata
from statistics import median
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ValidationError
from core.identity import LONGEST, SHORTEST, check_strength
from core.identity.passwords import _nobody, hash_password, matches
from core.vault import Keys, Vault


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "tulipan-motor-vinter-kaffe",
        "ein kurzer Satz über Möwen",
        "wZ7!q0rT$2mLx9pC",
        "日本語のパスワードは長くても大丈夫です",
    ],
)
def test_long_odd_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    check_strength(password, "ada@example.org", "Ada", "Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "fourteen chars"[: SHORTEST - 1],
        "aaaaaaaaaaaaaaaaaaaa",
        "passwordpassword",
        "password12345678",
        "qwertyuiop123456",
        "Lovelace-Lovelace-1815",
        "ada.lovelace.fintrack",
        "1234567890123456",
        "x" * (LONGEST + 1),
    ],
)
def test_short_common_or_personal_passwords_are_refused_in_words(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_strength(password, "ada.lovelace@example.org", "Ada", "Lovelace")
    assert str(refused.value).startswith(("The password", "This password"))


@given(st.text(min_size=0, max_size=SHORTEST - 1))
def test_nothing_shorter_is_ever_taken(password: str) -> None:
    with pytest.raises(ValidationError):
        check_strength(password)


def test_bytes_beyond_bcrypts_seventy_two_count(vault: Vault) -> None:
    long = "a longer sentence than bcrypt can read by itself, " * 3
    kept = hash_password(vault, long + "x")
    assert matches(vault, long + "x", kept)
    assert not matches(vault, long + "y", kept)
    assert not matches(vault, long + "x\0", kept)


def test_the_same_words_typed_on_another_keyboard_match(vault: Vault) -> None:
    kept = hash_password(vault, unicodedata.normalize("NFD", "Möwen über dem Café"))
    assert matches(vault, unicodedata.normalize("NFC", "Möwen über dem Café"), kept)


def test_what_is_kept_tells_nothing_and_is_worth_nothing_on_another_machine(vault: Vault) -> None:
    kept = hash_password(vault, "correct horse battery staple")
    assert kept != hash_password(vault, "correct horse battery staple")
    assert kept.startswith("$2b$12$")
    elsewhere = Vault(Keys.made())
    assert not matches(elsewhere, "correct horse battery staple", kept)


def test_nobody_and_somebody_take_the_same_time(vault: Vault) -> None:
    # Another test may have left the one for nobody made at a lower cost.
    _nobody.cache_clear()
    kept = hash_password(vault, "correct horse battery staple")
    matches(vault, "warm", None)

    def taken(of: str | None) -> float:
        times = []
        for _ in range(5):
            start = perf_counter()
            assert not matches(vault, "wrong horse battery staple", of)
            times.append(perf_counter() - start)
        return median(times)

    # Skipping the hash for an unknown user would be a thousand times faster.
    assert 0.3 < taken(None) / taken(kept) < 3
