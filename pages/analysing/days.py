"""Days: a year in the shades of what was spent on each day, and the days of the week."""

import datetime as dt

import streamlit as st

from core.analytics import DaySpent, YearDays
from pages.analysing.asking import Asked, rows_link
from pages.analysing.wording import days_of, times
from pages.shared.cards import Card, card_grid
from pages.shared.charts import BarLine, Column, DayCell, bar_list, clickable, columns_figure, year_chart
from pages.shared.empty import nothing_found
from pages.shared.formats import Formats
from pages.shared.gate import require_user
from pages.shared.links import Link

MONDAY = dt.date(2024, 1, 1)


def days_view(view: YearDays, wanted: Asked, formats: Formats, week_start: int) -> None:
    """Draw the days of a year."""
    if not any(one.level for one in view.days):
        nothing_found("Nothing was spent in this year.")
        return
    card_grid(_cards(view, wanted, formats), formats, columns=4)
    with st.container(border=True):
        st.subheader("Day by day", anchor=False)
        cells = {one.day: DayCell(one.level, _told(one, view, formats), _rows(one, wanted)) for one in view.days}
        year_chart(
            view.year,
            cells,
            [formats.money(one, view.currency, whole=True) if one else "" for one in view.month_sums],
            formats,
            week_start=week_start,
            alt=f"What was spent on each day of {view.year}, in {view.currency}",
        )
        st.caption("The darker, the more was spent. Click a day to see its transactions.")
    with st.container(border=True):
        _weekdays(view, wanted, formats)


def _told(one: DaySpent, view: YearDays, formats: Formats) -> str:
    day = f"{formats.weekday(one.day)} {formats.day(one.day)}"
    if not one.rows:
        return f"{day}: nothing spent"
    return f"{day}: {formats.money(one.spent, view.currency)} in {times(one.rows, formats)}"


def _rows(one: DaySpent, wanted: Asked) -> Link | None:
    return rows_link("", wanted, one.day, one.day, kind="spending") if one.rows else None


def _cards(view: YearDays, wanted: Asked, formats: Formats) -> list[Card]:
    currency, dearest, quiet = view.currency, view.dearest, view.longest_quiet
    first, last = view.days[0].day, view.days[-1].day
    cards = [
        Card(
            "Spent",
            formats.figure(view.spent, currency),
            currency,
            note=f"on {days_of(len(view.days) - view.quiet_days, formats)}",
            link=rows_link("See the rows", wanted, first, last, kind="spending"),
        ),
        Card(
            "Days without spending",
            formats.number(view.quiet_days),
            currency,
            note=f"of {days_of(len(view.days), formats)}",
        ),
    ]
    if quiet is not None:
        cards.append(
            Card(
                "Longest pause",
                days_of(quiet.days, formats),
                currency,
                note=f"{formats.short_day(quiet.since)} to {formats.short_day(quiet.until)}"
                if quiet.days > 1
                else formats.short_day(quiet.since),
                help="Days in a row on which nothing was spent.",
            )
        )
    if dearest is not None:
        cards.append(
            Card(
                "Dearest day",
                formats.figure(dearest.spent, currency),
                currency,
                note=formats.day(dearest.day),
                link=rows_link("See the rows", wanted, dearest.day, dearest.day, kind="spending"),
            )
        )
    return cards


@st.fragment
def _weekdays(view: YearDays, wanted: Asked, formats: Formats) -> None:
    """Draw what a day of the week comes to; the one that is clicked shows its dearest days beside."""
    require_user()
    wide, narrow = st.columns([3, 2])
    most = max(view.weekdays, key=lambda one: one.average)
    names = [formats.weekday(MONDAY + dt.timedelta(days=one.weekday)) for one in view.weekdays]
    with wide:
        st.subheader("Day of the week", anchor=False)
        clicked = clickable(
            columns_figure(
                tuple(
                    Column(name, name, one.average, one is most) for name, one in zip(names, view.weekdays, strict=True)
                ),
                view.currency,
                formats,
            ),
            key="weekday_chart",
            alt=f"What a day of the week comes to on average in {view.year}, in {view.currency}: "
            + ", ".join(
                f"{name} {formats.money(one.average, view.currency)}"
                for name, one in zip(names, view.weekdays, strict=True)
            ),
        )
        st.caption("What such a day comes to on average. Click a bar to see its dearest days.")
    shown = view.weekdays[clicked[1]] if clicked else most
    with narrow:
        st.subheader(f"Dearest {formats.weekday_name(MONDAY + dt.timedelta(days=shown.weekday))}s", anchor=False)
        longest = max((one.spent for one in shown.dearest), default=1)
        bar_list(
            [
                BarLine(
                    formats.day(one.day),
                    _rows(one, wanted),
                    formats.money(one.spent, view.currency),
                    one.spent / longest,
                    note=times(one.rows, formats),
                    icon="calendar_today",
                )
                for one in shown.dearest
            ]
        )
