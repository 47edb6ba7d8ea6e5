"""Year in review: one page that tells a year as a story, every figure leading to its rows."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import streamlit as st

from core.analytics import CategorySpent, YearReview, change
from core.planning import Subscription
from pages.analysing.asking import Asked, rows_link, view_link
from pages.analysing.flow import month_bars, month_rows
from pages.analysing.spending import merchant_lines
from pages.analysing.wording import days_of, moved, times
from pages.recurring.wording import rows_link as series_link
from pages.shared.cards import Card, card_grid
from pages.shared.charts import BarLine, Said, banner, bar_list, draw
from pages.shared.empty import nothing_found
from pages.shared.formats import Formats, plain_text
from pages.shared.line_list import Line, line_list
from pages.shared.links import SUBSCRIPTIONS, TRANSACTIONS, Link, page_link
from pages.shared.rates import apart_told, old_rate_told

MOST_NEW = 5


def year_view(view: YearReview, wanted: Asked, formats: Formats) -> None:
    """Tell a year."""
    if not view.rows and not view.sums.income:
        nothing_found(f"Nothing is known of {view.year}.")
        apart_told(view.apart, formats)
        return
    _opening(view, formats)
    st.space("small")
    card_grid(_figures(view, wanted, formats), formats, columns=4)
    with st.container(border=True):
        _months(view, wanted, formats)
    wide, narrow = st.columns(2)
    with wide, st.container(border=True, height="stretch"):
        _purchases(view, wanted, formats)
    with narrow, st.container(border=True, height="stretch"):
        _merchants(view, wanted, formats)
    if view.grew or view.shrank:
        wide, narrow = st.columns(2)
        with wide, st.container(border=True, height="stretch"):
            _moved("What grew", view.grew, view, wanted, formats)
        with narrow, st.container(border=True, height="stretch"):
            _moved("What shrank", view.shrank, view, wanted, formats)
    card_grid(_days(view, wanted, formats), formats, columns=3)
    old_rate_told(view.old_rate, formats)
    apart_told(view.apart, formats)


def _opening(view: YearReview, formats: Formats) -> None:
    """Say the year in three sentences."""
    sums, currency = view.sums, view.currency

    def money(amount: Decimal) -> Said:
        return Said(formats.money(amount, currency, whole=True), stands_out=True)

    story = [money(sums.income), Said(" came in and "), money(-sums.spending), Said(" went out. ")]
    if sums.net >= 0 and sums.savings_rate is not None:
        rate = Said(formats.percent(sums.savings_rate), stands_out=True)
        story += [money(sums.net), Said(" of it stayed with you, "), rate, Said(" of your income. ")]
    elif sums.net < 0:
        story += [Said("That is "), money(-sums.net), Said(" more than came in. ")]
    if view.before is not None:
        spent = change(-sums.spending, -view.before.spending)
        than = "the year before." if view.is_over else "by the same day of the year before."
        words = {"up": " more than ", "down": " less than ", "same": "as much as "}[spent.direction]
        story += [Said("You spent "), *([money(spent.size)] if spent.size else []), Said(f"{words}{than}")]
    banner(f"Your {view.year}{'' if view.is_over else ' so far'}", story)


def _figures(view: YearReview, wanted: Asked, formats: Formats) -> list[Card]:
    sums, before, currency, span = view.sums, view.before, view.currency, view.span
    than = "than the year before" if view.is_over else "than by the same day of the year before"

    def rows(kind: str = "") -> Link:
        return rows_link("See the rows", wanted, span.since, span.until, kind=kind)

    note = than if before else ""
    cards = [
        Card(
            "Income",
            formats.figure(sums.income, currency),
            currency,
            change(sums.income, before.income) if before else None,
            note=note,
            link=rows("income"),
        ),
        Card(
            "Spending",
            formats.figure(-sums.spending, currency),
            currency,
            change(-sums.spending, -before.spending) if before else None,
            wanted="down",
            note=note or times(view.rows, formats),
            link=rows("spending"),
        ),
        Card(
            "Savings rate",
            formats.percent(sums.savings_rate),
            currency,
            note=f"{formats.percent(before.savings_rate)} the year before"
            if before and before.savings_rate is not None
            else f"{formats.money(sums.net, currency, signed=True)} left over",
            link=rows(),
        ),
    ]
    if view.worth is not None:
        first, last = view.worth
        cards.append(
            Card(
                "Net worth",
                formats.figure(last.net, currency),
                currency,
                change(last.net, first.net),
                note=f"than on {formats.day(first.day)}",
                link=view_link("See how", replace(wanted, view="worth", period="year" if not view.is_over else "all")),
            )
        )
    return cards


def _months(view: YearReview, wanted: Asked, formats: Formats) -> None:
    st.subheader("Month by month", anchor=False)
    currency, best, worst = view.currency, view.best, view.worst
    told = []
    if best is not None:
        left = plain_text(formats.money(best.now.net, currency))
        told.append(f":material/trending_up: Best month: **{formats.month(best.month)}**, with {left} left over.")
    if worst is not None:
        left = plain_text(formats.money(worst.now.net, currency))
        told.append(f":material/trending_down: Tightest month: **{formats.month(worst.month)}**, with {left}.")
    st.markdown("  \n".join(told))
    kinds = ("income", "spending", "")
    draw(
        month_bars(view.months, currency, formats),
        key="year_chart",
        alt=f"Income, spending and what was left over in each month of {view.year}, in {currency}",
        header=("Month", "Income", "Spending", "Left over"),
        rows=[
            [
                formats.month(one.month),
                *(formats.money(amount, currency) for amount in (one.now.income, one.now.spending, one.now.net)),
            ]
            for one in reversed(view.months)
        ],
        link=rows_link("See the rows", wanted, view.span.since, view.span.until),
        opens=lambda kind, place: month_rows(wanted, view.months[place], kinds[kind]),
    )


def _purchases(view: YearReview, wanted: Asked, formats: Formats) -> None:
    st.subheader("Biggest purchases", anchor=False)
    line_list(
        Line(
            Link(one.row.name, TRANSACTIONS, {"tx": str(one.row.id)}),
            f"{formats.short_day(one.row.date)} · {one.row.category} · {one.row.account}",
            formats.money(one.spent, view.currency),
            one.row.icon,
        )
        for one in view.purchases
    )
    page_link(rows_link("All spending", wanted, view.span.since, view.span.until, kind="spending"))


def _merchants(view: YearReview, wanted: Asked, formats: Formats) -> None:
    st.subheader("Where you went most with your money", anchor=False)
    own = replace(wanted, period="year" if not view.is_over else "all")
    bar_list(merchant_lines(view.merchants, view.currency, own, formats, compares=False))
    page_link(view_link("All merchants", replace(own, view="merchants")))


def _moved(title: str, several: Sequence[CategorySpent], view: YearReview, wanted: Asked, formats: Formats) -> None:
    st.subheader(title, anchor=False)
    if not several:
        st.caption("Nothing did.")
        return
    longest = max(change(one.spent, one.before).size for one in several)
    lines = []
    for one in several:
        told, tone = moved(one.spent, one.before, view.currency, formats)
        lines.append(
            BarLine(
                name=one.title,
                link=rows_link(
                    "",
                    wanted,
                    view.span.since,
                    view.span.until,
                    kind="spending",
                    category=str(one.category_id or 0),
                ),
                amount=formats.money(one.spent, view.currency, whole=True),
                part=change(one.spent, one.before).size / longest,
                change=told,
                tone=tone,
                icon=one.icon,
            )
        )
    bar_list(lines)


def _days(view: YearReview, wanted: Asked, formats: Formats) -> list[Card]:
    currency = view.currency
    days = view_link("See the days", replace(wanted, view="days", year=view.year))
    cards = [
        Card(
            "Days without spending",
            formats.number(view.quiet_days),
            currency,
            note=f"of {days_of(view.counted_days, formats)}",
            link=days,
        ),
    ]
    if view.longest_quiet is not None:
        quiet = view.longest_quiet
        cards.append(
            Card(
                "Longest pause",
                days_of(quiet.days, formats),
                currency,
                note=f"{formats.short_day(quiet.since)} to {formats.short_day(quiet.until)}",
                help="Days in a row on which nothing was spent.",
            )
        )
    if view.dearest is not None:
        cards.append(
            Card(
                "Dearest day",
                formats.figure(view.dearest.spent, currency),
                currency,
                note=formats.day(view.dearest.day),
                link=rows_link("See the rows", wanted, view.dearest.day, view.dearest.day, kind="spending"),
            )
        )
    return cards


def new_subscriptions(several: Sequence[Subscription], formats: Formats) -> None:
    """Draw what began to be paid again and again in the year."""
    st.subheader("New subscriptions and bills", anchor=False)
    if not several:
        st.caption("Nothing new that comes again and again.")
        return
    drawn = []
    for one in several[:MOST_NEW]:
        series = one.found.series
        below = f"since {formats.day(series.first_date)} · {series.cadence}"
        monthly = f"{formats.money(abs(one.monthly), series.currency)} a month"
        drawn.append(Line(series_link(one.found, one.name), below, monthly, "autorenew"))
    line_list(drawn)
    more = len(several) - MOST_NEW
    page_link(Link(f"And {formats.number(more)} more" if more > 0 else "All subscriptions", SUBSCRIPTIONS))
