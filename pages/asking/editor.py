"""The editor, with examples and past queries that are put into it, and the list of what there is to ask of."""

from typing import Final

import streamlit as st

from core.analytics import PastQueryEntry, forget_queries, forget_query, list_queries
from core.cache import EXAMPLES, LONGEST_QUERY, VIEWS, Job, OfferedColumn
from pages.asking import running
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor, require_user

STYLE: Final = """
<style>
.st-key-sql_text textarea { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 0.86rem; line-height: 1.5; tab-size: 4; }
</style>
"""
"""SQL is read by its columns: in letters of one width."""
SHOWN: Final = 25
"""Past queries that are shown."""
_EXAMPLES: Final = {one.title: one.sql for one in EXAMPLES}
_LABEL: Final = 70
_TICK: Final = 0.25


def editor(guest: Visitor, formats: Formats) -> None:
    """Draw the editor and what is put into it."""
    st.html(STYLE)
    running.put_back()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _examples()
        _past(guest, formats)
    with st.form("sql_form", border=False):
        st.text_area(
            "Your query",
            key=running.EDITOR,
            height=230,
            max_chars=LONGEST_QUERY,
            placeholder="SELECT … FROM transactions",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.form_submit_button(
                "Run", type="primary", icon=":material/play_arrow:", key="sql_run", on_click=running.begin
            )
            st.caption("Ctrl+Enter runs it too. It can only read: nothing here can change your data.")


def wait_for(job: Job, formats: Formats) -> None:
    """Wait until a query is answered, and offer to cancel it meanwhile."""
    if job.wait(_TICK):
        return
    place = st.empty()
    with place.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        told = st.empty()
        st.button("Cancel", icon=":material/stop_circle:", key="sql_cancel", on_click=running.cancel)
    while not job.wait(_TICK):
        told.markdown(f":material/hourglass_top: The query is running: {formats.number(int(job.seconds))} s")
    place.empty()


def _examples() -> None:
    # Drawn before the editor: what is chosen stands in it in this same run.
    chosen = st.menu_button(
        "Examples", list(_EXAMPLES), icon=":material/lightbulb:", type="tertiary", key="sql_examples"
    )
    if chosen in _EXAMPLES:
        running.begin(_EXAMPLES[chosen])


def _past(guest: Visitor, formats: Formats) -> None:
    # Another key after each choice: the popover is closed then.
    key = f"sql_past_{running.shown()}"
    with st.popover("Past queries", icon=":material/history:", type="tertiary", on_change="rerun", key=key) as box:
        if not box.open:
            return
        found = list_queries(guest.house.store, guest.user)
        if not found:
            st.caption("The queries that you run are kept here, so that you can run them again.")
            return
        for one in found[:SHOWN]:
            _past_one(one, formats)
        if len(found) > SHOWN:
            st.caption(f"The last {SHOWN} of {formats.number(len(found))}.")
        st.button("Forget all", icon=":material/delete_sweep:", key="sql_forget_all", on_click=_forget_all)


def _past_one(one: PastQueryEntry, formats: Formats) -> None:
    rows = "not answered" if one.rows is None else f"{formats.number(one.rows)} {'row' if one.rows == 1 else 'rows'}"
    text = clean(one.text)
    short = text if len(text) <= _LABEL else f"{text[:_LABEL].rstrip()}…"
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall"):
        st.button(
            f"{plain_text(short)}  \n:small[:gray[{plain_text(f'{formats.ago(one.at)} · {rows}')}]]",
            key=f"sql_past_{one.id}",
            type="tertiary",
            width="stretch",
            on_click=running.show,
            args=(one.text,),
        )
        st.button(
            "",
            key=f"sql_forget_{one.id}",
            icon=":material/delete:",
            type="tertiary",
            help="Forget this query",
            on_click=_forget,
            args=(one.id,),
        )


def _forget(number: int) -> None:
    guest = require_user()
    with failures_told():
        forget_query(guest.house.store, guest.user, number)


def _forget_all() -> None:
    guest = require_user()
    with failures_told():
        forget_queries(guest.house.store, guest.user)


def browser() -> None:
    """Draw what there is to ask of: each view, and what each of its columns means."""
    st.subheader("What there is", anchor=False)
    for at, view in enumerate(VIEWS):
        with st.expander(f"**{view.name}**  \n:small[:gray[{plain_text(view.meaning)}]]", expanded=False):
            st.button(
                "Show some rows",
                key=f"sql_view_{at}",
                icon=":material/table_rows:",
                type="tertiary",
                on_click=running.begin,
                args=(f"SELECT *\nFROM {view.name}\nLIMIT 100",),
            )
            # One text for all of them: each element costs the server and the browser alike.
            st.markdown("\n\n".join(map(_told, view.columns)))


def _told(column: OfferedColumn) -> str:
    return (
        f"**{plain_text(column.name)}** :small[:gray[{plain_text(column.type)}]]  \n"
        f":small[{plain_text(column.meaning)}]"
    )
