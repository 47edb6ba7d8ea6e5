"""The first page for people who are not signed in: what this is, and three ways in."""

import streamlit as st

from core.demo import start_demo
from core.identity import sign_up_open, start_session
from core.runtime import runtime
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.gate import address, agent, let_in, parting_word, visitor, ways

if visitor() is not None:
    st.stop()

PROMISES = (
    (
        ":material/lock:",
        "Yours alone",
        "It runs on your own machine. Nothing leaves it but what you ask your bank for.",
    ),
    (
        ":material/account_balance:",
        "Every account",
        "Banks through Plaid, or the files that any bank lets you download.",
    ),
    (":material/fact_check:", "Numbers with proof", "Every figure opens the transactions that it is made of."),
    (":material/bolt:", "At once", "Ten years of transactions, and every screen answers while you blink."),
)


def _try_demo() -> None:
    house = runtime()
    with failures_told(), st.status("Making a demo household for you", expanded=True) as status:
        user = start_demo(house, address(), status.write, ways())
        let_in(start_session(house.store, user, agent=agent(), address=address()), user, remember=False)
        st.rerun()


left, middle, right = st.columns([1, 6, 1])
with middle:
    if word := parting_word():
        st.success(word, icon=":material/waving_hand:")
    st.space("medium")
    st.title("All of your money, on one page, on your own machine", anchor=False)
    st.markdown(
        "FinTrack brings your accounts together, shows where the money goes and keeps every row checkable. "
        "No cloud, no advertising, no subscription."
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        demo = st.button("Try the demo", type="primary", icon=":material/play_arrow:")
        if sign_up_open(runtime().store, runtime().settings):
            st.page_link(links.SIGN_UP, label="Sign up", icon=":material/person_add:")
        st.page_link(links.SIGN_IN, label="Sign in", icon=":material/login:")
        st.page_link(links.ABOUT, label="About", icon=":material/info:")
    st.caption(
        "The demo needs no account and no bank: a household of ours with two years of transactions, made for you alone."
    )
    if demo:
        _try_demo()
    st.space("medium")
    for column, (icon, title, text) in zip(st.columns(4), PROMISES, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"#### {icon} {title}")
            st.markdown(text)
