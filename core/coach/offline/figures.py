"""Amounts, counts and days ahead in a question: "over 100", "between 20 and 50 euros", "top 5", "in 2 weeks"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core import clock
from core.coach.offline.dates import NUMBERS

AMOUNT_MARK: Final = "xamt"
COUNT_MARK: Final = "xcnt"
AHEAD_MARK: Final = "xahead"
CENT: Final = Decimal("0.01")
MOST_LISTED: Final = 50
LONGEST_AHEAD: Final = 366
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "euro": "EUR", "euros": "EUR", "eur": "EUR", "dollar": "USD",
                 "dollars": "USD", "usd": "USD", "bucks": "USD", "pound": "GBP", "pounds": "GBP", "gbp": "GBP",
                 "quid": "GBP", "chf": "CHF", "francs": "CHF"}  # fmt: skip
_CURRENCY: Final = rf"(?:{'|'.join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))})"
_FIGURE: Final = r"\d[\d.,]*\d|\d"
_AMOUNT: Final = rf"(?:({_CURRENCY}) )?({_FIGURE})(k|grand)?\b(?: ({_CURRENCY})(?!\w))?"
_MORE: Final = r"(?:over|above|more than|greater than|bigger than|larger than|higher than|exceeding|beyond|>)"
_LESS: Final = r"(?:under|below|less than|smaller than|cheaper than|lower than|<)"
_AT_LEAST: Final = r"(?:at least|no less than|minimum of|from|> =)"
_AT_MOST: Final = r"(?:at most|up to|no more than|not more than|maximum of|< =)"
_COUNTED: Final = rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"
_SORTS: Final = (
    r"(?:biggest|largest|highest|most expensive|priciest|dearest|smallest|lowest|cheapest|latest|last|newest|recent|"
    r"most recent|top|oldest|first)"
)
_THINGS: Final = (
    r"(?:transactions?|purchases?|payments?|expenses?|charges?|entries|bookings?|merchants?|shops?|stores?|"
    r"categories|category|things|items|places|insights?|spendings?|deposits?|transfers?|debits?)"
)


class UnreadableFigureError(ValueError):
    """A number can't be told, or is in a currency that amounts are not kept in; the words say which."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a question. Bounds are included; `amount` is one that nothing was said about."""

    least: Decimal | None = None
    most: Decimal | None = None
    amount: Decimal | None = None
    count: int | None = None
    ahead: date | None = None
    """Up to which day to come."""
    ahead_month: date | None = None
    """The month to come that was said, by its first day."""


def read_ahead(text: str, today: date) -> tuple[str, date | None, date | None]:
    """Return the text with what lies ahead marked, up to which day that goes, and the month if it was one."""
    for pattern, meaning in _AHEAD:
        if found := re.search(pattern, text):
            until, month = meaning(found, today)
            if not 0 < (until - today).days <= LONGEST_AHEAD:
                raise UnreadableFigureError("I can look up to a year ahead.")
            marked = f"{text[: found.start()]} {AHEAD_MARK} {text[found.end() :]}"
            return " ".join(marked.split()), until, month
    return text, None, None


def read_figures(text: str, home: str, decimal_sign: str) -> tuple[str, Figures]:
    """Return the text with amounts and counts marked, and these.

    Raises:
        UnreadableFigureError: see there.
    """
    least = most = amount = count = None

    def money(found: re.Match[str], first: int = 1) -> Decimal:
        before, figure, thousands, after = found.groups()[first - 1 : first + 3]
        said = {_SIGNS[one] for one in (before, after) if one}
        if said - {home}:
            raise UnreadableFigureError(f"Amounts are read in {home} here.")
        return _number(figure, decimal_sign) * (1000 if thousands else 1)

    if found := re.search(rf"\b(?:between|from) {_AMOUNT} (?:and|to|-) {_AMOUNT}", text):
        least, most = sorted((money(found), money(found, 5)))
        text = _put_mark(text, found, AMOUNT_MARK)
    for words, side in ((_AT_LEAST, "least"), (_AT_MOST, "most"), (_MORE, "more"), (_LESS, "less")):
        if found := re.search(rf"(?<!\w){words} {_AMOUNT}(?! (?:days|weeks|months|years|times|{_THINGS})\b)", text):
            value = money(found)
            if side in {"least", "more"} and least is None:
                least = value + CENT if side == "more" else value
            elif side in {"most", "less"} and most is None:
                most = value - CENT if side == "less" else value
            else:
                continue
            text = _put_mark(text, found, AMOUNT_MARK)
    if found := re.search(rf"\b(?:the )?(top|first|last|latest) {_COUNTED}\b(?! (?:days|weeks|months|years))", text):
        count = _counted(found[2])
        text = f"{text[: found.start()]}{found[1]} {COUNT_MARK}{text[found.end() :]}"
    elif found := re.search(rf"\b{_COUNTED} (?=(?:most )?{_SORTS}\b|{_THINGS}\b)", text):
        count = _counted(found[1])
        text = _put_mark(text, found, COUNT_MARK)
    if found := re.search(rf"(?<![\w/.-]){_AMOUNT}(?![\w/%-])", text):
        amount = money(found)
        text = _put_mark(text, found, AMOUNT_MARK)
    if count is not None and not 0 < count <= MOST_LISTED:
        raise UnreadableFigureError(f"I can list up to {MOST_LISTED} at once.")
    return " ".join(text.split()), Figures(least, most, amount, count)


def _put_mark(text: str, found: re.Match[str], mark: str) -> str:
    return f"{text[: found.start()]} {mark} {text[found.end() :]}"


def _counted(words: str) -> int:
    return int(words) if words.isdecimal() else NUMBERS[words]


def _number(figure: str, decimal_sign: str) -> Decimal:
    """Read a figure; a sign between groups of three digits parts thousands, unless it is the person's decimal sign."""
    thousands = "," if decimal_sign == "." else "."
    if re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal_sign}\d{{1,2}})?", figure):
        return Decimal(figure.replace(thousands, "").replace(decimal_sign, "."))
    if re.fullmatch(r"\d+(?:[.,]\d{1,2})?", figure):
        return Decimal(figure.replace(",", "."))
    raise UnreadableFigureError("I can't tell what number that is.")


Ahead = tuple[str, Callable[[re.Match[str], date], tuple[date, date | None]]]


def _in_units(found: re.Match[str], today: date) -> tuple[date, date | None]:
    count = (
        _counted(found[1]) if found[1] not in {"a", "couple of", "a couple of", "few"} else 1 if found[1] == "a" else 2
    )
    unit = found[2].rstrip("s")
    if unit in {"day", "week"}:
        return today + timedelta(days=count * (7 if unit == "week" else 1)), None
    return clock.add_months(today, count * (12 if unit == "year" else 1)), None


def _next_unit(found: re.Match[str], today: date) -> tuple[date, date | None]:
    if found[1] == "month":
        first = clock.add_months(clock.month_start(today), 1)
        return clock.month_end(first), first
    if found[1] == "week":
        return today + timedelta(days=7), None
    return clock.add_months(today, 12), None


def _end_of(found: re.Match[str], today: date) -> tuple[date, date | None]:
    if found[1] == "year":
        return date(today.year, 12, 31), None
    if found[1] == "next month":
        return clock.month_end(clock.add_months(clock.month_start(today), 1)), None
    return clock.month_end(today), None


_UNITS: Final = r"(days?|weeks?|months?|years?)"
_HOW_MANY: Final = rf"(\d{{1,3}}|{'|'.join(NUMBERS)}|a couple of|couple of|few|a)"
_AHEAD: Final[tuple[Ahead, ...]] = (
    (rf"\b(?:(?:in|over|within|for|during) )?(?:the )?(?:next|coming|following) {_HOW_MANY} {_UNITS}\b", _in_units),
    (rf"\b(?:in|within) {_HOW_MANY} {_UNITS}(?: time| from now)?\b", _in_units),
    (rf"\b{_HOW_MANY} {_UNITS} (?:ahead|from now|from today)\b", _in_units),
    (r"\b(?:by|until|till|at|before|up to) (?:the )?(?:end of )(?:the |this )?(year|month|next month)\b", _end_of),
    (r"\b(?:by|at) (year|month)(?:'s)?[ -]end\b", _end_of),
    (r"\b(?:in |for |during |over )?(?:the )?(?:next|coming|following) (month|week|year)\b", _next_unit),
    (r"\b(?:for |by |until )?(?:tomorrow)\b", lambda _found, today: (today + timedelta(days=1), None)),
)
