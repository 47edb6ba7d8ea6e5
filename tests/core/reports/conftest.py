"""A vault of the tests' own."""

import pytest

from core.vault import Keys, Vault


@pytest.fixture
def vault() -> Vault:
    return Vault(Keys.made())
