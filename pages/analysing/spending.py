"""Spending: step by step through the period, by category, by merchant."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import streamlit as st

from core.analytics import CategorySpent, GroupSpent, MerchantSpent, Spending, Stretch, change, shares
from pages.analysing.asking import Asked, rows_link, view_link
from pages.analysing.wording import days_of, moved, times
from pages.shared.cards import Card, card_grid
from pages.shared.charts import BarLine, Step, bar_list, draw, steps_figure
from pages.shared.empty import nothing_found
from pages.shared.formats import Formats
from pages.shared.links import page_link
from pages.shared.rates import apart_told, old_rate_told

AVERAGES = {"day": "7 days", "week": "4 weeks", "month": "3 months"}
STEPS = {"day": "Day by day", "week": "Week by week", "month": "Month by month"}


def spending_view(view: Spending, wanted: Asked, formats: Formats) -> None:
    """Draw what a period's money was spent on."""
    if not view.rows and not view.before:
        nothing_found("Nothing was spent on these days. Choose a longer period, or other accounts.")
        apart_told(view.apart, formats)
        return
    card_grid(_cards(view, wanted, formats), formats, columns=4)
    with st.container(border=True):
        _through_time(view, wanted, formats)
    wide, narrow = st.columns([1, 1])
    with wide, st.container(border=True, height="stretch"):
        _categories(view, wanted, formats)
    with narrow, st.container(border=True, height="stretch"):
        _merchants(view, wanted, formats)
    old_rate_told(view.old_rate, formats)
    apart_told(view.apart, formats)


def _cards(view: Spending, wanted: Asked, formats: Formats) -> list[Card]:
    span, currency = view.span, view.currency
    before, daily_before = view.before, view.daily_before
    dearest = next((one.whole for one in view.groups if one.whole.spent > 0), None)
    cards = [
        Card(
            "Spent",
            formats.figure(view.spent, currency),
            currency,
            None if before is None else change(view.spent, before),
            wanted="down",
            note=f"in {times(view.rows, formats)}",
            help="Money out less refunds; transfers between own accounts don't count.",
            link=rows_link("See the rows", wanted, span.since, span.until, kind="spending"),
        ),
        Card(
            "A day on average",
            formats.money(view.daily, currency),
            currency,
            None if daily_before is None else change(view.daily, daily_before),
            wanted="down",
            note=f"over {days_of(span.days, formats)}",
        ),
        Card(
            "Days without spending",
            formats.number(view.quiet_days),
            currency,
            note=f"of {days_of(span.days, formats)}",
            link=view_link("See the days", replace(wanted, view="days", year=span.until.year)),
        ),
    ]
    if dearest is not None:
        cards.append(
            Card(
                "Most went to",
                formats.figure(dearest.spent, currency),
                currency,
                note=dearest.title,
                link=rows_link(
                    "See the rows",
                    wanted,
                    span.since,
                    span.until,
                    kind="spending",
                    category=str(dearest.category_id or 0),
                ),
            )
        )
    return cards


def _days(one: Stretch, formats: Formats) -> str:
    if one.since == one.until:
        return f"{formats.weekday(one.since)} {formats.short_day(one.since)}"
    return f"{formats.short_day(one.since)} to {formats.short_day(one.until)}"


def _through_time(view: Spending, wanted: Asked, formats: Formats) -> None:
    unit, currency = view.span.unit, view.currency
    st.subheader(STEPS[unit], anchor=False)
    steps = tuple(Step(one.since, _days(one, formats), one.spent, one.average, one.before) for one in view.stretches)
    header = ["Days", "Spent", f"Average of {AVERAGES[unit]}"]
    if view.span.compares:
        header.append("Average then")
    draw(
        steps_figure(steps, currency, formats),
        key="spending_chart",
        alt=f"What was spent {STEPS[unit].lower()} from {formats.day(view.span.since)} to "
        f"{formats.day(view.span.until)}, in {currency}, with its moving average",
        header=header,
        rows=[
            [
                formats.day(one.since) if one.since == one.until else _days(one, formats),
                *(formats.money(amount, currency) for amount in (one.spent, one.average, one.before)),
            ][: len(header)]
            for one in reversed(view.stretches)
        ],
        link=rows_link("See the rows", wanted, view.span.since, view.span.until, kind="spending"),
        opens=lambda _, place: rows_link(
            "", wanted, view.stretches[place].since, view.stretches[place].until, kind="spending"
        ),
    )
    st.caption(f"The line is the average of {AVERAGES[unit]}. Click a bar to see its transactions.")


def _categories(view: Spending, wanted: Asked, formats: Formats) -> None:
    st.subheader("By category", anchor=False)
    bar_list(category_lines(view.groups, view, wanted, formats))
    st.caption("Open a line to see what it is made of.")


def category_lines(
    groups: Sequence[GroupSpent], view: Spending, wanted: Asked, formats: Formats
) -> tuple[BarLine, ...]:
    """Return a line for each group of categories, with its categories in it where there are several."""
    parts = shares(one.whole.spent for one in groups)
    longest = max((*parts, Decimal("0.0001")))
    lines = []
    for group, share in zip(groups, parts, strict=True):
        members = () if len(group.categories) == 1 else group.categories
        inner = shares(one.spent for one in members)
        lines.append(
            _category_line(
                group.whole,
                share,
                share / longest,
                view,
                wanted,
                formats,
                parts=tuple(
                    _category_line(one, part, part, view, wanted, formats, alone=one.category_id)
                    for one, part in zip(members, inner, strict=True)
                ),
            )
        )
    return tuple(lines)


def _category_line(
    one: CategorySpent,
    share: Decimal,
    part: Decimal,
    view: Spending,
    wanted: Asked,
    formats: Formats,
    *,
    parts: tuple[BarLine, ...] = (),
    alone: int | None = None,
) -> BarLine:
    told, tone = moved(one.spent, one.before, view.currency, formats) if view.span.compares else ("", "")
    narrowed = {"kind": "spending", "category": str(one.category_id or 0)}
    if alone is not None:
        narrowed["alone"] = "yes"
    return BarLine(
        name=one.title,
        link=rows_link("", wanted, view.span.since, view.span.until, **narrowed) if one.rows else None,
        amount=formats.money(one.spent, view.currency),
        part=part,
        share=formats.percent(share) if one.spent > 0 else "",
        change=told,
        tone=tone,
        icon=one.icon,
        parts=parts,
    )


def _merchants(view: Spending, wanted: Asked, formats: Formats) -> None:
    st.subheader("Top merchants", anchor=False)
    bar_list(merchant_lines(view.merchants, view.currency, wanted, formats, compares=view.span.compares))
    count = view.merchant_count
    page_link(
        view_link(
            "The merchant" if count == 1 else f"All {formats.number(count)} merchants",
            replace(wanted, view="merchants"),
        )
    )


def merchant_lines(
    several: Sequence[MerchantSpent], currency: str, wanted: Asked, formats: Formats, *, compares: bool
) -> tuple[BarLine, ...]:
    """Return a line for each merchant: it leads to all about it."""
    longest = max((*(one.spent for one in several), Decimal(1)))
    lines = []
    for one in several:
        told, tone = moved(one.spent, one.before, currency, formats) if compares else ("", "")
        count = f"{formats.number(one.rows)} times {formats.money(one.average, currency)}"
        lines.append(
            BarLine(
                name=one.name,
                link=view_link("", replace(wanted, view="merchants", merchant=one.name)),
                amount=formats.money(one.spent, currency),
                part=max(one.spent, Decimal(0)) / longest,
                change=told,
                tone=tone,
                note=count if one.rows > 1 else "",
            )
        )
    return tuple(lines)
