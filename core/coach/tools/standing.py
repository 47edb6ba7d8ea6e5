"""What is there: accounts with their balances, and net worth over time."""

from datetime import UTC, date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from core.analytics import AccountSummary, WorthHistory, account_summaries, standing, worth_history
from core.coach.tools.narrowing import noted
from core.coach.tools.periods import Period, span_asked, span_in_words, told_span
from core.coach.tools.reckoning import NOTHING, change, share
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Node, Text
from core.ledger import SPENDABLE

MOST_ACCOUNTS: Final = 40
MOST_DAYS: Final = 40


class Nothing(Arguments):
    """Nothing has to be said."""


class NetWorthArguments(Arguments):
    """Of which days."""

    period: Annotated[Period, Field(description="Over which days.")] = Period(preset="12m")


def _accounts(scope: Scope, _: Nothing) -> ToolResult:
    known = account_summaries(scope.cache)
    shown = [one for one in known if not one.hidden]
    unknown = [one for one in shown if one.current is None]
    hidden = len(known) - len(shown)
    notes = []
    if not shown:
        notes.append("There are no accounts yet.")
    if unknown:
        notes.append("Of some accounts nobody told the balance: they are in no total.")
    if hidden:
        notes.append("Hidden accounts are left out.")
    sums = standing(shown, scope.today)
    if len(sums) > 1:
        notes.append("Totals are by currency; get_net_worth tells one in the person's own.")
    return ToolResult(
        title="Accounts",
        told={
            "accounts_in_all": Count(len(shown)),
            "hidden": Count(hidden),
            "balance_unknown": Count(len(unknown)),
            "totals": [
                {
                    "currency": one.currency,
                    "owned": Amount(one.assets, one.currency),
                    "owed": Amount(-one.liabilities, one.currency),
                    "net": Amount(one.net, one.currency),
                }
                for one in sums
            ],
            "spendable": [
                Amount(one.net, one.currency)
                for one in standing((one for one in shown if one.type in SPENDABLE), scope.today)
            ],
            "accounts": [_account(one, scope.person.time_zone) for one in shown[:MOST_ACCOUNTS]],
            **noted(notes),
        },
        table=Table(
            ("Account", "Bank", "Kind", "Balance"),
            tuple(
                (
                    Text(one.name),
                    Text(one.institution),
                    one.type,
                    None if one.current is None else Amount(one.current, one.currency),
                )
                for one in shown[:MOST_ACCOUNTS]
            ),
        ),
        leads=(Lead("Accounts", "accounts"),),
    )


def _account(one: AccountSummary, zone: str) -> dict[str, Node]:
    used = None
    if one.credit_limit and one.current is not None:
        used = share(-one.current, one.credit_limit)
    return {
        "account": Text(one.name),
        "bank": Text(one.institution),
        "kind": one.type,
        "balance": None if one.current is None else Amount(one.current, one.currency),
        "available": None if one.available is None else Amount(one.available, one.currency),
        "credit_limit": None if one.credit_limit is None else Amount(one.credit_limit, one.currency),
        "limit_used": used,
        "as_of": None if one.balance_at is None else Day(_day_of(one.balance_at, one, zone)),
        "transactions": Count(one.rows),
    }


def _day_of(at: datetime, one: AccountSummary, zone: str) -> date:
    """Return the day of a balance: a bank tells it at an instant, a file or a person for the end of a day."""
    return at.date() if one.item_id is None else at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def _worth(scope: Scope, asked: NetWorthArguments) -> ToolResult:
    span = span_asked(scope, asked.period)
    found = worth_history(scope.cache, span)
    currency, first, last = found.currency, found.totals[0], found.totals[-1]
    notes = []
    if not found.lines:
        notes.append("There is no account whose balance is known.")
    if found.without_rate:
        notes.append("Accounts in a currency without a rate are left out.")
    if found.unknown:
        notes.append("Of some accounts nobody told the balance: they are left out.")
    if any(one.told_since > span.since for one in found.lines):
        notes.append("Days before a balance was first told are worked backwards from the transactions.")
    days = span_in_words(span, scope.formats)
    highest = max(found.totals, key=lambda one: one.net)
    lowest = min(found.totals, key=lambda one: one.net)
    steps = list(zip(found.days, found.totals, strict=True))
    return ToolResult(
        title=f"Net worth, {days}",
        told={
            **told_span(span),
            "net_worth": Amount(last.net, currency),
            "owned": Amount(last.assets, currency),
            "owed": Amount(-last.liabilities, currency),
            "at_the_beginning": Amount(first.net, currency),
            "difference": Amount(found.change, currency),
            "change": change(last.net, first.net),
            "highest": {"date": Day(highest.day), "net_worth": Amount(highest.net, currency)},
            "lowest": {"date": Day(lowest.day), "net_worth": Amount(lowest.net, currency)},
            "accounts": _lines(found),
            "steps": [{"date": Day(day), "net_worth": Amount(one.net, currency)} for day, one in steps[-MOST_DAYS:]],
            **noted(notes),
        },
        table=Table(
            ("Account", "Balance", "Difference"),
            tuple(
                (Text(one.account.name), Amount(one.balances[-1], currency), Amount(one.change, currency))
                for one in found.lines[:MOST_ACCOUNTS]
            ),
        ),
        curve=Curve("Net worth", currency, tuple((day, one.net) for day, one in steps)),
        leads=(Lead("Net worth", "analytics", query={"view": "worth"}),),
    )


def _lines(found: WorthHistory) -> list[Node]:
    owned = sum((one.balances[-1] for one in found.lines if one.balances[-1] > 0), NOTHING)
    return [
        {
            "account": Text(one.account.name),
            "kind": one.account.type,
            "balance": Amount(one.balances[-1], found.currency),
            "difference": Amount(one.change, found.currency),
            "share_of_owned": share(one.balances[-1], owned) if one.balances[-1] > 0 else None,
        }
        for one in found.lines[:MOST_ACCOUNTS]
    ]


LIST_ACCOUNTS: Final = Tool(
    "list_accounts",
    "All accounts with their balances, what is available and used of credit limits, and totals by currency. A negative "
    "balance is owed; the figure owed is positive.",
    Nothing,
    _accounts,
)
GET_NET_WORTH: Final = Tool(
    "get_net_worth",
    "Net worth (what is owned less what is owed) now and over a period in the person's currency: the difference, the "
    "highest and lowest, and each account's part. owed is positive, the balance of a debt is negative.",
    NetWorthArguments,
    _worth,
)
