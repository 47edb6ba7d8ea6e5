"""What a model brought in itself is no finding: a product by a number that it chose, or SQL that returns one.

Without this, "spent" times 7.13 would be a value of a tool, and so any figure at all could be made one.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from core.coach.folding import fold
from core.coach.turns import Found

PLAIN: Final = frozenset(map(Decimal, "0 0.5 1 2 3 4 5 6 7 10 12 24 30 52 100 365".split()))
"""Of months, weeks, days and per cent: by these anybody may multiply."""
_REFERENCE: Final = re.compile(r"c\d+(?=:)")
_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'")
_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL: Final = re.compile(
    r"(?<![\w.\"])(?:0[xb][\da-f_]+|(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?)(?![\w\"])", re.IGNORECASE
)
_HELD_AGAINST: Final = re.compile(
    r"(?:[<>]=?|(?<![:=])=|!=|<>|\bbetween|\band|\blimit|\boffset|\binterval|\bi?like|\bin\s*\((?:[^()]*,)?)\s*-?\s*$",
    re.IGNORECASE,
)
_READ_AS: Final = re.compile(r"(?:\b(?:date|timestamp)|\b(?:try_)?cast\s*\(|\bstrptime\s*\()\s*$", re.IGNORECASE)
"""Before a text in quotes: it is a day."""


def findings(found: Sequence[Found], question: str) -> list[Found]:
    """Return what was found without the results whose figures a model could have chosen.

    The question's own numbers may be reckoned with ("what if I saved 250 more each month").
    """
    written = (_number(one.strip(".,")) for one in re.findall(r"\d[\d.,]*", fold(question).text))
    asked = {number for number in written if number is not None}
    kept: list[Found] = []
    dropped: set[str] = set()
    for one in found:
        given = one.call.arguments if isinstance(one.call.arguments, Mapping) else {}
        made_up = (one.call.tool == "calculate" and _is_reckoned_up(given, asked, dropped)) or (
            one.call.tool == "run_query" and _is_written_up(str(given.get("sql", "")), asked)
        )
        if made_up:
            dropped.add(one.call.id)
        else:
            kept.append(one)
    return kept


def _is_reckoned_up(given: Mapping[str, object], asked: set[Decimal], dropped: set[str]) -> bool:
    if any(reference in dropped for reference in _REFERENCE.findall(str(given.get("refs", "")))):
        return True
    by = given.get("by")
    if by is None:
        return False
    number = _number(str(by))
    return number is None or abs(number) not in PLAIN | asked


def _is_written_up(sql: str, asked: set[Decimal]) -> bool:
    """Tell whether SQL has a number or a day of its own but where values are held against it, or reads no view."""
    bare = _COMMENT.sub(" ", sql)
    for text in _QUOTED.finditer(bare):
        before = _READ_AS.sub("", _QUOTED.sub("''", bare[: text.start()]))
        if any(map(str.isdigit, text[1])) and not _HELD_AGAINST.search(before):
            return True
    bare = _QUOTED.sub("''", bare)
    if not re.search(r"\bfrom\b", bare, re.IGNORECASE):
        return True
    known = PLAIN | asked
    return any(
        _number(one[0].replace("_", "")) not in known and not _HELD_AGAINST.search(bare[: one.start()])
        for one in _LITERAL.finditer(bare)
    )


def _number(written: str) -> Decimal | None:
    try:
        return Decimal(written.replace(",", "").strip())
    except InvalidOperation:
        return None
