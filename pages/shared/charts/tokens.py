"""The theme's colours for what we draw ourselves, as custom properties of CSS: light or dark as the browser is."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from pages.shared.links import Link

_NAMED: Final[Mapping[str, str]] = {
    "paper": "backgroundColor",
    "soft": "secondaryBackgroundColor",
    "line": "borderColor",
    "gain": "greenTextColor",
    "loss": "redTextColor",
    "quiet": "grayTextColor",
    "link": "linkColor",
}


def tokens() -> str:
    """Return `--paper`, `--soft`, `--line`, `--gain`, `--loss`, `--quiet`, `--link` and `--c1` to `--c8` as a style."""
    look = st.context.theme.type or "light"
    named = {name: st.get_option(f"theme.{look}.{option}") for name, option in _NAMED.items()}
    colours = st.get_option(f"theme.{look}.chartCategoricalColors")
    several = {f"c{place}": colour for place, colour in enumerate(colours, start=1)}
    strong = {"on": "#FFFFFF" if look == "light" else named["paper"]}
    return ";".join(f"--{name}:{value}" for name, value in {**named, **several, **strong}.items())


def address(link: Link) -> str:
    """Return the address of a link on this site."""
    page = link.page.rpartition("/")[2].removesuffix(".py")
    query = urlencode(dict(link.query))
    return f"/{page}?{query}" if query else f"/{page}"
