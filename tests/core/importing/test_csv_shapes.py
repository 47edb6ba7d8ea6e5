"""CSV files in the shapes of many banks, made up row by row: the amounts that a person would read, or a refusal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from core.errors import ImportFileError
from core.importing.reading import read_statement


@dataclass(frozen=True)
class Shape:
    """A small file as one bank writes it, and what stands in it: date, amount and name of each row."""

    text: str
    rows: list[str]
    currency: str = "USD"
    balance: str | None = None
    told: str = ""


SHAPES = {
    "credits with a minus (Citi)": Shape(
        "Status,Date,Description,Debit,Credit\n"
        "Cleared,01/15/2024,SHOP,12.50,\n"
        "Cleared,01/16/2024,PAYMENT THANK YOU,,-250.00\n"
        "Cleared,01/17/2024,BAR,3.00,\n",
        ["2024-01-15 -12.50 SHOP", "2024-01-16 250.00 PAYMENT THANK YOU", "2024-01-17 -3.00 BAR"],
    ),
    "a reversal among the debits": Shape(
        "Date,Description,Debit,Credit\n"
        "2024-01-15,SHOP,12.50,\n2024-01-16,SHOP,-12.50,\n2024-01-17,BAR,3.00,\n2024-01-18,PAY,,9.00\n",
        ["2024-01-15 -12.50 SHOP", "2024-01-16 12.50 SHOP", "2024-01-17 -3.00 BAR", "2024-01-18 9.00 PAY"],
        told="some are reversals",
    ),
    "debits with a minus": Shape(
        "Date,Description,Money out,Money in\n2024-01-15,SHOP,-12.50,\n2024-01-16,PAY,,5.00\n",
        ["2024-01-15 -12.50 SHOP", "2024-01-16 5.00 PAY"],
    ),
    "spending is positive (American Express)": Shape(
        "Date,Description,Card Member,Account #,Amount\n"
        "01/15/2024,AMAZON,JOHN,-1001,23.45\n"
        "01/16/2024,AUTOPAY PAYMENT - THANK YOU,JOHN,-1001,-100.00\n"
        "01/17/2024,NETFLIX,JOHN,-1001,15.49\n"
        "01/18/2024,UBER,JOHN,-1001,9.49\n",
        [
            "2024-01-15 -23.45 AMAZON",
            "2024-01-16 100.00 AUTOPAY PAYMENT - THANK YOU",
            "2024-01-17 -15.49 NETFLIX",
            "2024-01-18 -9.49 UBER",
        ],
        told="as a card's",
    ),
    "a card's own minus (Chase card)": Shape(
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
        "01/15/2024,01/16/2024,AMAZON,Shopping,Sale,-23.45,\n"
        "01/17/2024,01/18/2024,Payment Thank You,,Payment,100.00,\n",
        ["2024-01-15 -23.45 AMAZON", "2024-01-17 100.00 Payment Thank You"],
    ),
    "a comma too many at the end (Chase)": Shape(
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        'DEBIT,01/17/2024,"UBER",-9.49,DEBIT_CARD,100.51,,\n'
        'CREDIT,01/16/2024,"PAY",100.00,ACH_CREDIT,110.00,,\n',
        ["2024-01-17 -9.49 UBER", "2024-01-16 100.00 PAY"],
        balance="100.51",
    ),
    "a summary above (Bank of America)": Shape(
        'Description,,Summary Amt.\nBeginning balance as of 01/01/2024,,"1,000.00"\nTotal credits,,"500.00"\n'
        'Total debits,,"-20.00"\nEnding balance as of 01/31/2024,,"1,480.00"\n\n'
        "Date,Description,Amount,Running Bal.\n"
        '01/01/2024,Beginning balance as of 01/01/2024,,"1,000.00"\n'
        '01/15/2024,"PAY","500.00","1,500.00"\n01/17/2024,"SHOP","-20.00","1,480.00"\n',
        ["2024-01-15 500.00 PAY", "2024-01-17 -20.00 SHOP"],
        balance="1480.00",
    ),
    "no header (Wells Fargo)": Shape(
        '"01/17/2024","-9.49","*","","UBER TRIP"\n"01/16/2024","100.00","*","","PAYROLL"\n',
        ["2024-01-17 -9.49 UBER TRIP", "2024-01-16 100.00 PAYROLL"],
    ),
    "debit in words and a minus (U.S. Bank)": Shape(
        '"Date","Transaction","Name","Memo","Amount"\n'
        '"2024-01-05","DEBIT","SHOP","Download","-12.50"\n"2024-01-06","CREDIT","PAY","Download","100.00"\n',
        ["2024-01-05 -12.50 SHOP", "2024-01-06 100.00 PAY"],
    ),
    "states and fees (Revolut)": Shape(
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD_PAYMENT,Current,2024-01-05 10:00:00,2024-01-06 09:00:00,Tesco,-12.50,0.00,GBP,COMPLETED,87.50\n"
        "CARD_PAYMENT,Current,2024-01-06 11:00:00,,Hotel,-90.00,0.00,GBP,REVERTED,\n"
        "CARD_PAYMENT,Current,2024-01-07 10:00:00,2024-01-08 09:00:00,Boots,-5.00,0.00,GBP,COMPLETED,82.50\n",
        ["2024-01-05 -12.50 Tesco", "2024-01-07 -5.00 Boots"],
        "GBP",
        "82.50",
        "left out: the bank says REVERTED",
    ),
    "out and in said in words (ING)": Shape(
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort"\n'
        '"20240105","AH","NL1","","BA","Af","12,50","Betaalautomaat"\n'
        '"20240104","Salaris","NL1","NL2","OV","Bij","1000,00","Overschrijving"\n',
        ["2024-01-05 -12.50 AH", "2024-01-04 1000.00 Salaris"],
        "EUR",
    ),
    "the balance before and after (ABN AMRO)": Shape(
        "accountNumber;mutationcode;transactiondate;valuedate;startsaldo;endsaldo;amount;description\n"
        "1;EUR;20240102;20240102;100,00;90,00;-10,00;SHOP\n1;EUR;20240103;20240103;90,00;80,00;-10,00;SHOP TWO\n",
        ["2024-01-02 -10.00 SHOP", "2024-01-03 -10.00 SHOP TWO"],
        balance="80.00",
    ),
    "newest day first, oldest first in it": Shape(
        "Date,Description,Amount,Balance\n2024-01-03,A,-1.00,96.00\n2024-01-03,B,-2.00,94.00\n"
        "2024-01-02,C,-1.00,98.00\n2024-01-02,D,-1.00,97.00\n",
        ["2024-01-03 -1.00 A", "2024-01-03 -2.00 B", "2024-01-02 -1.00 C", "2024-01-02 -1.00 D"],
        balance="94.00",
    ),
    "a name and a kind of payment (Sparkasse)": Shape(
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";'
        '"Beguenstigter/Zahlungspflichtiger";"Betrag";"Waehrung"\n'
        '"DE1";"05.01.24";"05.01.24";"KARTENZAHLUNG";"x";"REWE";"-12,50";"EUR"\n'
        '"DE1";"04.01.24";"04.01.24";"GUTSCHRIFT";"Lohn";"FIRMA";"1.000,00";"EUR"\n',
        ["2024-01-05 -12.50 REWE", "2024-01-04 1000.00 FIRMA"],
        "EUR",
    ),
    "the currency in the heading (N26)": Shape(
        '"Booking Date","Value Date","Partner Name","Amount (EUR)","Original Amount","Original Currency"\n'
        '2024-01-05,2024-01-05,"REWE",-12.50,12.50,EUR\n2024-01-06,2024-01-06,"US SHOP",-9.20,10.00,USD\n',
        ["2024-01-05 -12.50 REWE", "2024-01-06 -9.20 US SHOP"],
        "EUR",
    ),
    "a balance carried as a row (Banco do Brasil)": Shape(
        'Data,Histórico,Valor\n31/10/2024,"Saldo Anterior",100.00\n'
        '01/11/2024,"Compra",-10.00\n13/11/2024,"Café",-5.00\n'
        '30/11/2024,"S A L D O",85.00\n',
        ["2024-11-01 -10.00 Compra", "2024-11-13 -5.00 Café"],
        told="Line 2 was left out: it states a balance",
    ),
    "a broker's numbers": Shape(
        "Trade Date,Settlement Date,Action,Description,Quantity,Price,Gross Amount,Commission,Net Amount,Currency\n"
        "2014-02-10,2014-02-13,BUY,ABC CORP,10,25.50,-255.00,-4.95,-259.95,CAD\n"
        "2014-02-11,2014-02-14,DIV,ABC DIV,0,0,5.00,0,5.00,CAD\n",
        ["2014-02-10 -259.95 ABC CORP", "2014-02-11 5.00 ABC DIV"],
        "CAD",
    ),
    "fees and a denied order (PayPal)": Shape(
        '"Date","Time","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Balance"\n'
        '"01/15/2024","10:00:00","Bob","Payment","Completed","USD","100.00","-3.20","96.80","T1","96.80"\n'
        '"01/17/2024","10:00:00","Shop","Order","Denied","USD","-10.00","0.00","-10.00","T3","96.80"\n',
        ["2024-01-15 96.80 Bob"],
        balance="96.80",
        told="Line 3 was left out: the bank says Denied",
    ),
    "accounts beside names (bunq)": Shape(
        '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"\n'
        '"2024-01-05","2024-01-05","-12.50","NL12BUNQ2025000000","NL28INGB1200324416","AH","Pas 1"\n'
        '"2024-01-06","2024-01-06","1,000.00","NL12BUNQ2025000000","NL28INGB1200324417","Werk","Loon"\n',
        ["2024-01-05 -12.50 AH", "2024-01-06 1000.00 Werk"],
    ),
    "headings nobody here can read": Shape(
        '日付,内容,金額\n2024/01/05,スーパー,"-1,200"\n2024/01/06,給料,"250,000"\n',
        ["2024-01-05 -1200 スーパー", "2024-01-06 250000 給料"],
    ),
    "signs in front, no header (Commonwealth Bank)": Shape(
        '15/01/2024,"-12.50","TESCO","+87.50"\n14/01/2024,"+20.00","BOB","+100.00"\n',
        ["2024-01-15 -12.50 TESCO", "2024-01-14 20.00 BOB"],
        balance="87.50",
    ),
    "out and in (Nordea Norge)": Shape(
        '"Dato";"Forklaring";"Rentedato";"Ut fra konto";"Inn på konto"\n'
        '"05.01.2024";"Kjøp";"05.01.2024";"219,00";""\n"04.01.2024";"Lønn";"04.01.2024";"";"10000,00"\n',
        ["2024-01-05 -219.00 Kjøp", "2024-01-04 10000.00 Lønn"],
    ),
    "spaces in thousands (Nordea Sverige)": Shape(
        "Bokföringsdag;Belopp;Namn;Saldo;Valuta\n2024/01/05;-1 219,00;ICA;9 781,00;SEK\n"
        "2024/01/04;-100,00;SL;11 000,00;SEK\n",
        ["2024-01-05 -1219.00 ICA", "2024-01-04 -100.00 SL"],
        "SEK",
        "9781.00",
    ),
    "the currency in some rows": Shape(
        "Date,Description,Amount,Currency\n2024-01-03,A,-1.00,EUR\n2024-01-03,B,-2.00,\n2024-01-02,C,-1.00,EUR\n"
        "2024-01-02,D,-1.00,EUR\n2024-01-02,E,-1.00,EUR\n",
        ["2024-01-03 -1.00 A", "2024-01-03 -2.00 B", "2024-01-02 -1.00 C", "2024-01-02 -1.00 D", "2024-01-02 -1.00 E"],
        "EUR",
    ),
    "the value date tells the order": Shape(
        "Date,Value date,Description,Amount\n03/04/2024,03/04/2024,A,-1.00\n05/04/2024,28/04/2024,B,-2.00\n",
        ["2024-04-03 -1.00 A", "2024-04-05 -2.00 B"],
    ),
    "nothing but spending, without a sign": Shape(
        "Date,Description,Amount\n2024-01-01,SHOP,10.00\n2024-01-15,BAR,12.50\n",
        ["2024-01-01 10.00 SHOP", "2024-01-15 12.50 BAR"],
        told="No amount has a minus",
    ),
    "a balance that falls proves the sign": Shape(
        "Date,Description,Amount,Balance\n2024-01-01,SHOP,10.00,90.00\n2024-01-15,BAR,12.50,77.50\n",
        ["2024-01-01 -10.00 SHOP", "2024-01-15 -12.50 BAR"],
        balance="77.50",
    ),
    "names cut in the middle of a sign": Shape(
        "Date,Description,Amount\n2024-01-01,Café Zoë é\udcc3,-1.00\n2024-01-15,Café,-2.00\n",
        ["2024-01-01 -1.00 Café Zoë é\ufffd", "2024-01-15 -2.00 Café"],
    ),
}

REFUSED = {
    "amounts split at their comma": (
        "Date,Description,Amount\n2024-01-15,SHOP,-12,50\n2024-01-16,BAR,-3,25\n",
        "Line 2: This row has more cells than the header",
    ),
    "thousands with the decimal mark": (
        (
            "Date;Text;Amount\n2024-01-15;a;12.50\n2024-01-16;b;3.25\n2024-01-16;b;4.25\n2024-01-16;c;8.00\n"
            "2024-01-17;d;1.234.567\n"
        ),
        "Line 6: This row has a date but no amount",
    ),
    "two signs for thousands": (
        "Date;Text;Amount\n2024-01-15;a;12.50\n2024-01-16;b;3.25\n2024-01-17;c;1.234,567.89\n",
        "Line 4: This row has a date but no amount",
    ),
    "years of two digits, in front": (
        "Date;Text;Amount\n24-01-02;a;12.50\n24-01-05;b;-3.25\n24-02-10;b;-3.25\n",
        "which of their numbers is the year",
    ),
    "dates of both orders": (
        "Date,Text,Amount\n13/01/2020,a,-1.00\n01/13/2020,b,-2.00\n",
        "Line 2: '13/01/2020' is not a date",
    ),
    "a quote that never closes": (
        'Date,Amount,Text\n2024-01-02,4.00,Bar\n2024-01-02,5.00,"Shop\nand more\n',
        "Line 3: A quote opens in this row and never closes",
    ),
    "a quote that swallows the rest": (
        'Date,Amount,Text\n2024-01-02,5.00,"Shop\n2024-01-03,6.00,Bar\n2024-01-04,7.00,Foo\n',
        "Line 2: A quote that opens in this row does not close in it",
    ),
    "a quote that swallows a row": (
        'Date,Amount,Text\n2024-01-02,5.00,"Shop\n2024-01-03,6.00,"Bar"\n2024-01-04,7.00,Foo\n',
        "Line 2: A quote that opens in this row does not close in it",
    ),
    "date and amount both damaged": (
        "Date,Description,Amount\n2024-01-15,SHOP,-12.50\n2024-13-16,BAR,1O.00\n2024-01-16,BAR,-3.25\n",
        "Line 3: Neither the date '2024-13-16' nor the amount",
    ),
    "a shop that is called like a total": (
        "Date,Description,Amount\n2024-01-15,SHOP,-12.50\n2024-01-16,Total Wine & More,\n2024-01-16,BAR,-3.25\n",
        "Line 3: This row has a date but no amount",
    ),
    "a row that says neither out nor in": (
        "Date,Type,Description,Amount\n2024-01-01,Debit,SHOP,10.00\n2024-01-15,Credit,PAY,12.50\n2024-01-16,ATM,BAR,3.25\n",
        "Line 4: Whether this row is money out or in is not clear: it says 'ATM'",
    ),
    "a broken cell beside an empty one": (
        (
            "Date,Description,Debit,Credit\n2024-01-01,A,1.00,\n2024-01-02,B,2.00,\n2024-01-03,C,3.00,\n2024-01-04,D,4.00,\n"
            "2024-01-05,E,5.O0,0.00\n"
        ),
        "Line 6: This row has a date but no amount",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_banks_shape_is_read_as_a_person_would(name: str) -> None:
    shape = SHAPES[name]
    statement = read_statement(shape.text.encode("utf-8", "surrogateescape"), "bank.csv")
    (part,) = statement.parts
    assert [f"{row.date} {row.amount} {row.name}" for row in part.transactions] == shape.rows
    assert part.account.currency == shape.currency
    assert part.ledger_balance == (None if shape.balance is None else Decimal(shape.balance))
    assert shape.told in " ".join(statement.problems)


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_read_wrong_is_refused_with_its_line(name: str) -> None:
    text, told = REFUSED[name]
    with pytest.raises(ImportFileError) as refused:
        read_statement(text.encode(), "bank.csv")
    assert told in str(refused.value)


def test_eight_digits_with_the_year_behind_are_told_to_be_unsure() -> None:
    statement = read_statement(b"Date;Text;Amount\n01022024;a;-12.50\n02022024;b;-3.25\n", "bank.csv", currency="EUR")
    assert [row.date for row in statement.parts[0].transactions] == [date(2024, 2, 1), date(2024, 2, 2)]
    assert "two ways" in statement.problems[0]


def test_dates_that_prove_another_order_than_the_kept_one_are_read_by_it_and_told() -> None:
    unsure = read_statement(b"Date,Text,Amount\n03/04/2026,a,-1.00\n04/04/2026,b,-2.00\n", "a.csv", currency="GBP")
    assert unsure.layout is not None
    assert unsure.layout.day_first
    sure = b"Date,Text,Amount\n04/03/2026,a,-1.00\n04/25/2026,b,-2.00\n"
    statement = read_statement(sure, "b.csv", csv_layout=unsure.layout, currency="GBP")
    assert [row.date for row in statement.parts[0].transactions] == [date(2026, 4, 3), date(2026, 4, 25)]
    assert "04/25/2026 shows" in statement.problems[0]


def test_row_numbers_are_no_ids_of_the_bank() -> None:
    text = "Id,Date,Description,Amount\n{}\n"
    counted = read_statement(text.format("1,2024-01-01,A,-1.00\n2,2024-01-02,B,-2.00").encode(), "a.csv")
    named = read_statement(text.format("tx_1,2024-01-01,A,-1.00\ntx_2,2024-01-02,B,-2.00").encode(), "a.csv")
    assert [row.key for row in counted.parts[0].transactions] == [None, None]
    assert [row.key for row in named.parts[0].transactions] == ["tx_1", "tx_2"]
