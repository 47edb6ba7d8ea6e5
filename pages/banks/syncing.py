"""Syncing from the Accounts page: what is going on, and how each bank did."""

from collections.abc import Sequence

import streamlit as st

from core.banking import ItemSync, refresh_balances, sync_all
from pages.banks import wishes
from pages.banks.wishes import EVERYTHING, Told
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor


def in_words(new: int, posted: int, changed: int, removed: int, formats: Formats) -> str:
    """Return how many transactions came, were posted, were changed and went, as "3 new, 1 posted"."""
    told = [
        f"{formats.number(number)} {word}"
        for number, word in ((new, "new"), (posted, "posted"), (changed, "changed"), (removed, "removed"))
        if number
    ]
    return ", ".join(told) or "nothing new"


def outcome(result: ItemSync, formats: Formats) -> str:
    """Return how the sync of one item went, as Markdown."""
    if result.error:
        return f":material/error: {plain_text(result.institution)}: {plain_text(result.error)}"
    counts = result.counts
    told = in_words(counts.added, counts.posted, counts.modified, counts.removed, formats)
    wait = "" if result.ready else " The bank is still gathering the history: sync again in a minute."
    note = f" {plain_text(result.note)}" if result.note else ""
    return f":material/check: {plain_text(result.institution)}: {told}.{note}{wait}"


def summary(results: Sequence[ItemSync], formats: Formats) -> str:
    """Return how several syncs went together, in a few words."""
    failed = sum(bool(result.error) for result in results)
    if failed:
        return f"{failed} of {len(results)} could not be synced"
    news = sum(
        counts.added + counts.modified + counts.removed + counts.posted
        for counts in (result.counts for result in results)
    )
    return f"Synced: {formats.number(news)} {'change' if news == 1 else 'changes'}" if news else "Synced: nothing new"


def sync(guest: Visitor, item: int, formats: Formats) -> None:
    """Bring one item, or every one, up to date, and say what is going on meanwhile."""
    house = guest.house
    with failures_told(), st.status("Asking the banks what is new", expanded=True) as status:

        def progress(sentence: str) -> None:
            status.update(label=plain_text(sentence))

        # Threads of their own write what comes, which counts as nobody's act.
        house.changes.admit()
        only = None if item == EVERYTHING else {item}
        results = sync_all(house.store, house.vault, house.providers, guest.user, progress, only=only)
        for result in results:
            status.markdown(outcome(result, formats))
        failed = any(result.error for result in results)
        noted = any(result.note for result in results)
        status.update(
            label=summary(results, formats), state="error" if failed else "complete", expanded=failed or noted
        )


def balances(guest: Visitor, item: int, formats: Formats) -> None:
    """Ask a bank for this minute's balances."""
    house = guest.house
    with failures_told(), st.spinner("Asking the bank for its balances"):
        count = refresh_balances(house.store, house.vault, house.providers, guest.user, item)
        accounts = f"{formats.number(count)} {'account' if count == 1 else 'accounts'}"
        told = f":material/check: The balances of {accounts} are of this minute."
        wishes.tell(Told(good=True, sentence=told))
