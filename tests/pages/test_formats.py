"""Money, dates and words from elsewhere, as every screen writes them."""

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


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("1234567.5", "USD", "$1,234,567.50"),
        ("-12.5", "USD", "−$12.50"),
        ("0", "USD", "$0.00"),
        ("1200", "JPY", "¥1,200"),
        ("1.5", "KWD", "KWD\xa01.500"),
    ],
)
def test_money_is_exact_and_carries_its_sign(amount: str, currency: str, told: str) -> None:
    assert AMERICAN.money(Decimal(amount), currency) == told


def test_money_follows_the_persons_country() -> None:
    assert GERMAN.money(Decimal("-1234.5"), "EUR") == "−1.234,50\xa0€"


def test_money_in_shows_a_plus_where_signs_count() -> None:
    assert AMERICAN.money(Decimal(3120), "USD", signed=True) == "+$3,120.00"
    assert AMERICAN.money(Decimal(0), "USD", signed=True) == "$0.00"


def test_whole_money_has_no_cents_in_any_currency() -> None:
    assert AMERICAN.money(Decimal("-1234.56"), "USD", whole=True) == "−$1,235"
    assert GERMAN.money(Decimal("1234.56"), "EUR", whole=True) == "1.235\xa0€"


def test_an_unknown_amount_is_a_dash() -> None:
    assert AMERICAN.money(None, "USD") == "–"


def test_a_figure_too_long_for_a_card_drops_its_cents_only() -> None:
    assert AMERICAN.figure(Decimal("54222.47"), "USD") == "$54,222.47"
    assert AMERICAN.figure(Decimal("1354222.47"), "USD") == "$1,354,222"


def test_colour_only_repeats_the_sign() -> None:
    assert AMERICAN.coloured_money(Decimal(5), "USD").startswith(":green[")
    assert "\\+" in AMERICAN.coloured_money(Decimal(5), "USD")
    assert "−" in AMERICAN.coloured_money(Decimal(-5), "USD")
    assert ":" not in AMERICAN.coloured_money(Decimal(-5), "USD")


def test_percentages_keep_their_sign() -> None:
    assert AMERICAN.percent(Decimal("0.123")) == "12%"
    assert AMERICAN.percent(Decimal("-1.18")) == "−118%"
    assert GERMAN.percent(Decimal("0.5"), signed=True) == "+50\xa0%"
    assert AMERICAN.percent(None) == "–"


def test_dates_follow_the_persons_order() -> None:
    day = dt.date(2026, 3, 14)
    assert AMERICAN.day(day) == "Mar 14, 2026"
    assert GERMAN.day(day) == "14.03.2026"
    assert AMERICAN.date_order == "MM/DD/YYYY"
    assert GERMAN.date_order == "DD/MM/YYYY"
    assert Formats("ja_JP").date_order == "YYYY/MM/DD"


def test_a_locale_nobody_knows_falls_back_instead_of_failing() -> None:
    assert Formats("xx_NOWHERE").money(Decimal(1), "USD") == "$1.00"


def test_how_long_ago_is_told_in_words() -> None:
    with clock.frozen(dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)):
        assert AMERICAN.ago(dt.datetime(2026, 3, 14, 11, 55, tzinfo=dt.UTC)) == "5 minutes ago"
        assert AMERICAN.ago(dt.datetime(2026, 3, 14, 11, 59, 30, tzinfo=dt.UTC)) == "just now"
        assert AMERICAN.ago(None) == "never"


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


@given(st.text(st.sampled_from("<>&;#/ abilt0"), max_size=30) | st.text())
def test_no_tag_and_no_entity_is_left_for_a_chart(text: str) -> None:
    told = hover_text(text)
    assert "<" not in told
    assert not re.search(r"&#?\w+;", told)
