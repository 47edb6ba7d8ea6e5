"""Getting at the installation's keys: made at the first start, unwrapped at every other, wrapped anew when asked."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from core.config import Settings
from core.errors import StoreError, ValidationError
from core.vault.keyring import NAME, Keyring, Method, read_keyring, write_keyring
from core.vault.keys import Keys
from core.vault.places import PROBE_SECONDS, RECOVER, KeyFile, Place, SystemKeyring, key_in_words
from core.vault.recovery import read, written
from core.vault.wrapping import KEY_BYTES, Stretching, WrongKeyError, public_half

TRIES: Final = 3
LEAST_PASSPHRASE: Final = 15
OLD_NAME: Final = "secret.key"
"""Where the root lay before there was a keyring."""

Ask = Callable[[str], str]
"""Asks a person at the terminal for something secret, after the sentence that it is given."""

METHODS: Final[dict[Method, str]] = {
    "file": "a file",
    "environment": "FINTRACK_KEY",
    "passphrase": "a passphrase",
    "keyring": "the system's keyring",
}


class Opener:
    """How this process gets at the keys of one data folder. It asks for a passphrase once at most."""

    def __init__(self, settings: Settings, ask: Ask | None = None) -> None:
        self._settings = settings
        self._ask = ask
        self._known: tuple[Stretching, bytes] | None = None
        self.folder: Path = settings.fintrack_data_dir

    def exists(self) -> bool:
        """Tell whether the keyring has been made."""
        return read_keyring(self.folder) is not None

    def agreed(self) -> None:
        """Hold the settings against how the keys are kept.

        Raises:
            StoreError: they say something else, so that the person would be mistaken about what protects the data.
        """
        keyring = self._keyring()
        wish = self._wish()
        if wish is not None and wish != keyring.method:
            raise StoreError(
                f"The key is kept in {METHODS[keyring.method]}, and the settings speak of {METHODS[wish]}.",
                f"Mend the settings, or change over: python -m core user rotate-key --source {wish}",
            )

    def opened(self) -> Keys:
        """Return the keys.

        Raises:
            StoreError: what unwraps them is missing or another one, or the keyring is damaged or not there.
        """
        return self._unwrapped(self._keyring())[0]

    def make(self, root: bytes = b"") -> Keys:
        """Make the keyring around new keys, or around the root that there was before.

        Raises:
            StoreError: the key that wraps them can't be put where the settings want it.
        """
        keys = Keys.made(root)
        installation = secrets.token_hex(16)
        self._wrap(keys, installation, self._wish() or self._best(installation))
        if self.opened() != keys:
            raise StoreError(f"{self.folder / NAME} does not open again.", "Check the disk.")
        return keys

    def rewrap(self, keys: Keys, method: Method | None = None) -> None:
        """Wrap `keys` anew, under a new wrapping key where FinTrack makes those, or by another method.

        Killed at any moment, the old wrapping key or the new one opens the keyring that is there.

        Raises:
            StoreError: the wrapping key can't be put where it should be; the keyring is as before.
        """
        keyring = self._keyring()
        _, old = self._unwrapped(keyring)
        place = self._place(keyring.method, keyring.installation)
        if method is None and place is None:
            self.with_keys(keys)
            return
        self._wrap(keys, keyring.installation, method or keyring.method)
        if place is not None:
            _drop(place, old)

    def with_keys(self, keys: Keys, name: str = NAME) -> None:
        """Keep `keys` under the same wrapping key, in the keyring or in another file beside it."""
        keyring = self._keyring()
        _, key = self._unwrapped(keyring)
        anew = Keyring.around(keys, key, keyring.installation, keyring.method, keyring.stretching)
        write_keyring(self.folder, anew, name)

    def tidy(self) -> None:
        """Leave nothing of earlier wrapping keys in the places that are this installation's own."""
        keyring = self._keyring()
        own = KeyFile.of(keyring.installation, None)
        if keyring.method != "file":
            own.clear()
        place = self._place(keyring.method, keyring.installation)
        if place is not None and (place == own or keyring.method == "keyring"):
            _, key = self._unwrapped(keyring)
            if place.keys() != [key]:
                place.put([key])

    def new_recovery_key(self) -> str:
        """Return a new recovery key as it is written down; the one before it is void.

        Raises:
            StoreError: as `opened`.
        """
        keys = self.opened()
        recovery_key = secrets.token_bytes(KEY_BYTES)
        self.with_keys(Keys(keys.root, keys.newest_first, public_half(recovery_key)))
        return written(recovery_key)

    def recover(self, text: str, method: Method | None) -> None:
        """Wrap the keys anew by the recovery key that somebody wrote down.

        Raises:
            ValidationError: it has a slip of the pen, or is of another installation.
            StoreError: there is no keyring, or the new wrapping key can't be kept.
        """
        keyring = self._keyring()
        try:
            keys = keyring.recovered(read(text))
        except WrongKeyError:
            raise ValidationError(
                "This recovery key does not open this installation's keyring.",
                "It may be an older one, or of another installation.",
            ) from None
        chosen = method or self._wish() or keyring.method
        try:
            self._wrap(keys, keyring.installation, chosen)
        except StoreError as failure:
            if chosen != "keyring":
                raise
            # On another machine there may be none, and it says itself that the recovery key would help.
            raise StoreError(
                failure.sentence,
                "If it can't be helped, keep the key in a file: python -m core user recover --source file",
            ) from failure

    def _keyring(self) -> Keyring:
        keyring = read_keyring(self.folder)
        if keyring is None:
            raise StoreError(f"There is no {NAME} in {self.folder}.", "Put it back from a copy of the data folder.")
        return keyring

    def _wish(self) -> Method | None:
        """Return what the settings say of where the key is, None when they leave it open."""
        if self._settings.fintrack_key_source != "auto":
            return self._settings.fintrack_key_source
        if self._settings.fintrack_key.get_secret_value():
            return "environment"
        return "passphrase" if self._settings.fintrack_passphrase.get_secret_value() else None

    def _best(self, installation: str) -> Method:
        if self._settings.fintrack_key_file is None and SystemKeyring(installation, PROBE_SECONDS).works():
            return "keyring"
        return "file"

    def _place(self, method: Method, installation: str) -> Place | None:
        if method == "file":
            return KeyFile.of(installation, self._settings.fintrack_key_file)
        return SystemKeyring(installation) if method == "keyring" else None

    def _unwrapped(self, keyring: Keyring) -> tuple[Keys, bytes]:
        """Return the keys and what unwrapped them."""
        for key in self._wrapping_keys(keyring):
            try:
                keys = keyring.opened(key)
            except WrongKeyError:
                continue
            if keyring.stretching is not None:
                self._known = (keyring.stretching, key)
            return keys, key
        raise StoreError(*_mistaken(keyring.method, self._place(keyring.method, keyring.installation)))

    def _wrapping_keys(self, keyring: Keyring) -> Iterator[bytes]:
        place = self._place(keyring.method, keyring.installation)
        if place is not None:
            yield from place.keys()
        elif keyring.method == "environment":
            yield self._key_in_environment()
        elif keyring.stretching is not None:
            if self._known is not None and self._known[0] == keyring.stretching:
                yield self._known[1]
                return
            yield from map(keyring.stretching.key, self._passphrases())

    def _passphrases(self) -> Iterator[str]:
        given = self._settings.fintrack_passphrase.get_secret_value()
        if given:
            yield given
            return
        if self._ask is None:
            raise StoreError(
                "This installation opens with a passphrase.",
                "Start it at a terminal, where it asks, or set FINTRACK_PASSPHRASE.",
            )
        yield self._ask("Passphrase")
        for _ in range(TRIES - 1):
            yield self._ask("That is not the passphrase of this installation. Passphrase")

    def _key_in_environment(self) -> bytes:
        text = self._settings.fintrack_key.get_secret_value()
        if not text:
            raise StoreError("The key of this installation is kept in FINTRACK_KEY, which is not set.", RECOVER)
        return key_in_words(text)

    def _wrap(self, keys: Keys, installation: str, method: Method) -> None:
        """Wrap `keys` by `method` and make that the keyring."""
        place, stretching = self._place(method, installation), None
        if place is not None:
            # The one that is there stays beside it until the keyring is written.
            key = secrets.token_bytes(KEY_BYTES)
            place.put([key, *place.present()])
        elif method == "environment":
            key = self._key_in_environment()
        else:
            stretching = Stretching()
            key = stretching.key(self._new_passphrase())
            self._known = (stretching, key)
        write_keyring(self.folder, Keyring.around(keys, key, installation, method, stretching))

    def _new_passphrase(self) -> str:
        given = self._settings.fintrack_passphrase.get_secret_value()
        if not given and self._ask is None:
            raise StoreError("A passphrase is wanted, and nobody is there to give one.", "Set FINTRACK_PASSPHRASE.")
        if not given and self._ask is not None:
            given = self._ask("New passphrase")
            if self._ask("The same again") != given:
                raise ValidationError("The two are not the same; nothing was changed.", "Try again.")
        if len(given) < LEAST_PASSPHRASE:
            raise ValidationError(
                f"The passphrase has to have {LEAST_PASSPHRASE} characters at least.", "Four words of your own do well."
            )
        return given


def kept_in(settings: Settings) -> tuple[Method, Path | None]:
    """Return where the key that unwraps the others is kept, and its file when that is a file.

    Raises:
        StoreError: there is no keyring, or it is damaged.
    """
    keyring = read_keyring(settings.fintrack_data_dir)
    if keyring is None:
        raise StoreError(f"There is no {NAME} in {settings.fintrack_data_dir}.", "Start FinTrack once.")
    file = KeyFile.of(keyring.installation, settings.fintrack_key_file).path if keyring.method == "file" else None
    return keyring.method, file


def _drop(place: Place, key: bytes) -> None:
    """Take one key away, and the place with the last."""
    if rest := [one for one in place.present() if one != key]:
        place.put(rest)
    else:
        place.clear()


def _mistaken(method: Method, place: Place | None) -> tuple[str, str]:
    if isinstance(place, KeyFile):
        return f"The key in {place.path} is of another installation.", RECOVER
    if method == "environment":
        return "FINTRACK_KEY is not the key of this installation.", RECOVER
    if method == "passphrase":
        return (
            "That is not the passphrase of this installation.",
            "Try again, or use your recovery key: python -m core user recover",
        )
    return "The key in the system's keyring is of another installation.", RECOVER
