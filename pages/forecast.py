"""Forecast: what will be left on each of the next ninety days, what will be spent on what, and how sure that is."""

from decimal import Decimal

import streamlit as st

from core.forecasting import DAYS, FEWEST_MONTHS, Outlook, outlook
from core.planning import kept_line
from pages.foreseeing.spending import past, spending
from pages.foreseeing.trying import trying, wished
from pages.recurring.line import line_input
from pages.recurring.soon import by_day
from pages.shared import links
from pages.shared.cards import Card, card_grid
from pages.shared.charts import Span, draw, fan_figure
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import require_user
from pages.shared.links import Link, page_link

AHEAD = (30, 60, 90)
UNLIKELY = 0.005
"""A chance below this is told as less than one in a hundred."""
WORTH_TELLING = 0.05


def percentage(chance: float, formats: Formats) -> str:
    """Return how likely something is, in words."""
    if chance < UNLIKELY:
        return f"less than {formats.percent(0.01)}"
    return formats.percent(min(chance, 0.99)) if chance < 1 else formats.percent(1)


def cards(view: Outlook, formats: Formats) -> list[Card]:
    """Return what will be left after one, two and three months."""
    found = []
    for days in AHEAD:
        one = view.days[days]
        spread = f"{formats.money(one.low, view.currency, whole=True)} to "
        spread += formats.money(one.high, view.currency, whole=True)
        found.append(
            Card(
                f"In {days} days",
                formats.figure(one.balance, view.currency),
                view.currency,
                note=f"{spread} in four of five cases" if one.low != one.high else "if all comes as expected",
                help=f"What is expected to be on checking, savings and cash accounts on {formats.day(one.day)}.",
            )
        )
    return found


def warning(view: Outlook, formats: Formats) -> None:
    """Say when the balance will be below the person's line, and how likely that is."""
    what = "zero" if view.line == 0 else formats.money(view.line, view.currency)
    least = view.least
    sure = f" The chance that it falls below within {DAYS} days is {percentage(view.chance, formats)}."
    if view.below is not None:
        st.warning(
            plain_text(
                f"On {formats.day(view.below)} there will be less than {what}: at the lowest "
                f"{formats.money(least.balance, view.currency)}, on {formats.day(least.day)}."
                f"{sure if view.back_test else ''}"
            ),
            icon=":material/warning:",
        )
    elif view.chance >= WORTH_TELLING:
        likely = f" Most likely it has by {formats.day(view.likely_below)}." if view.likely_below else ""
        st.warning(
            plain_text(f"It may come to less than {what}.{sure}{likely}"),
            icon=":material/warning:",
        )
    else:
        st.markdown(
            plain_text(
                f"At the lowest {formats.money(least.balance, view.currency)}, on {formats.day(least.day)}."
                f"{sure if view.back_test else ''}"
            )
        )


def balance(view: Outlook, formats: Formats) -> None:
    """Draw what will be left day by day, and what to try."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader("What will be left", anchor=False)
        line_input(view.line, view.currency)
    opening = view.opening
    if opening is None:
        st.caption("What will be left is shown once the balance of a checking, savings or cash account is known.")
        page_link(Link("Enter a balance", links.ACCOUNTS))
        return
    warning(view, formats)
    spans = tuple(Span(one.day, one.balance, one.low, one.high, one.lowest, one.highest) for one in view.days)
    draw(
        fan_figure(spans, view.unchanged, view.line, view.currency, formats),
        key="fan_chart",
        alt=f"What is expected to be left on each of the next {DAYS} days and between what it will lie, "
        f"in {view.currency}",
        header=("Day", "Left", "From", "To", "Recurring so far", "The rest so far"),
        rows=[
            [
                formats.day(one.day),
                *(
                    formats.money(amount, view.currency)
                    for amount in (one.balance, one.low, one.high, one.recurring, one.rest)
                ),
            ]
            for one in view.days
        ],
        link=Link("See the bills", links.BILLS),
    )
    told = view.days[-1]
    tried = told.balance - view.unchanged[-1]
    if tried:
        st.markdown(
            plain_text(
                f"With what you try, {formats.money(abs(tried), view.currency)} {'more' if tried > 0 else 'less'} "
                f"after {DAYS} days. The dotted line is how it is."
            )
        )
    pending = f", pending {formats.money(opening.pending, view.currency, signed=True)}" if opening.pending else ""
    once = f", once {formats.money(told.once, view.currency, signed=True)}" if told.once else ""
    rest = f", the rest {formats.money(told.rest, view.currency, signed=True)}" if view.back_test else ""
    left_out = [
        *(f"{name}, whose balance is not known" for name in opening.unknown),
        *(f"accounts in {code}, for which there is no rate" for code in opening.apart),
    ]
    without = f" Without {'; '.join(left_out)}." if left_out else ""
    bands = " The darker band holds in four of five cases, the lighter one in nineteen of twenty."
    st.caption(
        plain_text(
            f"On checking, savings and cash {formats.money(opening.known, view.currency)}{pending}; until "
            f"{formats.day(told.day)} recurring {formats.money(told.recurring, view.currency, signed=True)}"
            f"{once}{rest}. "
            "What is paid by card counts when the card is paid."
            f"{bands if view.back_test else ''}{without}"
        )
    )


def known(view: Outlook, formats: Formats) -> None:
    """Draw what is laid out exactly."""
    count = len(view.entries)
    laid_out = st.expander(
        f"What recurs: {formats.number(count)} {'payment' if count == 1 else 'payments'} in {DAYS} days",
        icon=":material/event_upcoming:",
        on_change="rerun",
        key="forecast_known",
    )
    if laid_out.open:
        with laid_out:
            by_day(view.entries, view, formats)


def screen(view: Outlook, formats: Formats) -> None:
    """Draw the whole page."""
    if not view.entries and not view.months and (view.opening is None or not view.opening.balance):
        nothing_yet(
            "Nothing to foresee yet",
            "What will be left and what you will spend appear here once payments have come again and again, and get "
            f"surer with every month; after {FEWEST_MONTHS} months everyday spending is foreseen too.",
            icon=":material/query_stats:",
        )
        return
    if view.days:
        card_grid(cards(view, formats), formats, columns=len(AHEAD), narrowest=200)
    with st.container(border=True):
        balance(view, formats)
        if view.choosable or view.days:
            trying(view, formats)
    if view.back_test is None:
        months = "1 whole month is" if view.months == 1 else f"{formats.number(view.months)} whole months are"
        st.info(
            f"Too little history to foresee everyday spending: {months} known, {FEWEST_MONTHS} are needed. "
            "Shown is only what recurs.",
            icon=":material/hourglass_top:",
        )
    else:
        left, right = st.columns(2)
        with left, st.container(border=True, height="stretch"):
            spending(view, formats)
        with right, st.container(border=True, height="stretch"):
            past(view, view.back_test, formats)
    known(view, formats)
    if view.unrated:
        rows = "1 transaction is" if view.unrated == 1 else f"{formats.number(view.unrated)} transactions are"
        st.caption(plain_text(f"{rows} left out, for there is no rate between their currency and {view.currency}."))


guest = require_user()
ways = formats_of(guest.profile)
st.title("Forecast", anchor=False)
with failures_told(), st.skeleton(height=400):
    floor: Decimal = kept_line(guest.house.store, guest.user)
    answers = outlook(guest.house.store, guest.cache, guest.today, line=floor, wish=wished(guest.today))
    screen(answers, ways)
