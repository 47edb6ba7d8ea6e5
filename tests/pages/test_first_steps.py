"""The list of first steps on the overview: it leads on, counts what was done, and can be hidden."""

from core.coach import begin_conversation
from core.runtime import Runtime
from core.store import UserId
from tests.pages.conftest import Open
from tests.pages.test_explore import words


def test_a_newcomer_is_led_on_until_they_hide_the_list(open_screen: Open, house: Runtime, person: UserId) -> None:
    app = open_screen("overview", person)
    assert "First steps" in [one.value for one in app.subheader]
    assert "0 of 6 done" in words(app)
    begin_conversation(house.store, person, "How much?")
    app.run()
    assert "1 of 6 done" in words(app)
    app.button(key="first_steps_hide").click().run()
    assert not app.exception
    assert "First steps" not in [one.value for one in app.subheader]
    assert "First steps" not in [one.value for one in open_screen("overview", person).subheader]


def test_the_demo_leads_nobody_on(open_screen: Open, demo_person: UserId) -> None:
    assert "First steps" not in [one.value for one in open_screen("overview", demo_person).subheader]
