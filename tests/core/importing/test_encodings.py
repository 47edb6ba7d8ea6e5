"""Text in any encoding that banks use comes out as it was, with or without being told which one it is in."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ImportFileError
from core.importing.decoding import decode
from core.importing.reading import read_statement
from tests.machine.examples import examples

TEXTS = {
    "Polish": ("Żabka Łódź, ul. Święty Marcin; Kwota; Opłata", "cp1250 iso8859-2 cp852"),
    "a little Polish": ("Data;Opis;Kwota\n2024-01-01;Wpłata;5,00", "cp1250 iso8859-2"),
    "Czech": ("Příchozí úhrada; Částka; žluťoučký kůň; Kč", "cp1250 iso8859-2 cp852"),
    "a little Czech": ("Datum;Částka\n", "cp1250"),
    "Hungarian": ("Összeg; közlemény; könyvelés; Tőkeszámla; űrlap", "cp1250"),
    "German": ("Überweisung Müller; Straße; Begünstigter", "cp1252 latin-1 cp850"),
    "French": ("Libellé; Débit; Prélèvement à la caisse d'épargne; n° 5", "cp1252 cp850"),
    "Spanish": ("Descripción; Categoría; Número; año; ¿Qué?", "cp1252 latin-1"),
    "Italian": ("Causale; Città; perché; più; attività", "latin-1"),
    "Portuguese": ("Descrição; Histórico; Transferência não; crédito", "cp1252"),
    "Danish": ("Beløb; Bogført; Køb; Rødovre; Ærø; Århus", "cp1252 cp850"),
    "Swedish": ("Bokföringsdag; Belopp; Överföring; Köp på ICA", "cp1252"),
    "Turkish": ("\u0130şlem Tarihi; Aç\u0131klama; Tutar; ödeme; Şube", "cp1254"),
    "Russian": ("Дата операции; Сумма; Описание; Перевод", "cp1251"),
    "pounds": ("Café Nero,£5.00", "cp1252 latin-1"),
    "only a pound": ("Date,£5.00", "cp1252"),
    "only a euro": ("5 €", "cp1252"),
    "a space in an amount": ("1\u00a0234,50", "cp1252"),
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize(
    ("name", "encoding"), [(name, one) for name, (_, all_) in TEXTS.items() for one in all_.split()]
)
def test_an_encoding_that_nobody_tells_is_found(name: str, encoding: str) -> None:
    text = TEXTS[name][0]
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("name", ["Polish", "Russian", "pounds"])
def test_unicode_of_any_form_is_read(name: str, encoding: str) -> None:
    text = f"Date,Description,Amount\n2024-01-01,{TEXTS[name][0].replace(',', ' ')},5.00\n"
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


@pytest.mark.parametrize(
    ("declared", "encoding"), [("1250", "cp1250"), ("8859-2", "iso8859-2"), ("ISO-8859-1", "cp1252")]
)
def test_an_ofx_header_tells_the_encoding(declared: str, encoding: str) -> None:
    # Of these few letters nobody could guess it.
    name = "Caf\u0155" if encoding != "cp1252" else "Cafà"
    header = f"OFXHEADER:100\r\nDATA:OFXSGML\r\nENCODING:USASCII\r\nCHARSET:{declared}\r\nCOMPRESSION:NONE\r\n\r\n"
    row = f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240105<TRNAMT>-1.00<FITID>1<NAME>{name}</STMTTRN>"
    text = (
        f"{header}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>2<ACCTTYPE>CHECKING"
        f"</BANKACCTFROM><BANKTRANLIST>{row}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    (part,) = read_statement(text.encode(encoding), "x.ofx").parts
    assert part.transactions[0].name == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "iso-8859-2", "windows-1250"])
def test_an_xml_declaration_tells_the_encoding(encoding: str) -> None:
    name = "Dvořák" if encoding != "iso-8859-1" else "Müller"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        "<BkToCstmrStmt><Stmt><Acct><Id><IBAN>X1</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        '<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2024-01-01</Dt></BookgDt>"
        f"<NtryDtls><TxDtls><RltdPties><Cdtr><Nm>{name}</Nm></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    (part,) = read_statement(text.encode(encoding), "x.xml").parts
    assert part.transactions[0].name == name


def test_a_declaration_that_is_wrong_does_no_harm() -> None:
    text = '<?xml version="1.0" encoding="windows-1250"?><a>Zażółć</a>'
    assert decode(text.encode("utf-8")) == text
    assert decode(b"OFXHEADER:100\nCHARSET:NONE\n\nCaf\xe9") == "OFXHEADER:100\nCHARSET:NONE\n\nCafé"


@settings(max_examples=examples(200), deadline=None)
@given(
    st.binary(min_size=1, max_size=200).map(lambda tail: b"Date,Amount\n2024-01-01,5.00\n" + tail.replace(b"\0", b""))
)
def test_no_bytes_make_it_fail(data: bytes) -> None:
    with suppress(ImportFileError):
        assert decode(data)


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("zeros", [3, 10, 511])
def test_zeros_that_fill_up_the_last_block_are_no_text(encoding: str, zeros: int) -> None:
    text = "Date,Text,Amount\n2026-01-13,Xshop,-5.00\n"
    assert decode(text.encode(encoding) + b"\0" * zeros) == text


def test_one_broken_sign_does_not_turn_the_others() -> None:
    assert decode("Café R".encode() + b"\xff" + "émy".encode()) == "Café R\ufffdémy"
