"""`python -m core ask` and `python -m core mcp`: the coach at the terminal, and its tools for other programs."""

from typing import TYPE_CHECKING, Any, Final

import click

from core.commands.terminal import opened, user_of

USED_UP: Final = "The tokens that this user allows a month are used up: no language model is asked."

if TYPE_CHECKING:
    from core.coach import Answered, Found, Part, Scope
    from core.runtime import Runtime
    from core.store import UserId


@click.command()
@click.argument("question")
@click.option("--user", "email", required=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--offline", is_flag=True, help="Ask no language model.")
def ask(question: str, email: str, *, as_json: bool, offline: bool) -> None:
    """Ask the coach about a user's money: its words, the tools that it asked, and which of its figures these told."""
    import json
    import threading

    from core.coach import OFFLINE, Answered, Failed, add_usage, checked_question

    with opened() as house:
        text = checked_question(question)
        owner = user_of(house, email)
        scope = _scope_of(house, owner)
        prefer = OFFLINE if offline or not _may_ask_models(house, owner, scope) else ""
        answered: Answered | None = None
        for event in house.coach.answer(scope, text, (), threading.Event(), prefer):
            if isinstance(event, Answered | Failed):
                add_usage(house.store, owner, scope.today, event.usage)
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, Answered):
                answered = event
        facts = _facts(answered) if answered else {}
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else _lines(facts))


@click.command()
@click.option("--user", "email", required=True)
def mcp(email: str) -> None:
    """Serve the coach's tools over stdio to a program that speaks MCP. They only read; FinTrack may run meanwhile."""
    from core.coach import serve

    with opened() as house:
        owner = user_of(house, email)
        serve(lambda: _scope_of(house, owner))


def _may_ask_models(house: "Runtime", owner: "UserId", scope: "Scope") -> bool:
    """Tell whether models are there and may be asked, and count the question as theirs; what is offline costs nothing.

    Raises:
        TooManyAttemptsError: there were as many in the last minute as may be.
    """
    from core.coach import OFFLINE, count_question, models_allowed

    if all(one.key == OFFLINE for one in house.coach.status()):
        return False
    if not models_allowed(house.store, owner, scope.today):
        click.echo(USED_UP, err=True)
        return False
    count_question(house.store, house.vault, owner)
    return True


def _scope_of(house: "Runtime", owner: "UserId") -> "Scope":
    from core.coach import Scope
    from core.identity import profile

    return Scope(house.store, house.caches.of(owner), profile(house.store, owner))


def _facts(answered: "Answered") -> dict[str, Any]:
    from core.coach import plain_answer, unique_leads

    results = [one.result for one in answered.found if one.result is not None]
    return {
        "text": plain_answer(answered.grounded),
        "provider": answered.provider,
        "model": answered.model,
        "reading": answered.reading,
        "choices": list(answered.choices),
        "calls": [_call(one) for one in answered.found],
        "matched": [_matched(one) for one in answered.grounded.matched],
        "unmatched": list(answered.grounded.unmatched),
        "from": [lead.label for lead in unique_leads(lead for one in results for lead in one.leads)],
        "tokens": {"sent": answered.usage.sent, "received": answered.usage.received},
    }


def _call(one: "Found") -> dict[str, Any]:
    from core.coach import as_json

    return {
        "id": one.call.id,
        "tool": one.call.tool,
        "arguments": one.call.arguments,
        "seconds": round(one.seconds, 3),
        "title": one.result.title if one.result else None,
        "result": as_json(one.result.told) if one.result else None,
        "failure": one.failure or None,
    }


def _matched(one: "Part") -> dict[str, Any]:
    from core.coach import as_json

    return {"text": one.text, "source": one.source, "value": None if one.leaf is None else as_json(one.leaf)}


def _lines(facts: dict[str, Any]) -> str:
    import json

    from core.formats import printable

    if not facts:
        return "No answer came."
    lines = [facts["text"], ""]
    lines += [f"- {choice}" for choice in facts["choices"]]
    for one in facts["calls"]:
        asked = json.dumps(one["arguments"], ensure_ascii=False, default=str)
        lines.append(f"Asked {one['tool']} {asked}: {one['failure'] or one['title']}")
    lines += [f"Found {one['text']} at {one['source']}" for one in facts["matched"]]
    lines += [f"No tool told {one}" for one in facts["unmatched"]]
    if facts["from"]:
        lines.append(f"From: {'; '.join(facts['from'])}")
    who = " ".join(filter(None, (facts["provider"], facts["model"])))
    lines.append(f"Answered by {who}{': read as ' + facts['reading'] if facts['reading'] else ''}.")
    return "\n".join(printable(line) for text in lines for line in text.split("\n"))
