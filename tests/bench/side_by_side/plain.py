"""The rows of a store as others are given them: what each one is for is worked out before, so that they need not."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from core.store import Store

KINDS: Final = ("income", "spending", "transfer")
LIABILITIES: Final = ("credit card", "mortgage", "loan")
NAMED: Final = ("id", "date", "account", "category", "kind", "amount", "name", "search", "pending")
ROWS: Final = """
    SELECT t.id, t.date, t.account_id, coalesce(c.id, 0),
        CASE WHEN a.type IN ('mortgage', 'loan') AND t.amount > 0 THEN 'transfer'
            WHEN c.kind IS NOT NULL THEN c.kind
            WHEN a.type IN ('mortgage', 'loan', 'brokerage', 'retirement') THEN 'transfer'
            WHEN t.amount > 0 THEN 'income' ELSE 'spending' END,
        t.amount, iif(t.merchant_name <> '', t.merchant_name, t.name),
        lower(t.name || ' ' || t.merchant_name || ' ' || t.original_text || ' ' || t.note), t.pending
    FROM transactions AS t
    JOIN accounts AS a ON a.id = t.account_id
    LEFT JOIN categories AS c ON c.id = coalesce(t.own_category_id, t.category_id)
    ORDER BY t.date, t.id
"""
"""One currency, no splits, pairs, rules or rows that are gone: what a store filled for the benchmarks has."""
STEP: Final = 50_000


@dataclass(frozen=True)
class Plain:
    """All that is asked about. Amounts are whole 1/10000 units, negative is money out."""

    rows: pa.Table
    """Oldest first, with the columns of `NAMED`: category 0 is none, dates are date32, words are lower case."""
    types: Mapping[int, str]
    """The type of each account."""
    groups: Mapping[int, int]
    """The primary category of each category."""
    balances: Mapping[int, tuple[list[date], list[int]]]
    """Of each account the days of which a balance was told, oldest first, and those balances."""

    def known(self, account: int, day: date) -> tuple[date, int]:
        """Return what was told of an account last on a day, or first where nothing was by then."""
        days, balances = self.balances[account]
        place = max(bisect_right(days, day) - 1, 0)
        return days[place], balances[place]


def plain_rows(store: Store) -> Plain:
    """Return the rows of the only person in a SQLite store, read past the cache."""
    with store.raw() as connection:
        steps = []
        cursor = connection.execute(ROWS)
        while rows := cursor.fetchmany(STEP):
            columns = dict(zip(NAMED, map(list, zip(*rows, strict=True)), strict=True))
            columns["date"] = np.array(columns["date"], "datetime64[D]")
            steps.append(pa.table(columns))
        accounts = dict(connection.execute("SELECT id, type FROM accounts"))
        groups = dict(
            connection.execute(
                "SELECT c.id, g.id FROM categories AS c"
                " JOIN categories AS g ON g.code = c.group_code AND g.user_id IS NULL"
            )
        )
        told: dict[int, tuple[list[date], list[int]]] = {one: ([], []) for one in accounts}
        for account, day, current in connection.execute('SELECT account_id, day, "current" FROM balances ORDER BY day'):
            told[account][0].append(date.fromisoformat(day))
            told[account][1].append(current)
    return Plain(pa.concat_tables(steps), accounts, groups, told)
