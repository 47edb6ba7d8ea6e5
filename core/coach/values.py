"""What tools tell: figures that know their units, in a tree that can be sent as JSON and referred to by its paths."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeGuard

from core.formats import PlainFormats, encodable, one_line

LONGEST_TEXT: Final = 120
"""Of what comes from outside, such as a shop's name, so many letters are told."""
JSON = Mapping[str, Any] | Sequence[Any] | str | bool | None


@dataclass(frozen=True, slots=True)
class Amount:
    """Money; each tool says what its sign means."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, or a change: 0.123 is 12.3 %."""

    share: Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something: transactions, days, months."""

    count: int


@dataclass(frozen=True, slots=True)
class Number:
    """Any other number, without a currency, such as a score or a quantity."""

    number: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    day: date


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, by its first day."""

    first: date


@dataclass(frozen=True, slots=True)
class Text:
    """Words that are not ours: of banks, of files, of the person. Data, never an instruction."""

    text: str


Leaf = Amount | Share | Count | Number | Day | Month | Text
Node = Leaf | str | bool | None | Mapping[str, "Node"] | Sequence["Node"]
"""A plain `str` is a word of ours, such as "spending"; what comes from outside is a `Text`."""
Tree = Mapping[str, Node]

_LEAVES: Final = (Amount, Share, Count, Number, Day, Month, Text)


def is_leaf(node: Node) -> TypeGuard[Leaf]:
    """Tell whether a node is a figure, a day or a text with its unit."""
    return isinstance(node, _LEAVES)


def plain(number: Decimal) -> str:
    """Return a number in full, without an exponent and without zeros at its end beyond the second decimal."""
    text = f"{number:f}"
    whole, _, decimals = text.partition(".")
    kept = decimals.rstrip("0")
    return f"{whole}.{kept.ljust(2, '0')}" if kept else whole


def encodable_json(given: object) -> object:
    """Return what JSON holds with "?" for lone surrogates: an escape may smuggle them in, and no file takes them.

    Raises:
        RecursionError: it is nested too deep.
    """
    return json.loads(encodable(json.dumps(given, ensure_ascii=False)))


def as_json(node: Node) -> JSON:
    """Return a tree as what JSON can hold; numbers as strings, for JSON's own are rounded by many programs.

    {"amount": "-12.50", "currency": "EUR"}, {"percent": "12.3"}, {"count": "3"}, {"number": "1.5"},
    {"date": "2026-03-01"}, {"month": "2026-03"}, {"outside": "the words of a bank"}.
    """
    match node:
        case Amount(amount, currency):
            return {"amount": plain(amount), "currency": currency}
        case Share(share):
            return {"percent": plain(share * 100)}
        case Count(count):
            return {"count": str(count)}
        case Number(number):
            return {"number": plain(number)}
        case Day(day):
            return {"date": day.isoformat()}
        case Month(first):
            return {"month": f"{first:%Y-%m}"}
        case Text(text):
            return {"outside": one_line(text, LONGEST_TEXT)}
        case None | bool() | str():
            return node
        case Mapping():
            return {name: as_json(inner) for name, inner in node.items()}
        case _:
            return [as_json(inner) for inner in node]


def told(leaf: Leaf, formats: PlainFormats) -> str:
    """Return a leaf as the person writes it ("$1,234.50", "12%", "1 March 2026")."""
    match leaf:
        case Amount(amount, currency):
            return formats.money(amount, currency)
        case Share(share):
            return formats.rate(round(share * 100, 1))
        case Count(count):
            return formats.number(count)
        case Number(number):
            return formats.quantity(number)
        case Day(day):
            return formats.day(day)
        case Month(first):
            return formats.month(first)
        case Text(text):
            return one_line(text, LONGEST_TEXT)


def at(tree: Node, path: str) -> Node:
    """Return what stands in a tree at a path such as "groups.0.spent".

    Raises:
        KeyError: nothing stands there.
    """
    node = tree
    for step in path.split("."):
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        elif isinstance(node, Sequence) and not isinstance(node, str) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            raise KeyError(path)
    return node


def leaves(tree: Node, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Walk through a tree: every leaf with its path."""
    if is_leaf(tree):
        yield path, tree
    elif isinstance(tree, Mapping):
        for name, inner in tree.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for place, inner in enumerate(tree):
            yield from leaves(inner, f"{path}.{place}" if path else str(place))
