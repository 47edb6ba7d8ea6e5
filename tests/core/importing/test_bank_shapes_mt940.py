"""MT940 and MT942 files as banks of several countries write them, each held to what a person reads in it."""

from decimal import Decimal

import pytest

from tests.core.importing.shapes import read, rows

MT940 = {
    "Rabobank": (
        """
:940:
:20:940S140102
:25:NL50RABO0123456789 EUR
:28C:0
:60F:C140101EUR000000000100,00
:61:140102C000000000020,00N541EREF
NL44RABO0987654321
:86:/EREF/02-01-2014 19:47-150412/BENM//NAME/Company BV/REMI/Invoice 123 and
 more/ISDT/2014-01-02
:61:140102D000000000005,50N102NONREF
:86:/BENM//NAME/Albert Heijn 1234/REMI/Pin 12:33
:62F:C140102EUR000000000114,50
""",
        ("NL50RABO0123456789", "EUR", "100.00", "114.50"),
        [("2014-01-02", "20.00", "Company BV"), ("2014-01-02", "-5.50", "Albert Heijn 1234")],
    ),
    "ING": (
        """{1:F01INGBNL2ABXXX0000000000}
{2:I940INGBNL2AXXXN}
{4:
:20:P140220000000001
:25:NL69INGB0123456789EUR
:28C:00000
:60F:C140219EUR662,23
:61:1402200220C1,56NTRFEREF//00000000001005
/TRCD/00100/
:86:/EREF/EV12341REP1231456T1234//CNTP/NL32INGB0000012345/INGBN
L2A/ING BANK NV INZAKE WEB///REMI/USTD//EV10001REP1000000T1000/
:61:1402200220D1,57NTRFPREF//00000000001006
/TRCD/00200/
:86:/PREF/M000000003333333//REMI/USTD//TOTAAL 1 VZ/
:62F:C140220EUR662,22
:64:C140220EUR662,22
:86:/SUM/1/1/1,57/1,56/
-}
""",
        ("NL69INGB0123456789", "EUR", "662.23", "662.22"),
        [("2014-02-20", "1.56", "ING BANK NV INZAKE WEB"), ("2014-02-20", "-1.57", "TOTAAL 1 VZ")],
    ),
    "ABN AMRO": (
        """ABNANL2A
940
ABNANL2A
:20:ABN AMRO BANK NV
:25:500950253
:28:12302/1
:60F:C121028EUR4433,52
:61:1210281028D29,9N247NONREF
:86:GIRO   428428 KPN - DIGITENNE    BETALINGSKENM.  000000042188659
5314606715                       BETREFT FACTUUR D.D. 20-05-2012
:61:1210281028C300,N654NONREF
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL47RABO0150000000/BIC/RABONL2U
/NAME/MW G A LAMPERT/REMI/Terugbetaling/EREF/NOTPROVIDED
:62F:C121028EUR4703,62
-
""",
        ("500950253", "EUR", "4433.52", "4703.62"),
        [
            (
                "2012-10-28", "-29.90",
                "GIRO 428428 KPN - DIGITENNE BETALINGSKENM. 000000042188659 5314606715 BETREFT FACTUUR D.D. 20-05-2012",
            ),
            ("2012-10-28", "300.00", "MW G A LAMPERT"),
        ],
    ),
    "a German savings bank": (
        """:20:STARTUMSE
:25:12030000/1234567890
:28C:00000/001
:60F:C230331EUR1234,56
:61:2304030403DR12,34NMSCNONREF//2023-04-03-08.07
:86:105?00FOLGELASTSCHRIFT?109248?20EREF+abc 123?21MREF+M-1?22CRE
D+DE98ZZZ09999999999?23SVWZ+Rechnung 4711 vom?24 01.04.2023?30GEN
ODEF1ABC?31DE02120300000000202051?32Stadtwerke Musterstadt am M?33ain
GmbH?34992
:61:2304040404CR100,00NTRFNONREF
:86:166?00GUTSCHRIFT?20SVWZ+Miete?32Max Mustermann
:61:2304050405RD12,34NMSCNONREF
:86:159?00RUECKLASTSCHRIFT?20Retoure?32Stadtwerke
:61:2304060405RC100,00NTRFNONREF
:86:166?00STORNO?20SVWZ+Miete April
:62F:C230406EUR1234,56
-
""",
        ("12030000/1234567890", "EUR", "1234.56", "1234.56"),
        [
            ("2023-04-03", "-12.34", "Stadtwerke Musterstadt am MainGmbH"),
            ("2023-04-04", "100.00", "Max Mustermann"),
            ("2023-04-05", "12.34", "Stadtwerke"),
            ("2023-04-05", "-100.00", "Miete April"),
        ],
    ),
    "mBank": (
        """:20:ST230331CYC/1
:25:PL12114020040000300201355387
:28C:1/1
:60F:C230330PLN1000,00
:61:2303310331D50,00NTRFNONREF//123456
944-PRZELEW
:86:944~00BPRZELEW WYCHODZACY~109876~20Czynsz za marzec~21 mieszkanie 5
~22~23~24~25~3010901098~311098000000012345~32SPOLDZIELNIA ~33MIESZK
ANIOWA~34944~38PL61109010140000071219812874~60~63
:61:2303310331C10,01N723NONREF
:86:723<00UZNANIE<20Zwrot<32JAN KOWALSKI
:62F:C230331PLN960,01
:64:C230331PLN960,01
-
""",
        ("PL12114020040000300201355387", "PLN", "1000.00", "960.01"),
        [("2023-03-31", "-50.00", "SPOLDZIELNIA MIESZKANIOWA"), ("2023-03-31", "10.01", "JAN KOWALSKI")],
    ),
    "a Swiss bank": (
        """:20:TLK-REF-12345678
:25:CH9300762011623852957
:28C:5/1
:60F:C230501CHF10000,
:61:2305020502DF250,75NTRF//ZD81122TI0523456
:86:E-BANKING-AUFTRAG, SBB AG, 3000 BERN
:61:2305030503CF1500,NTRFRENT MAY//ZD81123TI0987654
MUELLER HANS
:61:230504D1249,25NCHGNONREF
:62F:C230503CHF10000,00
-
""",
        ("CH9300762011623852957", "CHF", "10000.00", "10000.00"),
        [
            ("2023-05-02", "-250.75", "E-BANKING-AUFTRAG, SBB AG, 3000 BERN"),
            ("2023-05-03", "1500.00", "MUELLER HANS"),
            ("2023-05-04", "-1249.25", "Unnamed"),
        ],
    ),
    "two messages in SWIFT's envelope": (
        """{1:F01POFICHBEAXXX0000000000}{2:I940XXXXXXXXXXXXN}{4:
:20:PFD2012290008
:25:CH5109000000250092291
:28C:1/1
:60F:C201228CHF100,00
:61:2012311231D1,00NMSCNONREF//000123
:86:GIRO POST FROM JOE
:62F:C201231CHF99,00
-}{5:{CHK:1234}}
{1:F01POFICHBEAXXX0000000000}{2:I940XXXXXXXXXXXXN}{4:
:20:PFD2012300008
:25:CH5109000000250092291
:28C:2/1
:60F:C201231CHF99,00
:61:2101010101C2,00NMSCNONREF
:86:GIRO IN
:62F:C210101CHF101,00
-}{5:{CHK:1234}}
""",
        ("CH5109000000250092291", "CHF", "100.00", "101.00"),
        [("2020-12-31", "-1.00", "GIRO POST FROM JOE"), ("2021-01-01", "2.00", "GIRO IN")],
    ),
    "a year that turns between value and entry, and points for decimals": (
        """:20:1
:25:X1
:28C:1/1
:60F:C201230EUR10.00
:61:2101021231C1.00NTRFNONREF
:86:Interest
:61:2012310102D3NTRFNONREF
:86:Fee
:62F:C210102EUR8.00
""",
        ("X1", "EUR", "10.00", "8.00"),
        [("2020-12-31", "1.00", "Interest"), ("2021-01-02", "-3.00", "Fee")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("bank", MT940)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_mt940_file(bank: str, line_end: str) -> None:
    text, (key, currency, opening, closing), expected = MT940[bank]
    statement = read(text.replace("\n", line_end))
    (part,) = statement.parts
    assert rows(part) == expected
    assert (part.account.key, part.account.currency) == (key, currency)
    assert (part.opening_balance, part.ledger_balance) == (Decimal(opening), Decimal(closing))
    assert (statement.format, statement.problems, statement.currency_open) == ("mt940", (), False)


def test_an_mt942_file() -> None:
    statement = read(
        ":20:DAILY\n:25:DE89370400440532013000\n:28C:1/1\n:34F:EURD0,\n:34F:EURC0,\n:13D:2304051200+0200\n"
        ":61:2304050405D10,NTRFNONREF\n:86:105?00LASTSCHRIFT?20Strom?32Stadtwerke\n"
        ":61:2304050405EC20,50NTRFNONREF\n:90D:1EUR10,\n:90C:1EUR20,50\n:86:SUMME\n-\n"
    )
    (part,) = statement.parts
    assert (statement.format, part.account.currency, part.ledger_balance) == ("mt942", "EUR", None)
    assert rows(part) == [("2023-04-05", "-10.00", "Stadtwerke"), ("2023-04-05", "20.50", "Unnamed")]
    assert [row.pending for row in part.transactions] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (":62F:C230331PLN960,01", ":62F:C230331PLN960,02", "The lines add up to -39.99, the balances to -39.98."),
        (":61:2303310331D50,00", ":61:2303310331D51,00", "The lines add up to -40.99, the balances to -39.99."),
    ],
)
def test_lines_that_do_not_make_the_balances_are_told_of(old: str, new: str, told: str) -> None:
    text = MT940["mBank"][0]
    assert old in text
    assert read(text.replace(old, new)).problems == (told,)


def test_a_statement_that_is_missing_between_two_is_told_of() -> None:
    text = MT940["two messages in SWIFT's envelope"][0]
    gone = text.replace(":60F:C201231CHF99,00", ":60F:C201231CHF98,00").replace("CHF101,00", "CHF100,00")
    (told,) = read(gone).problems
    assert "begins with 98.00 and the one before ended with 99.00 on 2020-12-31" in told
