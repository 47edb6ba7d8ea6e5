"""The theme's colours for what we draw ourselves, as custom properties of CSS: light or dark as the screen is."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import streamlit as st

_NAMED: Final[Mapping[str, str]] = {
    "paper": "backgroundColor",
    "soft": "secondaryBackgroundColor",
    "line": "borderColor",
    "mark": "primaryColor",
    "gain": "greenTextColor",
    "loss": "redTextColor",
    "quiet": "grayTextColor",
    "link": "linkColor",
}


@cache
def tokens() -> str:
    """Return the names above, `--on` for what is written on a colour, and `--c1` to `--c8` as a style.

    Each is both colours, of which the browser takes one: who lets the evening turn the screen dark sees it at once.
    """
    named = {name: (_option("light", option), _option("dark", option)) for name, option in _NAMED.items()}
    several = zip(*(_option(look, "chartCategoricalColors") for look in ("light", "dark")), strict=True)
    named |= {f"c{place}": colours for place, colours in enumerate(several, start=1)}
    named["on"] = ("#FFFFFF", named["paper"][1])
    return ";".join(f"--{name}:light-dark({light},{dark})" for name, (light, dark) in named.items())


def style_of_the_chosen() -> str:
    """Return the style of a chosen button or tab: the theme's own colour for it is too dark on a dark ground."""
    return (
        f'<style>[data-testid="stButtonGroup"], [role="tablist"] {{ {tokens()} }}'
        '[data-testid="stButtonGroup"] button[data-selected="true"] p, [role="tab"][aria-selected="true"] p '
        "{ color: var(--link); }</style>"
    )


def gain_colour() -> str:
    """Return the colour of money that comes in, for a table, whose cells know no custom properties."""
    return str(_option(st.context.theme.type or "light", "greenTextColor"))


def _option(look: str, name: str) -> Any:  # noqa: ANN401 - colours, or several of them
    return st.get_option(f"theme.{look}.{name}")
