"""What lets a browser put the app on a phone's screen or among a computer's programs: a manifest and its icons."""

import mimetypes
from pathlib import Path
from typing import Final

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

FILES: Final = Path(__file__).parent / "install"

# Not every system's table has it, and a browser takes a manifest of no other type.
mimetypes.add_type("application/manifest+json", ".webmanifest")


def install_route() -> Mount:
    """Return the route `/install` of the front door; `door.js` names its manifest in the page's head."""
    return Mount("/install", StaticFiles(directory=FILES), name="install")
