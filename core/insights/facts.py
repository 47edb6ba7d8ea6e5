"""What an insight is made of: amounts, days, names and ids, kept as JSON. The sentence is made when it is shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, get_args

from core.money import plain

Kind = Literal[
    "spending_alert",
    "budget_alert",
    "savings_opportunity",
    "goal_progress",
    "goal_behind",
    "anomaly",
    "price_rise",
    "renewal",
    "bill_due",
    "income_late",
    "low_balance",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

Fact = str | int | Decimal | date | tuple[int, ...] | tuple[str, ...] | tuple[Decimal, ...]
Facts = Mapping[str, Fact]

URGENT: Final = 55
"""From this priority on an insight belongs to what wants attention first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector found."""

    kind: Kind
    key: str
    """What it is called for good: with the kind the same fact each time."""
    subject: str
    """What it is about: "category:8", "goal:3", "payee:corner shop"."""
    priority: int
    """0 to 100; from `URGENT` on it wants attention."""
    facts: Facts
    gravity: int = 0
    """How bad it is, in steps that are worth telling of; only compared with the same one before."""
    returns: bool = True
    """Whether it is news once more when it holds again after it had not for a while."""


def to_text(facts: Facts) -> str:
    """Return facts as they are kept: the same ones are the same text."""
    return json.dumps({name: _written(value) for name, value in facts.items()}, ensure_ascii=False, sort_keys=True)


def plain_facts(facts: Facts) -> dict[str, Any]:
    """Return facts for machines: amounts and days as text."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Fact) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def from_text(text: str) -> Facts:
    """Return facts that were kept; the inverse of `to_text`."""
    return {name: _read(value) for name, value in json.loads(text).items()}


def _written(value: Fact) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, Decimal):
        return {"amount": plain(value)}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, list):
        return tuple(_read(one) for one in value)
    if isinstance(value, dict):
        return Decimal(value["amount"]) if "amount" in value else date.fromisoformat(value["day"])
    return value
