"""What was spent, as a tool tells it."""

import json
from decimal import Decimal

import pytest

from core.analytics import span_of, spending
from core.coach import Scope
from core.coach.tools import BY_NAME
from core.coach.values import Amount, as_json, at, leaves, told
from core.errors import ValidationError

TOOL = BY_NAME["get_spending_analytics"]


def test_spending_is_what_the_screen_shows(scope: Scope) -> None:
    result = TOOL.run(scope, {"period": {"preset": "last_month", "against": "before"}})
    shown = spending(scope.cache, span_of("last_month", "before", scope.today))
    assert shown.spent > 0
    assert at(result.told, "spent") == Amount(shown.spent, "USD")
    assert at(result.told, "spent_before") == Amount(shown.before or Decimal(0), "USD")
    assert (
        [at(one, "spent") for one in result.told["groups"]]
        == [  # type: ignore[union-attr]
            Amount(one.whole.spent, "USD") for one in shown.groups[:15]
        ]
    )


def test_a_result_is_json_whose_paths_lead_to_its_values(scope: Scope) -> None:
    result = TOOL.run(scope, {})
    sent = json.loads(json.dumps(as_json(result.told)))
    assert sent["groups"][0]["category"].keys() == {"outside"}
    for path, leaf in leaves(result.told):
        assert at(result.told, path) == leaf
        assert told(leaf, scope.formats)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"when": "now"}, "when: Extra inputs are not permitted"),
        ({"period": {"preset": "own", "first": "2026-03-01"}}, "first and last go with the preset own"),
        ("nonsense", "arguments: Input should be a valid dictionary"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_in_words(scope: Scope, given: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TOOL.run(scope, given)


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ({"preset": "30d"}, Decimal(30) / Decimal("30.4375")),
        ({"preset": "90d"}, Decimal(90) / Decimal("30.4375")),
        ({"preset": "3m"}, Decimal(3)),
        ({"preset": "own", "first": "2025-03-01", "last": "2026-02-28"}, Decimal(12)),
        ({"preset": "own", "first": "2026-01-31", "last": "2026-02-01"}, Decimal(2) / Decimal("30.4375")),
    ],
)
@pytest.mark.parametrize("by", ["category", "month", "week"])
def test_what_a_month_comes_to_is_not_less_for_months_that_are_only_touched(
    scope: Scope, period: dict[str, str], months: Decimal, by: str
) -> None:
    result = TOOL.run(scope, {"period": period, "by": by}).told
    spent, average = at(result, "spent"), at(result, "average_a_month")
    assert isinstance(spent, Amount)
    assert isinstance(average, Amount)
    assert abs(average.amount - spent.amount / months) < Decimal("0.000001")
    week, day = at(result, "average_a_week"), at(result, "average_a_day")
    assert isinstance(week, Amount)
    assert isinstance(day, Amount)
    assert abs(week.amount - 7 * day.amount) < Decimal("0.000001")


def test_averages_that_count_days_before_the_first_transaction_say_so(scope: Scope) -> None:
    words = "Days before the first transaction of all are counted in the averages."
    early = TOOL.run(scope, {"period": {"preset": "own", "first": "2024-01-01", "last": "2024-12-31"}})
    assert at(early.told, "averages") == words
    assert "averages" not in TOOL.run(scope, {"period": {"preset": "last_year"}}).told
