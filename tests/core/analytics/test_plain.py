"""The overview and the list, against the same figures worked out row by row in plain Python from the store."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unicodedata import combining, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.analytics import OldRates, TransactionFilter, list_transactions, listed_ids, listed_rows, overview
from core.banking import link_demo
from core.cache import Caches, UserCache
from core.ledger import ensure_categories, hide_account, list_accounts
from core.store import Account, Category, Store, Transaction, User, UserId, migrate, next_change
from core.vault import Keys, Vault
from tests.core.ledger.household import add_person
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

NOW = datetime(2026, 3, 31, 15, tzinfo=UTC)
TODAY = NOW.date()
OWED = {"credit card", "mortgage", "loan"}


@dataclass(frozen=True)
class Row:
    """A transaction as plain values."""

    id: int
    date: date
    amount: Decimal
    currency: str
    account: int
    category: int | None
    group: int | None
    kind: str
    pending: bool
    name: str
    words: str
    tags: frozenset[str]
    hidden: bool

    @property
    def home(self) -> Decimal:
        """Return the amount in dollars, at the rate of its day."""
        return converted(self.amount, self.currency, "USD", self.date) or Decimal(0)


@dataclass(frozen=True)
class Household:
    """The demo household with a hidden account and some rows that a person has changed."""

    store: Store
    user: UserId
    cache: UserCache
    rows: tuple[Row, ...]


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    folder = tmp_path_factory.mktemp("household")
    store = Store(f"sqlite:///{folder / 'fintrack.db'}")
    migrate(store, folder / "backups")
    ensure_categories(store)
    user = add_person(store)
    with clock.frozen(NOW):
        link_demo(store, Vault(Keys.made()), user)
        hide_account(
            store, user, next(one.id for one in list_accounts(store, user) if one.name == "Brokerage"), hidden=True
        )
        with store.write() as session:
            change = next_change(session, user)
            for number, row in enumerate(session.scalars(select(Transaction).where(Transaction.user_id == user))):
                if number % 50 == 0:
                    row.own_category_id, row.note, row.change = 1 + number % 16, "a note of Zoë's", change
                elif number % 71 == 0:
                    row.category_id, row.change = None, change
                elif number % 31 == 0:
                    row.own_tags, row.own_hidden, row.change = ("Rome", "Rome\nwork")[number % 2], True, change
        caches = Caches(folder / "cache", store)
        yield Household(store, user, caches.of(user), plain_rows(store, user))
        caches.close()
        store.close()


def plain_rows(store: Store, user: UserId) -> tuple[Row, ...]:
    with store.read() as session:
        accounts = {one.id: one for one in session.scalars(select(Account).where(Account.user_id == user))}
        categories = {one.id: one for one in session.scalars(select(Category))}
        groups = {one.code: one.id for one in categories.values() if one.code == one.group}
        rows = []
        for one in session.scalars(select(Transaction).where(Transaction.removed_at.is_(None))):
            account = accounts[one.account_id]
            if account.hidden:
                continue
            number = one.own_category_id or one.category_id
            category = categories.get(number or 0)
            if account.type in {"mortgage", "loan"} and one.amount > 0:
                kind = "transfer"
            elif category is not None:
                kind = category.kind
            elif account.type == "brokerage":
                kind = "transfer"
            else:
                kind = "income" if one.amount > 0 else "spending"
            words = "\n".join(
                (one.own_name or "", one.merchant_name, one.name, one.note, one.original_text, one.own_tags)
            )
            tags = frozenset(one.own_tags.split())
            rows.append(
                Row(one.id, one.date, one.amount, one.currency, one.account_id, number,
                    groups[category.group] if category else None, kind, one.pending,
                    one.own_name or one.merchant_name or one.name, folded(words), tags,
                    bool(one.own_hidden))
            )  # fmt: skip
        return tuple(rows)


def folded(words: str) -> str:
    return "".join(letter for letter in normalize("NFD", words.lower()) if not combining(letter))


def total(rows: Iterator[Row] | list[Row]) -> Decimal:
    return sum((row.home for row in rows), Decimal(0))


@pytest.mark.parametrize("today", [TODAY, date(2026, 3, 1), date(2026, 2, 28), date(2025, 12, 31), date(2024, 9, 15)])
def test_this_month_and_the_same_days_of_the_last(household: Household, today: date) -> None:
    view = overview(household.cache, today, NOW)
    start = today.replace(day=1)
    last_month = (start - timedelta(days=1)).replace(day=1)
    last_day = min(today.day, (start - timedelta(days=1)).day)

    def of(kind: str, since: date, until: date) -> Decimal:
        return total([r for r in household.rows if r.kind == kind and since <= r.date <= until])

    assert view.month.income == of("income", start, today)
    assert view.month.spending == of("spending", start, today)
    assert view.month.income_before == of("income", last_month, last_month.replace(day=last_day))
    assert view.month.spending_before == of("spending", last_month, last_month.replace(day=last_day))
    assert {row.currency for row in household.rows} == {"USD", "EUR"}
    assert view.other_months == ()


def test_categories_months_and_days_add_up_to_the_rows(household: Household) -> None:
    view = overview(household.cache, TODAY, NOW)
    start = TODAY.replace(day=1)
    spent: dict[int | None, Decimal] = defaultdict(Decimal)
    months: dict[date, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    days: dict[date, Decimal] = defaultdict(Decimal)
    for row in household.rows:
        if row.kind == "transfer":
            continue
        months[row.date.replace(day=1)][row.kind == "spending"] += row.home
        if row.kind == "spending":
            if start <= row.date <= TODAY:
                spent[row.group] -= row.home
            if TODAY - timedelta(days=89) <= row.date <= TODAY:
                days[row.date] -= row.home
    assert {one.category_id: one.spent for one in view.categories if one.spent} == {k: v for k, v in spent.items() if v}
    assert {one.month: [one.income, one.spending] for one in view.cash_flow} == {
        month: sums for month, sums in months.items() if month >= date(2024, 4, 1)
    }
    assert dict(view.daily) == days
    assert sum(one.spent for one in view.categories) == -view.month.spending
    full = [one for one in view.cash_flow if date(2025, 3, 1) <= one.month < start]
    assert len(full) == 12
    assert view.savings_rate == sum(one.net for one in full) / sum(one.income for one in full)


def test_net_worth_is_todays_balances_and_moves_by_the_posted_rows(household: Household) -> None:
    view = overview(household.cache, TODAY, NOW)
    accounts = {one.id: one for one in list_accounts(household.store, household.user) if not one.hidden}
    assert view.elsewhere == ()
    sides: dict[bool, Decimal] = defaultdict(Decimal)
    nets: dict[str, Decimal] = defaultdict(Decimal)
    for one in accounts.values():
        nets[one.currency] += one.current or 0
        # There is one euro account: what is held in a currency is converted as one sum.
        sides[one.type in OWED] += converted(one.current or Decimal(0), one.currency, "USD", TODAY) or 0
    assert [view.worth.assets, view.worth.liabilities] == [sides[False], sides[True]]
    assert view.worth_history[-1] == view.worth
    for worth in view.worth_history[1:]:
        stood = dict(nets)
        for row in household.rows:
            if row.date > worth.day and not row.pending:
                stood[accounts[row.account].currency] -= row.amount
        then = [converted(amount, currency, "USD", worth.day) for currency, amount in stood.items()]
        assert worth.net == sum((amount for amount in then if amount is not None), Decimal(0)), worth.day


def test_an_old_rate_is_told_where_it_is_used(household: Household) -> None:
    last = date(2025, 7, 28)
    view = overview(household.cache, TODAY, NOW)
    euros = [row for row in household.rows if row.currency == "EUR" and row.kind != "transfer"]
    this_month = {row.kind for row in euros if TODAY.replace(day=1) <= row.date <= TODAY}
    assert view.old_rates == OldRates(
        worth=last,
        available=last,
        income=last if "income" in this_month else None,
        spending=last if "spending" in this_month else None,
        saved=last,
    )
    assert "spending" in this_month
    fresh = overview(household.cache, last + timedelta(days=7), NOW)
    assert fresh.old_rates == OldRates(None, None, None, None, None)


def test_several_currencies_are_added_up_together(household: Household) -> None:
    told = list_transactions(household.cache, TransactionFilter(until=date(2025, 7, 31))).together
    assert told is not None
    rows = [row for row in household.rows if row.date <= date(2025, 7, 31)]
    assert (told.totals.currency, told.totals.rows, told.without, told.old_rate) == ("USD", len(rows), (), None)
    assert told.totals.inflow == total([row for row in rows if row.amount > 0])
    assert told.totals.outflow == total([row for row in rows if row.amount < 0])
    everything = list_transactions(household.cache, TransactionFilter()).together
    assert everything is not None
    assert everything.totals.net == total(list(household.rows))
    assert everything.old_rate == date(2025, 7, 28)
    dollars = next(row.account for row in household.rows if row.currency == "USD")
    assert list_transactions(household.cache, TransactionFilter(account_ids=(dollars,))).together is None


def test_a_currency_without_a_rate_is_in_no_total(household: Household) -> None:
    dollars = {row.id for row in household.rows if row.currency == "USD"}
    with currency_of(household, "XTS", also=min(dollars)):
        told = list_transactions(household.cache, TransactionFilter()).together
        assert told is not None
        assert (told.totals.currency, told.without) == ("USD", ("XTS",))
        assert told.totals.rows == len(household.rows) - 1


@contextmanager
def currency_of(household: Household, currency: str, also: int | None = None) -> Iterator[None]:
    """Let the person have another currency, and one transaction too; for a while."""
    with household.store.write() as session:
        change = next_change(session, household.user)
        session.get_one(User, household.user).currency = currency
        if also is not None:
            row = session.get_one(Transaction, also)
            before, row.currency, row.change = row.currency, currency, change
    yield
    with household.store.write() as session:
        change = next_change(session, household.user)
        session.get_one(User, household.user).currency = "USD"
        if also is not None:
            row = session.get_one(Transaction, also)
            row.currency, row.change = before, change


def test_the_last_ones_are_the_last_ones(household: Household) -> None:
    view = overview(household.cache, TODAY, NOW)
    newest = sorted(household.rows, key=lambda row: (row.date, row.id), reverse=True)
    assert [row.id for row in view.recent] == [row.id for row in newest[:10]]
    assert (view.rows, view.first_date) == (len(household.rows), newest[-1].date)
    uncategorised = sum(row.category is None and row.kind != "transfer" for row in household.rows)
    assert uncategorised > 0
    assert [one.sentence for one in view.attention if one.kind == "uncategorised"] == [
        f"{uncategorised:,} transactions have no category yet."
    ]


amounts = st.integers(0, 300_000).map(lambda cents: Decimal(cents) / 100)
days = st.dates(date(2024, 4, 1), TODAY)
filters = st.builds(
    TransactionFilter,
    text=st.sampled_from(["", "", "greenleaf", "GREENLEAF ", "coffee", "zoë", "ZOE", "càrd", "%", "no such words"]),
    account_ids=st.lists(st.integers(1, 8), max_size=3).map(tuple),
    category_ids=st.lists(st.integers(0, 130), max_size=4).map(tuple),
    since=st.none() | days,
    until=st.none() | days,
    least=st.none() | amounts,
    most=st.none() | amounts,
    pending=st.sampled_from([None, None, True, False]),
    kind=st.sampled_from([None, None, "income", "spending", "transfer", "flow"]),
    tags=st.sampled_from([(), (), (), ("Rome",), ("work", "nothing")]),
    hidden=st.sampled_from([None, None, True, False]),
    split=st.sampled_from([None, None, None, False, True]),
    merchant=st.sampled_from(["", "", "", "Greenleaf Market", "Greenleaf"]),
    alone=st.booleans(),
    currency=st.sampled_from(["", "", "", "EUR", "CHF"]),
    weekday=st.none() | st.integers(1, 7),
    tagged=st.sampled_from([None, None, None, True, False]),
)
rolled = st.builds(
    TransactionFilter,
    account_ids=st.lists(st.integers(1, 8), max_size=3).map(tuple),
    since=st.none() | days,
    until=st.none() | days,
    kind=st.sampled_from([None, "income", "spending", "transfer", "flow"]),
)
"""Of what the sums that are kept by day know."""
wide = st.sampled_from([{"text": "e"}, {"pending": False}, {"hidden": False}, {"split": False}, {"least": 1}]).map(
    lambda wanted: TransactionFilter(**wanted)  # type: ignore[arg-type]
)
"""What most lines fit, of every currency."""


def fits(row: Row, wanted: TransactionFilter) -> bool:
    return (
        (not wanted.text.strip() or folded(wanted.text.strip()) in row.words)
        and (not wanted.account_ids or row.account in wanted.account_ids)
        and (
            not wanted.category_ids
            or (row.category or 0) in wanted.category_ids
            or (not wanted.alone and row.group is not None and row.group in wanted.category_ids)
        )
        and (wanted.since is None or row.date >= wanted.since)
        and (wanted.until is None or row.date <= wanted.until)
        and (wanted.least is None or abs(row.amount) >= wanted.least)
        and (wanted.most is None or abs(row.amount) <= wanted.most)
        and (wanted.pending is None or row.pending == wanted.pending)
        and (wanted.kind is None or row.kind == wanted.kind or (wanted.kind == "flow" and row.kind != "transfer"))
        and (not wanted.tags or not row.tags.isdisjoint(wanted.tags))
        and (wanted.hidden is None or row.hidden == wanted.hidden)
        and not wanted.split
        and (not wanted.merchant or row.name == wanted.merchant)
        and (not wanted.currency or row.currency == wanted.currency)
        and (wanted.weekday is None or row.date.isoweekday() == wanted.weekday)
        and (wanted.tagged is None or bool(row.tags) == wanted.tagged)
    )


@settings(max_examples=examples(60), deadline=None)
@given(wanted=filters | rolled | wide, page=st.integers(-1, 30), size=st.sampled_from([1, 25, 50, 100]))
def test_any_filter_finds_what_a_loop_finds(
    household: Household, wanted: TransactionFilter, page: int, size: int
) -> None:
    found = sorted(
        (row for row in household.rows if fits(row, wanted)), key=lambda row: (row.date, row.id), reverse=True
    )
    told = list_transactions(household.cache, wanted, page, size)
    assert told.count == len(found)
    at = min(max(1, page), max(1, -(-len(found) // size)))
    assert told.page == at
    assert [row.id for row in told.rows] == [row.id for row in found[(at - 1) * size : at * size]]
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in found:
        sums[row.currency][row.amount < 0] += row.amount
    assert {one.currency: [one.inflow, one.outflow] for one in told.totals} == sums
    assert (told.together is not None) == (len(sums) > 1)
    if told.together is not None:
        assert told.together.totals.inflow == total([row for row in found if row.amount > 0])
        assert told.together.totals.outflow == total([row for row in found if row.amount < 0])
        assert told.together.totals.rows == len(found)
    every = [row.id for row in found]
    assert list(listed_ids(household.cache, wanted)) == every
    assert [row.id for row in listed_rows(household.cache, wanted, 500)] == every


@pytest.mark.parametrize("place", [0, 500, 1500, -1])
def test_the_bounds_of_an_amount_and_of_a_period_belong_to_it(household: Household, place: int) -> None:
    row = household.rows[place]
    size = abs(row.amount)
    wanted = TransactionFilter(least=size, most=size, since=row.date, until=row.date)
    found = list_transactions(household.cache, wanted, 1, 100)
    expected = [one for one in household.rows if abs(one.amount) == size and one.date == row.date]
    assert found.count == len(expected)
    assert {one.id for one in found.rows} == {one.id for one in expected} >= {row.id}


@pytest.mark.parametrize(("told", "counted"), [("EUR", "EUR"), ("JPY", "JPY"), ("XTS", "USD")])
def test_figures_are_in_the_persons_currency_unless_nothing_goes_into_it(
    household: Household, told: str, counted: str
) -> None:
    with currency_of(household, told):
        view = overview(household.cache, TODAY, NOW)
        this_month = [row for row in household.rows if TODAY.replace(day=1) <= row.date <= TODAY]
        spent = [converted(row.amount, row.currency, counted, row.date) for row in this_month if row.kind == "spending"]
    assert view.currency == counted
    assert view.month.spending == sum((one for one in spent if one is not None), Decimal(0))


def test_nothing_at_all_is_nothing(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'fintrack.db'}")
    migrate(store, tmp_path / "backups")
    ensure_categories(store)
    caches = Caches(tmp_path / "cache", store)
    person = add_person(store)
    with store.write() as session:
        session.get_one(User, person).currency = "CHF"
    view = overview(caches.of(person), TODAY, NOW)
    assert (view.currency, view.rows, view.accounts, view.cash_flow, view.savings_rate) == ("CHF", 0, (), (), None)
    assert view.worth == replace(view.worth, assets=Decimal(0), liabilities=Decimal(0))
    caches.close()
    store.close()
