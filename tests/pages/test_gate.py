"""Who is there is looked up once in each run of a screen, and again after anything was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, update
from streamlit.testing.v1 import AppTest

from core import clock
from core.identity import add_user, end_all_sessions, list_sessions, start_session
from core.runtime import Runtime
from core.store import Session, UserId
from pages.shared.gate import TOKEN


def asks_often() -> None:
    import streamlit as st

    from core.identity import end_session, note
    from pages.shared.gate import require_user, visitor

    @st.fragment
    def part() -> None:
        require_user()
        st.write("part")

    guest = require_user()
    visitor(used=False)
    part()
    st.write("before")
    if st.session_state.get("leaves"):
        # As another browser of theirs does.
        end_session(guest.house.store, guest.user, guest.session_id)
    elif st.session_state.get("writes"):
        with guest.house.store.write() as session:
            note(session, guest.user, "changed something")
    require_user()
    st.write("after")


@contextmanager
def lookups(house: Runtime) -> Iterator[list[str]]:
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "token_hash =" in statement:
            asked.append(statement)

    event.listen(house.store.engine, "before_cursor_execute", hear)
    yield asked
    event.remove(house.store.engine, "before_cursor_execute", hear)


def test_a_run_looks_up_once_who_is_there(house: Runtime, person: UserId) -> None:
    app = AppTest.from_function(asks_often)
    app.session_state[TOKEN] = start_session(house.store, person)
    for _ in range(2):
        with lookups(house) as asked:
            app.run()
        assert [one.value for one in app.markdown] == ["part", "before", "after"]
        assert len(asked) == 1
    app.session_state["writes"] = True
    with lookups(house) as asked:
        app.run()
    assert len(asked) == 2


def sees_another() -> None:
    import streamlit as st

    from pages.shared.gate import TOKEN, require_user

    st.write(require_user().user)
    st.session_state[TOKEN] = st.session_state["other"]
    st.write(require_user().user)


def test_another_token_is_another_person(house: Runtime, person: UserId) -> None:
    other = add_user(house.store, house.vault, "other-at-the-gate@example.org", "walnut-tugboat-orchid-77")
    app = AppTest.from_function(sees_another)
    app.session_state[TOKEN] = start_session(house.store, person)
    app.session_state["other"] = start_session(house.store, other)
    app.run()
    assert [one.value for one in app.markdown] == [f"`{person}`", f"`{other}`"]


def looks_then_uses() -> None:
    from pages.shared.gate import require_user, visitor

    visitor(used=False)
    require_user()


def test_who_uses_a_session_that_was_but_looked_at_before_keeps_it(house: Runtime, person: UserId) -> None:
    app = AppTest.from_function(looks_then_uses)
    app.session_state[TOKEN] = start_session(house.store, person)
    long_ago = clock.now() - timedelta(minutes=30)
    with house.store.write() as session:
        session.execute(update(Session).where(Session.user_id == person).values(last_seen_at=long_ago))
    app.run()
    (entry,) = list_sessions(house.store, person)
    assert entry.last_seen_at > long_ago


def waits_a_moment() -> None:
    import time

    import streamlit as st

    from pages.shared.gate import FRESH_SECONDS, require_user

    require_user()
    time.sleep(FRESH_SECONDS + 0.05)
    require_user()
    st.write("done")


def test_a_long_run_looks_again(house: Runtime, person: UserId) -> None:
    app = AppTest.from_function(waits_a_moment)
    app.session_state[TOKEN] = start_session(house.store, person)
    with lookups(house) as asked:
        app.run()
    assert app.markdown
    assert len(asked) == 2


def test_who_is_signed_out_on_the_way_goes_no_further(house: Runtime, person: UserId) -> None:
    app = AppTest.from_function(asks_often)
    app.session_state[TOKEN] = start_session(house.store, person)
    app.session_state["leaves"] = True
    app.run()
    assert [one.value for one in app.markdown] == ["part", "before"]
    assert "signed out" in app.info[0].value


def test_another_run_looks_again(house: Runtime, person: UserId) -> None:
    app = AppTest.from_function(asks_often)
    app.session_state[TOKEN] = start_session(house.store, person)
    app.run()
    stage = house.store.stage
    end_all_sessions(house.store, person)
    # Another process that ended them leaves no sign here.
    house.store.stage = stage
    app.run()
    assert not app.markdown
    assert "signed out" in app.info[0].value
