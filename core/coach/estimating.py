"""What an answer cost that was stopped: its provider tells that only at the end, so letters are counted instead."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Final

from core.coach.agent import UNPROVEN
from core.coach.coach import OFFLINE
from core.coach.prompting import opening, system_prompt
from core.coach.providers.definitions import definition_of
from core.coach.tool_round import told_back
from core.coach.tools import TOOLS, Scope
from core.coach.turns import Asking, Event, Exchange, Found, Revoked, Step, Usage, Words

LETTERS: Final = 4
"""So many make a token in plain English; in JSON and other languages it is rather fewer."""


def estimated_usage(scope: Scope, question: str, before: Sequence[Exchange], events: Iterable[Event]) -> Usage:
    """Return about how many tokens were spent on an answer by the `events` that came of it; none on the offline coach.

    Each time tools have answered, or a model begins anew, all that was said until then is sent once more. What a model
    only thought is not known.
    """
    definitions = [definition_of(tool) for tool in TOOLS]
    opened = len(system_prompt(scope)) + sum(len(one.text) for one in opening(question, before))
    opened += sum(len(one.description) + len(json.dumps(one.schema)) for one in definitions)
    sent = received = context = said = 0
    model = False
    waiting: set[str] = set()
    for event in events:
        match event:
            case Asking():
                model = event.provider != OFFLINE
                context, said, waiting = opened, 0, set()
                sent += context if model else 0
            case Words() if model:
                received += len(event.text)
                said += len(event.text)
            case Revoked(because) if model and because == UNPROVEN:
                context += said
                said = 0
                sent += context
            case Step() if model:
                asked = len(json.dumps(event.call.arguments, default=str))
                received += asked
                context += asked
                waiting.add(event.call.id)
            case Found() if model:
                context += len(told_back(event))
                waiting.discard(event.call.id)
                if not waiting:
                    context += said
                    said = 0
                    sent += context
            case _:
                pass
    return Usage(math.ceil(sent / LETTERS), math.ceil(received / LETTERS))
