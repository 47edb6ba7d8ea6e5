"""Nothing false is shown as a fact: every figure of an answer is one that a tool told, or it is marked.

The rule, in full:

- A reference [[c1:spent]] is replaced by its value as the person writes it. One that leads nowhere is unmatched, and so
  is one that the text bends: a minus, a digit or "million" right beside it, or a unit that its value has not, as in
  "$" before a count.
- Any other amount, percentage, count, day, month or year has to be a value of this turn's results, exactly or
  rounded to the decimals that are written. What could be derived is not enough: any percentage can be derived from
  thirty values.
- A figure says what it is: with a currency only amounts of that currency are looked up, with per cent only shares,
  before "transactions" and the like only counts. A bare number may be a count or an amount; it is taken for a rounded
  one only from 100 on or with decimals, for small whole numbers meet by chance.
- A minus is kept. A negative value may be told without it where the sentence says that it went out ("spent", "fell").
- A question proves nothing. Its years and months may be named again, and its other numbers only as what was asked for:
  in "the last 3 months", "purchases over $100", "you asked about $500". Else "Is my balance $9,999?" would make it so.
- Texts from outside may hold figures ("7-Eleven"). Where an answer repeats such a text whole, its figures are part of a
  name and shown as a quotation, so that a memo "Your balance is $9,999" can't speak in our voice.
- A model's own numbers do not become a tool's by going through it: `calculate` times a number that is neither the
  calendar's nor the question's, and SQL that returns a number of its own, prove nothing.
- Numbers that are written out are read in English. In other languages hundreds and more are seen and always marked;
  smaller ones are not: the answer is asked to write figures as references.
- Numbers of lists, "top 5", "the 3 largest", "24/7" and the like say nothing about money, and stay as they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from babel.numbers import get_decimal_symbol

from core.coach.brought_in import findings
from core.coach.dates_said import Said, days_said
from core.coach.evidence import Evidence, Sort, Told
from core.coach.folding import STAND_IN, Folded, fold
from core.coach.grounded import Grounded, Part
from core.coach.harmless import asked_for, harmless, outward
from core.coach.numerals import Numeral, beside, numerals
from core.coach.turns import Found
from core.coach.values import LONGEST_TEXT, Amount, Count, Leaf, Number, Share, Text, at, is_leaf, told
from core.formats import PlainFormats, known_locale, one_line

_REFERENCE: Final = re.compile(r"\[\[\s*(c\d+)\s*:\s*([^\[\]\s]+)\s*\]\]")
_SORTS: Final[dict[str, tuple[Sort, ...]]] = {
    "money": ("amount",),
    "percent": ("share", "number"),
    "count": ("count", "number"),
    "times": ("number", "count"),
    "": ("count", "number", "amount"),
}
_BENDS_BEFORE: Final = re.compile(r"(?:\d[.,' ]?|(?<![^\s(\[|:])-|\b(?:minus|negative) )$", re.IGNORECASE)
_BENDS_AFTER: Final = re.compile(
    r"[.,' ]?\d|(?:k|m|bn?)(?!\w)| ?(?:thousand|hundred|grand|million|billion|trillion|mio|mrd|tsd|万|億|亿)",
    re.IGNORECASE,
)

_MAY_LEAD_AN_AMOUNT: Final = re.compile(r"\b(?:the|your|my|our) $", re.IGNORECASE)


def ground(text: str, question: str, found: Sequence[Found], formats: PlainFormats) -> Grounded:
    """Put in the values that a text refers to, and hold every other figure in it against what the tools found.

    Words are never changed; `formats` are the person's. The module's own words tell the rule.
    """
    return _Grounding(text, question, findings(found, question), formats).grounded()


@dataclass(frozen=True)
class _Grounding:
    text: str
    question: str
    found: Sequence[Found]
    formats: PlainFormats

    @cached_property
    def references(self) -> list[re.Match[str]]:
        return list(_REFERENCE.finditer(self.text))

    @cached_property
    def folded(self) -> Folded:
        return fold(self.text, [one.span() for one in self.references])

    @cached_property
    def asked(self) -> str:
        return fold(self.question).text

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.found, self.formats)

    def grounded(self) -> Grounded:
        parts: list[Part] = []
        place = 0
        for start, end, part in sorted(self._marked(), key=lambda one: one[:2]):
            if end <= place:
                continue
            if start < place:
                # Two that share a sign: of the second, the rest.
                start, part = place, replace(part, text=self.text[place:end])  # noqa: PLW2901
            if place < start:
                parts.append(Part("words", self.text[place:start]))
            parts.append(part)
            place = end
        if place < len(self.text):
            parts.append(Part("words", self.text[place:]))
        return Grounded(tuple(parts))

    def _marked(self) -> Iterator[tuple[int, int, Part]]:
        for one in self.references:
            yield one.start(), one.end(), self._value(one)
        taken = bytearray(len(self.folded.text))
        for start, end in self._quoted():
            taken[start:end] = b"\1" * (end - start)
            begin, stop = self.folded.written(start, end)
            source = next(one for one in self.evidence.texts if _same(one.leaf, self.folded.text[start:end]))
            yield begin, stop, Part("matched", self.text[begin:stop], source.source, source.leaf)
        for start, end, proof in self._as_the_person_writes():
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield self._part(start, end, proof)
        for said in days_said(self.folded.text, self.formats.locale):
            if not any(taken[said.start : said.end]):
                told_day = self._day(said)
                if told_day is None and not self._is_surely_a_day(said):
                    continue
                taken[said.start : said.end] = b"\1" * (said.end - said.start)
                yield self._part(said.start, said.end, told_day)
        point = get_decimal_symbol(known_locale(self.formats.locale))
        for number in numerals(self.folded.text, self.evidence.marks, fold(point).text):
            if any(taken[number.first : number.last]):
                continue
            if harmless(self.folded.text, number):
                continue
            taken[number.first : number.last] = b"\1" * (number.last - number.first)
            yield self._part(number.start, number.end, self._figure(number))

    def _part(self, start: int, end: int, proof: Told | str | None) -> tuple[int, int, Part]:
        begin, stop = self.folded.written(start, end)
        text = self.text[begin:stop]
        if proof is None:
            return begin, stop, Part("unmatched", text)
        if isinstance(proof, str):
            return begin, stop, Part("matched", text, proof)
        return begin, stop, Part("matched", text, proof.source, proof.leaf)

    def _value(self, reference: re.Match[str]) -> Part:
        call, path = reference[1], reference[2]
        unmatched = Part("unmatched", reference[0])
        result = next((one.result for one in self.found if one.call.id == call and one.result is not None), None)
        if result is None:
            return unmatched
        try:
            node = at(result.told, path)
        except KeyError:
            return unmatched
        if isinstance(node, str):
            return Part("value", one_line(node, LONGEST_TEXT), f"{call}:{path}", Text(node))
        if not is_leaf(node) or (not isinstance(node, Text) and self._is_bent(reference.start(), node)):
            return unmatched
        return Part("value", told(node, self.formats), f"{call}:{path}", node)

    def _is_bent(self, written: int, leaf: Leaf) -> bool:
        place = self.folded.place(written)
        text = self.folded.text
        before, after = text[max(0, place - 12) : place], text[place + 1 : place + 14]
        return bool(
            _BENDS_BEFORE.search(before)
            or _BENDS_AFTER.match(after)
            or before[-1:] == STAND_IN
            or after[:1] == STAND_IN
            or self._has_another_unit(place, leaf)
        )

    def _has_another_unit(self, place: int, leaf: Leaf) -> bool:
        unit, mark = beside(self.folded.text, place, place + 1, self.evidence.marks)
        match leaf:
            case Amount(_, currency):
                return unit == "percent" or (unit == "money" and currency not in self.evidence.marks.get(mark, ()))
            case Count():
                return bool(unit)
            case Share() | Number():
                return unit == "money"
            case _:
                return False

    def _quoted(self) -> Iterator[tuple[int, int]]:
        """Find where the text repeats a text from outside that holds a figure, whole."""
        text = self.folded.text.casefold()
        for words in {_words(one.leaf) for one in self.evidence.texts}:
            if not any(letter.isdigit() for letter in words) or not any(letter.isalpha() for letter in words):
                continue
            if words not in text:
                continue
            for hit in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
                if len(text) == len(self.folded.text):
                    yield hit.span()

    def _as_the_person_writes(self) -> Iterator[tuple[int, int, Told]]:
        """Find the results' days and months as the app itself writes them, in languages whose names bend."""
        if known_locale(self.formats.locale).language == "en":
            return
        for one in {one.leaf: one for one in (*self.evidence.days.values(), *self.evidence.months.values())}.values():
            words = _written(one.leaf, self.formats)
            if words in self.folded.text:
                for hit in re.finditer(rf"(?<!\d)(?<!\d[.,]){re.escape(words)}(?!\d|[.,]\d)", self.folded.text):
                    yield *hit.span(), one

    def _day(self, said: Said) -> Told | str | None:
        days, months, years = self.evidence.days, self.evidence.months, self.evidence.years
        for year, month, day in said.ways:
            proof: Told | None = None
            if day:
                proof = next(
                    (
                        one
                        for at_day, one in days.items()
                        if at_day.day == day and at_day.month == month and year in {0, at_day.year}
                    ),
                    None,
                )
            elif month or said.quarter:
                wanted = {month} if month else set(range(said.quarter * 3 - 2, said.quarter * 3 + 1))
                proof = next((one for (y, m), one in months.items() if m in wanted and year in {0, y}), None)
            else:
                proof = years.get(year)
            if proof is not None:
                return proof
            if not day and self._is_asked(year, month, said.quarter):
                return "question"
        return None

    def _is_asked(self, year: int, month: int, quarter: int) -> bool:
        asked = self.asked_days
        years = {way[0] for one in asked for way in one.ways}
        months = {way[1] for one in asked for way in one.ways}
        quarters = {one.quarter for one in asked}
        return (not year or year in years) and (not month or month in months) and (not quarter or quarter in quarters)

    @cached_property
    def asked_days(self) -> list[Said]:
        return list(days_said(self.asked, self.formats.locale, leniently=True))

    def _is_surely_a_day(self, said: Said) -> bool:
        """Tell whether what is not found can't be another number, such as "3/5 goals" or "your 2000 limit"."""
        written = self.folded.text[said.start : said.end]
        led = _MAY_LEAD_AN_AMOUNT.search(self.folded.text, max(0, said.start - 6), said.start)
        return not re.fullmatch(r"\d{1,2}/\d{1,2}", written) and not (led and re.fullmatch(r"\d{4}", written))

    def _figure(self, one: Numeral) -> Told | str | None:
        text = self.folded.text
        goes_out = outward(text, one.start, one.end)
        for reading in one.readings:
            for sort in _SORTS[one.unit]:
                half = reading.half if self._may_be_rounded(one, reading.size, reading.decimals) else Decimal(0)
                proof = self.evidence.figure(sort, reading.size, half, one.sign, outward=goes_out, mark=one.mark)
                if proof is not None:
                    return proof
        return "question" if asked_for(text, one, self.asked, self.asked_numbers) else None

    @cached_property
    def asked_numbers(self) -> list[Numeral]:
        point = get_decimal_symbol(known_locale(self.formats.locale))
        return list(numerals(self.asked, self.evidence.marks, fold(point).text))

    @staticmethod
    def _may_be_rounded(one: Numeral, size: Decimal, decimals: int) -> bool:
        if one.scaled or one.unit in {"money", "percent", "times"}:
            return True
        return decimals > 0 or size >= 100


@lru_cache(maxsize=4096)
def _written(leaf: Leaf, formats: PlainFormats) -> str:
    return fold(told(leaf, formats)).text


def _words(leaf: Leaf) -> str:
    return fold(one_line(leaf.text, LONGEST_TEXT)).text.casefold() if isinstance(leaf, Text) else ""


def _same(leaf: Leaf, written: str) -> bool:
    return _words(leaf) == written.casefold()


__all__ = ["Grounded", "Part", "ground"]
