"""`python -m core export | backup | restore`: taking everything out, and putting it back."""

import os
import sys
from pathlib import Path

import click

from core.commands.terminal import ask_at_the_terminal, failures_told, opened, say, tell_of_copy, user_of
from core.errors import ValidationError


@click.command()
@click.option("--user", "email", required=True)
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="The ZIP; replaced if it is there."
)
@click.option("--json", "as_json", is_flag=True)
def export(email: str, target: Path, *, as_json: bool) -> None:
    """Export everything of a user to a ZIP of CSV and JSON files, for this user of the machine alone."""
    from core.identity import Operator
    from core.reports import export_everything

    with opened() as house:
        made = export_everything(house.store, Operator(user_of(house, email)), target)
        say(
            as_json,
            {"file": str(made.path), "rows": made.rows, "files": made.files, "bytes": made.size},
            f"Wrote {made.rows:,} rows in {made.files} files to {made.path} ({made.size / 1e6:.1f} MB).",
        )


@click.command()
@click.option("--to", type=click.Path(path_type=Path), help="A file or a folder; default: backups/ in the data folder.")
@click.option("--keep", type=click.IntRange(min=1), help="How many stay in backups/; default: 5.")
@click.option("--json", "as_json", is_flag=True)
def backup(to: Path | None, keep: int | None, *, as_json: bool) -> None:
    """Write everything into one encrypted file and read it back. FinTrack may be running.

    The passphrase is asked for, or taken from FINTRACK_BACKUP_PASSPHRASE.
    """
    from core.backup import FOLDER, KEPT, back_up
    from core.identity import check_strength

    with opened() as house:
        passphrase = _backup_passphrase(twice=True)
        backups = house.settings.fintrack_data_dir / FOLDER
        made = back_up(house.store, house.vault.keys, passphrase, check_strength, backups, to, keep or KEPT)
        facts = {"file": str(made.file), "at": made.at.isoformat(), "bytes": made.size, "rows": made.rows}
        rows = f"{made.rows['transactions']:,} transactions and {sum(made.rows.values()):,} rows in all"
        say(as_json, facts, f"{made.file} is written and reads back: {rows}, {made.size:,} bytes.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also in the place of people who are here; they are backed up first.")
def restore(file: Path, *, replace: bool) -> None:
    """Put what a backup holds in the place of the store. FinTrack has to be stopped.

    The passphrase is asked for, or taken from FINTRACK_BACKUP_PASSPHRASE. What FinTrack made by itself before an update
    (fintrack-before-….ftb) needs none, but the keys of this data folder.
    """
    from core.backup import needs_no_passphrase
    from core.backup import restore as put_back
    from core.config import settings

    with failures_told():
        passphrase = None if needs_no_passphrase(file) else _backup_passphrase(twice=False)
        done = put_back(settings(), file, passphrase, ask_at_the_terminal(), over=replace)
        click.echo(
            f"Restored {done.rows['transactions']:,} transactions and {sum(done.rows.values()):,} rows in all, "
            f"as they were on {done.made_at:%Y-%m-%d at %H:%M} UTC."
        )
        tell_of_copy(done.unencrypted)
        if done.kept is not None:
            under = "under the same passphrase" if passphrase else "and opens without a passphrase as this one"
            click.echo(f"What was here before is kept, {under}: {done.kept}")


def _backup_passphrase(*, twice: bool) -> str:
    if given := os.environ.get("FINTRACK_BACKUP_PASSPHRASE"):
        return given
    if not sys.stdin.isatty():
        raise ValidationError(
            "A backup has a passphrase, and nobody is there to give it.", "Set FINTRACK_BACKUP_PASSPHRASE."
        )
    again = "The same again" if twice else False
    return str(click.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=again, err=True))
