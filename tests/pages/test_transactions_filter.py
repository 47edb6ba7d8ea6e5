"""The address of the list of transactions: ids and plain values in, the same out, nonsense left out."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics import TransactionFilter
from core.clock import EARLIEST, LATEST
from pages.shared.filter_fields import told
from pages.shared.filters import Asked, asked, kept_query, query_of
from pages.shared.formats import Formats, plain_text

ids = st.lists(st.integers(0, 999_999_999), max_size=5, unique=True).map(tuple)
bounds = st.none() | st.decimals(min_value=0, max_value=10**9, places=4)
days = st.none() | st.dates(EARLIEST, LATEST)
filters = st.builds(
    TransactionFilter,
    text=st.text(max_size=40),
    account_ids=ids,
    category_ids=ids,
    since=days,
    until=days,
    least=bounds,
    most=bounds,
    pending=st.sampled_from([None, True, False]),
    kind=st.sampled_from([None, "income", "spending", "transfer", "flow"]),
    tags=st.lists(st.sampled_from(["Rome", "two words", "=1", "ü&?"]), max_size=3, unique=True).map(tuple),
    hidden=st.sampled_from([None, True, False]),
    split=st.sampled_from([None, True, False]),
    merchant=st.sampled_from(["", "Greenleaf Market", "Zoë & Co, #2=5?", " spaced "]),
    alone=st.booleans(),
    currency=st.sampled_from(["", "EUR"]),
    weekday=st.none() | st.integers(1, 7),
    tagged=st.sampled_from([None, True, False]),
)


@given(
    st.builds(Asked, filters, st.integers(1, 1000), st.sampled_from([25, 50, 100]), st.none() | st.integers(1, 10**6))
)
def test_an_address_brings_back_what_was_asked(wanted: Asked) -> None:
    assert asked(query_of(wanted)) == wanted


def test_what_is_not_filtered_is_not_in_the_address() -> None:
    assert query_of(Asked()) == {}


@pytest.mark.parametrize(
    "query",
    [
        {"account": "1;DROP TABLE", "page": "-3", "size": "7"},
        {"account": "99999999999999999999", "from": "yesterday", "least": "NaN"},
        {"category": "x,,y", "to": "2026-13-45", "most": "1e400", "kind": "evil", "pending": "maybe", "tx": "0x1"},
        {"tag": ",, ,", "hidden": "perhaps", "split": "1"},
        {"tag": "x" * 41},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"currency": "Euro", "weekday": "8", "tagged": "1", "alone": "1"},
        {"least": "-", "page": "٣", "size": "0025", "most": "12.34567"},
    ],
)
def test_nonsense_in_an_address_filters_nothing(query: dict[str, str]) -> None:
    assert asked(query) == Asked()


def test_values_of_links_from_other_screens_are_read() -> None:
    found = asked({"account": "3", "category": "8,0", "from": "2026-03-01", "kind": "spending", "least": "12.5"})
    assert found.wanted == TransactionFilter(
        account_ids=(3,), category_ids=(8, 0), since=date(2026, 3, 1), kind="spending", least=Decimal("12.5")
    )


@given(filters)
@pytest.mark.both_stores
def test_a_filter_that_is_kept_under_a_name_is_the_same_again(wanted: TransactionFilter) -> None:
    assert asked(dict(parse_qsl(kept_query(wanted)))).wanted == wanted


@pytest.mark.parametrize(
    ("locale", "words"), [("en_US", "at least 1,020.5, at most 2,000"), ("de_DE", "at least 1.020,5")]
)
def test_a_filter_tells_its_amounts_in_the_persons_own_way(locale: str, words: str) -> None:
    wanted = TransactionFilter(least=Decimal("1020.5000"), most=Decimal("2000.0000"))
    assert plain_text(words) in told(wanted, {}, {}, Formats(locale))
