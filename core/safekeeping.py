"""Backing everything up from the running app: for its owner alone, after a fresh check."""

from contextlib import suppress
from pathlib import Path

from core.backup import FOLDER, LastBackup, Progress, Written, back_up, last_backup
from core.errors import BackupError, NotFoundError, StepUpNeededError
from core.identity import SignedIn, check_strength, demand, note, profile
from core.runtime import Runtime


def may_back_up(house: Runtime, signed_in: SignedIn) -> bool:
    """Tell whether somebody may back everything up: a backup holds everybody's data and the keys."""
    person = profile(house.store, signed_in.user)
    return person.is_owner and not person.is_demo


def back_up_everything(
    house: Runtime, signed_in: SignedIn, passphrase: str, progress: Progress = lambda _share, _what: None
) -> Written:
    """Write everything into one encrypted file in the folder of backups, and read it back.

    Raises:
        StepUpNeededError: a fresh check is needed.
        NotFoundError: somebody else than the owner asks.
        ValidationError: the passphrase is too easy to guess.
        BackupError: the file can't be written or does not read back; there is none then.
        StoreError: the store can't be read.
    """
    user = demand(house.store, signed_in)
    _demand_owner(house, signed_in)
    house.store.admit()
    done = back_up(house.store, house.vault.keys, passphrase, check_strength, _folder(house), progress=progress)
    with house.store.write() as session:
        note(session, user, "everything backed up", rows=sum(done.rows.values()))
    return done


def last_of(house: Runtime) -> LastBackup | None:
    """Return when the last backup was made, by whatever way, None before any."""
    return last_backup(house.settings.fintrack_data_dir)


def handed_out(house: Runtime, signed_in: SignedIn, done: Written) -> bytes:
    """Return a backup that its owner made just now, while they are signed in.

    Raises:
        SignInError: they no longer are.
        NotFoundError: somebody else than the owner asks.
        BackupError: the file is no longer there.
    """
    # The fresh check was asked for when it was made; the session has to be there still.
    with suppress(StepUpNeededError):
        demand(house.store, signed_in)
    _demand_owner(house, signed_in)
    try:
        return done.file.read_bytes()
    except OSError as cause:
        raise BackupError(f"{done.file} can't be read: {cause.strerror}.", "Back up again.") from cause


def _demand_owner(house: Runtime, signed_in: SignedIn) -> None:
    if not may_back_up(house, signed_in):
        raise NotFoundError("A backup holds everybody's data.", "The owner of this installation makes it.")


def _folder(house: Runtime) -> Path:
    return house.settings.fintrack_data_dir / FOLDER
