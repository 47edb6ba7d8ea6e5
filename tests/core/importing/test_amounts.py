"""Many amounts are read at once in another way than one alone, and plain ones sooner than others: all mean the same."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.importing.amounts import Mark, _read, has_sign, read_amount, read_amounts
from tests.machine.examples import examples

marks = st.sampled_from([".", ","])
plain = st.from_regex(r"[+-]?[0-9]{0,4}([.,][0-9]{3}){0,2}([.,][0-9]{0,3})?", fullmatch=True)
odd = st.text("0123456789.,-+()$€£ \n\u2212\u00a0EURDCRkrzł", max_size=12)
columns = st.lists(plain) | st.lists(odd) | st.lists(plain | odd | st.text(max_size=50))


@settings(max_examples=examples(500))
@given(texts=columns, mark=marks)
@example(texts=["1\n2"], mark=".")
@example(texts=["1.00", "", "2,000.00"], mark=".")
@example(texts=[], mark=",")
def test_a_column_of_amounts_is_read_like_each_of_them(texts: list[str], mark: Mark) -> None:
    assert list(map(repr, read_amounts(texts, mark))) == [repr(read_amount(text, mark)) for text in texts]


@settings(max_examples=examples(500))
@given(text=plain, mark=marks)
def test_a_plain_amount_is_read_like_any_other(text: str, mark: Mark) -> None:
    read = read_amount(text, mark)
    careful = _read(text, mark) if text else None
    # Only the careful way takes the sign from nothing; no key or sum tells the two apart.
    assert read == careful
    assert read is None or not read or repr(read) == repr(careful)


@given(texts=st.lists(odd))
def test_lines_of_amounts_have_a_sign_where_one_of_them_has(texts: list[str]) -> None:
    assert has_sign("\n".join(texts)) == any(map(has_sign, texts))


@pytest.mark.parametrize(("text", "mark"), [("-1.234.567,89", ","), ("-1,234,567.89", "."), ("+1234567,89", ",")])
def test_groups_of_thousands(text: str, mark: Mark) -> None:
    sign = -1 if text.startswith("-") else 1
    assert read_amount(text, mark) == sign * Decimal("1234567.89")
