"""The cache equals the store, however it came to be."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.cache import Caches, day_sums, verify
from core.cache.files import trace_of
from core.store import ExchangeRate, Store, User
from tests.core.cache.money import (
    START,
    TYPES,
    Edit,
    add_person,
    added,
    currency_became,
    edited,
    edits,
    rate_told,
    tables,
    write,
)
from tests.machine.examples import examples

TOLD_AT = datetime(2026, 3, 31, 15, tzinfo=UTC)


# Not shrunk: with caches made for each attempt that takes minutes.
@settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(history=st.lists(st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_cache_that_caught_up_equals_one_made_anew(store: Store, tmp_path: Path, history: list[list[Edit]]) -> None:
    person = add_person(store)
    kept, fresh = Caches(tmp_path / "kept", store), Caches(None, store)
    for changes in history:
        write(store, person, changes)
        kept.of(person).refresh()
        assert verify(kept.of(person), store) == []
    followed, anew = tables(kept.of(person)), tables(fresh.of(person))
    # Rates of a currency that nothing is in any more may stay.
    assert set(anew.pop("rates")) <= set(followed.pop("rates"))
    assert followed == anew
    kept.close()
    # The next start takes the file over as it is.
    assert kept.of(person).refresh().rebuilt is False
    assert verify(kept.of(person), store) == []
    kept.drop(person)
    fresh.close()


def test_the_sums_follow_rows_that_change_leave_and_come(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    row = {"account": 0, "category": 0, "name": "Shop", "pending": False}
    rows = [row | {"day": day % 4, "amount": Decimal(5 - day) / 2} for day in range(12)]
    write(store, person, [added(rows)])
    cache = Caches(tmp_path, store).of(person)
    assert verify(cache, store) == []
    changes = (
        [edited(0, amount=Decimal("-7.00")), edited(9, amount=Decimal("-0.05"))],
        [edited(1, date=START + timedelta(days=40)), edited(8, pending=True)],
        [edited(2, own_category_id=None, category_id=None), edited(10, own_hidden=True)],
        [edited(3, removed_at=TOLD_AT), edited(7, removed_at=TOLD_AT), edited(11, note="only words")],
        [edited(3, removed_at=None), added([row | {"day": 3, "amount": Decimal(-1)}])],
    )
    for together in changes:
        write(store, person, together)
        assert cache.refresh().rebuilt is False
        assert verify(cache, store) == []
    cache.close()


def test_amounts_may_add_up_to_more_than_one_amount_can_be(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    largest = Decimal("9999999999999.9999")
    row = {"account": 0, "category": 0, "day": 3, "amount": largest, "name": "Lottery", "pending": False}
    write(store, person, [added([row] * 30)])
    cache = Caches(tmp_path, store).of(person)
    assert verify(cache, store) == []
    write(store, person, [added([row] * 30)])
    assert cache.refresh().rebuilt is False
    assert verify(cache, store) == []
    with cache.answering() as answer:
        sums = day_sums(answer)
        rows = sums.where()
        found = sums.by("day", rows, sums.rows[rows], sums.inflow[rows], sums.outflow[rows], sums.home_net[rows])
    assert found == [(START + timedelta(days=3), 60, 60 * (10**17 - 1), 0, 60 * (10**17 - 1))]
    cache.close()
    assert Caches(tmp_path, store).of(person).refresh().rebuilt is False


def test_amounts_in_the_currency_of_totals_follow_the_persons_currency_and_rates(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cash = TYPES.index("cash")
    rows = [
        {"account": place, "category": 0, "day": 3, "amount": Decimal("-10.05"), "name": "Coffee", "pending": False}
        for place in (0, cash)
    ]
    write(store, person, [added(rows)])
    cache = Caches(tmp_path, store).of(person)

    def homes() -> list[Decimal | None]:
        return [line[-1] for line in sorted(cache.ask("verify_transactions", first=0, last=2**31 - 1))]

    # 28 July 2025 is the last shipped day: 1.1654 dollars for a euro.
    assert homes() == [Decimal("-10.0500"), Decimal("-11.7123")]
    write(store, person, [currency_became("EUR")])
    assert homes() == [Decimal("-8.6236"), Decimal("-10.0500")]
    write(store, person, [rate_told("USD", 3, Decimal("1.5"))])
    assert homes() == [Decimal("-6.7000"), Decimal("-10.0500")]
    write(store, person, [currency_became("XXX")])
    # Nothing is known of it and no account has it: that of most accounts takes its place.
    assert homes() == [Decimal("-10.0500"), Decimal("-15.0750")]
    write(store, person, [currency_became("USD"), edited(1, currency="XXX")])
    assert homes() == [Decimal("-10.0500"), None]
    assert verify(cache, store) == []
    cache.close()


def test_another_currency_of_the_person_is_noticed_though_no_money_changed(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    assert cache.ask("home") == [("USD",)]
    with store.write() as session:
        session.execute(update(User).where(User.id == person).values(currency="EUR"))
    assert cache.ask("home") == [("EUR",)]
    cache.close()


def test_half_of_the_last_place_goes_to_the_even_one(store: Store) -> None:
    person = add_person(store)
    halves = [Decimal(units) / 10000 for units in (1, 3, 5, -1, -3)]
    rows = [
        {"account": 0, "category": 0, "day": 3, "amount": amount, "name": "Coffee", "pending": False}
        for amount in halves
    ]
    write(store, person, [added(rows), currency_became("EUR"), rate_told("USD", 3, Decimal(2))])
    cache = Caches(None, store).of(person)
    homes = [line[-1] * 10000 for line in sorted(cache.ask("verify_transactions", first=0, last=2**31 - 1))]
    assert homes == [0, 2, 2, 0, -2]
    assert verify(cache, store) == []
    cache.close()


def test_a_file_made_by_other_rates_is_not_taken_over(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    amount = Decimal(1)
    row = {"account": TYPES.index("cash"), "category": 0, "day": 3, "amount": amount, "name": "Tea", "pending": False}
    write(store, person, [added([row]), rate_told("USD", 3, Decimal(2))])
    cache = Caches(tmp_path, store).of(person)
    cache.refresh()
    cache.close()
    # As a restored backup may have it: the same numbers, other rates.
    with store.write() as session:
        session.execute(update(ExchangeRate).values(rate="3"))
    again = Caches(tmp_path, store).of(person)
    assert again.refresh().rebuilt
    assert verify(again, store) == []
    again.close()


def test_a_few_changes_are_caught_up_with_and_many_call_for_a_rebuild(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    row = {"account": 0, "category": 0, "day": 3, "amount": Decimal(1), "name": "Coffee", "pending": False}
    write(store, person, [added([row] * 2000)])
    cache = Caches(tmp_path, store).of(person)
    assert cache.refresh().rebuilt
    assert not cache.refresh().rebuilt
    write(store, person, [edited(7, amount=Decimal(2))])
    assert not cache.refresh().rebuilt
    write(store, person, [added([row] * 1000)])
    state = cache.refresh()
    assert (state.rebuilt, state.rows) == (True, 3000)
    cache.close()


def test_nobody_sees_rows_of_another(store: Store, tmp_path: Path) -> None:
    ada, bob = add_person(store), add_person(store)
    row = {"account": 0, "category": 0, "day": 3, "amount": Decimal(1), "name": "Coffee", "pending": False}
    write(store, ada, [added([row] * 5)])
    caches = Caches(tmp_path, store)
    assert caches.of(bob).refresh().rows == 0
    assert caches.of(ada).refresh().rows == 5
    assert [path.name for path in sorted(tmp_path.glob("*.duckdb"))] == [f"user-{ada}.duckdb", f"user-{bob}.duckdb"]
    caches.close()


def test_a_verify_that_finds_a_wrong_row_says_which(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    row = {"account": 0, "category": 0, "day": 3, "amount": Decimal(1), "name": "Coffee", "pending": False}
    write(store, person, [added([row] * 3)])
    cache = Caches(tmp_path, store).of(person)
    ids = [line[0] for line in cache.ask("verify_transactions", first=0, last=2**31 - 1)]
    home = cache._home
    assert home is not None
    home.connection.execute("UPDATE transactions SET amount = 2 WHERE id = ?", [ids[0]])
    home.connection.execute("DELETE FROM transactions WHERE id = ?", [ids[1]])
    home.trace = trace_of(tmp_path / f"user-{person}.duckdb")
    found = verify(cache, store)
    assert found[0] == (
        f"Of the transactions, 1 are missing in the cache, 0 are too many in it and 1 differ, {ids[0]} for one."
    )
    assert [sentence.partition("'s ")[2] for sentence in found[1:]] == ["months don't add up.", "days don't add up."]
    cache.close()
