"""A year as twelve small months, each day in the shade of what was spent on it and a link to its rows.

Drawn by ourselves, for Plotly's heat maps can't be clicked; two months stand side by side on a narrow screen, six on a
wide one. All words in it are escaped.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from pages.shared.charts.tokens import tokens
from pages.shared.formats import Formats
from pages.shared.links import Link, address_of

WEEK: Final = 7
MONTHS: Final = 12
STYLE: Final = """
<style>
.year { container-type: inline-size; font-size: 0.78rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.year .months { display: grid; grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); gap: 1.1rem 1.2rem; }
.year h4 { all: unset; display: flex; justify-content: space-between; font-weight: 600; margin-bottom: 0.3rem;
  font-size: 0.86rem; }
.year h4 span { font-weight: 400; color: var(--quiet); }
.year .grid { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 3px; }
.year .head { text-align: center; color: var(--quiet); font-size: 0.7rem; }
.year .grid a, .year .grid i { display: grid; place-items: center; aspect-ratio: 1; border-radius: 4px;
  text-decoration: none; font-style: normal; color: inherit; background: var(--soft); }
.year .grid i { opacity: 0.55; }
.year .grid i.none { background: none; }
.year .l1 { background: color-mix(in srgb, var(--c1) 20%, var(--paper)) !important; }
.year .l2 { background: color-mix(in srgb, var(--c1) 40%, var(--paper)) !important; }
.year .l3 { background: color-mix(in srgb, var(--c1) 62%, var(--paper)) !important; }
.year .l4 { background: color-mix(in srgb, var(--c1) 96%, var(--paper)) !important; color: var(--on) !important; }
.year .grid a:hover, .year .grid a:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.year .legend { display: flex; gap: 4px; align-items: center; justify-content: flex-end; color: var(--quiet);
  margin-top: 0.7rem; }
.year .legend b { width: 14px; height: 14px; border-radius: 3px; background: var(--soft); }
@container (max-width: 420px) { .year .months { grid-template-columns: 1fr 1fr; gap: 0.9rem; } }
</style>
"""


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: its shade (0 to 4), what is told of it, and where its rows are, if it has any."""

    level: int
    told: str
    link: Link | None = None


def year_chart(
    year: int, cells: Mapping[dt.date, DayCell], sums: Sequence[str], formats: Formats, *, week_start: int, alt: str
) -> None:
    """Draw a year; `sums` are the twelve months' own figures, weeks begin on `week_start` (0 is Monday)."""
    months = "".join(_month(dt.date(year, number, 1), cells, sums[number - 1], formats, week_start)
                     for number in range(1, MONTHS + 1))  # fmt: skip
    shades = "".join(f'<b class="l{level}"></b>' for level in range(5))
    st.html(
        f'{STYLE}<div class="year" style="{tokens()}" role="group" aria-label="{escape(alt)}">'
        f'<div class="months">{months}</div>'
        f'<div class="legend" aria-hidden="true">Less {shades} More</div></div>'
    )


def _month(first: dt.date, cells: Mapping[dt.date, DayCell], total: str, formats: Formats, week_start: int) -> str:
    monday = dt.date(2024, 1, 1)
    names = (formats.weekday(monday + dt.timedelta(days=week_start + step)) for step in range(WEEK))
    heads = "".join(f'<span class="head" aria-hidden="true">{escape(name[:1])}</span>' for name in names)
    blanks = '<i class="none" aria-hidden="true"></i>' * ((first.weekday() - week_start) % WEEK)
    days = []
    day = first
    while day.month == first.month:
        days.append(_day(day, cells.get(day)))
        day += dt.timedelta(days=1)
    name = escape(formats.short_month(first))
    return (
        f"<section><h4>{name}<span>{escape(total)}</span></h4>"
        f'<div class="grid">{heads}{blanks}{"".join(days)}</div></section>'
    )


def _day(day: dt.date, cell: DayCell | None) -> str:
    if cell is None or cell.link is None:
        told = f' title="{escape(cell.told)}"' if cell is not None else ""
        return f"<i{told}>{day.day}</i>"
    told = escape(cell.told)
    return (
        f'<a class="l{cell.level}" href="{escape(address_of(cell.link))}" title="{told}" '
        f'aria-label="{told}">{day.day}</a>'
    )
