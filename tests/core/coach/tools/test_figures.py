"""What tools tell is what the screens show."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.analytics import (
    TransactionFilter,
    account_summaries,
    flow,
    list_transactions,
    listed_rows,
    merchant,
    overview,
    span_of,
    spending,
    worth_history,
)
from core.coach import Scope
from core.coach.tools import BY_NAME
from core.coach.values import Amount, Count, Day, Node, Share, Text, at
from core.errors import ValidationError
from core.forecasting import outlook
from core.planning import bills, budget_month, month_of, subscriptions


def told(scope: Scope, tool: str, given: Mapping[str, object]) -> Mapping[str, Node]:
    return BY_NAME[tool].run(scope, given).told


@pytest.mark.parametrize("preset", ["month", "last_month", "3m", "12m"])
def test_spending_by_month_and_of_a_category_adds_up_to_the_screen(scope: Scope, preset: str) -> None:
    shown = spending(scope.cache, span_of(preset, "none", scope.today))  # type: ignore[arg-type]
    by_month = told(scope, "get_spending_analytics", {"period": {"preset": preset}, "by": "month"})
    assert at(by_month, "spent") == Amount(shown.spent, "USD")
    assert sum(at(by_month, f"groups.{n}.spent").amount for n in range(len(by_month["groups"]))) == shown.spent  # type: ignore[union-attr,arg-type]
    dearest = shown.groups[0].whole
    of_one = told(scope, "get_spending_analytics", {"period": {"preset": preset}, "category": dearest.title})
    assert at(of_one, "spent") == Amount(dearest.spent, "USD")
    assert at(of_one, "about.category") == Text(dearest.title)


def test_spending_at_a_merchant_is_what_its_history_has(scope: Scope) -> None:
    shown = merchant(scope.cache, "Parcelly", scope.today)
    found = told(scope, "get_spending_analytics", {"period": {"preset": "all"}, "merchant": "parcelly"})
    assert shown is not None
    assert at(found, "spent") == Amount(shown.spent, "USD")
    assert at(found, "transactions") == Count(shown.rows)


def test_transactions_come_as_asked_with_the_sums_of_all(scope: Scope) -> None:
    wanted = TransactionFilter(since=span_of("3m", "none", scope.today).since, until=scope.today, kind="spending")
    rows = list(listed_rows(scope.cache, wanted))
    page = list_transactions(scope.cache, wanted)
    assert page.together is not None
    given = {"period": {"preset": "3m"}, "kind": "spending", "limit": 7}
    for order in ("newest", "oldest", "largest", "smallest"):
        found = told(scope, "list_transactions", given | {"order": order})
        assert at(found, "transactions") == Count(len(rows))
        assert at(found, "total") == Amount(page.together.totals.net, "USD")
        assert at(found, "rows_not_told") == Count(len(rows) - 7)
        if order in {"newest", "oldest"}:
            ordered = rows if order == "newest" else rows[::-1]
            assert [at(found, f"rows.{n}.date") for n in range(7)] == [Day(one.date) for one in ordered[:7]]
    in_dollars = [abs(one.amount) for one in rows if one.currency == "USD"]
    assert at(told(scope, "list_transactions", given | {"order": "largest"}), "rows.0.amount") == Amount(
        -max(in_dollars), "USD"
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"text": "coffee"}, TransactionFilter(text="coffee")),
        ({"merchant": "PARCELLY"}, TransactionFilter(merchant="Parcelly")),
        ({"account": "rainy day"}, TransactionFilter(account_ids=(2,))),
        ({"category": "groceries"}, TransactionFilter(category_ids=(158,))),
        ({"least": "100", "most": "200.50"}, TransactionFilter(least=Decimal(100), most=Decimal("200.50"))),
        ({"pending": True}, TransactionFilter(pending=True)),
        ({"kind": "income"}, TransactionFilter(kind="income")),
    ],
)
def test_each_argument_narrows_the_transactions(
    scope: Scope, given: dict[str, object], wanted: TransactionFilter
) -> None:
    result = BY_NAME["list_transactions"].run(scope, {"period": {"preset": "12m"}} | given)
    span = span_of("12m", "none", scope.today)
    wanted = replace(wanted, since=span.since, until=span.until)
    page = list_transactions(scope.cache, wanted)
    assert at(result.told, "transactions") == Count(page.count)
    assert result.leads[0].wanted == wanted


def test_flows_worth_accounts_and_overview_are_those_of_the_screens(scope: Scope) -> None:
    span = span_of("12m", "before", scope.today)
    shown = flow(scope.cache, span)
    found = told(scope, "get_cash_flow", {"period": {"preset": "12m", "against": "before"}})
    assert at(found, "income") == Amount(shown.sums.income, "USD")
    assert at(found, "spending") == Amount(-shown.sums.spending, "USD")
    assert at(found, "saved") == Amount(shown.sums.net, "USD")
    assert shown.before is not None
    assert at(found, "before.income") == Amount(shown.before.income, "USD")
    assert [at(found, f"months.{n}.saved") for n in range(12)] == [Amount(one.now.net, "USD") for one in shown.months]
    worth = worth_history(scope.cache, span_of("12m", "none", scope.today))
    held = told(scope, "get_net_worth", {})
    assert at(held, "net_worth") == Amount(worth.totals[-1].net, "USD")
    assert at(held, "difference") == Amount(worth.change, "USD")
    accounts = account_summaries(scope.cache)
    assert at(told(scope, "list_accounts", {}), "accounts.0.balance") == Amount(
        accounts[0].current or Decimal(0), "USD"
    )
    glance, whole = told(scope, "get_dashboard_summary", {}), overview(scope.cache, scope.today)
    assert at(glance, "net_worth") == Amount(whole.worth.net, "USD")
    assert at(glance, "this_month.spent") == Amount(-whole.month.spending, "USD")


def test_a_balance_is_of_the_day_that_it_is_for_the_person(scope: Scope) -> None:
    abroad = replace(scope, person=replace(scope.person, time_zone="Pacific/Kiritimati"))
    assert abroad.today == date(2026, 3, 21)
    assert at(told(abroad, "list_accounts", {}), "accounts.0.as_of") == Day(abroad.today)
    assert at(told(scope, "list_accounts", {}), "accounts.0.as_of") == Day(scope.today)


def test_plans_and_what_recurs_are_those_of_the_screens(scope: Scope) -> None:
    user = scope.cache.user
    month = budget_month(scope.store, user, scope.cache, month_of(scope.today), scope.today)
    found = told(scope, "list_budgets", {})
    assert at(found, "spent_in_all") == Amount(month.spent, "USD")
    assert found["note"] == "There are no budgets in this month."
    assert told(scope, "list_goals", {})["note"] == "There are no goals."
    assert "note" in told(scope, "list_insights", {})
    again = subscriptions(scope.store, scope.cache, scope.today)
    costs = told(scope, "list_subscriptions", {})
    assert at(costs, "totals.0.a_month") == Amount(again.costs[0].monthly, again.costs[0].currency)
    due = bills(scope.store, scope.cache, scope.today, currency="USD")
    assert at(told(scope, "list_bills", {}), "totals.0.to_pay") == Amount(-due.sums[0].to_pay, due.sums[0].currency)
    ahead = outlook(scope.store, scope.cache, scope.today)
    foretold = told(scope, "get_forecast", {"days": 30})
    assert at(foretold, "balance_at_the_end") == Amount(ahead.days[30].balance, "USD")


def test_calculate_reckons_with_what_was_told_in_the_turn(scope: Scope) -> None:
    spent = [{"spent": Amount(Decimal(30), "USD")}, {"spent": Amount(Decimal(10), "USD")}]
    knowing = scope.knowing({"c1": {"groups": spent},
                             "c2": {"spent": Amount(Decimal(8), "EUR"), "name": Text("7")}})  # fmt: skip

    def result(op: str, *refs: str, **more: object) -> Node:
        return BY_NAME["calculate"].run(knowing, {"op": op, "refs": refs, **more}).told["result"]

    first, second = "c1:groups.0.spent", "[[c1:groups.1.spent]]"
    assert result("sum", "c1:groups.*.spent") == Amount(Decimal(40), "USD")
    assert result("difference", first, second) == Amount(Decimal(20), "USD")
    assert result("share", second, first) == Share(Decimal("0.33333333"))
    assert result("change", first, second) == Share(Decimal(2))
    assert result("average", first, second) == Amount(Decimal(20), "USD")
    assert result("product_by", first, by="12") == Amount(Decimal(360), "USD")
    for op, refs in (
        ("sum", (first, "c2:spent")),
        ("sum", ("c9:spent",)),
        ("sum", ("c2:name",)),
        ("share", (first,)),
        ("product_by", (first,)),
        ("sum", ("nonsense",)),
    ):
        with pytest.raises(ValidationError):
            result(op, *refs)


def test_a_figure_that_is_referred_to_twice_is_counted_once(scope: Scope) -> None:
    spent = told(scope, "get_spending_analytics", {"period": {"preset": "last_month"}})
    refs = ["c1:spent", "[[c1:spent]]", "c1:groups.0.spent", "c1:groups.*.spent"]
    counted = told(scope.knowing({"c1": spent}), "calculate", {"refs": refs, "op": "count"})
    assert at(counted, "result") == Count(1 + len(spent["groups"]))  # type: ignore[arg-type]


def test_days_that_have_not_come_are_refused(scope: Scope) -> None:
    period = {"preset": "own", "first": "2030-01-01", "last": "2030-01-31"}
    with pytest.raises(ValidationError, match="have not come"):
        told(scope, "get_spending_analytics", {"period": period})
