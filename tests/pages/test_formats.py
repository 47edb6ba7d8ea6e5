"""Moments and words from elsewhere, as every screen writes them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from pages.shared.formats import BREAK, Formats, clean, hover_text, plain_text

AMERICAN = Formats("en_US", "America/New_York")
GERMAN = Formats("de_DE", "Europe/Berlin")


def test_colour_only_repeats_the_sign() -> None:
    assert AMERICAN.coloured_money(Decimal(5), "USD").startswith(":green[")
    assert "\\+" in AMERICAN.coloured_money(Decimal(5), "USD")
    assert "−" in AMERICAN.coloured_money(Decimal(-5), "USD")
    assert ":" not in AMERICAN.coloured_money(Decimal(-5), "USD")


def test_how_long_ago_is_told_in_words() -> None:
    with clock.frozen(dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)):
        assert AMERICAN.ago(dt.datetime(2026, 3, 14, 11, 55, tzinfo=dt.UTC)) == "5 minutes ago"
        assert AMERICAN.ago(dt.datetime(2026, 3, 14, 11, 59, 30, tzinfo=dt.UTC)) == "just now"
        assert AMERICAN.ago(None) == "never"


def test_a_date_is_put_in_in_the_persons_order() -> None:
    assert AMERICAN.date_order == "MM/DD/YYYY"
    assert GERMAN.date_order == "DD/MM/YYYY"
    assert Formats("ja_JP").date_order == "YYYY/MM/DD"


HOSTILE = (
    ":red[x]",
    ":material/delete:",
    ":smile:",
    "$E=mc^2$",
    "**bold** _it_ ~~gone~~ `code`",
    "![i](http://evil.example/i.png)",
    "[a](http://evil.example)",
    "http://evil.example",
    "www.evil.example",
    "me@evil.example",
    "<b>x</b> &lt;",
    "# head\n- list",
    "a -> b <- c -- d >= e",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_survives_in_words_from_elsewhere(text: str) -> None:
    told = plain_text(text)
    for found in (":red[", ":material/", ":smile:", "http:", "http://", "www.", "me@evil"):
        assert found not in told.replace("\\", "")
    unescaped = [at for at, sign in enumerate(told) if sign in "\\`*_{}[]()#<>~$!|" and told[at - 1 : at] != "\\"]
    assert all(told[at] == "\\" for at in unescaped)


@given(st.text())
def test_words_from_elsewhere_stay_readable(text: str) -> None:
    told = plain_text(text)
    back = ""
    escaped = False
    for sign in told:
        if sign == "\\" and not escaped:
            escaped = True
            continue
        escaped = False
        back += sign
    assert back.replace(BREAK, "") == clean(text).replace(BREAK, "")
    assert "\n" not in told


@pytest.mark.parametrize("text", ["Food & drink", "AT&T", "Q&A, more", "3 > 2"])
def test_signs_of_every_day_stay_in_a_chart(text: str) -> None:
    assert hover_text(text) == text


def test_what_follows_a_sign_that_could_begin_a_tag_is_still_told() -> None:
    assert hover_text("I <3 Pizza, Mar 2026: $12.00") == "I \u20393 Pizza, Mar 2026: $12.00"


@given(st.text(st.sampled_from("<>&;#/ abilt0"), max_size=30) | st.text())
def test_no_tag_and_no_entity_is_left_for_a_chart(text: str) -> None:
    told = hover_text(text)
    assert "<" not in told
    assert not re.search(r"&#?\w+;", told)
