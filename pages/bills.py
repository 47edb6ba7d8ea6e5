"""Bills: a month as a calendar, what is due next, and what will be left on each day."""

from datetime import date
from decimal import Decimal

import streamlit as st

from core import clock
from core.errors import AmountError
from core.money import exact, from_units, to_units
from core.planning import Bills, Projection, bills, kept_line
from pages.recurring.line import line_input
from pages.recurring.month import month_calendar
from pages.recurring.soon import by_day, entry_line
from pages.shared.charts import Point, balance_figure, draw
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import require_user
from pages.shared.line_list import line_list

ZERO = Decimal(0)


def asked_month(text: str) -> date | None:
    """Return the month of an address ("2026-12"), None for this one or for what is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def asked_line(text: str) -> Decimal:
    """Return the line of an address, zero for what is no amount."""
    try:
        return from_units(to_units(exact(text)))
    except AmountError:
        return ZERO


def show_month(month: date) -> None:
    """Write a month into the address."""
    require_user()
    st.query_params["month"] = f"{month:%Y-%m}"


def choose_month(key: str) -> None:
    """Write the month that was chosen into the address."""
    show_month(st.session_state[key])


def picker(view: Bills, formats: Formats) -> None:
    """Draw the way from month to month; the address carries it."""
    months = [view.first]
    while months[-1] < view.last:
        months.append(clock.add_months(months[-1], 1))
    at = months.index(view.month)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Earlier",
            icon=":material/chevron_left:",
            key="earlier_month",
            disabled=at == 0,
            on_click=show_month,
            args=(months[max(at - 1, 0)],),
        )
        key = f"month_of_{view.month:%Y_%m}"
        st.selectbox(
            "Month",
            months,
            index=at,
            format_func=formats.month,
            key=key,
            on_change=choose_month,
            args=(key,),
            label_visibility="collapsed",
            width=150,
        )
        st.button(
            "Later",
            icon=":material/chevron_right:",
            icon_position="right",
            key="later_month",
            disabled=at == len(months) - 1,
            on_click=show_month,
            args=(months[min(at + 1, len(months) - 1)],),
        )
        this = clock.month_start(view.today)
        if view.month != this:
            st.button("This month", type="tertiary", on_click=show_month, args=(this,))


def month_sums(view: Bills, formats: Formats) -> None:
    """Say what the month's bills and income come to, each currency by itself."""
    told = []
    for one in view.sums:
        parts = [
            ("Paid", one.paid),
            ("Still to pay", one.to_pay),
            ("Received", one.received),
            ("Still to come in", one.to_receive),
        ]
        said = [
            f"{name} **{plain_text(formats.money(abs(amount), one.currency))}**" for name, amount in parts if amount
        ]
        if said:
            told.append(" · ".join(said))
    if told:
        st.markdown("  \n".join(told))
        st.caption("Payments of cards are in the calendar but not in these sums: what was bought with them is.")


def balance(one: Projection, own: str, formats: Formats) -> None:
    """Draw what will be left day by day, its lowest point, and a warning where that is too low."""
    currency = one.currency
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader("What will be left" if currency == own else f"What will be left in {currency}", anchor=False)
        if currency == own:
            line_input(one.line, currency)
    lowest = one.lowest
    if one.below is not None:
        what = "zero" if one.line == 0 else formats.money(one.line, currency)
        st.warning(
            plain_text(
                f"On {formats.day(one.below)} there will be less than {what}: "
                f"{formats.money(lowest.balance, currency)} at the lowest, on {formats.day(lowest.day)}."
            ),
            icon=":material/warning:",
        )
    else:
        st.markdown(
            plain_text(
                f"At the lowest {formats.money(lowest.balance, currency)}, on {formats.day(lowest.day)}; "
                f"{formats.money(one.end, currency)} on {formats.day(one.days[-1].day)}."
            )
        )
    points = tuple(Point(day.day, day.balance) for day in one.days)
    draw(
        balance_figure(points, Point(lowest.day, lowest.balance), one.line, currency, formats),
        key=f"balance_{currency}",
        alt=f"What can be spent on each of the next {len(points)} days, in {currency}",
        header=("Day", "Left"),
        rows=[[formats.day(point.day), formats.money(point.amount, currency)] for point in points],
    )
    pending = f", pending {formats.money(one.pending, currency, signed=True)}" if one.pending else ""
    unknown = f" Without {', '.join(one.unknown)}, whose balance is not known." if one.unknown else ""
    st.caption(
        plain_text(
            f"On checking, savings and cash {formats.money(one.known, currency)}{pending}, expected in "
            f"{formats.money(one.coming_in, currency)}, out {formats.money(abs(one.going_out), currency)}. "
            "Only what recurs is foreseen, not everyday spending; what is paid by card counts when the card is paid."
            f"{unknown}"
        )
    )


def overdue(view: Bills, formats: Formats) -> None:
    """Draw what should have come and did not."""
    if not view.overdue:
        return
    with st.container(border=True, gap="xsmall"):
        st.subheader(":red[:material/warning:] Overdue", anchor=False)
        drawn = []
        for entry in view.overdue:
            due = "was due" if entry.day < view.today else "due"
            drawn.append(entry_line(entry, view.recurring, formats, when=f"{due} {formats.day(entry.day)}"))
        line_list(drawn)
        st.caption("Expected from what came before, and not seen yet: a bank may be late to tell of it.")


def coming(view: Bills, formats: Formats) -> None:
    """Draw the list of what is due."""
    st.subheader("The next 30 days", anchor=False)
    if not view.next:
        st.caption("Nothing is expected.")
        return
    by_day(view.next, view, formats)


def screen(view: Bills, own: str, formats: Formats) -> None:
    """Draw the whole page."""
    if not view.found:
        nothing_yet(
            "No bills yet",
            "What is due and what will be left appear here once payments have come again and again, or a bank told of "
            "a card or a loan.",
            icon=":material/event_upcoming:",
        )
        return
    overdue(view, formats)
    with st.container(border=True):
        picker(view, formats)
        month_sums(view, formats)
        month_calendar(view, formats)
    if len(view.projections) > 1:
        with st.grid(2, min_column_width=330, gap="small", height="stretch"):
            for one in view.projections:
                with st.container(border=True, height="stretch"):
                    balance(one, own, formats)
    elif view.projections:
        with st.container(border=True):
            balance(view.projections[0], own, formats)
    else:
        st.caption("What will be left is shown once the balance of a checking, savings or cash account is known.")
    coming(view, formats)


guest = require_user()
ways = formats_of(guest.profile)
st.title("Bills", anchor=False)
with failures_told(), st.skeleton(height=400):
    currency = guest.profile.currency
    answers = bills(
        guest.house.store,
        guest.cache,
        guest.today,
        currency=currency,
        month=asked_month(st.query_params.get("month", "")),
        line=asked_line(st.query_params["line"])
        if "line" in st.query_params
        else kept_line(guest.house.store, guest.user),
        week_start_day=guest.profile.week_start_day,
    )
    screen(answers, answers.projections[0].currency if answers.projections else currency, ways)
