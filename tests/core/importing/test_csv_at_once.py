"""What is found of many rows or cells at once is what each of them tells alone."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.importing.amounts import is_amount, read_amount
from core.importing.csv_reading import _evened, _is_even
from core.importing.csv_table import Row, is_data, rows_of_data
from core.importing.csv_vocabulary import BALANCE, may_state_balance

cells = st.sampled_from(["01/02/2024", "2024-02-01", "20240201", "12.50", "-3,00", "7", "EUR 5", "", "RENT", "1.2.3"])
amounts = st.text("0123456789.,-+()$€ \u2212\u00a0EURDCRabc", max_size=12) | st.text(max_size=50)
spaced = st.lists(st.text("ab¦ \t\n\u00a0\u2009\u00adé", max_size=6) | st.text(max_size=10))


@given(rows=st.lists(st.lists(cells, max_size=5).map(tuple)))
@example(rows=[("01/02/2024", "12.50"), ("12.50", "01/02/2024"), ("01/02/2024", "20240201"), ("01/02/2024",)])
def test_rows_of_data_are_those_that_each_are_data(rows: list[tuple[str, ...]]) -> None:
    table = [Row(line, row) for line, row in enumerate(rows)]
    assert rows_of_data(table) == list(filter(is_data, table))


@given(text=amounts)
@example(text="1.234,56")
@example(text="(12.00)")
def test_an_amount_is_what_can_be_read_with_either_mark(text: str) -> None:
    assert is_amount(text) == any(read_amount(text, mark) is not None for mark in (".", ","))


@given(texts=spaced)
@example(texts=["a b", "a ¦ b", " a"])
@example(texts=["a b", "c "])
@example(texts=["a\u00a0b"])
def test_cells_are_left_alone_only_where_no_white_space_would_change(texts: list[str]) -> None:
    assert not _is_even(texts) or list(map(_evened, texts)) == texts


def test_cells_with_single_spaces_are_left_alone() -> None:
    assert _is_even(["Überweisung an Zoë", "", "1"])
    assert _is_even([])


@pytest.mark.parametrize(
    "text",
    [
        "Opening balance",
        "Solde final 31/12",
        "SALDO INICIAL",
        "Anfangssaldo",
        "Endsaldo",
        "Kontostand am 01.02.2024",
        "eindsaldo",
        "S A L D O",
        "\u017faldo final",
        "\u212aontostand",
        "balance",
    ],
)
def test_every_statement_of_a_balance_is_thought_of(text: str) -> None:
    assert re.fullmatch(BALANCE, text)
    assert may_state_balance(f"Coffee\n{text}\nRent")
