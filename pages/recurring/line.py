"""The line that a person does not want to fall below, typed once and kept."""

from decimal import Decimal

import streamlit as st

from core.money import exact, plain
from core.planning import keep_line
from pages.shared.errors import failures_told
from pages.shared.gate import require_user


def line_input(line: Decimal, currency: str) -> None:
    """Draw where the line is typed; what is typed is kept before the page is drawn anew."""
    key = f"line_at_{plain(line)}"
    st.number_input(
        f"Warn me below ({currency})",
        value=float(line),
        step=100.0,
        format="%.2f",
        key=key,
        on_change=_choose,
        args=(key,),
        width=180,
    )


def _choose(key: str) -> None:
    visitor = require_user()
    with failures_told():
        keep_line(visitor.house.store, visitor.user, exact(st.session_state[key] or 0))
        st.query_params.pop("line", None)
