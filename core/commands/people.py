"""`python -m core user …`: who can sign in, and the keys of the installation."""

from typing import TYPE_CHECKING

import click

from core.commands.terminal import ask_at_the_terminal, failures_told, opened, tell_of_copy, tell_progress, user_of
from core.errors import ValidationError

if TYPE_CHECKING:
    from core.vault import Method


@click.group()
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

    with opened() as house:
        number = add_user(house.store, house.vault, email, password, first_name, last_name)
        click.echo(f"Added user {number}: {email}")


@user.command("set-password")
@click.option("--email", required=True)
@click.password_option(envvar="FINTRACK_PASSWORD", help="At least 15 characters, 8 beside a second factor.")
def user_set_password(email: str, password: str) -> None:
    """Set a user's password, as when it was forgotten. Every browser is signed out."""
    from core.identity import Operator, set_password

    with opened() as house:
        set_password(house.store, house.vault, Operator(user_of(house, email)), password)
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

    with opened() as house:
        leaving = user_of(house, email)
        if not yes:
            raise ValidationError(f"This deletes {email} and all that is theirs, for good.", "Add --yes to do it.")
        done = delete_everything(
            house, Operator(leaving), even_unrevoked=even_unrevoked, backups=backups, progress=tell_progress
        )
        told = [f"{email} and all that is theirs is deleted."]
        if done.unrevoked:
            told.append(f"Not told: {', '.join(done.unrevoked)}. Remove them in Plaid's dashboard.")
        if copies := len(list_backups(house)):
            told.append(f"{copies} backups still hold what was theirs at the time; --backups deletes them too.")
        if done.traces:
            told.append(f"The store's file may hold traces: {done.traces}")
        click.echo(" ".join(told))


@user.command("drop-factors")
@click.option("--email", required=True)
@click.option("--yes", is_flag=True, help="Don't ask again.")
def user_drop_factors(email: str, *, yes: bool) -> None:
    """Take a user's second factors off, when phone and recovery codes are lost. The password stays."""
    from core.identity import Operator, drop_factors

    with opened() as house:
        owner = Operator(user_of(house, email))
        if not yes:
            click.confirm(f"Take all second factors of {email} off?", abort=True)
        click.echo(f"{drop_factors(house.store, owner)} taken off, and every browser is signed out.")


SOURCES = click.Choice(["file", "environment", "passphrase", "keyring"])


@user.command("recovery-key")
def recovery_key() -> None:
    """Print a new recovery key, which opens the data when the key is lost; the one before it is void."""
    with opened() as house:
        click.echo(house.opener.new_recovery_key())


@user.command("recover")
@click.option("--key", "text", envvar="FINTRACK_RECOVERY_KEY", prompt="Recovery key", help="As it was printed.")
@click.option("--source", type=SOURCES, help="Where the new key is kept; default: where the lost one was.")
def recover_key(text: str, source: "Method | None") -> None:
    """Get back in with the recovery key when the key, the passphrase or its place is lost."""
    from core.config import settings
    from core.vault import recover

    with failures_told():
        recover(settings(), text, source, ask_at_the_terminal())
        click.echo("The key is made anew, and your data opens with it.")


@user.command("rotate-key")
@click.option("--source", type=SOURCES, help="Where the key is kept from now on; default: where it is.")
def rotate_key(source: "Method | None") -> None:
    """Make a new encryption key and write the store, its copies and all secrets anew under it."""
    from core.config import settings
    from core.vault import rotate

    with failures_told():
        done = rotate(settings(), source, ask_at_the_terminal())
        tell_of_copy(done.unencrypted)
        click.echo(
            f"Everything is under a new key, {done.secrets} sealed secrets with it. The recovery key stays as it was."
        )
