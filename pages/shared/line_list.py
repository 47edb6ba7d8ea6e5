"""Lists of lines that are links: what it is, small words under it, an amount on the right.

Drawn by ourselves: Streamlit takes three elements for a line, and a screen has dozens of them. All words are escaped; a
mark is HTML of our own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final, Literal

import streamlit as st

from pages.shared.charts import tokens
from pages.shared.formats import Formats, clean
from pages.shared.icons import known_icon
from pages.shared.links import Link, address_of

Tone = Literal["gain", "quiet", ""]

LOOK: Final = """
.link-list { font-variant-numeric: tabular-nums; }
.link-list ul { list-style: none; margin: 0; padding: 0; }
.link-list li { margin: 0; padding: 0; }
.link-list a, .link-list a:visited { display: grid; grid-template-columns: auto minmax(0, 1fr) auto;
  align-items: center; column-gap: 0.55rem; padding: 0.3rem 0.5rem; border-radius: 6px; color: inherit;
  text-decoration: none; }
.link-list a:hover { background: color-mix(in srgb, currentColor 6%, transparent); text-decoration: none; }
.link-list .icon { font-family: "Material Symbols Rounded"; font-size: 1.15rem; opacity: 0.75; overflow: hidden;
  width: 1.25rem; line-height: 1; font-feature-settings: "liga"; }
.link-list .what { min-width: 0; line-height: 1.35; overflow-wrap: anywhere; }
.link-list .below { display: block; font-size: 0.8rem; color: var(--quiet); }
.link-list .amount { text-align: right; white-space: nowrap; }
.link-list .gain { color: var(--gain); }
.link-list .quiet { color: var(--quiet); }
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, all of it the link: `icon` a Material name, the rest plain words.

    `tone` is how the amount looks: "gain" for money that comes in, "quiet" for one that isn't known. `more` are small
    lines below the first; `mark` is HTML of our own in the icon's place.
    """

    link: Link
    below: str
    amount: str
    icon: str = ""
    tone: Tone = ""
    more: tuple[str, ...] = ()
    mark: str = ""


def money_line(link: Link, below: str, amount: Decimal | None, currency: str, formats: Formats, *, icon: str) -> Line:
    """Return a line of an amount with its sign: money in stands out, money out is plain."""
    tone: Tone = "gain" if amount is not None and amount > 0 else ""
    return Line(link, below, formats.money(amount, currency, signed=True), icon, tone)


def line_list(lines: Iterable[Line]) -> None:
    """Draw lines; nothing where there are none."""
    if drawn := lines_html(lines):
        st.html(drawn)


def style_of_lines() -> str:
    """Return the style of all lists, for the frame around every screen: sent once, not with each list."""
    return f"<style>.link-list {{ {tokens()} }}{LOOK}</style>"


def lines_html(lines: Iterable[Line]) -> str:
    """Return lines in HTML: as a list, a single one without, "" where there are none."""
    links = [_html(one) for one in lines]
    if not links:
        return ""
    drawn = links[0] if len(links) == 1 else f"<ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>"
    return f'<div class="link-list">{drawn}</div>'


def _html(one: Line) -> str:
    name = escape(clean(one.link.label) or "No name")
    below = "".join(f'<span class="below">{escape(clean(words))}</span>' for words in (one.below, *one.more) if words)
    mark = one.mark or f'<span class="icon" aria-hidden="true">{known_icon(one.icon)}</span>'
    amount = f'<span class="amount {one.tone}">{escape(one.amount)}</span>'
    return f'<a href="{escape(address_of(one.link))}">{mark}<span class="what">{name}{below}</span>{amount}</a>'
