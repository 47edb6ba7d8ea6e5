"""The settings' choices: how screens look, what is told by letter, and the owner's backup."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from limits import parse
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core import clock
from core.errors import ValidationError
from core.identity import Changes, all_users, notices_of, profile, session_of, start_session, update_profile
from core.rates import rates_of
from core.runtime import Runtime
from core.safekeeping import last_of
from core.store import Session, UserId
from pages.shared.formats import formats_of
from tests.core.rates.files import history, zipped
from tests.pages.conftest import Open, OpenSettings

PASSPHRASE = "brass kettles hum at midnight"


def words(app: AppTest) -> str:
    told = [one.value for kind in ("markdown", "caption", "success", "error") for one in app.get(kind)]
    return "\n".join(told).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def scripts(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


TABS = {
    "Profile": ["Profile", "Appearance", "Rates of exchange"],
    "Signing in": ["Second factor", "Password", "E-mail address", "Where you are signed in"],
    "Notifications": ["By e-mail", "A digest of your insights"],
    "Coach": ["Coach"],
    "Activity": [],
    "Your data": ["Take everything with you", "Leave for good"],
}


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_draws_what_belongs_into_it_and_nothing_else(
    open_settings: OpenSettings, person: UserId, tab: str
) -> None:
    app = open_settings(tab, person)
    assert not app.exception
    assert [one.label for one in app.tabs] == list(TABS)
    drawn = [one.value for one in app.subheader if one.value != "Back up"]
    assert drawn == TABS[tab]
    assert ("Each entry is sealed to the one before it" in words(app)) == (tab == "Activity")


def test_the_look_is_kept_and_goes_to_the_browser(open_screen: Open, house: Runtime, person: UserId) -> None:
    assert 'data-look="system"' in scripts(open_screen("overview", person))
    app = open_screen("settings", person)
    app.get("button_group")[0].set_value("dark").run()
    assert not app.exception
    assert profile(house.store, person).look == "dark"
    drawn = scripts(open_screen("overview", person))
    assert 'data-look="dark"' in drawn
    assert "/settings" in drawn
    with pytest.raises(ValidationError, match="no such look"):
        update_profile(house.store, replace(profile(house.store, person), look="sepia"))


def test_a_kind_of_letter_is_switched_off_and_on(
    open_settings: OpenSettings, house: Runtime, person: UserId, leave: Callable[[UserId], None]
) -> None:
    app = open_settings("Notifications", person)
    (always,) = [one for one in app.toggle if "How you sign in" in one.label]
    assert (always.value, always.disabled) == (True, True)
    assert "Always sent" in words(app)
    bank = next(one for one in app.toggle if "needs you" in one.label)
    assert bank.value
    bank.set_value(False).run()
    assert not notices_of(house.store, person)["bank"]
    leave(person)
    next(one for one in app.toggle if "needs you" in one.label).set_value(True).run()
    assert not notices_of(house.store, person)["bank"], "a page that was left open changes nothing"


def owner_of(house: Runtime) -> UserId:
    (owner,) = [one for one in all_users(house.store) if profile(house.store, one).is_owner]
    return owner


def test_the_owner_backs_everything_up_and_sees_when(
    open_settings: OpenSettings, house: Runtime, person: UserId
) -> None:
    owner = owner_of(house)
    app = press(open_settings("Your data", owner), "Back up everything")
    first, again = (one for one in app.text_input if one.label in {"Passphrase", "The same again"})
    first.set_value(PASSPHRASE)
    again.set_value(f"{PASSPHRASE}!")
    press(app, "Back up")
    assert "The two are not the same" in words(app)
    assert last_of(house) is None
    for one in (one for one in app.text_input if one.label in {"Passphrase", "The same again"}):
        one.set_value("password password")
    press(app, "Back up")
    assert last_of(house) is None
    for one in (one for one in app.text_input if one.label in {"Passphrase", "The same again"}):
        one.set_value(PASSPHRASE)
    press(app, "Back up")
    assert not app.exception
    assert "Your backup is written, and reads back" in words(app)
    assert [one.label for one in app.download_button] == ["Download a copy"]
    last = last_of(house)
    assert last is not None
    assert last.file.exists()
    assert "The last one was made just now" in words(open_settings("Your data", owner))
    last.file.unlink()


def test_a_backup_asks_who_is_there_when_that_was_long_ago(
    open_settings: OpenSettings, house: Runtime, person: UserId
) -> None:
    app = open_settings("Your data", owner_of(house))
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        press(app, "Back up everything")
    assert "First confirm that it is you" in words(app)
    assert not any(one.label == "Passphrase" for one in app.text_input)


def test_a_backup_is_offered_to_nobody_but_the_owner(
    open_screen: Open, open_settings: OpenSettings, house: Runtime, person: UserId, demo_person: UserId
) -> None:
    def offered(app: AppTest) -> bool:
        assert any(button.label == "Delete everything" for button in app.button)
        return any(button.label == "Back up everything" for button in app.button)

    assert owner_of(house) not in {person, demo_person}
    assert offered(open_settings("Your data", owner_of(house)))
    assert not offered(open_settings("Your data", person))
    assert not offered(open_screen("settings", demo_person))


def test_newer_rates_of_exchange_are_taken_in(open_screen: Open, house: Runtime, person: UserId) -> None:
    app = open_screen("settings", person)
    assert "the rates that come with FinTrack, up to Jul 28, 2025. 42 currencies are known." in words(app)
    assert "European Central Bank" in words(app)
    day = clock.now().date()
    data = history({day - timedelta(days=1): {"USD": "1.2", "JPY": "170"}, day: {"USD": "1.25"}})
    app.get("file_uploader")[0].upload("eurofxref-hist.csv", data, "text/csv").run()
    app = press(app, "Take in these rates")
    assert not app.exception
    formats = formats_of(profile(house.store, person))
    days = f"{formats.day(day - timedelta(days=1))} to {formats.day(day)}"
    assert f"The file has 3 rates of {days}, 3 of them new." in words(app)
    assert f"and 3 rates from your own files, up to {formats.day(day)}" in words(app)
    assert not app.info
    assert rates_of(house.store, person).own["USD"] == {day - timedelta(days=1): 120_000_000, day: 125_000_000}


def test_a_file_without_rates_is_refused_in_words(
    open_screen: Open, house: Runtime, person: UserId, leave: Callable[[UserId], None]
) -> None:
    app = open_screen("settings", person)
    assert "days old" in app.info[0].value
    app.get("file_uploader")[0].upload("holiday.zip", zipped(b"hello", "holiday.jpg"), "application/zip").run()
    app = press(app, "Take in these rates")
    assert "There is no CSV and no XML file in this ZIP." in words(app)
    assert rates_of(house.store, person).own == {}
    app.get("file_uploader")[0].set_value([]).run()
    app.get("file_uploader")[0].upload("rates.csv", history({clock.now().date(): {"USD": "1.2"}}), "text/csv").run()
    leave(person)
    press(app, "Take in these rates")
    assert rates_of(house.store, person).own == {}, "a page that was left open changes nothing"


def test_too_many_changes_in_a_minute_are_told_and_not_made(
    open_screen: Open, open_settings: OpenSettings, house: Runtime, person: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_settings("Notifications", person)
    monkeypatch.setattr(house.store, "admit", Changes(parse("2/minute")).admit)

    def switch() -> None:
        toggle = next(one for one in app.toggle if "needs you" in one.label)
        toggle.set_value(not toggle.value).run()

    switch()
    app.run()
    switch()
    assert notices_of(house.store, person)["bank"]
    assert not app.error
    switch()
    assert "That was a lot within a minute, so this was not done. Try again in " in words(app)
    assert notices_of(house.store, person)["bank"]
    other = start_session(house.store, person)
    app.session_state["settings_tab"] = "Signing in"
    press(app.run(), "Sign out everywhere else")
    assert session_of(house.store, other) is None, "who ends what others may do is never held back"
    shell = open_screen("overview", person)
    next(one for one in shell.sidebar.button if one.label == "Sign out").click().run()
    with house.store.read() as session:
        ended = session.scalars(select(Session.revoked_at).where(Session.user_id == person).order_by(Session.id)).all()
    assert [when is not None for when in ended] == [False, True, True], "who signs out is never held back"
