"""The next ninety days of a household: laid out by hand, and for any rows, in three time zones."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock
from core.cache import Caches, UserCache
from core.errors import AmountError, ValidationError
from core.forecasting import Change, Once, Outlook, Wish, outlook
from core.forecasting.rest import FEWEST_MONTHS, HORIZON, MOST_MONTHS, rest_of
from core.ledger import AccountRecord, TransactionRecord, apply_update
from core.money import minor_digits
from core.planning import choose
from core.store import Store, UserId
from tests.core.analytics.test_any_household import Row, amounts, keep, numbers
from tests.core.ledger.household import Household, settle, update
from tests.core.planning.regular import CARD, CHECKING, SAVINGS, TODAY, every_month
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

ACCOUNTS = (CHECKING, CARD, SAVINGS, AccountRecord(key="old", name="Old box", type="cash", current=None))
MONTHS = 14


def shopping(months: int = MONTHS) -> list[TransactionRecord]:
    """Return shopping at many shops, on no regular days, for about as much each month."""
    rows = []
    for back in range(1, months):
        for at, day in enumerate((3, 9, 14, 22)):
            one = clock.add_months(TODAY, -back).replace(day=(day + 5 * back * (at + 1)) % 27 + 1)
            amount = Decimal(-(2000 + (back * 977 + at * 3571) % 1500)) / 100
            name = f"Shop {back * 7 + at * 3}"
            rows.append(TransactionRecord("chk", one, amount, name, key=name + str(one), category="FOOD_AND_DRINK"))
    return rows


@pytest.fixture
def household(store: Store) -> Household:
    """Return a person with rent, wages, a service on a card, the card's payment, and everyday shopping."""
    found = settle(store)
    rows = [
        *every_month("Lakeside Homes rent", "-900.00", 2, months=MONTHS, category="RENT_AND_UTILITIES_RENT"),
        *every_month("Halden Instruments payroll", "1000.00", 28, months=MONTHS),
        *every_month("NETFLIX.COM", "-12.99", 10, "card", months=MONTHS, category="ENTERTAINMENT_TV_AND_MOVIES"),
        *shopping(),
    ]
    apply_update(store, found.user, found.item, update(*rows, accounts=ACCOUNTS), since="")
    return found


@pytest.fixture
def cache(store: Store, household: Household) -> Iterator[UserCache]:
    """Return that person's cache."""
    caches = Caches(None, store)
    yield caches.of(household.user)
    caches.close()


def adds_up(view: Outlook) -> None:
    """Hold every day against what there was and what came and went since."""
    cent = Decimal(1).scaleb(-minor_digits(view.currency))
    assert view.opening is not None
    assert [one.day for one in view.days] == [view.today + dt.timedelta(days=ahead) for ahead in range(91)]
    for one in view.days:
        assert one.balance == view.opening.balance + one.recurring + one.once + one.rest
        assert one.lowest <= one.low <= one.balance <= one.high <= one.highest
        assert one.rest == one.rest.quantize(cent)
        assert 0 <= one.chance <= 1
    chances = [one.chance for one in view.days]
    assert chances == sorted(chances)


def key_of(view: Outlook, name: str) -> str:
    """Return the key of what recurs under a name."""
    (key,) = {one.key for one in view.entries if one.name == name}
    return key


def test_what_recurs_is_laid_out_exactly_and_the_rest_is_foreseen(store: Store, cache: UserCache) -> None:
    view = outlook(store, cache, TODAY)
    adds_up(view)
    assert view.opening is not None
    assert (view.opening.known, view.opening.unknown) == (Decimal(2000), ("Old box",))
    # Three wages and three rents; what is paid by card moves nothing before the card is paid.
    assert view.days[-1].recurring == 3 * 1000 - 3 * 900
    paid = {one.day: one.recurring for one in view.days}
    assert paid[dt.date(2026, 5, 28)] - paid[dt.date(2026, 5, 27)] == 1000
    assert paid[dt.date(2026, 6, 2)] - paid[dt.date(2026, 6, 1)] == -900
    # The shopping of a month is four times about 27.50.
    assert -380 < view.days[-1].rest < -260
    assert view.days[0].rest == 0
    assert view.days[-1].low < view.days[-1].balance < view.days[-1].high
    assert view.unchanged == tuple(one.balance for one in view.days)


def test_spending_is_foreseen_by_category(store: Store, cache: UserCache) -> None:
    view = outlook(store, cache, TODAY)
    for days, rents in ((30, 1), (60, 2), (90, 3)):
        whole, parts = view.spent(days), view.parts(days)
        assert whole is not None
        assert whole.known == sum(one.known for one in parts)
        assert whole.rest == sum(one.rest for one in parts)
        assert all(one.low <= one.total <= one.high for one in (whole, *parts))
        known = {one.title: one.known for one in parts}
        assert known["Housing & utilities"] == 900 * rents
        assert known["Entertainment"] == Decimal("12.99") * rents
        (food,) = (one for one in parts if one.title == "Food & drink")
        assert food.known == 0
        assert 85 * rents < food.rest < 135 * rents


def test_the_past_is_told_beside_taking_the_last_month_again(store: Store, cache: UserCache) -> None:
    view = outlook(store, cache, TODAY)
    found = view.back_test
    assert found is not None
    frame = pd.DataFrame({"month": one.date.replace(day=1), "spent": -one.amount} for one in shopping())
    sums = frame.groupby("month").spent.sum()
    whole = [one for one in sums.index if one < TODAY.replace(day=1)]
    told = {one.month: one.actual for one in found.months}
    assert told == {month: sums[month] for month in whole[-len(found.months) :]}
    assert float(found.off_last) == pytest.approx(sums[whole].astype(float).diff().abs().iloc[3:].mean(), abs=0.01)
    errors = [abs(float(one.actual - one.forecast)) for one in found.months]
    assert float(found.off) == pytest.approx(sum(errors) / len(errors), abs=0.01)
    held = [one.low <= one.actual <= one.high for one in found.months]
    assert found.held == pytest.approx(sum(held) / len(held))


def test_what_is_tried_changes_the_picture_and_nothing_else(store: Store, cache: UserCache) -> None:
    before, mark = outlook(store, cache, TODAY), cache.mark()
    rent, wages = key_of(before, "Lakeside Homes rent"), key_of(before, "Halden Instruments payroll")
    without = outlook(store, cache, TODAY, wish=Wish(dropped=frozenset({rent})))
    adds_up(without)
    assert without.days[-1].balance - before.days[-1].balance == 2700
    assert without.unchanged == before.unchanged
    whole, whole_before = without.spent(90), before.spent(90)
    assert whole is not None
    assert whole_before is not None
    assert whole_before.known - whole.known == 2700
    dearer = outlook(store, cache, TODAY, wish=Wish(changed=(Change(rent, Decimal(50)), Change(wages, Decimal(-100)))))
    assert dearer.days[-1].balance - before.days[-1].balance == 3 * (-50 - 100)
    free = outlook(store, cache, TODAY, wish=Wish(changed=(Change(rent, Decimal(-5000)),)))
    assert free.days[-1].balance == without.days[-1].balance
    day = TODAY + dt.timedelta(days=40)
    once = outlook(store, cache, TODAY, wish=Wish(once=(Once(day, Decimal("-350.25")),)))
    adds_up(once)
    assert [one.once for one in once.days] == [0] * 40 + [Decimal("-350.25")] * 51
    assert cache.mark() == mark
    assert outlook(store, cache, TODAY).days == before.days


@pytest.mark.parametrize("ahead", [-1, 91])
def test_a_day_that_is_not_foreseen_is_refused(store: Store, cache: UserCache, ahead: int) -> None:
    with pytest.raises(ValidationError):
        outlook(store, cache, TODAY, wish=Wish(once=(Once(TODAY + dt.timedelta(days=ahead), Decimal(1)),)))


def test_an_amount_that_is_none_is_refused(store: Store, cache: UserCache) -> None:
    with pytest.raises(AmountError):
        outlook(store, cache, TODAY, wish=Wish(once=(Once(TODAY, Decimal("0.00001")),)))


def test_when_the_balance_falls_below_a_line_is_told_with_how_likely_it_is(store: Store, cache: UserCache) -> None:
    far, near, above = (outlook(store, cache, TODAY, line=Decimal(line)) for line in (-5000, 1990, 2001))
    assert (far.below, far.chance, far.likely_below) == (None, 0.0, None)
    assert near.below == next(one.day for one in near.days if one.balance < 1990)
    assert dt.date(2026, 5, 20) < near.below < dt.date(2026, 5, 28)
    assert 0.3 < near.chance <= 1
    assert near.days[0].chance == 0
    assert (above.below, above.chance, above.likely_below) == (TODAY, 1.0, TODAY)


def test_what_the_person_ignores_is_part_of_the_rest(store: Store, cache: UserCache, household: Household) -> None:
    before = outlook(store, cache, TODAY)
    choose(store, household.user, key_of(before, "Lakeside Homes rent"), state="ignored")
    after = outlook(store, cache, TODAY)
    adds_up(after)
    assert after.days[-1].recurring == 3000
    assert after.days[-1].rest < before.days[-1].rest - 2000


def test_with_too_little_history_only_what_is_known_is_shown(store: Store) -> None:
    found = settle(store)
    rows = [*every_month("Lakeside Homes rent", "-900.00", 2, months=FEWEST_MONTHS), *shopping(4)]
    apply_update(store, found.user, found.item, update(*rows, accounts=ACCOUNTS), since="")
    caches = Caches(None, store)
    view = outlook(store, caches.of(found.user), TODAY)
    caches.close()
    assert (view.categories, view.back_test, view.months) == ((), None, FEWEST_MONTHS - 1)
    adds_up(view)
    assert view.days[-1].recurring == -2700
    assert all(one.rest == 0 and one.low == one.high for one in view.days)


def test_what_was_worked_out_is_kept_until_the_data_change(
    store: Store, cache: UserCache, household: Household
) -> None:
    first = rest_of(cache, TODAY, (), ())
    assert rest_of(cache, TODAY, (), ()) is first
    row = TransactionRecord("chk", dt.date(2026, 4, 3), Decimal(-80), "Shop 99", key="new")
    apply_update(store, household.user, household.item, update(row, accounts=ACCOUNTS), since="c1")
    again = rest_of(cache, TODAY, (), ())
    assert sum(again.spent) - sum(first.spent) == 80


NOW = dt.datetime(2024, 5, 1, 0, 30, tzinfo=dt.UTC)
days = st.dates(dt.date(2022, 9, 1), dt.date(2024, 5, 10))
ledgers = st.lists(
    st.builds(Row, numbers, days, amounts, st.sampled_from([None, 1, 4, 6, 7]), st.booleans()), min_size=10, max_size=60
)


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati"])
@settings(
    max_examples=examples(6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(drawn=ledgers, current=st.lists(st.none() | amounts, min_size=7, max_size=7))
def test_any_households_months_are_those_of_its_rows(
    store: Store, zone: str, drawn: list[Row], current: list[Decimal | None]
) -> None:
    with clock.frozen(NOW):
        today = clock.today(zone)
    person: UserId = keep(store, drawn, [], current)
    caches = Caches(None, store)
    rest = rest_of(caches.of(person), today, (), ())
    view = outlook(store, caches.of(person), today)
    caches.close()
    frame = pd.DataFrame(
        {"day": row.date, "kind": row.kind, "category": row.category, "home": _home(row)}
        for row in drawn
        if not row.hidden
    )
    if frame.empty:
        return
    first = frame.day.min()
    begin = first.replace(day=1) if first.day <= 5 else clock.add_months(first.replace(day=1), 1)
    begin = max(begin, clock.add_months(today.replace(day=1), -MOST_MONTHS))
    told = frame[(frame.day >= begin) & (frame.day < today.replace(day=1))]
    assert rest.unrated == int(told.home.isna().sum())
    spent = told[(told.kind == "spending") & told.home.notna()]
    by_month = spent.groupby(spent.day.map(lambda day: day.replace(day=1))).home.sum()
    assert list(rest.spent) == [-by_month.get(month, Decimal(0)) for month in rest.months]
    if rest.enough:
        by_category = spent.groupby(spent.category.astype(object).fillna(0)).home.sum()
        assert {one.category_id or 0: sum(one.spent) for one in rest.parts if sum(one.spent)} == {
            int(one): -total for one, total in by_category.items() if total
        }
        assert rest.points.shape == (len(rest.months) + 1, HORIZON)
    if view.opening is not None:
        adds_up(view)


def _home(row: Row) -> Decimal | None:
    return converted(row.amount, row.currency, "USD", row.date)
