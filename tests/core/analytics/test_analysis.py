"""The analysis of a person's money, held figure by figure against pandas on what the store holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import cycle, pairwise
from typing import Final

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.analytics import (
    COMPARISONS,
    PRESETS,
    Comparing,
    Preset,
    Span,
    TransactionFilter,
    flow,
    list_transactions,
    merchant,
    merchants,
    overview,
    span_of,
    spending,
    worth_history,
    year_days,
    year_review,
)
from core.analytics.spans import stretches
from core.banking import link_demo
from core.cache import Caches, UserCache
from core.ledger import Part, ensure_categories, hide_account, list_accounts, split_transaction
from core.store import Balance, Pair, Store, Transaction, User, UserId, migrate, next_change
from core.vault import Keys, Vault
from tests.core.analytics import held
from tests.core.analytics.frames import lines_of, within
from tests.core.analytics.test_any_household import (
    ACCOUNTS,
    CATEGORIES,
    Row,
    Told,
    amounts,
    balances,
    currents,
    keep,
    numbers,
)
from tests.core.ledger.household import add_person
from tests.machine.examples import examples

ZONES: Final = {
    "Pacific/Kiritimati": datetime(2026, 3, 30, 11, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 31, 15, tzinfo=UTC),
    "Pacific/Pago_Pago": datetime(2026, 4, 1, 10, tzinfo=UTC),
}
"""Instants at which it is the last of March there: elsewhere it is the day before, or the day after."""
TODAY = date(2026, 3, 31)


@dataclass(frozen=True)
class Household:
    """The demo household with a hidden account, a split row, pairs, and some rows without a category."""

    store: Store
    user: UserId
    cache: UserCache
    frame: pd.DataFrame


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    folder = tmp_path_factory.mktemp("household")
    store = Store(f"sqlite:///{folder / 'fintrack.db'}")
    migrate(store, folder / "backups")
    ensure_categories(store)
    user = add_person(store)
    with clock.frozen(ZONES["Europe/Berlin"]):
        link_demo(store, Vault(Keys.made()), user)
        hidden = next(one.id for one in list_accounts(store, user) if one.name == "Brokerage")
        hide_account(store, user, hidden, hidden=True)
        with store.write() as session:
            change = next_change(session, user)
            rows = list(session.scalars(select(Transaction).where(Transaction.user_id == user)))
            for number, row in enumerate(rows):
                if number % 40 == 0:
                    row.own_category_id, row.own_hidden, row.change = 1 + number % 16, True, change
                elif number % 61 == 0:
                    row.category_id, row.learned_category_id, row.change = None, None, change
            refund = next(row for row in rows if row.amount > 0 and row.date.year == 2026 and not row.own_category_id)
            purchase = next(row for row in rows if row.amount < 0 and row.category_id)
            moved = [
                next(row for row in rows if sign * row.amount > 200 and row not in (refund, purchase))
                for sign in (-1, 1)
            ]
            for kind, (one, other) in {"refund": (purchase, refund), "transfer": (moved[0], moved[1])}.items():
                pair = Pair(
                    user_id=user, kind=kind, first_id=one.id, second_id=other.id, state="found", permille=900,
                    created_at=clock.now(),
                )  # fmt: skip
                session.add(pair)
                session.flush()
                for row in (other,) if kind == "refund" else (one, other):
                    row.pair_id, row.change = pair.id, change
            whole = next(row for row in rows if row.amount < -50 and row.pair_id is None and row.date.year == 2026)
            number, amount = whole.id, whole.amount
        split_transaction(
            store, user, number, [Part(Decimal(-20), 8, "food"), Part(Decimal(5), 16, ""), Part(amount + 15, 9, "")]
        )
        caches = Caches(folder / "cache", store)
        yield Household(store, user, caches.of(user), lines_of(store, user))
        caches.close()
        store.close()


def test_the_household_has_what_is_hard_to_count(household: Household) -> None:
    frame = household.frame
    assert {"income", "spending", "transfer"} == set(frame["kind"])
    assert {"USD", "EUR"} == set(frame["currency"])
    assert frame["pending"].any()
    assert (frame["part"] > 0).any()
    assert (frame["category"] == 0).any()
    assert ((frame["kind"] == "spending") & (frame["amount"] > 0)).any()


@pytest.mark.parametrize(
    ("preset", "comparing", "zone"), list(zip(PRESETS, cycle(COMPARISONS), cycle(ZONES), strict=False))
)
def test_every_figure_of_a_period_is_what_pandas_adds_up(
    household: Household, preset: Preset, comparing: Comparing, zone: str
) -> None:
    with clock.frozen(ZONES[zone]):
        today = clock.today(zone)
    first = min(household.frame["date"])
    span = span_of(preset, comparing, today, first=first, own=(date(2025, 5, 20), date(2025, 4, 9)))
    view = spending(household.cache, span)
    held.spending_holds(view, household.frame, span)
    if span.unit == "day":
        held.averages_hold(view, household.frame, span, first)
    held.flow_holds(flow(household.cache, span), household.frame, span)
    if preset in {"month", "12m"}:
        held.merchants_hold(merchants(household.cache, span), household.frame, span)


@pytest.mark.parametrize(("zone", "now"), ZONES.items())
def test_a_years_days_and_story_end_with_the_persons_own_today(household: Household, zone: str, now: datetime) -> None:
    with clock.frozen(now):
        today = clock.today(zone)
    assert today == TODAY
    for year in (2024, 2025, 2026):
        days = year_days(household.cache, year, today, week_start=6)
        held.days_hold(days, household.frame, today)
        assert [one.weekday for one in days.weekdays] == [6, 0, 1, 2, 3, 4, 5]
        held.review_holds(year_review(household.cache, year, today), household.frame, today)


def test_some_accounts_alone_are_theirs_alone(household: Household) -> None:
    number = int(household.frame[household.frame["kind"] == "spending"]["account"].mode()[0])
    frame = household.frame[household.frame["account"] == number]
    span = span_of("12m", "before", TODAY)
    held.spending_holds(spending(household.cache, span, [number]), frame, span)
    held.flow_holds(flow(household.cache, span, [number]), frame, span)
    held.merchants_hold(merchants(household.cache, span, [number]), frame, span)
    hidden = next(one.id for one in list_accounts(household.store, household.user) if one.hidden)
    assert spending(household.cache, span, [hidden]).rows == 0


def test_net_worth_is_the_overviews_and_each_account_follows_its_rows(household: Household) -> None:
    span = span_of("12m", "none", TODAY)
    view = worth_history(household.cache, span)
    told: dict[int, list[tuple[date, Decimal]]] = {}
    with household.store.read() as session:
        for one in session.scalars(select(Balance).where(Balance.user_id == household.user)):
            told.setdefault(one.account_id, []).append((one.day, one.current))
    held.worth_moves(view, household.frame, told)
    assert view.totals[-1] == overview(household.cache, TODAY).worth
    assert {one.account.currency for one in view.lines} == {"USD", "EUR"}
    assert not any(one.account.hidden for one in view.lines)
    for place, worth in enumerate(view.totals):
        together = sum((one.balances[place] for one in view.lines), Decimal(0))
        assert abs(together - worth.net) <= Decimal("0.0002")


def test_one_merchant_is_its_rows(household: Household) -> None:
    rows = within(household.frame, date.min, TODAY, "spending")
    name = str(rows["name"].mode()[0])
    view = merchant(household.cache, name, TODAY)
    held.merchant_holds(view, household.frame, name, TODAY)
    assert view is not None
    listed = list_transactions(household.cache, TransactionFilter(merchant=name, kind="spending", until=TODAY))
    assert listed.count == view.rows
    assert merchant(household.cache, name.lower(), TODAY) is None
    found = merchants(household.cache, span_of("all", "none", TODAY, first=date(2024, 1, 1)), text=name.upper())
    assert name in [one.spent.name for one in found.lines]


def test_a_stream_leads_to_exactly_its_rows(household: Household) -> None:
    span = span_of("12m", "none", TODAY)
    view = flow(household.cache, span)
    for one in (*view.sources, *view.uses):
        if one.category_ids:
            kind = "income" if one.role in {"income", "paid_back"} else "spending"
            wanted = TransactionFilter(
                category_ids=one.category_ids, alone=kind == "income", kind=kind, since=span.since, until=span.until
            )
            assert list_transactions(household.cache, wanted).count == one.rows, one
    for group in spending(household.cache, span).groups:
        for part in group.categories:
            wanted = TransactionFilter(
                category_ids=(part.category_id or 0,), alone=True, kind="spending", since=span.since, until=span.until
            )
            assert list_transactions(household.cache, wanted).count == part.rows, part


names = st.sampled_from(["Corner Shop", "corner shop", "Zoë's", "", "A (1)"])
few = st.dates(date(2023, 12, 20), date(2025, 2, 28))
homes = st.sampled_from(["USD", "EUR", "CHF"])
hours = st.integers(0, 23)
zones = st.sampled_from(list(ZONES))
rows = st.lists(
    st.builds(Row, numbers, few, amounts, st.sampled_from(list(CATEGORIES)), st.booleans()), min_size=4, max_size=40
)


# Not shrunk: with a store and a cache made for each attempt that takes minutes.
@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(
    drawn=rows, told=balances, current=currents, day=few, hour=hours, zone=zones, home=homes,
    preset=st.sampled_from(PRESETS), comparing=st.sampled_from(COMPARISONS), own=st.tuples(few, few),
    called=st.lists(names, min_size=40, max_size=40),
)  # fmt: skip
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_any_household_adds_up(
    store: Store, drawn: list[Row], told: list[Told], current: list[Decimal | None], day: date, hour: int, zone: str,
    home: str, preset: Preset, comparing: Comparing, own: tuple[date, date], called: list[str],
) -> None:  # fmt: skip
    person = keep(store, drawn, told, current)
    with clock.frozen(datetime(day.year, day.month, day.day, hour, tzinfo=UTC)):
        today = clock.today(zone)
    with store.write() as session:
        change = next_change(session, person)
        session.get_one(User, person).currency = home
        for row, name in zip(
            session.scalars(select(Transaction).where(Transaction.user_id == person)), called, strict=False
        ):
            row.name, row.change = name, change
    frame = lines_of(store, person, home)
    first = min(frame["date"], default=None)
    span = span_of(preset, comparing, today, first=first, own=own)
    caches = Caches(None, store)
    cache = caches.of(person)
    held.spending_holds(spending(cache, span), frame, span)
    held.flow_holds(flow(cache, span), frame, span)
    held.merchants_hold(merchants(cache, span), frame, span)
    for name in ("Corner Shop", "A (1)"):
        held.merchant_holds(merchant(cache, name, today), frame, name, today)
    held.days_hold(year_days(cache, today.year, today), frame, today)
    held.review_holds(year_review(cache, today.year, today), frame, today)
    view = worth_history(cache, Span(today - timedelta(days=40), today))
    assert [one.net for one in view.totals][-1:] == [overview(cache, today).worth.net]
    caches.close()
    assert {ACCOUNTS[place][1] for place in range(len(ACCOUNTS))} == {"USD", "EUR", "JPY", "XTS"}


@given(
    since=st.dates(date(2019, 1, 1), date(2026, 1, 1)),
    days=st.integers(0, 900),
    unit=st.sampled_from(["day", "week", "month"]),
)
def test_steps_cover_a_period_once(since: date, days: int, unit: str) -> None:
    until = since + timedelta(days=days)
    cut = stretches(since, until, unit)  # type: ignore[arg-type]
    assert cut[0][0] == since
    assert cut[-1][1] == until
    for (_, end), (start, _) in pairwise(cut):
        assert start == end + timedelta(days=1)
    assert unit != "week" or {(end - start).days for start, end in cut[1:]} <= {6}


@pytest.mark.parametrize(
    ("preset", "comparing", "expected"),
    [
        ("30d", "before", ("2026-03-02", "2026-03-31", "2026-01-31", "2026-03-01")),
        ("month", "before", ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28")),
        ("last_month", "before", ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")),
        ("last_month", "year", ("2026-02-01", "2026-02-28", "2025-02-01", "2025-02-28")),
        ("3m", "before", ("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31")),
        ("12m", "before", ("2025-04-01", "2026-03-31", "2024-04-01", "2025-03-31")),
        ("year", "before", ("2026-01-01", "2026-03-31", "2025-01-01", "2025-03-31")),
        ("last_year", "year", ("2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31")),
        ("all", "year", ("2025-07-09", "2026-03-31", "", "")),
        ("own", "before", ("2026-01-05", "2026-01-09", "2025-12-31", "2026-01-04")),
        ("own", "none", ("2026-01-05", "2026-01-09", "", "")),
    ],
)
def test_a_period_and_what_it_is_held_against(
    preset: Preset, comparing: Comparing, expected: tuple[str, str, str, str]
) -> None:
    span = span_of(preset, comparing, TODAY, first=date(2025, 7, 9), own=(date(2026, 1, 9), date(2026, 1, 5)))
    told = [span.since, span.until, span.before_since, span.before_until]
    assert tuple(one.isoformat() if one else "" for one in told) == expected
