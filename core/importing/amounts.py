"""Amounts as banks write them: 1,234.56 · 1.234,56 · 1 234,56 · 1'234.56 · - $21.59 · (12.00) · 12- · 1234,37 EUR."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from core.errors import AmountError, ImportFileError
from core.money import to_units

Mark = Literal[".", ","]
_OTHER: Final[dict[Mark, Mark]] = {".": ",", ",": "."}

SIGNS: Final = {"$": "", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "zł": "PLN", "kr": "", "R$": "BRL"}
"""Currency signs and the code that each names; "" where several currencies share it."""
LONGEST: Final = 40
"""Characters; no cell beyond this is an amount."""

_MINUS: Final = re.compile(r"^[\u2212\u2013\u2010\u2011]|[\u2212\u2013\u2010\u2011]$")
_CURRENCY: Final = re.compile(r"(?:R\$|[$£€¥₹]|zł|kr\.?|\b[A-Z]{3}\b)")
_GROUPING: Final = re.compile(r"[., '’\u00a0\u202f\u2009]")
_TAIL: Final = re.compile(r"([.,])(\d+)\D*$")
_CENTS: Final = re.compile(r"\d[.,]\d{1,4}\D*$")
_NUMBER: Final = re.compile(r"\d[\d.,' ’\u00a0\u202f\u2009]*|[.,]\d+")


_PLAIN: Final[dict[Mark, re.Pattern[str]]] = {
    ".": re.compile(r"[+-]?(?:[0-9]{1,15}+(?!,)|[1-9][0-9]{0,2}+(?:,[0-9]{3}){1,4}+)(?:\.[0-9]{1,9}+)?+"),
    ",": re.compile(r"[+-]?(?:[0-9]{1,15}+(?!\.)|[1-9][0-9]{0,2}+(?:\.[0-9]{3}){1,4}+)(?:,[0-9]{1,9}+)?+"),
}
"""What most amounts look like; these need no further thought. No digit is looked at twice: it is half of the time."""
_ALL_PLAIN: Final = {
    mark: re.compile(rf"(?:(?:{plain.pattern})?+\n)*+(?:{plain.pattern})?+") for mark, plain in _PLAIN.items()
}
_DIGITS: Final = re.compile(r"[\d\s.,+-]*+")
_WORDY: Final = re.compile(r"[^\W\d_]{6}")
"""So many letters in a row are in no amount: currencies have three, DR and CR two."""


def read_amount(text: str, mark: Mark) -> Decimal | None:
    """Return the amount that `text` means with `mark` as its decimal mark, None when it is none.

    Negative is what has a minus before or behind it, stands in brackets, or is marked DR.
    """
    if not 0 < len(text) <= LONGEST:
        return None
    if _PLAIN[mark].fullmatch(text):
        return Decimal(_bare(text, mark))
    return None if _WORDY.search(text) else _read(text, mark)


def is_amount(text: str) -> bool:
    """Tell whether `text` is an amount with one decimal mark or the other."""
    if not 0 < len(text) <= LONGEST:
        return False
    if any(plain.fullmatch(text) for plain in _PLAIN.values()):
        return True
    return not _WORDY.search(text) and any(_read(text, mark) is not None for mark in _OTHER)


def _bare(text: str, mark: Mark) -> str:
    """Return plain numbers as Python writes them."""
    return text.replace(_OTHER[mark], "").replace(mark, ".")


def read_amounts(texts: Sequence[str], mark: Mark) -> list[Decimal | None]:
    """Return what each of these texts means, as `read_amount` has it: sooner where all are plain or empty."""
    lines = "\n".join(texts)
    if lines.count("\n") == len(texts) - 1 and _ALL_PLAIN[mark].fullmatch(lines):
        return [Decimal(number) if number else None for number in _bare(lines, mark).split("\n")]
    read = {text: read_amount(text, mark) for text in set(texts)}
    return [read[text] for text in texts]


@lru_cache(maxsize=65536)
def _read(text: str, mark: Mark) -> Decimal | None:
    # A dollar sign and the code of the dollar can stand at the two ends.
    bare = _CURRENCY.sub("", text.strip(), count=2).strip()
    bare = _MINUS.sub("-", bare).strip()
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1].strip(), True
    if bare.upper().endswith(("DR", "CR")):
        negative, bare = bare.upper().endswith("DR"), bare[:-2].strip()
    if bare.endswith(("-", "+")):
        bare = f"{bare[-1]}{bare[:-1]}".strip()
    if bare.startswith(("-", "+")):
        negative, bare = negative != bare.startswith("-"), bare[1:].strip()
        bare = _CURRENCY.sub("", bare, count=1).strip()
    if not _NUMBER.fullmatch(bare):
        return None
    whole, point, fraction = bare.rpartition(mark)
    if not point:
        whole, fraction = bare, ""
    signs = set(_GROUPING.findall(whole))
    # One sign parts the groups of a number, never the decimal mark: 1.234.567 is no amount of a file with 12.50.
    if len(signs) > 1 or mark in signs:
        return None
    groups = _GROUPING.split(whole) if whole else ["0"]
    if len(groups) > 1 and (
        not 1 <= len(groups[0]) <= 3 or any(len(group) not in {2, 3} for group in groups[1:]) or len(groups[-1]) != 3
    ):
        return None
    digits = "".join(groups)
    if not digits.isascii() or not digits.isdigit() or (fraction and not fraction.isdigit()):
        return None
    amount = Decimal(f"{digits}.{fraction}" if fraction else digits)
    return -amount if negative else amount


def kept(amount: Decimal, line: int) -> Decimal:
    """Return `amount` when the store can keep it.

    Raises:
        ImportFileError: it is too large or too fine; with its `line`.
    """
    try:
        to_units(amount)
    except AmountError as cause:
        raise ImportFileError(str(cause), "Nothing was imported. Mend the row in the file.", line) from cause
    return amount


class MarkVotes:
    """What amounts say of their decimal mark."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.sure: dict[Mark, int] = {".": 0, ",": 0}
        self.unsure: dict[Mark, Counter[str]] = {".": Counter(), ",": Counter()}
        """Amounts with one mark and three digits behind it: likely groups of thousands."""
        self.bare = False
        """Whether there are amounts without any mark."""
        for text, times in (texts if isinstance(texts, Counter) else Counter(texts)).items():
            if len(text) <= LONGEST:
                self._count(text, times)

    @property
    def some(self) -> bool:
        """Tell whether any amount shows without doubt which of its marks is the decimal one."""
        return any(self.sure.values())

    @property
    def doubted(self) -> str:
        """Return an amount that can mean another when the other mark is the decimal one; "" without doubt."""
        return "" if self.some else next(iter([*self.unsure["."], *self.unsure[","]]), "")

    @property
    def mark(self) -> Mark:
        """Return the decimal mark: the last of two different marks, else the one before two digits.

        Where every amount has one point and three digits behind it, as 12.900, the point is it: groups of thousands
        would have a smaller amount among them.
        """
        if not self.some and not self.bare and len(self.unsure["."]) >= 3 > len(self.unsure[","]):
            return "."
        told = {mark: 3 * self.sure[mark] + sum(self.unsure[other].values()) for mark, other in _OTHER.items()}
        return "," if told[","] > told["."] else "."

    def _count(self, text: str, times: int) -> None:
        if text[-3:-2] in {".", ","} and text[-2:].isdigit():
            self.sure["." if text[-3] == "." else ","] += times
            return
        tail = _TAIL.search(text)
        if tail is None:
            self.bare = self.bare or any(map(str.isdigit, text))
            return
        mark: Mark = "." if tail[1] == "." else ","
        before = re.sub(r"\D", "", text[: tail.start()])
        if _OTHER[mark] in text[: tail.start()] or len(tail[2]) != 3:
            self.sure[mark] += times
        elif text.count(mark) > 1:
            self.sure[_OTHER[mark]] += times
        elif before in {"", "0"} or len(before) > 3:
            # No group of thousands is 0, or longer than three.
            self.sure[mark] += times
        else:
            self.unsure[mark][text] += times


def has_cents(text: str) -> bool:
    """Tell whether `text` is written like money rather than like a plain number: decimals or a currency."""
    return len(text) <= LONGEST and bool(_CENTS.search(text) or _CURRENCY.search(text))


def currency_in(text: str) -> str:
    """Return the currency code that an amount names, "" when it names none or an unclear one."""
    signs = (found.rstrip(".") for found in _CURRENCY.findall(text))
    codes = (SIGNS.get(sign, sign if len(sign) == 3 and sign.isupper() else "") for sign in signs)
    return next(filter(None, codes), "")


def has_sign(text: str) -> bool:
    """Tell whether an amount, or any of several lines of them, has the sign of a currency, be it clear which or not."""
    return not _DIGITS.fullmatch(text) and _CURRENCY.search(text) is not None


def currency_of_heading(text: str) -> str:
    """Return the currency code that a heading such as "Amount (EUR)" or "Betrag in EUR" ends with, else ""."""
    found = re.search(r"\(([^()]{1,5})\)\s*$|\b([A-Z]{3})\$?\s*$", text[-40:])
    if found is None:
        return ""
    said = (found.group(1) or found.group(2)).strip()
    return SIGNS.get(said, said if said in _codes() else "")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    # Loaded when first needed: it takes a while, and most files don't need it.
    from babel.numbers import list_currencies

    return frozenset(list_currencies())
