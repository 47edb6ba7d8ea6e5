"""Rates written as the ECB writes its files."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date

Day = Mapping[str, str]
"""What is told of one day: rates by currency."""

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
    xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
	<Cube>{days}</Cube>
</gesmes:Envelope>"""


def history(days: Mapping[date, Day]) -> bytes:
    """Return eurofxref-hist.csv: the newest day first, N/A where there is no rate, a comma at each end."""
    currencies = sorted({one for day in days.values() for one in day})
    lines = [f"Date,{','.join(currencies)},"]
    lines += [
        f"{day},{','.join(days[day].get(one, 'N/A') for one in currencies)}," for day in sorted(days, reverse=True)
    ]
    return "\n".join(lines).encode()


def one_day(day: date, rates: Day) -> bytes:
    """Return eurofxref.csv: one line, its day in words, with blanks after the commas."""
    written = f"{day.day} {day:%B} {day.year}"
    return f"Date, {', '.join(rates)}, \n{written}, {', '.join(rates.values())}, \n".encode()


def xml(days: Mapping[date, Day]) -> bytes:
    """Return eurofxref-daily.xml or eurofxref-hist.xml."""
    cubes = "".join(
        f'<Cube time="{day}">' + "".join(f'<Cube currency="{one}" rate="{rate}"/>' for one, rate in told.items())
        + "</Cube>"
        for day, told in days.items()
    )  # fmt: skip
    return ENVELOPE.format(days=cubes).encode()


def zipped(data: bytes, name: str = "eurofxref-hist.csv", packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a file in a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.writestr(name, data)
    return packed.getvalue()
