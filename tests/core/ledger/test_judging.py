"""The keys by which a file's rows are known again stay what they are: the store is full of them."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.ledger import TransactionRecord
from core.ledger.judging import _written, file_keys


@given(day=st.dates(), amount=st.decimals(), name=st.text(), text=st.text())
def test_what_a_key_is_made_of_is_written_as_python_writes_it(day: date, amount: Decimal, name: str, text: str) -> None:
    assert _written(day, amount, name, text) == repr((day, amount, name, text))


def test_keys_of_files_stay_the_same_for_ever() -> None:
    coffee = TransactionRecord("", date(2026, 3, 1), Decimal("-3.50"), "Corner  Shop", original_text="CARD 'x'")
    named = TransactionRecord("", date(2026, 3, 1), Decimal("-3.50"), "Corner Shop", key="TX1")
    assert file_keys([coffee, coffee, named]) == [
        "text:38f38295cdf62836343f26d9726edccd",
        "text:38f38295cdf62836343f26d9726edccd#2",
        "id:TX1",
    ]
