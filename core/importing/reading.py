"""Which kind of file is this? Decided by what is in it, never by its name."""

import re
from typing import Final, Literal

from core.errors import ImportFileError
from core.importing.camt import read_camt
from core.importing.csv_layout import CsvLayout
from core.importing.csv_reading import read_csv
from core.importing.decoding import decode
from core.importing.mt940 import read_mt940
from core.importing.ofx import read_ofx
from core.importing.qif import read_qif
from core.importing.statement import Statement
from core.ledger import Progress

_OFX: Final = re.compile(r"\s*(?:\S[^\n]{0,200}\n\s*){0,5}?OFXHEADER\s*[:=]", re.IGNORECASE)
_CAMT: Final = re.compile(r"camt\.05[234]|<(?:\w+:)?BkToCstmr")
_MT940: Final = re.compile(r"^(?:\s|@@)*(\{1:F|:20:|:25:|:60[FM]:|:61:|:62[FM]:|:86:)", re.MULTILINE)
_QIF: Final = re.compile(r"^\s*!(type|account|option|clear)", re.IGNORECASE | re.MULTILINE)


def read_statement(
    data: bytes,
    filename: str,
    *,
    csv_layout: CsvLayout | None = None,
    currency: str = "USD",
    progress: Progress | None = None,
) -> Statement:
    """Read a bank file. `currency` counts where the file names none, `csv_layout` for a CSV file of that make.

    `progress` is told how far a long file was read.

    Raises:
        ImportFileError: it is not a bank file that can be read, with the line and the reason.
    """
    text = decode(data)
    kind = kind_of(text)
    if kind == "ofx":
        return read_ofx(text, currency=currency)
    if kind == "camt":
        return read_camt(text, currency=currency)
    if kind == "xml":
        raise ImportFileError(f"{filename} is an XML file of an unknown kind.", "Choose OFX, CAMT or CSV.")
    if kind == "mt940":
        return read_mt940(text, currency=currency)
    if kind == "qif":
        return read_qif(text, currency=currency)
    return read_csv(text, layout=csv_layout, currency=currency, progress=progress)


def kind_of(text: str) -> Literal["ofx", "camt", "xml", "mt940", "qif", "csv"]:
    """Return what kind of file a text is; CSV is what it is when it is nothing else.

    A payment's words may speak of any format: what a file is stands at its beginning.
    """
    head = text[:4096]
    marked_up = head.lstrip().startswith("<")
    if _OFX.match(text) or (marked_up and "<OFX" in head.upper()):
        return "ofx"
    if marked_up:
        return "camt" if _CAMT.search(head) else "xml"
    if _MT940.search(head):
        return "mt940"
    return "qif" if _QIF.search(head) else "csv"
