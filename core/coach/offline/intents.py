"""What a question wants: told by the learned sense where it is sure, and never against what its words allow."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from core.coach.offline.names import LEAVING_OUT
from core.coach.offline.reading import Reading
from core.coach.offline.sense import Sense

Intent = Literal[
    "total", "by_category", "by_merchant", "by_month", "income", "saved", "cash_flow", "net_worth", "balance",
    "budgets",
    "goals", "subscriptions", "bills", "insights", "forecast", "list", "largest", "last", "count", "average",
    "daily_average", "monthly_average", "share", "afford", "summary", "help",
]  # fmt: skip
INTENTS: Final[tuple[Intent, ...]] = get_args(Intent)
SURE: Final = 0.8
"""How likely an intent must be to be taken at the learned sense's word."""
LIKELY: Final = 0.2
"""How likely, where the words of the question leave hardly any other."""
AGAINST: Final = 0.6
"""How likely another one, that the words of the question rule out, must be for the two to disagree."""
FOREIGN: Final = "foreign"
_NAMES: Final = frozenset({"categories", "merchants", "accounts"})
TAKES: Final[dict[Intent, frozenset[str]]] = {
    "total": _NAMES | {"period", "comparison", "bounds"},
    "by_category": frozenset({"period", "accounts", "merchants", "count", "categories"}),
    "by_merchant": _NAMES | {"period", "count"},
    "by_month": _NAMES | {"period"},
    "income": frozenset({"period", "comparison", "categories"}),
    "saved": frozenset({"period", "comparison"}),
    "cash_flow": frozenset({"period"}),
    "net_worth": frozenset({"period"}),
    "balance": frozenset({"accounts"}),
    "budgets": frozenset({"period", "categories"}),
    "goals": frozenset({"goals"}),
    "subscriptions": frozenset({"merchants"}),
    "bills": frozenset({"period", "ahead", "merchants"}),
    "insights": frozenset({"count"}),
    "forecast": frozenset({"ahead", "categories"}),
    "list": _NAMES | {"period", "bounds", "count"},
    "largest": _NAMES | {"period", "bounds", "count"},
    "last": _NAMES | {"bounds"},
    "count": _NAMES | {"period", "bounds"},
    "average": _NAMES | {"period", "bounds"},
    "daily_average": _NAMES | {"period"},
    "monthly_average": _NAMES | {"period"},
    "share": frozenset({"period", "categories"}),
    "afford": frozenset({"amount", "categories", "period"}),
    "summary": frozenset(),
    "help": frozenset(),
}
"""What each can heed; a question that has anything else is not answered by it."""
_ALLOWED: Final[tuple[tuple[str, str], ...]] = (
    (r"afford|spare", "afford"),
    (r"(?<!how )(?:often|frequently|regularly)", "count subscriptions"),
    (
        r"grew|grown|grow|increased?|rose|risen|climbed|jumped|shrank|shrunk|fell|fallen|dropped|decreased?|changed?",
        "total income saved by_month net_worth balance subscriptions insights forecast",
    ),
    (r"budgets?|overspent|overspend", "budgets afford"),
    (r"goals?|xgoal", "goals"),
    (r"subscriptions?|subscribed|recurring|memberships?|standing orders", "subscriptions"),
    (r"bills?|due|overdue|unpaid", "bills last total"),
    (r"net worth|worth|wealth|assets|liabilities|richer|rich", "net_worth insights"),
    (r"balances?", "balance forecast"),
    (r"accounts", "balance list count"),
    (
        r"how (?:much|many|full) (?:money )?(?:(?:is|do i (?:still )?(?:have|owe)|have i got) )?(?:in|on) (?:my )?xacc",
        "balance",
    ),
    (r"owe", "balance net_worth"),
    (r"forecast|predict|predicted|projected|projection|expected|run out|xahead", "forecast bills"),
    (r"will", "forecast goals bills afford"),
    (
        r"earn|earned|earnings|income|salary|bring in|came in|get paid|was i paid|make|made",
        "income saved cash_flow list count share",
    ),
    (r"(?:income|earn\w*)\b.*\bspen[dt]\w*|spen[dt]\w*\b.*\b(?:income|earn\w*)", "saved cash_flow"),
    (r"savings rate|saved|save|saving|surplus|put aside|put away|putting away|left over", "saved goals"),
    (r"cash ?flow|in and out", "cash_flow"),
    (r"average|mean|typical|typically", "average daily_average monthly_average"),
    (r"(?:a|per|each|every) day|daily", "daily_average"),
    (r"(?:a|per|each|every|by) month|monthly|month by month|for each month",
     "by_month monthly_average income subscriptions goals cash_flow saved"),
    (r"over time|trend|developed|history", "by_month net_worth forecast"),
    (r"(?:which|what) month|expensive month|cheapest month", "by_month"),
    (r"(?:a|per|each|every|by) week|weekly|(?:a|per|each|every) year|yearly", "subscriptions"),
    (r"how often|how many|number of|count", "count balance subscriptions goals"),
    (r"share|percent|percentage|fraction|proportion", "share saved"),
    (r"(?:per|each|by|every) (?:category|categories)|categories|category", "by_category"),
    (
        r"(?:which|what|by|per|each) (?:shops?|stores?|merchants?|places|companies)|merchants|shops|stores",
        "by_merchant",
    ),
    (r"biggest|largest|highest|priciest|dearest|smallest|cheapest|most expensive|lowest|top",
     "largest by_category by_merchant by_month subscriptions insights forecast"),
    (r"top xcnt (?:expenses|purchases|payments|transactions|charges|costs)", "largest"),
    (r"^(?:what did (?:i|we) spend|(?:money )?spen(?:t|ding)) xper$", "total"),
    (r"pending", "list count"),
    (r"transactions?|deposits|transfers", "list largest last count average insights"),
    (
        r"purchases?|payments?",
        "list largest last count average insights bills subscriptions daily_average monthly_average",
    ),
    (r"when", "last bills goals"),
    (r"spent? .*xcmp|xcmp", "total income saved"),
    (r"insights?|unusual|strange|odd|suspicious|alerts?|warnings?|noticed?", "insights"),
    (r"left|remaining|remains", "budgets balance forecast saved afford"),
    (r"hello|hi|hey|thanks|help|examples?", "help"),
    (r"find|search|^all (?:xmer|xcat|xacc)", "list"),
    (r"overview|summary|dashboard", "summary"),
)  # fmt: skip
_RULES: Final = tuple((re.compile(rf"\b(?:{words})\b"), frozenset(allowed.split())) for words, allowed in _ALLOWED)
_AFFORDS: Final = re.compile(r"\b(?:afford|spare|enough|can|could|left|room|remain\w*|still|within|budgets?)\b")
"""Without one of these an amount in a question is none that somebody thinks of spending."""
_IS_PAST: Final = re.compile(r"\b(?:did|was|were|spent|paid)\b")
"""Of what is past nothing is foretold."""
_SUBJECT: Final = re.compile(
    r"\b(?:xcat|xmer|xacc|xgoal|spen[dt]\w*|costs?|paid|pay|bought|buy|money|expens\w+|expenditures?|outgoings|outlay|"
    r"shop|enough|forked|damage|debts?|own|stand|finances|interesting|know|new|saw|happened|anything|"
    r"everything)\b"
)
_NOT_OURS: Final = re.compile(
    r"\b(?:should(?! i (?:know|look|pay attention|be aware))(?<!anything i should)|why|explain|recommend"
    r"|advice|advise|best|better|"
    r"smart|wise|worth it|too much|other people|others|"
    r"average person|normal|convert|translate|write|tax|taxes|stocks?|bitcoin|crypto|weather|joke|poem|news)\b"
    r"|^(?:to )?(?:send|transfer|move|pay|cancel|delete|remove|change|set|create|add(?! up)|raise|"
    r"buy|sell|rename|mark|remind|"
    r"order|book|call|ignore|print|update|edit|increase|lower|reduce|invest|close|"
    r"open|block|forget|undo|make|put|import|export|categorise|categorize)\b"
    r"|\b(?:please|can you|could you|would you|i want to|i want you to|let us|help me) "
    r"(?:send|transfer|move|pay|cancel|delete|remove|"
    r"change|set|create|add|raise|buy|sell|rename|mark|remind|order|book|increase|lower|reduce|invest|close|block)\b"
    r"|\bhow (?:can|could|do|to) (?:i )?(?:save|spend less|get rich|become|invest|improve|reduce|earn more|make more)\b"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question wants, or None, and what it could want, the likeliest first."""

    intent: Intent | None
    possible: tuple[Intent, ...] = ()
    foreign: bool = False
    """Whether it is none of ours at all."""


def meant(reading: Reading, sense: Sense) -> Meant:
    """Tell what a question wants; None where that is not sure."""
    if _NOT_OURS.search(reading.text):
        return Meant(None, foreign=True)
    likely = sense.likely(reading.text)
    allowed = allowed_by_words(reading)
    possible: tuple[Intent, ...] = tuple(name for name, _ in likely if name in allowed)[:3]
    if not LEAVING_OUT.isdisjoint(reading.text.split()):
        return Meant(None, possible)
    first, most = likely[0]
    if first == FOREIGN:
        return Meant(None, possible, foreign=most >= 0.5)
    fitting = [(name, odds) for name, odds in likely if name in allowed]
    if not fitting or (first not in allowed and most >= AGAINST):
        return Meant(None, possible)
    if fitting[0][0] not in {"help", "summary"} and not _has_subject(reading.text):
        return Meant(None, possible)
    odds = fitting[0][1]
    rest = sum(other for _, other in fitting[1:])
    if odds >= SURE or (odds >= LIKELY and odds >= SURE * (odds + rest)) or (odds >= 0.5 and rest <= odds / 2):
        return Meant(possible[0], possible)
    return Meant(None, possible)


def _has_subject(text: str) -> bool:
    """Tell whether anything in a question says what it is about: not small words, a period or an amount alone."""
    return _SUBJECT.search(text) is not None or any(pattern.search(text) for pattern, _ in _RULES)


def allowed_by_words(reading: Reading) -> frozenset[Intent]:
    """Return the intents that the words and the slots of a question leave possible."""
    allowed = frozenset(name for name in INTENTS if reading.slots.given <= TAKES[name])
    if _IS_PAST.search(reading.text):
        allowed -= {"forecast"}
    if not _AFFORDS.search(reading.text):
        allowed -= {"afford"}
    for pattern, intents in _RULES:
        if pattern.search(reading.text):
            allowed &= intents
    return allowed
