"""OFX and QFX: SGML 1.x with its unclosed tags and XML 2.x, read by one tokenizer that knows its lines.

Follows the OFX 2.3 specification: chapter 11 (bank and card statements) and 13 (investments). Amounts
keep the file's sign, which is ours: negative is money out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import ImportFileError
from core.importing.amounts import kept, read_amount
from core.importing.dates import read_year_first
from core.importing.markup import Node
from core.importing.ofx_markup import CASH_ACTIONS, SHARE_ACTIONS, parse_ofx
from core.importing.statement import Statement, merged
from core.ledger import AccountRecord, AccountType, StatementRecord, TransactionRecord
from core.money import is_currency_code

_NO_ID: Final = re.compile(r"0*|none|nonref|n/?a|null|-+", re.IGNORECASE)
_TYPES: Final[dict[str, AccountType]] = {
    "CHECKING": "checking",
    "SAVINGS": "savings",
    "MONEYMRKT": "savings",
    "CD": "savings",
    "CREDITLINE": "loan",
}
_STATEMENTS: Final = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
_OUT: Final = frozenset("DEBIT PAYMENT CHECK POS ATM FEE SRVCHG DIRECTDEBIT".split())


def read_ofx(text: str, *, currency: str) -> Statement:
    """Read an OFX or QFX file; one part for each account in it.

    Raises:
        ImportFileError: the bank reports an error, it breaks off, there is no account, or a row lacks its
            date or amount.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not re.search(r"</OFX\s*>", text, re.IGNORECASE):
        # Both makes close it: what breaks off before could lack transactions without a trace.
        raise ImportFileError(
            "The OFX file breaks off before its end.",
            "Nothing was imported. Download the file again.",
            text.count("\n") + 1,
        )
    root = parse_ofx(text)
    for status in root.every("STATUS"):
        if status.value("SEVERITY").upper() == "ERROR":
            said = " ".join((status.value("MESSAGE") or f"code {status.value('CODE')}").split())[:200]
            raise ImportFileError(
                f"The bank reports an error instead of transactions: {said}.", "Download the file again."
            )
    problems: list[str] = []
    statements = list(root.every(*_STATEMENTS))
    _refuse_stray(root)
    parts = [_part(node, currency, problems) for node in statements]
    if not parts:
        raise ImportFileError("There is no account in this OFX file.", "Download it from your bank again.")
    named = any(map(_told_currency, statements))
    return Statement("ofx", merged(parts, problems), tuple(problems), currency_open=not named)


def _refuse_stray(root: Node) -> None:
    """Refuse what belongs to a transaction and stands in none: a tag is damaged, and its row would be lost."""
    rows = ("STMTTRN", "STMTTRNP", "XFERINFO", "PMTINFO", *CASH_ACTIONS, *SHARE_ACTIONS)
    belong = ("TRNAMT", "DTPOSTED", "INVTRAN")
    for outside in root.every(*_STATEMENTS, *rows, *belong):
        if outside.name in belong or outside.name == "STMTTRN":
            raise _damaged(outside)
        if outside.name in _STATEMENTS:
            for inside in outside.every(*rows, *belong):
                if inside.name in belong:
                    raise _damaged(inside)


def _damaged(node: Node) -> ImportFileError:
    return ImportFileError(
        f"This {node.name} belongs to no transaction of an account: a tag near it is damaged.",
        "Nothing was imported. Download the file again.",
        node.line,
    )


def _part(node: Node, currency: str, problems: list[str]) -> StatementRecord:
    code = _told_currency(node) or currency
    if not is_currency_code(code):
        raise ImportFileError(f"{code[:20]!r} is no currency.", "Nothing was imported. Download it again.", node.line)
    account = _account(node, code)
    records: list[TransactionRecord] = []
    for row in node.every("STMTTRN", *CASH_ACTIONS, *SHARE_ACTIONS):
        if row.name == "STMTTRN":
            records.append(_record(row, account.key, code))
        elif row.name in CASH_ACTIONS:
            records.append(_investment(row, account.key, code))
        else:
            problems.append(f"Line {row.line}: a {row.name.lower()} of shares moves no cash and was left out.")
    waiting = sum(1 for _ in node.every("STMTTRNP"))
    if waiting:
        problems.append(f"{waiting} pending transactions were left out: the bank may still change them.")
    _tell_unlike_signs(node, records, problems)
    balance, day = _balance(node, problems)
    return StatementRecord(account, tuple(_distinct(records, problems)), balance, day)


def _told_currency(node: Node) -> str:
    """Return the currency of a statement, that of all its transactions where it names none itself; else ""."""
    rows = {row.value("CURRENCY", "CURSYM").upper() for row in node.every("STMTTRN")}
    return node.value("CURDEF").upper() or (rows.pop() if len(rows) == 1 else "")


def _tell_unlike_signs(node: Node, records: list[TransactionRecord], problems: list[str]) -> None:
    """Tell of what contradicts the amounts: debits without a minus, and amounts in another currency."""
    rows = list(node.every("STMTTRN"))
    debits = sum(row.value("TRNTYPE").upper() in _OUT for row in rows)
    if debits and not any(record.amount < 0 for record in records):
        problems.append(f"{debits} transactions are called debits, and no amount has a minus: taken as written.")
    for row in rows:
        foreign = row.value("CURRENCY", "CURSYM").upper()
        if foreign and foreign != records[0].currency:
            problems.append(f"Line {row.line}: the amount is said to be in {foreign}; it was taken as written.")


def _account(node: Node, code: str) -> AccountRecord:
    source = node.find("BANKACCTFROM") or node.find("CCACCTFROM") or node.find("INVACCTFROM") or Node("", node.line)
    number = source.value("ACCTID")
    bank = source.value("BANKID") or source.value("BROKERID")
    kind: AccountType = _TYPES.get(source.value("ACCTTYPE").upper(), "checking")
    if node.name == "CCSTMTRS":
        kind = "credit card"
    elif node.name == "INVSTMTRS":
        kind = "brokerage"
    mask = re.sub(r"\W", "", number)[-4:]
    return AccountRecord(
        key=f"{bank}/{number}".strip("/"), name="Imported account", type=kind, currency=code, mask=mask
    )


def _record(row: Node, account: str, code: str) -> TransactionRecord:
    for twice in ("DTPOSTED", "TRNAMT"):
        if sum(child.name == twice for child in row.children) > 1:
            raise ImportFileError(
                f"This transaction has more than one {twice}: two have run into each other.",
                "Nothing was imported. Download the file again.",
                row.line,
            )
    name, memo = row.value("NAME") or row.value("PAYEE", "NAME"), row.value("MEMO")
    return TransactionRecord(
        account_key=account,
        date=_date(row, "DTPOSTED"),
        amount=_money(row, "TRNAMT"),
        name=" ".join((name or memo or row.value("TRNTYPE").title() or "Unnamed").split())[:500],
        currency=code,
        key=_id(row.value("FITID")),
        authorized_date=read_year_first(row.value("DTUSER")),
        original_text=" ".join((memo or "").split())[:2000],
        check_number=row.value("CHECKNUM").strip("0")[:64] and row.value("CHECKNUM")[:64],
    )


def _id(written: str) -> str | None:
    return None if _NO_ID.fullmatch(written) else written


def _investment(row: Node, account: str, code: str) -> TransactionRecord:
    inner = next(row.every("INVTRAN"), row)
    total = next(row.every("TOTAL"), None)
    amount = _number(total.text) if total else None
    if amount is None:
        raise ImportFileError(f"This {row.name} has no total that can be read.", "Download the file again.", row.line)
    security = next((one.text for one in row.every("UNIQUEID")), "")
    memo = inner.value("MEMO")
    return TransactionRecord(
        account_key=account,
        date=_date(inner, "DTTRADE"),
        amount=kept(amount, row.line),
        name=" ".join((memo or f"{_ACTIONS.get(row.name[:3], row.name.title())} {security}").split())[:500],
        currency=code,
        key=_id(inner.value("FITID")),
        category="INCOME_DIVIDENDS" if row.name == "INCOME" else "",
    )


_ACTIONS: Final = {
    "BUY": "Buy",
    "SEL": "Sell",
    "INC": "Income",
    "INV": "Expense",
    "MAR": "Margin interest",
    "RET": "Return of capital",
}


def _date(row: Node, field_name: str) -> date:
    written = row.value(field_name)
    day = read_year_first(written)
    if day is None:
        raise _unreadable(row, f"the date {written[:40]!r} does not exist" if written else "it has no date")
    return day


def _money(row: Node, field_name: str) -> Decimal:
    written = row.value(field_name)
    amount = _number(written)
    if amount is None:
        raise _unreadable(row, f"{written[:40]!r} is not an amount" if written else "it has no amount")
    return kept(amount, row.line)


def _unreadable(row: Node, what: str) -> ImportFileError:
    return ImportFileError(
        f"This transaction can't be read: {what}.", "Nothing was imported. Download the file again.", row.line
    )


def _number(written: str) -> Decimal | None:
    """Read an OFX amount: digits with a point or comma as the decimal mark, no currency sign.

    Groups are against the specification; where another mark behind them tells the decimals, they are read all the
    same. With a comma and three digits it can't be told which of the two it is.
    """
    text = written.strip()
    if re.fullmatch(r"[+-]?(?:\d*\.?\d+|\d+\.)", text):
        return read_amount(text, ".")
    if re.fullmatch(r"[+-]?(?:\d*,(?:\d{1,2}|\d{4})|\d+,)", text):
        return read_amount(text, ",")
    if re.fullmatch(r"[+-]?[\d.,]+", text) and "." in text and "," in text:
        return read_amount(text, "." if text.rfind(".") > text.rfind(",") else ",")
    return None


def _balance(node: Node, problems: list[str]) -> tuple[Decimal | None, date | None]:
    ledger = node.find("LEDGERBAL")
    if ledger is None:
        return None, None
    stated, written = ledger.value("BALAMT"), ledger.value("DTASOF")
    amount, day = _number(stated), read_year_first(written)
    if ledger.children and not stated and not written:
        return None, None
    if (amount is None or day is None) and stated and (written or amount is not None):
        problems.append(
            f"Line {ledger.line}: the balance {stated[:40]!r} was left out: its amount or day can't be read."
        )
        return None, None
    if amount is None or day is None:
        raise ImportFileError(
            "The file begins to state its balance and then gives none: it is not whole.",
            "Nothing was imported. Download the file again.",
            ledger.line,
        )
    return kept(amount, ledger.line), day


def _distinct(records: list[TransactionRecord], problems: list[str]) -> Iterator[TransactionRecord]:
    """Yield each transaction once: the same id with the same content again is the same one, told twice."""
    seen: set[tuple[str, date, Decimal, str]] = set()
    again: Counter[str] = Counter()
    for record in records:
        if record.key is not None:
            content = (record.key, record.date, record.amount, record.name)
            if content in seen:
                again[record.key] += 1
                continue
            seen.add(content)
        yield record
    if again:
        problems.append(f"{sum(again.values())} transactions stand in the file twice and were taken once.")
