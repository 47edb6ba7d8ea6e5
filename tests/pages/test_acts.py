"""One run of a screen is one act of its person, however often it asks who is there and writes."""

import pytest
from limits import parse
from streamlit.testing.v1 import AppTest

from core.identity import Changes, start_session
from core.runtime import Runtime
from core.store import UserId
from pages.shared.gate import TOKEN


def writes_twice() -> None:
    import streamlit as st

    from core.identity import note
    from pages.shared.errors import failures_told
    from pages.shared.gate import require_user

    with failures_told():
        for _ in range(2):
            guest = require_user()
            with guest.house.store.write() as session:
                note(session, guest.user, "changed something")
            st.write("changed")


def test_a_run_is_one_act(house: Runtime, person: UserId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.store, "admit", Changes(parse("1/minute")).admit)
    app = AppTest.from_function(writes_twice)
    app.session_state[TOKEN] = start_session(house.store, person)
    app.run()
    assert len(app.markdown) == 2
    assert not app.error
    app.run()
    assert not app.markdown
    assert "Try again in" in app.error[0].value
