"""Transfers and refunds: what is asked, and what was found."""

import streamlit as st

from core.ledger import PairEntry, PairSide, decide_pair, list_pairs
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user

SHOWN = 25


def pairs_list(guest: Visitor) -> None:
    """Draw the pairs that are to be decided, then those that count."""
    store, formats = guest.house.store, formats_of(guest.profile)
    asked = list_pairs(store, guest.user, ("asked",), SHOWN)
    living = list_pairs(store, guest.user)
    refused = list_pairs(store, guest.user, ("refused",), SHOWN)
    if not (asked or living or refused):
        with st.container(border=True, horizontal_alignment="center"):
            st.subheader(":material/sync_alt: No transfers or refunds yet", anchor=False, text_alignment="center")
            st.caption(
                "Money that only moves between your own accounts is found and counts neither as spending nor as "
                "income; a refund is taken off what it was for.",
                text_alignment="center",
            )
        return
    if asked:
        st.subheader("Do these belong together?", anchor=False)
        for one in asked:
            _asked(one, formats)
    if living:
        transfers = sum(one.kind == "transfer" for one in living)
        st.subheader("Found", anchor=False)
        st.caption(
            f"{formats.number(transfers)} transfers and {formats.number(len(living) - transfers)} refunds, "
            "the newest first. Choose a line to take it apart."
        )
        _found(living, formats)
    if refused:
        with st.expander(f"{formats.number(len(refused))} that you said do not belong together"):
            for one in refused:
                _asked(one, formats)


def _asked(one: PairEntry, formats: Formats) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            what = "A transfer" if one.kind == "transfer" else "A refund"
            st.markdown(
                f"**{what}:** {_side(one.first, formats)}  \n:material/arrow_downward: {_side(one.second, formats)}"
            )
            if one.reasons:
                st.caption(plain_text("; ".join(one.reasons)))
        with st.container(horizontal=True, width="content", gap="xsmall"):
            st.button("Yes", key=f"pair_yes_{one.id}", icon=":material/check:", on_click=_decide, args=(one.id, True))
            if one.state != "refused":
                st.button(
                    "No", key=f"pair_no_{one.id}", icon=":material/close:", on_click=_decide, args=(one.id, False)
                )


def _side(side: PairSide, formats: Formats) -> str:
    amount = formats.money(side.amount, side.currency, signed=True)
    return plain_text(f"{formats.day(side.date)} · {side.name} · {side.account} · {amount}")


def _found(pairs: tuple[PairEntry, ...], formats: Formats) -> None:
    chosen = st.dataframe(
        {
            "What": ["Transfer" if one.kind == "transfer" else "Refund" for one in pairs],
            "Date": [formats.day(one.second.date) for one in pairs],
            "From": [clean(_end(one, one.first)) for one in pairs],
            "To": [clean(_end(one, one.second)) for one in pairs],
            "Amount": [formats.money(one.second.amount, one.second.currency) for one in pairs],
            "Sure": ["You" if one.state == "confirmed" else formats.percent(one.permille / 1000) for one in pairs],
        },
        hide_index=True,
        key=f"pairs_{hash(tuple(one.id for one in pairs))}",
        on_select="rerun",
        selection_mode="single-row",
        alt="Transfers and refunds that were found, newest first",
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(pairs):
        one = pairs[rows[0]]
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"{_side(one.first, formats)}  \n:material/arrow_downward: {_side(one.second, formats)}",
                width="stretch",
            )
            st.button("They do not belong together", icon=":material/link_off:", on_click=_decide, args=(one.id, False))


def _end(one: PairEntry, side: PairSide) -> str:
    return side.account if one.kind == "transfer" else side.name


def _decide(pair: int, belongs: bool) -> None:  # noqa: FBT001 - a callback's argument
    guest = require_user()
    with failures_told():
        decide_pair(guest.house.store, guest.user, pair, belongs=belongs)
