"""Taking what is filtered away as a file."""

from functools import partial
from typing import Final

import streamlit as st

from core.analytics import TransactionFilter
from core.farewell import exports_of
from core.identity import SignedIn
from core.reports import MIME, Form, export_listed
from core.runtime import Runtime
from pages.listing import deeds
from pages.shared.errors import failures_told
from pages.shared.formats import Formats
from pages.shared.gate import require_user
from pages.shared.proof import confirmed

FORMS: Final[dict[Form, str]] = {"csv": "CSV", "json": "JSON", "xlsx": "Excel"}


def export_window(wanted: TransactionFilter, count: int, formats: Formats) -> None:
    """Open the window in which a file of the filtered transactions is made."""
    st.dialog("Export", on_dismiss=deeds.forget)(_export)(wanted, count, formats)


def _export(wanted: TransactionFilter, count: int, formats: Formats) -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        lines = "one line" if count == 1 else f"{formats.number(count)} lines"
        st.markdown(f"Everything that is filtered, **{lines}**, newest first; a line for each part of a split one.")
        form: Form = st.segmented_control(
            "As", list(FORMS), format_func=FORMS.__getitem__, default="csv", required=True, key="export_form"
        )
        st.caption(
            {
                "csv": "For any spreadsheet. Text that it would take for a formula has an apostrophe before it.",
                "json": "For programs: amounts are text, because they are exact.",
                "xlsx": "For Excel and LibreOffice, with dates, amounts and a filter in the heading.",
            }[form]
        )
        st.download_button(
            "Download",
            # Made when it is asked for, for whoever is signed in then: nothing of it lies on the server.
            data=partial(_file, guest.house, guest.signed_in, wanted, form),
            file_name=f"transactions-{guest.today:%Y-%m-%d}.{form}",
            mime=MIME[form],
            icon=":material/download:",
            type="primary",
            key=f"download_{form}",
            on_click="ignore",
        )


def _file(house: Runtime, asker: SignedIn, wanted: TransactionFilter, form: Form) -> bytes:
    return export_listed(house.store, house.caches.of(asker.user), asker, wanted, form, exports_of(house))
