"""A report as parts in their order: figures, pictures, tables and notes, in words, of which HTML and PDF are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.analytics import PivotRow
from core.formats import NONE, PlainFormats, one_line
from core.reports.drawing import Drawing, flow_drawing
from core.reports.statement import Against, Statement

MOST_SUBSCRIPTIONS: Final = 15
LONGEST: Final = 60
"""Letters of a name that a line has room for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the summary: what it is, what it is now, and how it moved."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; the first column is words, `widths` are shares of the page; the last may be a total."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    words: int = 1
    """How many of the columns are words, and stand left."""
    total: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report in words."""

    title: str
    subtitle: str
    figures: tuple[Figure, ...]
    drawing: Drawing | None
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def sheet_of(one: Statement, formats: PlainFormats) -> Sheet:
    """Return a report in the person's own way of writing."""
    name = str(one.stretch.first.year) if one.stretch.is_year else formats.month(one.stretch.first)
    so_far = "" if one.until == one.stretch.last else f", up to {formats.day(one.until)}"
    person = f" for {one_line(one.person, LONGEST)}" if one.person else ""
    tables = (
        _groups(one, formats),
        _merchants(one, formats),
        _budgets(one, formats),
        _bills(one, formats),
        _subscriptions(one, formats),
        _goals(one, formats),
        _largest(one, formats),
        _accounts(one, formats),
    )
    return Sheet(
        f"Your money in {name}",
        f"A report{person}, in {one.currency}{so_far}",
        _figures(one, formats),
        flow_drawing(one.flow, one.currency, formats) if one.flow else None,
        tuple(table for table in tables if table.rows),
        _notes(one, formats),
    )


def _figures(one: Statement, formats: PlainFormats) -> tuple[Figure, ...]:
    def figure(label: str, what: Against) -> Figure:
        change = None if what.now is what.before is None else (what.now or Decimal(0)) - (what.before or Decimal(0))
        told = formats.money(change, one.currency, signed=True)
        return Figure(label, formats.money(what.now or Decimal(0), one.currency), f"{told} than before")

    rate = one.savings_rate
    before = f"{formats.percent(rate.before)} before"
    worth = Against(one.worth.now, one.worth.before)
    change = (worth.now or Decimal(0)) - (worth.before or Decimal(0))
    return (
        figure("Income", one.income),
        figure("Spending", one.spending),
        figure("Saved", one.saved),
        Figure("Savings rate", formats.percent(rate.now), before),
        Figure(
            "Net worth",
            formats.money(worth.now, one.currency),
            f"{formats.money(change, one.currency, signed=True)} this {'year' if one.stretch.is_year else 'month'}",
        ),
    )


def _groups(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            one_line(one.names.told(row.keys[0]), LONGEST),
            *_held(row, one.currency, formats),
        )
        for row in one.groups
    ]
    sums = (one.spending.now, one.spending.before)
    if rows:
        rows.append(("Together", *_beside(*sums, one.currency, formats)))
    header = ("Group", "Spent", "Before", "Difference", "Change")
    return Table("What it went on", header, tuple(rows), (0.36, 0.17, 0.17, 0.17, 0.13), total=True)


def _held(row: PivotRow, currency: str, formats: PlainFormats) -> tuple[str, str, str, str]:
    return _beside(row.total.spent, row.before.spent, currency, formats)


def _beside(
    now: Decimal | None, before: Decimal | None, currency: str, formats: PlainFormats
) -> tuple[str, str, str, str]:
    difference = (now or Decimal(0)) - (before or Decimal(0))
    return (
        formats.money(now or Decimal(0), currency),
        formats.money(before, currency),
        formats.money(difference, currency, signed=True),
        formats.percent(difference / abs(before), signed=True) if before else NONE,
    )


def _merchants(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            one_line(one.names.told(row.keys[0]), LONGEST),
            formats.number(row.total.lines),
            *_held(row, one.currency, formats)[:3],
        )
        for row in one.merchants
    ]
    header = ("Merchant", "Times", "Spent", "Before", "Difference")
    return Table("Where most of it went", header, tuple(rows), (0.4, 0.1, 0.17, 0.17, 0.16))


def _budgets(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            one_line(line.title, LONGEST),
            *(formats.money(amount, one.currency) for amount in (line.available, line.spent, line.left)),
            formats.percent(line.used),
        )
        for line in one.budgets
    ]
    header = ("Budget", "To spend", "Spent", "Left", "Used")
    return Table("Budgets of the month", header, tuple(rows), (0.36, 0.18, 0.18, 0.18, 0.1))


def _bills(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            sums.currency,
            *(
                formats.money(abs(amount), sums.currency)
                for amount in (sums.paid, sums.to_pay, sums.received, sums.to_receive)
            ),
        )
        for sums in one.bills
    ]
    header = ("Recurring", "Paid", "Still to pay", "Received", "Still to come in")
    return Table("Bills and recurring income", header, tuple(rows), (0.2, 0.2, 0.2, 0.2, 0.2))


def _subscriptions(one: Statement, formats: PlainFormats) -> Table:
    shown = one.subscriptions[:MOST_SUBSCRIPTIONS]
    rows = [
        (
            one_line(line.name, LONGEST),
            one_line(line.found.series.currency, LONGEST),
            formats.money(abs(line.monthly), line.found.series.currency),
            formats.money(abs(line.found.series.yearly), line.found.series.currency),
        )
        for line in shown
    ]
    more = len(one.subscriptions) - len(shown)
    note = f"And {formats.number(more)} smaller ones." if more else ""
    header = ("Recurring payment", "Currency", "A month", "A year")
    return Table("Subscriptions and bills as they stand today", header, tuple(rows), (0.46, 0.14, 0.2, 0.2), 2,
                 note=note)  # fmt: skip


def _goals(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            one_line(goal.wish.name, LONGEST),
            formats.money(goal.reach.saved, goal.wish.currency),
            formats.money(goal.wish.target, goal.wish.currency),
            formats.percent(goal.reach.share),
            formats.day(goal.wish.target_day) if goal.wish.target_day else NONE,
        )
        for goal in one.goals
    ]
    header = ("Goal", "There", "Target", "Reached", "By")
    return Table("Goals as they stand today", header, tuple(rows), (0.36, 0.18, 0.18, 0.11, 0.17))


def _largest(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            formats.day(line.day),
            one_line(line.name, 36) or "No name",
            one_line(line.category, 26),
            one_line(line.account, 26),
            formats.money(line.amount, line.currency, signed=True),
        )
        for line in one.largest
    ]
    header = ("Day", "Name", "Category", "Account", "Amount")
    return Table("The largest transactions", header, tuple(rows), (0.13, 0.29, 0.21, 0.2, 0.17), 4)


def _accounts(one: Statement, formats: PlainFormats) -> Table:
    rows = [
        (
            one_line(line.name, 34),
            one_line(line.institution, 26),
            formats.money(line.opening, line.currency),
            formats.money(line.closing, line.currency),
            formats.money(
                None if line.opening is None or line.closing is None else line.closing - line.opening,
                line.currency,
                signed=True,
            ),
        )
        for line in one.accounts
    ]
    header = ("Account", "Bank", "Opening", "Closing", "Change")
    return Table("Accounts", header, tuple(rows), (0.28, 0.24, 0.16, 0.16, 0.16), 2)


def _notes(one: Statement, formats: PlainFormats) -> tuple[str, ...]:
    dates = one.dates
    found: list[str] = []
    if dates.before:
        found.append(f"Before is {formats.day(dates.before.since)} to {formats.day(dates.before.until)}.")
    found += [
        f"Amounts in {one.currency}; other currencies are converted at the European Central Bank's rate of each day.",
        "Spending is less refunds; transfers between own accounts are neither income nor spending.",
        *_left_out(one, formats),
        f"Made on {formats.day(one.made_on)}.",
    ]
    return tuple(found)


def _left_out(one: Statement, formats: PlainFormats) -> Iterable[str]:
    if one.unrated:
        told = ", ".join([f"{formats.number(rows)} in {code}" for code, rows in one.unrated])
        yield f"Left out of all totals, for there is no rate: transactions {told}."
    if one.oldest_rate:
        yield f"Net worth rests on a rate of {formats.day(one.oldest_rate)}."
    if one.pending:
        verb = "transaction is" if one.pending == 1 else "transactions are"
        yield f"{formats.number(one.pending)} {verb} still pending and may change."
    if one.hidden_accounts:
        verb = "account is" if one.hidden_accounts == 1 else "accounts are"
        yield f"{formats.number(one.hidden_accounts)} hidden {verb} left out."
    unknown = [one_line(line.name, LONGEST) for line in one.accounts if line.closing is None]
    if unknown:
        yield f"Not in net worth, for the balance is not known: {', '.join(unknown[:5])}."
