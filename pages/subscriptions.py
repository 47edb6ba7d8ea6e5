"""Subscriptions: what is paid again and again, what it costs a year, what rose, what is paid for twice."""

from collections.abc import Sequence

import streamlit as st

from core.planning import Cost, Double, Rise, Subscription, Subscriptions, subscriptions
from pages.recurring.rows import listed
from pages.recurring.wording import rows_link
from pages.shared.cards import Card, card_grid
from pages.shared.charts import spark
from pages.shared.empty import nothing_found, nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import require_user
from pages.shared.links import page_link

TABS = ("Active", "Income", "Stopped", "Ignored")
MOST_RISES = 4
CHART = 24
"""Payments that a small chart shows."""


def cards(view: Subscriptions, own: str, formats: Formats) -> list[Card]:
    """Return what it all comes to in the person's currency, or that of most where they have none in theirs."""
    cost = next((one for one in view.costs if one.currency == own), view.costs[0])
    rises = [one for one in view.rises if one.subscription.found.series.currency == cost.currency]
    found = [
        Card(
            "Every month",
            formats.figure(cost.monthly, cost.currency),
            cost.currency,
            note=f"{formats.money(cost.yearly, cost.currency)} a year, {formats.number(cost.active)} active",
            help="What yearly and other payments come to in a month is in. Payments of cards are not: what was bought "
            "with them is.",
        ),
        Card(
            "Regular income",
            formats.figure(cost.income_monthly, cost.currency),
            cost.currency,
            note=f"a month, {formats.money(cost.income_yearly, cost.currency)} a year",
        ),
    ]
    if rises:
        count = "1 price rise" if len(rises) == 1 else f"{formats.number(len(rises))} price rises"
        found.append(
            Card(
                "Dearer by",
                formats.figure(view.risen(cost.currency), cost.currency),
                cost.currency,
                note=f"a year, after {count} within twelve months",
            )
        )
    twice = view.to_save(cost.currency)
    if twice > 0:
        found.append(
            Card("Could be saved", formats.figure(twice, cost.currency), cost.currency, note="a year, see below")
        )
    return found


def elsewhere(costs: Sequence[Cost], shown: str, formats: Formats) -> None:
    """Say what it comes to in other currencies; nothing is added up over them."""
    told = [
        f"{formats.money(one.monthly, one.currency)} a month for {formats.number(one.active)}"
        + (f", {formats.money(one.income_monthly, one.currency)} of regular income" if one.income_monthly else "")
        for one in costs
        if one.currency != shown
    ]
    if told:
        st.caption(plain_text(f"In other currencies: {'; '.join(told)}."))


def doubled(found: Sequence[Double], formats: Formats) -> None:
    """Say of which kinds several services are paid for."""
    for one in found:
        currency = one.members[0].found.series.currency
        names = [f"**{plain_text(member.name)}**" for member in one.members]
        together = plain_text(formats.money(one.yearly, currency))
        less = plain_text(formats.money(one.saving, currency))
        with st.container(border=True, gap="xsmall"):
            st.markdown(
                f":orange[:material/content_copy:] You pay for {len(names)} services of one kind "
                f"({plain_text(one.kind)}): {', '.join(names[:-1])} and {names[-1]}, together {together} a year. "
                f"With {names[0]} alone you would save {less}."
            )
            with st.container(horizontal=True):
                for member in one.members:
                    page_link(rows_link(member.found, f"Transactions of {plain_text(member.name)}"))


def risen(rises: Sequence[Rise], formats: Formats) -> None:
    """Draw what became dearer, each with a small chart of its amounts."""
    if not rises:
        return
    st.subheader("Became dearer", anchor=False)
    with st.grid(MOST_RISES, min_column_width=200, gap="small", height="stretch"):
        for one in rises[:MOST_RISES]:
            series, change = one.subscription.found.series, one.change
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(
                    plain_text(one.subscription.name),
                    formats.money(change.after, series.currency),
                    f"from {formats.money(change.before, series.currency)} on {formats.day(change.day)}",
                    delta_color="red",
                    delta_arrow="up",
                )
                paid = [abs(payment.amount) for payment in one.subscription.found.payments[-CHART:]]
                spark(paid, f"The last {len(paid)} payments, from the oldest to the newest")
                st.caption(plain_text(f"{formats.money(one.yearly, series.currency)} more a year"))


def tab(several: Sequence[Subscription], nothing: str, view: Subscriptions, formats: Formats) -> None:
    """Draw one of the lists, or say that there is nothing in it."""
    if not several:
        nothing_found(nothing)
        return
    listed(several, {one.subscription.key: one for one in reversed(view.rises)}, formats)


def screen(view: Subscriptions, own: str, formats: Formats) -> None:
    """Draw the whole page."""
    if not (view.active or view.income or view.stopped or view.ignored):
        nothing_yet(
            "Nothing recurring yet",
            "Subscriptions, bills, rent and wages are found by themselves in your transactions, after three payments "
            "or, where they are yearly or well known, after two.",
            icon=":material/autorenew:",
        )
        return
    if view.costs:
        shown = cards(view, own, formats)
        card_grid(shown, formats, columns=4)
        elsewhere(view.costs, shown[0].currency, formats)
    doubled(view.doubles, formats)
    active, income, stopped, ignored = st.tabs(TABS, key="recurring_tab", on_change="rerun")
    if active.open:
        with active:
            risen(view.rises, formats)
            st.subheader("By what they cost in a year", anchor=False)
            tab(view.active, "Nothing is paid regularly at present.", view, formats)
    if income.open:
        with income:
            tab(view.income, "No regular income was found.", view, formats)
    if stopped.open:
        with stopped:
            st.caption("What came regularly once, and does not any more.")
            tab(view.stopped, "Nothing has stopped.", view, formats)
    if ignored.open:
        with ignored:
            st.caption("What you said is not regular. It counts nowhere, and stays here until you bring it back.")
            tab(view.ignored, "You ignore nothing.", view, formats)


guest = require_user()
ways = formats_of(guest.profile)
st.title("Subscriptions", anchor=False)
with failures_told(), st.skeleton(height=400):
    screen(subscriptions(guest.house.store, guest.cache, guest.today), guest.profile.currency, ways)
