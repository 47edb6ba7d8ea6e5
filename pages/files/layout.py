"""How a CSV file is read: shown, and corrected by the person."""

from typing import Final

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.typing import UploadedFile

from core.importing import CsvLayout
from pages.files.keys import part_key
from pages.shared.formats import clean

SIGNS: Final = {
    "as written": "As written",
    "inverted": "Turned around (spending is positive)",
    "columns": "Two columns, out and in",
    "direction": "A column of words",
}


def layout_form(file: UploadedFile, layout: CsvLayout) -> None:
    """Show how a CSV file was read, and let the person correct it; the account remembers it after the import."""
    names = [clean(cell) or f"Column {at + 1}" for at, cell in enumerate(layout.header)] or [
        f"Column {at + 1}" for at in range(layout.width)
    ]
    places = list(range(max(len(names), layout.width, layout.date + 1)))
    names += [f"Column {at + 1}" for at in places[len(names) :]]

    def column(where: DeltaGenerator, label: str, at: int | None, *, needed: bool = False) -> int | None:
        choice: int | None = where.selectbox(
            label,
            places if needed else [None, *places],
            index=at if needed and at is not None else (0 if at is None else at + 1),
            format_func=lambda one: "–" if one is None else names[one],
            key=part_key(file, 0, f"column_{label}"),
        )
        return choice

    order = "day first" if layout.day_first else "month first"
    with (
        st.expander(f"How it is read: {order} in dates, “{layout.decimal_mark}” in amounts", icon=":material/tune:"),
        st.form(part_key(file, 0, "reading"), border=False),
    ):
        first, second, third = st.columns(3)
        day_first = first.selectbox(
            "Dates such as 03/04/2026",
            [False, True],
            index=int(layout.day_first),
            format_func={False: "Month first", True: "Day first"}.__getitem__,
            key=part_key(file, 0, "day_first"),
        )
        mark = second.selectbox(
            "Decimal mark", [".", ","], index=int(layout.decimal_mark == ","), key=part_key(file, 0, "mark")
        )
        sign = third.selectbox(
            "Sign of amounts",
            list(SIGNS),
            index=list(SIGNS).index(layout.sign),
            format_func=SIGNS.__getitem__,
            key=part_key(file, 0, "sign"),
        )
        when = column(first, "Date", layout.date, needed=True)
        amount = column(second, "Amount", layout.amount)
        name = column(third, "Name", layout.name)
        outflow = column(first, "Money out", layout.outflow)
        inflow = column(second, "Money in", layout.inflow)
        balance = column(third, "Balance", layout.balance)
        direction = column(first, "Direction", layout.direction)
        if st.form_submit_button("Read it like this", icon=":material/refresh:"):
            corrected = msgspec.structs.replace(
                layout,
                day_first=day_first,
                decimal_mark=mark,
                sign=sign,
                date=when if when is not None else layout.date,
                amount=amount,
                name=name,
                outflow=outflow,
                inflow=inflow,
                balance=balance,
                direction=direction,
            )
            st.session_state[part_key(file, 0, "layout")] = corrected.to_json()
            st.rerun(scope="fragment")
    if part_key(file, 0, "layout") in st.session_state:
        st.button(
            "Read it by itself again",
            type="tertiary",
            icon=":material/undo:",
            key=part_key(file, 0, "forget"),
            on_click=st.session_state.pop,
            args=(part_key(file, 0, "layout"), None),
        )
