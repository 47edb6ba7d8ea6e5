"""Screens are looked up once, and each run has its own of them: Streamlit marks the one that it runs."""

from streamlit.testing.v1 import AppTest


def two_of_one() -> None:
    import streamlit as st

    from pages.shell.screens import screen

    first, second = (screen("about", title="About", visibility="hidden") for _ in range(2))
    # The only one of a run is its first screen, at the root.
    page = st.navigation([first])
    st.text([page is first, first is second])
    for one in (first, second):
        st.text([one.title, one.url_path, one.visibility, one._can_be_called])


def test_each_run_has_screens_of_its_own() -> None:
    told = AppTest.from_function(two_of_one, default_timeout=30).run()
    assert not told.exception
    assert [one.value for one in told.text] == [
        "[True, False]",
        "['About', '', 'hidden', True]",
        "['About', 'about', 'hidden', False]",
    ]
