"""Broken and hostile files: a right reading, or a sentence; never another failure, never a piece of a file."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FinTrackError, ImportFileError
from core.importing import look_at_file
from core.importing.reading import read_statement
from core.ledger import list_accounts, list_imports
from core.store import Store
from tests.core.ledger.household import add_person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("march.csv", "Date,Amount\n2026-01-01,5\n")
    return target.getvalue()


HOPELESS = {
    "nothing": b"",
    "spaces": b" \n\t\n" * 50,
    "an image": PNG,
    "an archive": zipped(),
    "a web page": b"<!DOCTYPE html><html><body><form>Please sign in</form></body></html>",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "JSON": b'{"transactions": [{"date": "2026-01-01", "amount": 5}]}',
    "zeros": b"\0" * 2_000_000,
    "one long line": b"a" * 5_000_000,
    "many delimiters": b"," * 1_000_000,
    "many lines": b"x\n" * 300_000,
    "an open quote": b'"Date","Amount"\n"2026-01-01","5.00\n' + b"2026-01-02,6\n" * 20_000,
    "only a header": b"Date,Description,Amount\n",
    "tags without end": b"OFXHEADER:100\n\n<OFX>" + b"<STMTRS>" * 50_000,
    "half an OFX": b"OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>",
}


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: what a file says has nothing to do with the database."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


@pytest.mark.parametrize("name", HOPELESS)
def test_what_is_no_bank_file_is_refused_soon_and_in_words(name: str) -> None:
    start = perf_counter()
    with pytest.raises(ImportFileError) as refused:
        read_statement(HOPELESS[name], "file.csv")
    assert len(str(refused.value)) > 20
    # Generous: it shows a file that stops the program, not a slow machine.
    assert perf_counter() - start < 30


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=600))
def test_any_bytes_at_all_give_a_reading_or_a_sentence(data: bytes) -> None:
    for start in (b"", b"OFXHEADER:100\n\n<OFX>", b"Date,Description,Amount\n"):
        with suppress(FinTrackError):
            read_statement(start + data, "file")


def damaged(data: bytes, dice: Random) -> bytes:
    """Return a file as a bad download or a hurried hand leaves it."""
    at, length = dice.randrange(len(data)), dice.randrange(1, 40)
    return dice.choice(
        [
            data[:at],
            data[at:],
            data[:at] + data[at + length :],
            data[:at] + dice.randbytes(length) + data[at:],
            data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :],
            data[:at] + data[at : at + 200] * 3 + data[at + 200 :],
            data.replace(b",", b";") if dice.random() < 0.5 else data.replace(b"\n", b"\r"),
        ]
    )


def test_damaged_real_files_give_a_reading_or_a_sentence(shared: Path) -> None:
    dice = Random(20_261_121)
    files = [path for kind in ("ofx", "csv") for path in sorted((shared / "statements" / kind).iterdir())]
    refused = 0
    for number in range(1500):
        path = files[number % len(files)]
        try:
            read_statement(damaged(path.read_bytes(), dice), path.name)
        except FinTrackError:
            refused += 1
    assert 300 < refused < 1450


def test_a_refused_file_leaves_nothing_behind(store: Store) -> None:
    user = add_person(store)
    for data in HOPELESS.values():
        with pytest.raises(FinTrackError):
            look_at_file(store, user, data, "file.csv", account="Somewhere")
    assert list_accounts(store, user) == ()
    assert list(list_imports(store, user)) == []
