"""What every command needs: the open house, a person by their e-mail, and words on the terminal.

The rooms are imported by the commands that enter them: `--help` and a wrong word answer at once.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.errors import FinTrackError, NotFoundError

if TYPE_CHECKING:
    from core.runtime import Runtime
    from core.store import UserId
    from core.vault import Ask


@contextmanager
def opened() -> Iterator["Runtime"]:
    """Open the house for one command; a failure becomes one sentence and exit code 1."""
    from core.config import settings
    from core.runtime import open_runtime

    with failures_told():
        house = open_runtime(settings(), ask_at_the_terminal())
        tell_of_copy(house.unencrypted)
        try:
            yield house
        finally:
            house.close()


def tell_of_copy(unencrypted: Path | None) -> None:
    """Tell of the copy that was made of a plain store, when one was encrypted just now."""
    if unencrypted is not None:
        click.echo(
            f"The store is encrypted now. {unencrypted} is a copy of it that anybody can read: "
            "delete it once you are satisfied.",
            err=True,
        )


@contextmanager
def failures_told() -> Iterator[None]:
    """Make a failure inside one sentence and exit code 1."""
    try:
        yield
    except FinTrackError as failure:
        from core.formats import printable

        click.echo(f"Error: {printable(str(failure))}", err=True)
        sys.exit(1)


def ask_at_the_terminal() -> "Ask | None":
    """Return what asks for a passphrase without showing it, None when nobody is there to answer."""
    if not sys.stdin.isatty():
        return None
    return lambda sentence: str(click.prompt(sentence, hide_input=True, err=True))


def user_of(house: "Runtime", email: str) -> "UserId":
    """Return the user of an e-mail address.

    Raises:
        NotFoundError: there is none.
    """
    from core.formats import encodable
    from core.identity import find_user

    # A terminal passes on bytes that are no UTF-8 as halves of letters, which no store takes.
    user = find_user(house.store, encodable(email))
    if user is None:
        raise NotFoundError(f"There is no user {email}.", "Add one: python -m core user add --email E --password P")
    return user


def say(as_json: bool, facts: Any, sentence: str) -> None:  # noqa: ANN401, FBT001 - JSON of any shape
    """Print the facts as JSON, or the sentence."""
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else sentence)


def tell_progress(sentence: str) -> None:
    """Tell how far a command is, where somebody looks on."""
    if sys.stderr.isatty():
        click.echo(sentence, err=True)
