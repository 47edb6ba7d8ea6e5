"""Taking a view's table away as a file."""

from functools import partial

import streamlit as st

from core.analytics import Pivot
from core.identity import SignedIn
from core.reports import MIME, Form, export_explored
from core.runtime import Runtime
from pages.shared.exporting import TABLE_FORMS, TABLE_NOTES, file_offered
from pages.shared.gate import require_user


def export_button(pivot: Pivot) -> None:
    """Draw the button that opens the window in which a file of the table is made."""
    if st.button("Export", icon=":material/download:", key="export_view", width="stretch"):
        st.dialog("Export the table")(_export)(pivot)


def _export(pivot: Pivot) -> None:
    guest = require_user()
    file_offered(
        guest,
        f"explore-{guest.today:%Y-%m-%d}",
        TABLE_FORMS,
        MIME,
        lambda form: partial(_file, guest.house, guest.signed_in, pivot, form),
        key="export_view",
        about="The table as it is on the screen, with its sums; days and months as 2026-03-01 and 2026-03.  \n"
        "The picture is taken by the camera above it, when the pointer is there.",
        notes={**TABLE_NOTES, "xlsx": "For Excel and LibreOffice, with amounts as numbers."},
    )


def _file(house: Runtime, asker: SignedIn, pivot: Pivot, form: Form) -> bytes:
    return export_explored(house.store, asker, pivot, form)
