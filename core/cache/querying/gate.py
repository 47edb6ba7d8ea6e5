"""The gate: only one SELECT, over what is offered, by functions that are known.

It reads the statement as DuckDB has parsed it, never its text, and refuses every kind of part that it does not know: a
later version of DuckDB can add none that slips through.
"""

import json
from typing import Any, Final

import duckdb

from core.cache.querying.functions import FUNCTIONS, TABLE_FUNCTIONS
from core.cache.querying.offered import VIEWS
from core.errors import QueryError

LONGEST: Final = 20_000
"""Characters that a query may have."""

Tree = dict[str, Any]

_VIEWS: Final = frozenset(view.name for view in VIEWS)
_QUERIES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_TABLES: Final = frozenset(
    {"BASE_TABLE", "TABLE_FUNCTION", "SUBQUERY", "JOIN", "EXPRESSION_LIST", "EMPTY", "EMPTY_FROM", "COLUMN_DATA"}
)
_PARTS: Final = frozenset(
    {
        "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER",
        "ORDER_DEFAULT", "ASCENDING", "DESCENDING", "ORDER_ASCENDING", "ORDER_DESCENDING",
    }
)  # fmt: skip
_EXPRESSIONS: Final = frozenset(
    {
        "CONSTANT", "FUNCTION", "COLUMN_REF", "STAR", "OPERATOR", "COMPARISON", "CONJUNCTION", "CASE", "CAST",
        "BETWEEN", "SUBQUERY", "WINDOW", "LAMBDA", "LAMBDA_REF", "COLLATE", "TYPE", "POSITIONAL_REFERENCE",
    }
)  # fmt: skip
_WRITES: Final = frozenset({"INSERT_QUERY_NODE", "UPDATE_QUERY_NODE", "DELETE_QUERY_NODE", "MERGE_QUERY_NODE"})
_ONLY: Final = "A query only reads: one SELECT statement and nothing else."
_WHERE: Final = "The list beside the editor shows what there is."
_NOWHERE: Final = 2**63
"""From here on a place is none: DuckDB counts the bytes of generated parts from the largest number down."""


def checked(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[duckdb.Statement, Tree]:
    """Return a query as a statement to run, and its parsed tree.

    Raises:
        QueryError: it is no single SELECT over what is offered.
    """
    if not sql.strip():
        raise QueryError("There is no query yet.", "Type one, or choose an example.")
    if len(sql) > LONGEST:
        raise QueryError(f"A query may have up to {LONGEST:,} characters.")
    if "\0" in sql or any("\ud800" <= letter <= "\udfff" for letter in sql):
        raise QueryError("There is a character in it that no text may have.")
    tree = _parsed(connection, sql)
    _walk(tree, sql)
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryError(_ONLY)
    return statements[0], tree


def place(sql: str, offset: int | None) -> tuple[int, int] | None:
    """Return line and column, both from 1, of a byte of the query; None where it is not within."""
    text = sql.encode()
    if offset is None or not 0 <= offset <= len(text):
        return None
    before = text[:offset].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def refusal(sentence: str, sql: str, offset: int | None, hint: str = "") -> QueryError:
    """Return what is raised for something at a byte of the query."""
    return QueryError(sentence, hint, place(sql, offset))


def _parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> Tree:
    ((text,),) = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    told = json.loads(text)
    if told["error"]:
        if told.get("error_type") == "not implemented":
            raise QueryError(_ONLY, "PIVOT counts as more than one: write it with sum(…) FILTER (WHERE …).")
        where = int(told["position"]) if str(told.get("position", "")).isdigit() else None
        raise refusal(_understood(str(told.get("error_message", ""))), sql, where)
    if not told["statements"]:
        raise QueryError("There is no query yet.", "Type one, or choose an example.")
    if len(told["statements"]) != 1:
        raise QueryError(_ONLY, "Run one after the other.")
    tree: Tree = told["statements"][0]["node"]
    return tree


def _understood(message: str) -> str:
    first = message.split("\n", 1)[0].strip()
    if first.startswith("syntax error at or near "):
        return f"This is not understood near {first.removeprefix('syntax error at or near ')}."
    return f"{first[:1].upper()}{first[1:]}".rstrip(".!") + "." if first else "This is not understood."


def _walk(tree: Tree, sql: str) -> None:
    """Look at every part of a tree, each with the names that WITH gave to queries around it."""
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        part, named = waiting.pop()
        if isinstance(part, dict):
            named |= _named(part)
            _look(part, named, sql)
            waiting.extend((value, named) for value in part.values())
        elif isinstance(part, list):
            waiting.extend((value, named) for value in part)


def _named(part: Tree) -> frozenset[str]:
    """Return the names of the queries that a part begins WITH, in lower case."""
    found = [entry["key"] for entry in (part.get("cte_map") or {}).get("map", [])]
    found += [part["cte_name"]] if "cte_name" in part else []
    for name in found:
        if not name.isidentifier() or name.lower() in _VIEWS:
            raise QueryError(f"A query can't be called “{name}” after WITH.", "Take a plain name that is free.")
    return frozenset(name.lower() for name in found)


def _look(part: Tree, named: frozenset[str], sql: str) -> None:
    """Refuse a part that is not known or reaches what is not offered."""
    kind = part.get("type")
    where = _where(part)
    if "class" in part:
        if part["class"] == "PARAMETER":
            raise refusal("There are no values to put in here.", sql, where, "Write the value itself.")
        if part["class"] not in _EXPRESSIONS:
            raise refusal("This can't be part of a query here.", sql, where)
    elif kind in _WRITES:
        raise refusal(_ONLY, sql, where)
    elif isinstance(kind, str) and kind not in _QUERIES | _TABLES | _PARTS:
        raise refusal("This can't be part of a query here.", sql, where, _WHERE)
    if kind == "BASE_TABLE":
        _look_at_table(part, named, sql)
    elif kind == "TABLE_FUNCTION":
        name = str(part["function"].get("function_name", ""))
        if name.lower() not in TABLE_FUNCTIONS:
            raise refusal(f"There is no “{name}” to read from.", sql, where, _WHERE)
    if "function_name" in part:
        _look_at_function(part, sql)


def _look_at_table(part: Tree, named: frozenset[str], sql: str) -> None:
    path = part["qualified_name"]["path"]
    name = str(part["table_name"])
    if len(path) != 1 or part["schema_name"] or part["catalog_name"] or name.lower() not in _VIEWS | named:
        told = ".".join(map(str, path)) or name
        raise refusal(f"There is no “{told}” to read from.", sql, _where(part), f"There are {', '.join(_names())}.")
    if part.get("at_clause"):
        raise refusal("There is only the present state.", sql, _where(part))


def _look_at_function(part: Tree, sql: str) -> None:
    name = str(part["function_name"])
    path = (part.get("qualified_name") or {}).get("path", [name])
    if len(path) != 1 or part.get("schema") or part.get("catalog") or name.lower() not in FUNCTIONS:
        raise refusal(f"The function “{'.'.join(map(str, path))}” can't be used here.", sql, _where(part))


def _names() -> list[str]:
    return [view.name for view in VIEWS]


def _where(part: Tree) -> int | None:
    found = part.get("query_location")
    return found if isinstance(found, int) and found < _NOWHERE else None
