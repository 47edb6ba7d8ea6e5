"""Where Streamlit asks this server itself, as it would a sign-in provider: over loopback, and under no other name."""

from collections.abc import MutableMapping
from ipaddress import IPv4Address, ip_address
from typing import Final

HOST: Final = "127.0.0.1"
PREFIX: Final = "/bridge/"
"""What is below it is answered on this machine and under `HOST` alone (`pages/door/ring.py`), whatever a proxy does."""
CLIENT: Final = {"timeout": 30}
"""How Streamlit asks: who is asked may have to ask on."""
LISTENING: Final = ("", HOST, "localhost", str(IPv4Address(0)))
"""At these addresses, the last of which stands for all, a server is at `HOST` too; at any other, who knows who is."""


def address(port: int, path: str = "") -> str:
    """Return the address of a path."""
    return f"http://{HOST}:{port}{path}"


def pass_proxies(environment: MutableMapping[str, str]) -> None:
    """Have this process ask itself past any proxy that its environment names: such a one could answer what it likes."""
    # Who reads both takes the one in small letters.
    others = environment.get("no_proxy") or environment.get("NO_PROXY", "")
    if HOST not in others.replace(" ", "").split(","):
        environment["no_proxy"] = environment["NO_PROXY"] = f"{others},{HOST}".lstrip(",")


def is_from_here(client: tuple[str, int] | None) -> bool:
    """Tell whether who asks is on this machine."""
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def hindrance(listens: str, certificate: str, base: str) -> str:
    """Return why this server can't ask itself, "" where it can; by Streamlit's own settings."""
    if listens in LISTENING and not certificate and not base:
        return ""
    return (
        f"GitHub, and many tenants at Microsoft, need this server at http://{HOST}: start it without server.sslCertFile"
        " and server.baseUrlPath, with server.address left as it is or 0.0.0.0, or take them out of the settings."
    )
