"""OFX as some banks bend it: a balance without a day, a currency that only the transactions name."""

from decimal import Decimal

import pytest

from core.errors import ImportFileError
from core.importing.reading import read_statement
from core.importing.statement import Statement


def read(balance: str, *, currency: str = "<CURDEF>BRL</CURDEF>", symbols: tuple[str, ...] = ("",)) -> Statement:
    rows = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20250602</DTPOSTED><TRNAMT>-5.00</TRNAMT><FITID>t{place}</FITID>"
        f"<NAME>Xshop</NAME>{symbol and f'<CURRENCY><CURSYM>{symbol}</CURSYM></CURRENCY>'}</STMTTRN>"
        for place, symbol in enumerate(symbols)
    )
    text = (
        f"OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{currency}<BANKACCTFROM><ACCTID>777</ACCTID>"
        f"</BANKACCTFROM><BANKTRANLIST>{rows}</BANKTRANLIST>{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    return read_statement(text.encode(), "file.ofx", currency="USD")


@pytest.mark.parametrize(
    ("amount", "day", "told"),
    [
        ("0,00", "00000000", "the balance '0,00' was left out"),
        ("12.50", "", "the balance '12.50' was left out"),
        ("R$ 5.326,43", "30/06/2025", "the balance 'R$ 5.326,43' was left out"),
        ("", "", ""),
    ],
)
def test_a_balance_that_says_nothing_does_not_stop_the_transactions(amount: str, day: str, told: str) -> None:
    statement = read(f"<LEDGERBAL><BALAMT>{amount}</BALAMT><DTASOF>{day}</DTASOF></LEDGERBAL>")
    (part,) = statement.parts
    assert ([row.amount for row in part.transactions], part.ledger_balance) == ([Decimal("-5.00")], None)
    assert [told in one for one in statement.problems] == ([True] if told else [])


def test_a_balance_whose_amount_is_gone_is_refused() -> None:
    with pytest.raises(ImportFileError, match="begins to state its balance and then gives none"):
        read("<LEDGERBAL><BALAMT></BALAMT><DTASOF>20250630</DTASOF></LEDGERBAL>")


def test_what_a_bank_says_of_its_error_is_one_sentence() -> None:
    status = "<STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Sign in\n\n  again</STATUS>"
    with pytest.raises(ImportFileError, match=r"instead of transactions: Sign in again\. "):
        read_statement(f"OFXHEADER:100\n\n<OFX><SONRS>{status}</SONRS></OFX>".encode(), "file.ofx")


@pytest.mark.parametrize(
    ("currency", "symbols", "expected", "open_"),
    [
        ("<CURDEF></CURDEF>", ("AUD", "AUD"), "AUD", False),
        ("", ("AUD", "NZD"), "USD", True),
        ("", ("AUD", ""), "USD", True),
        ("<CURDEF>BRL</CURDEF>", ("AUD", "AUD"), "BRL", False),
    ],
)
def test_a_statement_without_a_currency_has_that_of_all_its_transactions(
    currency: str, symbols: tuple[str, ...], expected: str, *, open_: bool
) -> None:
    statement = read("", currency=currency, symbols=symbols)
    assert [part.account.currency for part in statement.parts] == [expected]
    assert statement.currency_open == open_
