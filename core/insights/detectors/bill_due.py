"""A reminder of what will be taken in the next days, or was not taken when it should have been."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from core.insights.detectors.renewal import RARE
from core.insights.evidence import Evidence
from core.insights.facts import Fact, Found

AHEAD: Final = timedelta(days=3)
BEHIND: Final = timedelta(days=14)
"""What is overdue for longer is no reminder any more: it is on the page of bills."""


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `bill_due` for each payment from an account to spend from that is due within three days, or overdue.

    What is paid by card takes nothing from there before the card is paid, and of what renews once or twice a year
    `renewal` tells earlier.
    """
    out = [
        one for one in (*evidence.bills.to_pay, *evidence.bills.overdue) if one.amount < 0 and one.role != "transfer"
    ]
    for one in out:
        # Between its day and the end of the days by which it varies nothing is said of it.
        late = evidence.today - BEHIND <= one.day < evidence.today and one.standing == "late"
        if not late and not evidence.today <= one.day <= evidence.today + AHEAD:
            continue
        recurring = evidence.bills.recurring.get(one.key)
        if not one.moves or (recurring and recurring.series.cadence in RARE):
            continue
        facts: dict[str, Fact] = {
            "name": one.name,
            "due": one.day,
            "amount": -one.amount,
            "currency": one.currency,
            # Of a debt that no series pays the bank alone is known, not where it will be taken from.
            "account": one.account if recurring else "",
            "exact": one.exact,
            "late": late,
        }
        if recurring:
            facts["transaction_id"] = recurring.payments[-1].id
        yield Found(
            "bill_due",
            f"{one.key} {one.day}" if recurring else f"{one.account} {one.name} {one.day}",
            f"series:{one.key}" if recurring else f"debt:{one.account} {one.name}",
            54 if late else 45,
            facts,
            2 if late else 1,
            returns=False,
        )
