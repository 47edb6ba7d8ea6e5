"""Screens as a signed-in person has them: the whole app run by Streamlit's own test frame, on a real store.

What is marked `both_stores` runs on SQLite and on PostgreSQL; `tests.machine.stores` says when everything does.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from itertools import count
from typing import Final

import pytest
from pydantic import SecretStr
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import core.runtime
from core import clock
from core.coach import coach_for
from core.config import ROOT, settings
from core.demo import start_demo
from core.identity import Passed, add_user, end_all_sessions, start_session
from core.runtime import Runtime, open_runtime
from core.store import UserId
from pages.shared.gate import TOKEN
from tests.conftest import empty_database
from tests.machine import stores
from tests.standins.models import KEY, MODEL, ModelStandIn

SECONDS: Final = 60
PASSWORD: Final = "walnut-tugboat-orchid-77"

Open = Callable[..., AppTest]
OpenSettings = Callable[[str, UserId], AppTest]
_numbers: Final = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked so on both databases."""
    if metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize("house", stores.BOTH, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def _quick(quick_hashes: None) -> None:
    """Every screen hashes at the least cost."""


@pytest.fixture(autouse=True)
def _nothing_counted(house: Runtime) -> None:
    """All tests are at one address, and in a minute change more there than a household would."""
    house.changes.forget()


@pytest.fixture(autouse=True, scope="session")
def _components_found_once() -> Iterator[None]:
    """Look for Streamlit's components among all installed packages once, not for each screen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def sqlite_house() -> Iterator[Runtime]:
    """Return this process's open house on SQLite: its data folder is the tests' own."""
    opened = open_runtime(settings())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql_house(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Return one on a PostgreSQL database of its own."""
    with empty_database(postgres_server) as url:
        there = {"database_url": SecretStr(url), "fintrack_data_dir": tmp_path_factory.mktemp("house")}
        opened = open_runtime(settings().model_copy(update=there))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest) -> Iterator[Runtime]:
    """Return the open house that screens find, on the database that a test runs on."""
    opened: Runtime = request.getfixturevalue(f"{getattr(request, 'param', stores.EVERYWHERE)}_house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(core.runtime._open, "house", opened)
        yield opened


@pytest.fixture
def person(house: Runtime) -> UserId:
    """Return a new person, who has nothing yet."""
    email = f"person{next(_numbers)}@example.org"
    return add_user(house.store, house.vault, email, PASSWORD)


@pytest.fixture(scope="session")
def demo_people() -> dict[str, UserId]:
    """Return who has the demo household, by what their house is on."""
    return {}


@pytest.fixture(scope="session")
def demo_person(house: Runtime, demo_people: dict[str, UserId]) -> UserId:
    """Return a person with the demo household; tests that change it take `own_demo_person`."""
    store = house.store.url.get_backend_name()
    if store not in demo_people:
        demo_people[store] = start_demo(house, f"10.1.0.{next(_numbers)}")
    return demo_people[store]


@pytest.fixture
def own_demo_person(house: Runtime) -> UserId:
    """Return a person with a demo household of their own."""
    return start_demo(house, f"10.1.0.{next(_numbers)}")


@pytest.fixture
def gemini(house: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelStandIn]:
    """Let the house's coach ask a stand-in for Gemini."""
    with ModelStandIn("gemini") as model:
        changed = house.settings.model_copy(
            update={"gemini_api_key": SecretStr(KEY), "gemini_base_url": model.url, "gemini_model": MODEL}
        )
        coach = coach_for(changed)
        monkeypatch.setitem(vars(house), "coach", coach)
        yield model
        coach.close()


@pytest.fixture
def open_screen(house: Runtime) -> Open:
    """Return a function that opens a screen (`overview`, `accounts`, …) as a person, with a query in its address."""

    def opened(
        screen: str,
        user: UserId,
        *,
        passed: Passed | None = None,
        signed_in_at: datetime | None = None,
        **query: str,
    ) -> AppTest:
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=SECONDS)
        with clock.frozen(signed_in_at or clock.now()):
            app.session_state[TOKEN] = start_session(house.store, user, passed=passed, agent="tests")
        for name, value in query.items():
            app.query_params[name] = value
        if screen != "overview":
            app.switch_page(f"pages/{screen}.py")
        return app.run()

    return opened


@pytest.fixture
def open_settings(open_screen: Open) -> OpenSettings:
    """Return a function that opens a tab of the settings by its name."""

    def opened(tab: str, user: UserId) -> AppTest:
        app = open_screen("settings", user)
        app.session_state["settings_tab"] = tab
        return app.run()

    return opened


@pytest.fixture
def leave(house: Runtime) -> Callable[[UserId], None]:
    """Return a function that ends every session of a person, as from another browser."""

    def left(user: UserId) -> None:
        end_all_sessions(house.store, user)

    return left
