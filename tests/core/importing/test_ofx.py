"""OFX in both of its makes: SGML with tags left open, and XML."""

import re
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ImportFileError
from core.importing.reading import read_statement
from tests.machine.examples import examples

SGML = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'

Row = tuple[date, Decimal, str, str]


def bank(rows: list[Row], *, closed: bool, account: str = "777", mark: str = ".", currency: str = "USD") -> str:
    def tag(name: str, value: str) -> str:
        return f"<{name}>{escape(value)}</{name}>\n" if closed else f"<{name}>{escape(value)}\n"

    lines = [
        "<STMTTRN>\n" + tag("TRNTYPE", "DEBIT") + tag("DTPOSTED", f"{day:%Y%m%d}120000[-5:EST]")
        + tag("TRNAMT", str(amount).replace(".", mark)) + tag("FITID", key) + tag("NAME", name) + "</STMTTRN>\n"
        for day, amount, key, name in rows
    ]  # fmt: skip
    return (
        "<STMTTRNRS><STMTRS>\n" + tag("CURDEF", currency)
        + "<BANKACCTFROM>\n" + tag("BANKID", "111") + tag("ACCTID", account) + tag("ACCTTYPE", "CHECKING")
        + "</BANKACCTFROM>\n<BANKTRANLIST>\n" + "".join(lines) + "</BANKTRANLIST>\n<LEDGERBAL>\n"
        + tag("BALAMT", "100.25") + tag("DTASOF", "20260131") + "</LEDGERBAL>\n</STMTRS></STMTTRNRS>\n"
    )  # fmt: skip


def ofx(*banks: str, closed: bool = False) -> bytes:
    return ((XML if closed else SGML) + f"<OFX><BANKMSGSRSV1>\n{''.join(banks)}</BANKMSGSRSV1></OFX>\n").encode()


names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=24).filter(
    lambda text: not text.isspace()
)
amounts = st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2)
rows = st.lists(
    st.tuples(st.dates(date(2000, 1, 1), date(2030, 12, 31)), amounts, st.uuids().map(str), names),
    min_size=1,
    max_size=12,
)


@settings(max_examples=examples(150), deadline=None)
@given(written=rows, closed=st.booleans(), mark=st.sampled_from([".", ","]))
def test_what_is_written_is_read_in_both_makes(written: list[Row], mark: str, *, closed: bool) -> None:
    (part,) = read_statement(ofx(bank(written, closed=closed, mark=mark), closed=closed), "bank.ofx").parts
    assert [(row.date, row.amount, row.key, row.name) for row in part.transactions] == written
    assert (part.ledger_balance, part.ledger_balance_date) == (Decimal("100.25"), date(2026, 1, 31))
    assert (part.account.key, part.account.mask, part.account.type) == ("111/777", "777", "checking")


def test_each_account_of_a_file_is_a_part_of_its_own() -> None:
    one = [(date(2026, 1, 2), Decimal("-1.00"), "a", "Shop")]
    two = [(date(2026, 1, 3), Decimal("-2.00"), "a", "Shop")]
    data = ofx(bank(one, closed=False), bank(two, closed=False, account="888", currency="EUR"))
    parts = read_statement(data, "bank.ofx").parts
    assert [(part.account.key, part.account.currency, part.transactions[0].amount) for part in parts] == [
        ("111/777", "USD", Decimal("-1.00")),
        ("111/888", "EUR", Decimal("-2.00")),
    ]


def test_the_same_id_twice_is_one_transaction_and_said() -> None:
    row = (date(2026, 1, 2), Decimal("-1.00"), "a", "Shop")
    other = (date(2026, 1, 2), Decimal("-5.00"), "a", "Another shop under the same id")
    statement = read_statement(ofx(bank([row, row, other], closed=False)), "bank.ofx")
    assert [one.amount for one in statement.parts[0].transactions] == [Decimal("-1.00"), Decimal("-5.00")]
    assert any("twice" in problem for problem in statement.problems)


def test_a_file_cut_off_anywhere_never_gives_a_part_of_its_rows() -> None:
    """A download that broke off must not look like a month with fewer transactions."""
    written = [(date(2026, 1, day), Decimal(-day), f"id{day}", f"Shop {day}") for day in range(1, 9)]
    whole = ofx(bank(written, closed=False))
    for cut in range(len(SGML) + 20, whole.index(b"</OFX>") + 5, 7):
        with pytest.raises(ImportFileError):
            read_statement(whole[:cut], "bank.ofx")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (("<TRNAMT>-1.00", "<TRNAMT>one"), "is not an amount"),
        (("<TRNAMT>-1.00", "<TRNAMT>-1.00001"), "decimals"),
        (("<TRNAMT>-1.00", "<TRNAMT>-99999999999999"), "not an amount"),
        (("<DTPOSTED>20260102", "<DTPOSTED>20260231"), "does not exist"),
        (("<DTPOSTED>20260102120000[-5:EST]", ""), "no date"),
        (("<BALAMT>100.25", "<BALAMT>"), "balance"),
    ],
)
def test_a_broken_row_is_named_by_its_line(broken: tuple[str, str], told: str) -> None:
    text = ofx(bank([(date(2026, 1, 2), Decimal("-1.00"), "a", "Shop")], closed=False)).decode()
    assert broken[0] in text
    with pytest.raises(ImportFileError) as refused:
        read_statement(text.replace(*broken).encode(), "bank.ofx")
    assert told in str(refused.value)
    assert refused.value.line is not None


def test_entities_do_not_reach_outside_the_file() -> None:
    text = ofx(bank([(date(2026, 1, 2), Decimal("-1.00"), "a", "Shop")], closed=True), closed=True).decode()
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]>'
    data = text.replace("<OFX>", f"{bomb}<OFX>").replace("Shop", "&b;").encode()
    try:
        (part,) = read_statement(data, "bank.ofx").parts
    except ImportFileError:
        return
    assert "root:" not in part.transactions[0].name


SHOPS = [(date(2026, 1, day), Decimal(f"-{day}.25"), f"id{day}", f"Shop {day}") for day in range(1, 7)]


@settings(max_examples=examples(400), deadline=None)
@given(
    where=st.integers(0, 10_000),
    what=st.sampled_from(["drop", "swap", "double"]),
    sign=st.sampled_from("X</ \n>"),
    closed=st.booleans(),
)
def test_damaged_markup_never_loses_a_row_without_a_word(where: int, what: str, sign: str, *, closed: bool) -> None:
    """Whatever letter of a tag is lost or wrong, all rows are there with their dates and amounts, or none is."""
    text = ofx(bank(SHOPS, closed=closed), bank(SHOPS, closed=closed, account="888"), closed=closed).decode()
    tags = [at for tag in re.finditer(r"</?[A-Z][A-Z.0-9]*>", text) for at in range(tag.start(), tag.end())]
    at = tags[where % len(tags)]
    piece = {"drop": "", "swap": sign, "double": text[at] * 2}[what]
    try:
        parts = read_statement((text[:at] + piece + text[at + 1 :]).encode(), "bank.ofx").parts
    except ImportFileError:
        return
    read = [(row.date, row.amount) for part in parts for row in part.transactions]
    assert read == [(day, amount) for day, amount, *_ in (*SHOPS, *SHOPS)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("<STMTTRN>", "<STMTTRX>", "belongs to no transaction of an account"),
        ("</NAME></STMTTRN><STMTTRN>", "</NAME>", "more than one"),
        ("<STMTRS>", "<STMTRX>", "belongs to no transaction of an account"),
        ("<CURDEF>USD", "<CURDEF>US$", "'US$' is no currency"),
        ("<TRNAMT>-1.25", "<TRNAMT>-1,250", "is not an amount"),
        ("<NAME>Shop 1", "<NAME><![CDATA[Shop 1", "<![CDATA[ opens here and never closes"),
        ("<DTPOSTED>20260101", "<DTPOSTED>01012026", "does not exist"),
    ],
)
def test_damage_is_named_by_its_line(before: str, after: str, told: str) -> None:
    text = ofx(bank(SHOPS, closed=True), closed=True).decode().replace("\n", "").replace("<STMTRS>", "<STMTRS>\n")
    assert before in text
    with pytest.raises(ImportFileError) as refused:
        read_statement(text.replace(before, after, 1).encode(), "bank.ofx")
    assert told in str(refused.value)
    assert refused.value.line is not None


def test_a_row_whose_end_is_missing_is_a_row_of_its_own() -> None:
    text = ofx(bank(SHOPS, closed=False)).decode()
    (part,) = read_statement(text.replace("</STMTTRN>", "", 2).encode(), "bank.ofx").parts
    assert [row.amount for row in part.transactions] == [amount for _, amount, *_ in SHOPS]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&amp;T &lt;3", "AT&T <3"),
        ("Smith&LTD", "Smith&LTD"),
        ("H&M", "H&M"),
        ("a < b", "a < b"),
        ("Caf&#233; &#x5a;oë", "Café Zoë"),
        ("&amp;lt;", "&lt;"),
        ("<![CDATA[Bread & <Butter>]]>", "Bread & <Butter>"),
        ("<!-- <STMTTRN> -->Shop", "Shop"),
        ("  two   words ", "two words"),
    ],
)
@pytest.mark.parametrize("closed", [True, False])
def test_names_are_what_the_bank_means(written: str, read: str, *, closed: bool) -> None:
    rows = [(date(2026, 1, 2), Decimal("-1.00"), "a", "Corner")]
    data = ofx(bank(rows, closed=closed), closed=closed).replace(b"Corner", written.encode())
    (part,) = read_statement(data, "bank.ofx").parts
    assert part.transactions[0].name == read


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("-12.5", "-12.5"),
        ("+12,50", "12.50"),
        ("-.5", "-0.5"),
        ("-00000000001500.0000", "-1500"),
        ("1,234.56", "1234.56"),
        ("-1.234,56", "-1234.56"),
        ("100", "100"),
        ("100.", "100"),
        ("0.1250", "0.125"),
    ],
)
def test_amounts_as_banks_write_them(written: str, amount: str) -> None:
    text = ofx(bank([(date(2026, 1, 2), Decimal("-7.77"), "a", "Shop")], closed=False)).decode()
    (part,) = read_statement(text.replace("-7.77", written).encode(), "bank.ofx").parts
    assert part.transactions[0].amount == Decimal(amount)


@pytest.mark.parametrize(
    "written",
    ["20260102", "20260102120000", "20260102235959.999[-8:PST]", "20260102000000[+10:AEST]", "2026-01-02"],
)
def test_the_day_is_the_banks_own_whatever_its_zone(written: str) -> None:
    text = ofx(bank([(date(2026, 1, 2), Decimal("-7.77"), "a", "Shop")], closed=False)).decode()
    (part,) = read_statement(text.replace("20260102120000[-5:EST]", written).encode(), "bank.ofx").parts
    assert part.transactions[0].date == date(2026, 1, 2)


def test_a_card_and_an_account_in_one_file_keep_their_kinds() -> None:
    rows = [(date(2026, 1, 2), Decimal("-1.00"), "a", "Shop")]
    card = bank(rows, closed=False, account="4111").replace("STMT", "CCSTMT").replace("CCSTMTTRN>", "STMTTRN>")
    card = card.replace("BANKACCT", "CCACCT").replace("<BANKID>111\n", "").replace("<ACCTTYPE>CHECKING\n", "")
    parts = read_statement(ofx(bank(rows, closed=False), card), "bank.qfx").parts
    assert [(part.account.key, part.account.type, len(part.transactions)) for part in parts] == [
        ("111/777", "checking", 1),
        ("4111", "credit card", 1),
    ]


@pytest.mark.parametrize("no_id", ["", "0", "000", "NONE", "N/A"])
def test_what_only_stands_in_for_an_id_is_none_and_twins_stay(no_id: str) -> None:
    coffee = (date(2026, 1, 2), Decimal("-3.00"), no_id, "Coffee")
    statement = read_statement(ofx(bank([coffee, coffee], closed=False)), "bank.ofx")
    assert [row.key for row in statement.parts[0].transactions] == [None, None]
    assert statement.problems == ()


def test_a_file_without_its_currency_takes_the_persons_and_says_so() -> None:
    text = ofx(bank(SHOPS, closed=True), closed=True).decode().replace("<CURDEF>USD</CURDEF>", "")
    statement = read_statement(text.encode(), "bank.ofx", currency="CHF")
    assert statement.currency_open
    assert {row.currency for row in statement.parts[0].transactions} == {"CHF"}


def test_debits_without_a_minus_and_foreign_amounts_are_told() -> None:
    rows = [(date(2026, 1, 2), Decimal("1.00"), "a", "Shop")]
    text = ofx(bank(rows, closed=False)).decode()
    text = text.replace("</STMTTRN>", "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY></STMTTRN>")
    first, second = read_statement(text.encode(), "bank.ofx").problems
    assert "called debits" in first
    assert "said to be in EUR" in second


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    text = ofx(bank(SHOPS, closed=False)).decode().replace("<TRNAMT>-3.25", "<TRNAMT>three")
    with pytest.raises(ImportFileError) as refused:
        read_statement(text.replace("\n", end).encode(), "bank.ofx")
    line = text[: text.index("<TRNAMT>three")].rpartition("<STMTTRN>")[0].count("\n") + 1
    assert refused.value.line == line
