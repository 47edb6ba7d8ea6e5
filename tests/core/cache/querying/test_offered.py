"""What is offered is as described, adds up to what the store says, and is told as what it is."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from core.cache import EXAMPLES, VIEWS, Desk
from core.config import ROOT
from core.rates import Rates
from core.store import Account, Balance, Pair, Split, Store, Transaction, UserId
from tests.core.cache.querying.conftest import TODAY

Books = tuple[Store, UserId, UserId]


def test_every_view_has_the_columns_that_are_described(desk: Desk) -> None:
    for view in VIEWS:
        names = ", ".join(f"typeof({column.name})" for column in view.columns)
        answer = desk.ask(f"SELECT * FROM {view.name}", TODAY)
        assert [column.name for column in answer.columns] == [column.name for column in view.columns], view.name
        if answer.rows:
            types = desk.ask(f"SELECT {names} FROM {view.name} LIMIT 1", TODAY).rows[0]
            told = [kind.partition("(")[0] for kind in types]
            assert told == [column.type for column in view.columns], view.name


def test_a_name_means_the_same_in_every_view() -> None:
    meant: dict[str, set[tuple[str, str]]] = {}
    for view in VIEWS:
        for column in view.columns:
            meant.setdefault(column.name, set()).add((column.type, column.unit))
            assert column.meaning.endswith("."), column
    assert [name for name, meanings in meant.items() if len(meanings) > 1] == []


def test_the_docs_describe_every_view_and_column() -> None:
    text = (ROOT / "docs" / "sql.md").read_text("utf-8")
    for view in VIEWS:
        _, _, section = text.partition(f"### {view.name}\n")
        section = section.partition("\n### ")[0]
        assert view.meaning in section, view.name
        for column in view.columns:
            assert f"| `{column.name}` | {column.type} | {column.meaning} |" in section, column


def ledger(store: Store, user: UserId) -> pd.DataFrame:
    """Return the person's lines from the store: a row each, or one for every part of a split one."""
    with store.read() as session:
        accounts = {one.id: one for one in session.scalars(select(Account).where(Account.user_id == user))}
        parts: dict[int, list[Split]] = {}
        for part in session.scalars(select(Split).where(Split.user_id == user)):
            parts.setdefault(part.transaction_id, []).append(part)
        transfers = set(session.scalars(select(Pair.id).where(Pair.user_id == user, Pair.kind == "transfer")))
        rows = []
        for row in session.scalars(
            select(Transaction).where(Transaction.user_id == user, Transaction.removed_at.is_(None))
        ):
            for amount in [part.amount for part in parts.get(row.id, [])] or [row.amount]:
                account = accounts[row.account_id]
                rows.append((row.date, amount, row.currency, account.name, account.hidden, row.pair_id in transfers))
    return pd.DataFrame(rows, columns=["date", "amount", "currency", "account", "hidden", "moved"])


def same(rows: Sequence[Sequence[Any]], expected: "pd.Series[Any]") -> None:
    assert {tuple(row[:-1]): row[-1] for row in rows} == {
        key if isinstance(key, tuple) else (key,): value for key, value in expected.items()
    }


@pytest.mark.parametrize("view", ["transactions", "months"])
def test_sums_are_those_of_the_store(books: Books, desk: Desk, view: str) -> None:
    frame = ledger(books[0], books[1])
    frame["month"] = [day.replace(day=1) for day in frame["date"]]
    told = desk.ask(f"SELECT month, account, currency, sum(amount) FROM {view} GROUP BY ALL", TODAY)
    same(told.rows, frame.groupby(["month", "account", "currency"])["amount"].sum())
    count = "count(*)" if view == "transactions" else "sum(transactions)"
    told = desk.ask(f"SELECT account, {count} FROM {view} GROUP BY ALL", TODAY)
    same(told.rows, frame.groupby("account")["amount"].count())


def in_dollars(amount: Decimal, day: date) -> Decimal:
    """Convert euros by the rate that was the last on a day, apart from how the cache does it."""
    course = Rates().course("EUR", "USD")
    step = max((one for one in course if one.since <= day), key=lambda one: one.since, default=course[0])
    return (amount * step.into / step.per).quantize(Decimal("0.0001"))


def test_what_is_in_other_currencies_is_converted_at_its_days_rate(books: Books, desk: Desk) -> None:
    frame = ledger(books[0], books[1])
    euros = frame[frame["currency"] == "EUR"]
    expected = sum(in_dollars(amount, day) for amount, day in zip(euros["amount"], euros["date"], strict=True))
    ((told,),) = desk.ask("SELECT sum(home_amount) FROM transactions WHERE currency = 'EUR'", TODAY).rows
    assert told == expected
    for day in (TODAY, TODAY - timedelta(days=2)):
        ((own, home),) = desk.ask(
            f"SELECT balance, home_balance FROM balances WHERE currency = 'EUR' AND date = '{day}'", TODAY
        ).rows
        assert home == in_dollars(own, day)


def test_balances_are_those_of_the_store(books: Books, desk: Desk) -> None:
    store, user, _ = books
    with store.read() as session:
        kept = {
            (one.account_id, one.day, one.current)
            for one in session.scalars(select(Balance).where(Balance.user_id == user))
        }
    assert set(desk.ask("SELECT account_id, date, balance FROM balances", TODAY).rows) == kept


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT home_amount FROM transactions", ["USD"]),
        ("SELECT -sum(home_amount) AS spent FROM transactions", ["USD"]),
        ("SELECT amount FROM transactions", [None]),
        ("SELECT amount, currency FROM transactions", ["by 1", None]),
        ("SELECT currency, sum(amount) AS amount FROM transactions GROUP BY ALL", [None, "by 0"]),
        ("SELECT avg(home_amount), sum(home_amount) / count(*) FROM transactions", ["USD", "USD"]),
        ("SELECT sum(home_amount) / sum(home_amount), count(*), any_value(home_amount * home_amount) FROM transactions",
         [None, None, None]),
        ("WITH a AS (SELECT month, sum(home_amount) AS t FROM months GROUP BY 1) SELECT t, t - lag(t) OVER () FROM a",
         ["USD", "USD"]),
        ("SELECT CASE WHEN pending THEN home_amount ELSE 0 END, coalesce(home_amount, 0) FROM transactions",
         ["USD", "USD"]),
        ("SELECT * FROM (SELECT home_balance AS x FROM accounts)", ["USD"]),
        ("SELECT 1.5, '2' AS amount", [None, None]),
        ("SELECT home_amount FROM transactions UNION ALL SELECT home_amount FROM months", ["USD"]),
    ],
)  # fmt: skip
def test_what_is_money_is_told_in_its_currency(desk: Desk, sql: str, expected: list[str | None]) -> None:
    answer = desk.ask(f"{sql} LIMIT 3" if "UNION" not in sql else sql, TODAY)
    told = [
        None if one.kind != "money" else one.currency or f"by {one.currency_at}" for one in answer.columns
    ]  # fmt: skip
    assert told == expected
    for row in answer.rows:
        assert all(value is None or isinstance(value, Decimal) for value, cur in zip(row, told, strict=True) if cur)


def test_the_number_of_a_transaction_is_told_from_others(desk: Desk) -> None:
    answer = desk.ask("SELECT t.id, min(id) AS least, account_id FROM transactions AS t GROUP BY ALL", TODAY)
    assert [one.kind for one in answer.columns] == ["transaction", "transaction", "whole"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
def test_every_example_is_answered(desk: Desk, example: Any) -> None:
    assert desk.ask(example.sql, TODAY).columns


def test_the_sql_that_sends_and_offers_is_of_this_folder() -> None:
    folder = ROOT / "core" / "cache" / "querying"
    sent = {path.stem for path in Path(folder / "sent").glob("*.sql")}
    assert sent == {view.name for view in VIEWS}
