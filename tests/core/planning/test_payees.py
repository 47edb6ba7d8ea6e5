"""Numbers in banks' texts, whatever their letters."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.planning import without_numbers
from tests.machine.examples import examples

texts = st.lists(st.text(alphabet="07aé \n٣#", max_size=12), max_size=6)


@settings(max_examples=examples(30), deadline=None)
@given(texts)
@example(["card 12 of 3", "4471"] * 3_000)
@example(["ends in 55", "٣٤ begins 5", "7"])
def test_every_number_of_two_digits_or_more_becomes_the_same(given_texts: list[str]) -> None:
    plain = [re.sub(r"\d{2,}", "00", text.replace("\n", " ")) for text in given_texts]
    assert without_numbers(given_texts) == plain
