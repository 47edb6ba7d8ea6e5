"""MT940 and MT942 as some banks bend them: read all the same, or refused in a sentence."""

from decimal import Decimal
from typing import Any

import pytest

from core.errors import ImportFileError
from core.importing.reading import read_statement
from core.importing.statement import Statement

HEAD = ":20:MARCH\n:25:55512345\n:28C:3/1\n:60F:C240301EUR100,00\n"


def read(text: str, **more: Any) -> Statement:
    return read_statement(text.encode(), "file", **more)


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        (":61:240312    DD12,39NMSCNONREF//", "-12.39"),
        (":61:240312    C0,50NMSCNONREF", "0.50"),
        (":61:2403120312d1,01N946NONREF", "-1.01"),
        (":61: 2403120312 C 7,00NTRFNONREF", "7.00"),
        (":61:2403120312D,75NCHGNONREF", "-0.75"),
    ],
    ids=["blanks for the booking day", "and money in", "a small letter", "blanks between", "no whole units"],
)
def test_a_statement_line_with_blanks_or_small_letters(line: str, amount: str) -> None:
    closing = Decimal(100) + Decimal(amount)
    statement = read(f"{HEAD}{line}\n:86:Kiosk\n:62F:C240312EUR{closing}\n-\n".replace(f"{closing}", f"{closing:.2f}"))
    (part,) = statement.parts
    assert [(row.date.isoformat(), row.amount, row.name) for row in part.transactions] == [
        ("2024-03-12", Decimal(amount), "Kiosk")
    ]
    assert (statement.problems, part.ledger_balance) == ((), closing)


@pytest.mark.parametrize(("first", "second"), [("EUR", ""), ("", "EUR"), ("", "")])
def test_a_balance_without_its_currency_has_that_of_the_other(first: str, second: str) -> None:
    statement = read(
        f":20:A\n:25:55512345\n:60F:C240301{first}100,00\n:61:240312D5,00NMSC\n:62F:C240312{second}95,00\n-\n",
        currency="CHF",
    )
    (part,) = statement.parts
    assert (part.opening_balance, part.ledger_balance) == (Decimal(100), Decimal(95))
    assert (part.account.currency, statement.currency_open) == (("EUR", False) if first + second else ("CHF", True))


def test_a_line_whose_day_is_no_day_is_refused_with_its_number() -> None:
    with pytest.raises(ImportFileError, match="Line 5: The date '345454' does not exist"):
        read(f"{HEAD}:61:3454543545C12,00NTRFNONREF\n:62F:C240312EUR112,00\n-\n")


def test_lines_that_end_in_signs_of_fints() -> None:
    text = f"{HEAD}:61:2403120312C2,00NMSCNONREF\n:86:177?00GUTSCHRIFT?32Meier\n:62F:C240312EUR102,00\n-"
    (part,) = read("@@" + text.replace("\n", "@@")).parts
    assert [(row.amount, row.name) for row in part.transactions] == [(Decimal("2.00"), "Meier")]
    assert part.ledger_balance == Decimal(102)


@pytest.mark.parametrize("text", [":60F:C240301EUR100,00\n", ":86:091\n-", ":62F:C240312EUR95,00\n-", ":20:X\n:25:1\n"])
def test_a_piece_of_a_statement_is_known_for_what_it_is(text: str) -> None:
    with pytest.raises(ImportFileError, match=r"MT940|statement that (begins|ends)"):
        read(text)


def test_statements_that_run_into_each_other_are_refused() -> None:
    text = f"{HEAD}:61:2403120312C2,00NMSC\n:25:777\n:62F:C240312EUR102,00\n-\n"
    with pytest.raises(ImportFileError, match="Line 4: The statement that begins here has no closing balance"):
        read(text)
