"""The way to the tools for programs that speak MCP: its library is optional, and loaded only where it is asked for."""

from collections.abc import Callable

from core.coach.tools import Scope
from core.errors import ConfigurationError


def serve(scope: Callable[[], Scope]) -> None:
    """Serve the tools over standard input and output until the other side hangs up; `scope` is whose money it is.

    Raises:
        ConfigurationError: the library is not installed.
    """
    try:
        from core.coach.mcp import server
    except ModuleNotFoundError as missing:
        raise ConfigurationError(
            f"The MCP library is not installed ({missing.name}).", "Run: pip install -r requirements-models.txt"
        ) from missing
    server(scope).run("stdio")
