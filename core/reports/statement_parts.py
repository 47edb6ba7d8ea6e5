"""A report as parts in their order: figures, pictures, tables and notes, in words, of which HTML and PDF are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.analytics import PivotRow
from core.reports.drawing import Drawing, flow_drawing
from core.reports.statement import Against, Statement
from core.reports.written import NONE, Written, one_line

MOST_SUBSCRIPTIONS: Final = 15


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


def sheet_of(one: Statement, written: Written) -> Sheet:
    """Return a report in the person's own way of writing."""
    name = str(one.stretch.first.year) if one.stretch.is_year else written.month(one.stretch.first)
    so_far = "" if one.until == one.stretch.last else f", up to {written.day(one.until)}"
    person = f" for {one_line(one.person)}" if one.person else ""
    tables = (
        _groups(one, written),
        _merchants(one, written),
        _budgets(one, written),
        _bills(one, written),
        _subscriptions(one, written),
        _goals(one, written),
        _largest(one, written),
        _accounts(one, written),
    )
    return Sheet(
        f"Your money in {name}",
        f"A report{person}, in {one.currency}{so_far}",
        _figures(one, written),
        flow_drawing(one.flow, one.currency, written) if one.flow else None,
        tuple(table for table in tables if table.rows),
        _notes(one, written),
    )


def _figures(one: Statement, written: Written) -> tuple[Figure, ...]:
    def figure(label: str, what: Against) -> Figure:
        change = None if what.now is what.before is None else (what.now or Decimal(0)) - (what.before or Decimal(0))
        told = written.money(change, one.currency, signed=True)
        return Figure(label, written.money(what.now or Decimal(0), one.currency), f"{told} than before")

    rate = one.savings_rate
    before = f"{written.percent(rate.before)} before"
    worth = Against(one.worth.now, one.worth.before)
    change = (worth.now or Decimal(0)) - (worth.before or Decimal(0))
    return (
        figure("Income", one.income),
        figure("Spending", one.spending),
        figure("Saved", one.saved),
        Figure("Savings rate", written.percent(rate.now), before),
        Figure(
            "Net worth",
            written.money(worth.now, one.currency),
            f"{written.money(change, one.currency, signed=True)} this {'year' if one.stretch.is_year else 'month'}",
        ),
    )


def _groups(one: Statement, written: Written) -> Table:
    rows = [
        (
            one_line(one.names.told(row.keys[0])),
            *_held(row, one.currency, written),
        )
        for row in one.groups
    ]
    sums = (one.spending.now, one.spending.before)
    if rows:
        rows.append(("Together", *_beside(*sums, one.currency, written)))
    header = ("Group", "Spent", "Before", "Difference", "Change")
    return Table("What it went on", header, tuple(rows), (0.36, 0.17, 0.17, 0.17, 0.13), total=True)


def _held(row: PivotRow, currency: str, written: Written) -> tuple[str, str, str, str]:
    return _beside(row.total.spent, row.before.spent, currency, written)


def _beside(now: Decimal | None, before: Decimal | None, currency: str, written: Written) -> tuple[str, str, str, str]:
    difference = (now or Decimal(0)) - (before or Decimal(0))
    return (
        written.money(now or Decimal(0), currency),
        written.money(before, currency),
        written.money(difference, currency, signed=True),
        written.percent(difference / abs(before), signed=True) if before else NONE,
    )


def _merchants(one: Statement, written: Written) -> Table:
    rows = [
        (
            one_line(one.names.told(row.keys[0])),
            written.number(row.total.lines),
            *_held(row, one.currency, written)[:3],
        )
        for row in one.merchants
    ]
    header = ("Merchant", "Times", "Spent", "Before", "Difference")
    return Table("Where most of it went", header, tuple(rows), (0.4, 0.1, 0.17, 0.17, 0.16))


def _budgets(one: Statement, written: Written) -> Table:
    rows = [
        (
            one_line(line.title),
            *(written.money(amount, one.currency) for amount in (line.available, line.spent, line.left)),
            written.percent(line.used),
        )
        for line in one.budgets
    ]
    header = ("Budget", "To spend", "Spent", "Left", "Used")
    return Table("Budgets of the month", header, tuple(rows), (0.36, 0.18, 0.18, 0.18, 0.1))


def _bills(one: Statement, written: Written) -> Table:
    rows = [
        (
            sums.currency,
            *(
                written.money(abs(amount), sums.currency)
                for amount in (sums.paid, sums.to_pay, sums.received, sums.to_receive)
            ),
        )
        for sums in one.bills
    ]
    header = ("Recurring", "Paid", "Still to pay", "Received", "Still to come in")
    return Table("Bills and recurring income", header, tuple(rows), (0.2, 0.2, 0.2, 0.2, 0.2))


def _subscriptions(one: Statement, written: Written) -> Table:
    shown = one.subscriptions[:MOST_SUBSCRIPTIONS]
    rows = [
        (
            one_line(line.name),
            one_line(line.found.series.currency),
            written.money(abs(line.monthly), line.found.series.currency),
            written.money(abs(line.found.series.yearly), line.found.series.currency),
        )
        for line in shown
    ]
    more = len(one.subscriptions) - len(shown)
    note = f"And {written.number(more)} smaller ones." if more else ""
    header = ("Recurring payment", "Currency", "A month", "A year")
    return Table("Subscriptions and bills as they stand today", header, tuple(rows), (0.46, 0.14, 0.2, 0.2), 2,
                 note=note)  # fmt: skip


def _goals(one: Statement, written: Written) -> Table:
    rows = [
        (
            one_line(goal.wish.name),
            written.money(goal.reach.saved, goal.wish.currency),
            written.money(goal.wish.target, goal.wish.currency),
            written.percent(goal.reach.share),
            written.day(goal.wish.target_day) if goal.wish.target_day else NONE,
        )
        for goal in one.goals
    ]
    header = ("Goal", "There", "Target", "Reached", "By")
    return Table("Goals as they stand today", header, tuple(rows), (0.36, 0.18, 0.18, 0.11, 0.17))


def _largest(one: Statement, written: Written) -> Table:
    rows = [
        (
            written.day(line.day),
            one_line(line.name, 36) or "No name",
            one_line(line.category, 26),
            one_line(line.account, 26),
            written.money(line.amount, line.currency, signed=True),
        )
        for line in one.largest
    ]
    header = ("Day", "Name", "Category", "Account", "Amount")
    return Table("The largest transactions", header, tuple(rows), (0.13, 0.29, 0.21, 0.2, 0.17), 4)


def _accounts(one: Statement, written: Written) -> Table:
    rows = [
        (
            one_line(line.name, 34),
            one_line(line.institution, 26),
            written.money(line.opening, line.currency),
            written.money(line.closing, line.currency),
            written.money(
                None if line.opening is None or line.closing is None else line.closing - line.opening,
                line.currency,
                signed=True,
            ),
        )
        for line in one.accounts
    ]
    header = ("Account", "Bank", "Opening", "Closing", "Change")
    return Table("Accounts", header, tuple(rows), (0.28, 0.24, 0.16, 0.16, 0.16), 2)


def _notes(one: Statement, written: Written) -> tuple[str, ...]:
    dates = one.dates
    found: list[str] = []
    if dates.before_since and dates.before_until:
        found.append(f"Before is {written.day(dates.before_since)} to {written.day(dates.before_until)}.")
    found += [
        f"Amounts in {one.currency}; other currencies are converted at the European Central Bank's rate of each day.",
        "Spending is less refunds; transfers between own accounts are neither income nor spending.",
        *_left_out(one, written),
        f"Made on {written.day(one.made_on)}.",
    ]
    return tuple(found)


def _left_out(one: Statement, written: Written) -> Iterable[str]:
    if one.unrated:
        told = _listed([f"{written.number(rows)} in {code}" for code, rows in one.unrated])
        yield f"Left out of all totals, for there is no rate: transactions {told}."
    if one.oldest_rate:
        yield f"Net worth rests on a rate of {written.day(one.oldest_rate)}."
    if one.pending:
        verb = "transaction is" if one.pending == 1 else "transactions are"
        yield f"{written.number(one.pending)} {verb} still pending and may change."
    if one.hidden_accounts:
        verb = "account is" if one.hidden_accounts == 1 else "accounts are"
        yield f"{written.number(one.hidden_accounts)} hidden {verb} left out."
    unknown = [one_line(line.name) for line in one.accounts if line.closing is None]
    if unknown:
        yield f"Not in net worth, for the balance is not known: {_listed(unknown[:5])}."


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
