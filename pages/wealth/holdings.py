"""What is invested: figures, kinds, value over time, and a table for each account."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Final

import streamlit as st

from core import clock
from core.analytics import AccountHoldings, KindPart, Portfolio, Sums, value_line
from core.formats import NONE
from core.ledger import INVESTED, AccountEntry, value_history
from pages.shared import links
from pages.shared.cards import Card
from pages.shared.charts import Point, draw, gain_colour, history_figure, parts_figure
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor
from pages.shared.links import Link, page_link
from pages.shared.tables import pandas

MONTHS: Final = 24
KINDS: Final = {
    "cash": "Cash",
    "shares": "Shares",
    "ETF": "ETFs",
    "fund": "Funds",
    "bonds": "Bonds",
    "crypto": "Crypto",
    "derivative": "Derivatives",
    "loan": "Loans",
    "other": "Other",
}


def gain_words(sums: Sums, formats: Formats) -> str:
    """Return the gain as a share of what was paid, ("+12.4%")."""
    share = sums.gain_share
    return NONE if share is None else formats.rate((share * 100).quantize(Decimal("0.1")), signed=True)


def part(guest: Visitor, portfolio: Portfolio, accounts: Sequence[AccountEntry], formats: Formats) -> None:
    """Draw everything that is held in one currency."""
    wide, narrow = st.columns([3, 2])
    with wide, st.container(border=True, height="stretch"):
        over_time(guest, portfolio, formats)
    with narrow, st.container(border=True, height="stretch"):
        kinds(portfolio.kinds, portfolio.currency, formats)
    known = {one.id: one for one in accounts}
    for held in portfolio.accounts:
        account_table(held, known.get(held.account_id), portfolio.currency, formats)


def figures(portfolio: Portfolio, formats: Formats) -> list[Card]:
    """Return the value and the gain of everything in one currency."""
    sums, currency = portfolio.sums, portfolio.currency
    cards = [
        Card(
            "Invested",
            formats.figure(sums.value, currency),
            currency,
            note=f"{formats.number(sums.holdings)} {'holding' if sums.holdings == 1 else 'holdings'}",
            help="What everything held is worth, as the banks state it.",
        )
    ]
    if sums.costed:
        note = f"{gain_words(sums, formats)} on {formats.money(sums.cost, currency)} paid"
        unknown = sums.holdings - sums.costed
        if unknown:
            note += f", without {formats.number(unknown)} of unknown cost"
        cards.append(
            Card(
                "Gain" if sums.gain >= 0 else "Loss",
                formats.figure(sums.gain, currency),
                currency,
                note=note,
                help="What the holdings are worth above what was paid for them, as far as the banks know the cost.",
            )
        )
    return cards


def kinds(parts: Sequence[KindPart], currency: str, formats: Formats) -> None:
    """Draw what kinds of things are held, and how much of each."""
    st.subheader("By kind", anchor=False)
    told = tuple((KINDS[one.kind], one.value, formats.percent(one.share)) for one in parts)
    draw(
        parts_figure(told, currency, formats),
        key=f"kinds_chart_{currency}",
        alt="What is invested by kind: " + ", ".join(f"{name} {share}" for name, _, share in told),
        header=("Kind", "Value", "Share"),
        rows=[[name, formats.money(value, currency), share] for name, value, share in told],
    )


def over_time(guest: Visitor, portfolio: Portfolio, formats: Formats) -> None:
    """Draw what the invested accounts held at the end of each month, and today."""
    st.subheader("Value over time", anchor=False)
    start, currency = clock.month_start(guest.today), portfolio.currency
    ends = [clock.add_months(start, -back) - timedelta(days=1) for back in range(MONTHS)]
    accounts = [one.account_id for one in portfolio.accounts]
    line = value_line(value_history(guest.house.store, guest.user, accounts, [*ends, guest.today]), currency)
    if len(line) < 2:
        st.caption("The line begins when there is more than one month to show.")
        return
    draw(
        history_figure(tuple(Point(day, value) for day, value in line), currency, formats),
        key=f"invested_chart_{currency}",
        alt=f"What the invested accounts held at the end of each of the last {len(line)} months, in {currency}",
        header=("Day", "Value"),
        rows=[[formats.day(day), formats.money(value, currency)] for day, value in reversed(line)],
    )


def account_table(held: AccountHoldings, known: AccountEntry | None, currency: str, formats: Formats) -> None:
    """Draw what one account holds."""
    sums = held.sums
    with st.container(border=True, gap="small"):
        st.subheader(plain_text(held.account), anchor=False)
        words = [
            held.institution,
            formats.money(sums.value, currency),
            f"{gain_words(sums, formats)} gain" if sums.gain_share is not None else "",
            f"as of {formats.moment(max(one.entry.updated_at for one in held.held))}",
        ]
        st.caption(plain_text(" · ".join(filter(None, words))))
        _table(held, currency, formats)
        if known is not None and known.current is not None and known.current != sums.value:
            st.caption(
                plain_text(
                    f"The bank's balance of this account is {formats.money(known.current, known.currency)}: "
                    "it may count what is not in this list, or be of another moment."
                )
            )
        page_link(Link("See its transactions", links.TRANSACTIONS, {"account": str(held.account_id)}))


def _table(held: AccountHoldings, currency: str, formats: Formats) -> None:
    rows = [one.entry for one in held.held]
    table = pandas().DataFrame(
        {
            "Name": [clean(row.name) for row in rows],
            "Value": [row.value for row in rows],
            "Gain": [row.gain for row in rows],
            "Share": [one.share for one in held.held],
            "Quantity": [row.quantity for row in rows],
            "Price": [row.price for row in rows],
            "Paid": [row.cost_basis for row in rows],
            "Ticker": [clean(row.ticker) for row in rows],
            "Priced on": [formats.day(row.price_day) for row in rows],
        },
        dtype=object,
    )
    gain = gain_colour()
    painted = table.style.map(lambda amount: f"color: {gain}" if amount and amount > 0 else "", subset=["Gain"])
    money = partial(formats.money, currency=currency)
    painted.format(money, subset=["Value", "Paid"])
    painted.format(partial(money, signed=True), subset=["Gain"])
    painted.format(partial(formats.price, currency=currency), subset=["Price"])
    painted.format(formats.quantity, subset=["Quantity"])
    painted.format(formats.percent, subset=["Share"])
    right = st.column_config.Column(alignment="right")
    st.dataframe(
        painted,
        column_config={
            "Name": st.column_config.TextColumn(width=210, pinned=True),
            "Ticker": st.column_config.TextColumn(width=70),
            **dict.fromkeys(("Value", "Gain", "Share", "Quantity", "Price", "Paid"), right),
        },
        hide_index=True,
        height="content",
        alt=f"What {clean(held.account)} holds, the most valuable first.",
    )


def not_told(accounts: Sequence[AccountEntry], portfolios: Sequence[Portfolio], formats: Formats) -> None:
    """Name the investment accounts whose holdings no bank told of."""
    known = {one.account_id for portfolio in portfolios for one in portfolio.accounts}
    left = [one for one in accounts if one.type in INVESTED and not one.hidden and one.id not in known]
    for one in left:
        st.caption(
            plain_text(
                f"{one.title}: {formats.money(one.current, one.currency)}. What it holds is not known; "
                "its balance counts on the Accounts page."
            )
        )
