"""What every test can ask for, and the rule that no test leaves this machine."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

SHARED: Final = Path(os.environ.get("FINTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
LOOPBACK: Final = ("127.", "::1", "localhost")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real bank files and Plaid's sandbox users; skip where it is absent."""
    if not (SHARED / "statements").is_dir():
        pytest.skip("the real bank files are not on this machine")
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise PermissionError(f"a test tried to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
