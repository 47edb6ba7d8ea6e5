"""`python -m core insights`: looking for what matters in a person's money, and saying it."""

from typing import Any

import click

from core.commands.terminal import opened, say, user_of


@click.command()
@click.option("--user", "email", required=True)
@click.option("--json", "as_json", is_flag=True)
def insights(email: str, *, as_json: bool) -> None:
    """Look for insights now, and say what holds: budgets, goals, savings, unusual charges."""
    from core.formats import PlainFormats, printable
    from core.identity import profile
    from core.insights import generate, list_insights, plain_facts, told

    with opened() as house:
        owner = user_of(house, email)
        who = profile(house.store, owner)
        done = generate(house.store, owner, house.caches.of(owner), who.today)
        found, formats = list_insights(house.store, owner, who.today), PlainFormats(who.locale)
        words = [told(one.kind, one.facts, formats) for one in found]
        facts: dict[str, Any] = {
            "new": done.new,
            "worse": done.worse,
            "changed": done.changed,
            "past": done.past,
            "insights": [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "priority": one.priority,
                    "day": one.day.isoformat(),
                    "read": one.read,
                    "title": said.title,
                    "sentence": said.sentence,
                    "facts": plain_facts(one.facts),
                }
                for one, said in zip(found, words, strict=True)
            ],
        }
        lines = [printable(f"{said.title}: {said.sentence}") for said in words]
        say(as_json, facts, "\n".join([*lines, f"{len(found)} hold, {done.new} of them are new."]))
