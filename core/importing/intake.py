"""A bank file on its way in: read, matched to accounts, shown, and taken in as one.

The page and the command line both go through here, so that they can't disagree.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec

from core.collecting import no_collecting
from core.errors import ValidationError
from core.importing.csv_correction import is_of_make
from core.importing.csv_layout import CsvLayout
from core.importing.reading import read_statement
from core.importing.statement import Statement
from core.ledger import (
    AccountEntry,
    ImportResult,
    NewAccount,
    Progress,
    SourceFile,
    StatementPreview,
    StatementRecord,
    Target,
    checked_account,
    find_account,
    import_statements,
    list_accounts,
    preview_statement,
)
from core.money import plain
from core.store import Store, UserId


@dataclass(frozen=True, slots=True)
class FileIntake:
    """A file that was read and matched: what importing it would do, statement by statement."""

    source: SourceFile
    statements: tuple[StatementRecord, ...]
    targets: tuple[Target, ...]
    previews: tuple[StatementPreview, ...]
    problems: tuple[str, ...]
    layout: CsvLayout | None
    currency_open: bool = False
    """Whether the file names no currency, so that the person or the account has to."""


@no_collecting()
def look_at_file(  # noqa: PLR0913 - what is known of the file beforehand differs from caller to caller
    store: Store,
    user: UserId,
    data: bytes,
    filename: str,
    *,
    account: str = "",
    targets: Sequence[Target] | None = None,
    layout: CsvLayout | None = None,
    currency: str = "USD",
    progress: Progress | None = None,
) -> FileIntake:
    """Read a bank file and say what importing it would do; nothing is written.

    `account` names where it goes: an account of that name, else a new one. `targets` says it for
    each statement instead; without either, it goes where files like it went before. `currency` is
    taken where neither the file nor the account tells. `progress` is told how far a long file was read.

    Raises:
        ImportFileError: the file can't be read, with the line and the reason.
        ValidationError: the account's name can't be used.
        NotFoundError: an account of `targets` is not there or not this user's.
    """
    known = find_account(store, user, account) if account else None
    if layout is None and known and known.csv_layout:
        layout = CsvLayout.from_json(known.csv_layout)
    everything = list_accounts(store, user) if targets is None or layout is None else ()
    if layout is None and not account:
        layout = _remembered(data, everything)
    read = partial(read_statement, data, filename, progress=progress)
    statement = read(csv_layout=layout, currency=known.currency if known else currency)
    if targets is None:
        if not account and len(statement.parts) == 1 and not statement.parts[0].account.key:
            known = _kin(store, user, statement, everything)
            if known:
                kept = layout or (CsvLayout.from_json(known.csv_layout) if known.csv_layout else statement.layout)
                if kept != statement.layout or known.currency != statement.parts[0].account.currency:
                    statement = read(csv_layout=kept, currency=known.currency)
        targets = [_target(part, account, known, everything, len(statement.parts)) for part in statement.parts]
    if len(targets) != len(statement.parts):
        raise ValidationError("Every account in the file needs a place to go.", "Choose one for each.")
    source = SourceFile(
        statement.format,
        filename,
        hashlib.sha256(data).hexdigest(),
        statement.layout.to_json() if statement.layout else "",
    )
    if progress is not None:
        count = sum(len(part.transactions) for part in statement.parts)
        progress("Comparing with what is here", count, count)
    previews = [
        preview_statement(store, user, part, target, source)
        for part, target in zip(statement.parts, targets, strict=True)
    ]
    return FileIntake(
        source,
        statement.parts,
        tuple(targets),
        tuple(previews),
        statement.problems,
        statement.layout,
        statement.currency_open,
    )


@no_collecting()
def take_in(
    store: Store,
    user: UserId,
    intake: FileIntake,
    keep: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> tuple[ImportResult, ...]:
    """Import what `look_at_file` showed, in one database transaction: all of the file, or nothing.

    `keep` names the file keys of rows to add although they look like duplicates; `progress` is told how many were
    written.

    Raises:
        NotFoundError: an account is not there or not this user's.
        ImportFileError: a statement's currency is not its account's.
    """
    goals = list(zip(intake.statements, intake.targets, strict=True))
    return import_statements(store, user, goals, intake.source, keep, progress)


def report_of(intake: FileIntake) -> dict[str, Any]:
    """Return what importing the file would do or did, as plain data: sums are strings, our sign, dates ISO.

    `likely` tells, where there are any, how many of the duplicates are so only by the bank connection's word.
    """
    return {
        "format": intake.source.format,
        "accounts": [
            {
                "account": one.account,
                "currency": one.currency,
                "rows": len(one.rows),
                "new": one.new,
                "duplicates": one.duplicates,
                "first_date": one.first_date.isoformat() if one.first_date else None,
                "last_date": one.last_date.isoformat() if one.last_date else None,
                "sum": plain(one.total),
                "ledger_balance": None if one.ledger_balance is None else plain(one.ledger_balance),
            }
            | ({"likely": one.likely} if one.likely else {})
            for one in intake.previews
        ],
        "problems": list(intake.problems),
    }


def _remembered(data: bytes, accounts: Sequence[AccountEntry]) -> CsvLayout | None:
    """Return the layout by which files with the headings of this one were read before."""
    kept = dict.fromkeys(one.csv_layout for one in accounts if one.csv_layout)
    return next((layout for text in kept if is_of_make(data, layout := CsvLayout.from_json(text))), None)


def _kin(store: Store, user: UserId, statement: Statement, accounts: Sequence[AccountEntry]) -> AccountEntry | None:
    """Return the account that a file which names none belongs to.

    For CSV it is the only one that files of this make went into; for others, and among several, the one that knows
    most of the rows.
    """
    part, layout = statement.parts[0], statement.layout
    alike = [
        one
        for one in accounts
        if (statement.currency_open or one.currency == part.account.currency)
        and (
            one.item_id is None
            if layout is None
            else one.csv_layout and CsvLayout.from_json(one.csv_layout).fits(layout.header, layout.width)
        )
    ]
    if not alike:
        return None
    if layout is not None and len(alike) == 1:
        return alike[0]
    known = {
        one.id: preview_statement(store, user, _in_currency(part, one.currency), one.id).duplicates for one in alike
    }
    best = max(alike, key=lambda one: known[one.id])
    return best if known[best.id] else None


def _in_currency(part: StatementRecord, currency: str) -> StatementRecord:
    records = tuple(msgspec.structs.replace(record, currency=currency) for record in part.transactions)
    return replace(part, account=replace(part.account, currency=currency), transactions=records)


def _target(
    part: StatementRecord, name: str, named: AccountEntry | None, accounts: Sequence[AccountEntry], parts: int
) -> Target:
    """Choose where a statement goes: the named account, the one that the file speaks of, or a new one."""
    if named is not None and (parts == 1 or named.provider_key == part.account.key):
        return named.id
    if (parts > 1 or not name) and part.account.key:
        for account in accounts:
            same = account.provider_key == part.account.key and account.currency == part.account.currency
            if account.item_id is None and same:
                return account.id
    title = name or part.account.name or "Imported account"
    mask = part.account.mask
    return checked_account(
        NewAccount(
            name=f"{title} {mask}".strip() if parts > 1 else title,
            type=part.account.type,
            currency=part.account.currency,
            provider_key=part.account.key or None,
            mask=mask,
        )
    )
