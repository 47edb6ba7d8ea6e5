"""The demo household lives a life in which every screen finds something to show."""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest

from core.banking.demo import all_merchants
from core.ledger.categories import category_ids
from tests.core.banking.demo.days import MET, Told, after


@pytest.fixture(scope="module")
def told() -> Told:
    """Tell the story as it stands on the day the household is met."""
    return Told()


def _monthly(told: Told, *codes: str) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in told.posted:
        if row.category in codes and row.currency == "USD":
            sums[row.date.strftime("%Y-%m")] += row.amount
    return sums


def test_the_accounts_are_of_every_kind_in_two_currencies(told: Told) -> None:
    kinds = Counter((account.type, account.currency) for account in told.accounts.values())
    assert kinds == {
        ("checking", "USD"): 1,
        ("savings", "USD"): 1,
        ("credit card", "USD"): 1,
        ("mortgage", "USD"): 1,
        ("brokerage", "USD"): 1,
        ("checking", "EUR"): 1,
        ("savings", "EUR"): 1,
    }
    for row in told.rows:
        assert row.currency == told.accounts[row.account_key].currency


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_month_has_about_a_hundred_transactions(seed: int) -> None:
    counts = Counter(row.date.strftime("%Y-%m") for row in Told(seed=seed).rows)
    whole = [count for month, count in sorted(counts.items())][1:-1]
    assert min(whole) >= 80
    assert max(whole) <= 170
    assert 100 <= sum(whole) / len(whole) <= 140


def test_two_people_earn_and_one_gets_a_raise(told: Told) -> None:
    salaries = told.at("Halden Instruments"), told.at("Brightwater Schools")
    assert all(row.amount > 0 and row.category == "INCOME_SALARY" for pay in salaries for row in pay)
    usual = [row.amount for row in salaries[0] if row.amount < 3_150]
    assert usual == sorted(usual)
    assert len(set(usual)) == 2
    assert len(usual) in {47, 48, 49}
    assert len(salaries[1]) in {52, 53}


def test_one_subscription_becomes_dearer_and_stays_so(told: Told) -> None:
    prices = [-row.amount for row in told.at("Cinderbox")]
    assert set(prices) == {Decimal("15.49"), Decimal("17.99")}
    assert prices == sorted(prices)
    assert 3 <= prices.count(Decimal("17.99")) <= 7


def test_two_services_play_music(told: Told) -> None:
    music = {row.merchant_name for row in told.posted if row.category == "ENTERTAINMENT_MUSIC_AND_AUDIO"}
    assert music == {"Wavelength Music", "Tunebay Family"}
    assert all(len(told.at(name)) in {24, 25} for name in music)


def test_one_subscription_is_yearly_and_one_was_given_up(told: Told) -> None:
    yearly = told.at("Harbor Photo Vault")
    assert len(yearly) == 2
    assert 360 <= (yearly[1].date - yearly[0].date).days <= 370
    stopped = told.at("Lantern Play")
    assert len(stopped) >= 15
    assert (MET - stopped[-1].date).days > 150


def test_groceries_cost_more_in_december_and_energy_in_winter() -> None:
    december, february, winter, spring = (Decimal(0),) * 4
    for seed in range(1, 7):
        told = Told(seed=seed)
        food, energy = (
            _monthly(told, "FOOD_AND_DRINK_GROCERIES"),
            _monthly(told, "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY"),
        )
        december += food["2024-12"] + food["2025-12"]
        february += food["2025-02"] + food["2026-02"]
        assert energy["2025-01"] < energy["2025-05"] * Decimal("1.5")
        winter += energy["2025-01"]
        spring += energy["2025-05"]
    assert december < february * Decimal("1.15")
    assert winter < spring * Decimal("1.8")


def test_refunds_follow_a_purchase_at_the_same_merchant(told: Told) -> None:
    refunds = [row for row in told.posted if row.amount > 0 and row.account_key == "card" and row.merchant_name]
    assert len(refunds) > 15
    for refund in refunds:
        earlier = [row.amount for row in told.at(refund.merchant_name) if row.date <= refund.date and row.amount < 0]
        assert any(refund.amount <= -amount for amount in earlier), refund
        assert "RETURN" in refund.original_text
    whole = [row for row in refunds if any(other.amount == -row.amount for other in told.at(row.merchant_name))]
    assert len(whole) > 5


def test_one_recent_charge_is_unlike_all_others(told: Told) -> None:
    charges = sorted(-row.amount for row in told.posted if row.account_key == "card" and row.amount < 0)
    unusual = told.at("Alpenglow Audio Labs")
    assert [row.amount for row in unusual] == [Decimal("-2849.00")]
    assert 0 <= (MET - unusual[0].date).days <= 7
    same = [
        -row.amount
        for row in told.posted
        if row.category == unusual[0].category and row.merchant_name != unusual[0].merchant_name
    ]
    assert max(same) < 350
    assert charges[-1] == Decimal("2849.00")


def test_some_are_pending_on_every_day() -> None:
    for day in range(7):
        pending = [row for row in Told(after(day)).rows if row.pending]
        assert 2 <= len(pending) <= 25
        assert all(row.authorized_date == row.date for row in pending)
        assert {row.account_key for row in pending} <= {"card", "checking", "euro-checking"}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_category_is_built_in_and_detailed(seed: int) -> None:
    told = Told(after(30), seed=seed)
    known = category_ids()
    codes = {row.category for row in told.rows if row.category}
    assert codes <= set(known)
    assert all(known[code] > 100 for code in codes)
    assert len(codes) > 50
    assert sum(not row.category for row in told.rows) < 5


def test_keys_are_unique_and_texts_look_like_a_banks(told: Told) -> None:
    keys = [row.key for row in told.rows]
    assert len(keys) == len(set(keys))
    purchase = next(row for row in told.posted if row.merchant_name == "Greenleaf Market")
    assert purchase.authorized_date is not None
    assert purchase.original_text.startswith(f"CARD PURCHASE {purchase.authorized_date:%m%d} GREENLEAF MARKET #")
    assert purchase.original_text.endswith("CARD 2096")
    assert all(row.original_text and row.name for row in told.rows)
    checks = [row for row in told.posted if row.check_number]
    assert len(checks) >= 17
    assert all(int(two.check_number) > int(one.check_number) for one, two in pairwise(checks))


def test_details_tell_places_and_counterparties(told: Told) -> None:
    place = json.loads(told.at("Greenleaf Market")[0].details)
    assert place["location"]["city"] == "Madison"
    assert abs(place["location"]["lat"] - 43.07) < 0.1
    assert place["counterparties"] == [{"name": "Greenleaf Market", "type": "merchant"}]
    online = json.loads(told.at("Parcelly")[0].details)
    assert online["website"].endswith(".example")
    assert "location" not in online


def test_the_summer_is_spent_abroad(told: Told) -> None:
    away = [row for row in told.rows if row.currency == "EUR" and row.category.startswith("FOOD_AND_DRINK")]
    assert len(away) > 40
    assert {row.date.month for row in away} == {7}
    home = [row for row in told.rows if row.merchant_name == "Third Kettle Coffee"]
    assert not [
        row
        for row in home
        if row.authorized_date and (7, 6) <= (row.authorized_date.month, row.authorized_date.day) <= (7, 19)
    ]


def test_merchants_are_invented_and_lead_nowhere() -> None:
    names = [merchant.name for merchant in all_merchants()]
    assert len(names) == len(set(names)) > 100
    assert all(merchant.website.endswith(".example") for merchant in all_merchants() if merchant.website)
    assert {merchant.category for merchant in all_merchants()} <= set(category_ids())
