"""Income and spending: month by month, what share was saved, and the streams of a period."""

import streamlit as st

from core.analytics import Flow as FlowAnswer
from core.analytics import FlowMonth, Stream, change
from pages.analysing.asking import Asked, rows_link
from pages.shared.cards import Card, card_grid
from pages.shared.charts import Flow, StreamBar, draw, flow_figure, rates_figure, streams_chart
from pages.shared.charts.style import month_labels
from pages.shared.empty import nothing_found
from pages.shared.formats import Formats
from pages.shared.links import Link
from pages.shared.rates import apart_told, old_rate_told

GREEN, OCHRE, GREY = 2, 3, 8
TINTS = (1, 4, 5, 6, 3, 7)
"""The colours of spending, in turn."""


def flow_view(view: FlowAnswer, wanted: Asked, formats: Formats) -> None:
    """Draw what came in, what was spent and what was left."""
    if not view.passed:
        nothing_found("Nothing came in or was spent on these days. Choose a longer period, or other accounts.")
        apart_told(view.apart, formats)
        return
    card_grid(_cards(view, wanted, formats), formats, columns=4)
    with st.container(border=True):
        _months(view, wanted, formats)
    with st.container(border=True):
        _streams(view, wanted, formats)
    if len(view.months) > 1:
        with st.container(border=True):
            _rates(view, wanted, formats)
    old_rate_told(view.old_rate, formats)
    apart_told(view.apart, formats)


def _cards(view: FlowAnswer, wanted: Asked, formats: Formats) -> list[Card]:
    sums, before, currency, span = view.sums, view.before, view.currency, view.span

    def rows(kind: str = "") -> Link:
        return rows_link("See the rows", wanted, span.since, span.until, kind=kind)

    rate_note = "of what came in was not spent"
    if before is not None and before.savings_rate is not None:
        rate_note = f"of what came in; {formats.percent(before.savings_rate)} in the period compared with"
    return [
        Card(
            "Income",
            formats.figure(sums.income, currency),
            currency,
            None if before is None else change(sums.income, before.income),
            link=rows("income"),
        ),
        Card(
            "Spending",
            formats.figure(-sums.spending, currency),
            currency,
            None if before is None else change(-sums.spending, -before.spending),
            wanted="down",
            link=rows("spending"),
        ),
        Card(
            "Left over",
            formats.figure(sums.net, currency),
            currency,
            None if before is None else change(sums.net, before.net),
            link=rows(),
        ),
        Card("Savings rate", formats.percent(sums.savings_rate), currency, note=rate_note, link=rows()),
    ]


def month_rows(wanted: Asked, one: FlowMonth, kind: str = "") -> Link:
    """Return the link to the transactions of a month."""
    return rows_link("", wanted, one.since, one.until, kind=kind)


def _months(view: FlowAnswer, wanted: Asked, formats: Formats) -> None:
    currency = view.currency
    st.subheader("Month by month", anchor=False)
    kinds = ("income", "spending", "")
    header = ["Month", "Income", "Spending", "Left over", "Savings rate"]
    rows = [
        [
            formats.month(one.month),
            *(formats.money(amount, currency) for amount in (one.now.income, one.now.spending, one.now.net)),
            formats.percent(one.now.savings_rate),
        ]
        for one in reversed(view.months)
    ]
    if view.before is not None:
        header.append("Left over then")
        for row, one in zip(rows, reversed(view.months), strict=True):
            row.append(formats.money(one.before.net if one.before else None, currency))
    draw(
        month_bars(view.months, currency, formats),
        key="flow_chart",
        alt=f"Income, spending and what was left over in each of {len(view.months)} months, in {currency}",
        header=header,
        rows=rows,
        link=rows_link("See the rows", wanted, view.span.since, view.span.until),
        opens=lambda line, place: month_rows(wanted, view.months[place], kinds[line]),
    )
    st.caption("Click a bar to see its transactions. Months at the ends count as far as they lie in the period.")


def month_bars(months: tuple[FlowMonth, ...], currency: str, formats: Formats) -> object:
    """Return the figure of some months."""
    flows = tuple(Flow(one.month, one.now.income, one.now.spending, one.now.net) for one in months)
    return flow_figure(flows, currency, formats)


def _rates(view: FlowAnswer, wanted: Asked, formats: Formats) -> None:
    st.subheader("Savings rate", anchor=False)
    months = [one.month for one in view.months]
    rates = tuple(one.now.savings_rate for one in view.months)
    before = tuple(one.before.savings_rate if one.before else None for one in view.months)
    draw(
        rates_figure(tuple(month_labels(months, formats)), tuple(map(formats.month, months)), rates, before, formats),
        key="rates_chart",
        alt=f"The share of the income that was not spent in each of {len(months)} months",
        header=("Month", "Savings rate", "In the period compared with"),
        rows=[
            [formats.month(month), formats.percent(rate), formats.percent(then)]
            for month, rate, then in reversed(list(zip(months, rates, before, strict=True)))
        ],
        opens=lambda _, place: month_rows(wanted, view.months[place]),
    )
    st.caption("The share of a month's income that was not spent. Below zero more was spent than came in.")


def _streams(view: FlowAnswer, wanted: Asked, formats: Formats) -> None:
    currency, whole = view.currency, view.passed
    st.subheader("Where it came from, and where it went", anchor=False)

    def told(one: Stream) -> str:
        return f"{formats.money(one.amount, currency, whole=True)} · {formats.percent(one.amount / whole)}"

    def bar(one: Stream, tint: int) -> StreamBar:
        name = f"Refunds: {one.title}" if one.role == "refunds" else one.title
        if one.role == "paid_back":
            name = f"Paid back: {one.title}"
        return StreamBar(name, one.amount, told(one), tint, stream_rows(view, one, wanted))

    sources = [bar(one, OCHRE if one.role == "from_savings" else GREEN) for one in view.sources]
    uses = [
        bar(one, GREEN if one.role == "saved" else GREY if one.role == "paid_back" else TINTS[place % len(TINTS)])
        for place, one in enumerate(view.uses)
    ]
    middle = StreamBar(
        "Money to spend",
        whole,
        formats.money(whole, currency, whole=True),
        GREY,
        rows_link("", wanted, view.span.since, view.span.until),
    )
    streams_chart(
        sources,
        uses,
        middle,
        alt=f"Streams of money from {formats.day(view.span.since)} to {formats.day(view.span.until)}, in {currency}",
    )
    st.caption("Each stream leads to its transactions. Transfers between own accounts are none.")


def stream_rows(view: FlowAnswer, one: Stream, wanted: Asked) -> Link:
    """Return the link to the transactions that a stream is made of."""
    kind = {"income": "income", "paid_back": "income", "spending": "spending", "refunds": "spending"}.get(one.role, "")
    query = {"kind": kind, "category": ",".join(map(str, one.category_ids))}
    if kind == "income":
        query["alone"] = "yes"
    return rows_link("", wanted, view.span.since, view.span.until, **query)
