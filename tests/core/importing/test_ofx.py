"""OFX in both of its makes: SGML with tags left open, and XML."""

from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ImportFileError
from core.importing.reading import read_statement

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


@settings(max_examples=150, deadline=None)
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
