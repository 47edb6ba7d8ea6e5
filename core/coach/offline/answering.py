"""The coach without a key: reads a question in plain words, asks the tools, tells what they found, or says it can't."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Event as Flag
from typing import Any, Final

from core.clock import month_end
from core.coach.grounded import Grounded, Part
from core.coach.grounding import ground
from core.coach.offline.asking import (
    Ask,
    Wanted,
    asks,
    days_ahead,
    is_of_spending,
    month_of_bills,
    month_of_budgets,
    with_period,
)
from core.coach.offline.choices import choices_for, examples, instead_of
from core.coach.offline.dates import UnreadableDateError, When
from core.coach.offline.figures import UnreadableFigureError
from core.coach.offline.intents import INTENTS, TAKES, Intent, meant
from core.coach.offline.names import Names, names_of
from core.coach.offline.reading import Reading, Slots, calendar_of, kept, read, settled, slots_of
from core.coach.offline.sense import shipped
from core.coach.offline.telling import tell
from core.coach.offline.told import Told, UntellableError, note, period_label
from core.coach.tools import BY_NAME, Scope
from core.coach.tools.periods import first_day_known
from core.coach.turns import Answered, Asking, Call, Event, Exchange, Failed, Found, Step, Words
from core.errors import FinTrackError, ValidationError
from core.forecasting import SPANS

NAME: Final = "offline"
FARTHEST: Final = 90
"""Days that a forecast goes."""
FARTHEST_BILLS: Final = 30
"""Days for which bills are told that are not of one month."""
TITLES: Final[Mapping[Intent, str]] = {
    "total": "spending", "by_category": "spending by category", "by_merchant": "spending by merchant",
    "by_month": "spending by month", "income": "income", "saved": "saved", "cash_flow": "cash flow",
    "net_worth": "net worth", "balance": "balances", "budgets": "budgets", "goals": "goals",
    "subscriptions": "subscriptions", "bills": "bills", "insights": "insights", "forecast": "forecast",
    "list": "transactions", "largest": "largest transactions", "last": "last transaction",
    "count": "number of transactions", "average": "average transaction", "daily_average": "spending a day",
    "monthly_average": "spending a month", "share": "share of spending", "afford": "what is left",
    "summary": "overview", "help": "what can be asked",
}  # fmt: skip
_GOES_ON: Final = re.compile(
    r"(?:(?:and|what about|how about|same|the same|thing|for|only|just|but|now|then|also|or|ok|okay|in|on|at|with|from|"
    r"the|of|those|that|these|ones|there|instead|too|to|is|it|was|show|me|compared|x[a-z]+)(?: |$))+"
)
_BOTH_KINDS: Final = re.compile(r"\b(?:xcat|xmer)(?: [a-z]+){0,2} (?:and|&|plus|or)(?: [a-z]+){0,2} (?:xcat|xmer)\b")
_BEGINS_WITH_AND: Final = re.compile(r"^(?:and|what about|how about|ok and|also)\b ?")


@dataclass(frozen=True, slots=True)
class Abstained:
    """Why there is no answer, and what could be asked instead."""

    words: str
    choices: tuple[str, ...]


def answer(scope: Scope, question: str, before: Sequence[Exchange], stop: Flag) -> Iterator[Event]:
    """Answer a question from the tools alone; every figure is a reference to what one of them found.

    Where the question is not understood to its last word, the answer says so and offers what can be asked. Ends without
    an answer where `stop` is set meanwhile.
    """
    yield Asking(NAME, "")
    context = before[-1].context if before else {}
    understood = understand(scope, question, context)
    if isinstance(understood, Abstained):
        yield from _said(understood.words, (), choices=understood.choices, context=context)
        return
    found: list[Found] = []
    for at, ask in enumerate(asks(understood, scope.today, scope.person.month_start_day), 1):
        call = Call(f"c{at}", ask.tool, ask.arguments)
        yield Step(call)
        try:
            one = _run(scope.knowing({one.call.id: one.result.told for one in found if one.result}), call, ask)
        except FinTrackError as error:
            yield Failed(error, tuple(found))
            return
        yield one
        found.append(one)
        if stop.is_set():
            return
        if one.result is None:
            break
    reading = label(understood, scope)
    try:
        text = tell(understood, found)
    except UntellableError:
        failed = next((one.failure for one in found if one.failure), "")
        words = f"I can't answer that. {failed}".strip() + "".join(
            dict.fromkeys(note(Told(one)) for one in found if one.result)
        )
        yield from _said(words, found, choices=examples(), reading=reading, context=context)
        return
    yield from _said(
        text,
        found,
        grounded=ground(text, question, found, scope.formats),
        choices=choices_for(understood),
        reading=reading,
        context={"intent": understood.intent, "words": understood.words, "slots": kept(understood.slots)},
    )


def _said(
    text: str,
    found: Sequence[Found],
    *,
    grounded: Grounded | None = None,
    choices: tuple[str, ...] = (),
    reading: str = "",
    context: Mapping[str, Any],
) -> Iterator[Event]:
    yield Words(text)
    yield Answered(
        text,
        tuple(found),
        NAME,
        "",
        rounds=int(bool(found)),
        choices=choices,
        reading=reading,
        context=context,
        # A sentence of ours that says why there is no answer states nothing: its figures are the question's.
        grounded=grounded or Grounded((Part("words", text),)),
    )


def _run(scope: Scope, call: Call, ask: Ask) -> Found:
    started = time.monotonic()
    tool = BY_NAME.get(ask.tool)
    if tool is None:
        return Found(call, None, "That can't be looked up here.")
    try:
        result = tool.run(scope, dict(ask.arguments))
    except ValidationError as error:
        return Found(call, None, str(error), time.monotonic() - started)
    return Found(call, result, seconds=time.monotonic() - started)


def label(wanted: Wanted, scope: Scope) -> str:
    """Return how a question was read: "spending · Groceries · March 2026"."""
    slots = wanted.slots
    pieces = [TITLES[wanted.intent], *slots.categories, *slots.merchants, *slots.accounts, *slots.goals]
    figures, formats, home = slots.figures, scope.formats, scope.person.currency
    if figures.least is not None:
        pieces.append(f"from {formats.money(figures.least, home)}")
    if figures.most is not None:
        pieces.append(f"up to {formats.money(figures.most, home)}")
    if figures.amount is not None:
        pieces.append(formats.money(figures.amount, home))
    month = month_of_bills(slots, scope.today) if wanted.intent == "bills" else None
    if wanted.intent in {"budgets", "afford"} and slots.period is not None:
        month = month_of_budgets(slots, scope.today, scope.person.month_start_day)
    if month is not None:
        pieces.append(formats.month(month))
    elif slots.period is not None:
        pieces.append(period_label(slots.period, scope))
    if figures.ahead is not None and month is None:
        pieces.append(f"up to {formats.day(figures.ahead)}")
    if slots.other is not None:
        pieces.append(f"against {period_label(slots.other, scope)}")
    elif slots.against != "none":
        pieces.append("against the period before" if slots.against == "before" else "against a year before")
    return " · ".join(pieces)


def understand(scope: Scope, question: str, context: Mapping[str, Any]) -> Wanted | Abstained:
    """Return what a question wants; what was understood before is in `context`, as an earlier answer left it."""
    sense = shipped()
    names = names_of(scope)
    try:
        reading = read(question, scope, names, sense.words)
    except (UnreadableDateError, UnreadableFigureError) as why:
        return Abstained(str(why), examples())
    if not reading.text:
        return Abstained("Ask me about your money.", examples())
    if reading.unsure:
        one = reading.unsure[0]
        listed = ", ".join(f"{named.name} ({named.kind})" for named in one.names)
        return Abstained(f"Several of yours fit “{one.words}”: {listed}. Which one?", instead_of(question, one))
    earlier = _earlier(context)
    goes_on = earlier is not None and _is_going_on(reading)
    if reading.strange and not (not goes_on and _is_about_affording(reading)):
        words = ", ".join(f"“{word}”" for word in reading.strange[:3])
        return Abstained(f"I don't know what is meant by {words}, so I would rather not guess.", examples())
    calendar, beginning = calendar_of(scope), partial(first_day_known, scope)
    if goes_on and earlier is not None:
        slots = settled(reading.slots.after(earlier.slots), calendar)
        wanted = Wanted(_intent_after(earlier.intent, slots), slots, earlier.words)
        if slots.given <= TAKES[wanted.intent]:
            return _checked(with_period(wanted, scope.today, beginning), names, scope)
        return Abstained("I can't go on from the answer before with that.", examples())
    continued = _BEGINS_WITH_AND.match(reading.text)
    if continued:
        reading = replace(reading, text=reading.text[continued.end() :])
    found = meant(reading, sense)
    if found.intent is None:
        return _unsure(found.foreign, found.possible, reading.slots)
    slots = reading.slots
    if continued and earlier and not slots.period and "period" in TAKES[found.intent]:
        slots = replace(slots, period=earlier.slots.period)
    wanted = Wanted(found.intent, settled(slots, calendar), reading.text)
    return _checked(with_period(wanted, scope.today, beginning), names, scope)


def _is_going_on(reading: Reading) -> bool:
    """Tell whether a question only says what is to be different; with a name and a period it is one of its own."""
    given = reading.slots.given
    whole = "period" in given and given & {"categories", "merchants"} and not _BEGINS_WITH_AND.match(reading.text)
    return bool(given) and not whole and _GOES_ON.fullmatch(reading.text) is not None


def _earlier(context: Mapping[str, Any]) -> Wanted | None:
    try:
        if context["intent"] not in INTENTS:
            return None
        return Wanted(context["intent"], slots_of(context["slots"]), str(context["words"]))
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None


def _intent_after(intent: Intent, slots: Slots) -> Intent:
    """Return what a question that goes on wants: with a name of its own, a list of all names is of no use."""
    if intent == "by_category" and slots.categories:
        return "total"
    return "total" if intent == "by_merchant" and slots.merchants else intent


def _is_about_affording(reading: Reading) -> bool:
    return "afford" in reading.text and reading.slots.figures.amount is not None


def _checked(wanted: Wanted, names: Names, scope: Scope) -> Wanted | Abstained:
    slots = wanted.slots
    several = [names for names in (slots.categories, slots.merchants, slots.accounts, slots.goals) if len(names) > 1]
    alone = wanted.intent == "total" and slots.other is None and slots.against == "none" and not slots.accounts
    if several and not (alone and len(several) == 1 and slots.figures.least is None and slots.figures.most is None):
        return Abstained("I can answer that for one name at a time.", examples())
    if _BOTH_KINDS.search(wanted.words) and slots.categories and slots.merchants:
        return Abstained("I can answer that for one name at a time.", examples())
    if not _are_of_their_kind(wanted, names):
        return Abstained("I can't answer that for this kind of category.", examples())
    if (beyond := _beyond(wanted, scope.today)) is not None:
        return beyond
    if wanted.intent == "share" and not slots.categories:
        return Abstained("Of which category?", examples())
    return wanted


def _beyond(wanted: Wanted, today: date) -> Abstained | None:
    """Return why the very days that are asked for can't be told, None where they can."""
    slots, intent = wanted.slots, wanted.intent
    if intent == "forecast" and days_ahead(slots, today) > FARTHEST:
        return Abstained("I can look 90 days ahead.", ("How much will I have in the next 90 days?",))
    if intent == "forecast" and is_of_spending(wanted) and days_ahead(slots, today) not in SPANS:
        words = "I can tell what will be spent within 30, 60 or 90 days."
        return Abstained(words, ("How much will I spend in the next 30 days?",))
    if intent in {"budgets", "afford"} and slots.period is not None and not _is_a_month(slots.period, today):
        return Abstained("Budgets are kept month by month.", ("How are my budgets doing?",))
    if intent == "bills" and not _is_of_known_bills(slots, today):
        return Abstained("I can tell the bills of a month, and those of the next 30 days.", ("Bills next month",))
    return None


def _is_of_known_bills(slots: Slots, today: date) -> bool:
    """Tell whether bills are asked for that are told apart: those of a month, or up to a day that is near."""
    ahead, period = slots.figures.ahead, slots.period
    if ahead is not None:
        return slots.figures.ahead_month is not None or (ahead - today).days <= FARTHEST_BILLS
    return period is None or bool(period.bare_month) or _is_a_month(period, today)


def _is_a_month(period: When, today: date) -> bool:
    first, last = period.days(today)
    return period.preset == "month" or (first.day == 1 and last == month_end(first))


def _are_of_their_kind(wanted: Wanted, names: Names) -> bool:
    """Tell whether the categories are such as the intent is about: nothing is spent on income."""
    slots = wanted.slots
    if wanted.intent == "income":
        return set(slots.categories) <= names.income and not (
            slots.categories and (slots.other or slots.against != "none")
        )
    if wanted.intent in {"list", "last", "count"}:
        return True
    return not set(slots.categories) & (names.income | names.apart)


def _unsure(foreign: bool, possible: tuple[Intent, ...], slots: Slots) -> Abstained:  # noqa: FBT001
    if foreign:
        words = (
            "I only answer questions about your own money, from what is recorded here; I give no advice and change "
            "nothing."
        )
        return Abstained(words, examples())
    likely = tuple(one for intent in possible for one in choices_for(Wanted(intent, slots), same=True))
    return Abstained("I am not sure what you want to know.", (likely or examples())[:4])
