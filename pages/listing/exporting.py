"""Taking what is filtered away as a file."""

from functools import partial

import streamlit as st

from core.analytics import TransactionFilter
from core.identity import SignedIn
from core.reports import MIME, Form, export_listed
from core.runtime import Runtime
from pages.listing import deeds
from pages.shared.exporting import TABLE_FORMS, TABLE_NOTES, file_offered
from pages.shared.formats import Formats
from pages.shared.gate import require_user


def export_window(wanted: TransactionFilter, count: int, formats: Formats) -> None:
    """Open the window in which a file of the filtered transactions is made."""
    st.dialog("Export", on_dismiss=deeds.forget)(_export)(wanted, count, formats)


def _export(wanted: TransactionFilter, count: int, formats: Formats) -> None:
    guest = require_user()
    lines = "one line" if count == 1 else f"{formats.number(count)} lines"
    file_offered(
        guest,
        f"transactions-{guest.today:%Y-%m-%d}",
        TABLE_FORMS,
        MIME,
        lambda form: partial(_file, guest.house, guest.signed_in, wanted, form),
        key="export",
        about=f"Everything that is filtered, **{lines}**, newest first; a line for each part of a split one.",
        notes={**TABLE_NOTES, "xlsx": "For Excel and LibreOffice, with dates, amounts and a filter in the heading."},
    )


def _file(house: Runtime, asker: SignedIn, wanted: TransactionFilter, form: Form) -> bytes:
    return export_listed(house.store, house.caches.of(asker.user), asker, wanted, form, house.settings.exports)
