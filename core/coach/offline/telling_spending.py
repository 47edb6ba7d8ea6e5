"""Answers about spending."""

from collections.abc import Sequence

from core.coach.offline.asking import Wanted
from core.coach.offline.told import MOST_LINES, MOST_MONTHS, Told, against, note, two, what
from core.coach.values import Day


def total(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what was spent, and how that stands against another period where asked."""
    slots, first = wanted.slots, told[0]
    if slots.figures.least is not None or slots.figures.most is not None:
        return _bounded(wanted, first)
    names = slots.categories if len(slots.categories) > 1 else slots.merchants if len(slots.merchants) > 1 else ()
    if names:
        each = [f"- **{name}**: {one.ref('spent')}" for name, one in zip(names, told, strict=False)]
        return "\n".join([f"You spent {first.days()}:", "", *each, "", f"Together: {told[-1].ref('result')}."])
    said = f"You spent {first.ref('spent')}{what(slots)} {first.days()}."
    if slots.other is not None:
        return f"{said}{two(told, 'spent')}{note(first)}"
    return f"{said}{against(first, 'spent_before', 'difference')}{note(first)}"


def by_category(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what most was spent on."""
    return _by_name(wanted, told[0], "category")


def by_merchant(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell where most was spent."""
    return _by_name(wanted, told[0], "merchant")


def _by_name(wanted: Wanted, told: Told, name: str) -> str:
    shown = min(told.many("groups"), wanted.slots.figures.count or MOST_LINES)
    if not shown:
        return f"You spent nothing{what(wanted.slots)} {told.days()}."
    lines = [f"- {told.ref(f'groups.{at}.{name}')}: {told.ref(f'groups.{at}.spent')}" for at in range(shown)]
    head = f"Of {told.ref('spent')} spent{what(wanted.slots)} {told.days()}, most went to:"
    return "\n".join([head, "", *lines]) + note(told, "\n\n")


def by_month(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what was spent month by month, and in which most or least."""
    first = told[0]
    words = set(wanted.words.split())
    head = f"You spent {first.ref('spent')}{what(wanted.slots)} {first.days()}, {first.ref('average_a_month')} a month."
    head += _of_averages(first)
    least = f"Least was spent in {first.ref('least.month')}: {first.ref('least.spent')}."
    most = f"Most was spent in {first.ref('most.month')}: {first.ref('most.spent')}."
    if words & {"least", "cheapest", "lowest"}:
        return f"{least} {head}"
    if words & {"most", "highest", "expensive"}:
        return f"{most} {head}"
    months = first.many("groups")
    lines = [
        f"- in {first.ref(f'groups.{at}.month')}: {first.ref(f'groups.{at}.spent')}"
        for at in range(max(0, months - MOST_MONTHS), months)
    ]
    return "\n".join([head, "", *lines, "", most]) + note(first, "\n\n")


def daily(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what a day comes to."""
    first = told[0]
    said = f"You spent {first.ref('average_a_day')} a day{what(wanted.slots)} {first.days()}"
    return f"{said}, {first.ref('spent')} in all.{_of_averages(first)}{note(first)}"


def monthly(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what a month comes to."""
    first = told[0]
    since = first.node("period.first")
    whole = isinstance(since, Day) and since.day.day == 1
    stretch = f"{first.ref('months')} months" if whole else f"{first.ref('days')} days"
    return (
        f"You spent {first.ref('average_a_month')} a month{what(wanted.slots)} {first.days()}: "
        f"{first.ref('spent')} in {stretch}.{_of_averages(first)}{note(first)}"
    )


def _of_averages(told: Told) -> str:
    node = told.node("averages")
    return f" {node}" if isinstance(node, str) else ""


def share(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what part of all spending a category is."""
    part, whole, reckoned = told
    return (
        f"**{wanted.slots.categories[0]}** is {reckoned.ref('result')} of what you spent {whole.days()}: "
        f"{part.ref('spent')} of {whole.ref('spent')}."
    )


def _bounded(wanted: Wanted, told: Told) -> str:
    if not told.count("transactions"):
        return f"There is no such payment{what(wanted.slots)} {told.days()}."
    payments = f"{told.ref('transactions')} payments{what(wanted.slots)} {told.days()}"
    return f"{payments} come to {told.ref('spent')}.{note(told)}"
