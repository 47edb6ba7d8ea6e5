"""What a model is told before the question: the rules, and what was said earlier, as data."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from core.coach.tools import Scope
from core.coach.turns import Exchange, PersonSaid
from core.formats import one_line

PROMPT: Final = Path(__file__).with_name("prompt.md")
MOST_EXCHANGES: Final = 8
LONGEST_EXCHANGE: Final = 1500
"""Of each earlier question and answer, so many letters are told."""
LONGEST_QUESTION: Final = 4000


@cache
def _rules() -> str:
    return PROMPT.read_text("utf-8").strip()


def system_prompt(scope: Scope) -> str:
    """Return the rules for a model, as of the person's day."""
    return _rules().format(today=f"{scope.today:%A, %Y-%m-%d}", currency=scope.person.currency)


def opening(question: str, before: Sequence[Exchange]) -> list[PersonSaid]:
    """Return how a turn begins: the end of the conversation so far, then the question.

    An earlier answer holds names of shops and banks that were put into it: it goes as data, never as
    anybody's words.
    """
    earlier = [
        {
            "asked": one_line(one.question, LONGEST_EXCHANGE),
            "answered": {"outside": one_line(one.answer, LONGEST_EXCHANGE)},
        }
        for one in before[-MOST_EXCHANGES:]
        if one.answer
    ]
    said = [PersonSaid(json.dumps({"earlier_in_this_conversation": earlier}, ensure_ascii=False))] if earlier else []
    return [*said, PersonSaid(question[:LONGEST_QUESTION])]
