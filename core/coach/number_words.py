"""Numbers that are written out: in English, in Chinese numerals, and hundreds and more of a few other languages."""

# ruff: noqa: RUF001 - numbers are read as they are written

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

_SMALL: Final = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS: Final = {
    word: 10 * (place + 2) for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_GREAT: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SPELT: Final = re.compile(
    rf"(?<![\w.,])(?:{'|'.join((*_SMALL, *_TENS, *_GREAT))}|dozen|twice|thrice|doubled|tripled|quadrupled|halved|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten)-?fold|(?<=\ba )grand(?! total))(?!\w)",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"(?: ?- ?| | and | and a )", re.IGNORECASE)
_ARTICLE: Final = re.compile(r"\b(?:a|an) $", re.IGNORECASE)
FOREIGN: Final = re.compile(
    r"(?<![\w-])(?:\w*(?:hundert|tausend|honderd|duizend)\w*|(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix)[ -]"
    r"(?:cents?|mille|millions?)|mille|cien|ciento|\w+cientos|quinientos|\w*cento|\w+mila|milioni|mil|millones|"
    r"millionen|milliarden|mil[hl]ões)(?![\w-])",
    re.IGNORECASE,
)
"""Hundreds and more as they are written out in other languages: seen, and not read."""
_OTHERS: Final = {
    "dozen": "12", "twice": "2", "thrice": "3", "doubled": "2", "tripled": "3", "quadrupled": "4", "halved": "0.5",
    "grand": "1000",
}  # fmt: skip
PARTS: Final = {
    "half": "50", "third": "33.3", "two thirds": "66.7", "quarter": "25", "three quarters": "75", "fifth": "20",
    "sixth": "16.7", "seventh": "14.3", "eighth": "12.5", "ninth": "11.1", "tenth": "10",
}  # fmt: skip
_TIME: Final = r"(?:month|year|quarter|week|time|day|hour)"
_NO_TIME: Final = rf"(?!(?:(?:the|this|that|last|next|a|an|one) )?{_TIME})"
PART: Final = re.compile(
    r"(?<![\w-])(?:(?:(?:a|one)[ -])?(half|third|two[ -]thirds|quarter|three[ -]quarters)"
    rf"(?= (?:of )?(?:your|my|all|it|that|what|the)\b(?! {_TIME}))"
    rf"|(?:a|one)[ -](half|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)(?= of {_NO_TIME})"
    rf"|(half)(?= of {_NO_TIME}[a-z]))",
    re.IGNORECASE,
)
"""A part of something, in one of the groups; of a month or a year it says nothing about money."""
HAN: Final = re.compile(
    r"[一二三四五六七八九十百千万億亿兩两零〇]{2,}|[一二三四五六七八九十百千万](?=[元円块圆歳月日年笔件回])"
)
_HAN_DIGITS: Final = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_HAN_GREAT: Final = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "億": 10**8, "亿": 10**8}


def spelt(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Find the numbers that are written out in English: where each begins and ends, and its value."""
    found = list(_SPELT.finditer(text))
    place = 0
    while place < len(found):
        word = found[place][0].casefold()
        start, end = found[place].span()
        if word in _SMALL or word in _TENS or word in _GREAT:
            if word in _GREAT and (re.search(r"\d ?$", text[max(0, start - 2) : start])):
                place += 1
                continue
            article = _ARTICLE.search(text, max(0, start - 3), start)
            run = [word]
            while place + 1 < len(found) and _joined(text[end : found[place + 1].start()], run, found[place + 1][0]):
                place += 1
                run.append(found[place][0].casefold())
                end = found[place].end()
            yield article.start() if article and word in _GREAT else start, end, Decimal(_value(run))
        else:
            yield start, end, Decimal(_OTHERS.get(word) or _SMALL[word.removesuffix("fold").rstrip("-")])
        place += 1


def _joined(between: str, run: list[str], following: str) -> bool:
    after, last = following.casefold(), run[-1]
    if not _BETWEEN.fullmatch(between):
        return False
    if "and" in between and last not in _GREAT:
        return False
    if after in _GREAT:
        return True
    if last in _TENS:
        return 0 < _SMALL.get(after, 99) < 10
    return last in _GREAT and (after in _SMALL or after in _TENS)


def _value(run: list[str]) -> int:
    total = current = 0
    for word in run:
        if word in _GREAT:
            current = max(current, 1) * _GREAT[word]
            if word != "hundred":
                total, current = total + current, 0
        else:
            current += _SMALL.get(word, 0) + _TENS.get(word, 0)
    return total + current


def han(written: str) -> Decimal:
    """Return what a Chinese numeral is, digit by digit or with its tens and hundreds."""
    if all(letter in _HAN_DIGITS for letter in written):
        return Decimal("".join(str(_HAN_DIGITS[letter]) for letter in written))
    total = section = digit = 0
    for letter in written:
        if letter in _HAN_DIGITS:
            digit = _HAN_DIGITS[letter]
        elif _HAN_GREAT[letter] < 10**4:
            section += max(digit, 1) * _HAN_GREAT[letter]
            digit = 0
        else:
            total += max(section + digit, 1) * _HAN_GREAT[letter]
            section = digit = 0
    return Decimal(total + section + digit)
