"""What the columns of an answer count: found by following their expressions down to what is offered.

An answer in money is written as money, and one that has the numbers of transactions leads to them.
"""

from typing import Any, Final

from core.cache.querying.offered import UNITS, Unit

Tree = dict[str, Any]

_KEEPING: Final = frozenset(
    "sum avg mean min max median mode abs round round_even ceil ceiling floor trunc first last any_value arbitrary "
    "coalesce ifnull nullif greatest least quantile quantile_cont quantile_disc arg_max arg_min max_by min_by lag lead "
    "first_value last_value nth_value mad stddev stddev_samp stddev_pop fsum favg".split()
)
"""Functions whose answer counts what their first argument does."""
_DEEPEST: Final = 40
"""Names that lead to each other without end are given up."""


def column_units(tree: Tree, names: list[str]) -> list[Unit]:
    """Return the unit of each column of the answer to a parsed query; `names` are the columns of the answer."""
    aliases = _aliases(tree)
    chosen = _selected(tree)
    by_place = len(chosen) == len(names) and all(item.get("class") != "STAR" for item in chosen)
    if by_place:
        return [_unit(item, aliases, frozenset()) for item in chosen]
    return [_named(name, aliases, frozenset()) for name in names]


def _selected(tree: Tree) -> list[Tree]:
    """Return the expressions of the outermost SELECT, of the first one where several are put together."""
    while tree.get("type") != "SELECT_NODE":
        inner = tree.get("children") or [tree.get("left") or tree.get("query") or tree.get("child")]
        if not inner or not isinstance(inner[0], dict):
            return []
        tree = inner[0].get("node", inner[0])
    found: list[Tree] = tree.get("select_list", [])
    return found


def _aliases(tree: Tree) -> dict[str, list[Tree]]:
    """Return the expressions behind every name that is given anywhere in the query."""
    found: dict[str, list[Tree]] = {}
    waiting: list[Any] = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for item in part.get("select_list") or []:
                if item.get("alias"):
                    found.setdefault(item["alias"].lower(), []).append(item)
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


def _named(name: str, aliases: dict[str, list[Tree]], within: frozenset[str]) -> Unit:
    """Return the unit of a name; within the expression of an alias, its own name is a column from further down."""
    name = name.lower()
    behind = [] if name in within or len(within) > _DEEPEST else aliases.get(name, [])
    if behind:
        return _same([_unit(item, aliases, within | {name}) for item in behind])
    return UNITS.get(name, "")


def _same(units: list[Unit]) -> Unit:
    return units[0] if units and len(set(units)) == 1 else ""


def _unit(item: Any, aliases: dict[str, list[Tree]], within: frozenset[str]) -> Unit:  # noqa: ANN401 - a part of a parsed tree
    if not isinstance(item, dict):
        return ""
    kind = item.get("class")
    if kind == "COLUMN_REF":
        return _named(item["column_names"][-1], aliases, within)
    if kind in {"FUNCTION", "WINDOW"}:
        return _of_function(item, aliases, within)
    if kind == "OPERATOR":
        known = [_unit(child, aliases, within) for child in item["children"] if not _is_constant(child)]
        return _same(known) if item["type"] == "OPERATOR_COALESCE" else ""
    if kind == "CAST":
        return _unit(item["child"], aliases, within)
    if kind == "CASE":
        then = [check["then_expr"] for check in item["case_checks"]] + [item["else_expr"]]
        return _same([_unit(one, aliases, within) for one in then if not _is_constant(one)])
    if kind == "SUBQUERY" and item.get("subquery_type") == "SCALAR":
        chosen = _selected(item["subquery"]["node"])
        return _unit(chosen[0], aliases, within) if chosen else ""
    return ""


def _of_function(item: Tree, aliases: dict[str, list[Tree]], within: frozenset[str]) -> Unit:
    name = item["function_name"].lower()
    units = [_unit(one["expression"], aliases, within) for one in item["arguments"]]
    constant = [_is_constant(one["expression"]) for one in item["arguments"]]
    if name in _KEEPING:
        return units[0] if units else ""
    if name in {"+", "-"}:
        return _same([unit for unit, fixed in zip(units, constant, strict=True) if not fixed])
    if name == "*" and units.count("") == 1:
        return units[0] or units[1]
    if name in {"/", "//"} and units[1:] == [""]:
        return units[0]
    return ""


def _is_constant(item: Any) -> bool:  # noqa: ANN401 - a part of a parsed tree
    return isinstance(item, dict) and item.get("class") == "CONSTANT"
