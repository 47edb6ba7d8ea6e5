"""Single transactions, and what all of those that are asked for add up to."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from core.analytics import (
    Kind,
    Totals,
    TransactionFilter,
    TransactionPage,
    TransactionRow,
    known_tags,
    list_transactions,
    ranked_rows,
)
from core.coach.tools.naming import Called, Name, meant
from core.coach.tools.narrowing import Narrowing, narrowed, noted
from core.coach.tools.periods import Period, span_asked, span_in_words, told_span
from core.coach.tools.reckoning import average, total
from core.coach.tools.tool import MOST_ROWS, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Node, Text

MOST_TAGS: Final = 3
Order = Literal["newest", "oldest", "largest", "smallest"]
Size = Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=4)]


class TransactionsArguments(Narrowing):
    """Which transactions."""

    period: Annotated[Period, Field(description="Which days.")] = Period()
    text: Annotated[str, Field(max_length=200, description="Found in the name, the bank's words or the note.")] = ""
    kind: Annotated[
        Kind | None, Field(description="flow is income and spending, without transfers between own accounts.")
    ] = None
    least: Annotated[Size | None, Field(description="At least so much, without sign.")] = None
    most: Annotated[Size | None, Field(description="At most so much, without sign.")] = None
    pending: bool | None = None
    tag: Name | None = None
    order: Annotated[Order, Field(description="largest and smallest go by the amount without sign.")] = "newest"
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="How many are told one by one.")] = 20


def _answer(scope: Scope, asked: TransactionsArguments) -> ToolResult:
    span = span_asked(scope, asked.period)
    about = narrowed(scope, asked)
    wanted = replace(
        about.wanted,
        since=span.since,
        until=span.until,
        text=asked.text,
        kind=asked.kind,
        least=asked.least,
        most=asked.most,
        pending=asked.pending,
        tags=() if asked.tag is None else (_tag(scope, asked.tag),),
    )
    with scope.cache.answering():
        page = list_transactions(scope.cache, wanted, 1, asked.limit)
        rows = _in_order(scope, wanted, page, asked)
        largest = rows[:1] if asked.order == "largest" else ranked_rows(scope.cache, wanted, 1)
    notes = about.notes
    if not page.count:
        notes.append("No transaction is like that.")
    if page.together is not None and page.together.without:
        notes.append(f"There is no rate for {', '.join(page.together.without)}: in_one_currency is without it.")
    if (asked.least is not None or asked.most is not None) and len(page.totals) > 1:
        notes.append("Each amount is held against the bound in its own currency.")
    days = span_in_words(span, scope.formats)
    return ToolResult(
        title=f"Transactions, {days}",
        told={
            **told_span(span),
            **about.told,
            "transactions": Count(page.count),
            **_sums(page),
            **_spent(page, asked.kind),
            "largest": _told(largest[0]) if largest else None,
            "newest": Day(page.rows[0].date) if page.rows else None,
            "order": asked.order,
            "rows": [_told(one) for one in rows],
            "rows_told": Count(len(rows)),
            "rows_not_told": Count(page.count - len(rows)),
            **noted(notes),
        },
        table=Table(
            ("Date", "Name", "Category", "Account", "Amount"),
            tuple(
                (Day(one.date), Text(one.name), Text(one.category), Text(one.account), Amount(one.amount, one.currency))
                for one in rows
            ),
        ),
        leads=(Lead(f"Transactions, {days}", "transactions", wanted),),
    )


def _tag(scope: Scope, name: str) -> str:
    return meant("tag", name, [Called(one, one) for one in known_tags(scope.cache)])


def _in_order(
    scope: Scope, wanted: TransactionFilter, page: TransactionPage, asked: TransactionsArguments
) -> tuple[TransactionRow, ...]:
    return page.rows if asked.order == "newest" else ranked_rows(scope.cache, wanted, asked.limit, asked.order)


def _sums(page: TransactionPage) -> dict[str, Node]:
    """Return what all of them add up to: each currency by itself, and in that of totals where there are several."""
    if not page.totals:
        return {}
    whole = page.together.totals if page.together is not None else page.totals[0]
    told: dict[str, Node] = {"in_one_currency": page.together is not None, **_sum(whole)}
    if page.together is not None:
        told["by_currency"] = [{"transactions": Count(one.rows), **_sum(one)} for one in page.totals]
    return told


def _spent(page: TransactionPage, kind: Kind | None) -> dict[str, Node]:
    """Return what was spent, positive, where spending alone is asked for."""
    if kind != "spending" or not page.totals:
        return {}
    whole = page.together.totals if page.together is not None else page.totals[0]
    return {"spent": Amount(-whole.net, whole.currency)}


def _sum(one: Totals) -> dict[str, Node]:
    return {
        "total": Amount(one.net, one.currency),
        "money_in": Amount(one.inflow, one.currency),
        "money_out": Amount(one.outflow, one.currency),
        "average": average(one.net, one.rows, one.currency),
        "average_size": average(total((one.inflow, -one.outflow)), one.rows, one.currency),
    }


def _told(one: TransactionRow) -> dict[str, Node]:
    """Return a line for a result; what is usual is left out."""
    told: dict[str, Node] = {
        "date": Day(one.date),
        "merchant": Text(one.name),
        "amount": Amount(one.amount, one.currency),
        "category": Text(one.category),
        "account": Text(one.account),
    }
    if one.kind != "spending":
        told["kind"] = one.kind
    if one.pending:
        told["pending"] = True
    if one.part:
        told["part_of_split"] = True
    if one.tags:
        told["tags"] = [Text(tag) for tag in one.tags[:MOST_TAGS]]
    if one.note:
        told["note"] = Text(one.note)
    return told


LIST_TRANSACTIONS: Final = Tool(
    "list_transactions",
    "Transactions that fit all that is asked for, one by one, and what all of them, not only those told, add up to: "
    "how many, total, in, out, average, the largest. Negative is money out. Ask it for single payments and counts; for "
    "what something cost in all, by category or month, ask get_spending_analytics.",
    TransactionsArguments,
    _answer,
)
