"""Reading the files that transfers are measured by."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from core.errors import FinTrackError
from core.ledger.pairing import Ledger, OwnAccount, ledger_of_columns
from core.money import to_units

ORDERS: Final = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%Y%m%d",
)


class EvaluationFileError(FinTrackError):
    """A file that can't be measured by; the sentence names the file, and the line where there is one."""


@dataclass(frozen=True)
class Transactions:
    """Rows to pair. A row's id in the ledger is its place in `names` (the file's ids) and in `lines` (for people)."""

    ledger: Ledger
    names: list[str]
    lines: list[str]


def _rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise EvaluationFileError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise EvaluationFileError(f"{path} can't be read as text.") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count), restval="")
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    return names, (
        (reader.line_num, {key: (value or "").strip() for key, value in row.items() if key and isinstance(value, str)})
        for row in reader
    )


def read_transactions(path: Path) -> Transactions:
    """Read transactions.

    Raises:
        EvaluationFileError: a column is missing, or a line has no date or amount that can be read, or an id twice.
    """
    columns, lines = _rows(path)
    if missing := [name for name in ("id", "account", "date", "amount", "description") if name not in columns]:
        raise EvaluationFileError(f"{path} has no column {', '.join(missing)}.")
    rows, seen = [], set()
    for number, row in lines:
        if row["id"] in seen:
            raise EvaluationFileError(f"{path}, line {number}: the id {row['id']!r} is there already.")
        seen.add(row["id"])
        rows.append((number, row))
    # Of rows that nobody can tell apart the first of each side are taken for one transfer: first by id, not by line.
    rows.sort(key=lambda each: _natural(each[1]["id"]))
    order = _order_of_dates(path, rows)
    accounts = list(dict.fromkeys(row["account"] for _, row in rows))
    place = {name: number for number, name in enumerate(accounts)}
    facts = {row["account"]: row for _, row in rows}
    own = [
        OwnAccount(
            number, f"{name} {facts[name].get('name', '')}".strip(), facts[name].get("mask", ""), _type(facts[name])
        )
        for name, number in place.items()
    ]
    ledger = ledger_of_columns(
        ids=list(range(len(rows))),
        account_ids=[place[row["account"]] for _, row in rows],
        days=[datetime.strptime(_day(row["date"]), order).date().toordinal() for _, row in rows],  # noqa: DTZ007
        units=[_units(path, number, row["amount"]) for number, row in rows],
        currencies=[row.get("currency", "").upper() for _, row in rows],
        texts=[row["description"] for _, row in rows],
        categories=[row.get("category", "") for _, row in rows],
        pending=[row.get("pending", "").casefold() in {"true", "1", "yes"} for _, row in rows],
        accounts=own,
    )
    return Transactions(ledger, [row["id"] for _, row in rows], [" | ".join(row.values()) for _, row in rows])


def _type(row: dict[str, str]) -> str:
    """Return our word for an account type, also where a file writes it Plaid's way."""
    told = row.get("type", "").casefold().replace("_", " ")
    return {"credit": "credit card", "card": "credit card", "investment": "brokerage", "depository": ""}.get(told, told)


def _day(cell: str) -> str:
    return cell.replace("T", " ").split(" ")[0]


def _order_of_dates(path: Path, rows: list[tuple[int, dict[str, str]]]) -> str:
    """Return the one way of writing dates that all lines can be read by."""
    days = {_day(row["date"]): number for number, row in rows}
    unread = {order: next((line for day, line in days.items() if not _reads(day, order)), 0) for order in ORDERS}
    for order, line in unread.items():
        if not line:
            return order
    first = unread[ORDERS[0]]
    raise EvaluationFileError(f"{path}, line {first}: the date can't be read; write it like {date(2026, 3, 31)}.")


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what to sort a name by, so that t9 comes before t10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _reads(day: str, order: str) -> bool:
    try:
        datetime.strptime(day, order)  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _units(path: Path, number: int, cell: str) -> int:
    plain = cell.replace("−", "-").replace("$", "").replace("€", "").replace("£", "").replace(" ", "")
    if "," in plain:
        plain = (
            plain.replace(",", "") if "." in plain or len(plain.rpartition(",")[2]) == 3 else plain.replace(",", ".")
        )
    try:
        return to_units(round(Decimal(plain), 4))
    except (InvalidOperation, FinTrackError):
        raise EvaluationFileError(f"{path}, line {number}: {cell!r} is not an amount.") from None


def read_truth(path: Path, known: set[str]) -> set[frozenset[str]]:
    """Read which rows are two sides of one transfer.

    Raises:
        EvaluationFileError: the columns are others, or an id is not among the transactions.
    """
    columns, lines = _rows(path)
    pairs: set[frozenset[str]] = set()
    if {"out_id", "in_id"} <= set(columns):
        pairs = {
            frozenset((_known(path, at, row["out_id"], known), _known(path, at, row["in_id"], known)))
            for at, row in lines
        }
    elif {"id", "pair"} <= set(columns):
        told = {_known(path, at, row["id"], known): row["pair"] for at, row in lines if row["pair"]}
        if told and all(told.get(partner) == name for name, partner in told.items()):
            return {frozenset(pair) for pair in told.items()}
        sides: dict[str, list[str]] = defaultdict(list)
        for name, pair in told.items():
            sides[pair].append(name)
        for pair, names in sides.items():
            if len(names) != 2:
                raise EvaluationFileError(f"{path}: the pair {pair!r} has {len(names)} rows instead of two.")
            pairs.add(frozenset(names))
    else:
        raise EvaluationFileError(f"{path} has neither the columns out_id and in_id nor id and pair.")
    return pairs


def _known(path: Path, number: int, name: str, known: set[str]) -> str:
    if name not in known:
        raise EvaluationFileError(f"{path}, line {number}: there is no transaction {name!r}.")
    return name
