"""What a tool is: a typed question that only reads, over the room that owns the answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, cast

import pydantic

from core.analytics import TransactionFilter
from core.cache import UserCache
from core.coach.tools.bounds import bounded
from core.coach.values import Leaf, Tree
from core.errors import ValidationError
from core.formats import PlainFormats, one_line
from core.identity import Profile
from core.store import Store

MOST_ROWS: Final = 50
"""No tool tells more rows than that at once."""
MOST_LEADS: Final = 4
LONGEST_PLACE: Final = 60
"""Letters of an argument's name as a model made it up."""
Screen = Literal[
    "transactions", "overview", "analytics", "explore", "budgets", "goals", "subscriptions", "bills", "insights",
    "forecast", "accounts", "investments", "query",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose money a question is about, and where it stands. Tools see nothing else."""

    store: Store
    cache: UserCache
    person: Profile
    found: Mapping[str, Tree] = field(default_factory=dict)
    """What was told in this turn so far, by call ("c1"): what `calculate` reckons with."""

    def knowing(self, found: Mapping[str, Tree]) -> "Scope":
        """Return the same scope in which these calls were answered; whoever runs a turn asks tools with it."""
        return replace(self, found=found)

    @property
    def today(self) -> date:
        """Return the person's day."""
        return self.person.today

    @property
    def formats(self) -> PlainFormats:
        """Return how the person writes money and days."""
        return PlainFormats(self.person.locale)


class Arguments(pydantic.BaseModel):
    """What a tool is asked with; anything that it does not know is refused."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a person sees what an answer rests on: a screen, and the filter or the address there."""

    label: str
    screen: Screen
    wanted: TransactionFilter | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def unique_leads(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    """Return where a person sees what an answer rests on, each place once, for "from: …" under it."""
    each: list[Lead] = []
    for lead in leads:
        # A filter can't be hashed.
        if lead not in each:
            each.append(lead)
    return tuple(each[:MOST_LEADS])


@dataclass(frozen=True, slots=True)
class Table:
    """A result as a person reads it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Leaf | str | None, ...], ...]


def _kept_place(place: date | str) -> str | dict[str, str]:
    return place.isoformat() if isinstance(place, date) else {"name": place}


def _place_of(kept: object) -> date | str:
    if isinstance(kept, dict) and isinstance(name := kept.get("name"), str):
        return name
    return date.fromisoformat(kept) if isinstance(kept, str) else cast("date", kept)


Place = Annotated[date | str, pydantic.PlainSerializer(_kept_place), pydantic.PlainValidator(_place_of)]
"""A day or a name; as JSON a name says that it is one, for a shop may be called 0 or 2026-01-01."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A result that is a line or bars over time or over names: one amount a point, in one currency."""

    title: str
    currency: str
    points: tuple[tuple[Place, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool found. `title` is in our words ("Spending, 1 to 31 March 2026"); `told` goes to the model."""

    title: str
    told: Tree
    table: Table | None = None
    curve: Curve | None = None
    leads: tuple[Lead, ...] = ()


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A question that can be asked: for every model, the offline coach, MCP and the tests alike."""

    name: str
    description: str
    """For a model: what it answers, what signs mean, when to ask it."""
    arguments: type[A]
    answer: Callable[[Scope, A], ToolResult]

    @property
    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the arguments."""
        return self.arguments.model_json_schema()

    def run(self, scope: Scope, given: object) -> ToolResult:
        """Check the arguments as a model gave them, and answer.

        What is told is never longer than `LONGEST` characters of JSON.

        Raises:
            ValidationError: they are not what the tool takes; the sentence tells a model what to mend.
            FinTrackError: what the room behind says.
        """
        try:
            asked = self.arguments.model_validate({} if given is None else given)
        except pydantic.ValidationError as wrong:
            raise ValidationError(f"{self.name} can't be asked like that: {_what_is_wrong(wrong)}") from None
        result = self.answer(scope, asked)
        return replace(result, told=bounded(result.told))


def _what_is_wrong(error: pydantic.ValidationError) -> str:
    told = error.errors(include_url=False, include_context=False, include_input=False)
    found = [(one_line(".".join(map(str, one["loc"])), LONGEST_PLACE) or "arguments", one["msg"]) for one in told]
    return "; ".join(f"{place}: {words}" for place, words in found[:5]) + "."
