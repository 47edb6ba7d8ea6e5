"""The period of a question, as models and the offline coach say it."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.analytics import Comparing, Preset, Span, span_of
from core.coach.tools.tool import Arguments
from core.coach.values import Day, Tree


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
        """Return the days as they stand today; "all" begins at `beginning`."""
        own = (self.first, self.last) if self.first and self.last else None
        comparing: Comparing = self.against
        return span_of(self.preset, comparing, today, first=beginning, own=own)


def told_span(span: Span) -> Tree:
    """Return the days of a period for a result."""
    days = {"first": Day(span.since), "last": Day(span.until)}
    if span.before_since is None or span.before_until is None:
        return {"period": days}
    return {"period": days, "period_before": {"first": Day(span.before_since), "last": Day(span.before_until)}}
