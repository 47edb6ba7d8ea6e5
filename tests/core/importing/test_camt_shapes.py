"""CAMT entries and balances as some banks bend them: read by what the file proves, else left out or refused."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import ImportFileError
from core.importing.reading import read_statement
from core.importing.statement import Statement

DAY = "<Dt><Dt>2025-03-07</Dt></Dt>"
BOOKED = "<BookgDt><Dt>2025-03-07</Dt></BookgDt>"


def balance(kind: str, amount: str, *, currency: str = "CHF", side: str = "CRDT", day: str = DAY) -> str:
    owed = f"<CdtDbtInd>{side}</CdtDbtInd>" if side else ""
    return f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>{owed}{day}</Bal>'


def entry(amount: str, *, currency: str = "CHF", dates: str = BOOKED, details: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>{dates}'
        f"<NtryDtls><TxDtls>{details}</TxDtls></NtryDtls></Ntry>"
    )


def read(*body: str, account_currency: str = "<Ccy>CHF</Ccy>") -> Statement:
    text = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        f"<Acct><Id><IBAN>CH9300762011623852957</IBAN></Id>{account_currency}</Acct>{''.join(body)}"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    return read_statement(text.encode(), "file.xml")


def exchanged(own: str, other: str) -> str:
    return (
        f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{own}</Amt></InstdAmt><TxAmt><Amt Ccy="CHF">{other}</Amt></TxAmt></AmtDtls>'
    )


def test_an_entry_in_another_currency_moves_what_its_details_tell() -> None:
    statement = read(
        balance("OPBD", "100.00"),
        balance("CLBD", "80.31"),
        entry("20.97", currency="EUR", details=exchanged("20.97", "19.69")),
    )
    (part,) = statement.parts
    assert [row.amount for row in part.transactions] == [Decimal("-19.69")]
    assert (part.account.currency, part.ledger_balance) == ("CHF", Decimal("80.31"))
    assert statement.problems == ("Line 1: the entry is in EUR; its amount in CHF was taken.",)


@pytest.mark.parametrize(
    "details", ["", exchanged("3.79", "4.10"), exchanged("20.97", "19.69") + exchanged("20.97", "18.00")]
)
def test_an_entry_in_another_currency_is_refused_where_its_details_leave_it_open(details: str) -> None:
    with pytest.raises(ImportFileError, match="This entry is in EUR, its account in CHF"):
        read(entry("20.97", currency="EUR", details=details))


def test_an_account_that_names_no_currency_has_that_of_its_entries() -> None:
    statement = read(balance("CLBD", "2700", currency="JPY"), entry("8.85", currency="EUR"), account_currency="")
    (part,) = statement.parts
    assert (part.account.currency, part.ledger_balance) == ("EUR", None)
    assert statement.problems == ("Line 1: a balance was left out: it is in JPY, its account in EUR.",)


def test_a_balance_that_does_not_say_which_side_it_is_on_is_left_out() -> None:
    statement = read(balance("OPBD", "100.00"), balance("CLBD", "95.00", side=""), entry("5.00"))
    assert (statement.parts[0].opening_balance, statement.parts[0].ledger_balance) == (Decimal("100.00"), None)
    assert statement.parts[0].ledger_balance_date is None
    assert statement.problems == ("Line 1: a balance was left out: it is not said whether it is owed or owned.",)


def test_entries_without_a_date_have_that_of_a_statement_of_one_day() -> None:
    statement = read(balance("OPBD", "100.00"), balance("CLBD", "95.00"), entry("5.00", dates=""))
    assert [row.date for row in statement.parts[0].transactions] == [date(2025, 3, 7)]
    before = balance("OPBD", "100.00", day="<Dt><Dt>2025-03-06</Dt></Dt>")
    with pytest.raises(ImportFileError, match=r"This entry has no date\."):
        read(before, balance("CLBD", "95.00"), entry("5.00", dates=""))
    with pytest.raises(ImportFileError, match="no date that exists"):
        read(
            balance("OPBD", "100.00"),
            balance("CLBD", "95.00"),
            entry("5.00", dates="<BookgDt><Dt>2025-02-30</Dt></BookgDt>"),
        )
