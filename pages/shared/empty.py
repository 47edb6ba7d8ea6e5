"""What stands where nothing is yet: what will come here, and the ways to bring it."""

from collections.abc import Callable

import streamlit as st

from pages.shared import links


def nothing_yet(
    title: str,
    what: str,
    *,
    icon: str,
    on_bank: Callable[[], None] | None = None,
    on_demo: Callable[[], None] | None = None,
) -> None:
    """Say what will be shown here, and offer the three roads by which money data comes in.

    The roads lead to the Accounts page; that page itself gives what is to be done instead.
    """
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.subheader(f"{icon} {title}", anchor=False, text_alignment="center")
        st.caption(what, text_alignment="center")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button(
                "Connect a bank", type="primary", icon=":material/account_balance:", key="empty_bank", on_click=on_bank
            ):
                _go(on_bank, "bank")
            if st.button("Import a file", icon=":material/upload_file:", key="empty_import"):
                st.switch_page(links.IMPORT)
            if st.button("Try the demo bank", icon=":material/science:", key="empty_demo", on_click=on_demo):
                _go(on_demo, "demo")
        st.space("small")


def _go(instead: Callable[[], None] | None, way: str) -> None:
    if instead is None:
        st.switch_page(links.ACCOUNTS, query_params={"add": way})


def nothing_found(sentence: str) -> None:
    """Say that there is data, but none of it is what was asked for."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f":material/search_off: {sentence}", text_alignment="center")
