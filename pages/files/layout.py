"""How a CSV file is read: shown, and corrected by the person."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.typing import UploadedFile

from core.importing import CsvLayout, first_rows, relaid
from pages.files.keys import part_key
from pages.shared.errors import failures_told
from pages.shared.formats import clean

SIGNS: Final = {
    "as written": "As written",
    "inverted": "Turned around (spending is positive)",
    "columns": "Two columns, out and in",
    "direction": "A column of words",
}
SEPARATORS: Final = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
LONGEST_LINE: Final = 60


def layout_form(file: UploadedFile, layout: CsvLayout, currency: str, *, failed: bool = False) -> None:
    """Show how a CSV file was read, and let the person correct it; the account remembers it after the import.

    With `failed` it could not be read like this, and the person is to say how.
    """
    # Another reading has other columns: what was chosen for the one before does not count for it.
    way = hashlib.sha256(layout.to_json().encode()).hexdigest()[:8]
    order = "day first" if layout.day_first else "month first"
    title = "Say how to read it" if failed else f"How it is read: {order} in dates, “{layout.decimal_mark}” in amounts"
    box = st.expander(title, expanded=failed, icon=":material/tune:", key=part_key(file, 0, "box"))
    with box:
        table_choices(file, layout, currency, way)
    with box, st.form(part_key(file, 0, f"{way}_reading"), border=False):
        corrected = layout_choices(file, layout, way)
        if st.form_submit_button("Read it like this", icon=":material/refresh:"):
            st.session_state[part_key(file, 0, "layout")] = corrected.to_json()
            st.rerun(scope="fragment")
    if part_key(file, 0, "layout") in st.session_state:
        box.button(
            "Read it by itself again",
            type="tertiary",
            icon=":material/undo:",
            key=part_key(file, 0, "forget"),
            on_click=st.session_state.pop,
            args=(part_key(file, 0, "layout"), None),
        )


def layout_choices(file: UploadedFile, layout: CsvLayout, way: str) -> CsvLayout:
    """Let the person say how cells are read and which column is what; return the layout with what they chose."""
    names = column_names(layout)
    places = list(range(len(names)))

    def column(where: DeltaGenerator, label: str, at: int | None, *, needed: bool = False) -> int | None:
        choice: int | None = where.selectbox(
            label,
            places if needed else [None, *places],
            index=at if needed and at is not None else (0 if at is None else at + 1),
            format_func=lambda one: "–" if one is None else names[one],
            key=part_key(file, 0, f"{way}_{label}"),
        )
        return choice

    # A row of its own for each three: on a phone they stand in this order below each other.
    first, second, third = st.columns(3)
    day_first = first.selectbox(
        "Dates such as 03/04/2026",
        [False, True],
        index=int(layout.day_first),
        format_func={False: "Month first", True: "Day first"}.__getitem__,
        key=part_key(file, 0, f"{way}_day_first"),
    )
    mark = second.selectbox(
        "Decimal mark", [".", ","], index=int(layout.decimal_mark == ","), key=part_key(file, 0, f"{way}_mark")
    )
    sign = third.selectbox(
        "Sign of amounts",
        list(SIGNS),
        index=list(SIGNS).index(layout.sign),
        format_func=SIGNS.__getitem__,
        key=part_key(file, 0, f"{way}_sign"),
    )
    first, second, third = st.columns(3)
    when = column(first, "Date", layout.date, needed=True)
    amount = column(second, "Amount", layout.amount)
    name = column(third, "Name", layout.name)
    first, second, third = st.columns(3)
    outflow = column(first, "Money out", layout.outflow)
    inflow = column(second, "Money in", layout.inflow)
    balance = column(third, "Balance", layout.balance)
    first, second, third = st.columns(3)
    direction = column(first, "Direction", layout.direction)
    code = column(second, "Currency of each row", layout.currency)
    return msgspec.structs.replace(
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
        currency=code,
    )


def column_names(layout: CsvLayout) -> list[str]:
    """Return what the columns of a file are called, by their place: as its header says, else by their number."""
    headings = [clean(cell) or f"Column {at + 1}" for at, cell in enumerate(layout.header)]
    width = max(len(headings), layout.width, layout.date + 1)
    return headings + [f"Column {at + 1}" for at in range(len(headings), width)]


def table_choices(file: UploadedFile, layout: CsvLayout, currency: str, way: str) -> None:
    """Let the person say what parts the cells and where the headings stand; the columns are then found anew."""
    rows = first_rows(file.getvalue(), layout.delimiter)
    lines = {row.line: row.cells for row in rows}
    here = next((row.line for row in rows if row.cells == layout.header), None)
    first, second = st.columns([1, 2])
    keys = {name: part_key(file, 0, f"{way}_{name}") for name in ("delimiter", "heading")}
    first.selectbox(
        "Separator",
        list(SEPARATORS),
        index=list(SEPARATORS).index(layout.delimiter),
        format_func=SEPARATORS.__getitem__,
        key=keys["delimiter"],
        on_change=read_anew,
        args=(file, keys, currency),
    )
    second.selectbox(
        "Headings",
        [None, *lines],
        index=[None, *lines].index(here),
        format_func=lambda line: "None" if line is None else heading_title(line, lines[line]),
        key=keys["heading"],
        on_change=read_anew,
        args=(file, keys, currency),
    )


def heading_title(line: int, cells: Sequence[str]) -> str:
    """Return what a line of headings is called among those to choose from."""
    words = clean(", ".join(filter(None, cells)))
    return f"Line {line}: {words if len(words) <= LONGEST_LINE else words[:LONGEST_LINE] + '…'}"


def read_anew(file: UploadedFile, keys: Mapping[str, str], currency: str) -> None:
    """Find the columns anew, with the separator and the headings that the person chose."""
    with failures_told():
        layout = relaid(
            file.getvalue(),
            delimiter=st.session_state[keys["delimiter"]],
            heading=st.session_state[keys["heading"]],
            currency=currency,
        )
        st.session_state[part_key(file, 0, "layout")] = layout.to_json()
