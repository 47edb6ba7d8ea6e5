"""The page of insights, the bell and the overview: the figures are those of the plans, and what is done holds."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from core import clock
from core.analytics import TransactionFilter, list_transactions
from core.identity import count_attempt, profile, start_session
from core.insights import (
    KINDS,
    Digest,
    InsightEntry,
    count_unread,
    digest_of,
    generate,
    list_insights,
    list_mutes,
    list_put_away,
    told,
)
from core.planning import GoalWish, add_goal, budget_month, contribute, month_of, set_limit
from core.runtime import Runtime
from core.store import Session, User, UserId
from pages.noticed.card import act
from pages.noticed.leads import GROUPS, SIGNS, leads
from pages.shared.filters import asked
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import TOKEN
from tests.pages.conftest import Open, OpenSettings

FOOD = 8


@pytest.fixture
def reader(house: Runtime, own_demo_person: UserId) -> UserId:
    """Return a person with a demo household, an exceeded budget and a goal half-way; looked for already."""
    who = profile(house.store, own_demo_person)
    month = month_of(who.today, who.month_start_day)
    set_limit(house.store, own_demo_person, FOOD, month.start, Decimal(1))
    goal = add_goal(house.store, own_demo_person, GoalWish("Boat *2*", Decimal(100), "USD"))
    contribute(house.store, own_demo_person, goal, Decimal(50), who.today - timedelta(days=1))
    generate(house.store, own_demo_person, house.caches.of(own_demo_person), who.today)
    return own_demo_person


def found(house: Runtime, user: UserId) -> tuple[InsightEntry, ...]:
    return list_insights(house.store, user, profile(house.store, user).today)


def unread(house: Runtime, user: UserId) -> int:
    return count_unread(house.store, user, profile(house.store, user).today)


def words(app: AppTest) -> list[str]:
    return [one.value for one in app.main.markdown]


def test_every_insight_is_a_card_in_the_persons_formats_and_leads_on(
    open_screen: Open, house: Runtime, reader: UserId
) -> None:
    app = open_screen("insights", reader)
    assert not app.exception
    assert not app.error
    formats = formats_of(profile(house.store, reader))
    shown = words(app)
    assert len(found(house, reader)) >= 2
    for one in found(house, reader):
        said = told(one.kind, one.facts, formats)
        assert f"**{plain_text(said.title)}**" in shown
        assert plain_text(said.sentence) in shown
        for link in leads(one):
            assert link.page.endswith(".py")
    assert "**Boat \\*2\\*: 50% of the way**" in " ".join(shown).replace("\u2060", "")
    assert app.subheader[0].value == "Today"


def test_an_unusual_charge_leads_to_all_of_exactly_its_merchant(house: Runtime, reader: UserId) -> None:
    (one, *_) = [one for one in found(house, reader) if one.kind == "anomaly"]
    _, lead = leads(one)
    wanted = asked(dict(lead.query)).wanted
    assert wanted == TransactionFilter(merchant=str(one.facts["name"]))
    rows = list_transactions(house.caches.of(reader), wanted).rows
    assert {row.name for row in rows} == {one.facts["name"]}
    assert one.facts["transaction_id"] in {row.id for row in rows}


def test_a_budget_says_what_the_budgets_say(open_screen: Open, house: Runtime, reader: UserId) -> None:
    who = profile(house.store, reader)
    view = budget_month(house.store, reader, house.caches.of(reader), month_of(who.today), who.today)
    one = next(one for one in found(house, reader) if one.kind == "budget_alert")
    assert (one.facts["spent"], one.facts["over"]) == (view.lines[0].spent, view.lines[0].spent - 1)
    formats = formats_of(who)
    app = open_screen("insights", reader, show="budgets")
    (title,) = [one for one in words(app) if one.startswith("**")]
    assert plain_text(formats.money(view.lines[0].spent - 1, "USD")) in title


def test_the_address_carries_the_filter(open_screen: Open, house: Runtime, reader: UserId) -> None:
    app = open_screen("insights", reader, show="goals")
    assert [one for one in words(app) if one.startswith("**")] == [
        f"**{plain_text(told(one.kind, one.facts, formats_of(profile(house.store, reader))).title)}**"
        for one in found(house, reader)
        if one.kind in GROUPS["Goals"]
    ]
    for nonsense in ("", "everything", "<b>"):
        app = open_screen("insights", reader, show=nonsense)
        assert not app.exception
        assert len([one for one in words(app) if one.startswith("**")]) == len(found(house, reader))


def test_all_are_marked_as_read_and_the_bell_follows(open_screen: Open, house: Runtime, reader: UserId) -> None:
    frame = open_screen("overview", reader)
    count = unread(house, reader)
    assert bell_of(frame) == (f"{count} new insights")
    app = open_screen("insights", reader)
    app.button(key="insights_read").click().run()
    assert unread(house, reader) == 0
    assert bell_of(frame.run()) == "No new insights"
    assert len(found(house, reader)) == count


def bell_of(app: AppTest) -> str:
    """Return what is written on the bell, the first thing in the frame."""
    (frame,) = [one for one in app.sidebar.children.values() if isinstance(one, Block)]
    (bell,) = [one.proto for one in frame.children.values() if isinstance(one, Block)]
    return str(bell.popover.label)  # type: ignore[union-attr]


def test_the_bell_shows_the_latest_when_it_is_opened(open_screen: Open, house: Runtime, reader: UserId) -> None:
    app = open_screen("overview", reader)
    assert "bell_read" not in [one.key for one in app.button]
    app.session_state["bell"] = True
    app.run()
    assert not app.exception
    assert "bell_read" in [one.key for one in app.button]
    app.button(key="bell_read").click().run()
    assert unread(house, reader) == 0


def test_what_is_put_away_and_what_is_left_out_have_their_places(
    open_screen: Open, house: Runtime, reader: UserId
) -> None:
    budget = next(one for one in found(house, reader) if one.kind == "budget_alert")
    goal = next(one for one in found(house, reader) if one.kind == "goal_progress")
    store, cards = house.store, len(found(house, reader))
    for what in ("read", "unread"):
        act(store, reader, goal.id, what)
        assert (goal.id in {one.id for one in found(house, reader) if one.read}) == (what == "read")
    for what in ("week", "back", "month", "back", "dismiss"):
        act(store, reader, goal.id, what)
        away = list_put_away(store, reader, profile(store, reader).today)
        assert [one.id for one in away] == ([] if what == "back" else [goal.id])
    app = open_screen("insights", reader, see="put away")
    assert [one for one in words(app) if one.startswith("**")] == ["**Boat \\*2\\*: 50% of the way**"]
    act(store, reader, budget.id, "subject")
    app = open_screen("insights", reader, see="less of")
    assert any("Over budget** about Food" in one for one in words(app))
    app.button(key=f"unmute_budget_alert_category:{FOOD}").click().run()
    assert not app.exception
    assert list_mutes(store, reader) == ()
    assert len(found(house, reader)) == cards - 1
    act(store, reader, budget.id, "kind")
    assert list_mutes(store, reader)[0].subject == ""


def test_looking_again_finds_what_came_meanwhile(open_screen: Open, house: Runtime, reader: UserId) -> None:
    app = open_screen("insights", reader)
    who = profile(house.store, reader)
    goal = add_goal(house.store, reader, GoalWish("Kite", Decimal(10), "USD"))
    contribute(house.store, reader, goal, Decimal(10), who.today)
    app.button(key="insights_look").click().run()
    assert not app.exception
    assert [one.value for one in app.toast] == ["1 new"]
    assert "**Kite is reached**" in words(app)


def test_looking_ten_times_a_minute_is_enough(open_screen: Open, house: Runtime, reader: UserId) -> None:
    app = open_screen("insights", reader)
    for _ in range(9):
        count_attempt(house.store, house.vault, "insights", str(int(reader)))
    app.button(key="insights_look").click().run()
    assert [one.value for one in app.toast] == ["Nothing new"]
    app.button(key="insights_look").click().run()
    assert not app.exception
    assert not app.toast
    assert "Try again in" in app.error[0].value


def test_the_first_visit_looks_by_itself(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    assert found(house, own_demo_person) == ()
    app = open_screen("insights", own_demo_person)
    assert not app.exception
    assert found(house, own_demo_person)


def test_without_accounts_the_page_says_what_comes_and_how(open_screen: Open, person: UserId) -> None:
    app = open_screen("insights", person)
    assert not app.exception
    assert "What matters, noticed for you" in app.subheader[0].value
    assert "empty_import" in [one.key for one in app.button]


def test_the_overview_tells_the_urgent_ones_and_no_budget_twice(
    open_screen: Open, house: Runtime, reader: UserId
) -> None:
    app = open_screen("overview", reader)
    assert not app.exception
    shown = "\n".join(words(app)).replace("\u2060", "")
    assert "Food & drink is over its budget" in shown.replace("\\", "")
    assert "Boat" not in shown
    links = [one.proto.label for one in app.main.get("page_link")]
    assert "Change the budget" in links
    assert not [one for one in links if "Food" in one and "spent" in one]


def test_the_digest_is_chosen_under_notifications(open_settings: OpenSettings, house: Runtime, person: UserId) -> None:
    with house.store.write() as session:
        session.get_one(User, person).email_verified_at = clock.now()
    app = open_settings("Notifications", person)
    assert digest_of(house.store, person) == Digest("off")
    assert app.toggle(key="digest_figures").disabled
    often = next(one for one in app.get("button_group") if one.key == "digest_every")
    often.set_value("weekly").run()
    assert not app.exception
    assert digest_of(house.store, person) == Digest("weekly")
    app.toggle(key="digest_figures").set_value(True).run()
    assert digest_of(house.store, person) == Digest("weekly", with_figures=True)


def test_every_kind_has_a_sign_and_one_group() -> None:
    assert set(SIGNS) == set(KINDS)
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(KINDS)


def test_the_bell_looks_by_itself_and_keeps_no_session_alive(house: Runtime, person: UserId) -> None:
    begun = clock.now() - timedelta(hours=1)
    app = AppTest.from_string("from pages.noticed.bell import bell\nbell()")
    with clock.frozen(begun):
        app.session_state[TOKEN] = start_session(house.store, person, agent="tests")
    app.run()
    assert not app.exception
    with house.store.read() as session:
        assert session.scalars(select(Session.last_seen_at).where(Session.user_id == person)).all() == [begun]
