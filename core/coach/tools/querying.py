"""A question in SQL, where no other tool answers: read only, as on the SQL page."""

import datetime as dt
import json
import math
import threading
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final
from weakref import WeakKeyDictionary

from pydantic import Field

from core.cache import LONGEST_QUERY, VIEWS, AnswerColumn, QueryAnswer, UserCache
from core.coach.tools.narrowing import noted
from core.coach.tools.reckoning import total
from core.coach.tools.tool import MOST_ROWS, Arguments, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Leaf, Node, Number, Text, as_json
from core.errors import ValidationError
from core.formats import one_line, unlike

DESK: Final = "coach"
LONGEST_TITLE: Final = 40
MOST_COLUMNS: Final = 30
MOST_LETTERS: Final = 16_000
"""Characters of JSON that the rows come to at the most."""
_ASKING: Final[WeakKeyDictionary[UserCache, threading.Lock]] = WeakKeyDictionary()
_MAKING: Final = threading.Lock()


class QueryArguments(Arguments):
    """The question."""

    sql: Annotated[
        str, Field(min_length=1, max_length=LONGEST_QUERY, description="One SELECT over the views, in DuckDB's SQL.")
    ]


def _answer(scope: Scope, asked: QueryArguments) -> ToolResult:
    # A desk drops what it is at when it is asked anew; tools may be asked at the same time.
    with _turn_at(scope.cache):
        answer = scope.cache.desk(DESK).ask(asked.sql, scope.today, MOST_ROWS)
    if len(answer.columns) > MOST_COLUMNS:
        raise ValidationError(f"These are {len(answer.columns)} columns.", f"Ask for {MOST_COLUMNS} at the most.")
    rows = [tuple(_cell(column, row, at) for at, column in enumerate(answer.columns)) for row in answer.rows]
    kept = _fitting(rows)
    more = answer.truncated or len(kept) < len(rows)
    notes = []
    if not rows:
        notes.append("The query found no rows.")
    if more:
        notes.append("There are more rows than are told here; totals are left out where the query has still more.")
    return ToolResult(
        title="Answer to a query",
        told={
            "columns": [Text(one.name) for one in answer.columns],
            "rows": [list(one) for one in kept],
            "rows_told": Count(len(kept)),
            "more_rows": more,
            "totals": [] if answer.truncated else _totals(answer, rows),
            **noted(notes),
        },
        table=Table(_titles(answer), tuple(kept)),
        leads=(Lead("SQL", "query", query={"sql": asked.sql}),),
    )


def _turn_at(cache: UserCache) -> threading.Lock:
    with _MAKING:
        return _ASKING.setdefault(cache, threading.Lock())


def _titles(answer: QueryAnswer) -> tuple[str, ...]:
    """Return what columns are called, of letters and digits alone: whoever asked made them up."""
    plain = ("".join(one if one.isalnum() else " " for one in column.name) for column in answer.columns)
    return tuple(unlike([one_line(words, LONGEST_TITLE) or "Column" for words in plain]))


def _cell(column: AnswerColumn, row: Sequence[Any], at: int) -> Leaf | str | None:
    """Return a value with its unit: money, a number, a day; all else is words."""
    value = row[at]
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "transaction":
        return f"no. {value}"
    if isinstance(value, int | float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        currency = column.currency if column.currency_at is None else row[column.currency_at]
        if column.kind == "money" and isinstance(currency, str) and currency.isalpha() and len(currency) == 3:
            return Amount(number, currency)
        return Number(number)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return Day(value)
    return Text(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def _fitting(rows: Sequence[tuple[Leaf | str | None, ...]]) -> list[tuple[Leaf | str | None, ...]]:
    """Return the first rows, as many as may be told."""
    kept, letters = [], 0
    for row in rows:
        letters += len(json.dumps([as_json(one) for one in row], ensure_ascii=False)) + 2
        if letters > MOST_LETTERS:
            break
        kept.append(row)
    return kept


def _totals(answer: QueryAnswer, rows: Sequence[tuple[Leaf | str | None, ...]]) -> list[Node]:
    """Return what each column of money in one currency adds up to; None for the others."""
    found: list[Node] = []
    for at in range(len(answer.columns)):
        amounts = [row[at] for row in rows if row[at] is not None]
        money = [one for one in amounts if isinstance(one, Amount)]
        one_currency = len({one.currency for one in money}) == 1 and len(money) == len(amounts)
        found.append(Amount(total(one.amount for one in money), money[0].currency) if one_currency else None)
    return found


def _views() -> str:
    return "; ".join(f"{view.name}({', '.join(column.name for column in view.columns)})" for view in VIEWS)


RUN_QUERY: Final = Tool(
    "run_query",
    "A question in SQL (DuckDB, one SELECT) where no other tool answers. Views: "
    f"{_views()}. Amounts: negative is money out. At most {MOST_ROWS} rows are told: let the query add up.",
    QueryArguments,
    _answer,
)
