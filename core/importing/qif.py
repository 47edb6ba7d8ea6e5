"""QIF: Quicken's plain lists, which many banks still offer. Lists of categories and securities are passed over.

Dates such as 2/14'2020 and 1/ 1'00 are Quicken's own: an apostrophe begins a year from 2000 on.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import ImportFileError
from core.importing.amounts import Mark, MarkVotes, kept, read_amount
from core.importing.dates import decide_order, read_date, told_order
from core.importing.statement import Statement
from core.ledger import INVESTED, AccountRecord, AccountType, StatementRecord, TransactionRecord

_TYPES: Final[dict[str, AccountType]] = {
    "bank": "checking",
    "ccard": "credit card",
    "cash": "cash",
    "oth a": "other",
    "oth l": "loan",
    "invst": "brokerage",
    "port": "brokerage",
    "401(k)/403(b)": "retirement",
}
_OUT_ACTIONS: Final = frozenset(
    "buy buyx buybndx cvrshrt cvrshrtx margint margintx miscexp miscexpx xout withdrw withdrwx".split()
)
_CASH_ACTIONS: Final = _OUT_ACTIONS | frozenset(
    "sell sellx shtsell shtsellx div divx intinc intincx cglong cglongx cgmid cgmidx cgshort cgshortx miscinc miscincx "
    "xin rtrncap rtrncapx contrib contribx cash".split()
)


@dataclass(slots=True)
class _Entry:
    """One entry: its letters with what each says (the first time), its splits, and the line on which it begins."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    splits: list[dict[str, str]] = field(default_factory=list)
    """Of each split its category (S), memo (E) and amount ($)."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The account that entries belong to: its name, "" when the file gives none, and its type in QIF's words."""

    name: str
    type: str


def read_qif(text: str, *, currency: str) -> Statement:
    """Read a QIF file; one part for each account in it. QIF names no currency: `currency` is taken.

    Raises:
        ImportFileError: it holds no transactions, or one lacks its date or amount, with its line.
    """
    entries: dict[_Place, list[_Entry]] = defaultdict(list)
    for place, entry in _entries(text):
        entries[place].append(entry)
    every = [entry for found in entries.values() for entry in found]
    if not every:
        raise ImportFileError("There are no transactions in this QIF file.", "Choose a period with transactions.")
    mark = MarkVotes(entry.fields[letter] for entry in every for letter in "TU$" if letter in entry.fields).mark
    dates = [_plain_date(entry.fields.get("D", "")) for entry in every]
    day_first, sure = decide_order(dates, hint=currency != "USD")
    problems = [] if sure else list(filter(None, [told_order(dates, day_first=day_first)]))
    parts = []
    for place, found in entries.items():
        kind = _TYPES.get(place.type, "checking")
        title = place.name or _told_name(found) or f"Imported {kind} account"
        account = AccountRecord(place.name, title, kind, currency=currency)
        rows = [_record(one, account, mark, problems, day_first=day_first) for one in found]
        parts.append(StatementRecord(account, tuple(row for row in rows if row is not None)))
    return Statement("qif", tuple(parts), tuple(problems), currency_open=True)


def _entries(text: str) -> Iterator[tuple[_Place, _Entry]]:
    """Yield each transaction with the account it belongs to."""
    section, place = "", _Place("", "bank")
    entry: _Entry | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("!"):
            name, _, of = line[1:].strip().lower().partition(":")
            section = "account" if name == "account" else of if name == "type" else section
            if name == "type" and of in _TYPES:
                place = _Place(place.name, of)
            entry = None
        elif line.startswith("^"):
            if entry is not None and section == "account":
                place = _Place(entry.fields.get("N", ""), entry.fields.get("T", "bank").lower())
            elif entry is not None and section in _TYPES:
                yield place, entry
            entry = None
        elif line.strip() and (section == "account" or section in _TYPES):
            entry = entry or _Entry(number)
            twice = line[0] in entry.fields and (line[0] == "T" or (line[0] == "D" and "S" not in entry.fields))
            if section != "account" and twice:
                raise ImportFileError(
                    "This transaction has two dates or amounts: the ^ between two is missing.",
                    "Nothing was imported. Download the file again.",
                    number,
                )
            entry.fields.setdefault(line[0], line[1:].strip())
            if line[0] == "S":
                entry.splits.append({})
            if line[0] in "SE$" and entry.splits:
                entry.splits[-1][line[0]] = line[1:].strip()
    if entry is not None and section in _TYPES:
        raise ImportFileError(
            "The transaction that begins here has no end: the file breaks off.",
            "Nothing was imported. Download the file again.",
            entry.line,
        )


def _told_name(entries: list[_Entry]) -> str:
    """Return the account's name as Quicken writes it into the opening balance: a transfer from itself."""
    first = entries[0].fields
    told = first.get("L", "")
    opens = first.get("P", "").casefold() == "opening balance"
    return told[1:-1].strip()[:80] if opens and told.startswith("[") and told.endswith("]") else ""


def _record(
    entry: _Entry, account: AccountRecord, mark: Mark, problems: list[str], *, day_first: bool
) -> TransactionRecord | None:
    """Return the transaction of an entry; None, with a note, for a movement of shares without cash."""
    said = entry.fields
    invested = account.type in INVESTED and "N" in said
    action = said.get("N", "").lower() if invested else ""
    written = said.get("T") or said.get("U") or (said.get("$") if invested else None)
    if invested and (action not in _CASH_ACTIONS or written is None):
        problems.append(f"Line {entry.line}: {said['N']} moves no cash and was left out.")
        return None
    amount = read_amount(written or "", mark)
    if amount is None:
        what = f"{written[:40]!r} is not an amount" if written else "it has no amount"
        raise ImportFileError(f"This transaction can't be read: {what}.", "Nothing was imported.", entry.line)
    amount = kept(-abs(amount) if action in _OUT_ACTIONS else amount, entry.line)
    bought = f"{said['N']} {said.get('Y', '')}".strip() if invested else ""
    name = said.get("P") or bought or said.get("Y") or said.get("M") or "Unnamed"
    words = " · ".join(filter(None, (said.get("M", ""), said.get("L", "").strip("[]"), *_splits(entry))))
    _tell_unlike_splits(entry, amount, mark, problems)
    check = said.get("N", "") if not invested else ""
    return TransactionRecord(
        account_key=account.key,
        date=_day(entry, day_first=day_first),
        amount=amount,
        name=" ".join(name.split())[:500],
        currency=account.currency,
        original_text=" ".join(words.split())[:2000],
        check_number=check[:64] if check.isdigit() else "",
        # What an account begins with was not earned.
        category="TRANSFER_IN_ACCOUNT_TRANSFER" if name.casefold() == "opening balance" else "",
    )


def _splits(entry: _Entry) -> list[str]:
    """Return each split in words: its category, what is noted on it and its amount."""
    return [" ".join(filter(None, (one.get("S", ""), one.get("E", ""), one.get("$", "")))) for one in entry.splits]


def _tell_unlike_splits(entry: _Entry, amount: Decimal, mark: Mark, problems: list[str]) -> None:
    parts = [read_amount(one["$"], mark) for one in entry.splits if one.get("$")]
    told = [part for part in parts if part is not None]
    if told and sum(told, Decimal(0)) != amount:
        problems.append(f"Line {entry.line}: the splits add up to {sum(told, Decimal(0))}, not to {amount}.")


def _day(entry: _Entry, *, day_first: bool) -> date:
    written = entry.fields.get("D", "")
    day = read_date(_plain_date(written), day_first=day_first)
    if day is None:
        what = f"the date {written[:40]!r} does not exist" if written else "it has no date"
        raise ImportFileError(f"This transaction can't be read: {what}.", "Nothing was imported.", entry.line)
    return day


def _plain_date(written: str) -> str:
    """Return Quicken's `1/ 1'00` and `1/ 1' 0` as `1/1/2000`; other dates as they are."""
    text = re.sub(r"\s", "", re.sub(r"'\s*(\d)$", r"'0\1", written.strip()))
    return re.sub(r"['’](\d{2})$", r"/20\1", text).replace("'", "/")
