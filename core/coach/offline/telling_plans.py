"""Answers about budgets, goals, what recurs, what is ahead and what was noticed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from core.coach.offline.asking import Wanted, is_of_spending
from core.coach.offline.told import MOST_LINES, Told, UntellableError, capital, note
from core.coach.values import Amount, Day

MOST_BUDGETS: Final = 15
_STATES: Final = {"over": "over", "ahead": "ahead of pace"}


def budgets(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what is left of one budget, or how all of them stand."""
    first = told[0]
    if wanted.slots.categories:
        return _one_budget(first, wanted.slots.categories[0])
    if not first.many("budgets"):
        return f"There are no budgets in {first.ref('month')}."
    head = (
        f"Of {first.ref('available')} for {first.ref('month')}, {first.ref('spent_on_budgets')} is spent and "
        f"{first.ref('left')} is left; {_over(first)} of {first.ref('budgets_in_all')} budgets over."
    )
    lines = [
        f"- {first.ref(f'{path}.category')}: {first.ref(f'{path}.left')} left of {first.ref(f'{path}.available')}"
        for path in (f"budgets.{at}" for at in range(min(first.many("budgets"), MOST_BUDGETS)))
    ]
    return "\n".join([head, "", *lines]) + note(first, "\n\n")


def _over(told: Told) -> str:
    return told.ref("over") if told.count("over") else "none"


def _one_budget(told: Told, category: str) -> str:
    try:
        path = told.place("budgets", "category", category)
    except UntellableError:
        return f"There is no budget for **{category}** in {told.ref('month')}."
    name, state = told.ref(f"{path}.category"), told.node(f"{path}.state")
    words = f" ({_STATES[state]})" if isinstance(state, str) and state in _STATES else ""
    return (
        f"{told.ref(f'{path}.left')} is left for {name} in {told.ref('month')}: {told.ref(f'{path}.spent')} of "
        f"{told.ref(f'{path}.available')} is spent{words}."
    )


def afford(wanted: Wanted, told: Sequence[Told]) -> str:
    """Hold an amount against what a budget, or all of them, have left; whether to spend it is not said."""
    first, amount = told[0], wanted.slots.figures.amount or Decimal(0)
    if not first.many("budgets"):
        return f"There are no budgets in {first.ref('month')}, so I can't tell what is left for it."
    path, name = "left", "all budgets together"
    if wanted.slots.categories:
        try:
            place = first.place("budgets", "category", wanted.slots.categories[0])
        except UntellableError:
            return f"There is no budget for **{wanted.slots.categories[0]}** in {first.ref('month')}."
        path, name = f"{place}.left", first.ref(f"{place}.category")
    left = first.node(path)
    if not isinstance(left, Amount):
        raise UntellableError(path)
    fits = "That is enough for it" if left.amount >= amount else "That is less than it takes"
    said = f"{first.ref(path)} is left for {name} in {first.ref('month')}. {fits}"
    return f"{said}; bills still to come are not held against it."


def goals(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell how far one goal is, or all of them."""
    first = told[0]
    if not first.many("goals"):
        return "There are no goals."
    if wanted.slots.goals:
        return _goal(first, first.place("goals", "goal", wanted.slots.goals[0]))
    return "\n".join(f"- {_goal(first, f'goals.{at}')}" for at in range(min(first.many("goals"), MOST_BUDGETS)))


def _goal(told: Told, path: str) -> str:
    name, target = told.ref(f"{path}.goal"), told.ref(f"{path}.target")
    if told.node(f"{path}.saved") is None:
        return f"{name}: {told.ref(f'{path}.left')} to go to {target}."
    said = f"{name}: {told.ref(f'{path}.saved')} of {target} ({told.ref(f'{path}.share')}), "
    said += f"{told.ref(f'{path}.left')} to go"
    if told.node(f"{path}.reached_by") is not None:
        return f"{said}; at this pace it is reached by {told.ref(f'{path}.reached_by')}."
    return f"{said}; at this pace there is no day on which it is reached."


def subscriptions(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what is paid again and again, what it costs, and which prices rose."""
    first, words = told[0], set(wanted.words.split())
    if wanted.slots.merchants:
        return _subscription(first, first.place("subscriptions", "name", wanted.slots.merchants[0]))
    if not first.many("subscriptions"):
        return "Nothing was found that is paid again and again."
    sums = [
        f"{first.ref(f'{path}.a_month')} a month, {first.ref(f'{path}.a_year')} a year"
        for path in (f"totals.{at}" for at in range(first.many("totals")))
    ]
    head = f"{first.ref('active')} payments recur: {', and '.join(sums)}."
    if words & {"expensive", "raised", "prices", "rose", "dearer"} and "most" not in words:
        return f"{_rises(first)}\n\n{head}"
    lines = [
        f"- {first.ref(f'{path}.name')}: {first.ref(f'{path}.a_month')} a month"
        for path in (f"subscriptions.{at}" for at in range(min(first.many("subscriptions"), MOST_BUDGETS)))
    ]
    return "\n".join([head, "", *lines])


def _rises(told: Told) -> str:
    if not told.many("price_rises"):
        return "No recurring payment is known to have become dearer."
    return "\n".join(
        f"- {told.ref(f'{path}.name')}: {told.ref(f'{path}.before')} before, {told.ref(f'{path}.after')} since "
        f"{told.ref(f'{path}.since')}"
        for path in (f"price_rises.{at}" for at in range(min(told.many("price_rises"), MOST_LINES)))
    )


def _subscription(told: Told, path: str) -> str:
    costs = f"{told.ref(f'{path}.a_month')} a month, {told.ref(f'{path}.a_year')} a year"
    said = f"{told.ref(f'{path}.name')} comes to {costs}"
    return f"{said}; next on {told.ref(f'{path}.next')}." if told.node(f"{path}.next") is not None else f"{said}."


def bills(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what a month's bills come to and which are still to be paid, or when one of them is."""
    first = told[0]
    if wanted.slots.merchants:
        return _bill(first, wanted.slots.merchants[0])
    overdue = [_entry(first, f"overdue.{at}") for at in range(min(first.many("overdue"), MOST_LINES))]
    if "overdue" in wanted.words.split():
        return "\n".join(["Overdue:", "", *overdue]) if overdue else "No bill is overdue."
    if wanted.slots.figures.ahead is not None and wanted.slots.figures.ahead_month is None:
        return _due_until(first, wanted.slots.figures.ahead)
    sums = [
        f"{first.ref(f'{path}.to_pay')} still to pay and {first.ref(f'{path}.paid')} paid"
        for path in (f"totals.{at}" for at in range(first.many("totals")))
    ]
    if not sums:
        return f"No bills are known in {first.ref('month')}.{note(first)}"
    open_ones = [at for at in range(first.many("bills")) if first.node(f"bills.{at}.standing") != "paid"]
    lines = [_entry(first, f"bills.{at}") for at in open_ones[:MOST_BUDGETS]]
    head = f"Bills of {first.ref('month')}: {', and '.join(sums)}."
    if {"next", "when"} & set(wanted.words.split()) and first.node("next_bill") is not None:
        head = f"The next bill: {_entry(first, 'next_bill').removeprefix('- ')}.\n\n{head}"
    return "\n".join([head, "", *lines]).rstrip() + note(first, "\n\n")


def _due_until(told: Told, last: date) -> str:
    """Tell what is due up to a day, which the reading names."""
    days = [told.node(f"coming.{at}.day") for at in range(told.many("coming"))]
    due = [at for at, day in enumerate(days) if isinstance(day, Day) and day.day <= last]
    if not due:
        return "No bill is known to be due until then."
    cut = len(due) == len(days) and told.count("due_within_30_days") > len(days)
    lines = [_entry(told, f"coming.{at}") for at in due]
    return "\n".join(["Due until then:", "", *lines, *(["", "There are more."] if cut else [])])


def _bill(told: Told, name: str) -> str:
    for path in ("coming", "bills"):
        try:
            return f"{_entry(told, told.place(path, 'name', name)).removeprefix('- ')}."
        except UntellableError:
            continue
    return f"No bill of **{name}** is known in {told.ref('month')}."


def _entry(told: Told, path: str) -> str:
    paid = " (paid)" if told.node(f"{path}.standing") == "paid" else ""
    return f"- {told.ref(f'{path}.name')}, {told.ref(f'{path}.day')}: {told.ref(f'{path}.amount')}{paid}"


def insights(_wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what was noticed."""
    first = told[0]
    if not first.many("insights"):
        return "Nothing is noticed at present."
    return "\n".join(
        f"- {first.ref(f'insights.{at}.title')} ({first.ref(f'insights.{at}.noticed')})"
        for at in range(first.many("insights"))
    )


def forecast(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what the balance will be, or what will be spent, with its range."""
    first = told[0]
    if is_of_spending(wanted):
        path = "category" if wanted.slots.categories else "spending"
        return (
            f"Within {first.ref('spending_within_days')} days {first.ref(f'{path}.expected')} is expected to be spent "
            f"on {first.ref(f'{path}.category')}: between {first.ref(f'{path}.low')} and {first.ref(f'{path}.high')} "
            f"most likely.{note(first)}"
        )
    said = (
        f"By {first.ref('until')} {first.ref('balance_at_the_end')} is expected on spendable accounts, between "
        f"{first.ref('in_four_of_five_cases.low')} and {first.ref('in_four_of_five_cases.high')} most likely"
        f"; now there is {first.ref('balance_now')}."
    )
    low = f"The lowest is {first.ref('lowest.balance')}, on {first.ref('lowest.day')}."
    risk = f"The chance of falling below {first.ref('line')} is {first.ref('chance_of_falling_below')}."
    return f"{said} {low} {risk}{note(first)}"


def net_worth(_wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell net worth and how it changed."""
    first = told[0]
    said = (
        f"Your net worth on {first.ref('period.last')}: {first.ref('net_worth')}. {first.ref('owned')} is owned, "
        f"{first.ref('owed')} is owed. "
        f"{capital(first.days())} it changed by {first.ref('difference')}"
    )
    share = f" ({first.ref('change')})" if first.node("change") is not None else ""
    return f"{said}{share}, from {first.ref('at_the_beginning')}.{note(first)}"


def summary(_wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell how things stand."""
    first = told[0]
    lines = [
        f"- Net worth: {first.ref('net_worth')}",
        f"- Spendable: {first.ref('spendable')}",
        f"- This month: {first.ref('this_month.income')} came in, {first.ref('this_month.spent')} was spent",
        f"- The same days of last month: {first.ref('same_days_of_last_month.spent')} was spent",
    ]
    attention = [
        f"- {first.ref(f'wants_attention.{at}')}" for at in range(min(first.many("wants_attention"), MOST_LINES))
    ]
    return "\n".join([f"As of {first.ref('today')}:", "", *lines, *attention]) + note(first, "\n\n")
