"""The opening of a story: a title, and a few sentences in large type whose figures stand out. All words are escaped."""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

import streamlit as st

from pages.shared.charts.tokens import tokens

STYLE: Final = """
<style>
.banner { border-radius: 10px; padding: 1.6rem 1.8rem; border: 1px solid var(--line);
  font-variant-numeric: tabular-nums;
  background: linear-gradient(120deg, color-mix(in srgb, var(--c1) 16%, var(--paper)),
    color-mix(in srgb, var(--c2) 14%, var(--paper)) 60%, color-mix(in srgb, var(--c3) 14%, var(--paper))); }
.banner h2 { all: unset; display: block; font-size: 1.9rem; font-weight: 600; line-height: 1.2; margin-bottom: 0.5rem; }
.banner p { margin: 0; font-size: 1.14rem; line-height: 1.6; max-width: 60ch; }
.banner strong { font-weight: 600; white-space: nowrap; }
</style>
"""


class Said(NamedTuple):
    """Words, or a figure that stands out."""

    words: str
    stands_out: bool = False


def banner(title: str, story: Sequence[Said]) -> None:
    """Draw the opening of a story."""
    told = "".join(f"<strong>{escape(one.words)}</strong>" if one.stands_out else escape(one.words) for one in story)
    st.html(f'{STYLE}<div class="banner" style="{tokens()}"><h2>{escape(title)}</h2><p>{told}</p></div>')
