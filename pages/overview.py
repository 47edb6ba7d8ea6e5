"""How things stand: net worth, this month, where the money went, what wants attention."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from core import clock
from core.analytics import (
    AccountSummary,
    Attention,
    CategorySpending,
    Overview,
    Worth,
    change,
    overview,
    shares,
)
from core.insights import InsightEntry
from core.planning import BudgetMonth, bills_due, budget_month, month_of
from pages.noticed.attention import budgets_told, first_of_all, insight_lines
from pages.planning.figures import left_words
from pages.recurring.soon import due_soon
from pages.shared import links
from pages.shared.cards import Card, card_grid, figure
from pages.shared.charts import Flow, Point, draw, flow_figure, history_figure
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.line_list import Line, line_list, money_line
from pages.shared.links import Link, page_link
from pages.shared.rates import at_rate, old_rate_told
from pages.starting.steps import first_steps_list

SIGNS = {
    "broken": (":material/key:", "red"),
    "stale": (":material/build:", "orange"),
    "balance": (":material/help:", "orange"),
    "uncategorised": (":material/label_off:", "gray"),
}
TOP_CATEGORIES = 7
MOST_BUDGETS = 3
KINDS = ("income", "spending", "")
"""What the bars and the line of the cash flow are made of."""
SPANS = {"6 months": 6, "12 months": 12, "24 months": 24}


def attention(found: Sequence[Attention], noticed: Sequence[InsightEntry], formats: Formats) -> None:
    """Say what wants the person to act: what was noticed in their money, then what its data lacks."""
    with st.container(border=True, gap="xsmall"):
        insight_lines(noticed, formats)
        for one in found:
            icon, colour = SIGNS.get(one.kind, (":material/info:", "gray"))
            page, _, query = one.page.partition("?")
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f":{colour}[{icon}] {plain_text(one.sentence)}")
                target = links.ACCOUNTS if page == "accounts" else links.TRANSACTIONS
                label = "Go to accounts" if page == "accounts" else "Show them"
                page_link(Link(label, target, dict(part.split("=", 1) for part in query.split("&") if part)))


def rows_between(before: date, day: date) -> Link:
    """Return the link to the transactions that moved something from the end of one day to that of another."""
    since = before + timedelta(days=1) if before < day else day
    return Link("", links.TRANSACTIONS, {"from": since.isoformat(), "to": day.isoformat()})


def month_rows(month: date, kind: str, today: date) -> Link:
    """Return the link to a month's transactions of a kind, or of any (""), up to today."""
    query = {"from": month.isoformat(), "to": min(clock.month_end(month), today).isoformat(), "kind": kind}
    return Link("", links.TRANSACTIONS, {name: value for name, value in query.items() if value})


@st.fragment
def net_worth(view: Overview, formats: Formats) -> None:
    """Draw net worth today and its way here; choosing another span redraws only this."""
    require_user()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        with st.container(width="content", gap="xsmall"):
            figure(worth_card(view, formats), formats)
        span = st.segmented_control(
            "Span",
            list(SPANS),
            default="12 months",
            required=True,
            key="worth_span",
            label_visibility="collapsed",
        )
    known = [one for one in view.worth_history if view.first_date is None or one.day >= view.first_date]
    shown = known[-SPANS[span] - 1 :]
    count = len(view.accounts)
    link = Link(f"{formats.number(count)} {'account' if count == 1 else 'accounts'}", links.ACCOUNTS)
    if len(shown) < 2:
        st.caption("The line begins when there is more than one month to show.")
        page_link(link)
        return
    draw(
        history_figure(tuple(Point(one.day, one.net) for one in shown), view.currency, formats),
        key="worth_chart",
        alt=f"Net worth at the end of each of the last {len(shown)} months, in {view.currency}",
        header=("Day", "Owned", "Owed", "Net worth"),
        rows=[[formats.day(one.day), *_worth_row(one, formats)] for one in reversed(shown)],
        link=link,
        opens=lambda _, place: rows_between(shown[max(place - 1, 0)].day, shown[place].day),
    )
    page_link(Link("By account", links.ANALYTICS, {"view": "worth"}))


def worth_card(view: Overview, formats: Formats) -> Card:
    """Return net worth today, against the end of last month."""
    before = view.worth_history[-2] if len(view.worth_history) > 1 else None
    return Card(
        "Net worth",
        formats.money(view.worth.net, view.currency),
        view.currency,
        change(view.worth.net, before.net) if before else None,
        note=at_rate(f"than on {formats.day(before.day)}" if before else "", view.old_rates.worth, formats),
        help="What you own less what you owe, over all accounts, each currency at its day's rate.",
    )


def _worth_row(one: Worth, formats: Formats) -> list[str]:
    return [formats.money(amount, one.currency) for amount in (one.assets, one.liabilities, one.net)]


def month_cards(view: Overview, formats: Formats) -> list[Card]:
    """Return what is there to use, and this month so far against the same days of the month before."""
    month, currency, old = view.month, view.currency, view.old_rates
    span = {"from": view.today.replace(day=1).isoformat(), "to": view.today.isoformat()}
    trend = view.cash_flow[-12:]
    months = f"of the last {len(trend)} months"
    than = f"than by this day of {formats.month_name(clock.add_months(view.today, -1))}"
    return [
        Card(
            "Available",
            formats.figure(view.available, currency),
            currency,
            note=at_rate(f"of a balance of {formats.money(view.total_balance, currency)}", old.available, formats),
            help="On checking, savings and cash accounts: what the banks let you use now, of the whole balance.",
            link=Link("See the accounts", links.ACCOUNTS),
        ),
        Card(
            "Savings rate",
            formats.percent(view.savings_rate),
            currency,
            note=at_rate(f"{formats.money(month.net, currency, signed=True)} this month so far", old.saved, formats),
            help="The share of the income of the last twelve full months that was not spent.",
            trend=[one.net for one in trend],
            trend_of=f"what was left {months}",
            link=Link("See the rows", links.TRANSACTIONS, {"from": trend[0].month.isoformat()} if trend else {}),
        ),
        Card(
            "Income this month",
            formats.figure(month.income, currency),
            currency,
            change(month.income, month.income_before),
            note=at_rate(than, old.income, formats),
            help="Up to today, against the same days of last month. Transfers between own accounts don't count.",
            trend=[one.income for one in trend],
            trend_of=f"each {months}",
            link=Link("See the rows", links.TRANSACTIONS, span | {"kind": "income"}),
        ),
        Card(
            "Spending this month",
            formats.figure(-month.spending, currency),
            currency,
            change(-month.spending, -month.spending_before),
            note=at_rate(than, old.spending, formats),
            wanted="down",
            help="Up to today, against the same days of last month. Refunds lessen it; transfers don't count.",
            trend=[-one.spending for one in trend],
            trend_of=f"each {months}",
            link=Link("See the rows", links.TRANSACTIONS, span | {"kind": "spending"}),
        ),
    ]


def cash_flow(view: Overview, formats: Formats) -> None:
    """Draw what came in, went out and was left, month by month."""
    st.subheader("Cash flow", anchor=False)
    shown, currency = view.cash_flow[-12:], view.currency
    if not shown:
        st.caption("Income and spending come here month by month, as soon as there are transactions.")
        return
    flows = tuple(Flow(one.month, one.income, one.spending, one.net) for one in shown)
    draw(
        flow_figure(flows, currency, formats),
        key="flow_chart",
        alt=f"Income, spending and what was left over in each of the last {len(shown)} months, in {currency}",
        header=("Month", "Income", "Spending", "Left over"),
        rows=[
            [formats.month(one.month), *(formats.money(a, currency) for a in (one.income, one.spending, one.net))]
            for one in reversed(shown)
        ],
        link=Link(
            "See the rows", links.TRANSACTIONS, {"from": shown[0].month.isoformat(), "to": view.today.isoformat()}
        ),
        opens=lambda kind, place: month_rows(shown[place].month, KINDS[kind], view.today),
    )
    page_link(Link("Where it came from and went", links.ANALYTICS, {"view": "flow"}))
    old_rate_told(view.old_rates.saved, formats)


def top_categories(view: Overview, formats: Formats) -> None:
    """Draw what this month's money went on, each line leading to its rows."""
    st.subheader("Top categories", anchor=False)
    spent: list[CategorySpending] = [one for one in view.categories if one.spent > 0][:TOP_CATEGORIES]
    if not spent:
        st.caption("Nothing was spent this month so far.")
    span = {"from": view.today.replace(day=1).isoformat(), "to": view.today.isoformat(), "kind": "spending"}
    parts = shares(one.spent for one in view.categories)
    drawn = []
    for one, share in zip(spent, parts, strict=False):
        count = "1 transaction" if one.rows == 1 else f"{formats.number(one.rows)} transactions"
        link = Link(one.title, links.TRANSACTIONS, span | {"category": str(one.category_id or 0)})
        spending = formats.money(one.spent, view.currency)
        drawn.append(Line(link, f"{formats.percent(share)} of spending · {count}", spending, one.icon))
    line_list(drawn)
    old_rate_told(view.old_rates.spending, formats)


def budgets_at_a_glance(view: BudgetMonth, above: frozenset[int], formats: Formats) -> None:
    """Draw how the month's budgets stand, and those that are over or will be; not those that were told of `above`."""
    st.subheader("Budgets", anchor=False)
    if not view.lines:
        st.caption("Say what may be spent on what, and see here what is left of it.")
        page_link(Link("Set budgets", links.BUDGETS))
        return
    over = "over" if view.left < 0 else "left of"
    left = formats.money(abs(view.left), view.currency)
    of = formats.money(view.available, view.currency)
    st.progress(min(float(view.used or 0), 1.0), text=plain_text(f"{left} {over} {of}"))
    troubled = [one for one in view.troubled if one.category_id not in above][:MOST_BUDGETS]
    line_list(
        Line(
            Link(one.title, links.BUDGETS),
            f"{formats.money(one.spent, view.currency)} of {formats.money(one.available, view.currency)} spent",
            left_words(one, view.currency, formats),
            one.icon,
        )
        for one in troubled
    )
    if not view.troubled:
        st.caption("Every budget is within its pace.")
    elif not troubled:
        st.caption("All others are within their pace.")
    page_link(Link("All budgets", links.BUDGETS))


def account_lines(accounts: Sequence[AccountSummary], formats: Formats) -> None:
    """Draw every account with what is on it."""
    st.subheader("Accounts", anchor=False)
    drawn = []
    for one in accounts:
        kind = f"{one.type} ··{one.mask}" if one.mask else one.type
        below = f"{one.institution} · {kind}" if one.institution else kind
        link = Link(one.name, links.TRANSACTIONS, {"account": str(one.id)})
        icon = "credit_card" if one.is_liability else "account_balance_wallet"
        drawn.append(Line(link, below, formats.money(one.current, one.currency), icon))
    line_list(drawn)


def other_currencies(view: Overview, formats: Formats) -> None:
    """Draw what is held in currencies without a rate: it is in none of the figures above."""
    st.subheader("Without a rate of exchange", anchor=False)
    st.caption(plain_text(f"These are in no figure in {view.currency}, for there is no rate between them."))
    months = {one.currency: one for one in view.other_months}
    worth = {one.currency: one.net for one in view.elsewhere}
    drawn = []
    for code in sorted({*months, *worth}):
        month = months.get(code)
        income, spending = (month.income, month.spending) if month else (Decimal(0), Decimal(0))
        below = f"this month in {formats.money(income, code)}, out {formats.money(spending, code)}"
        drawn.append(Line(Link(code, links.ACCOUNTS), below, formats.money(worth.get(code), code), "currency_exchange"))
    line_list(drawn)


def recent(view: Overview, formats: Formats) -> None:
    """Draw the last transactions."""
    st.subheader("Recent transactions", anchor=False)
    if not view.recent:
        st.caption("The last transactions appear here once a bank was synced or a file imported.")
        return
    line_list(
        money_line(
            Link(one.name, links.TRANSACTIONS, {"tx": str(one.id)}),
            f"{formats.short_day(one.date)} · {one.category} · {one.account}{' · pending' if one.pending else ''}",
            one.amount,
            one.currency,
            formats,
            icon=one.icon,
        )
        for one in view.recent
    )
    page_link(Link(f"All {formats.number(view.rows)} transactions", links.TRANSACTIONS))


def soon(guest: Visitor, formats: Formats) -> None:
    """Draw the next bills, where there are any. After new data they are searched for: a second, or more."""
    view = bills_due(guest.house.store, guest.cache, guest.today)
    if view.to_pay or view.overdue:
        with st.container(border=True):
            due_soon(view, formats)


def screen(view: Overview, budgets: BudgetMonth, guest: Visitor, formats: Formats) -> None:
    """Draw the whole overview."""
    if not view.accounts:
        nothing_yet(
            "Your money in one place",
            "Net worth, this month's income and spending, and what wants your attention appear here "
            "as soon as there is an account.",
            icon=":material/insights:",
        )
        first_steps_list(guest, formats)
        return
    first_steps_list(guest, formats)
    noticed = first_of_all(guest)
    if view.attention or noticed:
        attention(view.attention, noticed, formats)
    wide, narrow = st.columns([3, 2])
    with wide, st.container(border=True, height="stretch"):
        net_worth(view, formats)
    with narrow:
        card_grid(month_cards(view, formats), formats, columns=2)
    wide, narrow = st.columns([3, 2])
    with wide, st.container(border=True, height="stretch"):
        cash_flow(view, formats)
    with narrow, st.container(border=True, height="stretch"):
        top_categories(view, formats)
    wide, narrow = st.columns([3, 2])
    with wide:
        with st.container(border=True):
            recent(view, formats)
        due = st.container(height="stretch")
    with narrow:
        with st.container(border=True):
            budgets_at_a_glance(budgets, budgets_told(noticed), formats)
        with st.container(border=True, height="stretch"):
            account_lines(view.accounts, formats)
        if view.elsewhere or view.other_months:
            with st.container(border=True):
                other_currencies(view, formats)
    # Last, so that nothing waits for it.
    with due, failures_told():
        soon(guest, formats)


guest = require_user()
ways = formats_of(guest.profile)
st.title("Overview", anchor=False)
with failures_told(), st.skeleton(height=400):
    answers = overview(guest.cache, guest.today)
    st.caption(f"{ways.day(answers.today)} · in {answers.currency}")
    month = month_of(guest.today, guest.profile.month_start_day)
    plans = budget_month(guest.house.store, guest.user, guest.cache, month, guest.today)
    screen(answers, plans, guest, ways)
