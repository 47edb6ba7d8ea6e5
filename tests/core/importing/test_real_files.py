"""Real files of real banks: what we read equals what a few lines of another make find in the same bytes."""

import csv
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from core.errors import ImportFileError
from core.importing import look_at_file, report_of, take_in
from core.importing.reading import read_statement
from core.ledger import (
    ImportResult,
    NewAccount,
    create_account,
    list_accounts,
    list_imports,
    set_balance,
    undo_import,
)
from core.store import Account, Balance, Store, Transaction, UserId
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

TABLE = {
    # file: for each account currency, rows, first day, last day, sum, balance; counted and added up outside of FinTrack
    "ofx/anzcc.ofx": [("AUD", 1, "2017-05-08", "2017-05-08", "-5.50", "-123.45")],
    "ofx/bank_medium.ofx": [("CAD", 3, "2009-04-01", "2009-04-03", "-345.27", "382.34")],
    "ofx/checking.ofx": [("USD", 3, "2011-03-31", "2011-04-07", "-59.50", "100.99")],
    "ofx/fidelity-savings.ofx": [("USD", 4, "2012-07-20", "2012-07-27", "-1778.3952", None)],
    "ofx/investment_401k.ofx": [("USD", 1, "2014-06-17", "2014-06-17", "-197.20", None)],
    "ofx/multiple_accounts2.ofx": [("USD", 0, None, None, "0.00", "111.00"), ("USD", 0, None, None, "0.00", "222.00")],
    "ofx/suncorp.ofx": [("AUD", 1, "2013-12-15", "2013-12-15", "-16.85", "1234.12")],
    "csv/chase.csv": [("USD", 9, "2009-12-10", "2009-12-24", "6922.11", None)],
    "csv/danish_kroner_nordea_example.csv": [("USD", 6, "2012-08-27", "2012-11-16", "-4732.00", "26550.33")],
    "csv/french_example.csv": [("USD", 9, "2014-01-21", "2014-01-22", "-337.44", None)],
    "csv/german_date_example.csv": [("USD", 3, "2009-12-24", "2009-12-24", "-548.51", "1750.06")],
    "csv/ing.csv": [("USD", 3, "2009-11-17", "2012-11-15", "-18.63", None)],
    "csv/intuit_mint_example.csv": [("USD", 7, "2014-01-30", "2014-12-10", "-688.96", None)],
    "csv/multi-line-field.csv": [("USD", 1, "2002-09-10", "2002-09-10", "-21.59", None)],
    "csv/nationwide.csv": [("GBP", 4, "2013-10-09", "2013-12-10", "360.23", "360.23")],
    "csv/suntrust.csv": [("USD", 7, "2014-11-01", "2014-11-17", "700.00", "700.00")],
    "csv/two_money_columns.csv": [("USD", 5, "2008-03-26", "2008-04-01", "-548.51", "1750.06")],
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


@pytest.mark.parametrize("name", TABLE)
def test_the_report_says_what_a_person_counts(store: Store, shared: Path, name: str) -> None:
    path = shared / "statements" / name
    report = report_of(look_at_file(store, add_person(store), path.read_bytes(), path.name))
    assert report["format"] == name[:3]
    fields = ("currency", "rows", "first_date", "last_date", "sum", "ledger_balance")
    assert [tuple(one[field] for field in fields) for one in report["accounts"]] == TABLE[name]
    assert [(one["new"], one["duplicates"]) for one in report["accounts"]] == [(one[1], 0) for one in TABLE[name]]


def test_dates_that_only_the_country_tells_are_read_as_there_and_told(store: Store, shared: Path) -> None:
    path = shared / "statements" / "csv" / "spanish_date_example.csv"
    user = add_person(store)
    for currency, day in (("USD", "2009-02-12"), ("EUR", "2009-12-02")):
        report = report_of(look_at_file(store, user, path.read_bytes(), path.name, currency=currency))
        assert [(one["first_date"], one["sum"]) for one in report["accounts"]] == [(day, "-548.51")]
        assert "02/12/2009" in report["problems"][0]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cant_be_read_is_refused_with_its_line_and_why(shared: Path, name: str) -> None:
    path = shared / "statements" / name
    with pytest.raises(ImportFileError) as refused:
        read_statement(path.read_bytes(), path.name)
    assert REFUSED[name] in str(refused.value)


def living(store: Store, user: UserId) -> list[object]:
    """Return all that a person sees of accounts, balances and transactions."""
    with store.read() as session:
        rows = session.execute(
            select(Transaction.account_id, Transaction.date, Transaction.amount, Transaction.name, Transaction.note)
            .where(Transaction.user_id == user, Transaction.removed_at.is_(None))
            .order_by(Transaction.account_id, Transaction.date, Transaction.id)
        ).all()
        accounts = session.execute(
            select(Account.id, Account.name, Account.current, Account.balance_at).where(Account.user_id == user)
        ).all()
        balances = session.execute(
            select(Balance.account_id, Balance.day, Balance.current)
            .where(Balance.user_id == user, Balance.removed_at.is_(None))
            .order_by(Balance.account_id, Balance.day)
        ).all()
    return [*rows, *accounts, *balances]


@pytest.mark.parametrize("name", [name for name in TABLE if "multiple" not in name])
def test_twice_adds_nothing_and_undone_the_store_is_as_before(store: Store, shared: Path, name: str) -> None:
    user = add_person(store)
    path = shared / "statements" / name
    data = path.read_bytes()
    account = create_account(store, user, NewAccount("Somewhere", currency=TABLE[name][0][0]))
    set_balance(store, user, account, Decimal(77), date(2001, 1, 1))
    before = living(store, user)

    def take() -> list[ImportResult]:
        return list(take_in(store, user, look_at_file(store, user, data, path.name, account="Somewhere")))

    first = take()
    assert [result.new for result in first] == [TABLE[name][0][1]]
    once = living(store, user)
    again = take()
    assert [result.new for result in again] == [0]
    assert living(store, user) == once
    for result in (*again, *first):
        undo_import(store, user, result.batch_id)
    assert living(store, user) == before
    assert [result.new for result in take()] == [TABLE[name][0][1]]
    assert living(store, user) == once


def test_a_refused_file_leaves_the_store_as_it_was(store: Store, shared: Path) -> None:
    user: UserId = add_person(store)
    for name in REFUSED:
        path = shared / "statements" / name
        with pytest.raises(ImportFileError):
            look_at_file(store, user, path.read_bytes(), path.name, account="Somewhere")
    assert list_accounts(store, user) == ()
    assert list(list_imports(store, user)) == []
