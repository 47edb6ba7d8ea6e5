"""What stands where nothing is yet: what will come here, and the ways to bring it."""

import streamlit as st

from pages.shared import links


def nothing_yet(title: str, what: str, *, icon: str) -> None:
    """Say what will be shown here, and offer the three roads by which money data comes in."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown(f"### {icon} {title}", text_alignment="center")
        st.caption(what, text_alignment="center")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button("Connect a bank", type="primary", icon=":material/account_balance:", key="empty_bank"):
                st.switch_page(links.ACCOUNTS, query_params={"add": "bank"})
            if st.button("Import a file", icon=":material/upload_file:", key="empty_import"):
                st.switch_page(links.IMPORT)
            if st.button("Try the demo bank", icon=":material/science:", key="empty_demo"):
                st.switch_page(links.ACCOUNTS, query_params={"add": "demo"})
        st.space("small")


def nothing_found(sentence: str) -> None:
    """Say that there is data, but none of it is what was asked for."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f":material/search_off: {sentence}", text_alignment="center")
