"""Where money came from and where it went: streams between two columns, as wide as what flows in them.

Drawn by ourselves, for Plotly's streams can't be clicked: each is a link to its rows. On a narrow screen the two
columns stand under each other as lists. All words in it are escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

import streamlit as st

from pages.shared.charts.tokens import tokens
from pages.shared.formats import clean
from pages.shared.links import Link, address_of

GAP: Final = 18.0
"""Pixels between two of a column: a name must fit where its stream is thin."""
BODY: Final = 350.0
"""How many pixels all streams are high together."""
TOP: Final = 26.0
BAR: Final = 1.1
"""How wide an end is, in per cent of the whole, as all that lies across."""
MIDDLE: Final = 50.0
THICK: Final = 18.0
"""Pixels from which on a name lies within its stream; a thinner one would strike it through."""
STEPS: Final = 14
"""By how many straight pieces a curve is drawn."""

STYLE: Final = """
<style>
.streams { container-type: inline-size; font-variant-numeric: tabular-nums; font-size: 0.93rem; line-height: 1.2; }
.streams .drawn { position: relative; }
.streams .ribbon { position: absolute; inset: 0; opacity: 0.3; transition: opacity 0.15s; background: var(--tint); }
.streams .ribbon:hover, .streams .ribbon:focus-visible { opacity: 0.6; }
.streams .end { position: absolute; background: var(--tint); border-radius: 2px; }
.streams .name { position: absolute; transform: translateY(-50%); white-space: nowrap; }
.streams .name, .streams .name:visited { color: inherit; text-decoration: none; }
.streams .name:hover, .streams .name:focus-visible { text-decoration: underline; }
.streams .name span { color: var(--quiet); font-size: 0.86rem; margin-left: 0.3rem; }
.streams .thin { background: color-mix(in srgb, var(--paper) 72%, transparent); padding: 0 0.2rem; border-radius: 4px; }
.streams .middle { transform: translate(-50%, -100%); }
.streams .lists { display: none; font-size: 0.93rem; }
.streams .lists h4 { all: unset; display: block; font-weight: 600; margin: 0.7rem 0 0.2rem; }
.streams .lists ol { list-style: none; margin: 0; padding: 0; }
.streams .lists li { margin: 0; padding: 0.35rem 0.5rem; display: flex; justify-content: space-between; gap: 0.6rem;
  border-left: 4px solid var(--tint);
  background: linear-gradient(90deg, color-mix(in srgb, var(--tint) 20%, transparent) calc(var(--part) * 100%),
    transparent calc(var(--part) * 100%)); margin-bottom: 3px; border-radius: 3px; }
.streams .lists a, .streams .lists a:visited { color: inherit; text-decoration: none; }
.streams .lists .amount { white-space: nowrap; }
@container (max-width: 640px) {
  .streams .drawn { display: none; }
  .streams .lists { display: block; }
}
</style>
"""


@dataclass(frozen=True, slots=True)
class StreamBar:
    """One stream; `tint` is one of the colours 1 to 8 of the theme, `told` its amount and share in words."""

    name: str
    amount: Decimal
    told: str
    tint: int
    link: Link | None = None


def streams_chart(sources: Sequence[StreamBar], uses: Sequence[StreamBar], middle: StreamBar, *, alt: str) -> None:
    """Draw streams that run from `sources` into `middle` and on into `uses`; both sides add up to it."""
    height = TOP + BODY + GAP * max(len(sources), len(uses))
    scale = BODY / float(middle.amount) if middle.amount else 0.0
    top = TOP + (height - TOP - BODY) / 2
    sides = "".join((*_side(sources, scale, height, top, far=0.0), *_side(uses, scale, height, top, far=100.0 - BAR)))
    tint = f"--tint:var(--c{middle.tint})"
    st.html(
        f'{STYLE}<div class="streams" style="{tokens()}" role="group" aria-label="{escape(alt)}">'
        f'<div class="drawn" style="height:{height:.0f}px">{sides}'
        f'<div class="end" style="{tint};left:{MIDDLE - BAR / 2:.2f}%;top:{top:.1f}px;width:{BAR}%;'
        f'height:{BODY:.1f}px"></div>'
        f"{_linked(middle, 'name middle', f'left:{MIDDLE}%;top:{top - 6:.1f}px', _words(middle))}</div>"
        f'<div class="lists">{_list("Where it came from", sources, middle.amount)}'
        f"{_list('Where it went', uses, middle.amount)}</div></div>"
    )


def _side(streams: Sequence[StreamBar], scale: float, height: float, top: float, *, far: float) -> Sequence[str]:
    """Draw the streams between the middle and one side, whose ends begin at `far` per cent."""
    whole = sum(float(one.amount) for one in streams) * scale + GAP * (len(streams) - 1)
    y, inner = TOP + (height - TOP - whole) / 2, top
    is_left = far < MIDDLE
    outer, near = (far + BAR, MIDDLE - BAR / 2) if is_left else (far, MIDDLE + BAR / 2)
    drawn = []
    for one in streams:
        tall = float(one.amount) * scale
        tint = f"--tint:var(--c{one.tint})"
        shape = _shape((outer, y), (near, inner), tall)
        drawn.append(_linked(one, "ribbon", f"{tint};clip-path:polygon({shape})", ""))
        drawn.append(
            f'<div class="end" style="{tint};left:{far:.2f}%;top:{y:.1f}px;width:{BAR}%;height:{max(tall, 1.5):.1f}px">'
            "</div>"
        )
        beside = f"{'left' if is_left else 'right'}:{BAR + 0.8:.2f}%;top:{y + tall / 2:.1f}px"
        drawn.append(_linked(one, "name" if tall > THICK else "name thin", beside, _words(one)))
        y, inner = y + tall + GAP, inner + tall
    return drawn


def _shape(begin: tuple[float, float], end: tuple[float, float], tall: float) -> str:
    """Return the outline of a stream of one height between two places: a curve there, and the same one back."""
    parts = [step / STEPS for step in range(STEPS + 1)]
    # Level at both ends: 3u² - 2u³.
    edge = [
        (begin[0] + (end[0] - begin[0]) * u, begin[1] + (end[1] - begin[1]) * (3 * u * u - 2 * u * u * u))
        for u in parts
    ]
    outline = [*edge, *((x, y + max(tall, 1.0)) for x, y in reversed(edge))]
    return ",".join(f"{x:.2f}% {y:.1f}px" for x, y in outline)


def _words(one: StreamBar) -> str:
    return f"{escape(clean(one.name))}<span>{escape(one.told)}</span>"


def _linked(one: StreamBar, kind: str, style: str, inside: str) -> str:
    told = escape(f"{clean(one.name)}: {one.told}")
    if one.link is None:
        return f'<div class="{kind}" style="{style}" title="{told}">{inside}</div>'
    # Of the two links of a stream only its name is read out and reached by the keyboard.
    hidden = "" if inside else ' aria-hidden="true" tabindex="-1"'
    where = escape(address_of(one.link))
    return f'<a class="{kind}" style="{style}" href="{where}" title="{told}"{hidden}>{inside}</a>'


def _list(title: str, streams: Sequence[StreamBar], whole: Decimal) -> str:
    lines = []
    for one in streams:
        name = escape(clean(one.name))
        if one.link is not None:
            name = f'<a href="{escape(address_of(one.link))}">{name}</a>'
        part = float(one.amount / whole) if whole else 0.0
        lines.append(
            f'<li style="--tint:var(--c{one.tint});--part:{part:.4f}"><span>{name}</span>'
            f'<span class="amount">{escape(one.told)}</span></li>'
        )
    return f"<h4>{title}</h4><ol>{''.join(lines)}</ol>"
