"""The app's own shell, and beside it a page of nothing (`?empty=1`): the floor under every rerun on the same server."""

import streamlit as st

from tests.bench.shell_code import SHELL, code

if st.query_params.get("empty"):
    # A click draws another number: what a browser at least does for one.
    clicks = st.session_state.get("clicks", 0)
    st.title(f"Clicked {clicks}")
    st.button("Again", on_click=lambda: st.session_state.update(clicks=clicks + 1))
else:
    exec(code(), {"__file__": str(SHELL), "__name__": "__main__"})  # noqa: S102
