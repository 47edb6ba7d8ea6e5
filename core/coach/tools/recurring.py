"""What comes again and again: subscriptions and their costs, and the bills of a month."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from core.clock import month_start
from core.coach.tools.narrowing import noted
from core.coach.tools.periods import AMonth
from core.coach.tools.standing import Nothing
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Month, Node, Text
from core.planning import Entry, Projection, Subscription, bills, kept_line, subscriptions

MOST: Final = 30
MOST_INCOME: Final = 10
MOST_RISES: Final = 10
MOST_DUE: Final = 25


class BillsArguments(Arguments):
    """Of which month."""

    month: Annotated[AMonth | None, Field(description="This one where none is said; up to 12 months ahead.")] = None


def _subscriptions(scope: Scope, _: Nothing) -> ToolResult:
    found = subscriptions(scope.store, scope.cache, scope.today)
    totals: list[Node] = [
        {
            "currency": one.currency,
            "active": Count(one.active),
            "a_month": Amount(one.monthly, one.currency),
            "a_year": Amount(one.yearly, one.currency),
            "income_a_month": Amount(one.income_monthly, one.currency),
            "income_a_year": Amount(one.income_yearly, one.currency),
            "risen_by_a_year": Amount(found.risen(one.currency), one.currency),
            "to_save_a_year": Amount(found.to_save(one.currency), one.currency),
        }
        for one in found.costs
    ]
    rises: list[Node] = [
        {
            "name": Text(one.subscription.name),
            "since": Day(one.change.day),
            "before": Amount(one.change.before, one.subscription.found.series.currency),
            "after": Amount(one.change.after, one.subscription.found.series.currency),
            "more_a_year": Amount(one.yearly, one.subscription.found.series.currency),
        }
        for one in found.rises[:MOST_RISES]
    ]
    doubles: list[Node] = [
        {
            "kind": one.kind,
            "names": [Text(member.name) for member in one.members],
            "a_year": Amount(one.yearly, one.members[0].found.series.currency),
            "to_save_a_year": Amount(one.saving, one.members[0].found.series.currency),
        }
        for one in found.doubles[:MOST_RISES]
    ]
    return ToolResult(
        title="Subscriptions",
        told={
            "active": Count(len(found.active)),
            "stopped": Count(len(found.stopped)),
            "totals": totals,
            "subscriptions": [_subscription(one) for one in found.active[:MOST]],
            "income": [_subscription(one) for one in found.income[:MOST_INCOME]],
            "price_rises": rises,
            "doubles": doubles,
            **noted([] if found.active else ["Nothing was found that is paid again and again."]),
        },
        table=Table(
            ("Name", "Paid", "A month", "A year", "Next"),
            tuple(_row(one) for one in found.active[:MOST]),
        ),
        leads=(Lead("Subscriptions", "subscriptions"),),
    )


def _row(one: Subscription) -> tuple[Text | Amount | Day | str | None, ...]:
    series = one.found.series
    return (
        Text(one.name),
        series.cadence,
        Amount(-one.monthly, series.currency),
        Amount(-series.yearly, series.currency),
        None if series.next_date is None else Day(series.next_date),
    )


def _subscription(one: Subscription) -> dict[str, Node]:
    series = one.found.series
    sign = 1 if one.found.role == "income" else -1
    return {
        "name": Text(one.name),
        "paid": series.cadence,
        "amount": Amount(sign * series.amount, series.currency),
        "amount_varies": series.spread == "varying",
        "a_month": Amount(sign * one.monthly, series.currency),
        "a_year": Amount(sign * series.yearly, series.currency),
        "next": None if series.next_date is None else Day(series.next_date),
        "since": Day(series.first_date),
        "state": series.state,
        "account": Text(one.found.account),
    }


def _bills(scope: Scope, asked: BillsArguments) -> ToolResult:
    found = bills(
        scope.store,
        scope.cache,
        scope.today,
        currency=scope.person.currency,
        month=asked.month,
        line=kept_line(scope.store, scope.cache.user),
        week_start_day=scope.person.week_start_day,
    )
    entries = [entry for week in found.weeks for day in week if day.in_month for entry in day.entries]
    out = [one for one in entries if one.amount < 0]
    notes = []
    if not found.found:
        notes.append("No bills are known.")
    if asked.month is not None and month_start(asked.month) != found.month:
        notes.append("Nothing is known of the month that was asked for: this is the nearest one.")
    late = [one for one in found.overdue if one.amount < 0]
    return ToolResult(
        title=f"Bills, {scope.formats.month(found.month)}",
        told={
            "month": Month(found.month),
            "totals": [
                {
                    "currency": one.currency,
                    "paid": Amount(-one.paid, one.currency),
                    "to_pay": Amount(-one.to_pay, one.currency),
                    "bills_in_all": Amount(-one.paid - one.to_pay, one.currency),
                    "received": Amount(one.received, one.currency),
                    "to_receive": Amount(one.to_receive, one.currency),
                }
                for one in found.sums
            ],
            "bills_paid": Count(sum(one.standing == "paid" for one in out)),
            "bills_to_pay": Count(sum(one.standing != "paid" for one in out)),
            "next_bill": _entry(found.to_pay[0]) if found.to_pay else None,
            "due_within_30_days": Count(len(found.to_pay)),
            "overdue": [_entry(one) for one in late[:MOST_DUE]],
            "bills": [_entry(one) for one in out[:MOST_DUE]],
            "coming": [_entry(one) for one in found.to_pay[:MOST_DUE]],
            "what_will_be_left": [_projection(one) for one in found.projections],
            **noted(notes),
        },
        table=Table(("Day", "Name", "Amount", "Standing"), tuple(_line(one) for one in out[:MOST_DUE])),
        curve=_curve(found.projections),
        leads=(Lead("Bills", "bills"),),
    )


def _line(one: Entry) -> tuple[Day | Text | Amount | str, ...]:
    return Day(one.day), Text(one.name), Amount(-one.amount, one.currency), one.standing


def _entry(one: Entry) -> dict[str, Node]:
    return {
        "day": Day(one.day),
        "name": Text(one.name),
        "amount": Amount(-one.amount, one.currency),
        "standing": one.standing,
        "amount_is_sure": one.exact,
        "account": Text(one.account) if one.account else None,
    }


def _projection(one: Projection) -> dict[str, Node]:
    return {
        "currency": one.currency,
        "now": Amount(one.start, one.currency),
        "coming_in": Amount(one.coming_in, one.currency),
        "going_out": Amount(-one.going_out, one.currency),
        "left_after_30_days": Amount(one.end, one.currency),
        "lowest": Amount(one.lowest.balance, one.currency),
        "lowest_on": Day(one.lowest.day),
        "below_the_line_on": None if one.below is None else Day(one.below),
    }


def _curve(found: Sequence[Projection]) -> Curve | None:
    if not found:
        return None
    return Curve("Left", found[0].currency, tuple((one.day, one.balance) for one in found[0].days))


LIST_SUBSCRIPTIONS: Final = Tool(
    "list_subscriptions",
    "What is paid and received again and again: how often, how much, what it comes to in a month and a year, when it "
    "is due next, which prices rose, and services of one kind that are paid twice. Costs and income are both positive.",
    Nothing,
    _subscriptions,
)
LIST_BILLS: Final = Tool(
    "list_bills",
    "The bills of a month, paid and still to pay, what is due next and overdue, and what will be left on spendable "
    "accounts after the next 30 days. Amounts of bills are positive.",
    BillsArguments,
    _bills,
)
