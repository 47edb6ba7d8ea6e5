"""Money: what goes into the store comes out the same, and what can't be kept is refused."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AmountError
from core.money import LIMIT, SCALE, exact, from_units, minor_digits, plain, to_units

LAST = LIMIT - Decimal("0.0001")
amounts = st.decimals(-LAST, LAST, places=4)


@given(amounts)
def test_every_amount_survives_the_store(amount: Decimal) -> None:
    units = to_units(amount)
    assert from_units(units) == amount
    assert abs(units) < 2**63


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_whole_number_in_the_store_is_an_amount_or_is_refused(units: int) -> None:
    amount = from_units(units)
    if abs(units) < int(LIMIT) * SCALE:
        assert to_units(amount) == units
    else:
        with pytest.raises(AmountError):
            to_units(amount)


@given(amounts, st.integers(2, 6))
def test_the_precision_that_a_caller_set_changes_nothing(amount: Decimal, precision: int) -> None:
    with localcontext() as context:
        context.prec = precision
        units = to_units(amount)
        back = from_units(units)
        text = plain(amount)
    assert units == int(amount * SCALE)
    assert back == Decimal(text) == amount


@pytest.mark.parametrize("amount", [LIMIT, -LIMIT, Decimal("Infinity"), Decimal("NaN"), Decimal("sNaN")])
def test_what_is_no_amount_is_refused(amount: Decimal) -> None:
    with pytest.raises(AmountError, match="can be kept"):
        to_units(amount)


@pytest.mark.parametrize("text", ["0.00001", "1.00005", "-3.99999", "1E-20", "1." + "0" * 40 + "1"])
def test_what_is_finer_than_the_store_is_refused_not_rounded(text: str) -> None:
    with pytest.raises(AmountError, match="more than 4 decimals"):
        to_units(Decimal(text))


def test_zeros_behind_the_last_place_do_no_harm() -> None:
    assert to_units(Decimal("1.50000000")) == 15000
    assert to_units(Decimal("1E+3")) == 10_000_000


@given(st.decimals(Decimal(-(10**10)), Decimal(10**10), places=2))
def test_a_float_that_was_an_amount_of_money_becomes_it_again(amount: Decimal) -> None:
    assert exact(float(amount)) == amount


@pytest.mark.parametrize(("number", "amount"), [(0.1, "0.1"), ("12.50", "12.50"), (-3, "-3"), (1e-4, "0.0001")])
def test_a_number_becomes_what_a_person_reads_in_it(number: float | str, amount: str) -> None:
    assert exact(number) == Decimal(amount)


@pytest.mark.parametrize("number", ["", "twelve", "1,5", float("nan"), float("inf"), "-Infinity", "NaN"])
def test_what_is_no_number_is_refused(number: float | str) -> None:
    with pytest.raises(AmountError, match="is not a number"):
        exact(number)


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("EUR", 2)])
def test_currencies_have_their_own_decimals(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@given(amounts)
def test_the_plain_form_is_the_amount_with_two_to_four_decimals(amount: Decimal) -> None:
    text = plain(amount)
    assert Decimal(text) == amount
    whole, _, fraction = text.partition(".")
    assert 2 <= len(fraction) <= 4
    assert whole.removeprefix("-").isdigit()
    assert not (amount == 0 and text.startswith("-"))


@pytest.mark.parametrize(
    ("amount", "text"), [("-12.5", "-12.50"), ("0", "0.00"), ("-0", "0.00"), ("1E+3", "1000.00"), ("0.0001", "0.0001")]
)
def test_the_plain_form_by_example(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text
