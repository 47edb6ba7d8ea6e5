"""CAMT, OFX and QIF files as banks of many countries write them, each held to what a person reads in it."""

import re
from datetime import date
from decimal import Decimal

import pytest

from core.importing.reading import read_statement
from core.importing.statement import Statement
from tests.core.importing.shapes import read, rows


def camt(version: str, body: str, *, kind: str = "053", prefix: str = "", named: bool = True) -> str:
    root, part = {
        "052": ("BkToCstmrAcctRpt", "Rpt"),
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]
    space = f' xmlns{":" if prefix else ""}{prefix}="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"'
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><Document{space if named else ""}><{root}><GrpHdr><MsgId>1</MsgId>'
        f"</GrpHdr><{part}>{body}</{part}></{root}></Document>"
    )
    return re.sub(r"<(/?)([A-Za-z])", rf"<\1{prefix}:\2", text) if prefix else text


ACCOUNT = "<Acct><Id><IBAN>CH93 0076 2011 6238 5295 7</IBAN></Id><Ccy>CHF</Ccy></Acct>"
TO_PAY = (
    "<NtryDtls><TxDtls><Refs><AcctSvcrRef>REF1</AcctSvcrRef></Refs><RltdPties><Dbtr>{}</Dbtr></RltdPties><RmtInf><Strd>"
    "<CdtrRefInf><Ref>210000000003139471430009017</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
)
SHOP = (
    "<NtryDtls><TxDtls><RltdPties><Cdtr>{}</Cdtr></RltdPties><RmtInf><Ustrd>Groceries</Ustrd></RmtInf>"
    "</TxDtls></NtryDtls>"
)


def balance(code: str, amount: str, day: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(amount: str, way: str, day: str, details: str = "", state: str = "<Sts>BOOK</Sts>") -> str:
    return (
        f'<Ntry><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{state}<BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<ValDt><Dt>2001-01-01</Dt></ValDt>{details}</Ntry>"
    )


def january(version: int) -> str:
    late = version >= 8
    state = "<Sts><Cd>BOOK</Cd></Sts>" if late else "<Sts>BOOK</Sts>"
    names = [f"<Pty><Nm>{name}</Nm></Pty>" if late else f"<Nm>{name}</Nm>" for name in ("Müller AG", "Corner Shop")]
    return (
        ACCOUNT + balance("OPBD", "100.00", "2024-01-01") + balance("CLBD", "150.00", "2024-01-31")
        + entry("100.00", "CRDT", "2024-01-05", TO_PAY.format(names[0]), state)
        + entry("50.00", "DBIT", "2024-01-06", SHOP.format(names[1]), state)
    )  # fmt: skip


@pytest.mark.parametrize("version", range(1, 14))
@pytest.mark.parametrize("prefix", ["", "ns2"], ids=["plain", "prefixed"])
def test_camt_of_each_version_with_and_without_prefixes(version: int, prefix: str) -> None:
    statement = read(camt(f"{version:02}", january(version), prefix=prefix))
    (part,) = statement.parts
    assert rows(part) == [("2024-01-05", "100.00", "Müller AG"), ("2024-01-06", "-50.00", "Corner Shop")]
    assert [row.key for row in part.transactions] == ["REF1", None]
    assert part.transactions[0].original_text == "210000000003139471430009017"
    assert (part.opening_balance, part.ledger_balance, part.ledger_balance_date) == (100, 150, date(2024, 1, 31))
    assert (part.account.key, part.account.mask, statement.problems) == ("CH9300762011623852957", "2957", ())


def test_camt_without_a_namespace_is_known_by_its_elements() -> None:
    assert len(read(camt("02", january(2), named=False)).parts[0].transactions) == 2


def test_a_batch_is_one_entry_of_its_total_with_all_who_paid() -> None:
    details = "".join(
        f'<TxDtls><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr>'
        "</RltdPties></TxDtls>"
        for amount, name in (("40.00", "Anna"), ("60.00", "Beat"))
    )
    body = ACCOUNT + entry(
        "100.00", "CRDT", "2024-01-05", f"<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>{details}</NtryDtls>"
    )
    statement = read(camt("04", body, kind="054"))
    assert statement.format == "camt.054"
    assert rows(statement.parts[0]) == [("2024-01-05", "100.00", "Anna, Beat")]


def test_a_report_of_the_day_has_pending_entries() -> None:
    body = (
        ACCOUNT + balance("OPBD", "100.00", "2024-01-02") + balance("ITBD", "90.00", "2024-01-02")
        + entry("10.00", "DBIT", "2024-01-02", SHOP.format("<Nm>Shop</Nm>"))
        + entry("5.00", "DBIT", "2024-01-02", state="<Sts>PDNG</Sts>")
    )  # fmt: skip
    statement = read(camt("02", body, kind="052"))
    assert [(row.amount, row.pending) for row in statement.parts[0].transactions] == [(-10, False), (-5, True)]
    assert statement.problems == ()


def test_two_currencies_under_one_number_are_two_accounts() -> None:
    euros = january(2).replace("CHF", "EUR")
    text = camt("02", january(2)).replace("</BkToCstmrStmt>", f"<Stmt>{euros}</Stmt></BkToCstmrStmt>")
    assert [part.account.currency for part in read(text).parts] == ["CHF", "EUR"]


HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n\n"
SIGN_ON = (
    "<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20240131120000[-5:EST]<LANGUAGE>ENG"
    "<FI><ORG>B1<FID>10898</FI><INTU.BID>10898<INTU.USERID>x</SONRS></SIGNONMSGSRSV1>"
)
CAFE = (
    "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240105120000.000[0:GMT]<TRNAMT>-12.34<FITID>1<NAME>Café & Co"
    "<MEMO>x &amp; y</STMTTRN>"
)
PAY = (
    "<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20240106\n<TRNAMT>+1,000.00\n<FITID>2\n<CHECKNUM>0001\n"
    "<NAME>Pay\n</STMTTRN>\n"
)


def bank(listed: str, currency: str = "USD") -> str:
    return (
        f"<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>{currency}<BANKACCTFROM>"
        f"<BANKID>123<ACCTID>1<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20240101<DTEND>20240131{listed}"
        "</BANKTRANLIST><LEDGERBAL><BALAMT>100.00<DTASOF>20240131</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>"
    )


def card(listed: str) -> str:
    return (
        "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS><CCSTMTRS><CURDEF>USD<CCACCTFROM>"
        f"<ACCTID>4111111111111111</CCACCTFROM><BANKTRANLIST><DTSTART>20240101<DTEND>20240131{listed}</BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>-250.10<DTASOF>20240131</LEDGERBAL><AVAILBAL><BALAMT>1000<DTASOF>20240131</AVAILBAL>"
        "</CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
    )


SECURITY = "<SECID><UNIQUEID>ACME<UNIQUEIDTYPE>CUSIP</SECID>"
INVESTED = (
    "<INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><INVSTMTRS><DTASOF>20240131<CURDEF>USD"
    "<INVACCTFROM><BROKERID>vanguard.com<ACCTID>999</INVACCTFROM><INVTRANLIST><DTSTART>20240101<DTEND>20240131"
    f"<BUYMF><INVBUY><INVTRAN><FITID>i1<DTTRADE>20240110<MEMO>Buy fund</INVTRAN>{SECURITY}<UNITS>10<UNITPRICE>100"
    "<TOTAL>-1000.00<SUBACCTSEC>CASH<SUBACCTFUND>CASH</INVBUY><BUYTYPE>BUY</BUYMF>"
    f"<SELLSTOCK><INVSELL><INVTRAN><FITID>i2<DTTRADE>20240112</INVTRAN>{SECURITY}<UNITS>-1<UNITPRICE>50<COMMISSION>1"
    "<TOTAL>49.00<SUBACCTSEC>CASH<SUBACCTFUND>CASH</INVSELL><SELLTYPE>SELL</SELLSTOCK>"
    f"<INCOME><INVTRAN><FITID>i3<DTTRADE>20240115</INVTRAN>{SECURITY}<INCOMETYPE>DIV<TOTAL>3.21<SUBACCTSEC>CASH</INCOME>"
    f"<REINVEST><INVTRAN><FITID>i4<DTTRADE>20240116</INVTRAN>{SECURITY}<INCOMETYPE>DIV<TOTAL>-3.21<UNITS>.1</REINVEST>"
    "<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20240120<TRNAMT>500.00<FITID>i5<NAME>Deposit</STMTTRN>"
    "<SUBACCTFUND>CASH</INVBANKTRAN></INVTRANLIST><INVPOSLIST><POSMF><INVPOS>"
    f"{SECURITY}<HELDINACCT>CASH<POSTYPE>LONG<UNITS>10<UNITPRICE>100<MKTVAL>1000</INVPOS></POSMF></INVPOSLIST><INVBAL>"
    "<AVAILCASH>52.21<MARGINBALANCE>0<SHORTBALANCE>0</INVBAL></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"
)


def ofx(*messages: str) -> Statement:
    return read_statement(f"{HEADER}<OFX>{SIGN_ON}{''.join(messages)}</OFX>".encode("cp1252"), "file.qfx")


def test_a_qfx_file_without_closing_tags() -> None:
    (part,) = ofx(bank(CAFE + PAY)).parts
    assert rows(part) == [("2024-01-05", "-12.34", "Café & Co"), ("2024-01-06", "1000.00", "Pay")]
    assert (part.account.key, part.ledger_balance, part.transactions[1].check_number) == ("123/1", 100, "0001")


def test_two_statements_of_one_account_are_one_account() -> None:
    (part,) = ofx(bank(CAFE), bank(PAY)).parts
    assert len(part.transactions) == 2


def test_a_bank_account_a_card_and_investments_in_one_file() -> None:
    statement = ofx(bank(CAFE), card(PAY), INVESTED)
    assert [part.account.type for part in statement.parts] == ["checking", "credit card", "brokerage"]
    assert [part.ledger_balance for part in statement.parts] == [100, Decimal("-250.10"), None]
    assert rows(statement.parts[2]) == [
        ("2024-01-10", "-1000.00", "Buy fund"), ("2024-01-12", "49.00", "Sell ACME"),
        ("2024-01-15", "3.21", "Income ACME"), ("2024-01-20", "500.00", "Deposit"),
    ]  # fmt: skip
    assert [re.sub(r"\d+", "N", told) for told in statement.problems] == [
        "Line N: a reinvest of shares moves no cash and was left out."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_ofx_in_xml_with_pending_transactions(encoding: str) -> None:
    listed = re.sub(r"<(\w+)>([^<>]+)(?=<)", r"<\1>\2</\1>", bank(CAFE.replace(" & ", " &amp; ")))
    pending = (
        "<BANKTRANLISTP><DTASOF>20240131</DTASOF><STMTTRNP><TRNTYPE>DEBIT</TRNTYPE><DTTRAN>20240130</DTTRAN>"
        "<TRNAMT>-7.00</TRNAMT><NAME>Waiting</NAME></STMTTRNP></BANKTRANLISTP></STMTRS>"
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" '
        f'OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n<OFX>{listed.replace("</STMTRS>", pending)}</OFX>'
    )
    statement = read_statement(text.encode(encoding), "file")
    assert rows(statement.parts[0]) == [("2024-01-05", "-12.34", "Café & Co")]
    assert statement.problems == ("1 pending transactions were left out: the bank may still change them.",)


QIF = {
    "days first with Quicken's apostrophe": (
        "!Type:Bank\nD5/ 1'24\nT-1,234.56\nPRent\nMJan\nLHousing:Rent\nN101\n^\nD28/ 2' 4\nT20.00\nPGift\n^\n",
        [("2024-01-05", "-1234.56", "Rent"), ("2004-02-28", "20.00", "Gift")],
    ),
    "months first in two centuries": (
        "!Type:Bank \nD1/13'24\nT-5.00\nPA\n^\nD12/31/99\nT6.00\nPB\n^\n",
        [("2024-01-13", "-5.00", "A"), ("1999-12-31", "6.00", "B")],
    ),
    "German amounts and DOS's end of file": (
        "!Type:Bank\nD31.12.2023\nT-1.234,56\nPMiete\n^\nD01.01.2024\nT99,00\nPGehalt\n^\n\x1a",
        [("2023-12-31", "-1234.56", "Miete"), ("2024-01-01", "99.00", "Gehalt")],
    ),
    "years first": ("!Type:CCard\rD2024/1/5\rT-30\rPCard\r^\r", [("2024-01-05", "-30.00", "Card")]),
    "address lines and an amount twice": (
        "!Type:Cash\nD01/15/2024\nU-12.00\nT-12.00\nC*\nPShop\nA1 Street\nATown\n^\n",
        [("2024-01-15", "-12.00", "Shop")],
    ),
}


@pytest.mark.parametrize("shape", QIF)
def test_a_qif_file(shape: str) -> None:
    text, expected = QIF[shape]
    statement = read(text)
    assert (rows(statement.parts[0]), statement.problems) == (expected, ())


def test_quickens_export_of_several_accounts_with_investments() -> None:
    statement = read(
        "!Option:AutoSwitch\n!Account\nNChecking\nTBank\nDMain\n^\nNVisa\nTCCard\n^\n!Clear:AutoSwitch\n"
        "!Option:AutoSwitch\n!Account\nNChecking\nTBank\n^\n!Type:Bank\nD01/15/2024\nT-1.00\nPa\n^\n"
        "!Account\nNVisa\nTCCard\nL5000.00\n^\n!Type:CCard\nD01/16/2024\nT-2.00\nPb\n^\n"
        "!Account\nNBroker\nTInvst\n^\n!Type:Invst\nD01/17/2024\nNBuy\nYACME\nI10.00\nQ5\nT50.00\nO1.00\n^\n"
        "D01/18/2024\nNDiv\nYACME\nT2.50\n^\nD01/19/2024\nNReinvDiv\nYACME\nT2.50\nQ.1\n^\n"
        "D01/20/2024\nNWithdrwX\nT100.00\n$100.00\nL[Checking]\n^\nD1/21/24\nNShrsIn\nYACME\nQ5\n^\n"
        '!Type:Cat\nNFood\nE\n^\n!Type:Security\nNACME\nSACM\nTStock\n^\n!Type:Prices\n"ACM",10.00,"1/31\'24"\n^\n'
        "!Type:Memorized\nKC\nT-5.00\nPShop\n^\n"
    )
    assert [(part.account.name, part.account.type) for part in statement.parts] == [
        ("Checking", "checking"), ("Visa", "credit card"), ("Broker", "brokerage"),
    ]  # fmt: skip
    assert [rows(part) for part in statement.parts] == [
        [("2024-01-15", "-1.00", "a")],
        [("2024-01-16", "-2.00", "b")],
        [
            ("2024-01-17", "-50.00", "Buy ACME"),
            ("2024-01-18", "2.50", "Div ACME"),
            ("2024-01-20", "-100.00", "WithdrwX"),
        ],
    ]
    assert [told.partition(": ")[2] for told in statement.problems] == [
        "ReinvDiv moves no cash and was left out.", "ShrsIn moves no cash and was left out.",
    ]  # fmt: skip


def test_splits_are_told_and_must_make_their_transaction() -> None:
    text = "!Type:Bank\nD2024-01-05\nT-30.00\nPStore\nSFood\nEmilk\n$-10.00\nSHome\n$-20.00\n^\n"
    statement = read(text)
    (row,) = statement.parts[0].transactions
    assert (row.amount, row.original_text, statement.problems) == (-30, "Food milk -10.00 · Home -20.00", ())
    assert read(text.replace("$-20", "$-19")).problems == ("Line 2: the splits add up to -29.00, not to -30.00.",)


def test_an_opening_balance_names_its_account() -> None:
    (part,) = read("!Type:Bank\nD1/13'24\nT500.00\nCX\nPOpening Balance\nL[My Checking]\n^\n").parts
    assert (part.account.name, part.account.key) == ("My Checking", "")


def test_words_in_a_payment_do_not_make_it_another_format() -> None:
    payments = "2024-01-05,Fee for camt.053 and <OFX> !Type:Bank,-5.00\n2024-01-06,OFXHEADER:100,1.00\n"
    assert read(f"Date,Description,Amount\n{payments}").format == "csv"
