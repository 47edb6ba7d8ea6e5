"""What the coach may cost: how many tokens of language models a month, and how many were used."""

from typing import Final

import streamlit as st

from core.coach import MOST_TOKENS, OFFLINE, choose_monthly_tokens, monthly_tokens, tokens_used
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, require_user

KEY: Final = "coach_monthly_tokens"
STEP: Final = 10_000


def coach_form(guest: Visitor) -> None:
    """Draw who answers questions, what that cost this month, and how much it may."""
    formats = formats_of(guest.profile)
    models = [one for one in guest.house.coach.status() if one.provider != OFFLINE]
    allowed = monthly_tokens(guest.house.store, guest.user)
    used = tokens_used(guest.house.store, guest.user, guest.today)
    with st.container(border=True):
        st.subheader("Coach", anchor=False)
        if models:
            names = ", ".join(f"{one.provider} ({one.model})" for one in models)
            st.caption(plain_text(f"Asked in this order: {names}, then the coach by itself."))
        else:
            st.caption("No language model is set up: the coach answers by itself, and nothing leaves this machine.")
        st.number_input(
            "Tokens a month at most",
            min_value=0,
            max_value=MOST_TOKENS,
            value=allowed,
            step=STEP,
            key=KEY,
            on_change=_choose,
            help="0 is as many as it takes. Once they are used up, the coach answers by itself until the month ends.",
        )
        so_far = f"Used in {formats.month(guest.today)}: {formats.number(used)}"
        if allowed:
            told = plain_text(f"{so_far} of {formats.number(allowed)}.")
            st.progress(min(used / allowed, 1.0), told)
        else:
            st.caption(plain_text(f"{so_far}. There is no limit."))


def _choose() -> None:
    guest = require_user()
    with failures_told():
        choose_monthly_tokens(guest.house.store, guest.user, int(st.session_state[KEY]))
        st.toast("Kept.", icon=":material/check:")
