"""What the cache asks of the store, row by row, for one user: all, or what is past a change number.

The driver's own connection is used: through SQLAlchemy's typed rows a million rows take 16 s, this
way 3 s. The SQL is the same for SQLite and PostgreSQL, but for how a whole table comes in order.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from core.rates import Rates, own_rates
from core.store import Store, UserId

STEPS: Final = 40
"""So many steps make a batch: some 20,000 rows, worth the planning of what is done with them."""
STEP: Final = 500
"""So many rows are taken from SQLite at a time: they become columns while the processor still has their values."""
MODULUS: Final = 1_000_003
"""Amounts are summed modulo this: the sum of any number of any amounts stays within 64 bits. See steps/digest.sql."""

UNITS: Final = pa.int64()
TEXT: Final = pa.string()
NUMBER: Final = pa.int32()
FLAG: Final = pa.bool_()
SMALL: Final = pa.int8()


@dataclass(frozen=True, slots=True)
class Source:
    """One question to the store and the Arrow columns of its answer: dates and instants as text, flags as 0 or 1."""

    sql: str
    columns: pa.Schema
    order: str = ""
    """The order that a whole table is read in."""
    in_order: str = ""
    """The same question about the whole table in that order for SQLite, where it has a way that it takes sooner."""

    def asked(self, user: int, since: int = -1, *, in_order: bool = False) -> str:
        """Return it about one user's rows past a change number; if `in_order`, about all of them SQLite's way."""
        if in_order and self.in_order:
            return self.in_order.format(user=user)
        return self.sql.format(user=user, since=since) + self.order


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


CATEGORIES: Final = Source(
    "SELECT c.id, c.code, c.group_code, COALESCE(NULLIF(s.title, ''), c.title), COALESCE(NULLIF(s.icon, ''), c.icon),"
    " c.kind, COALESCE(s.need, c.need), COALESCE(CAST(s.hidden AS INTEGER), 0), s.merged_into_id"
    " FROM categories c LEFT JOIN category_choices s ON s.category_id = c.id AND s.user_id = {user}"
    " WHERE c.user_id IS NULL OR c.user_id = {user} ORDER BY c.id",
    _schema(
        id=NUMBER,
        code=TEXT,
        group_code=TEXT,
        title=TEXT,
        icon=TEXT,
        kind=TEXT,
        need=TEXT,
        hidden=FLAG,
        merged_into=NUMBER,
    ),
)
ITEMS: Final = Source(
    "SELECT id, provider, institution_name, institution_color, error_code, error_sentence,"
    " CAST(last_synced_at AS TEXT) FROM items WHERE user_id = {user} AND removed_at IS NULL ORDER BY id",
    _schema(id=NUMBER, provider=TEXT, institution=TEXT, color=TEXT, error_code=TEXT, error=TEXT, last_synced_at=TEXT),
)
ACCOUNTS: Final = Source(
    "SELECT id, item_id, CASE WHEN nickname <> '' THEN nickname ELSE name END, mask, type, subtype, currency,"
    ' "current", available, "limit", CAST(balance_at AS TEXT), CAST(hidden AS INTEGER)'
    " FROM accounts WHERE user_id = {user} AND removed_at IS NULL ORDER BY id",
    _schema(
        id=NUMBER, item_id=NUMBER, name=TEXT, mask=TEXT, type=TEXT, subtype=TEXT, currency=TEXT,
        current=UNITS, available=UNITS, credit_limit=UNITS, balance_at=TEXT, hidden=FLAG,
    ),
)  # fmt: skip
RATES: Final = Source(
    "SELECT currency, CAST(day AS TEXT), rate FROM exchange_rates WHERE user_id = {user}",
    _schema(currency=TEXT, day=TEXT, rate=TEXT),
)
BALANCES: Final = Source(
    'SELECT account_id, CAST(day AS TEXT), "current", CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END FROM balances'
    " WHERE user_id = {user} AND change > {since}",
    _schema(account_id=NUMBER, day=TEXT, current=UNITS, removed=FLAG),
)

_CATEGORY: Final = (
    "{0}.rule_category_id, CASE WHEN {0}.learned_sets THEN {0}.learned_category_id END, {0}.category_id,"
    " {0}.merchant_category_id"
)
"""What a transaction is for unless its person says so: who is heard first, to last."""
_LINES: Final = "FROM transactions t LEFT JOIN splits s ON s.transaction_id = t.id"
"""A line for each transaction, or for each of its parts."""
_IN_ORDER: Final = (
    "FROM (SELECT id AS number FROM transactions WHERE user_id = {user} ORDER BY date, id LIMIT -1) o"
    " CROSS JOIN transactions t ON t.id = o.number LEFT JOIN splits s ON s.transaction_id = t.id"
)
"""The same of one user, in order: SQLite sorts ids in a fifth of the time that it takes for rows, and needs no room for
these; then it has the first row. It keeps the order of what has a limit, and looks in the order of a CROSS JOIN."""
_WHOLE: Final = (
    "SELECT t.id, COALESCE(s.position, 0), CAST(t.date AS TEXT), COALESCE(s.amount, t.amount), t.currency,"
    " t.account_id, CASE WHEN s.position IS NOT NULL THEN s.category_id ELSE"
    f" COALESCE(t.own_category_id, p.own_category_id, {_CATEGORY.format('p')}, {_CATEGORY.format('t')}) END,"
    " CAST(t.pending AS INTEGER), CASE WHEN t.own_name <> '' THEN t.own_name WHEN t.rule_name <> '' THEN t.rule_name"
    " WHEN t.merchant_name <> '' THEN t.merchant_name ELSE t.name END,"
    " CASE WHEN s.note <> '' THEN s.note ELSE t.note END, t.name || ' ' || t.merchant_name || ' ' || t.original_text,"
    " CASE WHEN t.own_tags = '' THEN t.rule_tags WHEN t.rule_tags = '' THEN t.own_tags"
    " ELSE t.own_tags || '\n' || t.rule_tags END,"
    " CAST(COALESCE(t.own_hidden, t.rule_hidden) AS INTEGER), COALESCE(l.kind, ''),"
    " CASE WHEN t.removed_at IS NULL THEN 0 ELSE 1 END {lines}"
    " LEFT JOIN pairs l ON l.id = t.pair_id LEFT JOIN transactions p ON p.id = l.first_id AND l.kind = 'refund'"
)
TRANSACTIONS: Final = Source(
    _WHOLE.replace("{lines}", _LINES) + " WHERE t.user_id = {user} AND t.change > {since}",
    _schema(
        id=NUMBER, part=SMALL, date=TEXT, amount=UNITS, currency=TEXT, account_id=NUMBER, category_id=NUMBER,
        pending=FLAG, name=TEXT, note=TEXT, bank_words=TEXT, tags=TEXT, hidden=FLAG, paired=TEXT, removed=FLAG,
    ),
    " ORDER BY t.date, t.id, s.position",
    _WHOLE.replace("{lines}", _IN_ORDER),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the store stands for one user: whose rows they are and the last change number."""

    owner: str
    change: int
    currency: str
    """What the person's totals are in."""


_STANDING: Final = "SELECT id, CAST(created_at AS TEXT), generation, last_change, currency FROM users WHERE id = {user}"


def _standing(row: tuple[int, str, int, int, str]) -> Standing:
    # Ids are given out again after rows were deleted for good: what a cache knew by them is void then. So are its
    # totals when they are to be in another currency.
    number, since, generation, change, currency = row
    return Standing(f"{number} of {since} in {generation}, {currency}", change, currency)


class Snapshot:
    """One state of the store, to be read table by table."""

    def __init__(self, connection: Any, user: UserId, *, is_sqlite: bool) -> None:  # noqa: ANN401 - either driver's
        """Begin a read transaction on the driver's own connection."""
        self._connection = connection
        self._user = int(user)
        # PostgreSQL sends a whole answer at once unless its cursor has a name.
        self._is_sqlite = is_sqlite
        self._named: dict[str, str] = {} if is_sqlite else {"name": "snapshot"}
        connection.execute("BEGIN" if is_sqlite else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def standing(self) -> Standing | None:
        """Return where the store stands; None when the user is gone."""
        row = self._connection.execute(_STANDING.format(user=self._user)).fetchone()
        return None if row is None else _standing(row)

    def whole(self, source: Source, since: int = -1) -> pa.Table:
        """Return the answer to `source` as one Arrow table."""
        return pa.concat_tables([source.columns.empty_table(), *self.batches(source, since)])

    def batches(self, source: Source, since: int = -1) -> Generator[pa.Table]:
        """Yield the answer to `source` in batches of `STEPS` times `STEP` rows, so that memory stays bounded."""
        sql = source.asked(self._user, since, in_order=self._is_sqlite and since < 0)
        with closing(self._connection.cursor(**self._named)) as cursor:
            cursor.execute(sql)
            while read := [_batch(rows, source.columns) for rows in self._fetched(cursor)]:
                yield pa.Table.from_batches(read).combine_chunks()

    def _fetched(self, cursor: Any) -> Generator[list[tuple[Any, ...]]]:  # noqa: ANN401 - either driver's
        """Yield the next rows of an answer, as many as make a batch."""
        # A server is asked less often: each time is a way there and back.
        steps, step = (STEPS, STEP) if self._is_sqlite else (1, STEPS * STEP)
        for _ in range(steps):
            if not (rows := cursor.fetchmany(step)):
                return
            yield rows

    def batches_ahead(self, source: Source) -> Generator[pa.Table]:
        """Yield the same, each one read while the one before is made use of.

        Nothing else may be asked of the snapshot meanwhile.
        """
        batches = self.batches(source)
        with closing(batches), ThreadPoolExecutor(1, "reading ahead") as reader:
            coming = reader.submit(next, batches, None)
            while (batch := coming.result()) is not None:
                coming = reader.submit(next, batches, None)
                yield batch

    @cached_property
    def rates(self) -> Rates:
        """The rates of exchange that hold for this person."""
        rows = self.whole(RATES).to_pydict()
        days = map(date.fromisoformat, rows["day"])
        return Rates(own_rates(zip(rows["currency"], days, rows["rate"], strict=True)))

    def digest(self) -> tuple[int, int, int, str]:
        """Return how many lines living transactions make, sums of their ids and amounts, and what tells rates apart."""
        row = self._connection.execute(
            "SELECT COUNT(*), COALESCE(SUM(t.id), 0),"
            f" COALESCE(SUM(COALESCE(s.amount, t.amount) % {MODULUS}), 0) {_LINES}"
            f" WHERE t.user_id = {self._user} AND t.removed_at IS NULL"
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2]), self.rates.fingerprint()


def _batch(rows: Sequence[tuple[Any, ...]], columns: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for values, column in zip(zip(*rows, strict=True), columns, strict=True):
        # Flags are asked for as 0 and 1, for SQLite knows no others.
        arrays.append(pa.array(values, SMALL).cast(FLAG) if column.type == FLAG else pa.array(values, column.type))
    return pa.RecordBatch.from_arrays(arrays, schema=columns)


def read_standing(store: Store, user: UserId) -> Standing | None:
    """Return where the store stands for `user`, None when they are gone: cheap, asked before every use of the cache."""
    with store.raw() as connection:
        row = connection.execute(_STANDING.format(user=int(user))).fetchone()
    return None if row is None else _standing(row)
