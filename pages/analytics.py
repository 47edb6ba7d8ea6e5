"""Analytics: what the money went on, what came in, how everything stands, day by day and year by year.

Months are calendar months, as on the overview; only budgets begin theirs on a day of the person's own.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from core.analytics import (
    AccountSummary,
    account_summaries,
    flow,
    merchant,
    merchants,
    spending,
    worth_history,
    year_days,
    year_review,
)
from core.planning import subscriptions
from pages.analysing.asking import Asked, asked
from pages.analysing.controls import BY_YEAR, days_told, period_picker, view_picker, year_picker
from pages.analysing.days import days_view
from pages.analysing.flow import flow_view
from pages.analysing.merchants import merchant_view, merchants_view
from pages.analysing.spending import spending_view
from pages.analysing.worth import worth_view
from pages.analysing.year import new_subscriptions, year_view
from pages.shared.accounts import account_names
from pages.shared.charts import take_up_again
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user


def by_period(wanted: Asked, accounts: Mapping[int, str], guest: Visitor, formats: Formats) -> None:
    """Draw a view of a period."""
    span = wanted.span(guest.today, first_day(summaries))
    if wanted.view == "merchants" and wanted.merchant:
        found = merchant(guest.cache, wanted.merchant, guest.today, wanted.accounts)
        merchant_view(found, wanted, guest, formats)
        return
    period_picker(wanted, span, accounts, formats)
    st.caption(plain_text(days_told(wanted, span, formats)))
    if wanted.view == "spending":
        spending_view(spending(guest.cache, span, wanted.accounts), wanted, formats)
    elif wanted.view == "flow":
        flow_view(flow(guest.cache, span, wanted.accounts), wanted, formats)
    elif wanted.view == "worth":
        worth_view(worth_history(guest.cache, span, wanted.accounts), wanted, formats)
    else:
        merchants_view(merchants(guest.cache, span, wanted.accounts, wanted.text), span, wanted, formats)


def by_year(wanted: Asked, accounts: Mapping[int, str], guest: Visitor, formats: Formats) -> None:
    """Draw a view of a year."""
    year = wanted.year or guest.today.year
    week_start = guest.profile.week_start_day
    if wanted.view == "days":
        days = year_days(guest.cache, year, guest.today, wanted.accounts, week_start=week_start)
        year_picker(wanted, year, days.years, accounts)
        days_view(days, wanted, formats, week_start)
        return
    review = year_review(guest.cache, year, guest.today, wanted.accounts)
    year_picker(wanted, year, review.years, accounts)
    year_view(review, wanted, formats)
    if review.known_from is not None and not wanted.accounts:
        # Last, so that nothing waits for it: after new data they are searched for, a second or more.
        with st.container(border=True), failures_told():
            found = subscriptions(guest.house.store, guest.cache, guest.today)
            new_subscriptions(found.begun(review.span.since, review.span.until, review.known_from), formats)


def first_day(several: Sequence[AccountSummary]) -> date | None:
    """Return the day of the first transaction of all."""
    return min((one.first_date for one in several if one.first_date is not None and not one.hidden), default=None)


guest = require_user()
ways = formats_of(guest.profile)
st.title("Analytics", anchor=False)
with failures_told(), st.skeleton(height=400):
    summaries = account_summaries(guest.cache)
    if not any(one.rows for one in summaries if not one.hidden):
        nothing_yet(
            "Nothing to analyse yet",
            "What your money goes on, what comes in and how your net worth grows is drawn here "
            "as soon as there are transactions.",
            icon=":material/insights:",
        )
    else:
        take_up_again()
        question = asked(st.query_params.to_dict())
        view_picker(question)
        names = account_names(summaries)
        (by_year if question.view in BY_YEAR else by_period)(question, names, guest, ways)
