"""A house with Plaid's stand-in, on each database that is there."""

import pytest

from core.banking.plaid import PlaidProvider
from core.store import Store
from tests.core.banking.house import House, settle


@pytest.fixture
def house(store: Store, provider: PlaidProvider) -> House:
    """Return a house with one person and no bank."""
    return settle(store, provider)
