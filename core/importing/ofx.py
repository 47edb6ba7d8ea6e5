"""OFX and QFX: SGML 1.x with its unclosed tags and XML 2.x, read by one tokenizer that knows its lines.

Follows the OFX 2.3 specification: chapter 11 (bank and card statements) and 13 (investments). Amounts
keep the file's sign, which is ours: negative is money out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Final

from core.errors import ImportFileError
from core.importing.amounts import kept, read_amount
from core.importing.dates import read_date
from core.importing.markup import Node
from core.importing.statement import Statement
from core.ledger import AccountRecord, AccountType, StatementRecord, TransactionRecord

_TOKEN: Final = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<(/?)([A-Za-z][\w.]*)\s*(/?)>|<[?!][^>]*>|([^<]+)|<", re.DOTALL)
_AGGREGATES: Final = frozenset(
    "OFX STMTRS CCSTMTRS INVSTMTRS STMTTRNRS CCSTMTTRNRS INVSTMTTRNRS BANKTRANLIST INVTRANLIST STMTTRN STATUS SONRS FI "
    "SIGNONMSGSRSV1 BANKMSGSRSV1 CREDITCARDMSGSRSV1 INVSTMTMSGSRSV1 SECLISTMSGSRSV1 SECLIST BANKACCTFROM CCACCTFROM "
    "INVACCTFROM BANKACCTTO CCACCTTO LEDGERBAL AVAILBAL CURRENCY ORIGCURRENCY INVBANKTRAN PAYEE INVTRAN INVBUY INVSELL "
    "SECID INVPOSLIST INVPOS INVBAL BALLIST BAL IMAGEDATA".split()
)
_TYPES: Final[dict[str, AccountType]] = {
    "CHECKING": "checking",
    "SAVINGS": "savings",
    "MONEYMRKT": "savings",
    "CD": "savings",
    "CREDITLINE": "loan",
}
_CASH_ACTIONS: Final = frozenset(
    "BUYDEBT BUYMF BUYOPT BUYOTHER BUYSTOCK SELLDEBT SELLMF SELLOPT SELLOTHER SELLSTOCK INCOME INVEXPENSE "
    "MARGININTEREST RETOFCAP".split()
)
_SHARE_ACTIONS: Final = frozenset("TRANSFER REINVEST SPLIT JRNLSEC CLOSUREOPT JRNLFUND".split())


def read_ofx(text: str, *, currency: str) -> Statement:
    """Read an OFX or QFX file; one part for each account in it.

    Raises:
        ImportFileError: the bank reports an error, it breaks off, there is no account, or a row lacks its
            date or amount.
    """
    if not re.search(r"</OFX\s*>", text, re.IGNORECASE):
        # Both makes close it: what breaks off before could lack transactions without a trace.
        raise ImportFileError(
            "The OFX file breaks off before its end.",
            "Nothing was imported. Download the file again.",
            text.count("\n") + 1,
        )
    root = _parse(text)
    for status in root.every("STATUS"):
        if status.value("SEVERITY").upper() == "ERROR":
            said = status.value("MESSAGE") or f"code {status.value('CODE')}"
            raise ImportFileError(
                f"The bank reports an error instead of transactions: {said}.", "Download the file again."
            )
    problems: list[str] = []
    parts = [_part(node, currency, problems) for node in root.every("STMTRS", "CCSTMTRS", "INVSTMTRS")]
    if not parts:
        raise ImportFileError("There is no account in this OFX file.", "Download it from your bank again.")
    return Statement("ofx", tuple(parts), tuple(problems))


def _parse(text: str) -> Node:
    start = re.search(r"<OFX[\s>]", text, re.IGNORECASE)
    if start is None:
        raise ImportFileError("The OFX file ends before its content begins.", "Download it from your bank again.")
    line = text.count("\n", 0, start.start()) + 1
    root = Node("", line)
    stack = [root]
    for found in _TOKEN.finditer(text, start.start()):
        data, closing, name, empty, words = found.groups()
        if name is not None:
            _tag(stack, name.upper(), line, closing=bool(closing), empty=bool(empty))
        elif data is not None:
            stack[-1].text += data.strip()
        elif words is not None and words.strip():
            stack[-1].text += unescape(words.strip())
        line += found.group().count("\n")
    return root


def _tag(stack: list[Node], name: str, line: int, *, closing: bool, empty: bool) -> None:
    if closing:
        if any(node.name == name for node in stack[1:]):
            while stack.pop().name != name:
                pass
        return
    # In SGML a field is not closed: the next tag ends it.
    while len(stack) > 1 and (stack[-1].text or _is_field(stack[-1].name)):
        stack.pop()
    if len(stack) > 64:
        raise ImportFileError("The file is nested too deeply to be OFX.", line=line)
    node = Node(name, line)
    stack[-1].children.append(node)
    if not empty:
        stack.append(node)


def _is_field(name: str) -> bool:
    return (
        name not in _AGGREGATES
        and name not in _CASH_ACTIONS
        and name not in _SHARE_ACTIONS
        and not name.endswith(("RS", "V1", "LIST", "INFO", "FROM", "TO", "RQ"))
        and not name.startswith(("POS", "SEC"))
    )


def _part(node: Node, currency: str, problems: list[str]) -> StatementRecord:
    code = (node.value("CURDEF") or currency).upper()[:3]
    account = _account(node, code)
    records: list[TransactionRecord] = []
    for row in node.every("STMTTRN", *_CASH_ACTIONS, *_SHARE_ACTIONS):
        if row.name == "STMTTRN":
            records.append(_record(row, account.key, code))
        elif row.name in _CASH_ACTIONS:
            records.append(_investment(row, account.key, code))
        else:
            problems.append(f"Line {row.line}: a {row.name.lower()} of shares moves no cash and was left out.")
    balance, day = _balance(node)
    return StatementRecord(account, tuple(_distinct(records, problems)), balance, day)


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
    name, memo = row.value("NAME") or row.value("PAYEE", "NAME"), row.value("MEMO")
    return TransactionRecord(
        account_key=account,
        date=_date(row, "DTPOSTED"),
        amount=_money(row, "TRNAMT"),
        name=" ".join((name or memo or row.value("TRNTYPE").title() or "Unnamed").split())[:500],
        currency=code,
        key=row.value("FITID") or None,
        authorized_date=_maybe_date(row.value("DTUSER")),
        original_text=" ".join((memo or "").split())[:2000],
        check_number=row.value("CHECKNUM").strip("0")[:64] and row.value("CHECKNUM")[:64],
    )


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
        key=inner.value("FITID") or None,
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
    day = _maybe_date(written)
    if day is None:
        what = f"the date {written!r} does not exist" if written else "it has no date"
        raise ImportFileError(
            f"This transaction can't be read: {what}.", "Nothing was imported. Download the file again.", row.line
        )
    return day


def _maybe_date(written: str) -> date | None:
    return read_date(written, day_first=False) if re.match(r"\d{8}", written) else None


def _money(row: Node, field_name: str) -> Decimal:
    written = row.value(field_name)
    amount = _number(written)
    if amount is None:
        what = f"{written!r} is not an amount" if written else "it has no amount"
        raise ImportFileError(
            f"This transaction can't be read: {what}.", "Nothing was imported. Download the file again.", row.line
        )
    return kept(amount, row.line)


def _number(written: str) -> Decimal | None:
    """Read an OFX amount: digits with a point or comma as the decimal mark, no grouping, no currency sign."""
    text = written.strip()
    return read_amount(text.replace(",", "."), ".") if re.fullmatch(r"[+-]?\d*[.,]?\d+|[+-]?\d+[.,]", text) else None


def _balance(node: Node) -> tuple[Decimal | None, date | None]:
    ledger = node.find("LEDGERBAL")
    if ledger is None:
        return None, None
    amount, day = _number(ledger.value("BALAMT")), _maybe_date(ledger.value("DTASOF"))
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
