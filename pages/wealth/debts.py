"""What is owed: an account each, with its rate, what to pay when, and how long that would take."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

import streamlit as st

from core.analytics import Owing, Payoff, estimate
from core.formats import NONE
from core.ledger import DebtEntry
from pages.shared import links
from pages.shared.cards import Card
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.links import Link, page_link
from pages.shared.tables import facts_table

SOON: Final = 30
"""Days ahead that count as soon."""
DAYS: Final = frozenset({"Began"})
AMOUNTS: Final = frozenset({"Borrowed", "Past due"})
ESTIMATED: Final = (
    "An estimate: rate and payment stay as they are today, interest is added once a month, and nothing new is bought "
    "or borrowed. A card's minimum falls with what is owed, and then it takes longer."
)


def figures(owing: Owing, formats: Formats) -> list[Card]:
    """Return what is owed in one currency, and what has to be paid soon."""
    currency = owing.currency
    count = f"{formats.number(len(owing.debts))} {'account' if len(owing.debts) == 1 else 'accounts'}"
    unknown = f", {formats.number(owing.unknown)} of unknown balance" if owing.unknown else ""
    cards = [Card("Owed", formats.figure(owing.owed, currency), currency, note=f"{count}{unknown}")]
    if owing.first_due is not None:
        cards.append(
            Card(
                f"Due within {SOON} days",
                formats.figure(owing.due, currency),
                currency,
                note=f"minimum payments, the first on {formats.short_day(owing.first_due)}",
            )
        )
    return cards


def part(owing: Owing, today: date, formats: Formats) -> None:
    """Draw everything that is owed in one currency."""
    st.subheader("Debts", anchor=False)
    debt_cards(owing.debts, today, formats)


def debt_cards(debts: Sequence[DebtEntry], today: date, formats: Formats) -> None:
    """Draw each account that is owed on."""
    with st.grid(2, min_column_width=330, gap="small", height="stretch"):
        for one in debts:
            with st.container(border=True, gap="small", height="stretch"):
                _debt(one, today, formats)


def _debt(debt: DebtEntry, today: date, formats: Formats) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
        st.subheader(plain_text(debt.account), anchor=False)
        st.markdown(f"**{plain_text(formats.money(debt.owed, debt.currency))}**", width="content")
    kind = f"{debt.type} ··{debt.mask}" if debt.mask else debt.type
    st.caption(plain_text(f"{debt.institution} · {kind}" if debt.institution else kind))
    if debt.overdue:
        st.badge("Overdue", icon=":material/warning:", color="red")
    if not debt.kind:
        st.markdown(":gray[The bank told no terms of it.]")
    else:
        facts_table(_facts(debt, today, formats), alt=f"The terms of {clean(debt.account)}")
        _end(estimate(debt, today), debt, formats)
    st.space("stretch")
    page_link(Link("See its transactions", links.TRANSACTIONS, {"account": str(debt.account_id)}))


def _facts(debt: DebtEntry, today: date, formats: Formats) -> dict[str, str]:
    facts: dict[str, str] = {}
    if debt.interest_rate is not None:
        facts["Interest"] = f"{formats.rate(debt.interest_rate)} a year"
    for apr in debt.aprs:
        on = "" if apr.balance is None else f" on {formats.money(apr.balance, debt.currency)}"
        facts[f"APR, {apr.type}"] = f"{formats.rate(apr.percentage)}{on}"
    payment = "Next payment" if debt.kind == "mortgage" else "Minimum payment"
    facts[payment] = formats.money(debt.minimum_payment, debt.currency)
    if debt.due_day is not None:
        facts["Due"] = f"{formats.day(debt.due_day)}, {days_words((debt.due_day - today).days)}"
    if debt.last_payment is not None:
        on = f" on {formats.day(debt.last_payment_day)}" if debt.last_payment_day else ""
        facts["Last payment"] = f"{formats.money(debt.last_payment, debt.currency)}{on}"
    if debt.statement_balance is not None:
        of = f" of {formats.day(debt.statement_day)}" if debt.statement_day else ""
        facts["Statement balance"] = f"{formats.money(debt.statement_balance, debt.currency)}{of}"
    if debt.maturity_day is not None:
        facts["Paid off by contract"] = formats.day(debt.maturity_day)
    return facts | {name: _detail(name, text, debt.currency, formats) for name, text in debt.details}


def _detail(name: str, text: str, currency: str, formats: Formats) -> str:
    """Return a fact that the bank told as plain text in the person's own way."""
    try:
        if name in DAYS:
            return formats.day(date.fromisoformat(text))
        if name in AMOUNTS:
            return formats.money(Decimal(text), currency)
    except (ValueError, InvalidOperation):
        pass
    return clean(text).capitalize()


def days_words(days: int) -> str:
    """Return how far away a day is: "today", "in 3 days", "2 days ago"."""
    if days == 0:
        return "today"
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"in {count}" if days > 0 else f"{count} ago"


def _end(payoff: Payoff | None, debt: DebtEntry, formats: Formats) -> None:
    if payoff is None:
        return
    payment = formats.money(payoff.payment, debt.currency)
    if payoff.state == "never":
        sentence = (
            f"With {payment} a month this never ends: at {formats.rate(payoff.rate)} the interest is as much or more."
        )
        st.markdown(f":orange[:material/trending_flat:] {plain_text(sentence)}", help=ESTIMATED)
        return
    years = f"{payoff.months // 12} years" if payoff.months >= 24 else f"{payoff.months} months"
    sentence = (
        f"With {payment} a month it ends in about {years}, in {formats.month(payoff.ends) if payoff.ends else NONE}, "
        f"and costs {formats.money(payoff.interest, debt.currency)} of interest."
    )
    st.markdown(f":material/flag: {plain_text(sentence)}", help=ESTIMATED)
