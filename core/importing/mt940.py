"""MT940 and MT942: SWIFT's customer statements and interim reports, as banks hand them out in files.

Follows SWIFT's Standards MT, category 9: field 61 (statement line), 60 and 62 (balances).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import ImportFileError
from core.importing.amounts import kept
from core.importing.mt940_words import read_words
from core.importing.statement import Statement, merged
from core.ledger import AccountRecord, StatementRecord, TransactionRecord

_FIELD: Final = re.compile(r":(\d{2}[A-Z]?|NS|940|942):(.*)", re.DOTALL)
_LINE: Final = re.compile(
    r" {0,9}(?P<value>\d{6}) {0,9}(?P<entry>\d{4})? {0,9}(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])? {0,9}"
    r"(?P<amount>\d{1,15}(?:[.,]\d{0,4})?|,\d{1,4})"
    r"(?:[A-Z][A-Z0-9]{3}(?P<reference>[^/\n]*(?:/(?!/)[^/\n]*)*)(?://(?P<bank>[^\n]*))?)?(?P<more>.*)",
    re.DOTALL | re.IGNORECASE,
)
_BALANCE: Final = re.compile(
    r"\s*(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})?\s*(?P<amount>\d{1,15}(?:[.,]\d{0,4})?|,\d{1,4})\s*"
)
_ENDS: Final = re.compile(r"-+\}?(\{.*)?|\{[1-5]:.*")
_CURRENCY_BEHIND: Final = re.compile(r"(?<=\d)[A-Z]{3}$")


@dataclass(slots=True)
class _Field:
    """One field of a message: its tag, what it says, and the line on which it begins."""

    tag: str
    text: str
    line: int


@dataclass(slots=True)
class _Account:
    """What messages have told so far of one account."""

    number: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    day: date | None = None
    lines: list[tuple[_Field, str]] = field(default_factory=list)
    """Statement lines, each with the words of the field 86 after it."""


def read_mt940(text: str, *, currency: str) -> Statement:
    """Read an MT940 or MT942 file; one part for each account in it.

    Raises:
        ImportFileError: a line or balance can't be read, or a statement begins and does not end.
    """
    problems: list[str] = []
    fields = list(_fields(text))
    kind = "mt942" if any(one.tag in {"34F", "90C", "90D"} for one in fields) else "mt940"
    accounts = list(_accounts(fields))
    parts = [_part(account, currency, problems) for account in accounts]
    if not any(part.transactions or part.ledger_balance is not None for part in parts):
        raise ImportFileError("There is no statement in this MT940 file.", "Download it from your bank again.")
    joined = merged(parts, problems)
    return Statement(
        kind, joined, tuple(dict.fromkeys(problems)), currency_open=not any(one.currency for one in accounts)
    )


def _fields(text: str) -> Iterator[_Field]:
    """Yield the fields of all messages; lines that begin none belong to the field before."""
    # What came over FinTS has @@ for each end of a line.
    text = text.replace("@@", "\n") if text.startswith("@@") else text
    # Some exports break a line right after the colon that begins a field.
    lines = re.sub(r"\n:\s*\n(?=\d{2}[A-Z]?:)", "\n\n:", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    current: _Field | None = None
    more: list[str] = []
    for number, line in enumerate(lines, start=1):
        begun = _FIELD.match(line)
        if begun or _ENDS.fullmatch(line.strip()):
            if current is not None:
                current.text = "\n".join(more)
                yield current
            current, more = (_Field(begun[1], "", number), [begun[2]]) if begun else (None, [])
        elif current is not None and line.strip():
            more.append(line)
    if current is not None:
        current.text = "\n".join(more)
        yield current


def _accounts(fields: list[_Field]) -> Iterator[_Account]:
    """Yield one account for each statement; lines outside of any belong to the one before."""
    account = _Account()
    begun: _Field | None = None
    before = ""
    for one in fields:
        if begun is not None and one.tag in {"20", "25"}:
            raise _cut_off(begun)
        if one.tag == "20":
            if account.number or account.lines:
                yield account
            account = _Account()
        elif one.tag in {"60F", "60M", "62F", "62M"}:
            begun = one if one.tag.startswith("60") else None
            _take_balance(account, one)
        elif one.tag == "25":
            account.number = re.sub(r"\s", "", one.text.partition("\n")[0]).strip('"')
        elif one.tag == "34F":
            account.currency = one.text[:3]
        elif one.tag == "61":
            account.lines.append((one, ""))
        elif one.tag == "86" and before == "61":
            account.lines[-1] = (account.lines[-1][0], one.text)
        before = one.tag if one.tag != "NS" else before
    if begun is not None:
        raise _cut_off(begun)
    yield account


def _take_balance(account: _Account, one: _Field) -> None:
    """Keep the first opening balance (field 60) and the last closing one (62)."""
    amount, day, account.currency = _balance(one, account.currency)
    if one.tag.startswith("60"):
        account.opening = amount if account.opening is None else account.opening
        return
    if account.opening is None:
        raise ImportFileError(
            "The statement that ends here has no opening balance: its beginning is missing.",
            "Nothing was imported. Download the file again.",
            one.line,
        )
    account.closing, account.day = amount, day


def _cut_off(begun: _Field) -> ImportFileError:
    return ImportFileError(
        "The statement that begins here has no closing balance: it breaks off.",
        "Nothing was imported. Download the file again.",
        begun.line,
    )


def _part(account: _Account, currency: str, problems: list[str]) -> StatementRecord:
    code = account.currency or currency
    records = tuple(_record(line, words, account.number, code) for line, words in account.lines)
    if account.opening is not None and account.closing is not None:
        moved = sum((one.amount for one in records if not one.pending), Decimal(0))
        if account.opening + moved != account.closing:
            problems.append(f"The lines add up to {moved}, the balances to {account.closing - account.opening}.")
    number = _CURRENCY_BEHIND.sub("", account.number) if account.number.endswith(code) else account.number
    mask = re.sub(r"\W", "", number)[-4:]
    record = AccountRecord(number, "Imported account", "checking", currency=code, mask=mask)
    return StatementRecord(record, records, account.closing, account.day, account.opening)


def _record(line: _Field, words: str, account: str, currency: str) -> TransactionRecord:
    found = _LINE.match(line.text) or _LINE.match(line.text.replace("\n", "", 1))
    if found is None:
        raise ImportFileError("This statement line can't be read.", "Nothing was imported.", line.line)
    mark = found["mark"].upper()
    amount = kept(_amount(found["amount"]), line.line)
    # A reversed credit takes money out again, a reversed debit gives it back.
    incoming = mark in {"C", "RD", "EC"}
    name, said = read_words(words, found["more"], (found["reference"] or "").strip())
    reference = (found["bank"] or "").strip()
    return TransactionRecord(
        account_key=account,
        date=_day(found["value"], found["entry"], line.line),
        amount=amount if incoming else -amount,
        name=name[:500],
        currency=currency,
        key=reference if reference and reference != "NONREF" else None,
        original_text=said[:2000],
        pending=mark.startswith("E"),
    )


def _balance(one: _Field, currency: str) -> tuple[Decimal, date | None, str]:
    """Return a balance, its day and its currency; that which was told before where it names none."""
    found = _BALANCE.match(one.text)
    if found is None:
        raise ImportFileError("This balance can't be read.", "Nothing was imported. Download it again.", one.line)
    amount = kept(_amount(found["amount"]), one.line)
    return (amount if found["mark"] == "C" else -amount), _date(found["day"]), found["currency"] or currency


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").rstrip("."))


def _date(text: str) -> date | None:
    """Read YYMMDD; a year from 80 on lies in the last century."""
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= 80 else 2000), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _day(value: str, entry: str | None, line: int) -> date:
    """Return the booking day, whose year is the one that brings it closest to the value date; else the value date.

    Banks count interest by months of 30 days, so that a value date such as 30 February does occur.
    """
    valued = _date(value)
    if entry:
        year = int(value[:2]) + (1900 if int(value[:2]) >= 80 else 2000)
        about = valued or _date(f"{value[:4]}28")
        if about is None:
            raise _no_day(value, line)
        booked = [day for shift in (-1, 0, 1) if (day := _date(f"{(year + shift) % 100:02}{entry}")) is not None]
        if booked:
            return min(booked, key=lambda day: abs(day - about))
    if valued is None:
        raise _no_day(value, line)
    return valued


def _no_day(value: str, line: int) -> ImportFileError:
    return ImportFileError(f"The date {value!r} does not exist.", "Nothing was imported.", line)
