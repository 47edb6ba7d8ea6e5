"""Leaving FinTrack: the banks are told first, then everything of a person goes, in every place where it may lie."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.backup import FOLDER, forget
from core.banking import list_connections, remove_item
from core.errors import BankError, FinTrackError, StoreError, ValidationError
from core.identity import Asker, Operator, addresses_of, demand, drop_letters, leave, outbox_of, profile
from core.reports import drop_exports
from core.runtime import Runtime
from core.store import UserId, scrub

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a deletion did: banks that were told, those that could not be, letters and backups that are gone."""

    revoked: int
    unrevoked: tuple[str, ...]
    letters: int
    backups: int
    traces: str = ""
    """Why freed parts of the store's file may still hold what was deleted, "" when they don't."""


def list_backups(house: Runtime) -> tuple[Path, ...]:
    """Return the backups in the data folder, and the copies from before its tables changed or it was encrypted.

    Each holds everybody's data.
    """
    folder = house.settings.fintrack_data_dir / FOLDER
    return tuple(sorted(path for name in ("fintrack-*", "unencrypted-*") for path in folder.glob(name)))


def delete_everything(
    house: Runtime,
    asker: Asker,
    *,
    even_unrevoked: bool = False,
    backups: bool = False,
    progress: Progress = lambda _: None,
) -> Farewell:
    """Delete a person and all that is theirs, for good; with `backups` the copies of the whole store too.

    Every bank is told first. Where one can't be, nothing is deleted unless `even_unrevoked`; those told stay
    so, their accounts stay as accounts without a bank. Broken off later, it can be asked for again.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: somebody else than the owner asks for the backups, which are everybody's.
        BankError: banks could not be told; the sentence names them.
        TooManyAttemptsError: too much was changed within a minute; nothing is deleted then.
        StoreError: the store, or a file that belongs to it, could not be changed.
        NotFoundError: the person is gone already.
    """
    user = demand(house.store, asker)
    person = profile(house.store, user)
    if backups and (person.is_demo or not (person.is_owner or isinstance(asker, Operator))):
        raise ValidationError("The backups hold other people's data too.", "Their owner deletes them.")
    house.store.admit()
    revoked, unrevoked = _end_banks(house, asker, user, progress, even_unrevoked=even_unrevoked)
    progress("Deleting files")
    data = house.settings.fintrack_data_dir
    try:
        letters = drop_letters(outbox_of(house.settings), addresses_of(house.store, user))
        drop_exports(house.settings.exports, user)
        house.caches.drop(user)
        copies = list_backups(house) if backups else ()
        for path in copies:
            path.unlink(missing_ok=True)
        forget(data, copies)
        progress("Deleting everything else")
        leave(house.store, user, banks=revoked, unrevoked=len(unrevoked), letters=letters, backups=len(copies))
        # A screen that was open may have made it again until a moment ago.
        house.caches.drop(user)
    except OSError as cause:
        raise StoreError(
            f"A file in {data} can't be deleted: {cause.strerror}.", "Check who owns the data folder, then try again."
        ) from cause
    progress("Clearing up")
    return Farewell(revoked, unrevoked, letters, len(copies), _scrub(house))


def _end_banks(
    house: Runtime, asker: Asker, user: UserId, progress: Progress, *, even_unrevoked: bool
) -> tuple[int, tuple[str, ...]]:
    """Tell every bank, the ones after a failure too; return how many were told and which could not be."""
    failed: dict[int, tuple[str, FinTrackError]] = {}
    revoked = 0
    # The schedule may link or sync meanwhile, so what is there is asked for until all of it was told.
    while left := [one for one in list_connections(house.store, user) if one.id not in failed]:
        for bank in left:
            progress(f"Ending the connection to {bank.institution}")
            try:
                remove_item(house.store, house.vault, house.providers, asker, bank.id, "keep")
                revoked += 1
            except (BankError, StoreError) as failure:
                failed[bank.id] = bank.institution, failure
    names = tuple(name for name, _ in failed.values())
    if failed and not even_unrevoked:
        _, reason = next(iter(failed.values()))
        raise BankError(
            f"{' and '.join(names)} could not be told that FinTrack may no longer read your accounts, so nothing was "
            f"deleted. {reason.sentence}",
            "Try again later. Deleted anyway, Plaid may go on billing for them until you remove them in its dashboard.",
            code="UNREVOKED",
        )
    return revoked, names


def _scrub(house: Runtime) -> str:
    try:
        scrub(house.store)
    except StoreError as failure:
        return str(failure)
    return ""
