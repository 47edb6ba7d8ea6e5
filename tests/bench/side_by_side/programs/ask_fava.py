"""Asks Fava, in its own environment: `python ask_fava.py LEDGER` reads the file, then answers each line that comes.

Prints JSON lines: first the seconds to ready and the version; then for each line of the common questions their answers.
"""

import importlib
import json
import sys
from datetime import date
from importlib.metadata import version
from time import perf_counter
from typing import Any

FLOWS = "account ~ '^(Income|Expenses):'"
SPENT = "account ~ '^Expenses:'"


def main() -> None:
    """Answer until the input ends."""
    start = perf_counter()
    ledger = importlib.import_module("fava.core").FavaLedger(sys.argv[1])
    assert not ledger.errors, ledger.errors[:3]

    def ask(what: str, where: str, grouped: str = "") -> list[Any]:
        query = f"SELECT {what} WHERE {where}" + (f" GROUP BY {grouped}" if grouped else "")
        return list(ledger.query_shell.execute_query_serialised(ledger.all_entries, query).rows)

    told(seconds=perf_counter() - start, version=f"Fava {version('fava')}, Beancount {version('beancount')}")
    for line in sys.stdin:
        asked = json.loads(line)
        start = perf_counter()
        months = [
            ask("year, month, root(account, 1), sum(number)", f"{FLOWS} AND {within(*span)}", "1, 2, 3")
            for span in asked["months"]
        ]
        days = ask("date, sum(number)", f"{SPENT} AND {within(*asked['days'])}", "date")
        categories = [
            ask("account, sum(number)", f"{SPENT} AND {within(*span)}", "account") for span in asked["categories"]
        ]
        merchants = ask("payee, sum(number)", f"{SPENT} AND {within(*asked['merchants'])}", "payee")
        found = ask("count(*), sum(number)", f"account ~ '^Assets:' AND narration ~ '{asked['text']}'")
        seconds = perf_counter() - start
        told(
            seconds=seconds,
            months=[
                [[f"{year}-{month:02}-01", root, -units(total)] for year, month, root, total in span] for span in months
            ],
            days=[[day.isoformat() if isinstance(day, date) else day, units(total)] for day, total in days],
            categories=[[[account, units(total)] for account, total in span] for span in categories],
            merchants=[[payee, units(total)] for payee, total in merchants],
            text=[found[0][0], units(found[0][1])],
        )


def within(since: str, until: str) -> str:
    """Return the condition that a row lies between two days."""
    return f"date >= {since} AND date <= {until}"


def units(amount: Any) -> int:
    """Return an amount in whole 1/10000 units."""
    return int(amount * 10_000)


def told(**words: Any) -> None:
    """Print one line."""
    print(json.dumps(words, default=str), flush=True)


if __name__ == "__main__":
    main()
