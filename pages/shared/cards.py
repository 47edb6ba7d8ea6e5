"""Single figures on cards: equally tall, each change told in words, each leading to the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

import streamlit as st

from core.analytics import Change
from pages.shared.charts import spark
from pages.shared.formats import Formats, plain_text
from pages.shared.links import Link, page_link

Wanted = Literal["up", "down", "neither"]
"""Which way of changing is good news."""

WHOLE: Final = 1000
"""From here on a change is told without cents."""

_WORDS: Final = {"up": "more", "down": "less"}


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: `change` says how it moved, `note` (plain words) against what, or something else of it."""

    label: str
    value: str
    currency: str
    change: Change | None = None
    wanted: Wanted = "up"
    note: str = ""
    trend: Sequence[Decimal] = ()
    trend_of: str = ""
    """What the small line under it is of, in plain words."""
    help: str = ""
    link: Link | None = None


def card_grid(cards: Sequence[Card], formats: Formats, *, columns: int, narrowest: int = 150) -> None:
    """Draw cards side by side, at most `columns` in a row and none narrower than `narrowest` pixels."""
    with st.grid(columns, min_column_width=narrowest, gap="small", height="stretch"):
        for card in cards:
            with st.container(border=True, height="stretch", gap="xsmall"):
                figure(card, formats)


def figure(card: Card, formats: Formats) -> None:
    """Draw one figure without a frame."""
    change = card.change
    st.metric(
        card.label,
        card.value,
        _told(card, formats),
        delta_color=_colour(change, card.wanted),
        delta_arrow="off" if change is None or change.direction == "same" else change.direction,
        help=card.help or None,
    )
    spark(card.trend, f"{card.label}: {card.trend_of}")
    if card.note:
        st.caption(plain_text(card.note))
    if card.link:
        st.space("stretch")
        page_link(card.link)


def _told(card: Card, formats: Formats) -> str | None:
    if card.change is None:
        return None
    if card.change.direction == "same":
        return "no change"
    size = formats.money(card.change.size, card.currency, whole=card.change.size >= WHOLE)
    return f"{size} {_WORDS[card.change.direction]}"


def _colour(change: Change | None, wanted: Wanted) -> Literal["green", "red", "gray"]:
    if change is None or change.direction == "same" or wanted == "neither":
        return "gray"
    return "green" if change.direction == wanted else "red"
