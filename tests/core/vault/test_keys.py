"""Sealing and deriving: things open only where they belong, under every key that was not forgotten."""

import pytest

from core.errors import StoreError
from core.vault import Keys, Vault


def rotated(keys: Keys) -> Keys:
    """Return the same installation's keys after a rotation that has begun."""
    return Keys(keys.root, (*Keys.made().newest_first, *keys.newest_first))


def test_what_is_sealed_opens_with_the_same_keys_read_back() -> None:
    keys = Keys.made()
    sealed = Vault(keys).seal("access-token", "item:7")
    assert "access-token" not in sealed
    assert Vault(Keys.read(keys.written())).open(sealed, "item:7") == "access-token"


def test_a_token_moved_to_another_item_does_not_open() -> None:
    vault = Vault(Keys.made())
    with pytest.raises(StoreError, match="can't be opened"):
        vault.open(vault.seal("access-token", "item:7"), "item:8")


def test_a_tampered_or_foreign_seal_does_not_open() -> None:
    one = Vault(Keys.made())
    sealed = one.seal("access-token", "item:7")
    with pytest.raises(StoreError):
        Vault(Keys.made()).open(sealed, "item:7")
    with pytest.raises(StoreError):
        one.open(sealed[:-4] + "AAAA", "item:7")


def test_purposes_have_keys_of_their_own_that_outlive_a_rotation() -> None:
    keys = Keys.made()
    assert Vault(keys).derive("cookies") != Vault(keys).derive("limits")
    assert Vault(keys).derive("cookies") == Vault(rotated(keys)).derive("cookies")
    assert not {Vault(keys).derive("store"), Vault(keys).derive("seal")} & set(rotated(keys).store_keys)


def test_after_a_rotation_what_was_sealed_before_opens_until_its_key_is_forgotten() -> None:
    old = Keys.made()
    both = rotated(old)
    new = Keys(both.root, both.newest_first[:1])
    sealed = Vault(old).seal("token", "item:1")
    assert Vault(both).open(sealed, "item:1") == "token"
    anew = Vault(both).sealed_anew(sealed)
    assert Vault(new).open(anew, "item:1") == "token"
    with pytest.raises(StoreError):
        Vault(new).open(sealed, "item:1")
    with pytest.raises(StoreError):
        Vault(old).open(anew, "item:1")


def test_what_the_root_sealed_before_there_were_other_keys_still_opens() -> None:
    from base64 import urlsafe_b64encode

    from cryptography.fernet import Fernet

    vault = Vault(Keys.made())
    sealed = Fernet(urlsafe_b64encode(vault.derive("seal"))).encrypt(b"item:3\0old-token").decode()
    assert vault.open(sealed, "item:3") == "old-token"
    assert Vault(rotated(vault.keys)).open(sealed, "item:3") == "old-token"


def test_what_no_key_opens_is_left_as_it_is() -> None:
    assert Vault(Keys.made()).sealed_anew("scribbled") == "scribbled"
