"""What the tools of a turn told, so that a figure can be looked up by what it is and how far it is rounded."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - of a field's type
from decimal import Decimal
from typing import Final, Literal

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol

from core.coach.turns import Found
from core.coach.values import Amount, Count, Day, Leaf, Month, Number, Share, Text, leaves
from core.formats import PlainFormats, known_locale

Sort = Literal["amount", "share", "count", "number"]
Sign = Literal["", "+", "-"]


@dataclass(frozen=True, slots=True)
class Told:
    """A leaf, and the reference that leads to it."""

    source: str
    leaf: Leaf


@dataclass
class _Shelf:
    """The figures of one sort by their size."""

    sizes: list[Decimal] = field(default_factory=list)
    told: list[tuple[Decimal, Told]] = field(default_factory=list)

    def settle(self) -> None:
        self.told.sort(key=lambda one: abs(one[0]))
        self.sizes = [abs(value) for value, _ in self.told]

    def within(self, size: Decimal, half: Decimal) -> Iterable[tuple[Decimal, Told]]:
        place = bisect_left(self.sizes, size - half)
        while place < len(self.sizes) and self.sizes[place] <= size + half:
            yield self.told[place]
            place += 1


class Evidence:
    """All leaves of a turn's results."""

    def __init__(self, found: Sequence[Found], formats: PlainFormats) -> None:
        """Take the leaves in; `formats` tells by which signs the person knows a currency."""
        self._shelves: dict[Sort, _Shelf] = {one: _Shelf() for one in ("amount", "share", "count", "number")}
        self.days: dict[date, Told] = {}
        self.months: dict[tuple[int, int], Told] = {}
        self.texts: list[Told] = []
        currencies: set[str] = set()
        for one in found:
            if one.result is None:
                continue
            for path, leaf in leaves(one.result.told):
                told = Told(f"{one.call.id}:{path}", leaf)
                self._take(told)
                if isinstance(leaf, Amount):
                    currencies.add(leaf.currency)
        for shelf in self._shelves.values():
            shelf.settle()
        self.marks = _marks_of(currencies, formats.locale)
        self.years: Final = {year: told for (year, _), told in self.months.items()}

    def _take(self, told: Told) -> None:
        match told.leaf:
            case Amount(amount, _):
                self._shelves["amount"].told.append((amount, told))
            case Share(share):
                self._shelves["share"].told.append((share * 100, told))
            case Count(count):
                self._shelves["count"].told.append((Decimal(count), told))
            case Number(number):
                self._shelves["number"].told.append((number, told))
            case Day(day):
                self.days.setdefault(day, told)
                self.months.setdefault((day.year, day.month), told)
            case Month(first):
                self.months.setdefault((first.year, first.month), told)
            case Text():
                self.texts.append(told)

    def figure(
        self, sort: Sort, size: Decimal, half: Decimal, sign: Sign, *, outward: bool, mark: str = ""
    ) -> Told | None:
        """Return a leaf of a sort that is `size` give or take `half`, None where there is none.

        `mark` is the sign of a currency that stands with the figure. A figure without a sign is a negative leaf only
        where the words around it tell that it went out (`outward`).
        """
        for value, told in self._shelves[sort].within(size, half):
            if value < 0 and sign != "-" and not (outward and not sign):
                continue
            if value > 0 and sign == "-":
                continue
            if mark and isinstance(told.leaf, Amount) and told.leaf.currency not in self.marks.get(mark, ()):
                continue
            return told
        return None


def _marks_of(currencies: set[str], locale: str) -> dict[str, set[str]]:
    """Return the signs and words that currencies are known by, each with the currencies that it may mean."""
    found: dict[str, set[str]] = {}
    own, english = known_locale(locale), Locale.parse("en_US")
    shown = {get_currency_symbol(code, locale=own) for code in currencies}
    for code in currencies:
        marks = {code, *(get_currency_symbol(code, locale=one) for one in (own, english))}
        for symbol in tuple(marks):
            bare = symbol.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            if bare and not bare[0].isalnum():
                marks |= {f"{code[:2]}{bare}"} if bare in shown else {f"{code[:2]}{bare}", bare}
        for one in (own, english):
            for count in (1, 2):
                name = get_currency_name(code, count=count, locale=one)
                marks |= {name, name.split()[-1]}
        if any("$" in mark for mark in marks):
            marks |= {"buck", "bucks"}
        for mark in marks:
            found.setdefault(marked(mark), set()).add(code)
    return found


def marked(mark: str) -> str:
    """Return a currency's sign or word so that its ways of being written are one."""
    letters = "".join(letter for letter in mark.casefold() if letter.isprintable())
    return "".join(letters.replace(".", "").split())
