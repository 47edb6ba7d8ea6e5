"""The recovery key on paper: it comes back as it was, and a slip of the pen is told."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ValidationError
from core.vault.recovery import ALPHABET, read, written
from core.vault.wrapping import WrongKeyError, public_half, unwrap_by, wrap_for


@given(st.binary(min_size=32, max_size=32))
def test_what_was_written_is_read_back_however_it_is_typed(key: bytes) -> None:
    text = written(key)
    assert [len(group) for group in text.split("-")] == [6] * 9
    assert read(text) == key
    assert read(text.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == key


def test_nearly_every_slip_of_the_pen_is_told() -> None:
    text = written(secrets.token_bytes(32))
    missed = tried = 0
    for place, letter in enumerate(text):
        for other in ALPHABET if letter != "-" else "":
            if other != letter:
                tried += 1
                try:
                    read(text[:place] + other + text[place + 1 :])
                    missed += 1
                except ValidationError:
                    pass
    assert tried > 1600
    assert missed < 12


@pytest.mark.parametrize("text", ["", "ABC", "U" * 54, "0" * 53, "0" * 55, "Z" * 54, "ÄÖ" * 27])
def test_what_is_no_recovery_key_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValidationError, match="not a recovery key"):
        read(text)


def test_only_the_recovery_key_unwraps_what_its_public_half_wrapped() -> None:
    key = secrets.token_bytes(32)
    wrapped = wrap_for(public_half(key), b"keys", "here")
    assert unwrap_by(key, wrapped, "here") == b"keys"
    for wrong, text, label in (
        (secrets.token_bytes(32), wrapped, "here"),
        (key, wrapped, "there"),
        (key, wrapped[:-8] + "AAAAAAA=", "here"),
        (key, "", "here"),
    ):
        with pytest.raises(WrongKeyError):
            unwrap_by(wrong, text, label)
