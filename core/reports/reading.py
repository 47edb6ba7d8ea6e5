"""The parts of an export that people read: their transactions as one list, a page for a browser, and a README."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import IO, Any, Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from core.reports.cells import json_value
from core.reports.scope import LEFT_OUT, descriptions
from core.reports.tables import Row
from core.store import Account, Category, Lettered, Transaction, UserId

READING: Final = "transactions.csv"
TRANSACTIONS: Final = "transactions"

Question = Select[*tuple[Any, ...]]

_STYLE: Final = (
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem}table{border-collapse:collapse;width:100%;margin:0 0 2rem}th,td{text-align:left;padding:.3rem"
    " .6rem .3rem 0;border-bottom:1px solid #8884;vertical-align:top}.n{text-align:right;font-variant-numeric:"
    "tabular-nums;white-space:nowrap}.w{overflow-x:auto}h2{margin-top:2rem}"
)


@dataclass(slots=True)
class Contents:
    """What one export holds: whose, when it was made, and the rows of each table."""

    person: str
    made: datetime
    counts: dict[str, int]
    listed: int = 0
    """Rows of the list for people."""
    shown: int = 500
    """How many of the newest transactions the page shows."""
    heading: tuple[str, ...] = field(
        default=(
            "Date", "Account", "Name", "Category", "Amount", "Currency", "Note", "Pending", "Text of the bank", "Id",
        )
    )  # fmt: skip

    @property
    def rows(self) -> int:
        """Return how many rows of the store are in it."""
        return sum(self.counts.values())

    @property
    def tables(self) -> tuple[tuple[str, str, int], ...]:
        """Return the tables that have rows: name, what a row of it is, how many there are."""
        known = descriptions()
        return tuple((name, known.get(name, ""), count) for name, count in self.counts.items() if count)

    @property
    def empty(self) -> tuple[str, ...]:
        """Return the tables in which nothing of the person's is."""
        return tuple(name for name, count in self.counts.items() if not count)


def transactions_of(user: UserId, *, newest_first: bool = False) -> Question:
    """Return the question for the living transactions as a person knows them, with the columns of `heading`."""
    category = aliased(Category)
    order = (Transaction.date.desc(), Transaction.id.desc()) if newest_first else (Transaction.date, Transaction.id)
    return (
        select(
            Transaction.date,
            func.coalesce(func.nullif(Account.nickname, ""), Account.name),
            case(
                (Transaction.own_name != "", Transaction.own_name),
                (Transaction.merchant_name != "", Transaction.merchant_name),
                else_=Transaction.name,
            ),
            func.coalesce(category.title, ""),
            Transaction.amount,
            Transaction.currency,
            Transaction.note,
            Transaction.pending,
            func.coalesce(func.nullif(Transaction.original_text, ""), Transaction.name),
            Transaction.id,
        )
        .join(Account, Account.id == Transaction.account_id)
        .outerjoin(category, category.id == func.coalesce(Transaction.own_category_id, Transaction.category_id))
        .where(Transaction.user_id == user, Transaction.removed_at.is_(None), Account.removed_at.is_(None))
        .order_by(*order)
    )


def accounts_of(user: UserId) -> Question:
    """Return the question for the accounts: name, type, balance, currency, when that was."""
    return (
        select(
            func.coalesce(func.nullif(Account.nickname, ""), Account.name),
            Account.type,
            Account.current,
            Account.currency,
            Account.balance_at,
        )
        .where(Account.user_id == user, Account.removed_at.is_(None))
        .order_by(Lettered(Account.name), Account.id)
    )


def write_index(out: IO[str], contents: Contents, accounts: Iterable[Row], newest: Iterable[Row]) -> None:
    """Write a page that a browser shows without a network: no script, and every word from elsewhere escaped."""
    made = f"{contents.made:%Y-%m-%d %H:%M} UTC"
    out.write(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Your FinTrack data</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>Your FinTrack data</h1>\n<p>{escape(contents.person)}, {made}. {contents.rows:,} rows. "
        f'<a href="README.txt">README.txt</a> says what each file is. All your transactions are in '
        f'<a href="{READING}">{READING}</a>.</p>\n'
    )
    out.write("<h2>Accounts</h2>\n")
    _table(out, ("Account", "Type", "Balance", "Currency", "At"), accounts, numbers={2})
    out.write(f"<h2>The newest of {contents.listed:,} transactions</h2>\n")
    _table(out, contents.heading[:7], (tuple(row)[:7] for row in newest), numbers={4})
    out.write("<h2>Every table</h2>\n")
    out.write('<div class="w"><table><tr><th>Table</th><th>A row is</th><th class="n">Rows</th><th></th></tr>\n')
    for name, what, count in contents.tables:
        out.write(
            f'<tr><td>{escape(name)}</td><td>{escape(what)}</td><td class="n">{count:,}</td>'
            f'<td><a href="tables/{name}.csv">CSV</a> <a href="tables/{name}.json">JSON</a></td></tr>\n'
        )
    out.write("</table></div>\n</body></html>\n")


def _table(out: IO[str], heading: Sequence[str], rows: Iterable[Row], numbers: set[int]) -> None:
    """Write a table; the columns of `numbers` stand to the right."""
    kinds = [' class="n"' if place in numbers else "" for place in range(len(heading))]
    heads = "".join(f"<th{kind}>{escape(word)}</th>" for kind, word in zip(kinds, heading, strict=True))
    out.write(f'<div class="w"><table><tr>{heads}</tr>\n')
    for row in rows:
        cells = ("" if value is None else str(json_value(value)) for value in row)
        drawn = "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, cells, strict=True))
        out.write(f"<tr>{drawn}</tr>\n")
    out.write("</table></div>\n")


def write_readme(out: IO[str], contents: Contents) -> None:
    """Write what each file is, how many rows it has, how values are written and what was left out."""
    lines = [
        "Your FinTrack data",
        "",
        f"Whose: {contents.person}",
        f"Made:  {contents.made:%Y-%m-%d %H:%M:%S} UTC, as one state of the data",
        f"Rows:  {contents.rows:,}",
        "",
        "FILES",
        "",
        "index.html        An overview for a browser. It needs no network.",
        f"{READING}  Your transactions as you know them, for a spreadsheet: {contents.listed:,} rows, oldest first.",
        "tables/           Everything that is kept of you, a CSV and a JSON file for each table:",
        "",
    ]
    width = max((len(name) for name, _, _ in contents.tables), default=0)
    lines += [f"  {name:<{width}}  {count:>9,}  {what}" for name, what, count in contents.tables]
    lines += [
        "",
        f"Nothing of yours is in: {', '.join(contents.empty) or 'no table'}.",
        "",
        "HOW VALUES ARE WRITTEN",
        "",
        "Amounts are exact decimal numbers; a minus is money out, or owed. In JSON they are text, because many",
        "programs would round JSON's own numbers.",
        "Instants are ISO 8601 in UTC (2026-03-01T07:00:00Z), dates are 2026-03-01.",
        "Text is UTF-8. What is not known is an empty cell in CSV and null in JSON.",
        "In CSV, text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line end) has an",
        "apostrophe before it. Numbers are as they are. The JSON files have every text without it.",
        "Rows with removed_at are no longer shown: a bank took them back, or an import was undone. They are in tables/",
        f"and not in {READING}. Categories below the id 1000 are FinTrack's own.",
        "",
        "WHAT IS LEFT OUT",
        "",
        "Nothing in this file opens anything. These columns are not in it:",
        "",
    ]
    width = max(len(name) for name in LEFT_OUT)
    lines += [f"  {name:<{width}}  {why}" for name, why in LEFT_OUT.items()]
    out.write("\r\n".join([*lines, ""]))
