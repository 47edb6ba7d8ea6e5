"""A house with Plaid's stand-in, on each database that is there, and a mail server."""

import pytest

from core.banking.plaid import PlaidProvider
from core.store import Store
from tests.core.banking.house import House, settle
from tests.core.identity.conftest import mailbox, smtp

__all__ = ["mailbox", "smtp"]


@pytest.fixture
def house(store: Store, provider: PlaidProvider) -> House:
    """Return a house with one person and no bank."""
    return settle(store, provider)
