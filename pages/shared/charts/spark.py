"""A line as small as a word, under a figure: how it went, without axes.

Drawn by ourselves: Streamlit's loads a second library of charts into the browser for it, of which no reader of the
screen can make anything.
"""

from base64 import b64encode
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Final

import streamlit as st

from pages.shared.charts.tokens import tokens

FEWEST: Final = 2
WIDE: Final = 200
TALL: Final = 40
EDGE: Final = 2
"""Room above and below, so that the line is nowhere cut."""


def spark(values: Sequence[Decimal], about: str) -> None:
    """Draw how `values` went, in their order; with a line at nothing where they lie on both sides of it.

    `about` says in plain words what is seen; nothing is drawn of fewer than two values.
    """
    if len(values) < FEWEST:
        return
    # A mask, for the theme's colour to come through: a picture would keep the one that it was drawn in.
    mask = f"url(data:image/svg+xml;base64,{b64encode(picture(values).encode()).decode()}) 0 0/100% 100%"
    st.html(
        f'<div role="img" aria-label="{escape(about)}" '
        f'style="{tokens()};height:2.4rem;background:var(--c1);-webkit-mask:{mask};mask:{mask}"></div>'
    )


def picture(values: Sequence[Decimal]) -> str:
    """Return the picture as SVG, of which only how opaque it is counts."""
    most, least = max(values), min(values)
    span = float(most - least) or 1.0
    inside = TALL - 2 * EDGE
    heights = [EDGE + inside * float(most - one) / span for one in values]
    across = [WIDE * place / (len(values) - 1) for place in range(len(values))]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, heights, strict=True))
    nothing = EDGE + inside * float(most) / span
    stroke = 'fill="none" stroke="#000" vector-effect="non-scaling-stroke"'
    axis = f'<path d="M0,{nothing:.1f}H{WIDE}" stroke-dasharray="2 3" opacity="0.5" {stroke}/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}" preserveAspectRatio="none">'
        f'<polygon points="0,{TALL} {line} {WIDE},{TALL}" opacity="0.12"/>{axis if least < 0 < most else ""}'
        f'<polyline points="{line}" stroke-width="1.75" stroke-linejoin="round" {stroke}/></svg>'
    )
