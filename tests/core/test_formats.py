"""Money, numbers and dates in each person's way, and words from elsewhere for a plain line."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from core.formats import PlainFormats, one_line, printable, ticks, unlike

AMERICAN = PlainFormats("en_US")
GERMAN = PlainFormats("de_DE")
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


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


def test_thousands_are_grouped_as_people_there_do() -> None:
    assert PlainFormats("en_IN").money(Decimal(1234567), "INR") == "₹12,34,567.00"
    assert PlainFormats("de_CH").money(Decimal(1234567), "CHF") == "CHF\xa01’234’567.00"


def test_money_in_shows_a_plus_where_signs_count() -> None:
    assert AMERICAN.money(Decimal(3120), "USD", signed=True) == "+$3,120.00"
    assert AMERICAN.money(Decimal(0), "USD", signed=True) == "$0.00"


def test_whole_money_has_no_cents_in_any_currency() -> None:
    assert AMERICAN.money(Decimal("-1234.56"), "USD", whole=True) == "−$1,235"
    assert GERMAN.money(Decimal("1234.56"), "EUR", whole=True) == "1.235\xa0€"


@given(
    st.sampled_from(sorted(locale_identifiers())),
    st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "CHF", "XYZ", "BTC"]) | st.text("ABC09.-¤", min_size=1),
    st.decimals(min_value=0, max_value=10**15, places=5),
)
def test_money_is_written_as_babel_writes_it(locale: str, currency: str, amount: Decimal) -> None:
    known = Locale.parse(locale)
    told = format_currency(amount, currency, locale=known)
    assert PlainFormats(locale).money(amount, currency).replace("\xa0", "") == told.replace("\xa0", "")
    rounded = amount.quantize(Decimal(1))
    pattern = re.sub(r"0\.0+", "0", known.currency_formats["standard"].pattern)
    told = format_currency(rounded, currency, pattern, locale=known, currency_digits=False)
    assert PlainFormats(locale).money(amount, currency, whole=True).replace("\xa0", "") == told.replace("\xa0", "")


def test_an_unknown_amount_is_a_dash() -> None:
    assert AMERICAN.money(None, "USD") == "–"


def test_a_figure_too_long_for_a_card_drops_its_cents_only() -> None:
    assert AMERICAN.figure(Decimal("54222.47"), "USD") == "$54,222.47"
    assert AMERICAN.figure(Decimal("1354222.47"), "USD") == "$1,354,222"


def test_percentages_keep_their_sign() -> None:
    assert AMERICAN.percent(Decimal("0.123")) == "12%"
    assert AMERICAN.percent(Decimal("-1.18")) == "−118%"
    assert GERMAN.percent(Decimal("0.5"), signed=True) == "+50\xa0%"
    assert AMERICAN.percent(None) == "–"


def test_dates_follow_the_persons_order() -> None:
    day = dt.date(2026, 3, 14)
    assert AMERICAN.day(day) == "Mar 14, 2026"
    assert GERMAN.day(day) == "14.03.2026"


def test_a_locale_nobody_knows_falls_back_instead_of_failing() -> None:
    assert PlainFormats("xx_NOWHERE").money(Decimal(1), "USD") == "$1.00"


@given(amounts, amounts)
def test_ticks_are_few_and_hold_every_amount(one: Decimal, other: Decimal) -> None:
    low, high = min(one, other), max(one, other)
    found = ticks(low, high)
    assert found[0] <= low <= high <= found[-1]
    assert len(found) <= 7
    assert found == sorted(set(found))


def test_words_are_cut_and_cleaned() -> None:
    assert one_line("a\0b\n c\u200f") == "a b c"
    assert one_line("x" * 200, 60) == "x" * 59 + "…"


@given(st.text())
def test_nothing_unseen_is_left_in_a_line(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)
    assert one_line(text).split() == printable(text).split()


def test_no_two_columns_of_a_table_are_called_alike() -> None:
    found = unlike(["Day", "Checking", "Checking", "Checking (2)", "Checking"])
    assert found == ["Day", "Checking", "Checking (2)", "Checking (2) (2)", "Checking (3)"]
