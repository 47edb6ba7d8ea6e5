"""What becomes of each row of a file: new, there already, or likely what the bank told of in other words.

Certain is what a file of the account said before: the same key, or the same day, amount and text. What a bank
connection told of, or a file of another make, is only likely the same, as words and days differ: that is for the
person to say.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

import msgspec
from sqlalchemy.orm import Session

from core.ledger.duplicates import StoredRows, content
from core.ledger.records import TransactionRecord
from core.ledger.rows import KnownRow, rows_with_file_keys

Verdict = Literal["new", "duplicate", "likely"]

MOVED: Final = timedelta(days=4)
"""How far a bank moves the day of a movement under the same id; further off, the id was used again."""


class JudgedRow(msgspec.Struct, frozen=True):
    """One row of a file and what becomes of it; the twin is the stored row that it repeats, or likely repeats."""

    record: TransactionRecord
    file_key: str
    """What `keep` calls the row; "" while its account is not there yet, where nothing can be repeated."""
    verdict: Verdict
    twin: int | None = None
    twin_date: date | None = None
    twin_text: str = ""


Judgement = tuple[JudgedRow, KnownRow | None]
"""A judged row; beside it the stored row that it repeats (duplicate, likely) or brings back (new)."""


def file_keys(records: Sequence[TransactionRecord]) -> list[str]:
    """Return a key for each row of a file: the bank's own, else a digest of its content and its count.

    The same file gives the same keys; the second of two equal coffees is `…#2`.
    """
    seen: dict[str, int] = {}
    keys = []
    for record in records:
        if record.key:
            base = f"id:{record.key}"[:240]
        else:
            base = f"text:{hashlib.sha256(_written(*content(record)).encode()).hexdigest()[:32]}"
        seen[base] = count = seen.get(base, 0) + 1
        keys.append(base if count == 1 else f"{base}#{count}")
    return keys


def _written(day: date, amount: Decimal, name: str, text: str) -> str:
    """Return what `repr` says of these four together; the keys of all files so far are made of it."""
    return f"({_day_written(day)}, Decimal('{amount!s}'), {name!r}, {text!r})"


@lru_cache(maxsize=4096)
def _day_written(day: date) -> str:
    return repr(day)


def judge(
    session: Session,
    account: int | None,
    records: Sequence[TransactionRecord],
    keep: frozenset[str] = frozenset(),
    make: str = "",
) -> list[Judgement]:
    """Decide on each row of a file for an account; None is one that is not there yet.

    Rows whose key is in `keep` are new whatever they look like. `make` is the file's format where files of that
    format that went into the account before are of the same make, and so use the same words again.
    """
    if account is None or not records:
        # The keys of a long file take a quarter of its preview: they are made when the account is.
        return [(JudgedRow(record, "", "new"), None) for record in records]
    keys = file_keys(records)
    known = rows_with_file_keys(session, account, keys)
    # A bank that uses an id again for another movement must not make the second one vanish.
    keys = [
        f"{key}@{record.date}:{record.amount}" if key in known and not _can_be(known[key], record) else key
        for record, key in zip(records, keys, strict=True)
    ]
    known |= rows_with_file_keys(session, account, set(keys) - set(known))
    twins: dict[int, KnownRow] = {}
    unknown: list[int] = []
    for place, key in enumerate(keys):
        row = known.get(key)
        if key in keep:
            continue
        if row is None or row.removed_at is not None:
            unknown.append(place)
        else:
            twins[place] = row
    likely = _find_twins(session, account, records, keys, make, unknown, twins)
    free = _free_keys(session, account, keep, known)
    before = {key: row for key, row in known.items() if key not in free}
    return [
        _judgement(record, free.get(key, key), before.get(key), twins.get(place), place in likely)
        for place, (record, key) in enumerate(zip(records, keys, strict=True))
    ]


def _find_twins(
    session: Session,
    account: int,
    records: Sequence[TransactionRecord],
    keys: Sequence[str],
    make: str,
    unknown: Sequence[int],
    twins: dict[int, KnownRow],
) -> set[int]:
    """Add to `twins` what rows of unknown keys repeat; return the places of those that only likely do."""
    if not unknown:
        return set()
    stored = StoredRows(session, account, [records[place].date for place in unknown], make)
    for row in twins.values():
        stored.claim(row)
    likely: set[int] = set()
    for sure, find in _tiers(stored) if stored.some else ():
        for place in unknown:
            found = None if place in twins else find(records[place], keys[place])
            if found is not None:
                twins[place] = found
                if not sure or found.provider_key is not None:
                    likely.add(place)
    return likely


def _free_keys(session: Session, account: int, keep: frozenset[str], known: dict[str, KnownRow]) -> dict[str, str]:
    """Return keys for rows that are kept although their own belong to rows that are there."""
    taken = {key: f"{key}+" for key in keep if key in known and known[key].removed_at is None}
    while again := rows_with_file_keys(session, account, taken.values()):
        taken = {key: f"{free}+" if free in again else free for key, free in taken.items()}
    return taken


def _tiers(stored: StoredRows) -> list[tuple[bool, Callable[[TransactionRecord, str], KnownRow | None]]]:
    """Return the ways in which a row can be found again, the surest first, and whether each is sure."""
    return [
        (True, lambda record, _: stored.same_content(record)),
        (False, lambda record, key: stored.told_by_connection(record, key, same_day=True)),
        (False, lambda record, key: stored.told_by_connection(record, key, same_day=False)),
        (False, lambda record, _: stored.told_by_file(record, same_day=True)),
    ]


def _judgement(
    record: TransactionRecord,
    key: str,
    known: KnownRow | None,
    twin: KnownRow | None,
    likely: bool,  # noqa: FBT001
) -> Judgement:
    if twin is None:
        return JudgedRow(record, key, "new"), known
    told = twin.name or twin.original_text
    return JudgedRow(record, key, "likely" if likely else "duplicate", twin.id, twin.date, told), twin


def _can_be(row: KnownRow, record: TransactionRecord) -> bool:
    """Tell whether a stored row can be the one that a file now tells of under the same id."""
    return row.amount == record.amount and abs(row.date - record.date) <= MOVED
