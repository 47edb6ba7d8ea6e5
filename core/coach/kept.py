"""A question and its answer as they are kept, so that an old conversation looks as it did, without asking again."""

import datetime as dt
import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from core.coach.grounded import Grounded
from core.coach.tools import Curve, Lead
from core.coach.turns import Answered, Exchange, Failed, Found, Usage
from core.coach.values import Leaf, Text, is_leaf, told
from core.coach.wording import plain_answer, plain_words, safe_markdown, without_colours
from core.formats import PlainFormats, encodable

log: Final = logging.getLogger(__name__)

Thumb = Literal[-1, 0, 1]
MOST_ROWS: Final = 50
LONGEST_CELL: Final = 200
STOPPED: Final = "You stopped this answer."
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""The sign that no database takes, as JSON writes it; not a backslash that somebody wrote before such digits."""


@dataclass(frozen=True, slots=True)
class KeptStep:
    """What was asked of a tool, and what it told: cells as the person reads them."""

    tool: str
    title: str
    arguments: Mapping[str, Any]
    failure: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    curve: Curve | None = None
    leads: tuple[Lead, ...] = ()
    of: int = 0
    """So many rows there were, where not all of them are kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer rests on, how its question was read, and who gave it."""

    steps: tuple[KeptStep, ...] = ()
    reading: str = ""
    choices: tuple[str, ...] = ()
    provider: str = ""
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    context: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    hint: str = ""
    unmatched: int = 0
    """How many figures of it no tool told."""
    markdown: str = ""
    """The answer as Markdown that is safe to show; "" where it is only text."""
    because: str = ""
    """Why the one who answered, and not the one before, in a sentence; "" for the first."""
    stopped: bool = False
    """Whether its person stopped it: then it is as much as had come, and `usage` is an estimate."""


@dataclass(frozen=True, slots=True)
class Message:
    """A question and its answer as text, "" where there was none."""

    question: str
    answer: str
    told: Told
    id: int = 0
    thumb: Thumb = 0
    at: dt.datetime | None = None


_TOLD: Final = TypeAdapter(Told)


def as_kept(told_of: Told) -> str:
    """Return what is kept beside an answer, as JSON."""
    return _NUL.sub(r"\1 ", _TOLD.dump_json(told_of).decode())


def of_kept(text: str) -> Told:
    """Return what was kept beside an answer; nothing of it where another version kept it in a way that is unknown."""
    try:
        return _TOLD.validate_json(text)
    except ValidationError:
        log.warning("what an answer rests on could not be read")
        return Told()


def step_of(found: Found, formats: PlainFormats) -> KeptStep:
    """Return what a tool was asked and told."""
    given = found.call.arguments
    arguments = {str(key): value for key, value in given.items()} if isinstance(given, Mapping) else {}
    arguments = json.loads(encodable(json.dumps(arguments, ensure_ascii=False, default=str)))
    if found.result is None:
        return KeptStep(found.call.tool, "", arguments, found.failure)
    table = found.result.table
    rows = () if table is None else tuple(tuple(_cell(one, formats) for one in row) for row in table.rows[:MOST_ROWS])
    return KeptStep(
        found.call.tool,
        found.result.title,
        arguments,
        found.failure,
        () if table is None else table.columns,
        rows,
        found.result.curve,
        found.result.leads,
        len(table.rows) if table is not None and len(table.rows) > MOST_ROWS else 0,
    )


def message_of(question: str, outcome: Answered | Failed, found: Sequence[Found], formats: PlainFormats) -> Message:
    """Return a question and how it ended, to be shown and kept."""
    steps = tuple(step_of(one, formats) for one in (outcome.found or found))
    if isinstance(outcome, Failed):
        failure = outcome.error
        return Message(question, "", Told(steps, usage=outcome.usage, failure=failure.sentence, hint=failure.hint))
    return Message(
        question,
        plain_answer(outcome.grounded),
        Told(
            steps,
            outcome.reading,
            outcome.choices,
            outcome.provider,
            outcome.model,
            outcome.usage,
            outcome.context,
            unmatched=len(outcome.grounded.unmatched),
            markdown=safe_markdown(outcome.grounded),
        ),
    )


def stopped_message(
    question: str, grounded: Grounded, found: Sequence[Found], usage: Usage, formats: PlainFormats
) -> Message:
    """Return a question with as much of its answer as had come when its person stopped it."""
    return Message(
        question,
        plain_answer(grounded),
        Told(
            tuple(step_of(one, formats) for one in found),
            usage=usage,
            failure=STOPPED,
            hint="Ask again whenever you like.",
            unmatched=len(grounded.unmatched),
            markdown=safe_markdown(grounded),
            stopped=True,
        ),
    )


def exchanges(messages: Iterable[Message]) -> tuple[Exchange, ...]:
    """Return what was said before, for the next question to go on from."""
    return tuple(Exchange(one.question, one.answer, one.told.context) for one in messages if one.answer)


def as_markdown(title: str, messages: Iterable[Message]) -> str:
    """Return a conversation as text, with what each answer rests on."""
    parts = [f"# {plain_words(title)}"]
    for one in messages:
        parts.append(f"## {plain_words(one.question)}")
        shown = without_colours(one.told.markdown) or plain_words(one.answer)
        parts += [text for text in (shown, plain_words(f"{one.told.failure} {one.told.hint}")) if text]
        parts += [f"- {plain_words(step.title or step.tool)}" for step in one.told.steps]
    return "\n\n".join(parts) + "\n"


def _cell(one: Leaf | str | None, formats: PlainFormats) -> str:
    if one is None:
        return ""
    text = one.text if isinstance(one, Text) else told(one, formats) if is_leaf(one) else str(one)
    return text[:LONGEST_CELL]


def with_id(one: Message, number: int, thumb: Thumb, at: dt.datetime) -> Message:
    """Return a message as it is kept."""
    return replace(one, id=number, thumb=thumb, at=at)
