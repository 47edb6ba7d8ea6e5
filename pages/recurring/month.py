"""The month as a calendar: seven days a week on a wide screen, a list of the days that have something on a narrow one.

Drawn by ourselves, for no widget of Streamlit's can be both. All words in it are escaped.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from core.planning import Bills, Day, Entry
from pages.shared.charts import tokens
from pages.shared.formats import Formats, clean

MOST: Final = 3
"""Entries that a day of the calendar shows on a wide screen; the rest is counted, and shown on a narrow one."""

STYLE: Final = """
<style>
.month { container-type: inline-size; font-size: 0.86rem; line-height: 1.3; }
.month ol { list-style: none; margin: 0; padding: 0; }
.month .weekdays, .month .days { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 1px; }
.month .weekdays span { padding: 0.2rem 0.5rem; opacity: 0.75; font-size: 0.8rem; }
.month .days { background: color-mix(in srgb, currentColor 16%, transparent); padding: 1px; border-radius: 6px; }
.month .day { min-height: 6.6rem; padding: 0.3rem 0.45rem; margin: 0; background: var(--paper); min-width: 0; }
.month .day.outside { background: color-mix(in srgb, var(--paper) 70%, transparent); }
.month .day h3 { all: unset; display: block; font-weight: 600; font-size: 0.8rem; opacity: 0.8; }
.month .day.today h3 { opacity: 1; display: inline-block; padding: 0 0.4rem; border-radius: 6px;
  background: var(--mark); color: #fff; }
.month .day h3 .long { display: none; }
.month .entries li { display: flex; gap: 0.4rem; justify-content: space-between; margin: 0.15rem 0 0; padding: 0; }
.month .entries .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.month .entries .amount { white-space: nowrap; font-variant-numeric: tabular-nums; }
.month .entries .in .amount { color: var(--gain); }
.month .entries .paid .name, .month .entries .paid:not(.in) .amount { opacity: 0.78; }
.month .entries .late .name { font-weight: 600; color: var(--loss); }
.month .entries a { color: inherit; text-decoration: none; }
.month .entries a:hover, .month .entries a:focus { text-decoration: underline; }
.month .more { font-size: 0.78rem; opacity: 0.75; }
@container (max-width: 640px) {
  .month .weekdays, .month .day.outside, .month .day.empty, .month .more { display: none; }
  .month .days { grid-template-columns: 1fr; }
  .month .day { min-height: 0; padding: 0.5rem 0.6rem; }
  .month .day h3 .short { display: none; }
  .month .day h3 .long { display: inline; }
  .month .entries .name { white-space: normal; }
}
@container (min-width: 641px) {
  .month .entries li.extra { display: none; }
  .month .entries .amount { font-size: 0.78rem; }
  .month .entries li { display: block; }
  .month .entries .name { display: block; }
}
</style>
"""
STANDINGS: Final = {"paid": "", "due": "expected", "late": "overdue"}


def month_calendar(view: Bills, formats: Formats) -> None:
    """Draw the month that is shown."""
    weekdays = "".join(f"<span>{escape(formats.weekday(day.day))}</span>" for day in view.weeks[0])
    days = "".join(_day(day, formats) for week in view.weeks for day in week)
    st.html(
        f'{STYLE}<div class="month" style="{tokens()}"><div class="weekdays" aria-hidden="true">{weekdays}</div>'
        f'<ol class="days">{days}</ol></div>'
    )


def _day(day: Day, formats: Formats) -> str:
    classes = ["day"]
    if not day.in_month:
        return '<li class="day outside" aria-hidden="true"></li>'
    if day.is_today:
        classes.append("today")
    if not day.entries:
        classes.append("empty")
    head = (
        f'<h3><span class="short">{day.day.day}</span>'
        f'<span class="long">{escape(formats.weekday(day.day))} {escape(formats.short_day(day.day))}</span></h3>'
    )
    return f'<li class="{" ".join(classes)}">{head}{_entries(day.entries, formats)}</li>'


def _entries(entries: Sequence[Entry], formats: Formats) -> str:
    # Where there are too many by one, that one takes the place of the count.
    shown = len(entries) if len(entries) <= MOST else MOST - 1
    lines = "".join(_line(one, formats, extra=place >= shown) for place, one in enumerate(entries))
    more = f'<div class="more">and {len(entries) - shown} more</div>' if shown < len(entries) else ""
    return f'<ol class="entries">{lines}</ol>{more}' if entries else ""


def _line(one: Entry, formats: Formats, *, extra: bool) -> str:
    name = escape(clean(one.name) or "No name")
    amount = formats.money(one.amount, one.currency, signed=True)
    said = ", ".join(filter(None, (clean(one.name), amount, STANDINGS[one.standing], clean(one.account))))
    if one.transaction_id is not None:
        name = f'<a href="/transactions?tx={one.transaction_id}">{name}</a>'
    classes = " ".join(filter(None, (one.standing, "in" if one.amount > 0 else "out", "extra" if extra else "")))
    sign = "" if one.standing == "paid" else '<span aria-hidden="true">! </span>' if one.standing == "late" else ""
    about = "" if one.exact or one.standing == "paid" else "≈ "
    return (
        f'<li class="{classes}" title="{escape(said)}"><span class="name">{sign}{name}</span>'
        f'<span class="amount">{about}{escape(amount)}</span></li>'
    )
