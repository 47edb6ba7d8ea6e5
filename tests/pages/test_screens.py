"""Every screen with nothing, with a whole household, and with a failure: words, never a traceback."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.analytics import TransactionFilter, list_transactions, overview
from core.clock import today
from core.identity import profile
from core.ledger import NewAccount, create_account, list_accounts, set_balance
from core.rates import take_in_rates
from core.runtime import Runtime
from core.store import AuditEvent, UserId
from pages.shared.formats import BREAK, formats_of
from tests.core.rates.files import history
from tests.pages.conftest import Open, OpenSettings

SCREENS = (
    "overview",
    "coach",
    "accounts",
    "transactions",
    "analytics",
    "categories",
    "subscriptions",
    "bills",
    "query",
    "investments",
    "reconcile",
    "import_file",
    "settings",
    "budgets",
    "goals",
    "forecast",
)


def words(app: AppTest) -> str:
    """Return all that a screen says."""
    return "\n".join(str(element.proto) for element in app.main)


def said(app: AppTest) -> str:
    """Return its sentences as they are read."""
    told = "\n".join(one.value for kind in ("markdown", "caption") for one in app.get(kind))
    return told.replace("\\", "").replace(BREAK, "")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_newcomers_screens_say_what_comes_here(open_screen: Open, person: UserId, screen: str) -> None:
    app = open_screen(screen, person)
    assert not app.exception
    assert not app.error
    told = words(app)
    expected = {
        "overview": "Your money in one place",
        "coach": "Nothing to ask about yet",
        "accounts": "No accounts yet",
        "transactions": "No transactions yet",
        "analytics": "Nothing to analyse yet",
        "categories": "New category",
        "budgets": "No spending to budget yet",
        "goals": "No goals yet",
        "forecast": "Nothing to foresee yet",
        "investments": "No investments or debts yet",
        "subscriptions": "Nothing recurring yet",
        "bills": "No bills yet",
        "query": "Nothing to ask yet",
        "reconcile": "Nothing to reconcile yet",
        "import_file": "Past imports",
        "settings": "Signed in as",
    }
    assert expected[screen] in told


@pytest.mark.parametrize("screen", SCREENS)
def test_an_account_without_transactions_runs_every_screen(
    open_screen: Open, house: Runtime, person: UserId, screen: str
) -> None:
    account = create_account(house.store, person, NewAccount("Savings book", "savings", "USD"))
    set_balance(house.store, person, account, Decimal(10), today("UTC"))
    app = open_screen(screen, person)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("screen", SCREENS)
def test_a_households_screens_run_without_a_failure(open_screen: Open, demo_person: UserId, screen: str) -> None:
    app = open_screen(screen, demo_person)
    assert not app.exception
    assert not app.error


def test_the_overview_shows_the_figures_that_were_asked_for(
    open_screen: Open, house: Runtime, demo_person: UserId
) -> None:
    app = open_screen("overview", demo_person)
    who = profile(house.store, demo_person)
    view, formats = overview(house.caches.of(demo_person), today(who.time_zone)), formats_of(who)
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Net worth"] == formats.money(view.worth.net, "USD")
    assert shown["Income this month"] == formats.figure(view.month.income, "USD")
    assert shown["Spending this month"] == formats.figure(-view.month.spending, "USD")
    assert shown["Savings rate"] == formats.percent(view.savings_rate)
    for account in list_accounts(house.store, demo_person):
        assert account.title in words(app)


def test_figures_say_of_which_day_an_old_rate_is(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    old = "at the ECB's rate of Jul 28, 2025"
    overview_told = said(open_screen("overview", own_demo_person))
    listed = said(open_screen("transactions", own_demo_person))
    assert overview_told.count(old) > 1
    assert "Without a rate of exchange" not in overview_told
    together = list_transactions(house.caches.of(own_demo_person), TransactionFilter(), 1, 25).together
    assert together is not None
    assert together.totals.currency == "USD"
    assert f"Together in USD · in :green[+${together.totals.inflow:,.2f}" in listed
    assert old in listed
    days = [clock.now().date() - timedelta(days=back) for back in range(500)]
    take_in_rates(house.store, own_demo_person, history({day: {"USD": "1.2"} for day in days}))
    assert "at the ECB's rate" not in said(open_screen("overview", own_demo_person))


def test_a_filter_in_the_address_is_the_filter_on_the_screen(
    open_screen: Open, house: Runtime, demo_person: UserId
) -> None:
    app = open_screen("transactions", demo_person, text="greenleaf", kind="spending")
    expected = list_transactions(
        house.caches.of(demo_person), TransactionFilter(text="greenleaf", kind="spending"), 1, 25
    )
    assert expected.count > 25
    assert not app.exception
    assert f"**{expected.count}** transactions" in "\n".join(one.value for one in app.markdown)


@pytest.mark.parametrize(
    "query",
    [
        {"tx": "999999999"},
        {"tx": "abc"},
        {"tx": "-1"},
        {"account": "'; DROP TABLE users --"},
        {"category": "99999999999999999999"},
        {"from": "yesterday", "to": "2026-99-99"},
        {"page": "0"},
        {"page": "100000000"},
        {"size": "1000000"},
        {"kind": "theft"},
        {"least": "lots", "most": "1e999"},
        {"least": "nan", "most": "-inf"},
        {"text": "%_\\' OR 1=1 \0"},
    ],
    ids=str,
)
def test_nonsense_in_the_address_gives_a_screen(open_screen: Open, demo_person: UserId, query: dict[str, str]) -> None:
    app = open_screen("transactions", demo_person, **query)
    assert not app.exception
    assert "Traceback" not in words(app)


def test_somebody_elses_transaction_is_not_there(
    open_screen: Open, house: Runtime, demo_person: UserId, person: UserId
) -> None:
    (row, *_) = list_transactions(house.caches.of(demo_person), TransactionFilter(), 1, 25).rows
    app = open_screen("transactions", person, tx=str(row.id))
    assert row.name not in words(app)
    assert not app.exception


def test_a_persons_own_name_and_note_are_kept_and_listed(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    cache = house.caches.of(own_demo_person)
    (row, *_) = list_transactions(cache, TransactionFilter(), 1, 25).rows
    app = open_screen("transactions", own_demo_person, tx=str(row.id))
    next(one for one in app.text_input if one.label == "Name").set_value("Dinner **with** Ada")
    app.text_area[0].set_value("<script>alert(1)</script>")
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.exception
    (found,) = list_transactions(cache, TransactionFilter(text="dinner **with** ada"), 1, 25).rows
    assert (found.id, found.name, found.note) == (row.id, "Dinner **with** Ada", "<script>alert(1)</script>")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_left_open_ends_with_its_session(
    open_screen: Open, leave: Callable[[UserId], None], demo_person: UserId, screen: str
) -> None:
    app = open_screen(screen, demo_person)
    before = words(app)
    leave(demo_person)
    app.run()
    after = words(app)
    assert "Harborline" not in after
    assert before != after


def test_settings_refuse_what_cant_be_and_keep_the_rest(open_screen: Open, house: Runtime, person: UserId) -> None:
    app = open_screen("settings", person)
    app.text_input[0].set_value("   ")
    next(one for one in app.button if one.label == "Save").click().run()
    assert [error.value for error in app.error]
    assert profile(house.store, person).first_name.strip()
    app.text_input[0].set_value("Grace")
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.error
    assert profile(house.store, person).first_name == "Grace"


def test_an_entry_that_somebody_slipped_into_the_log_is_told_by_its_time(
    open_settings: OpenSettings, house: Runtime, person: UserId
) -> None:
    at = clock.now() - timedelta(minutes=3)
    with house.store.write() as session:
        session.add(AuditEvent(user_id=person, at=at, event="made up", detail="", address="", digest="0" * 64))
    app = open_settings("Activity", person)
    (told,) = [one.value for one in app.error]
    assert formats_of(profile(house.store, person)).moment(at) in told
