"""A question taken apart: whose names, which days, which figures it has, and what of it was not understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.numbers import get_decimal_symbol

from core.analytics import Comparing, span_of
from core.clock import EARLIEST
from core.coach.offline.dates import MONTHS, NUMBERS, WEEKDAYS, Calendar, When
from core.coach.offline.figures import AHEAD_MARK, AMOUNT_MARK, COUNT_MARK, Figures, read_ahead, read_figures
from core.coach.offline.names import (
    LEAVING_OUT,
    MARKS,
    UNSURE_MARK,
    Kind,
    Named,
    Names,
    Sought,
    Unsure,
    find_names,
    find_slips,
)
from core.coach.offline.periods import PERIOD_MARK, read_days
from core.coach.offline.words import mended, plain
from core.coach.tools import Scope
from core.formats import known_locale

_KIND_AFTER_MARK: Final = re.compile(r"\b(xacc|xcat|xmer|xgoal) (?:accounts?|category|shop|store|goal)\b")
COMPARISON_MARK: Final = "xcmp"
MARKED: Final = frozenset(
    {*MARKS.values(), UNSURE_MARK, PERIOD_MARK, COMPARISON_MARK, AMOUNT_MARK, COUNT_MARK, AHEAD_MARK}
)
_UNREAD_TIME: Final = re.compile(
    rf"\b(?:{'|'.join(one for one in (*MONTHS, *WEEKDAYS, *NUMBERS) if one not in {'may', 'one'})}|ago|before|after"
    r"|until|till|since|between|quarters?|half|weekends?|tomorrow|second|third|fourth|(?:days|weeks|months|years|ytd|mtd)"
    r"|(?<!\ba )(?<!\bper )(?<!\beach )(?<!\bevery )(?<!\bby )(?<!\bmy )(?<!\bwhich )(?<!\bwhat )(?<!expensive )"
    r"(?<!cheapest )(?<!typical )(?<!average )(?:month|week|year|day)(?! by month))\b"
)
"""Words of time that no period explains."""
_DAYS_WORDS: Final = frozenset(
    {*MONTHS, *WEEKDAYS, *NUMBERS, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
     "quarter", "quarters", "half", "weekend", "ytd", "mtd", "first", "second", "third", "fourth", "previous", "past",
     "current", "ago", "versus", "vs", "compared", "comparison", "couple", "few", "tomorrow", "before", "same", "time",
     "period", "until", "till", "through", "ever", "overall", "beginning", "throughout", "prior", "preceding", "coming",
     "following", "ahead", "within", "end", "yesterday",
     "today", "exceeding", "maximum", "minimum", "grand"}
)  # fmt: skip
_HELD: Final = (
    r"(?:(?:more|less|higher|lower|up|down|better|worse|it|that) )?"
    r"(?:than|vs|versus|compare[sd]? (?:to|with)|in comparison (?:to|with)|relative to|against)"
)
_COMPARES: Final = re.compile(r"\b(?:compare|compared|comparison|difference|differ|more|less)\b")
_A_YEAR_BEFORE: Final = re.compile(
    rf"\b(?:{_HELD} (?:in |at |for )?(?:the )?(?:same|this)|(?:in |at |for )?(?:the )?same) "
    r"(?:month|time|period|days|week|quarter) (?:of )?"
    r"(?:last year|a year ago|one year ago|the year before|a year before|the previous year)\b"
    rf"|\b{_HELD} (?:in )?(?:a|one|the) year (?:ago|before|earlier)\b|\byear (?:over|on) year\b|\byoy\b"
)
_THE_ONE_BEFORE: Final = re.compile(
    rf"\b{_HELD} (?:in |at |for )?(?:the )?(?:same (?:days|time|period) )?"
    r"(?:(?:in |of )?(?:the )?(?:month|period|week|one|time|quarter) before(?: that)?"
    r"|(?:previous|prior|preceding) (?:period|one)|before)\b"
    r"|\bmonth (?:over|on) month\b|\bmom\b"
)


@dataclass(frozen=True, slots=True)
class Slots:
    """What a question is about, apart from what it wants."""

    period: When | None = None
    against: Comparing = "none"
    other: When | None = None
    """A second period to hold the first against; once settled, neither the one before nor a year before."""
    categories: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    figures: Figures = field(default_factory=Figures)

    @property
    def given(self) -> frozenset[str]:
        """Return the names of what is given."""
        found = {
            "period": self.period,
            "comparison": self.against != "none" or self.other,
            "categories": self.categories,
            "merchants": self.merchants,
            "accounts": self.accounts,
            "goals": self.goals,
            "bounds": self.figures.least is not None or self.figures.most is not None,
            "amount": self.figures.amount is not None,
            "count": self.figures.count is not None,
            "ahead": self.figures.ahead is not None,
        }
        return frozenset(name for name, value in found.items() if value)

    def after(self, before: "Slots") -> "Slots":
        """Return these with what they leave open taken from the question before; a name takes the place of a name."""
        names = self.categories or self.merchants or self.goals
        figures, earlier = self.figures, before.figures
        bounds = figures.least is not None or figures.most is not None
        return Slots(
            self.period or before.period,
            self.against if self.against != "none" or self.other or self.period else before.against,
            self.other or (before.other if self.against == "none" and self.period is None else None),
            self.categories or (() if names else before.categories),
            self.merchants or (() if names else before.merchants),
            self.accounts or before.accounts,
            self.goals or (() if names else before.goals),
            Figures(
                figures.least if bounds else earlier.least,
                figures.most if bounds else earlier.most,
                earlier.amount if figures.amount is None else figures.amount,
                figures.count or earlier.count,
                figures.ahead or earlier.ahead,
                figures.ahead_month if figures.ahead else earlier.ahead_month,
            ),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with marks for all that was found in it."""

    text: str
    slots: Slots
    unsure: tuple[Unsure, ...] = ()
    strange: tuple[str, ...] = field(default=())
    """Words and numbers that nothing explains."""


def calendar_of(scope: Scope) -> Calendar:
    """Return the calendar of a person: whether the month is written before the day, as in American English."""
    pattern = known_locale(scope.person.locale).date_formats["short"].pattern
    return Calendar(scope.today, pattern.index("M") < pattern.index("d"), scope.person.week_start_day)


def read(question: str, scope: Scope, names: Names, known: frozenset[str]) -> Reading:
    """Take a question apart.

    Raises:
        UnreadableDateError: something looks like a day and is none.
        UnreadableFigureError: a number can't be told.
    """
    calendar = calendar_of(scope)
    known |= _DAYS_WORDS | LEAVING_OUT
    sought = Sought(mended(plain(question), known, names.words))
    find_names(sought, names, known)
    text, against = _comparison(sought.text)
    text, ahead, month = read_ahead(text, scope.today)
    text, whens = read_days(text, calendar)
    text, period, other = _two_periods(text, whens)
    sign = get_decimal_symbol(known_locale(scope.person.locale))
    text, figures = read_figures(text, scope.person.currency, sign)
    figures = replace(figures, ahead=ahead, ahead_month=month)
    sought.text = text
    find_slips(sought, names, known, (3, 2, 1))
    text = _KIND_AFTER_MARK.sub(r"\1", sought.text)
    strange = [word for word in text.split() if word not in known and word not in MARKED and not _is_sign(word)]
    strange += _UNREAD_TIME.findall(text)
    if len(whens) > (2 if other or against != "none" else 1):
        strange.append("more than one period")
    slots = Slots(period, against, other, figures=figures, **_by_kind(sought.found))
    return Reading(text, slots, sought.still_unsure, tuple(strange))


def _is_sign(word: str) -> bool:
    return word in {"&", "+", "-", "=", "<", ">"}


def _by_kind(found: list[Named]) -> dict[str, tuple[str, ...]]:
    kinds: dict[str, Kind] = {
        "categories": "category",
        "merchants": "merchant",
        "accounts": "account",
        "goals": "goal",
    }
    return {many: tuple(dict.fromkeys(one.name for one in found if one.kind == kind)) for many, kind in kinds.items()}


def _comparison(text: str) -> tuple[str, Comparing]:
    marked, count = _A_YEAR_BEFORE.subn(f" {COMPARISON_MARK} ", text, count=1)
    if count:
        return " ".join(marked.split()), "year"
    marked, count = _THE_ONE_BEFORE.subn(f" {COMPARISON_MARK} ", text, count=1)
    return (" ".join(marked.split()), "before") if count else (text, "none")


def _two_periods(text: str, whens: tuple[When, ...]) -> tuple[str, When | None, When | None]:
    if not whens:
        return text, None, None
    found = re.search(rf"\b{_HELD} (?:in )?{PERIOD_MARK}\b", text)
    if found is None and len(whens) == 2:
        both = "and|" if _COMPARES.search(text) else ""  # else the sum of both may be meant
        found = re.search(rf"(?<={PERIOD_MARK}) (?:{both}to|with|or|-|vs|versus) {PERIOD_MARK}\b", text)
    if found is None:
        return text, whens[0], None
    place = text[: found.end()].split().count(PERIOD_MARK) - 1
    rest = [one for at, one in enumerate(whens) if at != place]
    marked = f"{text[: found.start()]} {COMPARISON_MARK} {text[found.end() :]}"
    return " ".join(marked.split()), rest[0] if rest else None, whens[place]


def settled(slots: Slots, calendar: Calendar) -> Slots:
    """Return how a second period is held against: as the one before, as the same days a year before, or as itself."""
    if slots.other is None:
        return slots
    period, against, other = _settled(slots.period, slots.other, calendar)
    return replace(slots, period=period, against=against, other=other)


def _settled(period: When | None, other: When, calendar: Calendar) -> tuple[When, Comparing, When | None]:
    today = calendar.today
    if period is None:
        period = When("year") if other.preset == "last_year" else When("month")
        if other.preset == "own" and other.first == calendar.week(1)[0] and other.last == calendar.week(1)[1]:
            period = calendar.own(*calendar.week(0))
    elif other.days(today)[0] > period.days(today)[0]:
        period, other = other, period
    if (period.preset, other.preset) in {("month", "last_month"), ("year", "last_year")}:
        return period, "before", None
    since, until = period.days(today)
    if other.preset == "last_year" and (until - since).days <= 92:
        return period, "year", None
    ways: tuple[Comparing, ...] = ("before", "year")
    for way in ways:
        own = None if period.first is None or period.last is None else (period.first, period.last)
        span = span_of(period.preset, way, today, first=EARLIEST, own=own)
        if (span.before_since, span.before_until) == other.days(today):
            return period, way, None
    return period, "none", other


def kept(slots: Slots) -> dict[str, Any]:
    """Return slots as JSON can hold them."""

    def when(one: When | None) -> dict[str, Any] | None:
        return None if one is None else one.arguments() | {"bare_month": one.bare_month}

    figures = slots.figures
    return {
        "period": when(slots.period),
        "against": slots.against,
        "other": when(slots.other),
        "categories": list(slots.categories),
        "merchants": list(slots.merchants),
        "accounts": list(slots.accounts),
        "goals": list(slots.goals),
        "figures": {
            "least": None if figures.least is None else str(figures.least),
            "most": None if figures.most is None else str(figures.most),
            "amount": None if figures.amount is None else str(figures.amount),
            "count": figures.count,
            "ahead": figures.ahead and figures.ahead.isoformat(),
            "ahead_month": figures.ahead_month and figures.ahead_month.isoformat(),
        },
    }


def slots_of(context: Mapping[str, Any]) -> Slots:
    """Return the slots that `kept` made; raises KeyError, TypeError or ValueError where something else stands there."""

    def when(one: Mapping[str, Any] | None) -> When | None:
        if one is None:
            return None
        first, last = one.get("first"), one.get("last")
        return When(
            one["preset"],
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
            int(one.get("bare_month", 0)),
        )

    figures = context["figures"]

    def number(name: str) -> Decimal | None:
        return None if figures[name] is None else Decimal(figures[name])

    def day(name: str) -> date | None:
        return date.fromisoformat(figures[name]) if figures[name] else None

    names = {name: tuple(map(str, context[name])) for name in ("categories", "merchants", "accounts", "goals")}
    return Slots(
        when(context["period"]),
        context["against"],
        when(context["other"]),
        figures=Figures(
            number("least"), number("most"), number("amount"), figures["count"], day("ahead"), day("ahead_month")
        ),
        **names,
    )
