"""What is added up and filtered in memory is what the database says, of rows that came late and of the largest too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from core.analytics import (
    Span,
    TransactionFilter,
    list_transactions,
    listed_rows,
    merchants,
    spending,
    year_review,
)
from core.analytics.converting import old_rates
from core.analytics.listing import conditions_of
from core.analytics.listing_sums import _asked, gathered
from core.cache import Caches, UserCache, money_lines
from core.planning import month_called
from core.planning.spending import month_sums, spent_later
from core.store import Store
from tests.core.cache.money import START, account_edited, add_person, added, edited, split_up, write

# What is held comes from the cache, the same whatever store it is made from.
pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

LARGEST: Final = Decimal("9999999999999.9999")


def row(day: int, amount: str | Decimal, name: str, account: int = 0, category: int = 9) -> dict[str, Any]:
    """Return a row of a bank."""
    told = {"account": account, "category": category, "day": day, "amount": Decimal(amount), "name": name}
    return told | {"pending": day % 3 == 0}


@pytest.fixture(params=["small", "large", "one currency"])
def cache(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[UserCache]:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    rows = [row(day, f"-{day + 10}.2575", f"Shop {day % 4}", day % 3, 1 + day % 16) for day in range(40)]
    if request.param == "large":
        # Their sum has no room in 64 bits.
        rows += [row(day % 40, sign * LARGEST, "Bank") for day in range(130) for sign in (-1, -1, 1)]
    if request.param != "one currency":
        # There is no rate of it.
        write(store, person, [account_edited(4, currency="XTS")])
        rows += [row(day, f"-{day}.5", "Abroad", account=4) for day in range(1, 40, 4)]
    write(store, person, [added(rows)])
    cache.refresh()
    # Older than what is there, so that they lie behind it; and of one amount with others.
    late = [row(day, "-61.2575", name) for day, name in ((3, "Twin"), (5, "Twin"), (5, "Twin"), (2, "Shop 1"))]
    write(
        store,
        person,
        [
            added(late),
            *(edited(place, own_hidden=True) for place in (1, 20, -6)),
            split_up(4, [(Decimal(-3), 2, "a part")]),
        ],
    )
    assert cache.refresh().rebuilt is False
    yield cache
    cache.close()


def spans() -> list[Span]:
    """Return some periods."""
    first = START
    return [
        Span(first + timedelta(days=8), first + timedelta(days=30), first, first + timedelta(days=7)),
        Span(first, first + timedelta(days=60)),
        Span(first + timedelta(days=900), first + timedelta(days=901)),
    ]


@pytest.mark.parametrize("span", spans(), ids=["compared", "all", "none"])
def test_sums_are_those_of_the_rows(cache: UserCache, span: Span) -> None:
    rows = _rows(cache, "kind = 'spending' AND home IS NOT NULL")
    now = [one for one in rows if span.since <= one["date"] <= span.until]
    told = merchants(cache, span)
    by_name = {name: [one for one in now if one["name"] == name] for name in {one["name"] for one in now}}
    assert {one.spent.name: (one.spent.spent, one.spent.rows, one.last_seen) for one in told.lines} == {
        name: (-sum(one["home"] for one in its), len(its), max(one["date"] for one in its))
        for name, its in by_name.items()
    }
    for one in told.lines:
        assert one.first_seen == min(each["date"] for each in rows if each["name"] == one.spent.name)
    wanted = merchants(cache, span, text="TWIN")
    assert [one.spent.name for one in wanted.lines] == ["Twin"] * ("Twin" in by_name)
    spent = spending(cache, span)
    assert spent.spent == sum((one.whole.spent for one in spent.groups), Decimal(0)) == -_sum(now)


def test_of_purchases_alike_the_latest_is_told(cache: UserCache) -> None:
    rows = _rows(cache, f"kind = 'spending' AND home < 0 AND year(date) = {START.year}")
    rows.sort(key=lambda one: (one["home"], -one["date"].toordinal(), -one["id"], one["part"]))
    first: dict[str, Any] = {}
    for one in rows:
        first.setdefault(one["name"], (one["id"], -one["home"]))
    told = year_review(cache, START.year, START + timedelta(days=60)).purchases
    assert [(one.row.id, one.spent) for one in told] == list(first.values())[:5]
    assert "Twin" in first


@pytest.mark.parametrize("first_day", [1, 12, 28])
def test_budgets_count_what_is_not_left_out_of_them(cache: UserCache, first_day: int) -> None:
    month = month_called(START + timedelta(days=40), first_day)
    with cache.answering() as answer:
        told = month_sums(answer, month.moved(-3), month, "USD")
        later = spent_later(answer, month, 5, 3)
    for one in (month.moved(back) for back in (-3, -2, -1, 0)):
        mine = [each for each in _rows(cache, "kind <> 'transfer'") if one.first <= each["date"] <= one.last]
        assert (one.start in told) == bool(mine)
        if one.start in told:
            _month_holds(told[one.start], mine)
        spent = [each for each in mine if _counts(each) and each["date"] >= one.first + timedelta(days=5)]
        if one.start != month.start:
            assert later[one.start] == _by_category(spent)


FILTERS: Final[list[dict[str, Any]]] = [
    *({"weekday": day} for day in range(1, 8)),
    *({name: flag} for name in ("pending", "hidden", "split") for flag in (True, False)),
    *({"text": text} for text in ("shop", "shop 1", "SHÖP", "zzz", "2", "a part")),
    *({"kind": kind} for kind in ("income", "spending", "transfer", "flow")),
    {"least": Decimal("11.2575")}, {"least": Decimal("11.25751")}, {"most": Decimal("11.2575")},
    {"most": Decimal("11.25749")}, {"least": 20, "most": 30}, {"currency": "USD"}, {"currency": "EUR"},
    {"currency": "CHF"},
    {"category_ids": (2, 0)}, {"since": START + timedelta(days=3), "until": START + timedelta(days=3), "pending": True},
    {"since": START + timedelta(days=9), "until": START + timedelta(days=3), "hidden": False}, {"tags": ("a",)},
]  # fmt: skip


def test_a_filter_means_what_the_database_means_by_it(cache: UserCache) -> None:
    with cache.answering() as answer:
        for wanted in FILTERS:
            conditions = conditions_of(answer, TransactionFilter(**wanted))
            held, asked = gathered(answer, conditions), _asked(answer, conditions, old_rates(answer))
            told_by_the_database = "tags" in wanted or any(map(str.isdigit, wanted.get("text", "")))
            assert (held.held is None) == ("kind" in wanted or told_by_the_database), wanted
            assert (held.sums, held.old_rate) == (asked.sums, asked.old_rate), wanted
            assert held.days.numbers.tolist() == asked.days.numbers.tolist(), wanted
            assert held.days.passed.tolist() == asked.days.passed.tolist(), wanted


@pytest.mark.parametrize("size", [5, 33])
def test_pages_are_those_of_the_database(cache: UserCache, size: int) -> None:
    for wanted in FILTERS:
        every = list(listed_rows(cache, TransactionFilter(**wanted), at_once=10**6))
        for page in {1, 2, 3, max(1, -(-len(every) // size))}:
            shown = list_transactions(cache, TransactionFilter(**wanted), page, size)
            first = (shown.page - 1) * size
            assert list(shown.rows) == every[first : first + size], (wanted, page)
            assert shown.count == len(every)


def test_wordings_of_another_database_are_not_taken_for_these(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    cache = Caches(tmp_path, store).of(person)
    write(store, person, [added([row(1, "-1", "Coffee"), row(2, "-2", "Tea")])])
    with cache.answering() as answer:
        conditions = conditions_of(answer, TransactionFilter(text="tea"))
        assert gathered(answer, conditions).sums[0].rows == 1
        assert money_lines(answer).names == ["Coffee", "Tea"]
        assert cache._home is not None
        kept = cache._home._kept.found
        ((find, lines),) = [(find, one) for find, one in kept.items() if type(one).__name__ == "ListedLines"]
        # As if the cache had been made anew between the two, with its wordings in another order.
        kept[find] = replace(lines, database="another", wordings=lines.wordings[::-1].copy())
        assert gathered(answer, conditions).sums[0].outflow == Decimal(-2)
    cache.close()


def _rows(cache: UserCache, condition: str) -> list[dict[str, Any]]:
    """Return the lines as the cache has them."""
    assert cache._home is not None
    names = ("id", "part", "date", "name", "category_id", "kind", "currency", "hidden", "amount", "home")
    found = cache._home.connection.execute(f"SELECT {', '.join(names)} FROM transactions WHERE {condition}").fetchall()
    return [dict(zip(names, one, strict=True)) for one in found]


def _sum(rows: list[dict[str, Any]]) -> Decimal:
    return sum((one["home"] for one in rows), Decimal(0))


def _counts(one: dict[str, Any]) -> bool:
    return one["kind"] == "spending" and not one["hidden"] and one["home"] is not None


def _by_category(rows: list[dict[str, Any]]) -> dict[int | None, Decimal]:
    return {
        category: -_sum([one for one in rows if one["category_id"] == category])
        for category in {one["category_id"] for one in rows}
    }


def _month_holds(told: Any, rows: list[dict[str, Any]]) -> None:
    """Hold a month's sums against its rows."""
    spent = [one for one in rows if _counts(one)]
    assert dict(told.spent) == _by_category(spent)
    assert {category: told.rows[category] for category in told.spent} == {
        category: sum(one["category_id"] == category for one in spent) for category in told.spent
    }
    elsewhere = [one for one in rows if one["home"] is None and not one["hidden"]]
    assert told.elsewhere.get("XTS", 0) == -sum(one["amount"] for one in elsewhere)
    hidden = [one for one in rows if one["kind"] == "spending" and one["hidden"] and one["home"] is not None]
    assert told.hidden == -_sum(hidden)
    assert told.income == _sum([one for one in rows if one["kind"] == "income" and not one["hidden"]])
