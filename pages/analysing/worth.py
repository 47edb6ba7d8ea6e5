"""Net worth: every account through time, what is owned above the line and what is owed below it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import streamlit as st

from core.analytics import AccountLine, Change, WorthHistory, change
from pages.analysing.asking import Asked, rows_link
from pages.shared.cards import Card, Wanted, card_grid
from pages.shared.charts import BarLine, Layer, bar_list, draw, layers_figure
from pages.shared.empty import nothing_found
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import require_user
from pages.shared.links import ACCOUNTS, Link
from pages.shared.rates import old_rate_told

STACKED, LINES = "Together", "Each by itself"


def worth_view(view: WorthHistory, wanted: Asked, formats: Formats) -> None:
    """Draw what was on every account through a period."""
    if not view.lines:
        nothing_found("Nobody told what is on these accounts. Enter a balance on the Accounts page.")
        return
    card_grid(_cards(view, formats), formats, columns=4)
    with st.container(border=True):
        _through_time(view, wanted, formats)
    with st.container(border=True):
        _accounts(view, wanted, formats)
    old_rate_told(view.old_rate, formats)
    for several, why in (
        (view.without_rate, "there is no rate of exchange for them"),
        (view.unknown, "nobody told what is on them"),
    ):
        if several:
            names = ", ".join(one.name for one in several)
            st.caption(plain_text(f"In none of these figures, for {why}: {names}."))


def _cards(view: WorthHistory, formats: Formats) -> list[Card]:
    now, before, currency = view.totals[-1], view.totals[0], view.currency
    than = f"than on {formats.day(before.day)}"

    def card(label: str, value: Decimal, moved: Change, wanted: Wanted = "up") -> Card:
        link = Link("See the accounts", ACCOUNTS)
        return Card(label, formats.figure(value, currency), currency, moved, wanted, note=than, link=link)

    highest = max(view.totals, key=lambda one: one.net)
    return [
        card("Net worth", now.net, change(now.net, before.net)),
        card("Owned", now.assets, change(now.assets, before.assets)),
        card("Owed", -now.liabilities, change(-now.liabilities, -before.liabilities), wanted="down"),
        Card(
            "Highest",
            formats.figure(highest.net, currency),
            currency,
            note=f"on {formats.day(highest.day)}",
        ),
    ]


@st.fragment
def _through_time(view: WorthHistory, wanted: Asked, formats: Formats) -> None:
    """Draw the accounts; choosing another way redraws only this."""
    require_user()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("By account", anchor=False, width="content")
        way = st.segmented_control(
            "Way", [STACKED, LINES], default=STACKED, required=True, key="worth_way", label_visibility="collapsed"
        )
    lines = [one for one in view.lines if any(one.balances)] or list(view.lines)
    layers = tuple(Layer(clean(one.account.name), one.balances, one.account.is_liability) for one in lines)
    totals = tuple(one.net for one in view.totals)

    def opens(line: int, place: int) -> Link | None:
        """Return the rows that moved an account, or all of them, to where it stood on a day."""
        since = view.days[max(place - 1, 0)] + timedelta(days=1 if place else 0)
        narrowed = {"account": str(lines[line].account.id)} if line < len(lines) else {}
        return rows_link("", wanted, since, view.days[place], **narrowed)

    draw(
        layers_figure(view.days, layers, totals, view.currency, formats, stacked=way == STACKED),
        key="worth_chart",
        alt=f"What was on each of {len(lines)} accounts from {formats.day(view.days[0])} to "
        f"{formats.day(view.days[-1])}, in {view.currency}",
        header=["Day", "Owned", "Owed", "Net worth", *(clean(one.account.name) for one in lines)],
        rows=[
            [
                formats.day(day),
                *(formats.money(amount, view.currency) for amount in (total.assets, total.liabilities, total.net)),
                *(formats.money(one.balances[place], view.currency) for one in lines),
            ]
            for place, (day, total) in reversed(list(enumerate(zip(view.days, view.totals, strict=True))))
        ],
        link=Link("All accounts", ACCOUNTS),
        opens=opens,
    )
    st.caption("Click a line to see the transactions that moved it there.")


def _accounts(view: WorthHistory, wanted: Asked, formats: Formats) -> None:
    st.subheader("Accounts in this period", anchor=False)
    bar_list(_lines(view.lines, view, wanted, formats))
    estimated = [one for one in view.lines if one.told_since > view.days[0]]
    if estimated:
        st.caption(
            "An estimated balance is worked backwards from the first known one by the transactions since; "
            "what is missing among them is missing in it."
        )


def _lines(lines: Sequence[AccountLine], view: WorthHistory, wanted: Asked, formats: Formats) -> tuple[BarLine, ...]:
    longest = max((*(abs(one.balances[-1]) for one in lines), Decimal(1)))
    found = []
    for one in lines:
        told = change(one.balances[-1], one.balances[0])
        size = formats.money(told.size, view.currency, whole=True)
        words = {"up": f"{size} more", "down": f"{size} less", "same": "no change"}[told.direction]
        estimated = f"estimated before {formats.day(one.told_since)}" if one.told_since > view.days[0] else ""
        found.append(
            BarLine(
                name=one.account.name,
                link=rows_link(
                    "",
                    wanted,
                    view.days[0] + timedelta(days=1),
                    view.days[-1],
                    account=str(one.account.id),
                ),
                amount=formats.money(one.balances[-1], view.currency),
                part=abs(one.balances[-1]) / longest,
                change=words,
                tone="good" if told.direction == "up" else "bad" if told.direction == "down" else "",
                icon="credit_card" if one.account.is_liability else "account_balance_wallet",
                note=" · ".join(filter(None, (one.account.institution, estimated))),
            )
        )
    return tuple(found)
