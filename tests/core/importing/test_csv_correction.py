"""A CSV file that was taken wrongly, or not at all, is put right by the person once, and the next one reads like it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from core.errors import ImportFileError
from core.importing import CsvLayout, first_rows, guessed_layout, look_at_file, read_statement, relaid, take_in
from core.store import Store
from tests.core.ledger.household import add_person

UNKNOWN = "My bank\nWann;Wozu;Wieviel;Rest\n"


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: what a file says has nothing to do with the database."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


def month(number: int, start: str = UNKNOWN) -> bytes:
    rows = "".join(f"0{day}.0{number}.2024;Shop {day};{day},50;{day}00,00\n" for day in (2, 5, 7))
    return f"{start}{rows}".encode()


def test_headings_in_unknown_words_are_named_by_their_line() -> None:
    layout = relaid(month(1), delimiter=";", heading=2, currency="EUR")
    assert (layout.header, layout.date, layout.amount) == (("Wann", "Wozu", "Wieviel", "Rest"), 0, 2)
    (part,) = read_statement(month(1), "x", csv_layout=layout).parts
    assert [(row.date, row.amount, row.name) for row in part.transactions] == [
        (date(2024, 1, day), Decimal(f"{day}.50"), f"Shop {day}") for day in (2, 5, 7)
    ]


def test_a_correction_holds_for_the_next_file_without_a_word(store: Store) -> None:
    user = add_person(store)
    layout = relaid(month(1), delimiter=";", heading=2, currency="EUR")
    corrected = msgspec.structs.replace(layout, sign="inverted", amount=3)
    take_in(store, user, look_at_file(store, user, month(1), "x", account="Card", layout=corrected, currency="EUR"))
    intake = look_at_file(store, user, month(2), "another name", currency="USD")
    assert intake.previews[0].account == "Card"
    assert [row.amount for row in intake.statements[0].transactions] == [-200, -500, -700]


def test_a_file_that_can_not_be_read_by_itself_is_read_as_the_person_says(store: Store) -> None:
    user = add_person(store)
    hopeless = b"ref|stamp|what|cost\n1|day 2024-01-02|Shop|twelve\n2|day 2024-01-03|Tea|two\n"
    with pytest.raises(ImportFileError):
        look_at_file(store, user, hopeless, "x")
    guess = guessed_layout(hopeless, currency="USD")
    assert guess is not None
    assert (guess.delimiter, guess.header) == ("|", ("ref", "stamp", "what", "cost"))
    strange = b"Total,12.50,2024-01-31\nposted,on,sum\n2024-01-02,Shop,-12.50\n2024-01-03,Tea,-2.00\n"
    layout = relaid(strange, delimiter=",", heading=2, currency="USD")
    (part,) = read_statement(strange, "x", csv_layout=layout).parts
    assert [row.amount for row in part.transactions] == [Decimal("-12.50"), Decimal(-2)]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n", b"!Type:Bank\nD1/13/24\nT1,5;2\n", b"one column\nof words\n", b""])
def test_what_is_no_table_is_not_guessed_at(data: bytes) -> None:
    assert guessed_layout(data, currency="USD") is None


def test_first_rows_carry_the_lines_they_stand_on() -> None:
    rows = first_rows(b'\n"a\nb",1\nc,2\n', ",")
    assert [(row.line, row.cells) for row in rows] == [(2, ("a\nb", "1")), (4, ("c", "2"))]


def test_a_kept_layout_is_not_taken_for_other_headings() -> None:
    layout = relaid(month(1), delimiter=";", heading=2, currency="EUR")
    other = month(1, "Datum;Text;Betrag;Saldo\n")
    statement = read_statement(other, "x", csv_layout=msgspec.structs.replace(layout, amount=3))
    assert isinstance(statement.layout, CsvLayout)
    assert (statement.layout.header, statement.layout.amount) == (("Datum", "Text", "Betrag", "Saldo"), 2)
