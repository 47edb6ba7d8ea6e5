"""The settings' "Your data": exporting and deleting everything, each behind the question who is there."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.banking import list_connections
from core.errors import SignInError
from core.identity import add_user, all_users, list_events, profile, session_of, start_session
from core.reports import export_to_wait
from core.runtime import Runtime
from core.store import UserId, back_up
from core.vault import Keys, Vault
from pages.you.data import _MADE, _handed_out
from tests.pages.conftest import PASSWORD, Open, OpenSettings


def words(app: AppTest) -> str:
    told = [one.value for kind in ("markdown", "caption", "success", "error") for one in app.get(kind)]
    return "\n".join(told).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def later(app: AppTest, label: str) -> AppTest:
    """Press a button eleven minutes after signing in."""
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        return press(app, label)


def test_an_export_waits_to_be_downloaded_and_goes_with_the_window(
    open_settings: OpenSettings, house: Runtime, person: UserId
) -> None:
    app = press(open_settings("Your data", person), "Export everything")
    assert not app.exception
    assert re.search(r"Your file is ready.*\n\d+ rows in \d+ files", words(app))
    assert app.download_button[0].label == "Download"
    waiting = app.session_state[_MADE]
    with ZipFile(io.BytesIO(waiting.read())) as archive:
        assert (
            profile(house.store, person).email
            in archive.read("README.txt").decode() + archive.read("tables/users.csv").decode()
        )
    assert [path.name for path in (house.settings.fintrack_data_dir / "exports").iterdir()] == []
    assert list_events(house.store, person)[0].event == "data exported"
    press(app, "Export everything")
    assert app.session_state[_MADE] is not waiting
    with pytest.raises(ValueError, match="closed"):
        waiting.read()


def test_a_page_that_was_left_open_hands_nothing_out(
    house: Runtime, person: UserId, leave: Callable[[UserId], None]
) -> None:
    asker = session_of(house.store, start_session(house.store, person))
    assert asker is not None
    waiting = export_to_wait(house.store, asker, house.settings.fintrack_data_dir / "exports")
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert _handed_out(house, asker, waiting)[:2] == b"PK"
    leave(person)
    with pytest.raises(SignInError):
        _handed_out(house, asker, waiting)


@pytest.mark.parametrize("deed", ["Export everything", "Delete everything"])
def test_both_ask_who_is_there_when_that_was_long_ago(open_settings: OpenSettings, person: UserId, deed: str) -> None:
    app = later(open_settings("Your data", person), deed)
    assert "First confirm that it is you" in words(app)
    assert not app.download_button
    assert "can't be undone" not in words(app)


def test_only_the_own_address_deletes_and_then_one_is_outside(
    open_settings: OpenSettings, house: Runtime, person: UserId
) -> None:
    app = press(open_settings("Your data", person), "Delete everything")
    assert "can't be undone" in words(app)
    address = next(one for one in app.text_input if one.label == "Your e-mail address, to be sure")
    address.set_value("somebody@example.org")
    press(app, "Delete everything for good")
    assert "Nothing was deleted" in words(app)
    assert person in all_users(house.store)
    address = next(one for one in app.text_input if one.label == "Your e-mail address, to be sure")
    address.set_value(profile(house.store, person).email.upper())
    press(app, "Delete everything for good")
    assert person not in all_users(house.store)
    assert not app.exception
    # The test frame does not follow the shell to the landing page by itself.
    app.switch_page("pages/landing.py").run()
    assert "Everything of yours is deleted" in words(app)
    assert any(one.label == "Try the demo" for one in app.button)


def test_a_bank_that_cant_be_told_is_named_and_left_only_knowingly(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = open_screen("settings", own_demo_person)
    bank = list_connections(house.store, own_demo_person)[0]
    # With another key no token opens, so the bank can't be told.
    good = house.vault
    object.__setattr__(house, "vault", Vault(Keys.made()))
    try:
        app = press(press(app, "Delete everything"), "Delete everything for good")
        assert f"{bank.institution} " in words(app)
        assert "could not be told" in words(app)
        assert own_demo_person in all_users(house.store)
        press(app, "Delete anyway")
    finally:
        object.__setattr__(house, "vault", good)
    assert own_demo_person not in all_users(house.store)


def offered_the_backups(app: AppTest) -> bool:
    return any(one.label == "Delete the backups too" for one in press(app, "Delete everything").checkbox)


def test_the_backups_are_offered_to_the_owner_alone(
    open_screen: Open, open_settings: OpenSettings, house: Runtime, person: UserId, own_demo_person: UserId
) -> None:
    copy = back_up(house.store, house.settings.fintrack_data_dir / "backups", "before-0004")
    (owner,) = [one for one in all_users(house.store) if profile(house.store, one).is_owner]
    another = add_user(house.store, house.vault, "another.one@example.org", PASSWORD)
    assert offered_the_backups(open_settings("Your data", owner))
    assert not offered_the_backups(open_settings("Your data", another))
    app = press(open_screen("settings", own_demo_person), "Delete everything")
    assert not app.checkbox
    assert not any("e-mail" in one.label for one in app.text_input)
    press(app, "Delete everything for good")
    assert own_demo_person not in all_users(house.store)
    assert copy.exists()
    copy.unlink()
