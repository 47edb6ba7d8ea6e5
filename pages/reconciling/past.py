"""The statements that an account was reconciled with: whether each still holds, and reopening the last."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from core.banking import ReconciliationEntry
from core.ledger import AccountEntry
from pages.reconciling.rows import row_line
from pages.shared.formats import Formats, plain_text
from pages.shared.line_list import line_list

SOURCES: Final[dict[str, str]] = {"person": "typed", "file": "from a file", "bank": "told by the bank"}


def past(
    entries: Sequence[ReconciliationEntry],
    account: AccountEntry,
    formats: Formats,
    on_reopen: Callable[[int], None],
) -> None:
    """Draw the account's reconciliations, newest first: whether each holds, and reopening the last."""
    if not entries:
        return
    newest = next((one.id for one in entries if one.reopened_at is None), None)
    st.subheader("Past statements", anchor=False)
    for one in entries:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(
                    f"**{formats.day(one.day)}** · {plain_text(formats.money(one.stated, account.currency))} "
                    f"{badge(one)}  \n:small[:gray[{plain_text(details(one, account, formats))}]]",
                    width="stretch",
                )
                if one.id == newest:
                    st.button(
                        "Reopen",
                        key=f"reopen_{one.id}",
                        icon=":material/lock_open:",
                        on_click=on_reopen,
                        args=(one.id,),
                        help="Unlock its transactions and take its correction back",
                    )
            if one.reopened_at is None and not one.holds:
                st.markdown(
                    f":material/warning: It no longer holds: "
                    f"{plain_text(formats.money(abs(one.off_by), account.currency))} apart."
                    if one.off_by
                    else ":material/info: Its transactions changed, though the sum is the same."
                )
                for disturbed in one.disturbances:
                    st.caption(plain_text(disturbed.what))
                    line_list([row_line(disturbed.row, account.currency, formats)])


def badge(one: ReconciliationEntry) -> str:
    """Return how a reconciliation stands, as a badge."""
    if one.reopened_at is not None:
        return ":gray-badge[:material/lock_open: Reopened]"
    if one.off_by:
        return ":red-badge[:material/warning: No longer holds]"
    if one.disturbances:
        return ":orange-badge[:material/info: Changed since]"
    return ":green-badge[:material/lock: Holds]"


def details(one: ReconciliationEntry, account: AccountEntry, formats: Formats) -> str:
    """Return the small words on a reconciliation."""
    parts = [
        f"{formats.number(one.rows)} transactions",
        SOURCES[one.source],
        f"accepted {formats.moment(one.created_at)}",
    ]
    if one.correction is not None:
        parts.append(f"with a correction of {formats.money(one.correction, account.currency, signed=True)}")
    return " · ".join(parts)
