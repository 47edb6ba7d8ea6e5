"""Subscriptions and bills as a person has them on their screens."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from core import clock
from core.analytics import list_transactions
from core.clock import add_months
from core.identity import profile
from core.ledger import NewAccount, create_account
from core.planning import Subscriptions, bills, choose, subscriptions
from core.runtime import Runtime
from core.store import Debt, User, UserId
from pages.recurring.wording import rows_link
from pages.shared.filters import asked
from pages.shared.formats import formats_of
from tests.pages.conftest import Open
from tests.pages.test_screens import words


def seen(house: Runtime, user: UserId) -> Subscriptions:
    """Return what the page of subscriptions is drawn from."""
    return subscriptions(house.store, house.caches.of(user), profile(house.store, user).today)


def test_the_cards_say_what_it_all_costs_and_what_is_paid_for_twice(
    open_screen: Open, house: Runtime, demo_person: UserId
) -> None:
    app = open_screen("subscriptions", demo_person)
    view, formats = seen(house, demo_person), formats_of(profile(house.store, demo_person))
    shown = {metric.label: metric.value for metric in app.metric}
    (cost,) = (one for one in view.costs if one.currency == "USD")
    assert shown["Every month"] == formats.figure(cost.monthly, "USD")
    assert shown["Dearer by"] == formats.figure(view.risen("USD"), "USD")
    told = "\n".join(one.value for one in app.markdown)
    assert "You pay for 2 services of one kind (music): **Tunebay Family** and **Wavelength Music**" in told


def test_every_series_leads_to_its_own_transactions(house: Runtime, demo_person: UserId) -> None:
    view = seen(house, demo_person)
    for one in (*view.active, *view.income, *view.stopped):
        wanted = asked(rows_link(one.found, one.name).query).wanted
        page = list_transactions(house.caches.of(demo_person), wanted, 1, 100)
        ids = {row.id for row in page.rows}
        assert {paid.id for paid in one.found.payments} <= ids, one.name
        assert page.count <= len(one.found.payments) + 2, one.name


def test_what_is_ignored_leaves_the_list_until_it_is_brought_back(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    (gone,) = (one for one in seen(house, own_demo_person).active if one.name == "Nimbus Drive")
    app = open_screen("subscriptions", own_demo_person)
    assert "Nimbus Drive" in words(app)
    choose(house.store, own_demo_person, gone.key, state="ignored")
    app.run()
    assert "Nimbus Drive" not in words(app)
    app.session_state["recurring_tab"] = "Ignored"
    app.run()
    assert "Nimbus Drive" in words(app)
    next(one for one in app.button if one.key == f"back_{gone.key}").click().run()
    assert not app.exception
    assert [one.choice for one in seen(house, own_demo_person).active if one.key == gone.key] == [""]


def test_the_calendar_shows_the_month_of_the_address(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    today = profile(house.store, demo_person).today
    ahead = add_months(today, 1)
    app = open_screen("bills", demo_person, month=f"{ahead:%Y-%m}")
    assert not app.exception
    told = "\n".join(str(one.proto) for one in app.get("html"))
    view = bills(house.store, house.caches.of(demo_person), today, currency="USD", month=ahead)
    (rent,) = (one for week in view.weeks for day in week for one in day.entries if one.name == "Harborline Mortgage")
    assert rent.day.month == ahead.month
    assert "Harborline Mortgage" in told
    next(one for one in app.button if one.key == "earlier_month").click().run()
    assert app.query_params["month"] == f"{today:%Y-%m}"


@pytest.mark.parametrize(("days", "said"), [(-3, "was due"), (0, "due"), (3, "due")])
def test_what_the_bank_calls_overdue_was_due_or_is(
    open_screen: Open, house: Runtime, person: UserId, days: int, said: str
) -> None:
    who = profile(house.store, person)
    due = who.today + dt.timedelta(days=days)
    loan = create_account(house.store, person, NewAccount("House", "mortgage", "USD"))
    with house.store.write() as session:
        session.add(
            Debt(
                account_id=loan, user_id=person, kind="mortgage", aprs="", minimum_payment=Decimal(700), due_day=due,
                overdue=True, details="", updated_at=clock.now(),
            )
        )  # fmt: skip
    told = words(open_screen("bills", person))
    assert "Overdue" in told
    assert re.search(rf"\b(was )?due {re.escape(formats_of(who).day(due))}", told)[0].startswith(said)


def test_a_line_in_the_address_warns_of_what_falls_below_it(open_screen: Open, demo_person: UserId) -> None:
    assert not open_screen("bills", demo_person).warning
    (warning,) = open_screen("bills", demo_person, line="10000000").warning
    assert re.search(r"there will be less than", warning.value)


def test_the_weeks_of_the_calendar_begin_as_the_settings_say(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    with house.store.write() as session:
        session.get_one(User, own_demo_person).week_start_day = 2
    first = re.search(r"weekdays.*?<span[^>]*>(\w+)</span>", words(open_screen("bills", own_demo_person)))
    assert first is not None
    assert first[1] == "Wed"


def test_the_line_that_was_typed_is_kept_for_every_browser(open_screen: Open, own_demo_person: UserId) -> None:
    app = open_screen("bills", own_demo_person)
    app.number_input(key="line_at_0.00").set_value(9_999_999.5).run()
    assert not app.exception
    assert app.warning
    other = open_screen("bills", own_demo_person)
    assert other.number_input(key="line_at_9999999.50").value == 9_999_999.5
    other.number_input(key="line_at_9999999.50").set_value(0.0).run()
    assert not other.warning


def test_a_line_that_cant_be_kept_is_told_and_changes_nothing(open_screen: Open, own_demo_person: UserId) -> None:
    app = open_screen("bills", own_demo_person)
    app.number_input(key="line_at_0.00").set_value(1e15).run()
    assert not app.exception
    assert len(app.error) == 1
    assert open_screen("bills", own_demo_person).number_input(key="line_at_0.00").value == 0


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "nonsense"},
        {"month": "0001-01"},
        {"month": "9999-12"},
        {"line": "1e999"},
        {"line": "-5"},
        {"line": "nan"},
        {"line": "9" * 40},
    ],
    ids=str,
)
def test_nonsense_in_the_address_gives_a_calendar(
    open_screen: Open, demo_person: UserId, query: dict[str, str]
) -> None:
    app = open_screen("bills", demo_person, **query)
    assert not app.exception
    assert not app.error
    assert app.get("html")


def test_the_overview_says_what_is_due_soon(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    app = open_screen("overview", demo_person)
    assert "Due soon" in [one.value for one in app.subheader]
    today = profile(house.store, demo_person).today
    view = bills(house.store, house.caches.of(demo_person), today, currency="USD")
    assert view.to_pay[0].day >= today
    assert view.to_pay[0].day <= today + dt.timedelta(days=30)
    assert view.to_pay[0].name in words(app)
