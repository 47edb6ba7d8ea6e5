"""CSV files whose columns only their cells tell apart: the amount, its mark, its sign, its currency and the balance."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ImportFileError
from core.importing.reading import read_statement
from core.importing.statement import Statement


def read(text: str, **more: Any) -> Statement:
    return read_statement(text.encode(), "file.csv", **more)


def amounts(statement: Statement) -> list[str]:
    return [f"{row.amount:.2f}" for part in statement.parts for row in part.transactions]


@pytest.mark.parametrize("rows", [2, 3, 5])
@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("one_day", [False, True], ids=["day by day", "all on one day"])
def test_the_balance_before_a_row_is_no_amount(rows: int, *, newest_first: bool, one_day: bool) -> None:
    held, lines, moved = Decimal("150.00"), [], ["-5.00", "-100.25", "70.00", "-0.50", "12.00"][:rows]
    for place, step in enumerate(moved):
        day = f"2026010{1 if one_day else place + 1}"
        written = [f"{one:.2f}".replace(".", ",") for one in (held, held + Decimal(step), Decimal(step))]
        lines.append(f"55512345\tEUR\t{day}\t{written[0]}\t{written[1]}\t{day}\t{written[2]}\tXshop {place}")
        held += Decimal(step)
    statement = read("\n".join(reversed(lines) if newest_first else lines))
    assert sorted(amounts(statement)) == sorted(moved)
    assert (statement.parts[0].ledger_balance, statement.problems) == (held, ())


def test_three_decimals_in_every_amount_are_no_thousands() -> None:
    statement = read(
        "Date,Amount,Currency,Shop\n2025-03-01,29.000,CHF,Xa\n2025-03-02,-12.900,CHF,Xb\n2025-03-03,110.500,CHF,Xc\n"
    )
    assert amounts(statement) == ["29.00", "-12.90", "110.50"]
    assert statement.problems == ("Amounts can be read in two ways: 29.000 was taken as 29.00.",)


@pytest.mark.parametrize(
    ("written", "read_as", "told"),
    [
        (["0.500", "12.250"], ["0.50", "12.25"], False),
        (["1234.500", "-2.125"], ["1234.50", "-2.12"], False),
        (["29.000", "500"], ["29000.00", "500.00"], True),
        (["29.000", "12,50"], ["29000.00", "12.50"], False),
    ],
)
def test_three_digits_behind_a_mark(written: list[str], read_as: list[str], *, told: bool) -> None:
    rows = "\n".join(f"2025-03-0{place};{amount};Xshop" for place, amount in enumerate(written, 1))
    statement = read(f"Date;Amount;Shop\n{rows}\n")
    assert amounts(statement) == read_as
    assert any("in two ways" in one for one in statement.problems) == told


def test_a_currency_in_small_letters() -> None:
    statement = read("id,created,amount,currency,description\na1,2021-02-03 13:12,25.00,cad,Ticket\n")
    assert [part.account.currency for part in statement.parts] == ["CAD"]
    assert not statement.currency_open


def test_one_step_of_the_balance_does_not_turn_a_deposit_into_a_withdrawal() -> None:
    statement = read("Date,Text,Withdrawal,Deposit,Balance\n07/31/2025,Interest,,1.00,2.00\n07/15/2025,Xb,2.00,,3.00\n")
    assert amounts(statement) == ["1.00", "-2.00"]
    assert "does not follow" in statement.problems[-1]


def test_words_for_out_and_in_say_more_than_one_step_of_the_balance() -> None:
    head = "Tranzakció dátuma,Partner neve,Tranzakció összege,Tranzakció devizaneme,Bevétel/Kiadás,Könyvelt egyenleg\n"
    statement = read(f"{head}2025.04.19.,Bolt,-350,HUF,outflow,2640\n2025.04.17.,Munka,1290,HUF,inflow,1350\n")
    (part,) = statement.parts
    assert [(row.date, row.amount, row.name) for row in part.transactions] == [
        (date(2025, 4, 19), Decimal(-350), "Bolt"),
        (date(2025, 4, 17), Decimal(1290), "Munka"),
    ]
    assert part.account.currency == "HUF"


def test_words_for_out_and_in_turn_amounts_that_contradict_them() -> None:
    statement = read("Date,Text,Amount,D/C\n2025-12-15,Xa,33.50,D\n2025-12-16,Xb,-1533.50,C\n")
    assert amounts(statement) == ["-33.50", "1533.50"]


def test_one_word_throughout_says_nothing_of_the_sign() -> None:
    head = "Date,Text,Amount,Card Funding\n"
    assert amounts(read(f"{head}2025-12-15,Xa,33.50,debit\n2025-12-16,Xb,-3.50,debit\n")) == ["33.50", "-3.50"]


def test_what_nobody_calls_a_balance_is_none_without_proof() -> None:
    statement = read(
        "Buchungsdatum;Originalbetrag;Originalwährung;Umrechnungskurs;Buchungsbetrag;Buchungswährung;Text\n"
        "20.02.25;-5,00;USD;1,08;-4,63;EUR;Kaffee\n"
    )
    (part,) = statement.parts
    assert amounts(statement) == ["-4.63"]
    assert (part.account.currency, part.ledger_balance) == ("EUR", None)


def test_a_balance_in_the_last_row_of_a_day_is_held_to_all_rows_since_the_one_before() -> None:
    text = (
        "Date,Details,Debit,Credit,Balance\n01/09/2025,Xa,,50.00,150.00\n02/09/2025,Xb,20.00,,\n"
        "02/09/2025,Xc,30.00,,100.00\n14/09/2025,Xd,,1.00,\n14/09/2025,Xe,2.00,,99.00\n"
    )
    statement = read(text, currency="EUR")
    assert (statement.problems, statement.parts[0].ledger_balance) == ((), Decimal("99.00"))
    (told,) = read(text.replace("99.00", "98.00"), currency="EUR").problems
    assert told == "The balance column does not follow the amounts in 1 of 2 rows."


def test_columns_that_are_called_amount_debit_and_amount_credit() -> None:
    statement = read("Date,Payee,Amount Debit,Amount Credit\n01/13/2025,Xa,-70.55,\n01/14/2025,Xb,,500.00\n")
    assert amounts(statement) == ["-70.55", "500.00"]


def test_headings_that_a_program_wrote() -> None:
    statement = read("TransactionId,Date,ValutaDate,NetAmount,MerchantName\nt1,2025-03-01,2025-03-03,-5,Xshop\n")
    (row,) = statement.parts[0].transactions
    assert (row.amount, row.name, row.key) == (Decimal(-5), "Xshop", "t1")


def test_sums_and_pending_rows_at_the_edges_are_left_out_with_a_word() -> None:
    statement = read(
        "Date,Description,Amount\nPending,Xa,£7.40\n12/13/2025,Xb,-£8.99\nTransactions Total,,-£8.99\n", currency="USD"
    )
    assert amounts(statement) == ["-8.99"]
    assert [one.split(":")[0] for one in statement.problems] == ["Line 2 was left out", "Line 4 was left out"]
    with pytest.raises(ImportFileError, match="Line 2: 'soon' is not a date"):
        read("Date,Description,Amount\nsoon,Xa,7.40\n12/13/2025,Xb,-8.99\n")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019.04.19.", date(2019, 4, 19)),
        ("27. 5. 2018", date(2018, 5, 27)),
        ("27.05.2018.", date(2018, 5, 27)),
        ("10-Nov-9", date(2009, 11, 10)),
    ],
)
def test_dates_of_other_countries(written: str, day: date) -> None:
    (part,) = read(f"Date;Text;Amount\n{written};Xshop;-5,00\n").parts
    assert [row.date for row in part.transactions] == [day]


def test_a_row_without_a_payee_is_called_by_its_longest_words() -> None:
    statement = read(
        "Datum;IBAN;Naam tegenpartij;Bedrag;Omschrijving\n"
        "2025-03-01;NL77BANK0311467415;;-1,00;RENTE OVER FEBRUARI\n"
        "2025-03-02;NL77BANK0311467415;Bakker;-2,00;brood\n2025-03-03;NL77BANK0311467415;Slager;-3,00;worst\n"
    )
    assert [row.name for row in statement.parts[0].transactions] == ["RENTE OVER FEBRUARI", "Bakker", "Slager"]


def test_a_balance_may_have_another_decimal_mark_than_the_amounts() -> None:
    statement = read(
        "dateOp;label;amount;accountbalance\n2025-01-13;Xa;-5,00;1045.00\n2025-01-14;Xb;1 050,00;2095.00\n"
    )
    assert amounts(statement) == ["-5.00", "1050.00"]
    assert statement.parts[0].ledger_balance is None


def test_a_card_that_thanks_for_a_payment_writes_spending_as_positive() -> None:
    statement = read(
        "Date,Description,Amount\n03/15/2025,Xfood,25.00\n03/14/2025,AUTOPAY PAYMENT - THANK YOU,-300.00\n"
    )
    assert amounts(statement) == ["-25.00", "300.00"]
    checking = read("Date,Description,Amount\n03/15/2025,Salary,25.00\n03/14/2025,AUTOPAY Xphone,-300.00\n")
    assert amounts(checking) == ["25.00", "-300.00"]


@pytest.mark.parametrize(
    ("head", "row", "amount", "currency"),
    [
        ("Buchungsdatum;Text;Gutschrift in CHF;Lastschrift in CHF", "13.01.2025;Xa;;-5.00", "-5.00", "CHF"),
        ("Datums;Saņēmējs;Summa;Valūta;D/K", "13.01.2025;Xa;5,00;EUR;D\n14.01.2025;Xb;7,00;EUR;K", "-5.00", "EUR"),
        ("Rekening;Boekingsdatum;Transactie;Bedrag;Devies", "BE1;13/01/2025;Xa;-5,00;EUR", "-5.00", "EUR"),
        ("Transaction Date;Description 1;CAD$;USD$", "1/13/2025;Xa;-5.00;", "-5.00", "CAD"),
    ],
)
def test_columns_by_the_names_that_banks_give_them(head: str, row: str, amount: str, currency: str) -> None:
    statement = read(f"{head}\n{row}\n")
    assert (amounts(statement)[0], statement.parts[0].account.currency) == (amount, currency)


def test_of_payer_and_payee_the_one_that_changes_is_the_other_side() -> None:
    rows = "\n".join(
        f"{day}.01.2025;Kurt;{shop};-5,00 €" for day, shop in ((13, "Bäcker"), (14, "Kiosk"), (15, "Markt"))
    )
    statement = read(f"Buchungsdatum;Auftraggeber;Empfänger;Betrag (€)\n{rows}\n16.01.2025;Firma;Kurt;50,00 €\n")
    assert [row.name for row in statement.parts[0].transactions] == ["Bäcker", "Kiosk", "Markt", "Kurt"]


def test_a_sign_of_several_currencies_is_not_that_of_the_other_rows() -> None:
    statement = read("Date,Payee,Amount\n2025/01/13,Xa,$10\n2025/01/14,Xb,-10€\n2025/01/15,Xc,£7\n", currency="AUD")
    assert [(part.account.currency, part.transactions[0].amount) for part in statement.parts] == [
        ("AUD", Decimal(10)),
        ("EUR", Decimal(-10)),
        ("GBP", Decimal(7)),
    ]


def test_a_sign_and_a_code_around_one_amount() -> None:
    statement = read("Date,Payee,Amount\n2025/01/13,Xa,-$10.50 CAD\n2025/01/14,Xb,$3.00 CAD\n")
    (part,) = statement.parts
    assert (part.account.currency, amounts(statement)) == ("CAD", ["-10.50", "3.00"])


def test_a_row_that_moves_shares_and_no_cash_is_left_out_with_a_word() -> None:
    head = "Date,Action,Description,Quantity,Price,Amount\n"
    text = f"{head}11/14/2025,Stock Split,Xfund,18,$40.00,\n11/10/2025,Buy,Xfund,2,$40.00,-$80.00\n"
    statement = read(text)
    assert amounts(statement) == ["-80.00"]
    assert statement.problems == ("Line 2 was left out: it moves shares and no cash.",)
    with pytest.raises(ImportFileError, match="Line 2: This row has a date but no amount"):
        read(text.replace(",18,", ",,"))


def test_short_dates_with_points_between_have_the_day_first() -> None:
    (part,) = read("Buchung;Text;Betrag\n01.01.19;Xa;-1,00\n01.01.19;Xb;-2,00\n01.01.21;Xc;-3,00\n").parts
    assert [row.date for row in part.transactions] == [date(2019, 1, 1), date(2019, 1, 1), date(2021, 1, 1)]
