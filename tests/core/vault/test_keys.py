"""The installation's key: private, the same at every start, and sealed things open only where they belong."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import StoreError
from core.vault import Vault


def test_what_is_sealed_opens_again_after_a_restart(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "secret.key").seal("access-token", "item:7")
    assert "access-token" not in sealed
    assert Vault(tmp_path / "secret.key").open(sealed, "item:7") == "access-token"


def test_a_token_moved_to_another_item_does_not_open(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "secret.key")
    with pytest.raises(StoreError, match="can't be opened"):
        vault.open(vault.seal("access-token", "item:7"), "item:8")


def test_a_tampered_or_foreign_seal_does_not_open(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "one.key").seal("access-token", "item:7")
    with pytest.raises(StoreError):
        Vault(tmp_path / "two.key").open(sealed, "item:7")
    with pytest.raises(StoreError):
        Vault(tmp_path / "one.key").open(sealed[:-4] + "AAAA", "item:7")


def test_the_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    Vault(tmp_path / "deep" / "secret.key")
    assert (tmp_path / "deep" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "deep").stat().st_mode & 0o777 == 0o700


def test_purposes_have_keys_of_their_own(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "secret.key")
    assert vault.derive("cookies") != vault.derive("limits")
    assert vault.derive("cookies") == Vault(tmp_path / "secret.key").derive("cookies")


def test_many_who_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: Vault(tmp_path / "secret.key").derive("x"), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="damaged"):
        Vault(tmp_path / "secret.key")
