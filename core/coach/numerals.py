"""Numbers in a text: with separators of any custom, signs, currencies, per cent, "12k", "1.2 million", "twelve"."""

# ruff: noqa: RUF001 - numbers are read as they are written

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from babel import Locale

from core.coach.evidence import Sign, marked
from core.coach.number_words import FOREIGN, HAN, PART, PARTS, han, spelt

Unit = Literal["", "money", "percent", "count", "times"]

COUNTED: Final = (
    r"transactions?|payments?|purchases?|charges?|days?|weeks?|months?|years?|quarters?|accounts?|categor(?:y|ies)|"
    r"merchants?|shops?|stores?|subscriptions?|bills?|goals?|budgets?|items?|rows?|insights?|deposits?|refunds?|"
    r"transfers?|visits?|orders?|entries|results?|banks?|cards?|loans?|debts?|expenses|paychecks?|paydays?"
)
CURRENCY_SIGNS: Final = r"$¢£¤¥֏؋৲৳૱௹฿៛\u20a0-\u20cf"
MONEY_WORDS: Final = (
    r"(?:US|U\.S\.|American|Canadian|Australian|British|Swiss|Japanese|Swedish|Norwegian|Danish)?\s?"
    r"(?:dollars?|bucks?|cents?|euros?|pounds?|quid|pence|yen|yuan|francs?|rupees?|kron(?:a|or|e|er)|pesos?|zloty|"
    r"lira|reais|real|rand|won|rubles?|shekels?|dirhams?|bitcoins?)"
)
_SCALES: Final = {
    "k": 3, "thousand": 3, "tsd": 3, "grand": 3, "tausend": 3, "mille": 3, "mila": 3, "m": 6, "mn": 6, "mio": 6,
    "million": 6, "millions": 6, "millionen": 6, "millones": 6, "milioni": 6, "b": 9, "bn": 9, "mrd": 9, "billion": 9,
    "billions": 9, "milliarden": 9, "trillion": 12, "万": 4, "億": 8, "亿": 8, "lakh": 5, "crore": 7, "hundred": 2,
}  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?<![\d.,'])(?:\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)*|\d+(?:[.,']\d+)*|(?<!\w)\.\d+)(?:[¼-¾⅐-⅞])?|[¼-¾⅐-⅞]"
    r"|(?<=[.,'])\d+(?:[.,']\d+)*"
)
_FRACTIONS: Final = {
    "¼": "0.25", "½": "0.5", "¾": "0.75", "⅐": "0.14", "⅑": "0.11", "⅒": "0.1", "⅓": "0.33", "⅔": "0.67", "⅕": "0.2",
    "⅖": "0.4", "⅗": "0.6", "⅘": "0.8", "⅙": "0.17", "⅚": "0.83", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625",
    "⅞": "0.875",
}  # fmt: skip
_SCALE: Final = re.compile(
    r"(?:(k|m|b|bn|mn)(?![\w'])| ?(thousand|hundred|grand|tausend|mille|mila|millionen|millones|milioni|"
    r"milliarden|millions?|billions?|trillion|lakh|crore|mio|mrd|tsd|bn|mn)\b\.?| ?(万|億|亿))",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(
    r" ?-?(?:%|‰|(?:per ?cent|pct|percentage[ -]points?|prozent|pour ?cent|por ?ciento|pp|pts)\b)", re.IGNORECASE
)
_TIMES: Final = re.compile(r" ?-?(?:x\b|×|times\b|fold\b)", re.IGNORECASE)
_COUNTED: Final = re.compile(rf"[ -](?:[a-z]+[ -]){{0,2}}?(?:{COUNTED})\b", re.IGNORECASE)
_MONEY_AFTER: Final = re.compile(rf" ?-?(?:[{CURRENCY_SIGNS}](?! ?[\d.])|{MONEY_WORDS}\b)", re.IGNORECASE)
_MARK_AFTER: Final = re.compile(r" ?([^\W\d_](?:[^\s\d,;:!?()|\[\]]{0,5}))", re.IGNORECASE)
_MARK_BEFORE: Final = re.compile(rf"((?:[A-Za-z]{{1,3}})?[{CURRENCY_SIGNS}]|[^\W\d_][^\s\d,;:!?()|\[\]]{{0,5}}) ?-?$")
_SIGN_BEFORE: Final = re.compile(
    rf"(?:(?<![^\s(\[{{\"'“|:>=/{CURRENCY_SIGNS}])(-|\+)|\b(minus|negative) )$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written number may mean: `half` of the unit of its last digit either way."""

    size: Decimal
    half: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a folded text, with all that belongs to it: sign, currency, per cent."""

    start: int
    end: int
    first: int
    """Where its digits begin, and `last` where they end."""
    last: int
    readings: tuple[Reading, ...]
    sign: Sign
    unit: Unit
    mark: str = ""
    """The currency's sign or word, as `marked` gives it."""
    scaled: bool = False


def numerals(text: str, marks: Collection[str], point: str) -> Iterator[Numeral]:
    """Find every number in a folded text.

    `marks` are the signs and words of currencies that are known from the results, `point` what the person writes
    between whole and decimals. "1.234" is read in the person's way and in the English way, where these differ.
    """
    for found in _NUMBER.finditer(text):
        yield _with_unit(text, found.start(), found.end(), _readings(found[0], point), marks)
    for start, end, value in spelt(text):
        reading = Reading(value, Decimal("0.5") if value == value.to_integral_value() else Decimal("0.05"), 0)
        one = _with_unit(text, start, end, (reading,), marks)
        if value == 1 and not one.unit and text[start:end].casefold() == "one":
            continue
        yield one
    for found in PART.finditer(text):
        if re.search(
            r"\b(?:first|second|third|last|latter|next|this|fiscal) $", text[max(0, found.start() - 8) : found.start()]
        ):
            continue
        word = next(one for one in found.groups() if one)
        part = Reading(Decimal(PARTS[word.casefold().replace("-", " ")]), Decimal("0.5"), 0)
        yield Numeral(found.start(), found.end(), found.start(), found.end(), (part,), "", "percent")
    for found in FOREIGN.finditer(text):
        if not re.search(r"\d ?$", text[max(0, found.start() - 2) : found.start()]) or found[0].casefold() == "mil":
            yield _with_unit(text, found.start(), found.end(), (), marks)
    for found in HAN.finditer(text):
        reading = Reading(han(found[0]), Decimal("0.5"), 0)
        yield _with_unit(text, found.start(), found.end(), (reading,), marks)


def beside(text: str, start: int, end: int, marks: Collection[str]) -> tuple[Unit, str]:
    """Return what stands right beside a stretch of a folded text: "money" with its mark, "percent", or nothing.

    A currency that says which payments are meant, as in "12 USD payments", is no unit of the stretch.
    """
    _, before = _mark_before(text, start, marks)
    until, after = _mark_after(text, end, marks)
    if before or (after and not _COUNTED.match(text, until)):
        return "money", before or after
    if _PERCENT.match(text, end) or re.search(r"% ?$", text[max(0, start - 2) : start]):
        return "percent", ""
    return "", ""


def _with_unit(text: str, first: int, last: int, readings: tuple[Reading, ...], marks: Collection[str]) -> Numeral:
    end, scaled = last, False
    scale = _SCALE.match(text, end)
    if scale:
        power = _SCALES[next(word for word in scale.groups() if word).casefold()]
        readings = tuple(Reading(one.size.scaleb(power), one.half.scaleb(power), one.decimals) for one in readings)
        end, scaled = scale.end(), True
    start, sign = _signed(text, first)
    start_of_mark, mark = _mark_before(text, start, marks)
    if mark:
        start = start_of_mark
        if not sign:
            start, sign = _signed(text, start)
    after, mark_after = _mark_after(text, end, marks)
    if mark_after and not mark:
        mark, end = mark_after, after
    kind: Unit = "money" if mark else ""
    percent = _PERCENT.match(text, end)
    if percent and not mark:
        kind, end = "percent", percent.end()
    elif not mark and re.search(r"% ?$", text[max(0, start - 2) : start]):
        kind, start = "percent", text.rindex("%", 0, start)
        if not sign:
            start, sign = _signed(text, start)
    elif not mark and (times := _TIMES.match(text, end)):
        kind, end = "times", times.end()
    elif not mark and _COUNTED.match(text, end):
        kind = "count"
    if mark in {"cent", "cents", "pence", "¢"}:
        readings = tuple(Reading(one.size.scaleb(-2), one.half.scaleb(-2), one.decimals + 2) for one in readings)
    return Numeral(start, end, first, last, readings, sign, kind, mark, scaled)


def _signed(text: str, start: int) -> tuple[int, Sign]:
    found = _SIGN_BEFORE.search(text, max(0, start - 12), start)
    if not found:
        return start, ""
    word = next(one for one in found.groups() if one)
    return found.start(), "+" if word == "+" else "-"


def _mark_before(text: str, start: int, marks: Collection[str]) -> tuple[int, str]:
    found = _MARK_BEFORE.search(text, max(0, start - 10), start)
    if not found:
        return start, ""
    mark = marked(found[1])
    foreign = re.fullmatch(rf"[{CURRENCY_SIGNS}]", found[1][-1]) or found[1] in _codes()
    if mark in marks or foreign:
        return found.start(1), mark
    return start, ""


def _mark_after(text: str, end: int, marks: Collection[str]) -> tuple[int, str]:
    found = _MONEY_AFTER.match(text, end)
    if found:
        return found.end(), marked(found[0].replace("-", "")).removeprefix("us").removeprefix("american")
    word = _MARK_AFTER.match(text, end)
    if word and (marked(word[1]) in marks or word[1].rstrip(".") in _codes()):
        return word.end(), marked(word[1])
    return end, ""


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(Locale.parse("en_US").currencies)


@lru_cache(maxsize=2048)
def _readings(written: str, point: str) -> tuple[Reading, ...]:
    fraction = _FRACTIONS.get(written[-1])
    if fraction is not None:
        whole = written[:-1] or "0"
        return (_reading(whole, fraction.partition(".")[2]),) if whole.isdecimal() else ()
    body = written.replace(" ", "").replace("'", "")
    if "'" in written and not all(len(one.partition(".")[0].partition(",")[0]) == 3 for one in written.split("'")[1:]):
        return ()
    marks = [letter for letter in body if letter in ".,"]
    if not marks:
        return (_reading(body),)
    last = marks[-1]
    if len(set(marks)) == 2:
        whole, _, decimals = body.rpartition(last)
        ok = last not in whole and _grouped(whole, marks[0])
        return (_reading(re.sub(r"[.,]", "", whole), decimals),) if ok else ()
    if len(marks) > 1 or " " in written or "'" in written:
        if len(marks) == 1:
            whole, _, decimals = body.partition(last)
            return (_reading(whole, decimals),)
        return (_reading(body.replace(last, "")),) if _grouped(body, last) else ()
    whole, _, decimals = body.partition(last)
    found = []
    grouped = len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if not grouped or last in {point, "."}:
        found.append(_reading(whole or "0", decimals))
    if grouped and (last != point or last == ","):
        found.append(_reading(whole + decimals))
    return tuple(found)


def _grouped(whole: str, mark: str) -> bool:
    """Tell whether digits are grouped by threes, or as in India by twos before the last three."""
    first, *rest = whole.split(mark)
    if not first or not rest or len(rest[-1]) != 3 or len(first) > 3:
        return False
    return all(len(one) == 3 for one in rest) or (len(first) <= 2 and all(len(one) == 2 for one in rest[:-1]))


def _reading(whole: str, decimals: str = "") -> Reading:
    return Reading(
        Decimal(f"{whole}.{decimals}" if decimals else whole),
        Decimal(5).scaleb(-len(decimals) - 1),
        len(decimals),
    )
