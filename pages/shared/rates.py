"""How it is said that a figure rests on an old rate of exchange, or that something is in no figure without one."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.analytics import Apart
from pages.shared.formats import Formats, plain_text


def at_rate(words: str, old: date | None, formats: Formats) -> str:
    """Return words that say of which day a rate is, where that is long before."""
    return f"{words}{', ' if words else ''}at the ECB's rate of {formats.day(old)}" if old else words


def old_rate_told(old: date | None, formats: Formats) -> None:
    """Say under a list or a chart of which day its rates are, where that is long before."""
    if old:
        st.caption(plain_text(f"What is in other currencies is told {at_rate('', old, formats)}."))


def apart_told(several: Sequence[Apart], formats: Formats) -> None:
    """Say what is in no figure of a screen, for there is no rate between the currencies."""
    told = []
    for one in several:
        sides = (("in", one.income), ("out", -one.spending))
        words = " and ".join(f"{formats.money(amount, one.currency)} {side}" for side, amount in sides if amount)
        if words:
            told.append(f"{words} in {one.currency}")
    if told:
        st.caption(plain_text(f"In none of these figures, for there is no rate of exchange: {'; '.join(told)}."))
