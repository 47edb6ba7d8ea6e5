"""The currency of totals, and the rates by which what is in others goes into it."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from core.cache.reading import Snapshot
from core.money import main_currency
from core.rates import Rates


def home_currency(connection: duckdb.DuckDBPyConnection, told: str, rates: Rates) -> str:
    """Return the currency of totals: the person's own.

    Only where no rate is known of it and no account has it, the one that most accounts have takes its place.
    """
    if rates.knows(told):
        return told
    shown = connection.execute("SELECT currency FROM accounts WHERE NOT hidden").fetchall()
    return main_currency([currency for (currency,) in shown], told)


def add_rates(connection: duckdb.DuckDBPyConnection, currencies: Iterable[str], home: str, snapshot: Snapshot) -> None:
    """Add the rates of those of some currencies that are not known here yet."""
    abroad = set(currencies) - {home}
    if not abroad:
        return
    known = {currency for (currency,) in connection.execute("SELECT DISTINCT currency FROM rates").fetchall()}
    for currency in sorted(abroad - known):
        course = snapshot.rates.course(currency, home)
        if not course:
            continue
        connection.register(
            "incoming_rates",
            pa.table(
                {
                    "currency": pa.repeat(currency, len(course)),
                    "since": pa.array([one.since for one in course], pa.date32()),
                    "day": pa.array([one.day for one in course], pa.date32()),
                    "times": pa.array([one.into for one in course], pa.int64()),
                    "per": pa.array([one.per for one in course], pa.int64()),
                }
            ),
        )
        connection.execute("INSERT INTO rates SELECT * FROM incoming_rates")
        connection.unregister("incoming_rates")
