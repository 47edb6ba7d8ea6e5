"""Very long files are read in another way than short ones, and give the same."""

import gc
from pathlib import Path

import pytest

from core.collecting import no_collecting
from core.errors import ImportFileError
from core.importing import csv_detection, csv_reading, look_at_file, read_statement, take_in
from core.ledger import rows as ledger_rows
from core.store import Store, UserId
from tests.bench.importing import SHAPES, long_file
from tests.core.ledger.household import add_person


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: what a file says has nothing to do with the database."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


@pytest.fixture
def user(store: Store) -> UserId:
    return add_person(store)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_too_long_to_be_looked_at_whole_is_read_the_same(monkeypatch: pytest.MonkeyPatch, shape: str) -> None:
    data = long_file(shape, 600)
    whole = read_statement(data, "x")
    monkeypatch.setattr(csv_detection, "MOST_LOOKED_AT", 50)
    assert read_statement(data, "x") == whole
    assert len(whole.parts[0].transactions) == 600
    assert whole.problems == ()


@pytest.mark.parametrize("again", [True, False])
def test_ids_that_come_again_in_the_middle_are_no_ids(monkeypatch: pytest.MonkeyPatch, *, again: bool) -> None:
    lines = [
        f"2026-01-{1 + at % 28:02},Shop {at},-{at + 1}.00,TX{7 if again and at == 50 else at:07}" for at in range(100)
    ]
    data = "\n".join(["Date,Description,Amount,Transaction ID", *lines]).encode()
    monkeypatch.setattr(csv_detection, "MOST_LOOKED_AT", 20)
    keys = [row.key for row in read_statement(data, "x").parts[0].transactions]
    assert (keys == [None] * 100) == again


def test_a_row_in_the_middle_that_can_not_be_read_is_told_of_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"2026-01-{1 + at % 28:02},Shop {at},{'twelve' if at == 50 else '-1.00'}" for at in range(100)]
    data = "\n".join(["Date,Description,Amount", *lines]).encode()
    monkeypatch.setattr(csv_detection, "MOST_LOOKED_AT", 20)
    with pytest.raises(ImportFileError, match="Line 52"):
        read_statement(data, "x")


def test_rows_written_in_pieces_and_known_in_one_look_are_the_same_rows(
    store: Store, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "WRITTEN_AT_ONCE", 7)
    monkeypatch.setattr(ledger_rows, "MANY_KEYS", 5)
    data = long_file("German", 40)
    (first,) = take_in(store, user, look_at_file(store, user, data, "x", account="Long"))
    assert (first.new, first.duplicates) == (40, 0)
    (again,) = take_in(store, user, look_at_file(store, user, data, "x", account="Long"))
    assert (again.new, again.duplicates) == (0, 40)


def test_progress_is_told_in_words_with_counts_that_grow_to_the_whole(
    store: Store, user: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_reading, "EVERY", 10)
    monkeypatch.setattr(ledger_rows, "WRITTEN_AT_ONCE", 10)
    told: list[tuple[str, int, int]] = []
    intake = look_at_file(
        store, user, long_file("German", 40), "x", account="Long", progress=lambda *one: told.append(one)
    )
    take_in(store, user, intake, progress=lambda *one: told.append(one))
    assert [one for one in told if one[0] == "Reading the file"] == [
        ("Reading the file", done, 40) for done in (0, 10, 20, 30)
    ]
    assert [one for one in told if one[0] == "Writing transactions"] == [
        ("Writing transactions", done, 40) for done in (10, 20, 30, 40)
    ]
    assert [words for words, _, _ in told].count("Comparing with what is here") == 2


def test_the_search_for_garbage_rests_only_while_something_is_read() -> None:
    assert gc.isenabled()
    with no_collecting():
        with pytest.raises(ValueError, match="inside"), no_collecting():
            raise ValueError("inside")
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with no_collecting():
            pass
        assert not gc.isenabled(), "as it was before"
    finally:
        gc.enable()
