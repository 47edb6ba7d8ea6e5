"""QIF, CAMT and MT940: real files to the cent, made-up ones exactly, and what breaks off is refused."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ImportFileError
from core.importing import look_at_file, take_in
from core.importing.reading import read_statement
from core.store import Store
from tests.core.ledger.household import add_person
from tests.machine.examples import examples

REAL = {
    # file: format, then for each account: currency, amounts in the order of the file, balance
    "camt/camt052.v2.xml": ("camt.052", [("SEK", ["-200000"], None)]),
    "camt/camt053.v2.five.decimals.xml": ("camt.053", [("EUR", ["8.85"], "27.05")]),
    "camt/camt053.v2.minimal.xml": ("camt.053", [("EUR", ["8.85"], None)]),
    "camt/camt053.v2.multi.statement.xml": ("camt.053", [("EUR", ["8.85", "-7.00"], "20.00")]),
    "camt/camt053.v4.xml": ("camt.053", [("EUR", ["8.85"], None)]),
    "camt/camt053.v8.xml": ("camt.053", [("EUR", ["8.85"], None)]),
    "camt/camt054.v8.xml": ("camt.054", [("SEK", ["-200000"], None)]),
    "mt940/february_30.sta": ("mt940", [("EUR", ["-6.00"], "1194.00")]),
    "mt940/mt940.sta": ("mt940", [("PLN", ["0.01", "0.01", "0.01"], "0.43")]),
    "mt940/multiline.sta": ("mt940", [("EUR", ["-5", "119"], "11.40")]),
    "mt940/sparkassen.sta": ("mt940", [("USD", ["30.00"], None)]),
    "qif/test_split.qif": ("qif", [("USD", ["-10.00"], None)]),
    "qif/test.qif": ("qif", [("USD", ["0", "67.50", "32.00", "-10.00", "-25.00", "-100.00"], None),
                             ("USD", ["-100.00"], None)]),
    "qif/test_unknown_account_type.qif": ("qif", [("USD", [], None)]),
}  # fmt: skip


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: what a file says has nothing to do with the database."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_is_read_to_the_cent(shared: Path, name: str) -> None:
    path = shared / "statements" / name
    statement = read_statement(path.read_bytes(), path.name)
    kind, accounts = REAL[name]
    assert statement.format == kind
    assert [
        (part.account.currency, [row.amount for row in part.transactions], part.ledger_balance)
        for part in statement.parts
    ] == [
        (currency, [Decimal(one) for one in amounts], None if balance is None else Decimal(balance))
        for currency, amounts, balance in accounts
    ]


def test_daily_messages_of_one_account_are_one_account_and_add_up(shared: Path) -> None:
    path = shared / "statements" / "mt940" / "mt940.txt"
    text = path.read_text("utf-8")
    (part,) = read_statement(path.read_bytes(), path.name).parts
    lines = re.findall(r"^:61:\d{6}\d{4}?(R?[CD])[A-Z]?(\d+,\d*)", text, re.MULTILINE)
    assert [row.amount for row in part.transactions] == [
        Decimal(amount.replace(",", ".")) * (1 if mark == "C" else -1) for mark, amount in lines
    ]
    opening = re.search(r"^:60F:C\d{6}EUR([\d,]+)", text, re.MULTILINE)
    assert opening is not None
    moved = sum(row.amount for row in part.transactions)
    assert part.ledger_balance == Decimal(opening[1].replace(",", ".")) + moved
    assert part.ledger_balance_date == date(2020, 1, 31)


@pytest.mark.parametrize("name", [name for name, (_, accounts) in REAL.items() if any(one[1] for one in accounts)])
def test_twice_adds_nothing_also_where_the_file_names_no_account(store: Store, shared: Path, name: str) -> None:
    user = add_person(store)
    path = shared / "statements" / name
    first = take_in(store, user, look_at_file(store, user, path.read_bytes(), path.name))
    assert sum(result.new for result in first) == sum(len(amounts) for _, amounts, _ in REAL[name][1])
    if len(first) == 1:
        again = take_in(store, user, look_at_file(store, user, path.read_bytes(), path.name))
        assert [result.new for result in again] == [0]


Row = tuple[date, Decimal, str]
names = st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=1, max_size=20).map(lambda one: f"X{one}")
rows: st.SearchStrategy[list[Row]] = st.lists(
    st.tuples(
        st.dates(date(1999, 12, 20), date(2030, 1, 10)),
        st.decimals(Decimal("-9999.99"), Decimal("9999.99"), places=2).filter(bool),
        names.filter(lambda name: "?" not in name),
    ),
    min_size=1,
    max_size=10,
)


def mt940(written: list[Row], opening: Decimal) -> str:
    def balance(tag: str, amount: Decimal) -> str:
        return f":{tag}:{'D' if amount < 0 else 'C'}300115EUR{abs(amount):.2f}\n".replace(".", ",")

    lines = "".join(
        f":61:{day:%y%m%d}{day:%m%d}{'D' if amount < 0 else 'C'}{abs(amount):.2f}".replace(".", ",")
        + f"NTRFNONREF\n:86:166?00TRANSFER?20FOR?32{name}\n"
        for day, amount, name in written
    )
    closing = opening + sum((amount for _, amount, _ in written), Decimal(0))
    return f":20:START\n:25:12345/678\n:28C:1/1\n{balance('60F', opening)}{lines}{balance('62F', closing)}-\n"


def camt(written: list[Row], opening: Decimal) -> str:
    def money(amount: Decimal) -> str:
        way = "DBIT" if amount < 0 else "CRDT"
        return f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{way}</CdtDbtInd>'

    def balance(code: str, amount: Decimal) -> str:
        kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        return f"<Bal>{kind}{money(amount)}<Dt><Dt>2030-01-15</Dt></Dt></Bal>"

    entries = "".join(
        f"<Ntry>{money(amount)}<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties>"
        f"<{'Cdtr' if amount < 0 else 'Dbtr'}><Nm><![CDATA[{name}]]></Nm></{'Cdtr' if amount < 0 else 'Dbtr'}>"
        "</RltdPties></TxDtls></NtryDtls></Ntry>"
        for day, amount, name in written
    )
    closing = opening + sum((amount for _, amount, _ in written), Decimal(0))
    account = "<Acct><Id><IBAN>DE00 1234</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        f"<BkToCstmrStmt><Stmt>{account}{balance('OPBD', opening)}{balance('CLBD', closing)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    )


@settings(max_examples=examples(120), deadline=None)
@given(written=rows, opening=st.decimals(Decimal(-5000), Decimal(5000), places=2))
@pytest.mark.parametrize("make", [mt940, camt])
def test_a_statement_is_read_exactly_and_adds_up(make: object, written: list[Row], opening: Decimal) -> None:
    text = (mt940 if make is mt940 else camt)(written, opening)
    statement = read_statement(text.encode(), "statement")
    (part,) = statement.parts
    assert [(row.date, row.amount, row.name) for row in part.transactions] == written
    assert part.ledger_balance == opening + sum(amount for _, amount, _ in written)
    assert statement.problems == ()


@settings(max_examples=examples(100), deadline=None)
@given(written=rows, quicken=st.booleans())
def test_a_qif_list_is_read_exactly_or_its_dates_are_told_of(written: list[Row], *, quicken: bool) -> None:
    def dated(day: date) -> str:
        return f"{day.month}/{day.day:2}'{day:%y}" if quicken and day.year >= 2000 else f"{day:%m/%d/%Y}"

    text = "!Type:Bank\n" + "".join(f"D{dated(day)}\nT{amount:,.2f}\nP{name}\n^\n" for day, amount, name in written)
    statement = read_statement(text.encode(), "list.qif", currency="USD")
    (part,) = statement.parts
    assert [row.amount for row in part.transactions] == [amount for _, amount, _ in written]
    assert [row.date for row in part.transactions] == [day for day, _, _ in written] or statement.problems


def test_reversals_go_the_other_way() -> None:
    text = mt940([(date(2026, 3, 1), Decimal("-5.00"), "Xa"), (date(2026, 3, 2), Decimal("7.00"), "Xb")], Decimal(0))
    text = text.replace("D5,00", "RD5,00").replace("C7,00", "RC7,00")
    (part,) = read_statement(text.encode(), "x.sta").parts
    assert [row.amount for row in part.transactions] == [Decimal("5.00"), Decimal("-7.00")]


@pytest.mark.parametrize("make", [mt940, camt])
def test_a_file_cut_off_never_gives_a_part_of_its_rows(make: object) -> None:
    written = [(date(2026, 3, day), Decimal(-day), f"Xshop{day}") for day in range(1, 9)]
    whole = (mt940 if make is mt940 else camt)(written, Decimal(100)).encode()
    last = whole.rindex(b":62F:") if make is mt940 else len(whole) - 1
    for cut in range(60, last, 7):
        with pytest.raises(ImportFileError):
            read_statement(whole[:cut], "statement")
    listed = "!Type:Bank\n" + "".join(f"D3/{day}/2026\nT-{day}.00\nPShop\n^\n" for day in range(13, 19))
    with pytest.raises(ImportFileError, match="breaks off"):
        read_statement(listed[:-2].encode(), "list.qif")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<Sts>BOOK</Sts>", "<Sts>INFO</Sts>", None),
        ("<BookgDt><Dt>2026-03-01</Dt>", "<BookgDt><Dt>2026-02-30</Dt>", "no date that exists"),
        ('<Ntry><Amt Ccy="EUR">5.00', '<Ntry><Amt Ccy="EUR">five', "is not an amount"),
        ('<Ntry><Amt Ccy="EUR">5.00', '<Ntry><Amt Ccy="USD">5.00', "is in USD"),
        ('<Ntry><Amt Ccy="EUR">5.00', '<Ntry><Amt Ccy="EUR">5.00001', "decimals"),
        ("</Stmt>", "</Stmt", "XML breaks"),
        ("<Document", "<!DOCTYPE x [<!ENTITY a 'b'>]><Document", "DOCTYPE"),
    ],
)
def test_a_broken_camt_file_is_refused_with_its_line(old: str, new: str, told: str | None) -> None:
    text = camt([(date(2026, 3, 1), Decimal("-5.00"), "Xshop")], Decimal(100))
    assert old in text
    if told is None:
        statement = read_statement(text.replace(old, new).encode(), "x.xml")
        assert (statement.parts[0].transactions, len(statement.problems)) == ((), 2)
        return
    with pytest.raises(ImportFileError) as refused:
        read_statement(text.replace(old, new, 1).encode(), "x.xml")
    assert told in str(refused.value)
    assert refused.value.line == 1


@pytest.mark.parametrize("lost", ["^\n", "^"])
def test_entries_of_a_list_that_run_into_each_other_are_refused(lost: str) -> None:
    listed = "!Type:Bank\n" + "".join(f"D3/{day}/2026\nT-{day}.00\nPShop\n^\n" for day in range(13, 19))
    with pytest.raises(ImportFileError, match=r"Line [56]: .* two dates or amounts"):
        read_statement(listed.replace(lost, "" if lost == "^\n" else "x", 1).encode(), "list.qif")


def test_a_list_with_dates_of_both_orders_is_refused_with_its_line() -> None:
    listed = "!Type:Bank\nD13/01/2020\nT-1.00\n^\nD01/13/2020\nT-2.00\n^\n"
    with pytest.raises(ImportFileError, match="Line 2"):
        read_statement(listed.encode(), "list.qif")
