"""Each kind of unusual purchase is found with its reason, and what only looks unusual is not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.analytics import TransactionFilter, listed_ids
from core.banking import link_demo
from core.cache import Caches, Columns, UserCache
from core.formats import PlainFormats
from core.insights.anomalies import Anomaly, find_anomalies, reason_words
from core.insights.anomalies.finding import MOST_A_MONTH, anomalies_in
from core.insights.anomalies.grouping import Ranked
from core.insights.anomalies.levels import MAD_TO_DEVIATION, middles
from core.insights.anomalies.spending import EPOCH, spending_of
from core.ledger import ensure_categories
from core.store import Account, Split, Store, Transaction, UserId, migrate, next_change
from core.vault import Keys, Vault
from tests.core.ledger.household import add_person
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

TODAY = date(2026, 3, 31)
US = PlainFormats()
NOW = datetime(2026, 3, 31, 15, tzinfo=UTC)
GROCERIES, RESTAURANTS, TRANSPORT, HOUSING, TRANSFER = 158, 159, 15, 17, 4

Row = tuple[date, str, str, int | None, dict[str, Any]]
"""Day, name, amount, category and whatever else a transaction has."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def life() -> Iterator[Row]:
    """Yield fourteen months of habits, some of which look odd and are none."""
    dice = Random(11)
    for back in range(425, 0, -1):
        if back % 4 == 0:
            yield ago(back), f"Greenleaf Market #{back % 7 + 10}", f"-{dice.uniform(20, 150):.2f}", GROCERIES, {}
        if ago(back).weekday() < 5:
            yield ago(back), "Corner Coffee", "-4.50", RESTAURANTS, {}
            yield ago(back), "Corner Coffee", "-4.50", RESTAURANTS, {}
        if back % 6 == 0:
            yield ago(back), "Maple Kitchen", f"-{dice.uniform(18, 55):.2f}", RESTAURANTS, {}
            yield ago(back), "City Buses", "-2.90", TRANSPORT, {}
            yield ago(back), "City Buses", "-2.90", TRANSPORT, {}
        if back % 30 == 0:
            rent = "-1260.00" if back < 60 else "-1200.00"
            yield ago(back), "Lakeside Homes", rent, HOUSING, {}
            yield ago(back), "Halden Instruments", "3200.00", 1, {}
    yield ago(395), "Harbour Insurance", "-640.00", HOUSING, {}
    yield ago(30), "Harbour Insurance", "-655.00", HOUSING, {}
    # A hold, and what it posted as before the bank took the hold away.
    yield ago(3), "Corner Books", "-61.20", None, {"pending": True}
    yield ago(2), "Corner Books", "-61.20", None, {}
    # Charged twice, and one given back.
    for amount in ("-88.10", "-88.10", "88.10"):
        yield ago(20), "Lamp & Shade", amount, None, {}
    yield ago(15), "To savings", "-5000.00", TRANSFER, {}


LIFE = tuple(life())


@dataclass
class Person:
    """A person with an account in each currency that they use."""

    store: Store
    user: UserId
    caches: Caches
    accounts: dict[str, int] = field(default_factory=dict)

    @property
    def cache(self) -> UserCache:
        return self.caches.of(self.user)

    def lives(self, *rows: Row) -> list[int]:
        """Keep transactions; return their ids."""
        with self.store.write() as session:
            change = next_change(session, self.user)
            kept = []
            for number, (day, name, amount, category, more) in enumerate(rows):
                facts = dict(more)
                currency, parts = facts.pop("currency", "USD"), facts.pop("parts", ())
                if currency not in self.accounts:
                    account = Account(
                        user_id=self.user, name=currency, type="checking", currency=currency, current=Decimal(0),
                        balance_at=NOW, created_at=NOW, change=change,
                    )  # fmt: skip
                    session.add(account)
                    session.flush()
                    self.accounts[currency] = account.id
                row = Transaction(
                    user_id=self.user, account_id=self.accounts[currency], provider_key=f"{change} {number}", date=day,
                    amount=Decimal(amount), currency=currency, name=name, category_id=category, created_at=NOW,
                    change=change, **facts,
                )  # fmt: skip
                row.splits = [
                    Split(position=place, amount=Decimal(part), category_id=category)
                    for place, part in enumerate(parts, start=1)
                ] if parts else []  # fmt: skip
                session.add(row)
                kept.append(row)
            session.flush()
            return [row.id for row in kept]


@pytest.fixture
def person(store: Store) -> Iterator[Person]:
    """Return a person who has lived `LIFE`."""
    caches = Caches(None, store)
    found = Person(store, add_person(store), caches)
    found.lives(*LIFE)
    yield found
    caches.close()


def told(found: "tuple[Anomaly, ...] | Any") -> list[tuple[int, str]]:
    return [(one.transaction_id, one.reason_kind) for one in found]


on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@on_sqlite
def test_habits_are_no_anomalies(person: Person) -> None:
    assert told(find_anomalies(person.cache, TODAY)) == []


@on_sqlite
def test_each_kind_is_found_with_its_reason(person: Person) -> None:
    added = person.lives(
        (ago(10), "Maple Kitchen", "-312.00", RESTAURANTS, {}),
        (ago(8), "Alpine Audio", "-1840.00", None, {}),
        (ago(40), "Northside Garden", "-54.30", None, {}),
        (ago(40), "Northside Garden", "-54.30", None, {}),
        *((ago(5), "Game Coins", f"-{price}.99", None, {}) for price in (39, 59, 29, 49, 79)),
    )
    found = {one.transaction_id: one for one in find_anomalies(person.cache, TODAY)}
    dear, new, _, twice = added[:4]
    assert {number: one.reason_kind for number, one in found.items()} == {
        dear: "merchant", new: "new merchant", twice: "double", added[-1]: "burst",
    }  # fmt: skip
    paid = [-Decimal(amount) for _, name, amount, _, _ in LIFE if name == "Maple Kitchen"]
    assert found[dear].facts["usual"] == median(paid)
    assert found[dear].facts["others"] == len(paid)
    assert found[twice].facts["compared"] == (added[2],)
    assert found[added[-1]].facts["total"] == Decimal("259.95")
    assert all(0 < one.score < 1 for one in found.values())
    dear_words = (
        f"is {312 / float(median(paid)):.1f} times what you usually pay there ({US.money(median(paid), 'USD')})."
    )
    assert {reason_words(one.reason, one.facts, US) for one in found.values()} == {
        f"$312.00 at Maple Kitchen {dear_words}",
        "$1,840.00 at Alpine Audio, where you had not paid before, is more than nearly all that you ever bought.",
        "Northside Garden charged you $54.30 twice on the same day.",
        "Game Coins charged you 5 times within a few days, $259.95 in all.",
    }


@on_sqlite
def test_a_charge_far_above_its_category_is_found(person: Person) -> None:
    person.lives((ago(300), "Trattoria Luce", "-41.00", RESTAURANTS, {}))
    (row,) = person.lives((ago(9), "Trattoria Luce", "-390.00", RESTAURANTS, {}))
    (found,) = find_anomalies(person.cache, TODAY)
    assert (found.transaction_id, found.reason_kind) == (row, "category")
    assert "what you usually pay for" in reason_words(found.reason, found.facts, US)


LOOKING_ODD: tuple[Row, ...] = (
    (ago(8), "A transfer Ltd", "-1840.00", TRANSFER, {}),
    (ago(8), "Money in Ltd", "1840.00", None, {}),
    (ago(9), "Given back Ltd", "-1840.00", None, {}),
    (ago(2), "Given back Ltd", "1840.00", None, {}),
    (ago(200), "Long ago Ltd", "-1840.00", None, {}),
    (TODAY + timedelta(days=2), "Not yet Ltd", "-1840.00", None, {}),
    (ago(8), "Tiny Kiosk", "-6.00", None, {}),
    (ago(8), "Corner Coffee", "-13.50", RESTAURANTS, {}),
    (ago(5), "Maple Kitchen", "-54.00", RESTAURANTS, {}),
    (ago(9), "Nearly Twice", "-30.00", None, {}),
    (ago(9), "Nearly Twice", "-31.00", None, {}),
    (ago(9), "Days Later", "-30.00", None, {}),
    (ago(5), "Days Later", "-30.00", None, {}),
    (ago(9), "Other Money", "-30.00", None, {}),
    (ago(9), "Other Money", "-30.00", None, {"currency": "EUR"}),
)


@on_sqlite
def test_what_only_looks_unusual_is_not_told(person: Person) -> None:
    person.lives(*LOOKING_ODD)
    assert told(find_anomalies(person.cache, TODAY)) == []


@on_sqlite
def test_a_split_one_is_judged_as_the_whole_that_was_paid(person: Person) -> None:
    parts = ("-50.00", "-50.00", "-48.00")
    person.lives((ago(6), "Greenleaf Market #12", "-148.00", GROCERIES, {"parts": parts}))
    assert told(find_anomalies(person.cache, TODAY)) == []
    (row,) = person.lives((ago(5), "Maple Kitchen", "-312.00", RESTAURANTS, {"parts": ("-30.00", "-40.00", "-242.00")}))
    assert told(find_anomalies(person.cache, TODAY)) == [(row, "merchant")]


@on_sqlite
def test_amounts_in_other_currencies_are_compared_at_their_rate(person: Person) -> None:
    # 50,000 yen are a few hundred dollars: nothing for a rent, much for a coffee.
    person.lives(
        *((ago(back), "Kissa Hoshi", "-620", RESTAURANTS, {"currency": "JPY"}) for back in (90, 80, 70, 60, 50))
    )
    assert told(find_anomalies(person.cache, TODAY)) == []
    (row,) = person.lives((ago(4), "Kissa Hoshi", "-48000", RESTAURANTS, {"currency": "JPY"}))
    (found,) = find_anomalies(person.cache, TODAY)
    assert told([found]) == [(row, "merchant")]
    assert (found.facts["usual"], found.facts["usual_currency"]) == (Decimal(620), "JPY")


@on_sqlite
def test_no_month_has_more_than_a_handful(person: Person) -> None:
    person.lives(
        *((ago(20 - place), f"Stall {'abcdefghijkl'[place] * 4}", "-1900.00", None, {}) for place in range(12))
    )
    assert len(find_anomalies(person.cache, TODAY)) == MOST_A_MONTH


@on_sqlite
def test_a_new_person_is_not_told_of_everything(store: Store) -> None:
    caches = Caches(None, store)
    someone = Person(store, add_person(store), caches)
    assert find_anomalies(someone.cache, TODAY) == ()
    someone.lives(*((ago(back), f"Shop {'abcdefghij'[back]}", f"-{10 * 3**back}", None, {}) for back in range(10)))
    assert find_anomalies(someone.cache, TODAY) == ()
    caches.close()


drawn = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from(["Ab", "Cd 12", "Cd 31", "Ef"]), st.integers(1, 40_000),
              st.sampled_from(["USD", "EUR"]), st.integers(0, 3), st.booleans()),
    min_size=70, max_size=120,
)  # fmt: skip


def rows_of(lines: list[tuple[int, str, int, str, int, bool]]) -> list[tuple[Any, ...]]:
    """Return drawn lines as the cache tells of them; euros have no rate."""
    until = TODAY.toordinal() - EPOCH
    return [
        (
            number,
            until - back,
            -cents * 100,
            -cents * 100,
            currency != "EUR",
            currency,
            1,
            name,
            kind,
            "",
            pending,
            False,
        )
        for number, (back, name, cents, currency, kind, pending) in enumerate(lines, start=1)
    ]


ANSWER = pa.schema(
    [("id", pa.int32()), ("day", pa.int64()), ("units", pa.int64()), ("home", pa.int64()), ("rated", pa.bool_()),
     ("currency", pa.string()), ("account_id", pa.int32()), ("name", pa.string()), ("category_id", pa.int32()),
     ("category", pa.string()), ("pending", pa.bool_()), ("refund", pa.bool_())]
)  # fmt: skip


def by_column(rows: list[tuple[Any, ...]]) -> Columns:
    """Return lines of an answer as the cache gives them."""
    return Columns(pa.Table.from_pylist([dict(zip(ANSWER.names, row, strict=True)) for row in rows], schema=ANSWER))


@settings(max_examples=examples(10), deadline=None)
@given(lines=drawn, dice=st.randoms(use_true_random=False))
def test_the_same_rows_give_the_same_answer_in_any_order(
    lines: list[tuple[int, str, int, str, int, bool]], dice: Random
) -> None:
    rows = rows_of(lines)
    spending = spending_of(by_column(rows), TODAY)
    none = np.zeros(len(spending.ids), dtype=bool)
    found = anomalies_in(spending, none, TODAY)
    dice.shuffle(rows)
    assert anomalies_in(spending_of(by_column(rows), TODAY), none, TODAY) == found
    assert anomalies_in(spending, none, TODAY) == found


@settings(max_examples=examples(10), deadline=None)
@given(lines=drawn)
def test_what_is_usual_at_a_merchant_is_the_median_of_the_others(
    lines: list[tuple[int, str, int, str, int, bool]],
) -> None:
    rows = rows_of(lines)
    spending = spending_of(by_column(rows), TODAY)
    table = pd.DataFrame(rows)[[0, 2, 5, 7]].set_axis(["id", "units", "currency", "name"], axis=1).set_index("id")
    table["name"] = table["name"].str[:2]
    holds_with(table.loc[spending.ids.tolist()], spending)


def holds_with(table: pd.DataFrame, spending: Any) -> None:
    """Hold medians and deviations against pandas: `table` has units, currency and name in the order of `spending`."""
    amounts = spending.purchases.amounts
    middle, deviation, others = middles(amounts, spending.purchases.shops, spending.purchases.ranked("shops"))
    table = table.reset_index(drop=True)
    groups = table.groupby(["name", "currency"] if (table["currency"] != "USD").any() else ["name"]).indices
    for places in groups.values():
        sizes = pd.Series(amounts[places], index=places)
        off = (sizes - sizes.median()).abs()
        for place in places[:: max(1, len(places) // 25)]:
            assert others[place] == len(places) - 1
            if len(places) > 1:
                assert middle[place] == pytest.approx(sizes.drop(place).median())
                assert deviation[place] == pytest.approx(off.drop(place).median())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Return the demo household."""
    folder = tmp_path_factory.mktemp("demo")
    store = Store(f"sqlite:///{folder / 'fintrack.db'}")
    migrate(store, folder / "backups")
    ensure_categories(store)
    user = add_person(store)
    with clock.frozen(NOW):
        link_demo(store, Vault(Keys.made()), user)
    caches = Caches(None, store)
    yield Person(store, user, caches)
    caches.close()


def test_of_the_demo_household_the_one_charge_that_is_unusual_is_told(demo: Person) -> None:
    found = find_anomalies(demo.cache, TODAY)
    assert [(one.reason_kind, one.facts["merchant"]) for one in found] == [
        ("double", "Bazaarium"),
        ("new merchant", "Alpenglow Audio Labs"),
    ]
    assert find_anomalies(demo.cache, TODAY) == found


def test_the_demo_households_medians_are_those_of_the_store(demo: Person) -> None:
    with demo.cache.answering() as answer:
        spending = spending_of(answer.columns("anomaly_rows"), TODAY)
    with demo.store.read() as session:
        kept = session.scalars(select(Transaction).where(Transaction.user_id == demo.user)).all()
        facts = {
            row.id: (row.amount, row.currency, row.date, row.own_name or row.rule_name or row.merchant_name or row.name)
            for row in kept
        }
    assert set(spending.ids.tolist()) == {
        one for one in listed_ids(demo.cache, TransactionFilter(kind="spending", until=TODAY)) if facts[one][0] < 0
    }
    in_order = [facts[one] for one in spending.ids.tolist()]
    expected = [float(-(converted(amount, currency, "USD", day) or 0)) for amount, currency, day, _ in in_order]
    assert spending.purchases.amounts == pytest.approx(expected, abs=0.0001)
    names = pd.Series([name for *_, name in in_order]).str.replace(r"#?\d\d+|#", " ", regex=True)
    table = pd.DataFrame({"currency": "USD", "name": names.str.casefold().str.split().str.join(" ")})
    holds_with(table, spending)


def test_the_deviation_of_normal_values_is_theirs() -> None:
    values = np.random.default_rng(3).normal(0, 2, 20_001)
    nobody = np.zeros(len(values), dtype=np.int64)
    _, deviation, _ = middles(values, nobody, Ranked.of(nobody, np.argsort(values)))
    assert deviation[0] * MAD_TO_DEVIATION == pytest.approx(2, rel=0.03)


def test_nothing_is_found_in_nothing() -> None:
    spending = spending_of(by_column([]), TODAY)
    assert anomalies_in(spending, np.zeros(0, dtype=bool), TODAY) == ()


def test_each_of_several_refunds_of_one_amount_settles_its_purchase() -> None:
    days = (("-20", 200), ("20", 190), ("-20", 100), ("-20", 30), ("20", 20))
    rows = [
        (number, ago(back).toordinal() - EPOCH, int(amount) * 10_000, int(amount) * 10_000, True, "USD", 1,
         "Outfitter", 0, "", False, False)
        for number, (amount, back) in enumerate(days, start=1)
    ]  # fmt: skip
    spending = spending_of(by_column(rows), TODAY)
    assert dict(zip(spending.ids.tolist(), spending.settled.tolist(), strict=True)) == {1: True, 3: False, 4: True}
