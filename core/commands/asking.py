"""`python -m core query`: a question in SQL, as the SQL page asks it."""

import json

import click

from core.commands.terminal import opened, user_of


@click.command()
@click.argument("sql")
@click.option("--user", "email", required=True)
@click.option("--json", "as_json", is_flag=True)
def query(sql: str, email: str, *, as_json: bool) -> None:
    """Ask a question of a user's money in SQL: one SELECT over the views that docs/sql.md lists."""
    from core.identity import profile
    from core.reports import query_facts

    with opened() as house:
        owner = user_of(house, email)
        answer = house.caches.of(owner).desk("command").ask(sql, profile(house.store, owner).today)
        facts = query_facts(answer)
        if as_json:
            click.echo(json.dumps(facts, ensure_ascii=False))
            return
        click.echo("\t".join(_cell(name) for name in facts["columns"]))
        for row in facts["rows"]:
            click.echo("\t".join(_cell(value) for value in row))
        if answer.truncated:
            click.echo(f"There is more: these are the first {len(answer.rows):,} rows.", err=True)


def _cell(value: object) -> str:
    """Return a value for one cell of one line."""
    from core.formats import printable

    told = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return printable(told)
