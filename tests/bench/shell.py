"""The app's own shell, and beside it a page of nothing (`?empty=1`): the floor under every rerun on the same server."""

from pathlib import Path

import streamlit as st

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell" / "app.py"

if not st.query_params.get("empty"):
    exec(compile(SHELL.read_text("utf-8"), str(SHELL), "exec"), {"__file__": str(SHELL), "__name__": "__main__"})  # noqa: S102
