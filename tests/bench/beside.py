"""The overview's questions asked of the store itself, in plain SQL: what the cache is measured and checked against."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from core import clock
from core.analytics import Overview
from core.analytics.overview import MONTHS
from core.money import from_units
from core.store import Store

INDEX: Final = """
    CREATE INDEX beside ON transactions (date, currency, amount, account_id, category_id, own_category_id, removed_at)
"""
"""Everything that the questions read, by day: SQLite never has to look at the rows themselves."""

KINDS: Final = """
    WITH kinds AS (
        SELECT t.id, t.date, t.currency, t.amount, c.group_code,
            CASE WHEN a.type IN ('mortgage', 'loan') AND t.amount > 0 THEN 'transfer'
                WHEN c.kind IS NOT NULL THEN c.kind
                WHEN a.type IN ('mortgage', 'loan', 'brokerage', 'retirement') THEN 'transfer'
                WHEN t.amount > 0 THEN 'income' ELSE 'spending' END AS kind
        FROM transactions AS t
        JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
        LEFT JOIN categories AS c ON c.id = coalesce(t.own_category_id, t.category_id)
        WHERE t.removed_at IS NULL AND t.date BETWEEN :since AND :until
    )
"""
SUMS: Final = """
    SELECT currency, coalesce(sum(amount) FILTER (WHERE kind = 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'spending'), 0)
    FROM kinds GROUP BY currency
"""
GROUPS: Final = """
    SELECT g.id, -sum(k.amount) FROM kinds AS k
    LEFT JOIN categories AS g ON g.code = k.group_code AND g.user_id IS NULL
    WHERE k.kind = 'spending' AND k.currency = :currency GROUP BY g.id
"""
DAYS: Final = "SELECT date, -sum(amount) FROM kinds WHERE kind = 'spending' AND currency = :currency GROUP BY date"
FLOW: Final = """
    SELECT substr(date, 1, 7) || '-01', coalesce(sum(amount) FILTER (WHERE kind = 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'spending'), 0)
    FROM kinds WHERE currency = :currency GROUP BY 1
"""
FACTS: Final = "SELECT count(*), min(date), sum(kind <> 'transfer' AND group_code IS NULL) FROM kinds"
RECENT: Final = "SELECT id FROM kinds ORDER BY date DESC, id DESC LIMIT 10"
WORTH: Final = """
    WITH anchored AS (
        SELECT a.id, a.type, a.currency, coalesce(
            (SELECT max(day) FROM balances WHERE account_id = a.id AND day <= :day),
            (SELECT min(day) FROM balances WHERE account_id = a.id)) AS told
        FROM accounts AS a WHERE NOT a.hidden
    )
    SELECT currency, sum(owned), sum(owed) FROM (
        SELECT currency, iif(owing, 0, balance) AS owned, iif(owing, balance, 0) AS owed FROM (
            SELECT a.currency, a.type IN ('credit card', 'mortgage', 'loan') AS owing,
                (SELECT "current" FROM balances WHERE account_id = a.id AND day = a.told)
                + iif(a.told < :day, 1, -1) * coalesce((
                    SELECT sum(amount) FROM transactions AS t WHERE t.account_id = a.id AND NOT t.pending
                        AND t.removed_at IS NULL AND t.date > min(a.told, :day) AND t.date <= max(a.told, :day)
                ), 0) AS balance
            FROM anchored AS a
        )
    ) GROUP BY currency
"""


@contextmanager
def indexed(store: Store) -> Iterator[Any]:
    """Lend the driver's connection to a SQLite store with the index that serves these questions best."""
    with store.raw() as connection:
        connection.execute(INDEX)
        try:
            yield connection
        finally:
            connection.execute("DROP INDEX beside")


def answers(connection: Any, today: date, currency: str) -> dict[str, Any]:
    """Ask the store everything that the overview tells, one question after the other."""
    start = today.replace(day=1)
    back = clock.add_months(today, -1)
    months = [clock.add_months(start, -number) for number in range(MONTHS - 1, -1, -1)]
    ends = [*(clock.add_months(month, 1) - timedelta(days=1) for month in months[:-1]), today]

    def ask(sql: str, since: date, until: date) -> list[tuple[Any, ...]]:
        asked = {"since": since.isoformat(), "until": until.isoformat(), "currency": currency}
        return list(connection.execute(KINDS + sql, asked))

    return {
        "month": pairs(ask(SUMS, start, today)),
        "before": pairs(ask(SUMS, back.replace(day=1), back)),
        "categories": singles(ask(GROUPS, start, today)),
        "categories before": singles(ask(GROUPS, back.replace(day=1), back)),
        "daily": singles(ask(DAYS, today - timedelta(days=89), today)),
        "flow": pairs(ask(FLOW, months[0], ends[-1])),
        "worth": {day.isoformat(): pairs(connection.execute(WORTH, {"day": day.isoformat()})) for day in ends},
        "recent": [row[0] for row in ask(RECENT, today - timedelta(days=45), today)],
        "facts": ask(FACTS, date.min, date.max)[0],
    }


def pairs(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return two amounts by what stands first, where either is not zero."""
    return {name: (from_units(one), from_units(other)) for name, one, other in rows if one or other}


def singles(rows: Iterable[tuple[Any, ...]]) -> dict[Any, Decimal]:
    """Return the amounts that are not zero by what stands first."""
    return {name: from_units(amount) for name, amount in rows if amount}


def told(view: Overview) -> dict[str, Any]:
    """Return an overview in the shape of `answers`."""
    periods = (view.month, *view.other_months)
    worth: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    for one in (*view.worth_history, *view.elsewhere):
        worth.setdefault(one.day.isoformat(), {})[one.currency] = (one.assets, one.liabilities)
    uncategorised = next(one.sentence for one in view.attention if one.kind == "uncategorised")
    return {
        "month": {one.currency: (one.income, one.spending) for one in periods if one.income or one.spending},
        "before": {
            one.currency: (one.income_before, one.spending_before)
            for one in periods
            if one.income_before or one.spending_before
        },
        "categories": {one.category_id: one.spent for one in view.categories if one.spent},
        "categories before": {one.category_id: one.spent_before for one in view.categories if one.spent_before},
        "daily": {day.isoformat(): amount for day, amount in view.daily},
        "flow": {one.month.isoformat(): (one.income, one.spending) for one in view.cash_flow},
        "worth": worth,
        "recent": [one.id for one in view.recent],
        "facts": (view.rows, view.first_date.isoformat(), int(uncategorised.split()[0].replace(",", ""))),
    }
