"""A vault of the tests' own."""

from pathlib import Path

import pytest

from core.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "secret.key")
