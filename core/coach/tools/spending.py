"""What was spent: in all, by category, by merchant, day by day, week by week or month by month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from core.analytics import Dimension, PivotRow, Span, View, explore, spending
from core.clock import add_months, month_start
from core.coach.tools.narrowing import Narrowed, Narrowing, narrowed, noted
from core.coach.tools.periods import Period, first_day_known, span_asked, span_in_words, told_span
from core.coach.tools.reckoning import NOTHING, average, change, fine, share
from core.coach.tools.tool import Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Leaf, Month, Node, Text

MOST_NAMES: Final = 15
MOST_STEPS: Final = 60
"""So many days, weeks or months are told one by one, the latest."""
MOST_POINTS: Final = 400
MOST_FOUND: Final = 2000
A_MONTH: Final = Decimal("30.4375")
"""Days of a month on average."""
By = Literal["category", "merchant", "month", "week", "day"]
_WEEK: Final = timedelta(days=7)


class SpendingArguments(Narrowing):
    """Of which days, of what, and by what."""

    period: Annotated[Period, Field(description="Which days.")] = Period()
    by: Annotated[By, Field(description="What it is told apart by.")] = "category"


@dataclass(frozen=True, slots=True)
class _Part:
    """What was spent on one thing, or in one step of the period."""

    name: str
    first: date | None
    last: date | None
    spent: Decimal
    before: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class _Found:
    currency: str
    spent: Decimal
    before: Decimal | None
    rows: int
    parts: Sequence[_Part]
    count: int
    """How many parts there are in all."""
    unrated: tuple[str, ...]
    curve: Sequence[tuple[date | str, Decimal]]


def _answer(scope: Scope, asked: SpendingArguments) -> ToolResult:
    span = span_asked(scope, asked.period)
    about = narrowed(scope, asked)
    plain = asked.category is None and asked.merchant is None and asked.by in {"category", "merchant"}
    found = _on_everything(scope, span, about, asked.by) if plain else _on_some(scope, span, about, asked.by)
    currency = found.currency
    shown = found.parts[-MOST_STEPS:] if _steps(asked.by) else found.parts[:MOST_NAMES]
    compared: dict[str, Node] = {}
    if found.before is not None:
        compared = {
            "spent_before": Amount(found.before, currency),
            "difference": Amount(found.spent - found.before, currency),
            "change": change(found.spent, found.before),
        }
    notes = about.notes
    if about.kind != "spending":
        notes.append("This category is no spending: list_transactions tells what it comes to.")
    elif not found.rows:
        notes.append("Nothing was spent in this period.")
    if found.count > len(found.parts) and _steps(asked.by):
        notes.append(f"Only the last {len(found.parts)} are told apart; most and least are of them.")
    if found.unrated:
        notes.append(f"Without what was spent in {', '.join(found.unrated)}: there is no rate for it.")
    days = span_in_words(span, scope.formats)
    return ToolResult(
        title=f"Spending, {days}" if not about.told else f"Spending on this, {days}",
        told={
            **told_span(span),
            **about.told,
            "by": asked.by,
            "spent": Amount(found.spent, currency),
            **compared,
            "average_a_day": average(found.spent, span.days, currency),
            "average_a_week": average(found.spent * 7, span.days, currency),
            "average_a_month": Amount(fine(found.spent / _months_long(span)), currency),
            "average_a_transaction": average(found.spent, found.rows, currency),
            **_of_averages(scope, span),
            "transactions": Count(found.rows),
            "days": Count(span.days),
            "months": Count(_months(span)),
            **_extremes(found, asked.by),
            "groups": [_told(one, asked.by, found) for one in shown],
            "groups_in_all": Count(found.count),
            "not_told_apart": Amount(found.spent - sum((one.spent for one in shown), NOTHING), currency),
            **noted(notes),
        },
        table=Table(
            (asked.by.capitalize(), "Spent", "Transactions"),
            tuple((_title(one, asked.by), Amount(one.spent, currency), Count(one.rows)) for one in shown),
        ),
        curve=Curve("Spent", currency, tuple(found.curve[-MOST_POINTS:])),
        leads=(
            Lead(
                f"Spending, {days}",
                "transactions",
                replace(about.wanted, since=span.since, until=span.until, kind="spending"),
            ),
        ),
    )


def _on_everything(scope: Scope, span: Span, about: Narrowed, by: By) -> _Found:
    """Return what the screen of spending shows."""
    found = spending(scope.cache, span, about.accounts)
    if by == "category":
        groups = [one.whole for one in found.groups]
        parts = [_Part(one.title, None, None, one.spent, one.before, one.rows) for one in groups]
        count = len(groups)
    else:
        parts = [_Part(one.name, None, None, one.spent, one.before, one.rows) for one in found.merchants]
        count = found.merchant_count
    return _Found(
        found.currency,
        found.spent,
        found.before,
        found.rows,
        parts,
        count,
        tuple(one.currency for one in found.apart),
        [(one.since, one.spent) for one in found.stretches],
    )


def _on_some(scope: Scope, span: Span, about: Narrowed, by: By) -> _Found:
    """Return what the screen that explores shows for the same question."""
    dimension: Dimension = by
    if by == "category" and not about.wanted.category_ids:
        dimension = "group"

    def asked(since: date, until: date) -> tuple[dict[str, PivotRow], PivotRow, str, tuple[str, ...], dict[str, str]]:
        wanted = replace(about.wanted, since=since, until=until)
        view = View((dimension,), None, ("spent",), wanted, span="own", most=MOST_FOUND)
        pivot = explore(scope.cache, view, scope.today, scope.person.week_start_day)
        rows = {row.keys[0].value: row for row in pivot.rows if row.keys[0].value is not None}
        names = {value: pivot.names.told(row.keys[0]) for value, row in rows.items()}
        return rows, pivot.total, pivot.currency, tuple(code for code, _ in pivot.unrated), names

    rows, total, currency, unrated, names = asked(span.since, span.until)
    before_rows: dict[str, PivotRow] = {}
    before: Decimal | None = None
    if span.before_since is not None and span.before_until is not None:
        before_rows, earlier, *_ = asked(span.before_since, span.before_until)
        before = earlier.total.spent or NOTHING
    if _steps(by):
        steps = _each(span, by, scope.person.week_start_day)
        count = len(steps)
        parts = [
            _Part("", max(first, span.since), min(last, span.until), *_sums(rows.get(first.isoformat())))
            for first, last in steps[-MOST_POINTS:]
        ]
    else:
        parts = [
            _Part(names[value], None, None, spent, _sums(before_rows.get(value))[0], count)
            for value, row in rows.items()
            for spent, _, count in [_sums(row)]
        ]
        count = len(parts)
    points = [(one.first or one.name, one.spent) for one in (parts if _steps(by) else parts[:MOST_NAMES])]
    spent = total.total.spent or NOTHING
    return _Found(currency, spent, before, total.total.purchases, parts, count, unrated, points)


def _sums(row: PivotRow | None) -> tuple[Decimal, Decimal, int]:
    return (NOTHING, NOTHING, 0) if row is None else (row.total.spent or NOTHING, NOTHING, row.total.purchases)


def _each(span: Span, by: By, week_start_day: int) -> list[tuple[date, date]]:
    """Return the days, weeks or months of a period: first and last day of each."""
    found: list[tuple[date, date]] = []
    if by == "month":
        first = month_start(span.until)
        while add_months(first, 1) > span.since:
            found.append((first, add_months(first, 1) - timedelta(days=1)))
            first = add_months(first, -1)
        return found[::-1]
    step = timedelta(days=1) if by == "day" else _WEEK
    back = (span.until.weekday() - week_start_day) % 7 if by == "week" else 0
    first = span.until - timedelta(days=back)
    while first + step > span.since:
        found.append((first, first + step - timedelta(days=1)))
        first -= step
    return found[::-1]


def _steps(by: By) -> bool:
    return by in {"month", "week", "day"}


def _months(span: Span) -> int:
    """Return how many calendar months a period touches."""
    return (span.until.year - span.since.year) * 12 + span.until.month - span.since.month + 1


def _of_averages(scope: Scope, span: Span) -> dict[str, Node]:
    beginning = first_day_known(scope)
    if beginning is None or not span.since < beginning <= span.until:
        return {}
    return {"averages": "Days before the first transaction of all are counted in the averages."}


def _months_long(span: Span) -> Decimal:
    """Return by how many months what was spent is divided: those touched where the period begins with one."""
    return Decimal(_months(span)) if span.since.day == 1 else span.days / A_MONTH


def _title(one: _Part, by: By) -> Leaf:
    if one.first is None:
        return Text(one.name)
    return Month(month_start(one.first)) if by == "month" else Day(one.first)


def _told(one: _Part, by: By, found: _Found) -> dict[str, Node]:
    when: dict[str, Node] = {by: _title(one, by)}
    if by == "week" and one.first is not None and one.last is not None:
        when = {"first": Day(one.first), "last": Day(one.last)}
    told: dict[str, Node] = {
        **when,
        "spent": Amount(one.spent, found.currency),
        "share": share(one.spent, found.spent),
        "transactions": Count(one.rows),
    }
    if found.before is not None and not _steps(by):
        told |= {
            "before": Amount(one.before, found.currency),
            "difference": Amount(one.spent - one.before, found.currency),
        }
    return told


def _extremes(found: _Found, by: By) -> dict[str, Node]:
    """Return the step in which most was spent and the one in which least was."""
    if not _steps(by) or not found.parts:
        return {}
    most = max(found.parts, key=lambda one: one.spent)
    least = min(found.parts, key=lambda one: one.spent)
    return {"most": _told(most, by, found), "least": _told(least, by, found)}


GET_SPENDING: Final = Tool(
    "get_spending_analytics",
    "What was spent in a period: in all, what a day, a week, a month and a transaction come to, and told apart by "
    "category, merchant, month, week or day, with shares; against another period where asked. For one category, "
    "merchant or account where named. Positive is money out, refunds lessen it. Transfers between own "
    "accounts do not count.",
    SpendingArguments,
    _answer,
)
