"""What importing one account of a file would do: facts, and the rows by what becomes of them."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st
from streamlit.typing import UploadedFile

from core.importing import FileIntake
from core.ledger import AccountEntry, JudgedRow, StatementPreview
from pages.files.keys import part_key
from pages.files.likely import likely_rows
from pages.shared.formats import Formats, clean
from pages.shared.tables import facts_table

SHOWN_ROWS: Final = 200
FITTING_ROWS: Final = 9


def preview_card(
    file: UploadedFile,
    at: int,
    preview: StatementPreview,
    intake: FileIntake,
    accounts: Sequence[AccountEntry],
    formats: Formats,
) -> set[str]:
    """Draw what importing one account of the file would do; return the look-alikes to add all the same."""
    ours = next((one.current for one in accounts if one.id == preview.account_id), None)
    facts = {
        "Format": intake.source.format.upper(),
        "Transactions": formats.number(len(preview.rows)),
        "New": formats.number(preview.new),
        "Already there": formats.number(preview.duplicates - preview.likely),
        "Likely the same": formats.number(preview.likely) if preview.likely else "",
        "Dates": f"{formats.day(preview.first_date)} to {formats.day(preview.last_date)}" if preview.rows else "",
        "Sum": formats.money(preview.total, preview.currency, signed=True),
    }
    if preview.opening_balance is not None:
        facts["Opening balance"] = formats.money(preview.opening_balance, preview.currency)
    if preview.ledger_balance is not None:
        facts["Balance in the file"] = formats.money(preview.ledger_balance, preview.currency)
    if ours is not None:
        facts["Balance here before"] = formats.money(ours, preview.currency)
    left, right = st.columns([1, 2])
    with left:
        facts_table({name: value for name, value in facts.items() if value}, alt="What is in the file")
    by: dict[str, list[JudgedRow]] = {"new": [], "likely": [], "duplicate": []}
    for row in preview.rows:
        by[row.verdict].append(row)
    keep: set[str] = set()
    with right:
        names = {"new": "New", "likely": "Likely the same", "duplicate": "Already there"}
        shown = [verdict for verdict in names if verdict != "likely" or by[verdict]]
        tabs = st.tabs([f"{names[one]} ({formats.number(len(by[one]))})" for one in shown])
        for verdict, tab in zip(shown, tabs, strict=True):
            with tab:
                key = part_key(file, at, verdict)
                if verdict == "likely":
                    keep |= likely_rows(by[verdict], preview.currency, formats, key=key)
                else:
                    picked = row_table(by[verdict], preview.currency, formats, key=key, pick=verdict == "duplicate")
                    keep |= {by[verdict][one].file_key for one in picked if one < len(by[verdict])}
    return keep


def row_table(rows: Sequence[JudgedRow], currency: str, formats: Formats, *, key: str, pick: bool = False) -> list[int]:
    """Draw rows of a file; with `pick` return the places of those that were ticked."""
    if not rows:
        st.caption("None.")
        return []
    shown = rows[:SHOWN_ROWS]
    columns = {
        "Date": [formats.day(row.record.date) for row in shown],
        "Name": [clean(row.record.merchant_name or row.record.name or row.record.original_text) for row in shown],
        "Amount": [formats.money(row.record.amount, currency, signed=True) for row in shown],
    }
    settings: dict[str, Any] = {
        "column_config": {
            # Together no wider than a phone: what is hidden must not be the amounts.
            "Date": st.column_config.TextColumn(width=95),
            "Name": st.column_config.TextColumn(width=120),
            "Amount": st.column_config.TextColumn(alignment="right", width=95),
        },
        "hide_index": True,
        "height": "content" if len(shown) <= FITTING_ROWS else 360,
        "key": key,
    }
    ticked: list[int] = []
    if pick:
        st.caption("These look like transactions you have. Tick any that are not, and they are imported too.")
        state = st.dataframe(
            columns, alt="Rows that are already there", on_select="rerun", selection_mode="multi-row", **settings
        )
        ticked = list(state.selection.rows)
    else:
        st.dataframe(columns, alt="Rows that would be added", **settings)
    if len(rows) > len(shown):
        st.caption(f"The first {formats.number(len(shown))} of {formats.number(len(rows))}.")
    return ticked
