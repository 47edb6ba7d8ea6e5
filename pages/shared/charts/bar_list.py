"""Lines with a bar each: what it is, how much, which share, how it changed. A line may open to its parts.

Drawn by ourselves: on a narrow screen the figures go under the names. All words in it are escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final, Literal

import streamlit as st

from pages.shared.charts.tokens import tokens
from pages.shared.formats import clean
from pages.shared.icons import known_icon
from pages.shared.links import Link, address_of

Tone = Literal["good", "bad", ""]

STYLE: Final = """
<style>
.bars { container-type: inline-size; font-size: 0.93rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.bars ol { list-style: none; margin: 0; padding: 0; }
.bars li { margin: 0; padding: 0; }
.bars .opens { position: relative; --tall: 2rem; }
.bars .opens > .row { pointer-events: none; z-index: 1; }
.bars .opens > .row a { pointer-events: auto; }
.bars .opens > details > summary { list-style: none; cursor: pointer; position: absolute; inset: 0 0 auto 0;
  height: var(--tall); border-radius: 6px; }
.bars .opens > details > summary::-webkit-details-marker { display: none; }
.bars .opens > details > summary:hover { background: color-mix(in srgb, currentColor 6%, transparent); }
.bars { --icons: 0; --shares: 0; --changes: 0; }
.bars.icons { --icons: 1.85rem; } .bars.shares { --shares: 3.2rem; } .bars.changes { --changes: 8.5rem; }
.bars .row { display: grid; grid-template-columns: var(--icons) minmax(0, 1fr) auto var(--shares) var(--changes);
  align-items: center; padding: 0.34rem 0.4rem; border-radius: 6px; position: relative; isolation: isolate; }
.bars .row::before { content: ""; position: absolute; z-index: -1; left: 0; top: 2px; bottom: 2px; border-radius: 6px;
  width: calc(var(--share) * 100%); background: color-mix(in srgb, var(--c1) 15%, transparent); }
.bars .row:hover { background: color-mix(in srgb, currentColor 6%, transparent); }
.bars .icon { font-family: "Material Symbols Rounded"; font-size: 1.15rem; opacity: 0.75; overflow: hidden;
  width: 1.25rem; line-height: 1; font-feature-settings: "liga"; }
.bars .what { min-width: 0; }
.bars .what a, .bars .what a:visited { color: inherit; text-decoration: none; }
.bars .what a:hover, .bars .what a:focus-visible { text-decoration: underline; color: var(--link); }
.bars .note { font-size: 0.8rem; color: var(--quiet); margin-left: 0.45rem; }
.bars .amount { text-align: right; font-weight: 500; white-space: nowrap; }
.bars .share, .bars .change { text-align: right; color: var(--quiet); font-size: 0.86rem; white-space: nowrap; }
.bars .change.good { color: var(--gain); }
.bars .change.bad { color: var(--loss); }
.bars .turn { display: inline-block; font-family: "Material Symbols Rounded"; font-size: 1rem; opacity: 0.65;
  vertical-align: -0.18rem; margin-left: 0.1rem; font-feature-settings: "liga"; }
.bars .opens:has(> details[open]) > .row .turn { rotate: 180deg; }
.bars ol ol { padding-left: 1.5rem; margin-bottom: 0.3rem; }
.bars ol ol .row { padding-top: 0.18rem; padding-bottom: 0.18rem; font-size: 0.9rem; }
.bars ol ol .row::before { background: color-mix(in srgb, var(--c1) 9%, transparent); }
@container (max-width: 520px) {
  .bars .row { grid-template-columns: var(--icons) minmax(0, 1fr) auto var(--shares); }
  .bars .change { grid-column: 2 / -1; text-align: left; }
  .bars.changes .opens { --tall: 3.2rem; }
  .bars ol ol { padding-left: 0.8rem; }
  .bars .note { display: block; margin-left: 0; }
}
</style>
"""


@dataclass(frozen=True, slots=True)
class BarLine:
    """One line; `amount`, `share` and `change` are plain words, `part` is how long its bar is, 0 to 1."""

    name: str
    link: Link | None
    amount: str
    part: Decimal
    share: str = ""
    change: str = ""
    tone: Tone = ""
    icon: str = ""
    note: str = ""
    parts: "tuple[BarLine, ...]" = ()


def bar_list(lines: Sequence[BarLine]) -> None:
    """Draw lines with bars."""
    columns = {
        "icons": any(one.icon for one in lines),
        "shares": any(one.share for one in lines),
        "changes": any(one.change for one in lines),
    }
    shown = " ".join(name for name, there in columns.items() if there)
    st.html(f'{STYLE}<div class="bars {shown}" style="{tokens()}"><ol>{"".join(map(_line, lines))}</ol></div>')


def _line(one: BarLine) -> str:
    row = _row(one)
    if not one.parts:
        return f"<li>{row}</li>"
    # What opens it lies under its row, not around it: a link in a button could be reached by nobody without a mouse.
    parts = f"<ol>{''.join(map(_line, one.parts))}</ol>"
    what = escape(f"Parts of {clean(one.name) or 'No name'}")
    return f'<li class="opens">{row}<details><summary aria-label="{what}"></summary>{parts}</details></li>'


def _row(one: BarLine) -> str:
    name = escape(clean(one.name) or "No name")
    if one.link is not None:
        name = f'<a href="{escape(address_of(one.link))}">{name}</a>'
    turn = '<span class="turn" aria-hidden="true">expand_more</span>' if one.parts else ""
    note = f'<span class="note">{escape(clean(one.note))}</span>' if one.note else ""
    icon = known_icon(one.icon) if one.icon else ""
    part = max(0.0, min(1.0, float(one.part)))
    change = f'<span class="change {one.tone}">{escape(one.change)}</span>' if one.change else ""
    return (
        f'<div class="row" style="--share:{part:.4f}"><span class="icon" aria-hidden="true">{icon}</span>'
        f'<span class="what">{name}{turn}{note}</span><span class="amount">{escape(one.amount)}</span>'
        f'<span class="share">{escape(one.share)}</span>{change}</div>'
    )
