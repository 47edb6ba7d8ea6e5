"""CAMT.052, 053 and 054: account reports, statements and notifications in XML (ISO 20022, versions 1 to 13).

An entry's `CdtDbtInd` is the direction in which its money moved, for reversals too (ISO 20022,
BankToCustomerStatement, element CreditDebitIndicator). A batch is one entry, as the balance moves by it.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import ImportFileError
from core.importing.amounts import kept
from core.importing.markup import Node, parse_xml
from core.importing.statement import Statement, merged
from core.ledger import AccountRecord, AccountType, StatementRecord, TransactionRecord

_STATEMENTS: Final = {"Rpt": "camt.052", "Stmt": "camt.053", "Ntfctn": "camt.054"}
_CLOSING: Final = ("CLBD", "ITBD")
"""Closing booked, else interim booked."""
_LEFT_OUT: Final = {"INFO": "for information only", "FUTR": "of the future"}
_TYPES: Final[dict[str, AccountType]] = {"SVGS": "savings", "LOAN": "loan", "CARD": "credit card", "CASH": "checking"}
_NO_REFERENCE: Final = frozenset({"NOTPROVIDED", "NONREF", "NOREF", "N/A"})
_AMOUNT: Final = re.compile(r"\d{1,18}(\.\d{0,17})?|\.\d{1,17}")


def read_camt(text: str, *, currency: str) -> Statement:
    """Read a CAMT file; one part for each account in it.

    Raises:
        ImportFileError: it is broken, holds no account's statement, or an entry lacks its date or amount.
    """
    root = parse_xml(text)
    problems: list[str] = []
    nodes = list(root.every(*_STATEMENTS))
    if not nodes:
        raise ImportFileError("There is no account statement in this CAMT file.", "Download it from your bank again.")
    parts = [_part(node, currency, problems) for node in nodes]
    joined = merged(parts, problems)
    return Statement(_STATEMENTS[nodes[0].name], joined, tuple(problems))


def _part(node: Node, currency: str, problems: list[str]) -> StatementRecord:
    entries = [one for one in node.children if one.name == "Ntry"]
    written = [one.find("Amt") for name in ("Ntry", "Bal") for one in node.children if one.name == name]
    code = node.value("Acct", "Ccy") or next((one.attributes.get("Ccy", "") for one in written if one), "") or currency
    account = _account(node, code.upper())
    opening, begun = _balance(node, ("OPBD", "PRCD"), account.currency, problems)
    closing, day = _balance(node, _CLOSING, account.currency, problems)
    # An entry of a statement of one day needs no date of its own.
    one_day = day if day == begun else None
    records = [record for entry in entries for record in _records(entry, account, one_day, problems)]
    if opening is not None and closing is not None:
        moved = sum((one.amount for one in records if not one.pending), Decimal(0))
        if opening + moved != closing:
            problems.append(f"The entries add up to {moved}, the balances to {closing - opening}.")
    return StatementRecord(account, tuple(records), closing, None if closing is None else day, opening)


def _account(node: Node, code: str) -> AccountRecord:
    identity = node.find("Acct", "Id")
    number = (identity.value("IBAN") or identity.value("Othr", "Id")) if identity else ""
    return AccountRecord(
        key=re.sub(r"\s", "", number),
        name=node.value("Acct", "Nm") or "Imported account",
        type=_TYPES.get(node.value("Acct", "Tp", "Cd"), "checking"),
        currency=code,
        mask=re.sub(r"\W", "", number)[-4:],
    )


def _records(
    entry: Node, account: AccountRecord, one_day: date | None, problems: list[str]
) -> Iterator[TransactionRecord]:
    """Yield the transaction of an entry; nothing for one that moves no money yet."""
    status = entry.value("Sts", "Cd") or entry.value("Sts")
    if status in _LEFT_OUT:
        problems.append(f"Line {entry.line} was left out: the bank says it is {_LEFT_OUT[status]}.")
        return
    amount, code = _money(entry)
    if code and code != account.currency:
        amount = _exchanged(entry, amount, code, account.currency)
        problems.append(f"Line {entry.line}: the entry is in {code}; its amount in {account.currency} was taken.")
    name, words = _words(entry, incoming=amount > 0)
    yield TransactionRecord(
        account_key=account.key,
        date=_day(entry, one_day),
        amount=amount,
        name=name[:500],
        currency=account.currency,
        key=_key(entry),
        original_text=words[:2000],
        pending=status == "PDNG",
    )


def _key(entry: Node) -> str | None:
    """Return the bank's own reference of an entry; one of a single movement in it serves too."""
    details = list(entry.every("TxDtls"))
    own = entry.value("AcctSvcrRef") or (details[0].value("Refs", "AcctSvcrRef") if len(details) == 1 else "")
    return own if own and own.upper() not in _NO_REFERENCE else None


def _words(entry: Node, *, incoming: bool) -> tuple[str, str]:
    """Return who stands on the other side, else what it was, and all words on it."""
    parties = [*entry.every("Dbtr" if incoming else "Cdtr")] or [*entry.every("UltmtDbtr" if incoming else "UltmtCdtr")]
    names = [one.value("Nm") or one.value("Pty", "Nm") for one in parties]
    said = [one.text for one in entry.every("Ustrd", "AddtlRmtInf", "AddtlNtryInf", "AddtlTxInf") if one.text]
    said += [one.value("Ref") for one in entry.every("CdtrRefInf") if one.value("Ref")]
    words = " · ".join(dict.fromkeys(" ".join(one.split()) for one in said))
    several = dict.fromkeys(" ".join(name.split()) for name in names if name)
    code = entry.value("BkTxCd", "Prtry", "Cd") or entry.value("BkTxCd", "Domn", "Fmly", "SubFmlyCd")
    return ", ".join(several) or words or code or "Unnamed", words


def _money(node: Node) -> tuple[Decimal, str]:
    written = node.find("Amt")
    text = written.text if written else ""
    direction = node.value("CdtDbtInd")
    if written is None or not _AMOUNT.fullmatch(text):
        raise ImportFileError(f"{text[:40]!r} is not an amount.", "Nothing was imported. Download it again.", node.line)
    if direction not in {"CRDT", "DBIT"}:
        raise ImportFileError("It is not said whether this is money in or out.", "Nothing was imported.", node.line)
    amount = kept(Decimal(text), node.line)
    return (amount if direction == "CRDT" else -amount), written.attributes.get("Ccy", "").upper()


def _exchanged(entry: Node, amount: Decimal, code: str, currency: str) -> Decimal:
    """Return what an entry in another currency moved in that of its account, as its details tell.

    Raises:
        ImportFileError: they don't tell it, or several things, or speak of another amount than the entry.
    """
    told = [one for one in entry.every("Amt") if one.attributes.get("Ccy") in {code, currency}][1:]
    same = {one.text for one in told if one.attributes["Ccy"] == code}
    other = {one.text for one in told if one.attributes["Ccy"] == currency}
    whole = len(same) == 1 and _AMOUNT.fullmatch(text := next(iter(same))) and Decimal(text) == abs(amount)
    if not whole or len(other) != 1 or not _AMOUNT.fullmatch(found := next(iter(other))):
        raise ImportFileError(
            f"This entry is in {code}, its account in {currency}.", "Nothing was imported.", entry.line
        )
    return kept(Decimal(found), entry.line).copy_sign(amount)


def _day(entry: Node, one_day: date | None) -> date:
    dates = [found for name in ("BookgDt", "ValDt") if (found := entry.find(name)) is not None]
    for one in dates:
        day = _date(one)
        if day is not None:
            return day
    if one_day is not None and not dates:
        return one_day
    what = "no date that exists" if dates else "no date"
    raise ImportFileError(f"This entry has {what}.", "Nothing was imported. Download it again.", entry.line)


def _date(node: Node | None) -> date | None:
    """Read a date, or the day of an instant, as the bank wrote it."""
    text = (node.value("Dt") or node.value("DtTm"))[:10] if node else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _balance(
    node: Node, kinds: tuple[str, ...], currency: str, problems: list[str]
) -> tuple[Decimal | None, date | None]:
    """Return the balance of the first of these kinds that is told, and its day."""
    told = {one.value("Tp", "CdOrPrtry", "Cd"): one for one in node.children if one.name == "Bal"}
    found = next((told[kind] for kind in kinds if kind in told), None)
    if found is None:
        return None, None
    day = _date(found.find("Dt"))
    if found.find("CdtDbtInd") is None:
        problems.append(f"Line {found.line}: a balance was left out: it is not said whether it is owed or owned.")
        return None, day
    amount, code = _money(found)
    if code and code != currency:
        problems.append(f"Line {found.line}: a balance was left out: it is in {code}, its account in {currency}.")
        return None, day
    return amount, day
