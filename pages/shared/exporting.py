"""Taking something away as a file, in a form that is chosen: what stands in the window for it."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import streamlit as st

from core.reports import Form
from pages.shared.errors import failures_told
from pages.shared.gate import Visitor
from pages.shared.proof import confirmed

TABLE_FORMS: Final[Mapping[Form, str]] = {"csv": "CSV", "json": "JSON", "xlsx": "Excel"}
TABLE_NOTES: Final[Mapping[Form, str]] = {
    "csv": "For any spreadsheet. Text that it would take for a formula has an apostrophe before it.",
    "json": "For programs: amounts are text, because they are exact.",
    "xlsx": "For Excel and LibreOffice, with dates and amounts.",
}

AnyForm = TypeVar("AnyForm", bound=str)


def file_offered(
    guest: Visitor,
    name: str,
    forms: Mapping[AnyForm, str],
    mime: Mapping[AnyForm, str],
    make: Callable[[AnyForm], Callable[[], bytes]],
    *,
    key: str,
    about: str = "",
    notes: Mapping[AnyForm, str],
) -> None:
    """Draw the choice of a form and the button that hands the file out, once it is sure who asks.

    `make` draws what else there is to choose for a form, and returns what makes the file; `name` is the file's without
    its ending; `about` says what goes into it, as Markdown, and `notes` what a form is good for.
    """
    with failures_told():
        if not confirmed(guest):
            return
        if about:
            st.markdown(about)
        form = next(iter(forms))
        if len(forms) > 1:
            form = st.segmented_control(
                "As", list(forms), format_func=forms.__getitem__, default=form, required=True, key=f"{key}_form"
            )
        if form in notes:
            st.caption(notes[form])
        st.download_button(
            "Download",
            # Made when it is asked for, for whoever is signed in then: nothing of it lies on the server.
            data=make(form),
            file_name=f"{name}.{form}",
            mime=mime[form],
            icon=":material/download:",
            type="primary",
            key=f"{key}_download_{form}",
            on_click="ignore",
        )
