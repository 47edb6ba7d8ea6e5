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
    written = next((one.find("Amt") for one in node.children if one.name in {"Ntry", "Bal"}), None)
    code = node.value("Acct", "Ccy") or (written.attributes.get("Ccy", "") if written else "") or currency
    account = _account(node, code.upper())
    records = [record for entry in entries for record in _records(entry, account, problems)]
    opening, _ = _balance(node, ("OPBD", "PRCD"))
    closing, day = _balance(node, _CLOSING)
    if opening is not None and closing is not None:
        moved = sum((one.amount for one in records if not one.pending), Decimal(0))
        if opening + moved != closing:
            problems.append(f"The entries add up to {moved}, the balances to {closing - opening}.")
    return StatementRecord(account, tuple(records), closing, day, opening)


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


def _records(entry: Node, account: AccountRecord, problems: list[str]) -> Iterator[TransactionRecord]:
    """Yield the transaction of an entry; nothing for one that moves no money yet."""
    status = entry.value("Sts", "Cd") or entry.value("Sts")
    if status in _LEFT_OUT:
        problems.append(f"Line {entry.line} was left out: the bank says it is {_LEFT_OUT[status]}.")
        return
    amount, code = _money(entry)
    if code and code != account.currency:
        raise ImportFileError(
            f"This entry is in {code}, its account in {account.currency}.", "Nothing was imported.", entry.line
        )
    name, words = _words(entry, incoming=amount > 0)
    yield TransactionRecord(
        account_key=account.key,
        date=_day(entry),
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
        raise ImportFileError(f"{text!r} is not an amount.", "Nothing was imported. Download it again.", node.line)
    if direction not in {"CRDT", "DBIT"}:
        raise ImportFileError("It is not said whether this is money in or out.", "Nothing was imported.", node.line)
    amount = kept(Decimal(text), node.line)
    return (amount if direction == "CRDT" else -amount), written.attributes.get("Ccy", "").upper()


def _day(entry: Node) -> date:
    for name in ("BookgDt", "ValDt"):
        day = _date(entry.find(name))
        if day is not None:
            return day
    raise ImportFileError("This entry has no date that exists.", "Nothing was imported. Download it again.", entry.line)


def _date(node: Node | None) -> date | None:
    """Read a date, or the day of an instant, as the bank wrote it."""
    text = (node.value("Dt") or node.value("DtTm"))[:10] if node else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _balance(node: Node, codes: tuple[str, ...]) -> tuple[Decimal | None, date | None]:
    """Return the balance of the first of these kinds that is told, and its day."""
    told = {one.value("Tp", "CdOrPrtry", "Cd"): one for one in node.children if one.name == "Bal"}
    found = next((told[code] for code in codes if code in told), None)
    if found is None:
        return None, None
    amount, _ = _money(found)
    return amount, _date(found.find("Dt"))
