"""The command line: `python -m core …`. Each command exits non-zero with one sentence when it can't.

Longer than other modules: the commands are one list, and each only hands over to its room.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from core.errors import FinTrackError, NotFoundError, ValidationError
from core.runtime import Runtime, open_runtime
from core.store import UserId
from core.vault import Ask, Method


@contextmanager
def _house() -> Iterator[Runtime]:
    """Open the house for one command; a failure becomes one sentence and exit code 1."""
    from core.config import settings

    with _told():
        house = open_runtime(settings(), _ask_at_the_terminal())
        if house.unencrypted is not None:
            click.echo(
                f"The store is encrypted now. {house.unencrypted} is a copy of it that anybody can read: "
                "delete it once you are satisfied.",
                err=True,
            )
        try:
            yield house
        finally:
            house.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FinTrackError as failure:
        click.echo(f"Error: {failure}", err=True)
        sys.exit(1)


def _ask_at_the_terminal() -> Ask | None:
    """Return what asks for a passphrase without showing it, None when nobody is there to answer."""
    if not sys.stdin.isatty():
        return None
    return lambda sentence: str(click.prompt(sentence, hide_input=True, err=True))


def _user(house: Runtime, email: str) -> UserId:
    from core.identity import find_user

    user = find_user(house.store, email)
    if user is None:
        raise NotFoundError(f"There is no user {email}.", "Add one: python -m core user add --email E --password P")
    return user


def _say(as_json: bool, facts: Any, sentence: str) -> None:  # noqa: ANN401, FBT001 - JSON of any shape
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else sentence)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """FinTrack from the command line."""


@main.group()
def user() -> None:
    """Manage who can sign in."""


@user.command("add")
@click.option("--email", required=True)
@click.option("--password", required=True, envvar="FINTRACK_PASSWORD", help="At least 15 characters.")
@click.option("--first-name", default="")
@click.option("--last-name", default="")
def user_add(email: str, password: str, first_name: str, last_name: str) -> None:
    """Add a user. The first one is the owner."""
    from core.identity import add_user

    with _house() as house:
        number = add_user(house.store, house.vault, email, password, first_name, last_name)
        click.echo(f"Added user {number}: {email}")


@user.command("set-password")
@click.option("--email", required=True)
@click.password_option(envvar="FINTRACK_PASSWORD", help="At least 15 characters, 8 beside a second factor.")
def user_set_password(email: str, password: str) -> None:
    """Set a user's password, as when it was forgotten. Every browser is signed out."""
    from core.identity import Operator, set_password

    with _house() as house:
        set_password(house.store, house.vault, Operator(_user(house, email)), password)
        click.echo(f"The password of {email} is set, and every browser is signed out.")


@user.command("delete")
@click.option("--email", required=True)
@click.option("--yes", is_flag=True, help="Really: it can't be undone.")
@click.option("--even-unrevoked", is_flag=True, help="Also when a bank can't be told: Plaid may go on billing for it.")
@click.option("--backups", is_flag=True, help="The copies of the whole store too: they hold everybody's data.")
def user_delete(email: str, *, yes: bool, even_unrevoked: bool, backups: bool) -> None:
    """Delete a user and all that is theirs, for good. Their banks are told first."""
    from core.farewell import delete_everything, list_backups
    from core.identity import Operator

    with _house() as house:
        leaving = _user(house, email)
        if not yes:
            raise ValidationError(f"This deletes {email} and all that is theirs, for good.", "Add --yes to do it.")
        done = delete_everything(
            house, Operator(leaving), even_unrevoked=even_unrevoked, backups=backups, progress=_progress
        )
        told = [f"{email} and all that is theirs is deleted."]
        if done.unrevoked:
            told.append(f"Not told: {', '.join(done.unrevoked)}. Remove them in Plaid's dashboard.")
        if copies := len(list_backups(house)):
            told.append(f"{copies} backups still hold what was theirs at the time; --backups deletes them too.")
        if done.traces:
            told.append(f"The store's file may hold traces: {done.traces}")
        click.echo(" ".join(told))


@main.command()
@click.option("--user", "email", required=True)
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="The ZIP; replaced if it is there."
)
@click.option("--json", "as_json", is_flag=True)
def export(email: str, target: Path, *, as_json: bool) -> None:
    """Export everything of a user to a ZIP of CSV and JSON files, for this user of the machine alone."""
    from core.identity import Operator
    from core.reports import export_everything

    with _house() as house:
        made = export_everything(house.store, Operator(_user(house, email)), target)
        _say(
            as_json,
            {"file": str(made.path), "rows": made.rows, "files": made.files, "bytes": made.size},
            f"Wrote {made.rows:,} rows in {made.files} files to {made.path} ({made.size / 1e6:.1f} MB).",
        )


@user.command("drop-factors")
@click.option("--email", required=True)
@click.option("--yes", is_flag=True, help="Don't ask again.")
def user_drop_factors(email: str, *, yes: bool) -> None:
    """Take a user's second factors off, when phone and recovery codes are lost. The password stays."""
    from core.identity import Operator, drop_factors

    with _house() as house:
        owner = Operator(_user(house, email))
        if not yes:
            click.confirm(f"Take all second factors of {email} off?", abort=True)
        click.echo(f"{drop_factors(house.store, owner)} taken off, and every browser is signed out.")


SOURCES = click.Choice(["file", "environment", "passphrase", "keyring"])


@user.command("recovery-key")
def recovery_key() -> None:
    """Print a new recovery key, which opens the data when the key is lost; the one before it is void."""
    with _house() as house:
        click.echo(house.opener.new_recovery_key())


@user.command("recover")
@click.option("--key", "text", envvar="FINTRACK_RECOVERY_KEY", prompt="Recovery key", help="As it was printed.")
@click.option("--source", type=SOURCES, help="Where the new key is kept; default: where the lost one was.")
def recover_key(text: str, source: Method | None) -> None:
    """Get back in with the recovery key when the key, the passphrase or its place is lost."""
    from core.config import settings
    from core.vault import recover

    with _told():
        recover(settings(), text, source, _ask_at_the_terminal())
        click.echo("The key is made anew, and your data opens with it.")


@user.command("rotate-key")
@click.option("--source", type=SOURCES, help="Where the key is kept from now on; default: where it is.")
def rotate_key(source: Method | None) -> None:
    """Make a new encryption key and write the store, its copies and all secrets anew under it."""
    from core.config import settings
    from core.vault import rotate

    with _told():
        count = rotate(settings(), source, _ask_at_the_terminal())
        click.echo(f"Everything is under a new key, {count} sealed secrets with it. The recovery key stays as it was.")


@main.command()
@click.option("--user", "email", required=True, help="The e-mail of an existing user.")
def demo(email: str) -> None:
    """Give a user the demo household: 24 months in seven accounts."""
    from core.banking import link_demo

    with _house() as house:
        results = link_demo(house.store, house.vault, _user(house, email), _progress)
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

    with _house() as house:
        owner = _user(house, email)
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
        _say(as_json, report, "\n".join([*lines, *report["problems"], *(["Nothing was written."] if dry_run else [])]))


@main.command()
@click.option("--sandbox", is_flag=True, required=True, help="Plaid's test institution, without its Link screen.")
@click.option("--user", "email", required=True)
@click.option("--custom-user", type=click.Path(path_type=Path), help="A Plaid custom sandbox user (JSON file).")
@click.option("--json", "as_json", is_flag=True)
def link(email: str, custom_user: Path | None, *, sandbox: bool, as_json: bool) -> None:  # noqa: ARG001 - required flag
    """Link a bank."""
    from core.banking import link_sandbox
    from core.identity import Operator

    with _house() as house:
        owner = _user(house, email)
        try:
            custom = custom_user.read_text("utf-8") if custom_user else None
        except (OSError, UnicodeDecodeError) as failure:
            raise ValidationError(f"{custom_user} can't be read: {failure}.") from failure
        result = link_sandbox(house.store, house.vault, house.settings, Operator(owner), custom, _progress)
        _tell_syncs([result], as_json=as_json)


@main.command()
@click.option("--user", "email", default="", help="Only this user's banks; default: everyone's.")
@click.option("--account", default="", help="Only the bank of this account, by its name; needs --user.")
@click.option("--due", is_flag=True, help="Only what the accounts' schedules say is due, as for cron.")
@click.option("--json", "as_json", is_flag=True)
def sync(email: str, account: str, *, due: bool, as_json: bool) -> None:
    """Bring banks up to date. A failure of one does not stop the others."""
    from core import clock
    from core.banking import next_runs, sync_all
    from core.identity import all_users

    with _house() as house:
        if account and not email:
            raise ValidationError("--account needs to know whose it is.", "Add --user E.")
        results: list[Any] = []
        for owner in [_user(house, email)] if email else all_users(house.store):
            only = {_item_of(house, owner, account)} if account else None
            if due:
                ripe = {item for (_, item), at in next_runs(house.store, owner).items() if at <= clock.now()}
                only = ripe if only is None else only & ripe
            results += sync_all(house.store, house.vault, house.providers, owner, _progress, "command", only)
        _tell_syncs(results, as_json=as_json, nothing="Nothing is due." if due else "No bank is linked.")


def _item_of(house: Runtime, owner: UserId, name: str) -> int:
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

    with _house() as house:
        for owner in [_user(house, email)] if email else all_users(house.store):
            state = house.caches.rebuild(owner)
            click.echo(f"User {owner}: {state.rows:,} transactions in {state.seconds:.2f} s")


@main.command()
@click.option("--to", type=click.Path(path_type=Path), help="A file or a folder; default: backups/ in the data folder.")
@click.option("--keep", type=click.IntRange(min=1), help="How many stay in backups/; default: 5.")
@click.option("--json", "as_json", is_flag=True)
def backup(to: Path | None, keep: int | None, *, as_json: bool) -> None:
    """Write everything into one encrypted file and read it back. FinTrack may be running.

    The passphrase is asked for, or taken from FINTRACK_BACKUP_PASSPHRASE.
    """
    from core.backup import FOLDER, KEPT, back_up
    from core.identity import check_strength

    with _house() as house:
        passphrase = _backup_passphrase(twice=True)
        backups = house.settings.fintrack_data_dir / FOLDER
        made = back_up(house.store, house.vault.keys, passphrase, check_strength, backups, to, keep or KEPT)
        facts = {"file": str(made.file), "at": made.at.isoformat(), "bytes": made.size, "rows": made.rows}
        rows = f"{made.rows['transactions']:,} transactions and {sum(made.rows.values()):,} rows in all"
        _say(as_json, facts, f"{made.file} is written and reads back: {rows}, {made.size:,} bytes.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also in the place of people who are here; they are backed up first.")
def restore(file: Path, *, replace: bool) -> None:
    """Put what a backup holds in the place of the store. FinTrack has to be stopped.

    The passphrase is asked for, or taken from FINTRACK_BACKUP_PASSPHRASE.
    """
    from core.backup import restore as put_back
    from core.config import settings

    with _told():
        passphrase = _backup_passphrase(twice=False)
        done = put_back(settings(), file, passphrase, _ask_at_the_terminal(), over=replace)
        click.echo(
            f"Restored {done.rows['transactions']:,} transactions and {sum(done.rows.values()):,} rows in all, "
            f"as they were on {done.made_at:%Y-%m-%d at %H:%M} UTC."
        )
        if done.kept is not None:
            click.echo(f"What was here before is kept, under the same passphrase: {done.kept}")


def _backup_passphrase(*, twice: bool) -> str:
    if given := os.environ.get("FINTRACK_BACKUP_PASSPHRASE"):
        return given
    if not sys.stdin.isatty():
        raise ValidationError(
            "A backup has a passphrase, and nobody is there to give it.", "Set FINTRACK_BACKUP_PASSPHRASE."
        )
    again = "The same again" if twice else False
    return str(click.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=again, err=True))


@main.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(*, as_json: bool) -> None:
    """Check settings, store, cache and folders; say what is wrong and what to do."""
    from core.doctor import examine

    with _house() as house:
        findings = examine(house)
        _say(
            as_json,
            [{"check": one.check, "ok": one.ok, "sentence": one.sentence} for one in findings],
            "\n".join(f"{'ok  ' if one.ok else 'FAIL'}  {one.check}: {one.sentence}" for one in findings),
        )
        if not all(one.ok for one in findings):
            sys.exit(1)


def _progress(sentence: str) -> None:
    if sys.stderr.isatty():
        click.echo(sentence, err=True)


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
    _say(as_json, facts, "\n".join(lines) or nothing)
    if any(one["error"] for one in facts):
        sys.exit(1)


if __name__ == "__main__":
    # A reader such as `head` may leave before we are done.
    try:
        main()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
