"""Filtered lines are asked for with the conditions that are set, and with nothing of their values in the text."""

from datetime import date

import pytest

from core.cache import PivotQuestion, query_text
from core.cache.filtering import CONDITIONS, narrowed


@pytest.mark.parametrize("name", CONDITIONS)
def test_only_what_is_given_is_asked(name: str) -> None:
    given = dict.fromkeys(CONDITIONS) | {"first": 1, "last": 2, "skip": 0, "count": 3, name: "a value"}
    text, told = narrowed(query_text("filtered_page"), given)
    assert [one for one in CONDITIONS.values() if f"({one})" in text or f" {one})" in text] == [CONDITIONS[name]]
    assert told == {"first": 1, "last": 2, "skip": 0, "count": 3, name: "a value"}
    assert "a value" not in text


def test_a_period_before_has_days_of_its_own_and_all_else_alike() -> None:
    days = {"since": date(2026, 1, 1), "until": date(2026, 1, 31)}
    before = {"before_since": date(2025, 1, 1), "before_until": date(2025, 1, 31)}
    text, told = narrowed(
        PivotQuestion(("month",), None, "spent", compared=True).text, days | before | {"merchant": "Shop"}
    )
    assert "t.date >= $since AND t.date <= $until AND t.name = $merchant" in text
    assert "t.date >= $before_since AND t.date <= $before_until AND t.name = $merchant" in text
    assert told == days | before | {"merchant": "Shop"}


def test_another_question_stays_as_it_is() -> None:
    assert narrowed(query_text("count"), {"since": None}) == (query_text("count"), {"since": None})
