"""Labelled transactions from a CSV file, as the evaluations read them."""

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from core.categorising import Movement

COLUMNS = ("date", "description", "amount", "category")
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%m-%d-%Y")


class LabelledFileError(Exception):
    """A file that can't be read as labelled transactions; its text is a sentence for the person."""


class Labelled(NamedTuple):
    """The movements of a file and the category of each."""

    movements: list[Movement]
    categories: list[str]


def read_labelled(path: Path) -> Labelled:
    """Read `path`, or raise LabelledFileError with the line and the reason."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise LabelledFileError(f"{path}: the column {missing[0]} is missing; needed are {', '.join(COLUMNS)}.")
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelledFileError(f"{path} can't be read: {error}.") from error
    if not rows:
        raise LabelledFileError(f"{path} has no rows.")
    for line, row in rows:
        if any(row[name] is None for name in COLUMNS):
            raise LabelledFileError(f"{path}, line {line}: the row is cut short.")
    days = _days(path, [(line, row["date"].strip()) for line, row in rows])
    amounts = [_amount(path, line, row["amount"]) for line, row in rows]
    movements = [
        Movement(day, row["description"], amount) for day, (_, row), amount in zip(days, rows, amounts, strict=True)
    ]
    return Labelled(movements, [row["category"].strip() for _, row in rows])


def _days(path: Path, texts: Sequence[tuple[int, str]]) -> list[date]:
    furthest = 0
    for form in DATES:
        found = []
        for _, text in texts:
            try:
                found.append(datetime.strptime(re.split(r"[T ]", text)[0], form).date())  # noqa: DTZ007  days have no zone
            except ValueError:
                break
        if len(found) == len(texts):
            return found
        furthest = max(furthest, len(found))
    line, text = texts[furthest]
    raise LabelledFileError(f"{path}, line {line}: {text!r} is no date like the others; use 2026-01-31.")


def _amount(path: Path, line: int, text: str) -> Decimal:
    plain = text.strip().replace(" ", "")
    plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise LabelledFileError(f"{path}, line {line}: {text!r} is no amount; use -12.34 for money out.")
    return amount
