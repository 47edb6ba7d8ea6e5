"""What a query answered, in the app's own terms: exact numbers, days, and money with its currency."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from core.money import STEP

Kind = Literal["money", "decimal", "number", "whole", "text", "day", "moment", "flag", "list", "transaction"]
_LARGEST: Final = 1e14


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One column of an answer. Money is in `currency`, or in what the row's column `currency_at` says."""

    name: str
    kind: Kind
    currency: str = ""
    currency_at: int | None = None


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The rows that a query found: `Decimal`, `date`, `datetime` (naive is as it was written), `int`, `float`, text."""

    columns: tuple[AnswerColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    """Whether there were more rows than were asked for."""
    seconds: float


def answer_of(told: dict[str, Any], home: str, *, only_home: bool) -> QueryAnswer:
    """Return what a query process answered; `only_home` tells that all money is in the currency of totals."""
    names = [column["name"].lower() for column in told["columns"]]
    currency_at = names.index("currency") if "currency" in names else None
    columns = tuple(_column(column, home, currency_at, only_home=only_home) for column in told["columns"])
    read = [_reader(column["kind"], made.kind) for column, made in zip(told["columns"], columns, strict=True)]
    rows = tuple(
        tuple(None if value is None else of(value) for of, value in zip(read, row, strict=True)) for row in told["rows"]
    )
    for at, column in enumerate(columns):
        if column.kind == "moment" and rows and all(_is_midnight(row[at]) for row in rows):
            # What was cut to weeks or months, or moved by some, are days in truth.
            columns = (*columns[:at], AnswerColumn(column.name, "day"), *columns[at + 1 :])
            rows = tuple((*row[:at], _date_of(row[at]), *row[at + 1 :]) for row in rows)
    return QueryAnswer(columns, rows, bool(told["truncated"]), float(told["seconds"]))


def _is_midnight(value: Any) -> bool:  # noqa: ANN401 - whatever an answer holds
    return value is None or (isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time())


def _date_of(value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    return value.date() if isinstance(value, dt.datetime) else value


def _column(column: dict[str, Any], home: str, currency_at: int | None, *, only_home: bool) -> AnswerColumn:
    name, kind, unit = column["name"], column["kind"], column["unit"]
    if unit == "transaction" and kind == "whole":
        return AnswerColumn(name, "transaction")
    if kind in {"decimal", "number"}:
        if unit == "home" or (unit == "own" and only_home):
            return AnswerColumn(name, "money", home)
        if unit == "own" and currency_at is not None:
            return AnswerColumn(name, "money", "", currency_at)
    return AnswerColumn(name, kind)


def _reader(kind: str, shown: Kind) -> Callable[[Any], Any]:
    if shown == "money" and kind == "number":
        return _money_of_float
    return _READERS.get(kind, _as_it_is)


def _money_of_float(value: Any) -> Any:  # noqa: ANN401 - whatever an answer holds
    """Return an average of money as money has it; what is no number, or too large for one, stays."""
    if not isinstance(value, float) or not math.isfinite(value) or abs(value) > _LARGEST:
        return value
    return Decimal(repr(value)).quantize(STEP)


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever an answer holds
    return value


def _day(value: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return value


def _moment(value: str) -> dt.datetime | str:
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return value


_READERS: Final[dict[str, Callable[[Any], Any]]] = {"whole": int, "decimal": Decimal, "day": _day, "moment": _moment}
