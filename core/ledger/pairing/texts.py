"""What the texts of rows say: whether of a transfer, of which own account, and what two of them share."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from core.ledger.pairing.categories import OWN_CODES, code_points
from core.ledger.pairing.rows import MOST_ACCOUNTS, Integers, Ledger, Numbers
from core.ledger.pairing.vocabulary import Says, word_says

_WORDS: Final = re.compile(r"[^\W\d_]+")
_NUMBERS: Final = re.compile(r"\d{3,}")
_NO_DIGITS: Final = bytes.maketrans(b"0123456789", b" " * 10)
LONG_NUMBER: Final = 5
"""From how many digits on a number that two texts share is a reference, not a mask or a year."""
_WRITTEN_OUT: Final = 8
_DATE: Final = re.compile(r"(19|20)\d{6}|\d{0,4}(19|20)\d{2}")
_GENERIC_NAME: Final = Says.PLAIN | Says.CASH | Says.PERSON | Says.PAYMENT


@dataclass(frozen=True, slots=True)
class Template:
    """A text without its digits: what its words speak of together."""

    says: Says
    points: float
    unknown: int
    """How many of its words are no bank's: names of people and shops."""
    words: tuple[str, ...]
    """All of its words of two letters or more, folded, each once."""


def folded(text: str) -> str:
    """Return `text` in lower case and without accents."""
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def template_of(bare: str) -> Template:
    """Read a text without digits."""
    words = tuple(dict.fromkeys(word for word in _WORDS.findall(folded(bare)) if len(word) > 1))
    says, unknown = Says.NOTHING, 0
    for word in words:
        said = word_says(word)
        says |= said
        unknown += said is Says.NOTHING and len(word) > 2
    return Template(says, _points(says), unknown, words)


def is_card_payment(says: Says) -> bool:
    """Tell whether words speak of paying a credit card's bill."""
    return bool(says & Says.PAYMENT and says & (Says.CARD | Says.THANKS)) and not says & Says.OUTSIDE


_FOR: Final = (
    (Says.OWN, 2.4),
    (Says.TRANSFER, 1.8),
    (Says.SAVING | Says.INVESTING, 1.0),
    (Says.ACCOUNT, 0.5),
    (Says.LOAN, 1.0),
    (Says.EXCHANGE, 0.6),
)
_AGAINST: Final = ((Says.OUTSIDE, 3.0), (Says.REFUND, 2.5), (Says.PERSON, 1.5), (Says.CASH, 0.7))
_MOST: Final = 4.0


def _points(says: Says) -> float:
    """Return what words say for a transfer between own accounts, or against it."""
    points = sum(worth for said, worth in _FOR if says & said)
    if is_card_payment(says):
        points += 2.2
    elif says & Says.PAYMENT:
        points += 0.4
    return min(points, _MOST) - sum(worth for said, worth in _AGAINST if says & said)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """What is known of the texts of some rows; `place[row]` is a row's place in the arrays, -1 without one."""

    place: Integers
    says: Integers
    points: Numbers
    """Of words and category together."""
    unknown: Integers
    named: Integers
    """Own accounts that a text names by number, as bits by place in `Ledger.accounts`."""
    hinted: Integers
    """Those that it names by words of their names or by their type."""
    numbers: list[frozenset[str]]
    templates: list[Template]


class Reader:
    """Reads the texts of a ledger, each wording once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._masks: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._hints: dict[tuple[str, ...], int] = {}
        self._codes: dict[str, int] = {}
        self._numbers: dict[int, frozenset[str]] = {}
        for place, own in enumerate(ledger.accounts[:MOST_ACCOUNTS]):
            self._introduce(1 << place, own.name, own.mask, own.kind)
        # A word that several accounts are called by tells none of them apart.
        self._words = {word: bits for word, bits in self._words.items() if bits.bit_count() == 1}

    def _introduce(self, bit: int, name: str, mask: str, kind: str) -> None:
        if len(mask) >= 3:
            self._masks[mask] = self._masks.get(mask, 0) | bit
        for number in _NUMBERS.findall(name):
            self._masks[number] = self._masks.get(number, 0) | bit
        plain = folded(name)
        for word in _WORDS.findall(plain):
            if len(word) > 2 and not word_says(word) & _GENERIC_NAME:
                self._words[word] = self._words.get(word, 0) | bit
        if any(sign.isdigit() for sign in plain) and any(sign.isalpha() for sign in plain):
            self._codes[plain] = self._codes.get(plain, 0) | bit
        for word in {"savings": ("savings", "saving", "sav"), "checking": ("checking", "chk")}.get(kind, ()):
            self._kinds[word] = self._kinds.get(word, 0) | bit

    def learn_numbers(self, numbers: Mapping[str, int]) -> None:
        """Take `numbers` for names of own accounts, by their places, where none is told."""
        for number, place in numbers.items():
            if place < MOST_ACCOUNTS:
                self._masks.setdefault(number, 1 << place)

    @cached_property
    def _wordings(self) -> tuple[list[Template], Integers]:
        places: dict[bytes, int] = {}
        bare = (text.encode(errors="replace").translate(_NO_DIGITS) for text in self._ledger.text)
        places_of_rows = (places.setdefault(text, len(places)) for text in bare)
        rows = np.fromiter(places_of_rows, np.int64, len(self._ledger))
        return [template_of(text.decode()) for text in places], rows

    @property
    def templates(self) -> list[Template]:
        """All wordings."""
        return self._wordings[0]

    @property
    def wording(self) -> Integers:
        """The place in `templates` of every row's wording."""
        return self._wordings[1]

    def template(self, row: int) -> Template:
        """Return the wording of a row."""
        templates, rows = self._wordings
        return templates[int(rows[row])]

    @cached_property
    def says(self) -> Integers:
        """What the words of every row speak of."""
        return np.array([template.says.value for template in self.templates], np.int64)[self.wording]

    @cached_property
    def points(self) -> Numbers:
        """What the words and the category of every row say for a transfer."""
        codes = {code: code_points(code) for code in set(self._ledger.category)}
        words = np.array([template.points for template in self.templates], np.float64)[self.wording]
        return words + np.fromiter(map(codes.__getitem__, self._ledger.category), np.float64, len(self._ledger))

    def read(self, rows: Integers) -> Texts:
        """Return what is said by the texts and categories of `rows` (each once)."""
        ledger = self._ledger
        place = np.full(len(ledger), -1, np.int64)
        place[rows] = np.arange(len(rows))
        listed = rows.tolist()
        templates = [self.template(row) for row in listed]
        numbers = [self._numbers_of(row) for row in listed]
        return Texts(
            place=place,
            says=self.says[rows],
            points=self.points[rows],
            unknown=np.fromiter(
                (
                    0 if ledger.category[row] in OWN_CODES else template.unknown
                    for row, template in zip(listed, templates, strict=True)
                ),
                np.int64,
                len(rows),
            ),
            named=np.fromiter(map(self._by_number, numbers, listed), np.int64, len(rows)),
            hinted=np.fromiter((self._by_words(template.words) for template in templates), np.int64, len(rows)),
            numbers=numbers,
            templates=templates,
        )

    def _numbers_of(self, row: int) -> frozenset[str]:
        numbers = self._numbers.get(row)
        if numbers is None:
            numbers = self._numbers[row] = numbers_in(self._ledger.text[row])
        return numbers

    def _by_number(self, numbers: Iterable[str], row: int) -> int:
        bits = 0
        for number in numbers:
            # A long number ends like a card's or an account's that is written out.
            bits |= self._masks.get(number, 0) or (
                self._masks.get(number[-4:], 0) if len(number) >= _WRITTEN_OUT else 0
            )
        if self._codes:
            for word in folded(self._ledger.text[row]).split():
                bits |= self._codes.get(word.strip(".,:;()*#"), 0)
        return bits

    def _by_words(self, words: tuple[str, ...]) -> int:
        bits = self._hints.get(words)
        if bits is None:
            bits = 0
            for word in words:
                bits |= self._words.get(word, 0) | self._kinds.get(word, 0)
            self._hints[words] = bits
        return bits


def numbers_in(text: str) -> frozenset[str]:
    """Return the runs of three digits and more."""
    return frozenset(_NUMBERS.findall(text))


def references(numbers: frozenset[str]) -> frozenset[str]:
    """Return those numbers that are references of a payment: long ones that are no dates."""
    return frozenset(number for number in numbers if len(number) >= LONG_NUMBER and not _DATE.fullmatch(number))
