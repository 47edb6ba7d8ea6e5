"""Every call that the client makes, answered by an official mock of Plaid's own OpenAPI file, is understood.

The mock is Stoplight Prism: it refuses a request that the file does not allow (422), and answers with the file's
examples, or with anything that the file's schemas allow. `make prism` fetches it; without it these tests are skipped.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import SecretStr

from core.banking import Institution
from core.banking.plaid import Patience, PlaidProvider
from core.banking.plaid.client import PlaidClient
from core.banking.plaid.webhook import WebhookProof
from core.config import ROOT, Settings
from core.errors import BankError, BankTemporaryError, CursorError
from core.store import UserId

FETCHED: Final = ROOT / ".prism" / "node_modules" / ".bin" / "prism"
NAMELESS: Final = Institution("", "Bank")
START_SECONDS: Final = 60
ROUNDS: Final = 40
"""How often each call is made to the mock that answers at random."""


@dataclass(frozen=True)
class Client:
    """The client's ends, all leading to the mock."""

    provider: PlaidProvider
    proof: WebhookProof

    @property
    def headers(self) -> dict[str, str]:
        """Return what goes with each of the provider's requests."""
        return self.provider._client._api.api_client.default_headers


CALLS: Final[dict[str, Callable[[Client], object]]] = {
    "accounts_balance_get": lambda client: client.provider.fresh_accounts("access"),
    "accounts_get": lambda client: client.provider.accounts("access"),
    "institutions_get_by_id": lambda client: client.provider.institution_of("access", NAMELESS),
    "investments_holdings_get": lambda client: client.provider.holdings("access"),
    "item_get": lambda client: client.provider.state_of("access"),
    "item_public_token_exchange": lambda client: client.provider.exchange("public", NAMELESS),
    "item_remove": lambda client: client.provider.remove("access"),
    "item_webhook_update": lambda client: client.proof.point_here("access"),
    "liabilities_get": lambda client: client.provider.debts("access"),
    "link_token_create": lambda client: client.provider.begin_link(UserId(7)),
    "link_token_create, mending": lambda client: client.provider.begin_link(UserId(7), "access", choose_accounts=True),
    "link_token_get": lambda client: client.provider.look_at_link("link"),
    "sandbox_public_token_create": lambda client: client.provider.sandbox_item('{"override_accounts": []}'),
    "transactions_sync": lambda client: client.provider.changes("access", ""),
    "transactions_sync, going on": lambda client: client.provider.changes("access", "cursor"),
    "webhook_verification_key_get": lambda client: client.proof._fetch("key"),
}
"""By route of plaid-python, and how."""


def prism() -> str:
    """Return the path of Prism, "" when it is not there. `PRISM` names one before all others."""
    known = (os.environ.get("PRISM"), str(FETCHED), shutil.which("prism"))
    return next((path for path in known if path and Path(path).is_file()), "")


@pytest.fixture(scope="module", params=["examples", "random"])
def mock(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve Plaid's OpenAPI file; yields the address."""
    program, contract = prism(), shared / "plaid" / "openapi-subset.json"
    if not program or not shutil.which("node"):
        pytest.skip("Prism is not on this machine: run `make prism`")
    if not contract.is_file():
        pytest.skip("Plaid's contract is not on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "mock", "-h", "127.0.0.1", "-p", str(port), str(contract)]
    if request.param == "random":
        command.append("-d")
    log = tmp_path_factory.mktemp("prism") / "log"
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT) as server:
        deadline = time.monotonic() + START_SECONDS
        while b"Prism is listening" not in log.read_bytes():
            assert server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, "Prism does not start"
            time.sleep(0.1)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture
def client(mock: str, tmp_path: Path) -> Client:
    settings = Settings(
        fintrack_data_dir=tmp_path,
        plaid_client_id="id",
        plaid_secret=SecretStr("secret"),
        plaid_base_url=mock,
        plaid_webhook_url="https://example.org/plaid/webhook",
        plaid_products=("transactions", "investments", "liabilities"),
    )
    once = PlaidClient(settings, Patience(timeout=(5.0, 30.0), tries=1))
    return Client(PlaidProvider(once, settings, ready_waits=()), WebhookProof(once, "https://example.org/elsewhere"))


def test_every_route_that_the_client_calls_is_tried_here() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "core" / "banking" / "plaid").glob("*.py"))
    called = set(re.findall(r"\.call\(\s*\"(\w+)\"", code))
    assert called == {name.partition(",")[0] for name in CALLS}


@pytest.mark.parametrize("name", CALLS)
def test_what_plaids_own_file_answers_is_understood(
    client: Client, name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    answered: list[str] = []
    call = PlaidClient.call

    def watched(self: PlaidClient, route: str, body: Any, answer: type[Any]) -> Any:
        # Some failures are survived on purpose, such as a bank without a name; here each one counts.
        try:
            result = call(self, route, body, answer)
        except BankError as failure:
            cause = failure.__cause__
            pytest.fail(f"{route}: {failure!r} from {cause!r} from {cause and cause.__cause__!r}")
        answered.append(route)
        return result

    monkeypatch.setattr(PlaidClient, "call", watched)
    # Pages made up at random contradict each other at times, which is told as data that never holds still.
    contradictory = (BankTemporaryError, CursorError) if "random" in request.node.name else ()
    for _ in range(1 if "examples" in request.node.name else ROUNDS):
        with suppress(*contradictory):
            CALLS[name](client)
    assert name.partition(",")[0] in answered


@pytest.mark.parametrize("name", ["accounts_get", "item_remove", "link_token_get", "transactions_sync"])
def test_an_error_of_plaids_own_file_is_told_in_a_sentence(client: Client, name: str) -> None:
    client.headers["Prefer"] = "code=400"
    with pytest.raises(BankError) as caught:
        CALLS[name](client)
    assert caught.value.sentence
    assert caught.value.hint
