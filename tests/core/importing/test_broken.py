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
from tests.machine.examples import examples

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
    "a web page in XML": b'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"></html>',
    "a mark and nothing behind it": b"\xef\xbb\xbf",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "JSON": b'{"transactions": [{"date": "2026-01-01", "amount": 5}]}',
    "zeros": b"\0" * 2_000_000,
    "one long line": b"a" * 5_000_000,
    "many delimiters": b"," * 1_000_000,
    "many lines": b"x\n" * 300_000,
    "an open quote": b'"Date","Amount"\n"2026-01-01","5.00\n' + b"2026-01-02,6\n" * 20_000,
    "only a header": b"Date,Description,Amount\n",
    "tags without end": b"OFXHEADER:100\n\n<OFX>" + b"<STMTRS>" * 50_000,
    "50 MB of zeros": b"\0" * 50_000_000,
    "more than a bank writes": b"2026-01-01,Shop,1.00\n" * 1_200_000,
    "a row of many cells": b"2026-01-01,1.00," * 50_000 + b"\n",
    "a DOCTYPE that grows": (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        b"<BkToCstmrStmt>&b;</BkToCstmrStmt></Document>"
    ),
    "an old Excel file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
    "NUL in the middle": b"Date,Description,Amount\n" + b"2026-01-01,Shop,1.00\n" * 300 + b"2026-01-02,\0,1.00\n",
    "half an OFX": b"OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>",
}


OFX, CAMT, MT940 = b"OFXHEADER:100\n\n<OFX>", b"<Document><BkToCstmrStmt>", b":20:START\n"
HEAVY = {
    "OFX of stray signs": OFX + b"a<" * 300_000 + b"</OFX>",
    "OFX of declarations": OFX + b"<!" * 300_000 + b"</OFX>",
    "OFX of CDATA that opens": OFX + b"<![CDATA[" * 70_000 + b"]]></OFX>",
    "OFX of CDATA that closes before": OFX + b"]]>" + b"<![CDATA[" * 70_000 + b"</OFX>",
    "OFX of comments": OFX + b"<!-->" * 120_000 + b"</OFX>",
    "OFX of half tags": OFX + b"<a " * 200_000 + b"</OFX>",
    "CAMT of mixed text": CAMT + b"x<a/>" * 120_000 + b"</BkToCstmrStmt></Document>",
    "CAMT that nests": CAMT + b"<a>" * 200_000,
    "MT940 of lone colons": MT940 + b"\n:\n" * 200_000,
    "MT940 of digits": MT940 + b":61:" + b"1" * 600_000,
    "MT940 of spaces": MT940 + b":61:240312" + b" " * 600_000 + b"\n:60F:C" + b" " * 600_000 + b"\n",
    "MT940 of slashes": MT940 + b":61:2601010101C1,00NTRF" + b"/" * 600_000 + b"\n",
    "QIF of one letter": b"!Type:Bank\n" + b"S" * 600_000,
    "CSV with a heading of brackets": b"Date," + b"(" * 600_000 + b",Amount\n2026-01-01,x,1.00\n",
    "CSV of quotes": b'Date,Text,Amount\n2026-01-01,"x' + b'"' * 600_000 + b'",1.00\n',
    "CSV of lines in a quote": b'Date,Amount,Text\n2026-01-01,1.00,"' + b"x,y\n" * 150_000 + b'"\n',
    "CSV of amounts side by side": (b"2026-01-01,1.00," * 60 + b"\n") * 600,
    "CSV of spaces": b"Date,Amount\n2026-01-01,1.00" + b" " * 600_000 + b"\n",
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


@pytest.mark.parametrize("name", HEAVY)
def test_no_file_takes_time_that_grows_faster_than_it(name: str) -> None:
    start = perf_counter()
    with suppress(FinTrackError):
        read_statement(HEAVY[name], "file")
    # Generous: where the time grew with the square of the length, each of these took minutes.
    assert perf_counter() - start < 25


@settings(max_examples=examples(200), deadline=None)
@given(data=st.binary(max_size=600))
def test_any_bytes_at_all_give_a_reading_or_a_sentence(data: bytes) -> None:
    for start in (b"", OFX, CAMT, MT940, b"!Type:Bank\n", b"Date,Description,Amount\n2026-01-01,Shop,1.00\n"):
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


TIDY = [(f"2026-03-{day:02}", f"Shop {day}", f"-{day}.25") for day in range(1, 9)]


@settings(max_examples=examples(250), deadline=None)
@given(
    where=st.integers(0, 10_000),
    what=st.sampled_from(["drop", "swap", "double"]),
    sign=st.sampled_from(';,"\n\t '),
    quoted=st.booleans(),
)
def test_a_csv_file_with_one_wrong_sign_loses_no_row_without_a_word(
    where: int, what: str, sign: str, *, quoted: bool
) -> None:
    """Whatever comma, quote or end of a line is lost, added or another: all dates and amounts are there, or none is."""
    cells = [tuple(f'"{cell}"' for cell in row) if quoted else row for row in TIDY]
    text = "Date,Description,Amount\n" + "".join(",".join(row) + "\n" for row in cells)
    places = [at for at, letter in enumerate(text) if letter in ',"\n' and at > 24]
    at = places[where % len(places)]
    piece = {"drop": "", "swap": sign, "double": text[at] * 2}[what]
    try:
        statement = read_statement((text[:at] + piece + text[at + 1 :]).encode(), "bank.csv")
    except ImportFileError:
        return
    read = [(f"{row.date}", f"{row.amount}") for part in statement.parts for row in part.transactions]
    assert read == [(day, amount) for day, _, amount in TIDY] or statement.problems


def test_damaged_real_files_give_a_reading_or_a_sentence(shared: Path) -> None:
    dice = Random(20_261_121)
    kinds = ("ofx", "csv", "qif", "camt", "mt940")
    files = [path for kind in kinds for path in sorted((shared / "statements" / kind).iterdir()) if path.stat().st_size]
    refused = 0
    for number in range(2000):
        path = files[number % len(files)]
        try:
            read_statement(damaged(path.read_bytes(), dice), path.name)
        except FinTrackError:
            refused += 1
    assert 400 < refused < 1950


def test_a_refused_file_leaves_nothing_behind(store: Store) -> None:
    user = add_person(store)
    for data in HOPELESS.values():
        with pytest.raises(FinTrackError):
            look_at_file(store, user, data, "file.csv", account="Somewhere")
    assert list_accounts(store, user) == ()
    assert list(list_imports(store, user)) == []
