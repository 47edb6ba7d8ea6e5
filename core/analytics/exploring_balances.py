"""What was on accounts at the end of times: the balances that the overview's net worth is made of, told apart."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core import clock
from core.analytics.converting import day_rates
from core.analytics.exploring_keys import Key
from core.analytics.exploring_views import Dates, View
from core.cache import TIMES, Answer, Dimension, account_rows, balances_of, facts

MOST_DAYS: Final = 120
"""So many ends of days, weeks or months are told, the latest."""
Cells = dict[tuple[Key | None, ...], Decimal]


def balances(
    answer: Answer, view: View, dates: Dates, today: date, week_start_day: int
) -> tuple[Cells, tuple[tuple[str, int], ...]]:
    """Return what was on the accounts by the keys of all dimensions, None for a sum over one; and what has no rate.

    A sum over time is what there was at its end. Accounts whose balance nobody told are left out.
    """
    chosen = set(view.wanted.account_ids)
    accounts = {
        row[0]: {"account": str(row[0]), "institution": row[2], "currency": row[8]}
        for row in account_rows(answer)
        if not row[13] and (not chosen or row[0] in chosen)
    }
    ends = _ends(answer, view, dates, today, week_start_day)
    days = sorted(set(ends.values()))
    known, rates = balances_of(answer), day_rates(answer)
    by_day: dict[date, list[tuple[int, Decimal]]] = defaultdict(list)
    unrated: dict[str, set[int]] = defaultdict(set)
    for number in sorted(accounts.keys() & known.keys()):
        currency = accounts[number]["currency"]
        for day, balance in zip(days, known[number].on(days), strict=True):
            converted = rates.convert(balance, currency, day)
            if converted is None:
                unrated[currency].add(number)
            else:
                by_day[day].append((number, converted))
    cells: Cells = {}
    for times, day in ends.items():
        for number, amount in by_day[day]:
            for keys in _combinations(view, times, accounts[number]):
                cells[keys] = cells.get(keys, Decimal(0)) + amount
    return cells, tuple(sorted((currency, len(found)) for currency, found in unrated.items()))


def _ends(
    answer: Answer, view: View, dates: Dates, today: date, week_start_day: int
) -> dict[tuple[Key | None, ...], date]:
    """Return the last day of each time that is told, and of all; keys of dimensions that are no time are left out."""
    times = [one for one in view.dimensions if one in TIMES]
    _, first, last, _ = facts(answer)
    until = min(dates.until or today, max(today, last or today))
    since = max(dates.since or first or until, until - timedelta(days=366 * 30))
    found: dict[tuple[Key | None, ...], date] = {}
    if since > until:
        return found
    for back in range((until - since).days, -1, -1):
        day = until - timedelta(days=back)
        keys = [Key(one, _first_of(one, day, week_start_day).isoformat()) for one in times]
        for told in range(1 << len(times)):
            found[tuple(key if told >> place & 1 else None for place, key in enumerate(keys))] = day
    latest = set(sorted(set(found.values()))[-MOST_DAYS:])
    return {keys: day for keys, day in found.items() if day in latest}


def _first_of(dimension: Dimension, day: date, week_start_day: int) -> date:
    if dimension == "week":
        return day - timedelta(days=(day.weekday() - week_start_day) % 7)
    if dimension == "month":
        return clock.month_start(day)
    if dimension == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1) if dimension == "year" else day


def _combinations(view: View, times: tuple[Key | None, ...], account: dict[str, str]) -> list[tuple[Key | None, ...]]:
    """Return every way to sum over the dimensions that are no time, for one account at one time."""
    found: list[tuple[Key | None, ...]] = [()]
    waiting = list(times)
    for dimension in view.dimensions:
        if dimension in TIMES:
            time = waiting.pop(0)
            found = [(*keys, time) for keys in found]
        else:
            key = Key(dimension, account[dimension])
            found = [(*keys, one) for keys in found for one in (key, None)]
    return found
