"""Fields of a filter that nobody opened are not drawn, and what they stand for holds all the same."""

from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from core.store import UserId
from tests.pages.conftest import Open

BOXES: Final = [("transactions", "filter_more", "filter_"), ("explore", "explore_filter", "explore_")]
"""A screen, its box of finer fields, and what the keys of its fields begin with."""


def query(app: AppTest) -> dict[str, str]:
    """Return what the address asks for of these fields."""
    told = {name: value if isinstance(value, str) else value[-1] for name, value in app.query_params.items()}
    return {name: told[name] for name in ("least", "kind", "pending", "merchant", "period") if name in told}


def drawn(app: AppTest, key: str) -> bool:
    return any(one.key == key for one in app.number_input)


def turned(app: AppTest, box: str, *, open_: bool) -> AppTest:
    """Open a box or close it."""
    app.session_state[box] = open_
    return app.run()


def move_another_field(app: AppTest, screen: str) -> AppTest:
    """Choose something outside of the box."""
    if screen == "explore":
        return app.selectbox(key="explore_span").set_value("24m").run()
    return app.text_input(key="filter_text").set_value("e").run()


@pytest.mark.parametrize(("screen", "box", "prefix"), BOXES)
def test_what_the_address_asks_for_stays_when_other_fields_move(
    open_screen: Open, demo_person: UserId, screen: str, box: str, prefix: str
) -> None:
    asked = {"least": "12.50", "kind": "spending", "pending": "no", "merchant": "Nobody"}
    app = open_screen(screen, demo_person, **asked)
    assert not drawn(app, f"{prefix}least")
    move_another_field(app, screen)
    assert not app.exception
    assert query(app) == asked | ({"period": "24m"} if screen == "explore" else {})
    turned(app, box, open_=True)
    assert app.number_input(key=f"{prefix}least").value == 12.5


@pytest.mark.parametrize(("screen", "box", "prefix"), BOXES)
def test_what_was_chosen_in_a_box_holds_after_it_is_closed_and_is_there_when_it_is_opened_again(
    open_screen: Open, demo_person: UserId, screen: str, box: str, prefix: str
) -> None:
    app = open_screen(screen, demo_person)
    turned(app, box, open_=True)
    app.number_input(key=f"{prefix}least").set_value(5.0).run()
    assert query(app)["least"] == "5.00"
    for _ in range(2):
        turned(app, box, open_=False)
        assert not drawn(app, f"{prefix}least")
        move_another_field(app, screen)
        assert not app.exception
        assert query(app)["least"] == "5.00"
        turned(app, box, open_=True)
        assert app.number_input(key=f"{prefix}least").value == 5.0
    app.number_input(key=f"{prefix}least").set_value(None).run()
    assert "least" not in query(app)
    turned(app, box, open_=False)
    app.query_params["least"] = "7"
    app.run()
    assert turned(app, box, open_=True).number_input(key=f"{prefix}least").value == 7.0


@pytest.mark.parametrize(("screen", "box", "prefix"), BOXES)
def test_a_link_to_a_screen_that_was_left_is_what_its_box_shows(
    open_screen: Open, demo_person: UserId, screen: str, box: str, prefix: str
) -> None:
    app = open_screen(screen, demo_person)
    turned(app, box, open_=True)
    app.number_input(key=f"{prefix}least").set_value(3.0).run()
    app.query_params.clear()
    app.switch_page("pages/accounts.py").run()
    for name, value in {"least": "7.00", "kind": "spending"}.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{screen}.py").run()
    turned(app, box, open_=True)
    assert app.number_input(key=f"{prefix}least").value == 7.0
    move_another_field(app, screen)
    assert not app.exception
    assert query(app) == {"least": "7.00", "kind": "spending"} | ({"period": "24m"} if screen == "explore" else {})


@pytest.mark.parametrize(("screen", "box", "prefix"), BOXES)
def test_what_is_cleared_is_cleared_in_a_closed_box_too(
    open_screen: Open, demo_person: UserId, screen: str, box: str, prefix: str
) -> None:
    app = open_screen(screen, demo_person)
    turned(app, box, open_=True)
    app.number_input(key=f"{prefix}least").set_value(5.0).run()
    turned(app, box, open_=False)
    next(one for one in app.button if one.label == "Clear filters").click().run()
    assert query(app) == {}
    assert turned(app, box, open_=True).number_input(key=f"{prefix}least").value is None


def test_the_last_figure_beside_another_can_be_taken_away(open_screen: Open, demo_person: UserId) -> None:
    app = open_screen("explore", demo_person, rows="merchant", show="spent,lines")
    turned(app, "explore_more", open_=True)
    assert app.multiselect(key="explore_beside").value == ["lines"]
    app.multiselect(key="explore_beside").set_value([]).run()
    assert not app.exception
    assert "show" not in app.query_params
    assert app.multiselect(key="explore_beside").value == []
