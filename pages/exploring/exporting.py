"""Taking a view's table away as a file."""

from functools import partial
from typing import Final

import streamlit as st

from core.analytics import Pivot
from core.identity import SignedIn
from core.reports import MIME, Form, export_explored
from core.runtime import Runtime
from pages.shared.errors import failures_told
from pages.shared.gate import require_user
from pages.shared.proof import confirmed

FORMS: Final[dict[Form, str]] = {"csv": "CSV", "json": "JSON", "xlsx": "Excel"}


def export_button(pivot: Pivot) -> None:
    """Draw the button that opens the window in which a file of the table is made."""
    if st.button("Export", icon=":material/download:", key="export_view", width="stretch"):
        st.dialog("Export the table")(_export)(pivot)


def _export(pivot: Pivot) -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        st.markdown("The table as it is on the screen, with its sums; days and months as 2026-03-01 and 2026-03.")
        form: Form = st.segmented_control(
            "As", list(FORMS), format_func=FORMS.__getitem__, default="csv", required=True, key="export_view_form"
        )
        st.caption("The picture is taken by the camera above it, when the pointer is there.")
        st.download_button(
            "Download",
            # Made when it is asked for, for whoever is signed in then: nothing of it lies on the server.
            data=partial(_file, guest.house, guest.signed_in, pivot, form),
            file_name=f"explore-{guest.today:%Y-%m-%d}.{form}",
            mime=MIME[form],
            icon=":material/download:",
            type="primary",
            key=f"download_view_{form}",
            on_click="ignore",
        )


def _file(house: Runtime, asker: SignedIn, pivot: Pivot, form: Form) -> bytes:
    return export_explored(house.store, asker, pivot, form)
