"""What a person does next about a bank that failed: the same few steps for every provider."""

from typing import Literal

Step = Literal["wait", "sync", "reconnect", "bank first", "link again", "files", "set up", "nothing"]
"""wait: it is tried again by itself. sync: try again by hand. reconnect: sign in again (update mode).
bank first: put something right at the bank, then reconnect. link again: a new link replaces this one.
files: the provider can't serve this bank; import its files. set up: the owner of the machine mends the keys.
nothing: all goes on as it is."""


def next_step(code: str) -> Step:
    """Return what comes next for an item whose `error_code` is `code`, "nothing" for one without.

    The demo bank fails with the codes of Plaid.
    """
    from core.banking.plaid.reactions import step_of

    return step_of(code) if code else "nothing"
