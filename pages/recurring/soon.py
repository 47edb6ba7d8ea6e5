"""What is due soon, as lines; the same on the page of bills and on the overview."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from core.forecasting import Outlook
from core.planning import Bills, Due, Entry, Recurring
from pages.recurring.wording import entry_icon, entry_words, rows_link
from pages.shared import links
from pages.shared.formats import Formats, plain_text
from pages.shared.line_list import Line, line_list, money_line
from pages.shared.links import Link, page_link
from pages.wealth.debts import days_words

SHORT = 4


def entry_line(entry: Entry, recurring: Mapping[str, Recurring], formats: Formats, *, when: str = "") -> Line:
    """Return the line of one expected payment, leading to those before it."""
    link = (
        rows_link(recurring[entry.key], entry.name) if entry.key in recurring else Link(entry.name, links.INVESTMENTS)
    )
    below = " · ".join(filter(None, (when, entry_words(entry))))
    return money_line(link, below, entry.amount, entry.currency, formats, icon=entry_icon(entry))


def by_day(entries: Sequence[Entry], view: Bills | Outlook, formats: Formats) -> None:
    """Draw expected payments under the days on which they are due."""
    with st.grid(3, min_column_width=290, gap="small", height="stretch"):
        for day, due in groupby(entries, key=lambda one: one.day):
            away = days_words((day - view.today).days)
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.markdown(f"**{plain_text(f'{formats.weekday(day)} {formats.short_day(day)}')}** :gray[{away}]")
                line_list(entry_line(entry, view.recurring, formats) for entry in due)


def due_soon(view: Due, formats: Formats) -> None:
    """Draw the next few bills, for the overview."""
    st.subheader("Due soon", anchor=False)
    if view.overdue:
        count = "1 payment is" if len(view.overdue) == 1 else f"{formats.number(len(view.overdue))} payments are"
        st.markdown(f":red[:material/warning: {count} overdue.]")
    drawn = []
    for entry in view.to_pay[:SHORT]:
        when = f"{formats.short_day(entry.day)}, {days_words((entry.day - view.today).days)}"
        drawn.append(entry_line(entry, view.recurring, formats, when=when))
    line_list(drawn)
    page_link(Link("All bills", links.BILLS))
