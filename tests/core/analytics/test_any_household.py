"""The overview of any household, at any day: month ends, leap days, refunds, pending rows, several currencies."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.analytics import Overview, overview
from core.cache import Caches
from core.store import Account, Balance, Store, Transaction, User, UserId, next_change
from tests.core.ledger.household import add_person
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

OWED = {"credit card", "mortgage"}
ACCOUNTS = (
    ("checking", "USD", False), ("credit card", "USD", False), ("mortgage", "USD", False), ("brokerage", "USD", False),
    ("savings", "EUR", False), ("checking", "JPY", True), ("cash", "XTS", False),
)  # fmt: skip
"""Type, currency, hidden. Nobody has a rate of XTS."""
CATEGORIES = {None: None, 1: "income", 4: "transfer", 6: "spending", 7: "spending"}
"""Some built-in primary categories and what they count as."""
TOLD_AT = datetime(2024, 3, 15, 9, tzinfo=UTC)
_numbers: Final = count(1)


@dataclass(frozen=True)
class Row:
    """A transaction as drawn; `account` is a place in `ACCOUNTS`."""

    account: int
    date: date
    amount: Decimal
    category: int | None
    pending: bool

    @property
    def kind(self) -> str:
        """Say what it counts as."""
        owner = ACCOUNTS[self.account][0]
        if owner == "mortgage" and self.amount > 0:
            return "transfer"
        told = CATEGORIES[self.category]
        if told is not None:
            return told
        if owner in {"mortgage", "brokerage"}:
            return "transfer"
        return "income" if self.amount > 0 else "spending"

    @property
    def currency(self) -> str:
        """Say in what it is counted."""
        return ACCOUNTS[self.account][1]

    @property
    def hidden(self) -> bool:
        """Tell whether it lies on an account that counts for nothing."""
        return ACCOUNTS[self.account][2]


@dataclass(frozen=True)
class Told:
    """What a bank said that an account holds at the end of a day."""

    account: int
    day: date
    current: Decimal


TURNS = [date(2024, month, day) for month, day in ((1, 1), (1, 30), (1, 31), (2, 1), (2, 28), (2, 29), (3, 1), (3, 15))]
TURNS += [date(2024, month, day) for month, day in ((3, 29), (3, 30), (3, 31), (4, 1), (4, 29), (4, 30), (5, 31))]
"""Days at which months turn in a leap year, few enough for rows and balances to fall on the same ones."""

turns = st.sampled_from(TURNS)
days = turns | turns | turns | st.dates(date(2022, 1, 1), date(2025, 2, 28))
amounts = st.integers(-90_000, 90_000).map(lambda cents: Decimal(cents) / 100)
numbers = st.integers(0, len(ACCOUNTS) - 1)
rows = st.lists(
    st.builds(Row, numbers, days, amounts, st.sampled_from(list(CATEGORIES)), st.booleans()), min_size=8, max_size=50
)
balances = st.lists(st.builds(Told, numbers, days, amounts), max_size=12, unique_by=lambda one: (one.account, one.day))
currents = st.lists(st.none() | amounts, min_size=len(ACCOUNTS), max_size=len(ACCOUNTS))
homes = st.sampled_from(["USD", "USD", "EUR", "CHF"])
todays = turns | turns | st.dates(date(2023, 12, 1), date(2025, 2, 28))


def keep(store: Store, drawn: list[Row], told: list[Told], current: list[Decimal | None]) -> UserId:
    """Keep a household in the store."""
    person = add_person(store, f"person{next(_numbers)}@example.org")
    with store.write() as session:
        change = next_change(session, person)
        accounts = [account(session, person, place, current[place], change) for place in range(len(ACCOUNTS))]
        session.add_all(
            Transaction(
                user_id=person, account_id=accounts[row.account], provider_key=str(number), date=row.date,
                amount=row.amount, currency=row.currency, name=f"Row {number}", category_id=row.category,
                pending=row.pending, created_at=TOLD_AT, change=change,
            )
            for number, row in enumerate(drawn)
        )  # fmt: skip
        session.add_all(
            Balance(account_id=accounts[one.account], day=one.day, user_id=person, current=one.current, change=change)
            for one in told
        )
    return person


def account(session: Session, person: UserId, place: int, current: Decimal | None, change: int) -> int:
    """Add one of `ACCOUNTS`; return its id."""
    kind, currency, hidden = ACCOUNTS[place]
    made = Account(
        user_id=person, name=f"{kind} {currency}", type=kind, currency=currency, hidden=hidden, current=current,
        balance_at=TOLD_AT, created_at=TOLD_AT, change=change,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def month_before(day: date) -> date:
    """Return the same day of the month before, or its last one."""
    year, month = (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def worth(drawn: list[Row], told: list[Told], current: list[Decimal | None], day: date) -> dict[str, list[Decimal]]:
    """Return assets and liabilities by currency at the end of a day, account by account."""
    sums: dict[str, list[Decimal]] = {}
    for place, (kind, currency, hidden) in enumerate(ACCOUNTS):
        known = sorted((one.day, one.current) for one in told if one.account == place)
        last = current[place]
        if not known and last is not None:
            known = [(TOLD_AT.date(), last)]
        if hidden or not known:
            continue
        since, balance = max((one for one in known if one[0] <= day), default=known[0])
        for row in drawn:
            if row.account == place and not row.pending:
                balance += row.amount if since < row.date <= day else -row.amount if day < row.date <= since else 0
        sums.setdefault(currency, [Decimal(0), Decimal(0)])[kind in OWED] += balance
    return sums


def together(sums: dict[str, list[Decimal]], home: str, day: date) -> list[Decimal]:
    """Return assets and liabilities in one currency, without those that have no rate into it."""
    sides = [[converted(one[side], currency, home, day) for currency, one in sums.items()] for side in (0, 1)]
    return [sum((amount for amount in side if amount is not None), Decimal(0)) for side in sides]


# Not shrunk: with a store and a cache made for each attempt that takes minutes.
@settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@example(
    drawn=[Row(0, date(2024, 2, 29), Decimal(-7), 7, pending=False)], told=[],
    current=[Decimal(100)] * len(ACCOUNTS), today=date(2024, 3, 30), home="USD",
)  # fmt: skip
@given(drawn=rows, told=balances, current=currents, today=todays, home=homes)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_every_figure_is_what_adding_up_by_hand_gives(
    store: Store, drawn: list[Row], told: list[Told], current: list[Decimal | None], today: date, home: str
) -> None:
    person = keep(store, drawn, told, current)
    with store.write() as session:
        session.get_one(User, person).currency = home
    caches = Caches(None, store)
    view = overview(caches.of(person), today, TOLD_AT)
    caches.close()
    shown = [row for row in drawn if not row.hidden]
    assert view.rows == len(shown)
    assert view.first_date == min((row.date for row in shown), default=None)
    months_hold(view, shown, today)
    days_hold(view, shown, today)
    assert view.currency == home
    then = worth(drawn, told, current, today)
    assert {one.currency: [one.assets, one.liabilities] for one in view.elsewhere} == {
        currency: sums for currency, sums in then.items() if currency == "XTS"
    }
    assert [view.worth.assets, view.worth.liabilities] == together(then, home, today)
    for one in view.worth_history:
        assert [one.assets, one.liabilities] == together(worth(drawn, told, current, one.day), home, one.day), one
    if then.keys() - {"XTS"}:
        assert view.worth_history[-1] == view.worth


def counted(row: Row, home: str) -> tuple[Decimal, str]:
    """Return what a row counts for and in what: in the currency of totals, where there is a rate."""
    amount = converted(row.amount, row.currency, home, row.date)
    return (row.amount, row.currency) if amount is None else (amount, home)


def months_hold(view: Overview, shown: list[Row], today: date) -> None:
    """Hold this month, the one before and the last two years against the rows."""
    start, back = today.replace(day=1), month_before(today)

    def total(kind: str, currency: str, since: date, until: date) -> Decimal:
        picked = [counted(row, view.currency) for row in shown if row.kind == kind and since <= row.date <= until]
        return sum((amount for amount, counted_in in picked if counted_in == currency), Decimal(0))

    for one in (view.month, *view.other_months):
        assert one.income == total("income", one.currency, start, today)
        assert one.spending == total("spending", one.currency, start, today)
        assert one.income_before == total("income", one.currency, back.replace(day=1), back)
        assert one.spending_before == total("spending", one.currency, back.replace(day=1), back)
    seen = {
        counted(row, view.currency)[1]
        for row in shown
        if start <= row.date <= today or back.replace(day=1) <= row.date <= back
    }
    assert seen <= {view.month.currency, *(one.currency for one in view.other_months)}
    first = date(today.year - 2 + today.month // 12, today.month % 12 + 1, 1)
    flowing = [row.date.replace(day=1) for row in shown if row.currency != "XTS" and row.date <= today]
    expected = sorted({month for month in flowing if month >= first})
    assert [one.month for one in view.cash_flow][:1] == expected[:1]
    for one in view.cash_flow:
        last = min(one.month.replace(day=calendar.monthrange(one.month.year, one.month.month)[1]), today)
        assert one.income == total("income", view.currency, one.month, last)
        assert one.spending == total("spending", view.currency, one.month, last)
    assert len(view.cash_flow) == len({one.month for one in view.cash_flow})
    assert not expected or view.cash_flow[-1].month == start


def days_hold(view: Overview, shown: list[Row], today: date) -> None:
    """Hold the categories, the last ninety days and the last rows against the rows."""
    start, back = today.replace(day=1), month_before(today)
    now: dict[int | None, Decimal] = defaultdict(Decimal)
    before: dict[int | None, Decimal] = defaultdict(Decimal)
    daily: dict[date, Decimal] = defaultdict(Decimal)
    for row in shown:
        amount, currency = counted(row, view.currency)
        if row.kind == "spending" and currency == view.currency:
            now[row.category] -= amount if start <= row.date <= today else 0
            before[row.category] -= amount if back.replace(day=1) <= row.date <= back else 0
            if today - timedelta(days=89) <= row.date <= today:
                daily[row.date] -= amount
    assert {one.category_id: (one.spent, one.spent_before) for one in view.categories} == {
        category: (now[category], before[category]) for category in now if now[category] or before[category]
    }
    assert dict(view.daily) == daily
    newest = sorted(((row.date, f"Row {number}") for number, row in enumerate(shown)), reverse=True)[:10]
    assert [one.date for one in view.recent] == [day for day, _ in newest]
