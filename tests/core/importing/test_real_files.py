"""Real files of real banks: what we read equals what a few lines of another make find in the same bytes."""

import csv
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from core.errors import ImportFileError
from core.importing import look_at_file, report_of, take_in
from core.importing.reading import read_statement
from core.ledger import undo_import
from core.store import Store, UserId
from tests.core.ledger.household import add_person

OFX = {
    # name: currency, account's key, type, balance in the file
    "anzcc.ofx": ("AUD", "1234123412341234", "credit card", "-123.45"),
    "bank_medium.ofx": ("CAD", "160000100/12300 000012345678", "checking", "382.34"),
    "checking.ofx": ("USD", "5472369148/1452687~7", "checking", "100.99"),
    "fidelity-savings.ofx": ("USD", "fidelity.com/X0000001", "brokerage", None),
    "suncorp.ofx": ("AUD", "SUNCORP/123456789", "checking", "1234.12"),
}

Amount = Callable[[list[str]], Decimal]


def number(text: str, mark: str = ".") -> Decimal:
    digits = re.sub(rf"[^\d{re.escape(mark)}-]", "", text).replace(mark, ".")
    return Decimal(digits or "0")


CSV: dict[str, tuple[str, str, Amount]] = {
    # name: delimiter, first cell of a row that counts, amount of a row
    "chase.csv": (",", r"[A-Z]+", lambda row: number(row[-1])),
    "danish_kroner_nordea_example.csv": (";", r"\d\d-\d\d-\d{4}", lambda row: number(row[3], ",")),
    "french_example.csv": (";", r"\d{11}", lambda row: number(row[5] if "," in row[5] else row[4], ",")),
    "german_date_example.csv": (",", r"[\d.]{10}", lambda row: number(row[3]) + number(row[4])),
    "ing.csv": (",", r"\d{8}", lambda row: number(row[6], ",") * (-1 if row[5] == "Af" else 1)),
    "intuit_mint_example.csv": (",", r"[\d/]+", lambda row: number(row[3]) * (-1 if row[4] == "debit" else 1)),
    "multi-line-field.csv": (",", r"^$", lambda row: number(row[8]) if "$" in row[8] else Decimal(0)),
    "nationwide.csv": (",", r"\d\d \w{3} \d{4}", lambda row: number(row[4]) - number(row[3])),
    "spanish_date_example.csv": (",", r"[\d/]+", lambda row: number(row[3]) + number(row[4])),
    "suntrust.csv": (",", r"[\d/]+", lambda row: number(row[4]) - number(row[3])),
    "two_money_columns.csv": (",", r"[\d/]+", lambda row: number(row[3]) + number(row[4])),
}

REFUSED = {
    "csv/bom_utf8_file.csv": "There are no transactions in this file",
    "csv/invalid_header_example.csv": "The header stands on line 4",
    "ofx/bank_small.ofx": "There is no account in this OFX file",
    "ofx/date_missing.ofx": "Line 33: This transaction can't be read: it has no date",
    "ofx/decimal_error.ofx": "Line 34: This transaction can't be read: the date '201120000000' does not exist",
    "ofx/empty_balance.ofx": "Line 37: The file begins to state its balance and then gives none",
    "ofx/error_message.ofx": "The bank reports an error instead of transactions: General Server Error",
    "qif/empty.qif": "The file is empty",
    "camt/camt053.v2.wrong.xml": "There is no account statement in this CAMT file",
    "mt940/invalid_statement.sta": "There are no transactions in this file",
}


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: what a file says has nothing to do with the database."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


@pytest.mark.parametrize("name", OFX)
def test_an_ofx_file_is_read_to_the_cent(shared: Path, name: str) -> None:
    data = (shared / "statements" / "ofx" / name).read_bytes()
    text = data.decode("latin-1")
    amounts = [Decimal(found) for found in re.findall(r"<TRNAMT>\s*([-+]?[\d.]+)", text)]
    posted = [date(int(y), int(m), int(d)) for y, m, d in re.findall(r"<DTPOSTED>\s*(\d{4})(\d\d)(\d\d)", text)]
    (part,) = read_statement(data, name).parts
    currency, key, kind, balance = OFX[name]
    assert [row.amount for row in part.transactions] == amounts
    assert {abs((row.date - day).days) for row, day in zip(part.transactions, posted, strict=False)} <= {0, 1}
    assert (part.account.currency, part.account.key, part.account.type) == (currency, key, kind)
    assert part.ledger_balance == (None if balance is None else Decimal(balance))


def test_accounts_without_transactions_are_still_seen(shared: Path) -> None:
    path = shared / "statements" / "ofx" / "multiple_accounts2.ofx"
    parts = read_statement(path.read_bytes(), path.name).parts
    assert [(part.account.key, part.account.type, part.ledger_balance) for part in parts] == [
        ("123/9100", "checking", Decimal(111)),
        ("123/9200", "savings", Decimal(222)),
    ]


@pytest.mark.parametrize("name", CSV)
def test_a_csv_file_is_read_to_the_cent(shared: Path, name: str) -> None:
    data = (shared / "statements" / "csv" / name).read_bytes()
    delimiter, first, amount = CSV[name]
    rows = [row for row in csv.reader(StringIO(data.decode("latin-1")), delimiter=delimiter) if len(row) > 3]
    told = [amount(row) for row in rows if re.fullmatch(first, row[0])]
    (part,) = read_statement(data, name).parts
    assert sorted(row.amount for row in part.transactions) == sorted(one for one in told if one)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cant_be_read_is_refused_with_its_line_and_why(shared: Path, name: str) -> None:
    path = shared / "statements" / name
    with pytest.raises(ImportFileError) as refused:
        read_statement(path.read_bytes(), path.name)
    assert REFUSED[name] in str(refused.value)


@pytest.mark.parametrize("name", [*(f"ofx/{one}" for one in OFX), *(f"csv/{one}" for one in CSV)])
def test_twice_adds_nothing_and_undone_leaves_nothing(store: Store, shared: Path, name: str) -> None:
    user = add_person(store)
    path = shared / "statements" / name

    def look() -> list[tuple[int, int]]:
        report = report_of(look_at_file(store, user, path.read_bytes(), path.name, account="Somewhere"))
        return [(one["new"], one["duplicates"]) for one in report["accounts"]]

    first = look()
    assert all(duplicates == 0 for _, duplicates in first)
    results = take_in(store, user, look_at_file(store, user, path.read_bytes(), path.name, account="Somewhere"))
    assert look() == [(0, new) for new, _ in first]
    again = take_in(store, user, look_at_file(store, user, path.read_bytes(), path.name, account="Somewhere"))
    assert [result.new for result in again] == [0] * len(first)
    for result in (*again, *results):
        undo_import(store, user, result.batch_id)
    assert look() == first


def test_a_refused_file_leaves_the_store_as_it_was(store: Store, shared: Path) -> None:
    user: UserId = add_person(store)
    for name in REFUSED:
        path = shared / "statements" / name
        with pytest.raises(ImportFileError):
            look_at_file(store, user, path.read_bytes(), path.name, account="Somewhere")
    from core.ledger import list_accounts, list_imports

    assert list_accounts(store, user) == ()
    assert list(list_imports(store, user)) == []
