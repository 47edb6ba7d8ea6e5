"""Reckoning with figures that were found before, so that nobody has to do it in their head."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from core.coach.tools.reckoning import fine
from core.coach.tools.tool import Arguments, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Leaf, Node, Number, Share, Text, Tree, at, is_leaf
from core.errors import ValidationError
from core.formats import one_line

MOST_REFS: Final = 50
LARGEST: Final = Decimal(10) ** 18
Op = Literal[
    "sum", "difference", "ratio", "share", "change", "average", "min", "max", "count", "product_by"
]  # fmt: skip
Figure = Amount | Share | Count | Number
_REF: Final = re.compile(r"(?:\[\[)?(?P<call>[A-Za-z0-9_-]{1,40}):(?P<path>[^\]\s]{1,200})(?:\]\])?")
_SHARE, _NUMBER = Share(Decimal(0)), Number(Decimal(0))
_PAIRS: Final = frozenset({"difference", "ratio", "share", "change"})
_TITLES: Final[dict[Op, str]] = {
    "sum": "Sum", "difference": "Difference", "ratio": "Ratio", "share": "Share", "change": "Change",
    "average": "Average", "min": "Smallest", "max": "Largest", "count": "Count", "product_by": "Product",
}  # fmt: skip
_MISSING: Final = "Ask the tool whose figure it is first, and refer to it as in its result."


class CalculateArguments(Arguments):
    """Which figures, and what is to become of them."""

    refs: Annotated[
        tuple[Annotated[str, Field(max_length=250)], ...],
        Field(
            min_length=1,
            max_length=MOST_REFS,
            description='Figures of this turn, such as "c1:groups.0.spent"; "c1:groups.*.spent" is that of each.',
        ),
    ]
    op: Annotated[
        Op,
        Field(
            description="difference: the first less the second. ratio: the first by the second. share: the first as "
            "part of the second. change: from the second (before) to the first (now). product_by: the one times `by`."
        ),
    ]
    by: Annotated[
        Decimal | None, Field(ge=-1_000_000, le=1_000_000, decimal_places=6, description="For product_by only.")
    ] = None


def _answer(scope: Scope, asked: CalculateArguments) -> ToolResult:
    if (asked.op == "product_by") != (asked.by is not None):
        raise ValidationError("calculate can't do that.", "`by` goes with product_by, and product_by with `by`.")
    found = [leaf for ref in asked.refs for leaf in _figures(scope.found, ref)]
    if len(found) > MOST_REFS:
        raise ValidationError(f"calculate takes {MOST_REFS} figures at the most.", "Ask for fewer.")
    result = _reckoned(asked.op, found, asked.by)
    told: dict[str, Node] = {"op": asked.op, "result": result, "of": list(found)}
    if asked.by is not None:
        told["by"] = Number(asked.by)
    return ToolResult(
        title=_TITLES[asked.op],
        told=told,
        table=Table(("Figure",), (*((one,) for one in found), (result,))),
    )


def _figures(known: Mapping[str, Tree], ref: str) -> list[Leaf]:
    """Return the figures that a reference leads to: one, or for a star one of each item that has it."""
    read = _REF.fullmatch(ref.strip())
    if read is None:
        raise ValidationError("calculate does not know such a reference.", 'One is written like "c1:groups.0.spent".')
    tree = known.get(read["call"])
    if tree is None:
        raise ValidationError(f"calculate does not find {_quoted(ref)}: there is no such call.", _MISSING)
    nodes: list[Node] = [tree]
    for step in read["path"].split("."):
        if step == "*":
            nodes = [inner for node in nodes for inner in _items(node)]
        else:
            nodes = [inner for node in nodes if (inner := _at(node, step)) is not None]
    figures: list[Leaf] = [node for node in nodes if is_leaf(node) and not isinstance(node, Text)]
    if not figures:
        raise ValidationError(f"calculate does not find {_quoted(ref)}: no figure stands there.", _MISSING)
    return figures


def _items(node: Node) -> Sequence[Node]:
    return node if isinstance(node, Sequence) and not isinstance(node, str) else ()


def _at(node: Node, step: str) -> Node:
    try:
        return at({"": node}, f".{step}")
    except KeyError:
        return None


def _quoted(ref: str) -> str:
    return f'"{one_line(ref, 60)}"'


def _reckoned(op: Op, found: Sequence[Leaf], by: Decimal | None) -> Leaf:
    if op == "count":
        # Referred to again and again, one figure would count as any number that a model likes.
        return Count(len({id(one) for one in found}))
    if op in _PAIRS and len(found) != 2:
        raise ValidationError(f"{op} takes two figures, these are {len(found)}.", "Refer to two.")
    days = [one.day for one in found if isinstance(one, Day)]
    if len(days) == len(found):
        return _of_days(op, days)
    figures = [one for one in found if isinstance(one, Amount | Share | Count | Number)]
    if len(figures) != len(found):
        raise ValidationError(f"{op} is for amounts, shares and counts.", "Dates have a difference, min and max.")
    if any(not _value(one).is_finite() or abs(_value(one)) >= LARGEST for one in figures):
        raise _too_large()
    if op == "product_by":
        if len(figures) != 1 or by is None:
            raise ValidationError("product_by takes one figure.", "Refer to one.")
        return _with_unit(_value(figures[0]) * by, figures[0], whole=False)
    if op == "ratio":
        return _ratio(figures[0], figures[1])
    _refuse_mixed(op, figures)
    return _held(op, figures) if op in _PAIRS else _together(op, figures)


def _of_days(op: Op, days: Sequence[date]) -> Leaf:
    match op:
        case "difference":
            return Count((days[0] - days[1]).days)
        case "min":
            return Day(min(days))
        case "max":
            return Day(max(days))
        case _:
            raise ValidationError(f"{op} is for amounts, shares and counts.", "Dates have a difference, min and max.")


def _held(op: Op, figures: Sequence[Figure]) -> Leaf:
    """Return what the first is beside the second."""
    first, second = map(_value, figures)
    if op == "difference":
        return _with_unit(first - second, figures[0], whole=True)
    if op == "share":
        if second <= 0:
            raise ValidationError("There is no part of nothing.", "The second figure has to be more than nothing.")
        return _with_unit(first / second, _SHARE, whole=False)
    if not second:
        raise ValidationError("There is no change from nothing.", "The second figure is the one before.")
    return _with_unit((first - second) / abs(second), _SHARE, whole=False)


def _together(op: Op, figures: Sequence[Figure]) -> Leaf:
    """Return what several figures of one unit come to."""
    values = [_value(one) for one in figures]
    if op == "average":
        return _with_unit(sum(values, Decimal(0)) / len(values), figures[0], whole=False)
    number = sum(values, Decimal(0)) if op == "sum" else min(values) if op == "min" else max(values)
    return _with_unit(number, figures[0], whole=True)


def _value(one: Figure) -> Decimal:
    match one:
        case Amount(amount, _):
            return amount
        case Share(share):
            return share
        case Count(count):
            return Decimal(count)
        case Number(number):
            return number


def _ratio(first: Figure, second: Figure) -> Leaf:
    """Return the first by the second: an amount by a count is an amount, like by like a number."""
    below = _value(second)
    if not below:
        raise ValidationError("Nothing can be shared out among none.", "The second figure is zero.")
    quotient = _value(first) / below
    if isinstance(first, Amount) and isinstance(second, Count | Number):
        return _with_unit(quotient, first, whole=False)
    _refuse_mixed("ratio", (first, second))
    return _with_unit(quotient, _NUMBER, whole=False)


def _refuse_mixed(op: str, figures: Sequence[Figure]) -> None:
    units = {(type(one).__name__, one.currency if isinstance(one, Amount) else "") for one in figures}
    if len({kind for kind, _ in units}) > 1:
        raise ValidationError(f"{op} is for figures of one kind.", "Amounts, shares and counts do not mix.")
    if len(units) > 1:
        raise ValidationError(f"{op} is for amounts of one currency.", "Results have totals in one.")


def _with_unit(number: Decimal, like: Figure, *, whole: bool) -> Leaf:
    if abs(number) >= LARGEST:
        raise _too_large()
    match like:
        case Amount(_, currency):
            return Amount(fine(number), currency)
        case Share():
            return Share(fine(number))
        case Count() if whole:
            return Count(int(number))
        case _:
            return Number(fine(number))


def _too_large() -> ValidationError:
    return ValidationError("These figures are too large to reckon with.", "Ask for others.")


CALCULATE: Final = Tool(
    "calculate",
    "Reckons with figures that other tools told in this turn. Never do sums yourself: ask this, and refer to its "
    '"result". The figures must have been told before, in an earlier step.',
    CalculateArguments,
    _answer,
)
