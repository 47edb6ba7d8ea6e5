"""SQL: questions that a person writes themselves, answered apart from everything else."""

import streamlit as st

from core.analytics import account_summaries
from pages.asking import running
from pages.asking.answer import answered, opened_transaction
from pages.asking.editor import browser, editor, wait_for
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of
from pages.shared.gate import Visitor, require_user


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the editor, how the last query ended, and what there is to ask of."""
    left, right = st.columns([2.7, 1], gap="medium")
    with left:
        editor(guest, formats)
        job = running.running()
        if job is not None:
            wait_for(job, formats)
        found = running.outcome() if job is None else running.settled(job)
        if found is not None:
            answered(found, formats)
        else:
            st.caption("Run the query, or choose an example. What it finds appears here.")
    with right:
        browser()


guest = require_user()
opened_transaction()
st.title("SQL", anchor=False)
with failures_told():
    # Ready by the time that somebody has typed a question.
    running.desk_of(guest).warm()
    if account_summaries(guest.cache):
        screen(guest, formats_of(guest.profile))
    else:
        nothing_yet(
            "Nothing to ask yet",
            "Once your accounts are here you can ask anything of them in SQL, and chart or export what you find.",
            icon=":material/terminal:",
        )
