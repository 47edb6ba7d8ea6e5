"""Which kind of file is this? Decided by what is in it, never by its name."""

import re
from typing import Final

from core.errors import ImportFileError
from core.importing.csv_layout import CsvLayout
from core.importing.csv_reading import read_csv
from core.importing.decoding import decode
from core.importing.ofx import read_ofx
from core.importing.statement import Statement

_OFX: Final = re.compile(r"<OFX>|<OFX\s|OFXHEADER\s*[:=]", re.IGNORECASE)
_NOT_YET: Final = (
    (re.compile(r"^\s*!(type|account|option)", re.IGNORECASE), "a QIF file"),
    (re.compile(r"camt\.05[234]"), "a CAMT file"),
    (re.compile(r"^\s*(\{1:|:20:|:25:)", re.MULTILINE), "an MT940 file"),
)


def read_statement(
    data: bytes, filename: str, *, csv_layout: CsvLayout | None = None, currency: str = "USD"
) -> Statement:
    """Read a bank file. `currency` counts where the file names none, `csv_layout` for a CSV file of that make.

    Raises:
        ImportFileError: it is not a bank file that can be read, with the line and the reason.
    """
    text = decode(data)
    if _OFX.search(text[:4096]):
        return read_ofx(text, currency=currency)
    for sign, kind in _NOT_YET:
        if sign.search(text[:4096]):
            raise ImportFileError(f"{filename} is {kind}.", "Choose OFX, QFX or CSV in your bank's download page.")
    if text.lstrip().startswith("<"):
        raise ImportFileError(f"{filename} is an XML file of an unknown kind.", "Choose OFX, QFX or CSV.")
    return read_csv(text, layout=csv_layout, currency=currency)
