"""Bringing a data folder into order before it is used: keys made, a plain store taken over, a rotation ended.

Whoever changes keys or files is alone in the folder; whoever uses them holds a place beside others.
"""

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.config import Settings
from core.errors import StoreError
from core.store import (
    COPIES,
    Occupancy,
    Store,
    copy_plainly,
    fits,
    is_damaged,
    kind_of,
    leave_wal,
    rewrite,
    seal_all_anew,
    sweep_halves,
)
from core.vault.keyring import NAME, Method
from core.vault.keys import Keys, Vault
from core.vault.opening import OLD_NAME, Ask, Opener
from core.vault.places import key_files
from core.vault.replacing import end_replacing, is_replacing
from core.vault.wrapping import KEY_BYTES

PATIENCE: Final = 30.0
"""Seconds to wait for others to leave, as when two start at once."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A data folder in order, and this process's place in it."""

    vault: Vault
    store_key: bytes | None
    """The raw key of the SQLite file; None when it is not encrypted, or is no file."""
    occupancy: Occupancy
    unencrypted: Path | None
    """The copy of a plain store that was taken over just now."""
    opener: Opener


@dataclass(frozen=True, slots=True)
class TurnedOver:
    """What a rotation did."""

    secrets: int
    """How many were sealed anew."""
    unencrypted: Path | None
    """The copy of a plain store that was taken over on the way."""


def settle(settings: Settings, ask: Ask | None = None) -> Settled:
    """Bring the data folder into order and take a place in it; `ask` asks for a passphrase.

    Raises:
        StoreError: the keys can't be got at, or the store can't be taken over; nothing is lost.
    """
    folder = _Folder(settings, ask)
    occupancy = Occupancy(settings.fintrack_data_dir)
    unencrypted = None
    deadline = time.monotonic() + PATIENCE
    folder.sweep()
    try:
        while True:
            occupancy.share()
            keys = folder.keys_in_order()
            if keys is not None:
                return Settled(Vault(keys), folder.fitting_key(keys), occupancy, unencrypted, folder.opener)
            occupancy.leave()
            if occupancy.alone():
                unencrypted = folder.put_in_order() or unencrypted
                occupancy.leave()
            else:
                _wait_for_others(deadline)
    except BaseException:
        occupancy.close()
        raise


def settle_alone(settings: Settings, ask: Ask | None = None) -> Settled:
    """Bring the data folder into order as `settle` does, and be the only one in it.

    Raises:
        StoreError: FinTrack is running; else as `settle`.
    """
    folder = _Folder(settings, ask)
    occupancy = Occupancy(settings.fintrack_data_dir)
    try:
        _need_to_be_alone(occupancy)
        folder.sweep()
        unencrypted = folder.put_in_order()
        folder.opener.agreed()
        keys = folder.opener.opened()
        return Settled(Vault(keys), folder.fitting_key(keys), occupancy, unencrypted, folder.opener)
    except BaseException:
        occupancy.close()
        raise


def rotate(settings: Settings, method: Method | None = None, ask: Ask | None = None) -> TurnedOver:
    """Make a new encryption key, write everything anew under it and forget the old.

    `method` is where the wrapping key goes; None leaves it where it is. Killed at any moment, the
    next start opens and ends it.

    Raises:
        StoreError: FinTrack is running, or something can't be written; the old key stays.
    """
    folder = _Folder(settings, ask)
    occupancy = Occupancy(settings.fintrack_data_dir)
    try:
        _need_to_be_alone(occupancy)
        unencrypted = folder.put_in_order()
        return TurnedOver(folder.turn_over(method), unencrypted)
    finally:
        occupancy.close()


def recover(settings: Settings, recovery_key: str, method: Method | None = None, ask: Ask | None = None) -> None:
    """Wrap the keys anew by the recovery key, for when what unwraps them is lost.

    Raises:
        ValidationError: it is not this installation's recovery key.
        StoreError: FinTrack is running, or the new wrapping key can't be kept.
    """
    occupancy = Occupancy(settings.fintrack_data_dir)
    try:
        _need_to_be_alone(occupancy)
        end_replacing(settings)
        Opener(settings, ask).recover(recovery_key, method)
    finally:
        occupancy.close()


def _need_to_be_alone(occupancy: Occupancy) -> None:
    if not occupancy.alone(seconds=1.0):
        raise StoreError("FinTrack is running on this data folder.", "Stop it, do this again, and start it.")


def _wait_for_others(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise StoreError(
            "FinTrack is running on this data folder, and its keys or its store have to be changed over.",
            "Stop it and start again.",
        )
    # Not all at the same moments, or two would be in each other's way for ever.
    time.sleep(0.05 + secrets.randbelow(50) / 1000)


class _Folder:
    """One data folder: what is in it, and the steps that put it in order. Each step can be killed and begun again."""

    def __init__(self, settings: Settings, ask: Ask | None) -> None:
        self._settings = settings
        self.opener = Opener(settings, ask)
        self._old_root = settings.fintrack_data_dir / OLD_NAME
        self._backups = settings.fintrack_data_dir / "backups"
        self._path = settings.store_file

    def sweep(self) -> None:
        """Delete keyrings and key files that were half written when somebody was killed: there are keys in them."""
        sweep_halves(self._settings.fintrack_data_dir, re.escape(NAME))
        for folder, names in key_files(self._settings.fintrack_key_file):
            sweep_halves(folder, names)

    def keys_in_order(self) -> Keys | None:
        """Return the keys when nothing is left to be done, else None."""
        if not self.opener.exists() or is_replacing(self._settings):
            return None
        self.opener.agreed()
        keys = self.opener.opened()
        done = len(keys.newest_first) == 1 and not self._is_old_root(keys) and self._plain_store() is None
        return keys if done else None

    def put_in_order(self) -> Path | None:
        """Make the keys, end a restore or a rotation, take a plain store over; return the copy of a plain store."""
        end_replacing(self._settings)
        if not self.opener.exists():
            self._make_keys()
        keys = self.opener.opened()
        if self._is_old_root(keys):
            self._remove_old_root()
        if len(keys.newest_first) > 1:
            self._end_rotation(keys)
            keys = self.opener.opened()
        plain = self._plain_store()
        return self._take_over(plain, keys.store_keys[0]) if plain is not None else None

    def turn_over(self, method: Method | None) -> int:
        """Begin a rotation and end it; return how many secrets were sealed anew."""
        keys = self.opener.opened()
        both = Keys(keys.root, (secrets.token_bytes(KEY_BYTES), *keys.newest_first), keys.recovery)
        self.opener.rewrap(both, method)
        return self._end_rotation(both)

    def fitting_key(self, keys: Keys) -> bytes | None:
        """Return the key of the store's file, None when it needs none.

        Raises:
            StoreError: the file is encrypted and this is not its key, or it is not to be encrypted.
        """
        if self._path is None:
            return None
        ciphered = kind_of(self._path) == "ciphered"
        key = keys.store_keys[0]
        if not self._settings.fintrack_encrypt:
            if ciphered and fits(self._path, key):
                raise StoreError("The store is encrypted, and FINTRACK_ENCRYPT is false.", "Set it to true.")
            return None
        if ciphered and not fits(self._path, key):
            raise _unopened(self._path)
        return key

    def _make_keys(self) -> None:
        """Make the keyring, around the root that lies in the open when there is one.

        Raises:
            StoreError: what is here was encrypted under keys that are not here, or the old root is damaged.
        """
        if self._path is not None and kind_of(self._path) == "ciphered":
            raise StoreError(
                f"{self._path} is no plain database, and the {NAME} that would open it is missing.",
                f"Put {NAME} back, or restore a backup of the whole data folder.",
            )
        root = b""
        if self._old_root.exists():
            try:
                root = self._old_root.read_bytes()
            except OSError as cause:
                raise StoreError(
                    f"The key file {self._old_root} can't be read: {cause.strerror}.", "Check who owns it."
                ) from cause
            if len(root) != KEY_BYTES:
                raise StoreError(
                    f"The key file {self._old_root} is damaged.",
                    "Put it back from a backup; without it, banks must be linked anew.",
                )
        self.opener.make(root)

    def _remove_old_root(self) -> None:
        try:
            self._old_root.unlink()
        except OSError as cause:
            raise StoreError(
                f"The key file {self._old_root} can't be deleted: {cause.strerror}.",
                f"{NAME} has taken its place: delete it yourself.",
            ) from cause

    def _is_old_root(self, keys: Keys) -> bool:
        try:
            return self._old_root.read_bytes() == keys.root
        except OSError:
            return False

    def _plain_store(self) -> Path | None:
        """Return the file that is to be encrypted, if there is one."""
        path = self._path if self._settings.fintrack_encrypt else None
        return path if path is not None and kind_of(path) == "plain" else None

    def _take_over(self, path: Path, key: bytes) -> Path:
        """Encrypt a plain store, after a copy that stays; the copies before migrations are encrypted with it."""
        self._backups.mkdir(exist_ok=True, mode=0o700)
        for stray in self._backups.glob("*.part"):
            stray.unlink()
        copy = copy_plainly(path, self._backups)
        try:
            for one in self._backups.glob(COPIES):
                if kind_of(one) == "plain" and not is_damaged(one, None):  # the doctor names one that is
                    rewrite(one, None, key)
            rewrite(path, None, key)
        except StoreError:
            # The store is as it was, and every other try would leave another copy.
            copy.unlink(missing_ok=True)
            raise
        return copy

    def _end_rotation(self, keys: Keys) -> int:
        """Write the store and its copies under the newest key, seal every secret with it, forget the others."""
        newest = keys.store_keys[0]
        vault = Vault(keys)
        count = 0
        if self._path is None:
            count = _sealed_anew(self._settings.store_url, None, vault)
        else:
            if not self._under(self._path, keys):
                raise _unopened(self._path)
            if kind_of(self._path) != "none":
                ciphered = kind_of(self._path) == "ciphered"
                count = _sealed_anew(self._settings.store_url, newest if ciphered else None, vault)
            for copy in self._backups.glob("*.db"):
                self._turn_copy_over(copy, keys, vault)
        self.opener.with_keys(Keys(keys.root, keys.newest_first[:1], keys.recovery))
        self.opener.tidy()
        return count

    def _turn_copy_over(self, copy: Path, keys: Keys, vault: Vault) -> None:
        """Write a copy of the store under the newest key; one that no key of ours opens whole stays as it is.

        Raises:
            StoreError: there is no room, or another program has it open: the old key can't be forgotten yet.
        """
        newest = keys.store_keys[0]
        try:
            if self._under(copy, keys):
                key = newest if kind_of(copy) == "ciphered" else None
                _sealed_anew(f"sqlite:///{copy}", key, vault)
                leave_wal(copy, key)
        except StoreError:
            if not all(is_damaged(copy, key) for key in (*keys.store_keys, None)):
                raise

    def _under(self, path: Path, keys: Keys) -> bool:
        """Write a file under the newest key unless it is, or is plain; False when no key opens it."""
        newest, *older = keys.store_keys
        if kind_of(path) != "ciphered" or fits(path, newest):
            return True
        old = next((key for key in older if fits(path, key)), None)
        if old is not None:
            rewrite(path, old, newest)
        return old is not None


def _sealed_anew(url: str, key: bytes | None, vault: Vault) -> int:
    store = Store(url, key)
    try:
        return seal_all_anew(store, vault.sealed_anew)
    finally:
        store.close()


def _unopened(path: Path) -> StoreError:
    return StoreError(
        f"{path} does not open with this installation's key: it is of another installation, or damaged.",
        f"Put back the {NAME} that belongs to it, or restore the last backup from data/backups.",
    )
