"""The font files, served by the app itself: nothing is loaded from elsewhere, nothing else is laid open."""

from pathlib import Path
from typing import Final

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

FONTS: Final = Path(__file__).parent / "fonts"


def font_route() -> Mount:
    """Return the route `/fonts` of the front door; `[[theme.fontFaces]]` in the configuration names its files."""
    return Mount("/fonts", StaticFiles(directory=FONTS), name="fonts")
