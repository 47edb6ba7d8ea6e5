"""The stand-in as fixtures: every exchange with it is held against Plaid's contract, where that is at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.banking.plaid import Patience, PlaidProvider
from core.config import Settings
from tests.conftest import SHARED
from tests.standins.plaid.contract import Contract
from tests.standins.plaid.server import CLIENT_ID, SECRET, PlaidStandIn

CONTRACT = SHARED / "plaid" / "openapi-subset.json"
QUICK = Patience(timeout=(1.0, 0.5), tries=3, first_wait=0.01, longest_wait=0.2)


@pytest.fixture(scope="session")
def contract() -> Contract | None:
    """Return Plaid's contract, None on machines without it."""
    return Contract(CONTRACT) if CONTRACT.is_file() else None


@pytest.fixture
def plaid(contract: Contract | None) -> Iterator[PlaidStandIn]:
    """Serve the stand-in; a request or response that Plaid's contract does not allow fails the test."""
    with PlaidStandIn(contract) as bank:
        yield bank
    assert bank.violations == []


@pytest.fixture(scope="module")
def bank(contract: Contract | None) -> Iterator[PlaidStandIn]:
    """Serve one stand-in for all tests of a file, whose server leads to it: see its `environment`."""
    with PlaidStandIn(contract) as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def plaid_settings(plaid: PlaidStandIn, tmp_path: Path) -> Settings:
    """Return settings that lead to the stand-in."""
    return Settings(
        fintrack_data_dir=tmp_path, plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=plaid.url
    )


@pytest.fixture
def provider(plaid_settings: Settings) -> PlaidProvider:
    """Return the real provider before the stand-in, with little patience."""
    from core.banking.plaid.client import PlaidClient

    return PlaidProvider(PlaidClient(plaid_settings, QUICK), plaid_settings, ready_waits=(0.01, 0.01))
