"""The questions that every program can answer, and the forms in which programs are given the rows.

An answer has `months` (income and spending of two years), `days` (spent on each of 90), `categories` (spent in 90 days,
and in those before), `merchants` (spent in a year) and `text` (how many rows have a text, and their sum).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from core.money import from_units, to_units
from core.money import plain as written
from tests.bench.side_by_side import ours
from tests.bench.side_by_side.plain import Plain
from tests.bench.side_by_side.questions import LISTS, QUARTER, TWELVE

TEXT: Final = LISTS["list, a text"][0].text
SCREENS: Final = ("spending", "cash flow", "merchants", "list, a text")
"""What a person would look at for the same answers here."""
ROOTS: Final = {"income": "Income", "spending": "Expenses", "transfer": "Equity"}
KINDS: Final = {root: kind for kind, root in ROOTS.items()}


def asked() -> dict[str, Any]:
    """Return the questions as they are sent to programs."""
    assert TWELVE.before_since is not None
    assert TWELVE.before_until is not None
    assert QUARTER.before_since is not None
    assert QUARTER.before_until is not None
    now = [TWELVE.since.isoformat(), TWELVE.until.isoformat()]
    quarter = [QUARTER.since.isoformat(), QUARTER.until.isoformat()]
    return {
        "months": [now, [TWELVE.before_since.isoformat(), TWELVE.before_until.isoformat()]],
        "days": quarter,
        "categories": [quarter, [QUARTER.before_since.isoformat(), QUARTER.before_until.isoformat()]],
        "merchants": now,
        "text": TEXT,
    }


def ours_of(screens: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """Return our answers in the form of `settled`, out of those that the screens show."""
    told = {name: ours.told(name, screens[name]()) for name in SCREENS}
    flow, spent, listed = told["cash flow"], told["spending"], told["list, a text"]
    return {
        "months": {month: both for month, both in (flow["months"] | flow["before"]).items() if any(both)},
        "days": spent["days"],
        "categories": {one: both[:2] for one, both in spent["categories"].items() if any(both[:2])},
        "merchants": {line[0]: line[1] for line in told["merchants"]["lines"]},
        "text": (listed.count, listed.inflow + listed.outflow),
    }


def settled(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a program's answer in one form: zeros left out, categories by number, merchants as many as ours are."""
    months: dict[date, tuple[int, int]] = {}
    for month, kind, total in (row for span in answer["months"] for row in span):
        held = months.get(date.fromisoformat(month), (0, 0))
        is_income = KINDS.get(kind, kind) == "income"
        months[date.fromisoformat(month)] = (held[0] + total * is_income, held[1] + total * (not is_income))
    spent = [{_number(name): total for name, total in span} for span in answer["categories"]]
    categories = {one: (spent[0].get(one, 0), spent[1].get(one, 0)) for one in {*spent[0], *spent[1]}}
    merchants = sorted(answer["merchants"], key=lambda row: (-row[1], row[0]))[:100]
    return {
        "months": {month: both for month, both in months.items() if any(both)},
        "days": {date.fromisoformat(day): total for day, total in answer["days"] if total},
        "categories": {one: both for one, both in categories.items() if any(both)},
        "merchants": dict(merchants),
        "text": tuple(answer["text"]),
    }


def _number(name: str) -> int:
    return int(name.rpartition("C")[2])


def _each(plain: Plain) -> Iterator[tuple[int, date, int, int, str, int, str, str]]:
    for batch in plain.rows.drop_columns(["pending"]).to_batches():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def write_beancount(plain: Plain, path: Path) -> None:
    """Write the rows as a Beancount ledger: two postings each."""
    opened = sorted({f"{ROOTS[kind]}:C{category}" for _, _, _, category, kind, *_ in _each(plain)})
    with path.open("w", encoding="utf-8") as file:
        file.write('option "operating_currency" "USD"\n')
        for name in (*(f"Assets:A{account}" for account in plain.types), *opened):
            file.write(f"2000-01-01 open {name} USD\n")
        for number, day, account, category, kind, units, name, words in _each(plain):
            amount = from_units(units)
            file.write(
                f'\n{day} * "{name}" "{words}"\n  id: "t{number}"\n  Assets:A{account}  {written(amount)} USD\n'
                f"  {ROOTS[kind]}:C{category}  {written(-amount)} USD\n"
            )


def write_hledger(plain: Plain, path: Path) -> None:
    """Write the rows as an hledger journal: two postings each."""
    with path.open("w", encoding="utf-8") as file:
        for number, day, account, category, kind, units, name, words in _each(plain):
            amount = from_units(units)
            file.write(
                f"\n{day} * (t{number}) {name} | {words}\n    Assets:A{account}  {written(amount)} USD\n"
                f"    {ROOTS[kind]}:C{category}  {written(-amount)} USD\n"
            )


def write_lines(plain: Plain, path: Path) -> None:
    """Write the rows as lines of JSON, amounts in cents; the first line has the accounts and the categories by kind."""
    categories: dict[str, set[str]] = {kind: set() for kind in ROOTS}
    for _, _, _, category, kind, *_ in _each(plain):
        categories[kind].add(f"{kind} C{category}")
    head = {"accounts": list(plain.types), "categories": {kind: sorted(names) for kind, names in categories.items()}}
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for number, day, account, category, kind, units, name, words in _each(plain):
            row = {
                "id": f"t{number}", "date": day.isoformat(), "account": account, "category": f"{kind} C{category}",
                "amount": units // 100, "payee": name, "notes": words,
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")


def units_of(told: str) -> int:
    """Return an amount as hledger writes it ("-1,234.56 USD", "0") in units."""
    return to_units(Decimal(told.removesuffix("USD").strip().replace(",", "") or 0))


def named(rows: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """Return names and amounts from rows of two columns, the first row being their titles."""
    return [(row[0], units_of(row[1])) for row in rows[1:]]
