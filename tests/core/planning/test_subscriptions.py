"""What a person sees of what recurs: kept by state of the data, called the same for good, and as they say."""

import datetime as dt
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from core.cache import Caches, UserCache
from core.errors import NotFoundError, ValidationError
from core.ledger import AccountRecord, Part, TransactionRecord, apply_update, split_transaction
from core.planning import Movement, choose, find_recurring, gathered, keys_of, subscriptions
from core.store import Store, UserId
from tests.core.ledger.household import Household, settle, update
from tests.eval.households import demo
from tests.eval.recurring import movements_of

TODAY = dt.date(2026, 5, 10)
CHECKING = AccountRecord(key="chk", name="Everyday", type="checking", current=Decimal("1000.00"))
CARD = AccountRecord(key="card", name="Card", type="credit card", current=Decimal("-200.00"))
SAVINGS = AccountRecord(key="sav", name="Rainy day", type="savings", current=Decimal("500.00"))
MONTHS = range(1, 6)


def paid(text: str, amount: str, day: int, account: str = "chk", months: range = MONTHS) -> list[TransactionRecord]:
    """Return a payment on the same day of each of some months of 2026."""
    return [
        TransactionRecord(account, dt.date(2026, month, day), Decimal(amount), text, key=f"{text} {amount} {month}")
        for month in months
    ]


CONTENTS: list[TransactionRecord] = [
    *paid("NETFLIX.COM AMSTERDAM", "-12.99", 3),
    *paid("SPOTIFY STOCKHOLM", "-10.99", 5, months=range(1, 4)),
    *paid("SPOTIFY STOCKHOLM", "-11.99", 5, months=range(4, 6)),
    *paid("DEEZER PARIS", "-9.99", 7),
    *paid("Halden Instruments payroll", "3000.00", 1),
    *paid("Lakeside Homes rent", "-900.00", 2),
]


@pytest.fixture
def household(store: Store) -> Household:
    """Return a person whose bank told of two subscriptions to music, one to films, rent and wages."""
    found = settle(store)
    apply_update(store, found.user, found.item, update(*CONTENTS, accounts=(CHECKING, CARD, SAVINGS)), since="")
    return found


@pytest.fixture
def cache(store: Store, household: Household) -> Iterator[UserCache]:
    """Return that person's cache."""
    caches = Caches(None, store)
    yield caches.of(household.user)
    caches.close()


def add(home: Household, *rows: TransactionRecord) -> None:
    """Let the bank tell of more."""
    apply_update(home.store, home.user, home.item, update(*rows, accounts=(CHECKING, CARD, SAVINGS)), since="c1")


def keys(store: Store, cache: UserCache) -> dict[str, str]:
    """Return the keys of what is active, by name."""
    return {one.name: one.key for one in subscriptions(store, cache, TODAY).active}


def test_what_recurs_is_listed_by_what_it_costs_a_year(store: Store, cache: UserCache) -> None:
    view = subscriptions(store, cache, TODAY)
    assert [one.name for one in view.active] == [
        "Lakeside Homes rent",
        "NETFLIX.COM AMSTERDAM",
        "SPOTIFY STOCKHOLM",
        "DEEZER PARIS",
    ]
    assert [one.name for one in view.income] == ["Halden Instruments payroll"]
    (cost,) = view.costs
    assert (cost.active, cost.monthly, cost.yearly) == (4, Decimal("934.97"), Decimal("11219.64"))
    assert (cost.income_monthly, cost.income_yearly) == (Decimal("3000.00"), Decimal(36000))
    (rise,) = view.rises
    assert (rise.subscription.name, rise.change.day, rise.yearly) == (
        "SPOTIFY STOCKHOLM",
        dt.date(2026, 4, 5),
        Decimal(12),
    )
    (double,) = view.doubles
    assert (double.kind, [one.name for one in double.members]) == ("music", ["SPOTIFY STOCKHOLM", "DEEZER PARIS"])
    assert (double.yearly, double.saving) == (Decimal("263.76"), Decimal("119.88"))


def test_a_price_that_came_down_again_is_dearer_by_what_stayed(
    store: Store, cache: UserCache, household: Household
) -> None:
    add(
        household,
        *paid("NETFLIX.COM AMSTERDAM", "-17.99", 3, months=range(6, 9)),
        *paid("NETFLIX.COM AMSTERDAM", "-13.99", 3, months=range(9, 12)),
        *paid("DEEZER PARIS", "-12.99", 7, months=range(6, 9)),
        *paid("DEEZER PARIS", "-9.99", 7, months=range(9, 12)),
        *paid("SPOTIFY STOCKHOLM", "-9.99", 5, months=range(6, 9)),
        *paid("SPOTIFY STOCKHOLM", "-12.99", 5, months=range(9, 12)),
    )
    view = subscriptions(store, cache, dt.date(2026, 11, 10))
    rises = [(one.subscription.name, one.change.day.month, one.yearly) for one in view.rises]
    assert rises == [("SPOTIFY STOCKHOLM", 9, 36), ("NETFLIX.COM AMSTERDAM", 6, 12)], "Deezer costs what it did"
    assert view.risen("USD") == 48, "what was dearer before it came down counts once"


def test_what_was_said_holds_when_the_next_payment_has_come(
    store: Store, cache: UserCache, household: Household
) -> None:
    before = keys(store, cache)
    choose(store, household.user, before["DEEZER PARIS"], state="ignored")
    choose(store, household.user, before["SPOTIFY STOCKHOLM"], state="confirmed", name="  Music for  Ada ")
    add(household, *paid("DEEZER PARIS", "-11.49", 7, months=range(6, 7)))
    view = subscriptions(store, cache, dt.date(2026, 6, 8))
    assert [(one.name, one.key) for one in view.ignored] == [("DEEZER PARIS", before["DEEZER PARIS"])]
    (music,) = (one for one in view.active if one.key == before["SPOTIFY STOCKHOLM"])
    assert (music.name, music.named, music.choice) == ("Music for Ada", True, "confirmed")
    assert view.doubles == ()
    choose(store, household.user, before["DEEZER PARIS"], state="")
    assert "DEEZER PARIS" in {one.name for one in subscriptions(store, cache, dt.date(2026, 6, 8)).active}


def test_a_subscription_that_stays_away_has_stopped(store: Store, cache: UserCache) -> None:
    view = subscriptions(store, cache, dt.date(2026, 12, 1))
    assert view.active == ()
    assert {"NETFLIX.COM AMSTERDAM", "Halden Instruments payroll"} <= {one.name for one in view.stopped}
    assert view.costs == ()


def test_the_search_runs_once_for_each_state_of_the_data(store: Store, cache: UserCache, household: Household) -> None:
    first = gathered(cache, TODAY)
    assert gathered(cache, TODAY) is first
    choose(store, household.user, first.recurring[0].key, state="ignored")
    assert gathered(cache, TODAY) is first, "what the person says needs no new search"
    assert gathered(cache, TODAY + dt.timedelta(days=1)) is not first
    add(household, *paid("NETFLIX.COM AMSTERDAM", "-12.99", 3, months=range(6, 7)))
    (films,) = (one for one in gathered(cache, TODAY.replace(month=6)).recurring if one.name.startswith("NETFLIX"))
    assert len(films.payments) == 6


def test_what_cant_be_said_is_refused(store: Store, household: Household) -> None:
    for key, said in (("x" * 32, {}), ("", {}), ("0" * 32, {"state": "loved"}), ("0" * 32, {"name": "a" * 81})):
        with pytest.raises(ValidationError):
            choose(store, household.user, key, **said)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        choose(store, UserId(999_999), "0" * 32, state="ignored")


def test_paying_a_card_is_no_cost_and_moving_money_no_bill(
    store: Store, cache: UserCache, household: Household
) -> None:
    add(
        household,
        *paid("Card payment", "-200.00", 20, months=range(1, 5)),
        *paid("Payment thank you", "200.00", 21, "card", months=range(1, 5)),
    )
    view = subscriptions(store, cache, TODAY)
    assert "Card payment" not in {one.name for one in (*view.active, *view.income)}
    roles = {one.name: one.role for one in gathered(cache, TODAY).recurring}
    assert (roles["Card payment"], roles["Payment thank you"]) == ("card", "transfer")


def keyed(rows: list[Movement], today: dt.date) -> dict[str, set[int | str]]:
    """Return the payments of each key."""
    found = find_recurring(rows, today)
    amounts = {row.id: row.amount for row in rows}
    return {
        key: set(one.ids)
        for key, one in zip(keys_of(found, [amounts[one.ids[0]] for one in found]), found, strict=True)
    }


def test_keys_hold_for_a_whole_household_month_after_month() -> None:
    rows, _ = movements_of(demo(1))
    last = max(row.date for row in rows)
    now = keyed(rows, last)
    assert len(now) == len(set(now))
    for back in (3, 10, 31, 62):
        until = last - dt.timedelta(days=back)
        then = keyed([row for row in rows if row.date <= until], until)
        lost = [key for key, ids in then.items() if key not in now or not ids & now[key]]
        assert len(lost) <= len(then) // 20, lost


def test_a_kept_search_answers_within_milliseconds(store: Store, cache: UserCache) -> None:
    subscriptions(store, cache, TODAY)
    begun = time.perf_counter()
    for _ in range(20):
        subscriptions(store, cache, TODAY)
    assert (time.perf_counter() - begun) / 20 < 0.1


def test_a_split_payment_recurs_as_the_whole_that_was_paid(
    store: Store, household: Household, cache: UserCache
) -> None:
    before = gathered(cache, TODAY)
    rent = next(one for one in before.recurring if one.name.startswith("Lakeside"))
    parts = [Part(Decimal(-850), None), Part(Decimal(-50), None)]
    split_transaction(store, household.user, rent.payments[1].id, parts)
    after = gathered(cache, TODAY)
    assert after is not before
    assert [one.payments for one in after.recurring] == [one.payments for one in before.recurring]
