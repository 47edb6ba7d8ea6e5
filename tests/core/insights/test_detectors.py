"""What is noticed, at its very thresholds; and every figure against pandas over the store, in three time zones."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core import clock
from core.formats import PlainFormats
from core.identity import profile
from core.insights import told
from core.insights.evidence import gather
from core.insights.facts import from_text, to_text
from core.ledger import category_ids
from core.planning import GoalWish, add_goal, choose, contribute, end_goal, keep_line, set_limit
from core.store import Account, GoalContribution, Store, Transaction, User, next_change
from tests.core.insights.noticed import facts_of, look, only, told_now
from tests.core.planning.money import FOOD, GROCERIES, INCOME, TODAY, TRANSPORT, Planner, planner
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

MAR = date(2026, 3, 1)
MUSIC = 150


# --- budgets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "kind"),
    [("79.99", None), ("80", None), ("80.01", "spending_alert"), ("100", "spending_alert"), ("100.01", "budget_alert")],
)
def test_a_budget_is_told_of_past_four_fifths_and_once_more_when_it_is_exceeded(
    person: Planner, spent: str, kind: str | None
) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(100))
    person.row(date(2026, 3, 9), f"-{spent}", GROCERIES)
    look(person)
    assert [one.kind for one in told_now(person)] == ([kind] if kind else [])
    if kind == "spending_alert":
        facts = facts_of(person, "spending_alert")
        left = Decimal(100) - Decimal(spent)
        assert (facts["spent"], facts["available"], facts["left"]) == (Decimal(spent), 100, left)
        # Seventeen days are left of March, today among them.
        assert facts["days_left"] == 16
        assert facts["a_day"] == (left / 17).quantize(Decimal("0.01"), ROUND_DOWN)
        assert (facts["listed_ids"], facts["first"], facts["last"]) == ((FOOD,), MAR, date(2026, 3, 31))
    if kind == "budget_alert":
        assert facts_of(person, "budget_alert")["over"] == Decimal("0.01")


def test_where_nothing_may_be_spent_anything_is_too_much(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(0))
    look(person)
    assert told_now(person) == ()
    person.row(TODAY, "-5", FOOD)
    look(person)
    assert facts_of(person, "budget_alert")["over"] == 5


ZONES = ("America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland")
moneys = st.lists(
    st.tuples(
        st.dates(date(2026, 2, 1), date(2026, 4, 30)),
        st.sampled_from([FOOD, GROCERIES, TRANSPORT]),
        st.integers(-30_000, 8_000).map(lambda one: Decimal(one) / 100),
        st.sampled_from(["USD", "EUR", "XTS"]),
        st.booleans(),
    ),
    max_size=20,
)
any_money = settings(
    max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip


def ledger(store: Store, person: Planner) -> pd.DataFrame:
    """Return the store's rows with their amounts in dollars, None without a rate."""
    with store.read() as session:
        rows = session.execute(
            select(
                Transaction.date,
                Transaction.category_id,
                Transaction.amount,
                Transaction.currency,
                Transaction.own_hidden,
            ).where(Transaction.user_id == person.user)
        ).all()
    frame = pd.DataFrame(rows, columns=["date", "category", "amount", "currency", "hidden"])
    frame["home"] = [
        converted(amount, code, "USD", day)
        for amount, code, day in zip(frame.amount, frame.currency, frame.date, strict=True)
    ]
    return frame


@any_money
@given(rows=moneys, first_day=st.sampled_from([1, 15, 28]), limit=st.integers(1, 60_000))
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_budgets_are_those_that_pandas_finds_in_the_persons_month(
    store: Store, zone: str, rows: list[Any], first_day: int, limit: int
) -> None:
    # On this instant the three are on different days, and for some it is another month.
    now = datetime(2026, 3, 31, 23, 30, tzinfo=UTC) if first_day != 15 else datetime(2026, 4, 14, 23, 30, tzinfo=UTC)
    person = planner(store)
    with clock.frozen(now):
        with store.write() as session:
            session.execute(
                update(User).where(User.id == person.user).values(time_zone=zone, month_start_day=first_day)
            )
        for day, category, amount, currency, hidden in rows:
            person.row(day, amount, category, currency, own_hidden=hidden)
        limits = {FOOD: Decimal(limit) / 100, TRANSPORT: Decimal(limit) / 300 // 1}
        for category, amount in limits.items():
            set_limit(store, person.user, category, date(2026, 1, 1), amount)
        today = profile(store, person.user).today
        look(person, today)
        found = {
            (one.kind, one.facts["category_id"]): one.facts["spent"]
            for one in told_now(person, today=today)
            if one.kind in {"spending_alert", "budget_alert"}
        }
    assert today == pd.Timestamp(now).tz_convert(zone).date()
    frame = ledger(store, person)
    begin = max(
        day.date() for day in pd.date_range("2025-12-01", "2026-05-31") if day.day == first_day and day.date() <= today
    )
    end = (pd.Timestamp(begin) + pd.DateOffset(months=1)).date()
    within = frame[(frame.date >= begin) & (frame.date < end) & ~frame.hidden.astype(bool) & frame.home.notna()]
    expected = {}
    for category, may in limits.items():
        mine = within[within.category.isin([FOOD, GROCERIES] if category == FOOD else [TRANSPORT])]
        spent = -sum(mine.home, Decimal(0))
        if spent > may:
            expected["budget_alert", category] = spent
        elif spent * 5 > may * 4:
            expected["spending_alert", category] = spent
    assert found == expected
    person.caches.close()


# --- goals -------------------------------------------------------------------------------------------------------


def test_a_goal_is_told_of_at_its_furthest_milestone(person: Planner) -> None:
    goal = add_goal(person.store, person.user, GoalWish("Boat", Decimal(1000), "EUR"))
    contribute(person.store, person.user, goal, Decimal("249.99"), TODAY)
    look(person)
    assert told_now(person) == ()
    for more, percent in (("0.01", 25), ("260", 50), ("490", 100)):
        contribute(person.store, person.user, goal, Decimal(more), TODAY)
        look(person)
        assert facts_of(person, "goal_progress")["percent"] == percent
    assert facts_of(person, "goal_progress")["saved"] == Decimal(1000)
    end_goal(person.store, person.user, goal)
    look(person)
    assert told_now(person) == ()


@pytest.mark.parametrize("zone", ZONES)
def test_what_mends_a_goal_is_what_is_left_over_the_months_that_are_left(person: Planner, zone: str) -> None:
    with person.store.write() as session:
        session.execute(update(User).where(User.id == person.user).values(time_zone=zone))
    with clock.frozen(datetime(2026, 3, 15, 11, 30, tzinfo=UTC)):
        today = profile(person.store, person.user).today
        day = today + timedelta(days=200)
        goal = add_goal(person.store, person.user, GoalWish("Roof", Decimal(9000), "USD", day))
        for month, amount in ((1, "50"), (2, "70.10"), (3, "30.25")):
            contribute(person.store, person.user, goal, Decimal(amount), date(2026, month, 2))
        look(person, today)
        facts = facts_of(person, "goal_behind", today)
    with person.store.read() as session:
        frame = pd.DataFrame(session.execute(select(GoalContribution.day, GoalContribution.amount)).all())
    saved = sum(frame.amount, Decimal(0))
    months = Decimal(200) / Decimal("30.436875")
    assert facts["left"] == 9000 - saved
    assert facts["needed"] == ((9000 - saved) / months).quantize(Decimal("0.01"), ROUND_CEILING)
    assert facts["more"] == facts["needed"] - facts["pace"]
    assert facts["pace"] > 0
    words = told("goal_behind", facts, PlainFormats("en_US"))
    assert f"${facts['needed']:,.2f} a month" in words.sentence
    assert f"${facts['more']:,.2f} more" in words.sentence


def test_a_goal_whose_day_has_passed_is_behind_and_one_on_its_way_is_not(person: Planner) -> None:
    late = add_goal(person.store, person.user, GoalWish("Late", Decimal(100), "USD", TODAY - timedelta(days=1)))
    well = add_goal(person.store, person.user, GoalWish("Well", Decimal(100), "USD", TODAY + timedelta(days=60)))
    contribute(person.store, person.user, late, Decimal(10), TODAY - timedelta(days=9))
    contribute(person.store, person.user, well, Decimal(90), TODAY - timedelta(days=9))
    look(person)
    facts = facts_of(person, "goal_behind")
    assert (facts["goal"], facts["left"]) == ("Late", 90)
    assert "passed" in told("goal_behind", facts, PlainFormats("en_US")).title


# --- what recurs ---------------------------------------------------------------------------------------------------


def monthly(person: Planner, name: str, amounts: list[str], category: int, day: int = 4, months: int = 0) -> list[int]:
    """Add a payment on the same day of each of the last months, the last one in the month of today."""
    last = TODAY.replace(day=day)
    count = len(amounts)
    return [
        person.row(clock.add_months(last, at + 1 - count - months), amount, category, merchant_name=name)
        for at, amount in enumerate(amounts)
    ]


def test_two_services_of_a_kind_are_told_of_with_what_the_dearest_alone_would_save(person: Planner) -> None:
    monthly(person, "Spotify", ["-10.99"] * 6, MUSIC)
    look(person)
    assert told_now(person, "savings_opportunity") == ()
    other = monthly(person, "Deezer", ["-8.50"] * 6, MUSIC, day=9)
    look(person)
    facts = facts_of(person, "savings_opportunity")
    assert facts["names"] == ("Spotify", "Deezer")
    assert (facts["yearly"], facts["saving"]) == (12 * Decimal("19.49"), 12 * Decimal("8.50"))
    assert facts["last_ids"][1] == other[-1]
    assert "Spotify and Deezer cost $233.88" in told("savings_opportunity", facts, PlainFormats("en_US")).sentence
    key = next(
        one.key for one in gather(person.store, person.user, person.cache, TODAY).recurring.active
        if one.name == "Deezer"
    )  # fmt: skip
    choose(person.store, person.user, key, state="ignored")
    look(person)
    assert told_now(person, "savings_opportunity") == ()


def test_a_price_that_rose_lately_is_told_of(person: Planner) -> None:
    monthly(person, "Netflix", ["-10"] * 6 + ["-12.50"] * 2, MUSIC)
    look(person)
    facts = facts_of(person, "price_rise")
    assert (facts["before"], facts["after"], facts["yearly"]) == (10, Decimal("12.50"), 30)


def test_what_renews_once_a_year_is_told_of_two_weeks_before(person: Planner) -> None:
    for year in (2023, 2024, 2025):
        person.row(date(year, 4, 2), "-99", MUSIC, merchant_name="Adobe")
    look(person, date(2026, 3, 10))
    assert told_now(person, "renewal") == ()
    look(person, date(2026, 3, 20))
    facts = facts_of(person, "renewal", date(2026, 3, 20))
    assert (facts["due"], facts["amount"]) == (date(2026, 4, 2), 99)


def test_a_bill_is_reminded_of_three_days_before_and_once_more_when_it_did_not_come(person: Planner) -> None:
    monthly(person, "Stone Property rent", ["-900"] * 8, 17, day=10, months=1)
    for day in (date(2026, 3, 1), date(2026, 3, 6)):
        look(person, day)
        assert told_now(person, "bill_due", day) == ()
    for day in (date(2026, 3, 7), date(2026, 3, 8)):
        look(person, day)
        facts = facts_of(person, "bill_due", day)
        assert (facts["due"], facts["amount"], facts["late"]) == (date(2026, 3, 10), 900, False)
    words = told("bill_due", facts, PlainFormats("en_US"))
    assert words.title == "Stone Property rent is due on Mar 10"
    assert words.sentence.startswith("$900.00 will be taken from ")
    look(person, date(2026, 3, 11))
    assert told_now(person, "bill_due", date(2026, 3, 11)) == ()
    look(person, date(2026, 3, 15))
    late = facts_of(person, "bill_due", date(2026, 3, 15))
    assert late["late"] is True
    assert told("bill_due", late, PlainFormats("en_US")).title == "Stone Property rent has not been paid yet"
    person.row(date(2026, 3, 15), "-900", 17, merchant_name="Stone Property rent")
    look(person, date(2026, 3, 16))
    assert told_now(person, "bill_due", date(2026, 3, 16)) == ()


def test_what_is_paid_by_card_or_renews_once_a_year_is_no_bill_to_be_reminded_of(person: Planner) -> None:
    card = person.account(kind="credit card")
    for year in (2023, 2024, 2025):
        person.row(date(year, 4, 2), "-99", MUSIC, merchant_name="Adobe")
    for month in range(8, 16):
        day = clock.add_months(date(2025, 1, 2), month - 1)
        person.row(day, "-10", MUSIC, merchant_name="Netflix", account=card)
    day = date(2026, 3, 31)
    look(person, day)
    assert told_now(person, "bill_due", day) == ()
    assert [one.name for one in gather(person.store, person.user, person.cache, day).bills.to_pay[:2]] == [
        "Adobe", "Netflix"
    ]  # fmt: skip


def test_a_transfer_that_did_not_come_is_no_bill(person: Planner) -> None:
    monthly(person, "Brokerage", ["-200"] * 8, category_ids()["TRANSFER_OUT_SAVINGS"], day=10, months=1)
    day = date(2026, 3, 15)
    (overdue,) = gather(person.store, person.user, person.cache, day).bills.overdue
    assert (overdue.role, overdue.standing) == ("transfer", "late")
    look(person, day)
    assert told_now(person, "bill_due", day) == ()


def test_of_a_debt_that_only_the_bank_tells_of_no_account_is_said() -> None:
    facts = {"name": "Card", "due": TODAY, "amount": Decimal(35), "currency": "USD", "account": "", "exact": False}
    words = told("bill_due", facts | {"late": False}, PlainFormats("en_US"))
    assert words.sentence == "About $35.00 is to be paid."


def test_income_that_did_not_come_is_told_of(person: Planner) -> None:
    monthly(person, "Acme payroll", ["3000"] * 8, INCOME, day=2, months=1)
    look(person, date(2026, 3, 1))
    assert told_now(person, "income_late", date(2026, 3, 1)) == ()
    for day in (date(2026, 3, 6), date(2026, 3, 14)):
        look(person, day)
        facts = facts_of(person, "income_late", day)
        assert (facts["amount"], facts["due"]) == (3000, date(2026, 3, 2))
    person.row(date(2026, 3, 4), "3000", INCOME, merchant_name="Acme payroll")
    look(person, date(2026, 3, 14))
    assert told_now(person, "income_late", date(2026, 3, 14)) == ()


def test_a_balance_that_will_fall_below_the_line_is_told_of(person: Planner) -> None:
    monthly(person, "Stone Property rent", ["-900"] * 8, 17, day=10)
    with person.store.write() as session:
        session.execute(update(User).where(User.id == person.user).values(warn_below=Decimal(0)))
    account = person.account()
    with person.store.write() as session:
        row = session.get_one(Account, account)
        row.current, row.change = Decimal(1000), next_change(session, person.user)
    look(person)
    assert told_now(person, "low_balance") == ()
    keep_line(person.store, person.user, Decimal(200))
    look(person)
    facts = facts_of(person, "low_balance")
    assert (facts["start"], facts["lowest"], facts["line"], facts["below"]) == (1000, 100, 200, date(2026, 4, 10))


# --- unusual charges -----------------------------------------------------------------------------------------------


def test_an_unusual_charge_is_told_of_with_why(person: Planner) -> None:
    for day in range(80):
        person.row(date(2025, 12, 1) + timedelta(day), f"-{20 + day % 3}", GROCERIES)
    odd = person.row(TODAY - timedelta(days=2), "-140", GROCERIES)
    look(person)
    one = only(person, "anomaly")
    assert (one.facts["transaction_id"], one.facts["amount"], one.subject) == (odd, 140, "payee:shop")
    words = told("anomaly", one.facts, PlainFormats("de_DE"))
    assert words.title == "Unusual: 140,00\xa0$ at Shop"
    assert "21,00\xa0$" in words.sentence
    look(person, TODAY + timedelta(days=29))
    assert told_now(person, "anomaly") == ()


# --- all of them -----------------------------------------------------------------------------------------------------


def test_facts_are_kept_and_read_back_as_they_were() -> None:
    facts = {"a": Decimal("12.3400"), "b": TODAY, "c": "ü {x}", "d": 3, "e": (1, 2), "f": (Decimal(-1),), "g": ("x",)}
    assert from_text(to_text(facts)) == facts
    assert to_text(facts) == to_text(dict(reversed(facts.items())))
