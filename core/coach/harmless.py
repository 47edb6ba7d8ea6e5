"""Figures that say nothing about money, those that only repeat what was asked for, and words that stand for a minus."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from core.coach.numerals import COUNTED, Numeral

_SUPERLATIVE: Final = (
    r"largest|biggest|highest|smallest|lowest|most|least|newest|latest|oldest|cheapest|costliest|main|top|"
    r"(?:recurring )?(?:things|ways|points|options|questions|reasons|steps|tips|ideas|suggestions|notes)"
)
_RANKED_AFTER: Final = re.compile(rf"(?:st|nd|rd|th)? (?:(?!at )[a-z]+ )?(?:{_SUPERLATIVE})\b", re.IGNORECASE)
_RANK_BEFORE: Final = re.compile(r"\b(?:top|no\.|number|rank|option|step|point)[ -]$|#$", re.IGNORECASE)
_MARKER: Final = re.compile(r"(?:^|\n)[ >]*(\d{1,2})[.)](?= )")
_NAMES: Final = re.compile(
    r"24/7|401\(?k\)?|403\(?b\)?|529(?= plan)|365(?= days a year)|four cases (?:out )?of five", re.IGNORECASE
)
_OUT: Final = re.compile(
    r"\b(?:spen[dt]|spending|paid|pays?|paying|payments?|cost|costs|charged?|charges|bought|purchases?|expenses?|withdr\w+|"
    r"went out|sent|left your|fell|fallen|falls|drop\w*|declin\w+|decreas\w+|down|less|lower|fewer|under|below|behind|"
    r"short\w*|reduc\w+|los[st]|losses|overdrawn|overspent|over budget|ow(?:e|es|ed|ing)|debts?|negative|deficit|"
    r"refunded|fees?|bills?|subscriptions?|debits?|outflows?|outgoings?|saved less)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS: Final = re.compile(r"[.!?](?=\s)|\n")
_ASKED_BEFORE: Final = re.compile(
    r"\b(?:you (?:asked(?: about| for)?|mention(?:ed)?|named|gave|wrote|said)|your (?:question|figure|number|limit)"
    r"(?: of| about)?) (?:(?:the|an?|about|over|under|above|below|more than|less than|at least|at most) ){0,2}$",
    re.IGNORECASE,
)
_FILTER: Final = re.compile(
    rf"\b(?:{COUNTED}|anything|everything|ones?|those|spending|amounts?)(?: (?:of|that (?:are|were|is|was)))?"
    r" (over|above|under|below|more than|less than|at least|at most|larger than|bigger than|smaller than|exceeding|"
    r"between)(?: or equal to)? $",
    re.IGNORECASE,
)
_SCOPE: Final = re.compile(
    r"\b(?:last|past|previous|first|next|top|over|within|coming|recent|latest|these|those|largest|biggest)"
    r"(?: the)?(?: last| past| next)? $",
    re.IGNORECASE,
)


def harmless(text: str, one: Numeral) -> bool:
    """Tell whether a number is a list's own, a rank, or part of a word that everybody knows."""
    if one.unit in {"money", "percent"} or one.sign or one.scaled:
        return False
    if any(
        found.start() <= one.first < found.end()
        for found in _NAMES.finditer(text, max(0, one.first - 24), one.first + 24)
    ):
        return True
    size = max((reading.size for reading in one.readings), default=None)
    if size is None or size != size.to_integral_value():
        return False
    if one.first in _markers(text):
        return True
    if size > 50:
        return False
    return bool(_RANKED_AFTER.match(text, one.last) or _RANK_BEFORE.search(text, max(0, one.first - 10), one.first))


@lru_cache(maxsize=8)
def _markers(text: str) -> frozenset[int]:
    """Return where the numbers of lists stand: each list counts from 1, one by one."""
    found: set[int] = set()
    expected = 1
    for marker in _MARKER.finditer(text):
        number = int(marker[1])
        if number in {1, expected}:
            found.add(marker.start(1))
            expected = number + 1
    return frozenset(found)


def outward(text: str, start: int, end: int) -> bool:
    """Tell whether the sentence around a figure says that money went out or something fell.

    An item of a list or a row of a table goes with the line that leads to it.
    """
    line_start = text.rfind("\n", 0, start) + 1
    before = text[line_start:start]
    sentence = _SENTENCE_ENDS.split(before)[-1] + text[start:end] + _SENTENCE_ENDS.split(text[end : end + 160])[0]
    if _OUT.search(sentence):
        return True
    if re.match(r"\s*(?:[-+•|]|\d{1,2}[.)] | )", text[line_start : line_start + 12]):
        lines = text[:line_start].rstrip("\n").split("\n")
        for line in reversed(lines[-60:]):
            if line.strip() and not re.match(r"\s*(?:[-+•|]|\d{1,2}[.)] | )", line):
                return bool(_OUT.search(line))
        return bool(lines and _OUT.search(lines[0]))
    return False


def asked_for(text: str, one: Numeral, question: str, asked: Sequence[Numeral]) -> bool:
    """Tell whether a number only repeats the question's, as what was asked for, never as a finding."""
    same = [
        other
        for other in asked
        if other.readings and one.readings and other.readings[0].size == one.readings[0].size
        and other.unit == one.unit and other.sign == one.sign
    ]  # fmt: skip
    if not same:
        return False
    before = text[max(0, one.start - 60) : one.start]
    if _ASKED_BEFORE.search(before):
        return True
    threshold = _FILTER.search(before)
    if threshold:
        word = threshold[1].casefold()
        return any(word in question[max(0, other.start - 30) : other.start].casefold() for other in same)
    if one.unit in {"count", ""} and _SCOPE.search(before):
        return any(_SCOPE.search(question[max(0, other.start - 30) : other.start]) for other in same)
    return False
