"""The one way in which a screen says that something went wrong: a sentence, and what to do about it."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import FinTrackError, StoreError
from pages.shared.formats import plain_text

log = logging.getLogger(__name__)


def show_failure(failure: FinTrackError) -> None:
    """Show a failure that was foreseen: what happened, and the hint what to do."""
    body = plain_text(failure.sentence)
    if failure.hint:
        body = f"{body}  \n{plain_text(failure.hint)}"
    st.error(body, icon=":material/error:")


@contextmanager
def failures_told(tell: Callable[[FinTrackError], None] = show_failure) -> Iterator[None]:
    """Show (or `tell`) whatever fails inside the block instead of raising it; what was drawn before it stays.

    A failure nobody foresaw is logged under a number, and only that number is told.
    """
    try:
        yield
    except FinTrackError as failure:
        tell(failure)
    except Exception:
        number = secrets.token_hex(4)
        log.exception("failure %s on a page", number)
        tell(
            FinTrackError(
                f"Something went wrong that should not have. It was written to the log as {number}.",
                "Reload the page; if it happens again, look that number up in the log.",
            )
        )


@contextmanager
def store_away_told() -> Iterator[None]:
    """Show why where the store does not do its part; nothing more of the run happens.

    For what stands around screens and their parts, which tell their own failures.
    """
    try:
        yield
    except StoreError as failure:
        log.warning("a screen could not be shown: %s", failure.sentence)
        show_failure(failure)
        # No button: without its frame a screen would not be found again.
        st.caption("Reload the page to try again.")
        st.stop()
