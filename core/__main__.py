"""The command line: `python -m core …`. Each command exits non-zero with one sentence when it can't."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.commands import (
    ask,
    backup,
    export,
    insights,
    mcp,
    opened,
    query,
    report,
    restore,
    say,
    tell_progress,
    user,
    user_of,
)
from core.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from core.runtime import Runtime
    from core.store import UserId


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """FinTrack from the command line."""


@main.command()
@click.option("--user", "email", required=True, help="The e-mail of an existing user.")
def demo(email: str) -> None:
    """Give a user the demo household: 24 months in seven accounts."""
    from core.banking import link_demo

    with opened() as house:
        results = link_demo(house.store, house.vault, user_of(house, email), tell_progress)
        click.echo(f"Added {sum(one.counts.added for one in results):,} transactions from {len(results)} demo banks.")


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--user", "email", required=True)
@click.option("--account", required=True, help="An account's name; made when there is none.")
@click.option("--currency", default="", help="For a file that names none; default: the user's own.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--json", "as_json", is_flag=True)
def import_file(file: Path, email: str, account: str, currency: str, *, dry_run: bool, as_json: bool) -> None:
    """Import a bank's file: OFX, QFX, QIF, CAMT, MT940 or CSV. The same file twice adds nothing."""
    from core.identity import profile
    from core.importing import look_at_file, report_of, take_in

    with opened() as house:
        owner = user_of(house, email)
        try:
            data = file.read_bytes()
        except OSError as failure:
            raise ValidationError(f"{file} can't be read: {failure.strerror}.") from failure
        intake = look_at_file(
            house.store,
            owner,
            data,
            file.name,
            account=account,
            currency=currency.upper() or profile(house.store, owner).currency,
        )
        if not dry_run:
            take_in(house.store, owner, intake)
        report = report_of(intake)
        lines = [
            f"{one['account']}: {one['rows']} rows, {one['new']} new, {one['duplicates']} there already, "
            f"sum {one['sum']} {one['currency']}"
            for one in report["accounts"]
        ]
        say(as_json, report, "\n".join([*lines, *report["problems"], *(["Nothing was written."] if dry_run else [])]))


@main.command()
@click.option("--sandbox", is_flag=True, required=True, help="Plaid's test institution, without its Link screen.")
@click.option("--user", "email", required=True)
@click.option("--custom-user", type=click.Path(path_type=Path), help="A Plaid custom sandbox user (JSON file).")
@click.option("--json", "as_json", is_flag=True)
def link(email: str, custom_user: Path | None, *, sandbox: bool, as_json: bool) -> None:  # noqa: ARG001 - required flag
    """Link a bank."""
    from core.banking import link_sandbox
    from core.identity import Operator

    with opened() as house:
        owner = user_of(house, email)
        try:
            custom = custom_user.read_text("utf-8") if custom_user else None
        except (OSError, UnicodeDecodeError) as failure:
            raise ValidationError(f"{custom_user} can't be read: {failure}.") from failure
        result = link_sandbox(house.store, house.vault, house.settings, Operator(owner), custom, tell_progress)
        _tell_syncs([result], as_json=as_json)


@main.command()
@click.option("--user", "email", default="", help="Only this user's banks; default: everyone's.")
@click.option("--account", default="", help="Only the bank of this account, by its name; needs --user.")
@click.option("--due", is_flag=True, help="Only what the accounts' schedules say is due, as for cron.")
@click.option("--json", "as_json", is_flag=True)
def sync(email: str, account: str, *, due: bool, as_json: bool) -> None:
    """Bring banks up to date. A failure of one does not stop the others."""
    from core import clock
    from core.banking import next_runs, sync_all, tell_of_banks
    from core.identity import all_users

    with opened() as house:
        if account and not email:
            raise ValidationError("--account needs to know whose it is.", "Add --user E.")
        results: list[Any] = []
        for owner in [user_of(house, email)] if email else all_users(house.store):
            only = {_item_of(house, owner, account)} if account else None
            if due:
                ripe = {item for (_, item), at in next_runs(house.store, owner).items() if at <= clock.now()}
                only = ripe if only is None else only & ripe
            results += sync_all(house.store, house.vault, house.providers, owner, tell_progress, "command", only)
        # Where cron syncs, nothing else may be running that would tell people.
        tell_of_banks(house.store, house.senders.post)
        _tell_syncs(results, as_json=as_json, nothing="Nothing is due." if due else "No bank is linked.")


def _item_of(house: "Runtime", owner: "UserId", name: str) -> int:
    from core.banking import item_of_account
    from core.ledger import find_account

    found = find_account(house.store, owner, name)
    if found is None:
        raise NotFoundError(f"There is no account called {name}.", "Its name is on the Accounts page.")
    item = item_of_account(house.store, owner, found.id)
    if item is None:
        raise ValidationError(f"No bank feeds {name}.", "Import its files instead.")
    return item


@main.command("rebuild-cache")
@click.option("--user", "email", default="", help="Only this user's; default: everyone's.")
def rebuild_cache(email: str) -> None:
    """Make the caches again from the store."""
    from core.identity import all_users

    with opened() as house:
        for owner in [user_of(house, email)] if email else all_users(house.store):
            state = house.caches.rebuild(owner)
            click.echo(f"User {owner}: {state.rows:,} transactions in {state.seconds:.2f} s")


@main.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(*, as_json: bool) -> None:
    """Check settings, store, cache and folders; say what is wrong and what to do."""
    from core.doctor import examine

    with opened() as house:
        findings = examine(house)
        say(
            as_json,
            [{"check": one.check, "ok": one.ok, "sentence": one.sentence} for one in findings],
            "\n".join(f"{'ok  ' if one.ok else 'FAIL'}  {one.check}: {one.sentence}" for one in findings),
        )
        if not all(one.ok for one in findings):
            sys.exit(1)


def _tell_syncs(results: Any, *, as_json: bool, nothing: str = "") -> None:  # noqa: ANN401 - ItemSync, imported lazily
    facts = [
        {
            "item": one.item_id,
            "institution": one.institution,
            "added": one.counts.added,
            "modified": one.counts.modified,
            "removed": one.counts.removed,
            "posted": one.counts.posted,
            "ready": one.ready,
            "error": one.error or None,
        }
        for one in results
    ]
    lines = [
        f"{one['institution']}: {one['error']}"
        if one["error"]
        else f"{one['institution']}: {one['added']} new, {one['modified']} changed, "
        f"{one['posted']} posted, {one['removed']} removed"
        for one in facts
    ]
    say(as_json, facts, "\n".join(lines) or nothing)
    if any(one["error"] for one in facts):
        sys.exit(1)


for command in (user, export, report, backup, restore, query, insights, ask, mcp):
    main.add_command(command)

if __name__ == "__main__":
    # A reader such as `head` may leave before we are done.
    try:
        main()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
