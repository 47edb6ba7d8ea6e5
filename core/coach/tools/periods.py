"""The period of a question, as models and the offline coach say it."""

import datetime as dt
import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from core.analytics import Comparing, Preset, Span, account_summaries, span_of
from core.clock import month_end, month_start
from core.coach.tools.tool import Arguments, Scope
from core.coach.values import Day, Tree
from core.errors import ValidationError
from core.formats import PlainFormats


class Period(Arguments):
    """Which days: a preset seen from today, or first and last day; both are included."""

    preset: Annotated[
        Preset,
        Field(description="month: this month so far. year: this year so far. 12m: this month and the 11 before it."),
    ] = "month"
    first: Annotated[dt.date | None, Field(description="For the preset own only.")] = None
    last: dt.date | None = None
    against: Annotated[
        Literal["before", "year", "none"],
        Field(description="Held against the period right before, the same days a year before, or nothing."),
    ] = "none"

    @model_validator(mode="after")
    def _own_days_are_whole(self) -> "Period":
        if (self.preset == "own") != (self.first is not None and self.last is not None):
            raise ValueError("first and last go with the preset own, both of them")
        return self

    def span(self, today: dt.date, beginning: dt.date | None = None) -> Span:
        """Return the days as they stand today; "all" begins at `beginning`.

        Raises:
            ValidationError: none of them has come yet.
        """
        own = (self.first, self.last) if self.first and self.last else None
        if own and min(own) > today:
            raise ValidationError("These days have not come yet.", "get_forecast tells what is expected.")
        comparing: Comparing = self.against
        return span_of(self.preset, comparing, today, first=beginning, own=own)


def span_in_words(span: Span, formats: PlainFormats) -> str:
    """Return the days of a period for a title ("March 2026", "Mar 1, 2026 to Mar 20, 2026")."""
    if span.since == span.until:
        return formats.day(span.since)
    if span.since.day == 1 and span.until == month_end(span.since):
        return formats.month(span.since)
    return f"{formats.day(span.since)} to {formats.day(span.until)}"


def told_span(span: Span) -> Tree:
    """Return the days of a period for a result."""
    days = {"first": Day(span.since), "last": Day(span.until)}
    if span.before_since is None or span.before_until is None:
        return {"period": days}
    return {"period": days, "period_before": {"first": Day(span.before_since), "last": Day(span.before_until)}}


def span_asked(scope: Scope, period: Period) -> Span:
    """Return the days of a period for a person; "all" begins with the first transaction of all.

    Raises:
        ValidationError: none of them has come yet.
    """
    return period.span(scope.today, first_day_known(scope) if period.preset == "all" else None)


def first_day_known(scope: Scope) -> dt.date | None:
    """Return the day of the first transaction that is counted, None where there is none."""
    known = (one.first_date for one in account_summaries(scope.cache) if not one.hidden and one.first_date)
    return min(known, default=None)


def _month(given: object) -> object:
    """Return the first day of what was meant as a month: "2026-03", or any of its days."""
    if isinstance(given, str) and (found := _MONTH.fullmatch(given.strip())):
        return f"{found[1]}-{found[2]}-01"
    return given


def _within_reach(day: dt.date) -> dt.date:
    if not _FIRST_MONTH <= day <= _LAST_MONTH:
        raise ValueError("nothing is known of such a month")
    return month_start(day)


_MONTH: Final = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?")
_FIRST_MONTH, _LAST_MONTH = dt.date(1970, 1, 1), dt.date(2099, 12, 31)
AMonth = Annotated[
    dt.date,
    BeforeValidator(_month),
    AfterValidator(_within_reach),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$", "description": "Such as 2026-03."}),
]
"""A calendar month, by its first day."""
