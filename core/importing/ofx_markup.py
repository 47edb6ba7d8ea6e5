"""OFX as elements: SGML with fields that nothing closes, and XML, by one tokenizer that knows its lines.

Works in time that grows with the file's length, whatever is in it.
"""

import re
from html import unescape
from typing import Final

from core.errors import ImportFileError
from core.importing.markup import DEEPEST, Node

_TOKEN: Final = re.compile(
    r"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<(/?)([A-Za-z][\w.]*)(?:\s[^<>]*?)?(/?)>|<[?!][^<>]*>|([^<]+|<)", re.DOTALL
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_AGGREGATES: Final = frozenset(
    "OFX STMTRS CCSTMTRS INVSTMTRS STMTTRNRS CCSTMTTRNRS INVSTMTTRNRS BANKTRANLIST INVTRANLIST STMTTRN STATUS SONRS FI "
    "SIGNONMSGSRSV1 BANKMSGSRSV1 CREDITCARDMSGSRSV1 INVSTMTMSGSRSV1 SECLISTMSGSRSV1 SECLIST BANKACCTFROM CCACCTFROM "
    "INVACCTFROM BANKACCTTO CCACCTTO LEDGERBAL AVAILBAL CURRENCY ORIGCURRENCY INVBANKTRAN PAYEE INVTRAN INVBUY INVSELL "
    "SECID INVPOSLIST INVPOS INVBAL BALLIST BAL IMAGEDATA STMTTRNP BANKTRANLISTP LOANTRANLIST LOANSTMTRS".split()
)
CASH_ACTIONS: Final = frozenset(
    "BUYDEBT BUYMF BUYOPT BUYOTHER BUYSTOCK SELLDEBT SELLMF SELLOPT SELLOTHER SELLSTOCK INCOME INVEXPENSE "
    "MARGININTEREST RETOFCAP".split()
)
SHARE_ACTIONS: Final = frozenset("TRANSFER REINVEST SPLIT JRNLSEC CLOSUREOPT JRNLFUND".split())
_ONCE_OPEN: Final = frozenset(
    "STMTTRN STMTTRNP STMTRS CCSTMTRS INVSTMTRS STMTTRNRS CCSTMTTRNRS INVSTMTTRNRS BANKTRANLIST".split()
)
"""What is never within itself: where it opens again, its closing tag is missing."""


def parse_ofx(text: str) -> Node:
    """Return a root without a name that holds the elements of an OFX file, names in capitals.

    Raises:
        ImportFileError: nothing of OFX begins in it, it nests too deeply, or a section of it does not end.
    """
    start = re.search(r"<OFX[\s>]", text, re.IGNORECASE)
    if start is None:
        raise ImportFileError("The OFX file ends before its content begins.", "Download it from your bank again.")
    for opening, closing in (("<![CDATA[", "]]>"), ("<!--", "-->")):
        if (last := text.rfind(opening, start.start())) > text.rfind(closing):
            raise ImportFileError(
                f"A {opening} opens here and never closes.", "Download the file again.", text.count("\n", 0, last) + 1
            )
    line = text.count("\n", 0, start.start()) + 1
    tree = _Tree(Node("", line))
    for found in _TOKEN.finditer(text, start.start()):
        data, closing, name, empty, words = found.groups()
        if name is not None:
            tree.tag(name.upper(), line, closing=bool(closing), empty=bool(empty))
        elif data is not None:
            tree.words(data)
        elif words is not None:
            tree.words(_ENTITY.sub(lambda entity: unescape(entity.group()), words))
        line += found.group().count("\n")
    return tree.closed()


class _Tree:
    """The elements that are open while a file is read, each with the pieces of its text."""

    def __init__(self, root: Node) -> None:
        self._open: list[tuple[Node, list[str]]] = [(root, [])]

    def words(self, text: str) -> None:
        """Add to the text of the innermost element; space before its text does not count."""
        pieces = self._open[-1][1]
        if pieces or not text.isspace():
            pieces.append(text)

    def tag(self, name: str, line: int, *, closing: bool, empty: bool) -> None:
        """Open or close an element."""
        if closing:
            self._close(name)
            return
        # In SGML a field is not closed: the next tag ends it.
        while len(self._open) > 1 and (self._open[-1][1] or _is_field(self._open[-1][0].name)):
            self._pop()
        if name in _ONCE_OPEN:
            self._close(name)
        if len(self._open) > DEEPEST:
            raise ImportFileError("The file is nested too deeply to be OFX.", line=line)
        node = Node(name, line)
        self._open[-1][0].children.append(node)
        if not empty:
            self._open.append((node, []))

    def closed(self) -> Node:
        """Close all that is open and return the root."""
        root = self._open[0][0]
        while self._open:
            self._pop()
        return root

    def _close(self, name: str) -> None:
        if any(node.name == name for node, _ in self._open[1:]):
            while self._pop() != name:
                pass

    def _pop(self) -> str:
        node, pieces = self._open.pop()
        node.text = "".join(pieces).strip()
        return node.name


def _is_field(name: str) -> bool:
    return (
        name not in _AGGREGATES
        and name not in CASH_ACTIONS
        and name not in SHARE_ACTIONS
        and not name.endswith(("RS", "V1", "LIST", "INFO", "FROM", "TO", "RQ"))
        and not name.startswith(("POS", "SEC"))
    )
