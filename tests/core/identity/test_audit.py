"""The audit log: what was added stays as it was, and what somebody changed from outside is seen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, text, update

from core.errors import StoreError
from core.identity import add_user, broken_event, delete_users, list_events, note
from core.store import AuditEvent, Store, UserId
from core.vault import Vault
from tests.core.identity.conftest import PASSWORD

NO_TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_events_stay_as_they_are", "DROP TRIGGER audit_events_stay"),
    "postgresql": ("DROP TRIGGER audit_events_stay ON audit_events",),
}


def noted(store: Store, user: UserId | None, *events: str) -> None:
    for event in events:
        with store.write() as session:
            note(session, user, event, "127.0.0.1", item=1)


def test_events_are_listed_newest_first_to_their_person_alone(store: Store, vault: Vault, ada: UserId) -> None:
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    noted(store, ada, "one", "two")
    noted(store, bob, "theirs")
    noted(store, None, "a stranger's")
    assert [one.event for one in list_events(store, ada)][:2] == ["two", "one"]
    assert list_events(store, ada)[0].detail == {"item": 1}
    assert "theirs" not in {one.event for one in list_events(store, ada)}
    for who in (ada, bob, None):
        assert broken_event(store, who) is None


@pytest.mark.parametrize("deed", [update(AuditEvent).values(event="nothing"), delete(AuditEvent)])
def test_the_database_refuses_to_change_it(store: Store, ada: UserId, deed: object) -> None:
    noted(store, ada, "one")
    with pytest.raises(StoreError), store.write() as session:
        session.execute(deed)  # type: ignore[call-overload]
    assert list_events(store, ada)[0].event == "one"


def test_events_leave_with_their_person(store: Store, ada: UserId) -> None:
    noted(store, ada, "one")
    delete_users(store, [ada])
    assert list_events(store, ada) == ()


@pytest.mark.parametrize("deed", ["changed", "address", "taken out", "added"])
def test_what_somebody_changes_behind_our_back_is_seen(store: Store, ada: UserId, deed: str) -> None:
    noted(store, ada, "one", "two", "three")
    second, third = list_events(store, ada)[1].id, list_events(store, ada)[0].id
    with store.write() as session:
        for statement in NO_TRIGGERS[session.get_bind().dialect.name]:
            session.execute(text(statement))
        if deed == "taken out":
            session.execute(delete(AuditEvent).where(AuditEvent.id == second))
        elif deed == "added":
            row = session.get_one(AuditEvent, third)
            session.add(AuditEvent(user_id=ada, at=row.at, event="made up", detail="", address="", digest="0" * 64))
        else:
            column = "event" if deed == "changed" else "address"
            session.execute(update(AuditEvent).where(AuditEvent.id == second).values(**{column: "x"}))
    assert broken_event(store, ada) == {"taken out": third, "added": third + 1}.get(deed, second)


def test_many_at_once_follow_one_another(store: Store, ada: UserId) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: noted(store, ada if number % 2 else None, f"event {number}"), range(40)))
    assert broken_event(store, ada) is None
    assert broken_event(store, None) is None
    assert len([one for one in list_events(store, ada) if one.event.startswith("event")]) == 20
