"""Converting at the rate of a day: held against fractions of the rates as they are written in the shipped file."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rates import Rates
from tests.core.rates.oracle import at, rounded
from tests.machine.examples import examples

CENT = Decimal("0.0001")
NEW, OLD = date(2025, 7, 28), date(1999, 1, 4)
RATES = Rates()


currencies = st.sampled_from(["EUR", "USD", "JPY", "CHF", "ISK", "TRL", "HRK", "CYP", "CNY"])
days = st.dates(OLD - timedelta(days=10), NEW + timedelta(days=400)) | st.just(NEW)
amounts = st.decimals(-(10**9), 10**9, places=4)


@settings(deadline=None, max_examples=examples(60))
@given(amount=amounts, currency=currencies, into=currencies, day=days)
def test_an_amount_is_worth_what_the_written_rates_say(amount: Decimal, currency: str, into: str, day: date) -> None:
    told = RATES.convert(amount, currency, into, day)
    assert told is not None
    exact = amount if currency == into else rounded(Fraction(amount) * at(into, day) / at(currency, day))
    assert told.amount == exact


@settings(deadline=None, max_examples=examples(60))
@given(amount=amounts, currency=st.sampled_from(["EUR", "USD", "XTS"]), day=days)
def test_into_itself_an_amount_stays_as_it_is(amount: Decimal, currency: str, day: date) -> None:
    told = RATES.convert(amount, currency, currency, day)
    assert told is not None
    assert (told.amount, told.day) == (amount, day)


@settings(deadline=None, max_examples=examples(60))
@given(amount=amounts, currency=currencies, into=currencies, day=days)
def test_there_and_back_is_within_rounding(amount: Decimal, currency: str, into: str, day: date) -> None:
    there = RATES.convert(amount, currency, into, day)
    assert there is not None
    back = RATES.convert(there.amount, into, currency, day)
    assert back is not None
    # Half a unit of the last place is lost on the way there, and another on the way back.
    lost = Fraction(CENT) / 2 * (1 + at(currency, day) / at(into, day))
    assert abs(Fraction(back.amount) - Fraction(amount)) <= lost


@settings(deadline=None, max_examples=examples(60))
@given(amount=amounts, currency=currencies, into=currencies, day=days)
def test_through_the_euro_is_as_direct(amount: Decimal, currency: str, into: str, day: date) -> None:
    direct = RATES.convert(amount, currency, into, day)
    euros = RATES.convert(amount, currency, "EUR", day)
    assert direct is not None
    assert euros is not None
    through = RATES.convert(euros.amount, "EUR", into, day)
    assert through is not None
    assert abs(Fraction(direct.amount) - Fraction(through.amount)) <= Fraction(CENT) / 2 * (2 + at(into, day))


def test_half_of_the_last_place_goes_to_the_even_one() -> None:
    half = Rates({"XTS": {NEW: 2 * 10**8}})
    told = [half.convert(Decimal(n) * CENT, "XTS", "EUR", NEW) for n in (1, 3, 5, -1, -3)]
    assert [one.amount / CENT for one in told if one] == [0, 2, 2, 0, -2]
    assert told[0].amount.quantize(CENT, ROUND_HALF_EVEN) == told[0].amount


def test_a_day_without_a_rate_takes_the_last_one_before_it_and_days_before_the_first_the_first() -> None:
    sunday, friday = date(2025, 7, 27), date(2025, 7, 25)
    told = RATES.convert(Decimal(1), "EUR", "USD", sunday)
    assert told is not None
    assert (told.day, told.amount) == (friday, Decimal("1.1724"))
    first = RATES.convert(Decimal(1), "EUR", "USD", date(1970, 1, 1))
    assert first is not None
    assert (first.day, first.amount) == (OLD, Decimal("1.1789"))


def test_of_two_rates_the_older_one_dates_a_conversion() -> None:
    told = RATES.convert(Decimal(1), "HRK", "USD", NEW)
    assert told is not None
    assert told.day == date(2022, 12, 30)


def test_an_unknown_currency_has_no_rate() -> None:
    assert RATES.convert(Decimal(1), "XTS", "EUR", NEW) is None
    assert RATES.convert(Decimal(1), "EUR", "XTS", NEW) is None
    assert (RATES.knows("XTS"), RATES.knows("EUR"), RATES.knows("CHF")) == (False, True, True)


def test_a_persons_own_rate_comes_before_the_shipped_one() -> None:
    later = NEW + timedelta(days=1)
    own = Rates({"USD": {NEW: 2 * 10**8, later: 3 * 10**8}})
    told = [own.convert(Decimal(1), "EUR", "USD", day) for day in (NEW - timedelta(days=1), NEW, later)]
    assert [one.amount for one in told if one] == [Decimal("1.1724"), 2, 3]
    assert own.fingerprint() != RATES.fingerprint() == Rates({}).fingerprint()


@pytest.mark.parametrize(("currency", "into"), [("EUR", "USD"), ("USD", "EUR"), ("HRK", "USD"), ("XTS", "EUR")])
def test_a_course_goes_as_single_conversions_do(currency: str, into: str) -> None:
    course = RATES.course(currency, into)
    assert bool(course) == (currency != "XTS")
    for one in course[::97]:
        day = max(one.since, date(1990, 1, 1))
        told = RATES.convert(Decimal(1000), currency, into, day)
        assert told is not None
        assert (told.day, told.amount) == (one.day, one.exchange(Decimal(1000)))
