"""Where Streamlit asks this server itself, as it would a sign-in provider: over loopback, and under no other name."""

from typing import Final

HOST: Final = "127.0.0.1"
PREFIX: Final = "/bridge/"
"""What is below it is answered under `HOST` alone (`pages/door/ring.py`), whatever a proxy calls this server."""
CLIENT: Final = {"trust_env": False, "timeout": 30}
"""How Streamlit asks: no proxy of the network's stands between, and who is asked may have to ask on."""


def address(port: int, path: str = "") -> str:
    """Return the address of a path."""
    return f"http://{HOST}:{port}{path}"
