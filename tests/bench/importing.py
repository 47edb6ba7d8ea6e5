"""Look at and take in one long file in a fresh process: `python -m tests.bench.importing SHAPE ROWS FOLDER`."""

import csv
import json
import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Final
from xml.etree import ElementTree as ET

from core.config import Settings
from core.importing import look_at_file, take_in
from core.runtime import open_runtime
from tests.bench.floors import inserting, timed
from tests.bench.memory import largest
from tests.core.ledger.household import add_person

SHOPS: Final = (
    "CARD 4471 COFFEE",
    "Tesco Stores",
    "RENT",
    "TFL Travel Charge",
    "SALARY ACME LTD",
    "Überweisung Müller",
)


def long_file(shape: str, count: int) -> bytes:
    """Return a file of ten years with so many rows, and as many different texts as a bank's has."""
    dice = Random(5)
    rows: list[tuple[date, str, Decimal, Decimal]] = []
    held = Decimal(0)
    for number in range(count):
        amount = Decimal(-dice.randint(100, 30000) if dice.random() < 0.9 else dice.randint(50000, 400000)) / 100
        held += amount
        day = date(2016, 1, 1) + timedelta(days=number * 3650 // count)
        rows.append((day, f"{dice.choice(SHOPS)} {dice.randint(1, 9999)}", amount, held))
    header, line, footer = SHAPES[shape]
    return "\n".join([header, *(line(*row) for row in rows), footer]).strip().encode()


def parsed(shape: str, data: bytes) -> None:
    """Parse a file with the standard library and do no more: the least that reading it can cost."""
    if shape == "OFX":
        ET.fromstring(data)  # noqa: S314 - the file is our own
    else:
        list(csv.reader(data.decode().splitlines(), delimiter=";" if shape == "German" else ","))


OFX: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
    "<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STMTRS><CURDEF>USD</CURDEF><BANKACCTFROM><BANKID>1</BANKID>"
    "<ACCTID>1234567</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM><BANKTRANLIST><DTSTART>20160101</DTSTART>"
    "<DTEND>20251231</DTEND>"
)


def _german(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _ofx(day: date, name: str, amount: Decimal, held: Decimal) -> str:
    # The balance makes each row's own number: no two rows have the same one on a day.
    return (
        f"<STMTTRN><TRNTYPE>{'CREDIT' if amount > 0 else 'DEBIT'}</TRNTYPE><DTPOSTED>{day:%Y%m%d}</DTPOSTED>"
        f"<TRNAMT>{amount}</TRNAMT><FITID>{day:%Y%m%d}{held}{amount}</FITID><NAME>{name}</NAME></STMTTRN>"
    )


SHAPES: Final[dict[str, tuple[str, Callable[[date, str, Decimal, Decimal], str], str]]] = {
    "OFX": (OFX, _ofx, "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"),
    "signed, with a balance": (
        "Date,Description,Amount,Balance",
        lambda day, name, amount, held: f'{day:%d/%m/%Y},"{name}",{amount:.2f},{held:.2f}',
        "",
    ),
    "two columns, newest words first": (
        "Date,Type,Description,Paid out,Paid in,Balance",
        lambda day, name, amount, held: (
            f"{day:%d %b %Y},VIS,{name},{'' if amount > 0 else -amount},{amount if amount > 0 else ''},{held:.2f}"
        ),
        "",
    ),
    "German": (
        "Buchungstag;Wertstellung;Buchungstext;Auftraggeber / Begünstigter;Verwendungszweck;Betrag (EUR)",
        lambda day, name, amount, _: (
            f'"{day:%d.%m.%Y}";"{day:%d.%m.%Y}";"KARTE";"{name}";"REF {name}";"{_german(amount)}"'
        ),
        "",
    ),
}


def main(shape: str, count: int, folder: Path) -> None:
    """Print what it took, as JSON: seconds by the wall and of the processor, and the most memory in MB."""
    data = long_file(shape, count)
    house = open_runtime(Settings(fintrack_data_dir=folder))
    user = add_person(house.store)
    took: dict[str, float] = {"MB": len(data) / 1e6}
    name = "long.ofx" if shape == "OFX" else "long.csv"
    steps = 0

    def told(_words: str, _done: int, _of: int) -> None:
        nonlocal steps
        steps += 1

    start, worked = perf_counter(), process_time()
    intake = look_at_file(house.store, user, data, name, account="Long", progress=told)
    took["preview"], took["preview, processor"] = perf_counter() - start, process_time() - worked
    start, worked = perf_counter(), process_time()
    (result,) = take_in(house.store, user, intake, progress=told)
    took["import"], took["import, processor"] = perf_counter() - start, process_time() - worked
    took["most"] = largest(os.getpid())
    del intake
    start = perf_counter()
    again = look_at_file(house.store, user, data, name, account="Long")
    took["again"] = perf_counter() - start
    took["parsing"] = timed(lambda: parsed(shape, data))
    took["inserting"] = inserting(house.store, folder / "beside.db")
    house.close()
    print(json.dumps(took | {"new": result.new, "known": again.previews[0].duplicates, "steps": steps}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
