"""The sentences of insights, made from their facts in a person's own ways of writing amounts and days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.formats import PlainFormats
from core.insights.anomalies import reason_words
from core.insights.facts import Facts, Kind


@dataclass(frozen=True, slots=True)
class Told:
    """An insight in words: plain text, with names from outside in it."""

    title: str
    sentence: str


KIND_TITLES: Final[Mapping[Kind, str]] = {
    "spending_alert": "Budget nearly spent",
    "budget_alert": "Over budget",
    "savings_opportunity": "Could be saved",
    "goal_progress": "Goal progress",
    "goal_behind": "Goal behind",
    "anomaly": "Unusual charge",
    "price_rise": "Dearer",
    "renewal": "Renews soon",
    "bill_due": "Bill due",
    "income_late": "Income late",
    "low_balance": "Low balance ahead",
}
"""What each kind is called."""


def told(kind: Kind, facts: Facts, formats: PlainFormats) -> Told:
    """Return an insight in words."""
    return _SENTENCES[kind](_Writer(facts, formats))


class _Writer:
    """Facts by name, and the same written out."""

    def __init__(self, facts: Facts, formats: PlainFormats) -> None:
        self.facts: Mapping[str, Any] = facts
        self.formats = formats

    def __getitem__(self, name: str) -> str:
        """Return a fact as it is read in a sentence."""
        return self.written(self.facts[name])

    def written(self, value: Any) -> str:  # noqa: ANN401 - any fact
        if isinstance(value, Decimal):
            return self.formats.money(value, str(self.facts["currency"]))
        if isinstance(value, date):
            return self.formats.day(value)
        if isinstance(value, tuple):
            return _listed([self.written(one) for one in value])
        return self.formats.number(value) if isinstance(value, int) else str(value)

    def percent(self, name: str) -> str:
        return self.formats.percent(Decimal(self.facts[name]) / 100)


def _spending_alert(of: _Writer) -> Told:
    return Told(
        f"{of['category']}: {of.percent('percent')} of the budget is spent",
        f"{of['spent']} of {of['available']}, {_to_go(of.facts['days_left'])}. "
        + (f"{of['left']} is left: about {of['a_day']} a day." if of.facts["left"] else "Nothing is left."),
    )


def _budget_alert(of: _Writer) -> Told:
    return Told(
        f"{of['category']} is over its budget by {of['over']}",
        f"{of['spent']} of {of['available']} is spent, {_to_go(of.facts['days_left'])}.",
    )


def _savings_opportunity(of: _Writer) -> Told:
    names = of.facts["names"]
    kind = of.facts["service"]
    return Told(
        f"You pay for {of.formats.number(len(names))} {kind} services",
        f"{of['names']} cost {of['yearly']} a year together. "
        f"With {names[0]} alone you would save {of['saving']} a year.",
    )


def _goal_progress(of: _Writer) -> Told:
    done = "paid off" if of.facts["debt"] else "saved"
    if of.facts["percent"] == 100:
        return Told(f"{of['goal']} is reached", f"{of['saved']} of {of['target']} {done}. Well done!")
    return Told(
        f"{of['goal']}: {of.percent('percent')} of the way",
        f"{of['saved']} of {of['target']} {done}, {of['left']} to go.",
    )


def _goal_behind(of: _Writer) -> Told:
    if "needed" not in of.facts:
        return Told(
            f"The day for {of['goal']} has passed",
            f"{of['left']} was still to go on {of['target_day']}. Give it a new day, or a smaller target.",
        )
    came = of["pace"] if of.facts["pace"] > 0 else "nothing"
    return Told(
        f"{of['goal']} is behind",
        f"{of['needed']} a month gets it there by {of['target_day']}: {of['more']} more than now, when {came} a month "
        "comes to it.",
    )


def _anomaly(of: _Writer) -> Told:
    return Told(
        f"Unusual: {of['amount']} at {of['name']}",
        f"{of.formats.short_day(of.facts['charged'])}, {of['account']}. {_reason(of)}",
    )


def _reason(of: _Writer) -> str:
    """Return why a charge is unusual: the template of who found it, filled in."""
    facts = {name.removeprefix("reason_"): value for name, value in of.facts.items() if name.startswith("reason_")}
    return reason_words(str(of.facts["reason"]), facts, of.formats)


def _price_rise(of: _Writer) -> Told:
    return Told(
        f"{of['name']} costs more",
        f"{of['after']} instead of {of['before']} since {of['since']}: {of['yearly']} more a year.",
    )


def _renewal(of: _Writer) -> Told:
    return Told(
        f"{of['name']} renews on {of.formats.short_day(of.facts['due'])}",
        f"About {of['amount']} will be taken from {of['account']}. To end it, do so before that day.",
    )


def _bill_due(of: _Writer) -> Told:
    amount = of["amount"] if of.facts["exact"] else f"About {of['amount']}"
    if of.facts["late"]:
        return Told(f"{of['name']} has not been paid yet", f"{amount} was expected by {of['due']}.")
    taken = f"will be taken from {of['account']}" if of.facts["account"] else "is to be paid"
    return Told(f"{of['name']} is due on {of.formats.short_day(of.facts['due'])}", f"{amount} {taken}.")


def _income_late(of: _Writer) -> Told:
    return Told(f"{of['name']} has not come yet", f"{of['amount']} was expected on {of['account']} by {of['due']}.")


def _low_balance(of: _Writer) -> Told:
    below = "zero" if not of.facts["line"] else of["line"]
    return Told(
        f"Your balance falls below {below} on {of.formats.short_day(of.facts['below'])}",
        f"If all comes as expected it is {of['lowest']} on {of['lowest_day']}: "
        f"{of['start']} now, {of['coming_in']} to come and {of['going_out']} to go.",
    )


_SENTENCES: Final[Mapping[Kind, Callable[[_Writer], Told]]] = {
    "spending_alert": _spending_alert,
    "budget_alert": _budget_alert,
    "savings_opportunity": _savings_opportunity,
    "goal_progress": _goal_progress,
    "goal_behind": _goal_behind,
    "anomaly": _anomaly,
    "price_rise": _price_rise,
    "renewal": _renewal,
    "bill_due": _bill_due,
    "income_late": _income_late,
    "low_balance": _low_balance,
}


def _to_go(days: int) -> str:
    return "on the last day of the month" if not days else f"with {days} {'day' if days == 1 else 'days'} to go"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
