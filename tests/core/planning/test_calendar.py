"""What is due, and what will be left: by hand, and for any household."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock
from core.cache import Caches, UserCache
from core.errors import AmountError, NotFoundError
from core.ledger import AccountRecord, DebtEntry, DebtRecord, TransactionRecord, apply_update, replace_debts
from core.planning import (
    Bills,
    Due,
    Movement,
    Purse,
    bills,
    bills_due,
    choose,
    expected,
    find_recurring,
    keep_line,
    kept_line,
    projections,
    seen_by,
)
from core.planning.gathering import Gathered, Payment, Recurring
from core.planning.keys import keys_of
from core.store import Pair, Store, Transaction, UserId, next_change
from tests.core.ledger.household import Household, settle, update
from tests.core.planning.regular import CARD, CHECKING, SAVINGS, TODAY, every_month
from tests.machine.examples import examples

FUND = AccountRecord(key="fund", name="Fund", type="brokerage", current=Decimal("9000.00"))
ACCOUNTS = (CHECKING, CARD, SAVINGS, FUND)


@pytest.fixture
def household(store: Store) -> Household:
    """Return a person with rent, wages, a subscription on a card, and the payment of that card."""
    found = settle(store)
    rows = [
        *every_month("Lakeside Homes rent", "-900.00", 2),
        *every_month("Halden Instruments payroll", "1000.00", 28),
        *every_month("NETFLIX.COM", "-12.99", 10, "card"),
        *every_month("Card payment", "-200.00", 25),
        *every_month("Payment thank you", "200.00", 26, "card"),
    ]
    apply_update(store, found.user, found.item, update(*rows, accounts=ACCOUNTS), since="")
    return found


@pytest.fixture
def cache(store: Store, household: Household) -> Iterator[UserCache]:
    """Return that person's cache."""
    caches = Caches(None, store)
    yield caches.of(household.user)
    caches.close()


def lines(view: Bills) -> list[tuple[str, str, str]]:
    """Return what is due next as day, name and amount."""
    return [(f"{one.day:%m-%d}", one.name, f"{one.amount:.2f}") for one in view.next]


def test_the_next_days_bring_what_is_due_and_say_what_will_be_left(store: Store, cache: UserCache) -> None:
    view = bills(store, cache, TODAY, currency="USD")
    assert lines(view) == [
        ("05-25", "Card payment", "-200.00"),
        ("05-28", "Halden Instruments payroll", "1000.00"),
        ("06-02", "Lakeside Homes rent", "-900.00"),
        ("06-10", "NETFLIX.COM", "-12.99"),
    ]
    assert bills_due(store, cache, TODAY, days=10).next == view.next[:2]
    (left,) = view.projections
    # What is bought by card counts when the card is paid.
    assert (left.known, left.pending, left.end) == (Decimal(2000), 0, Decimal(1900))
    assert (left.lowest.day, left.lowest.balance) == (dt.date(2026, 5, 25), Decimal(1800))
    assert left.below is None
    below = bills(store, cache, TODAY, currency="USD", line=Decimal(1900)).projections[0].below
    assert below == dt.date(2026, 5, 25)


@pytest.mark.parametrize("weekday", range(7))
def test_weeks_begin_with_the_day_that_was_chosen(store: Store, cache: UserCache, weekday: int) -> None:
    weeks = bills(store, cache, TODAY, currency="USD", week_start_day=weekday).weeks
    assert {week[0].day.weekday() for week in weeks} == {weekday}
    days = [day for week in weeks for day in week]
    assert [day.day.day for day in days if day.in_month] == list(range(1, 32))
    # No week lies outside of the month as a whole.
    assert all(any(day.in_month for day in week) for week in weeks)


def test_a_month_shows_what_was_paid_then_what_is_expected(store: Store, cache: UserCache) -> None:
    view = bills(store, cache, TODAY, currency="USD", week_start_day=6)
    assert (len(view.weeks), view.weeks[0][0].day) == (6, dt.date(2026, 4, 26))
    days = {day.day.day: day for week in view.weeks for day in week if day.in_month}
    assert len(days) == 31
    assert days[20].is_today
    assert [(one.name, one.standing) for one in days[2].entries] == [("Lakeside Homes rent", "paid")]
    assert days[2].entries[0].transaction_id is not None
    assert [(one.name, one.standing) for one in days[25].entries] == [("Card payment", "due")]
    (sums,) = view.sums
    # The card's payment is no cost by itself.
    assert (sums.paid, sums.to_pay, sums.to_receive) == (Decimal("-912.99"), 0, Decimal(1000))
    ahead = bills(store, cache, TODAY, currency="USD", month=dt.date(2026, 12, 9))
    told = [(one.name, one.day.day) for week in ahead.weeks for day in week for one in day.entries]
    assert told == [
        ("Lakeside Homes rent", 2),
        ("NETFLIX.COM", 10),
        ("Card payment", 25),
        ("Halden Instruments payroll", 28),
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (dt.date(1990, 1, 1), dt.date(2026, 1, 1)),
        (dt.date(9999, 12, 1), dt.date(2027, 5, 1)),
        (None, dt.date(2026, 5, 1)),
    ],
)
def test_months_without_anything_known_are_not_shown(
    store: Store, cache: UserCache, asked: dt.date | None, shown: dt.date
) -> None:
    assert bills(store, cache, TODAY, currency="USD", month=asked).month == shown


def test_what_is_late_is_overdue_and_still_expected(store: Store, cache: UserCache) -> None:
    late = dt.date(2026, 5, 28)
    view = bills(store, cache, late, currency="USD")
    assert [(one.name, one.day, one.standing) for one in view.overdue] == [
        ("Card payment", dt.date(2026, 5, 25), "late")
    ]
    (left,) = view.projections
    assert left.days[0].balance == left.start - 200 + 1000
    assert bills_due(store, cache, late) == Due(late, view.next, view.overdue, view.recurring)
    # Days later it is not counted on any more, and still told.
    view = bills(store, cache, dt.date(2026, 6, 5), currency="USD")
    assert ("Card payment", dt.date(2026, 5, 25)) in [(one.name, one.day) for one in view.overdue]


def test_a_pending_payment_is_in_what_is_left_and_not_expected_again(
    store: Store, cache: UserCache, household: Household
) -> None:
    pending = TransactionRecord(
        "chk", dt.date(2026, 5, 20), Decimal("-200.00"), "Card payment", key="pending", pending=True
    )
    apply_update(store, household.user, household.item, update(pending, accounts=ACCOUNTS), since="c1")
    view = bills(store, cache, TODAY + dt.timedelta(days=1), currency="USD")
    (left,) = view.projections
    assert (left.known, left.pending, left.start) == (Decimal(2000), Decimal(-200), Decimal(1800))
    assert "Card payment" not in [one.name for one in view.next if one.day < dt.date(2026, 6, 15)]


def test_what_is_ignored_is_neither_due_nor_counted(store: Store, cache: UserCache, household: Household) -> None:
    (rent,) = (one for one in bills(store, cache, TODAY, currency="USD").next if one.amount == -900)
    choose(store, household.user, rent.key, state="ignored")
    view = bills(store, cache, TODAY, currency="USD")
    assert "Lakeside Homes rent" not in [one.name for one in view.next]
    assert view.projections[0].end == Decimal(2800)


def test_money_that_stays_within_what_can_be_spent_is_left_out(
    store: Store, cache: UserCache, household: Household
) -> None:
    rows = [
        *every_month("To savings", "-100.00", 4, category="TRANSFER_OUT_SAVINGS"),
        *every_month("From checking", "100.00", 5, "sav", category="TRANSFER_IN_ACCOUNT_TRANSFER"),
        *every_month("To fund", "-50.00", 6, category="TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS"),
        *every_month("From bank", "50.00", 7, "fund", category="TRANSFER_IN_ACCOUNT_TRANSFER"),
    ]
    apply_update(store, household.user, household.item, update(*rows, accounts=ACCOUNTS), since="c1")
    view = bills(store, cache, TODAY, currency="USD")
    assert {"To savings", "From checking", "From bank"}.isdisjoint(one.name for one in view.next)
    assert "To fund" in [one.name for one in view.next]
    assert view.projections[0].end == Decimal(1850)


@pytest.mark.parametrize(("least", "told"), [("25.00", "-250.00"), ("200.00", "-200.00")])
def test_a_debt_is_told_by_the_series_that_pays_it(
    store: Store, cache: UserCache, household: Household, least: str, told: str
) -> None:
    """Who pays the whole statement each month is told the statement's balance; who pays the least, that."""
    rows = [
        TransactionRecord("chk", dt.date(2025, 12, 25), Decimal("-230.00"), "Card payment", key="one"),
        TransactionRecord("card", dt.date(2025, 12, 26), Decimal("230.00"), "Payment thank you", key="two"),
        TransactionRecord("chk", dt.date(2025, 11, 25), Decimal("-170.00"), "Card payment", key="three"),
        TransactionRecord("card", dt.date(2025, 11, 26), Decimal("170.00"), "Payment thank you", key="four"),
        TransactionRecord("chk", dt.date(2025, 10, 25), Decimal("-160.00"), "Card payment", key="five"),
        TransactionRecord("card", dt.date(2025, 10, 26), Decimal("160.00"), "Payment thank you", key="six"),
        TransactionRecord("chk", dt.date(2025, 9, 25), Decimal("-150.00"), "Card payment", key="seven"),
        TransactionRecord("card", dt.date(2025, 9, 26), Decimal("150.00"), "Payment thank you", key="eight"),
    ]
    apply_update(store, household.user, household.item, update(*rows, accounts=ACCOUNTS), since="c1")
    record = DebtRecord(
        "card",
        "credit",
        minimum_payment=Decimal(least),
        due_day=dt.date(2026, 5, 26),
        statement_balance=Decimal("250.00"),
    )
    replace_debts(store, household.user, household.item, [record])
    view = bills(store, cache, TODAY, currency="USD")
    assert [line for line in lines(view) if line[0] < "05-28"] == [("05-25", "Card payment", told)]


def debt(day: dt.date, **more: object) -> DebtEntry:
    """Return a student loan that nothing pays yet."""
    facts: dict[str, object] = {"kind": "student", "minimum_payment": Decimal(150), "due_day": day} | more
    return DebtEntry(7, "Student loan", "loan", "Bank", "", "USD", Decimal(9000), **facts)  # type: ignore[arg-type]


def test_a_debt_that_no_series_pays_is_told_by_its_terms_month_by_month() -> None:
    until = dt.date(2026, 7, 31)
    told = expected((), [debt(dt.date(2026, 5, 31))], (), TODAY, until)
    assert [(one.day, one.amount, one.standing) for one in told] == [
        (dt.date(2026, 5, 31), Decimal(-150), "due"),
        (dt.date(2026, 6, 30), Decimal(-150), "due"),
        (dt.date(2026, 7, 31), Decimal(-150), "due"),
    ]
    missed = debt(dt.date(2026, 5, 3), last_payment_day=dt.date(2026, 4, 2))
    assert [one.standing for one in expected((), [missed], (), TODAY, TODAY)] == ["late"]
    settled = debt(dt.date(2026, 5, 3), last_payment_day=dt.date(2026, 5, 2))
    assert [one.day for one in expected((), [settled], (), TODAY, until)] == [dt.date(2026, 6, 3), dt.date(2026, 7, 3)]


def test_a_due_day_that_passed_is_overdue_until_the_bank_says_otherwise_or_its_terms_are_old() -> None:
    due = dt.date(2026, 5, 3)
    for told, standing, days in (
        ({}, "late", 17),
        ({}, "late", 31),
        ({}, "due", 32),
        ({}, "due", 900),
        ({"overdue": True}, "late", 900),
        ({"overdue": False, "updated_at": dt.datetime(2026, 5, 2, tzinfo=dt.UTC)}, "late", 17),
        ({"overdue": False, "updated_at": dt.datetime(2026, 5, 19, tzinfo=dt.UTC)}, "due", 17),
    ):
        today = due + dt.timedelta(days=days)
        found = expected((), [debt(due, **told)], (), today, today + dt.timedelta(days=30))
        assert found[0].standing == standing, (told, days)
        assert [one.standing for one in found[1:]] == ["due"] * (len(found) - 1)
        assert (found[0].day < today) == (standing == "late")


def test_what_was_paid_ahead_of_its_due_day_is_not_due_any_more() -> None:
    due, later = dt.date(2026, 6, 10), dt.date(2026, 7, 10)
    told = {
        "statement_day": dt.date(2026, 5, 15),
        "last_payment_day": dt.date(2026, 5, 18),
        "last_payment": Decimal(150),
    }
    for change, first in (
        ({}, later),
        ({"last_payment": Decimal(100)}, due),
        ({"last_payment_day": dt.date(2026, 5, 14)}, due),
        # The payment was for the statement before, and that of June is not out yet.
        ({"statement_day": dt.date(2026, 4, 15)}, due),
        ({"statement_day": None}, due),
        ({"overdue": True}, due),
    ):
        found = expected((), [debt(due, **(told | change))], (), TODAY, later)
        assert [one.day for one in found] == [day for day in (due, later) if day >= first], change


def test_a_card_in_credit_asks_for_nothing() -> None:
    due = dt.date(2026, 6, 10)
    for owed, count in ((Decimal(-5), 0), (Decimal(0), 0), (Decimal(5), 1), (None, 1)):
        assert len(expected((), [replace(debt(due), owed=owed)], (), TODAY, due)) == count


def test_a_card_that_was_not_paid_is_overdue_once(store: Store, cache: UserCache, household: Household) -> None:
    late = dt.date(2026, 6, 5)

    def missing() -> list[tuple[str, dt.date]]:
        view = bills(store, cache, late, currency="USD")
        return [(one.name, one.day) for one in view.overdue if one.role == "card"]

    assert missing() == [("Card payment", dt.date(2026, 5, 25))]
    record = DebtRecord("card", "credit", minimum_payment=Decimal(25), due_day=dt.date(2026, 5, 26))
    replace_debts(store, household.user, household.item, [record])
    assert missing() == [("Blue Card", dt.date(2026, 5, 26))]
    replace_debts(store, household.user, household.item, [replace(record, last_payment_day=dt.date(2026, 5, 27))])
    assert missing() == []


def test_a_loan_that_was_not_paid_is_overdue_once(store: Store, cache: UserCache, household: Household) -> None:
    house = AccountRecord(key="home", name="House", type="mortgage", current=Decimal(-90_000))
    rows = every_month("Hill Bank", "-700.00", 3, until=dt.date(2026, 4, 30), category="LOAN_PAYMENTS_MORTGAGE_PAYMENT")
    apply_update(store, household.user, household.item, update(*rows, accounts=(*ACCOUNTS, house)), since="c1")
    missing = [one.name for one in bills(store, cache, TODAY, currency="USD").overdue]
    assert missing == ["Hill Bank"]
    record = DebtRecord("home", "mortgage", minimum_payment=Decimal(700), due_day=dt.date(2026, 5, 3))
    replace_debts(store, household.user, household.item, [record])
    assert [one.name for one in bills(store, cache, TODAY, currency="USD").overdue] == ["House"]


def test_a_pending_refund_is_in_what_is_left(store: Store, cache: UserCache, household: Household) -> None:
    bought = TransactionRecord("chk", dt.date(2026, 5, 12), Decimal("-80.00"), "Shoe shop", key="bought")
    back = TransactionRecord("chk", dt.date(2026, 5, 19), Decimal("80.00"), "Shoe shop", key="back", pending=True)
    apply_update(store, household.user, household.item, update(bought, back, accounts=ACCOUNTS), since="c1")
    (first, second) = (one for one in household.rows() if one.name == "Shoe shop")
    with store.write() as session:
        change = next_change(session, household.user)
        pair = Pair(
            user_id=household.user, kind="refund", first_id=first.id, second_id=second.id, state="sure", permille=1000,
            reasons="", created_at=clock.now(),
        )  # fmt: skip
        session.add(pair)
        session.flush()
        for number in (first.id, second.id):
            row = session.get_one(Transaction, number)
            row.pair_id, row.change = pair.id, change
    (left,) = bills(store, cache, TODAY, currency="USD").projections
    assert (left.pending, left.start) == (80, 2080)


def test_the_line_that_a_person_does_not_want_to_fall_below_is_kept(store: Store, household: Household) -> None:
    assert kept_line(store, household.user) == 0
    for line in (Decimal("250.5"), Decimal(-100), Decimal(0)):
        keep_line(store, household.user, line)
        assert kept_line(store, household.user) == line
    with pytest.raises(AmountError):
        keep_line(store, household.user, Decimal("1e14"))
    with pytest.raises(NotFoundError):
        keep_line(store, UserId(999_999), Decimal(1))


PURSES = (
    Purse(1, "Checking", "checking", "USD", Decimal(100), Decimal(-3)),
    Purse(2, "Savings", "savings", "USD", Decimal("50.5"), Decimal(0)),
    Purse(3, "Konto", "checking", "EUR", Decimal(10), Decimal(0)),
    Purse(4, "Card", "credit card", "USD", Decimal(-70), Decimal(0)),
    Purse(5, "Tin", "cash", "USD", None, Decimal(0)),
)
plans = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from((7, 14, 30, 61, 365)),
        st.integers(-50_000, 50_000).filter(bool),
        st.integers(0, 40),
        st.sampled_from(("bill", "income", "card", "transfer")),
    ),
    max_size=6,
)


def series_of(drawn: list[tuple[int, int, int, int, str]]) -> Gathered:
    """Return what recurs where somebody pays so much every so many days, the last time some days before today."""
    recurring = []
    for number, (account, every, cents, ago, role) in enumerate(drawn):
        purse = PURSES[account]
        days = [TODAY - dt.timedelta(days=ago + every * back) for back in range(5)][::-1]
        rows = [
            Movement(number * 10 + place, purse.id, day, Decimal(cents) / 100, "Spotify", purse.currency)
            for place, day in enumerate(days)
        ]
        for series in find_recurring(rows, TODAY):
            (key,) = keys_of([series], [rows[0].amount])
            payments = tuple(Payment(int(row.id), row.date, row.amount, purse.id) for row in rows)
            recurring.append(
                Recurring(f"{key} {number}", "Spotify", role, series, payments, purse.id, purse.name, "")  # type: ignore[arg-type]
            )
    return Gathered(tuple(recurring), PURSES)


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(drawn=plans, ahead=st.integers(0, 120))
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_is_left_is_what_was_there_and_all_that_is_expected(
    store: Store, drawn: list[tuple[int, int, int, int, str]], ahead: int
) -> None:
    until = TODAY + dt.timedelta(days=ahead)
    coming = expected(seen_by(store, UserId(1), series_of(drawn)), (), PURSES, TODAY, until)
    assert max(Counter((one.key, one.day) for one in coming).values(), default=1) == 1
    assert all(one.day <= until for one in coming)
    assert list(coming) == sorted(coming, key=lambda one: one.day)
    for left in projections(PURSES, coming, TODAY, until, currency="USD"):
        # Of the tin nobody knows what is in it.
        moving = [one.amount for one in coming if one.moves and one.currency == left.currency and one.account != "Tin"]
        assert left.start == {"USD": Decimal("147.5"), "EUR": Decimal(10)}[left.currency]
        assert left.end == left.start + sum(moving)
        assert left.end == left.start + left.coming_in + left.going_out
        assert len(left.days) == ahead + 1
        assert left.lowest.balance == min(day.balance for day in left.days)
        assert left.unknown == (("Tin",) if left.currency == "USD" else ())
