"""Ask the coach every question of a file and judge what it says: `python -m tests.eval.coach.judge [FILE …] [--all]`.

The file has a household, whether the question goes on from the one before, the words, the tool with its arguments that
has to be asked, and what has to be stated. Right: that tool was asked with just these arguments, and every figure is in
the answer. Wrong: anything else that states a figure. Unanswered is not wrong.

`judged` takes any coach with the offline one's events, so that the same file can be put to a model.
"""

import argparse
import csv
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Event as Flag
from typing import Any, Final, Literal

from core.coach import Answered, Event, Exchange, Found, Scope
from core.coach.grounding import ground
from core.coach.offline import answer
from core.coach.tools.periods import Period
from core.coach.values import Amount, Count, Day, Leaf, Month, Number, Share, at, is_leaf
from tests.eval.coach.households import DAYS, household
from tests.eval.coach.truths import Given, facts, span

HERE: Final = Path(__file__).parent
QUESTIONS: Final = HERE / "questions.csv"
HELD_OUT: Final = (HERE / "held_out.csv", HERE / "held_out_later.csv")
FOREIGN: Final = (HERE / "foreign.txt", HERE / "foreign_held_out.txt")
REFERENCE: Final = re.compile(r"\[\[(c\d+):([^\]]+)\]\]")
Coach = Callable[[Scope, str, Sequence[Exchange], Flag], Iterator[Event]]
Verdict = Literal["right", "wrong", "unanswered"]


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the file."""

    household: str
    goes_on: bool
    words: str
    tool: str
    given: Given
    truth: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a question."""

    question: Question
    verdict: Verdict
    why: str
    text: str
    unmatched: tuple[str, ...] = ()
    """Figures of the answer that no tool told."""


def questions(path: Path = QUESTIONS) -> list[Question]:
    """Read a file of questions."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Question(
                row["household"],
                row["goes_on"] == "yes",
                row["question"],
                row["tool"],
                dict(one.strip().split("=", 1) for one in row["arguments"].split(";") if one),
                row["truth"],
            )
            for row in csv.DictReader(file)
        ]


def asked_of(coach: Coach, scope: Scope, words: str, before: Sequence[Exchange]) -> tuple[Answered | None, Exchange]:
    """Ask one question; return the answer, if there is one, and the exchange for the next."""
    last = None
    for event in coach(scope, words, before, Flag()):
        last = event
    done = last if isinstance(last, Answered) else None
    return done, Exchange(words, done.text if done else "", done.context if done else {})


def judged(coach: Coach, asked: Sequence[Question], scope: Scope) -> Iterator[Judged]:
    """Ask one household's questions in their order and judge each answer."""
    before: list[Exchange] = []
    for question in asked:
        done, exchange = asked_of(coach, scope, question.words, before if question.goes_on else [])
        before = [exchange]
        yield _judged(question, done, scope)


def _judged(question: Question, done: Answered | None, scope: Scope) -> Judged:
    if done is None or not any(one.result for one in done.found) or any(one.failure for one in done.found):
        return Judged(question, "unanswered", "", done.text if done else "")
    stated = stated_in(done)
    close = [_difference(one, question, scope) for one in done.found]
    if all(close):
        return Judged(question, "wrong", close[0], done.text)
    missing = [fact for fact in facts(scope, question.truth, question.given) if not _is_stated(fact, stated)]
    if missing:
        return Judged(question, "wrong", f"not stated: {missing}", done.text)
    unmatched = ground(done.text, question.words, done.found, scope.formats).unmatched
    return Judged(question, "right", "", done.text, unmatched)


def stated_in(done: Answered) -> list[Leaf]:
    """Return the values that an answer refers to."""
    trees = {one.call.id: one.result.told for one in done.found if one.result}
    nodes = (at(trees[call], path) for call, path in REFERENCE.findall(done.text))
    return [node for node in nodes if is_leaf(node)]


def _is_stated(fact: Decimal | date | int, stated: Sequence[Leaf]) -> bool:
    for leaf in stated:
        match leaf:
            case Amount(value, _) | Number(value):
                same = isinstance(fact, Decimal) and abs(abs(value) - abs(fact)) < Decimal("0.005")
            case Share(value):
                same = isinstance(fact, Decimal) and abs(abs(value) - abs(fact)) < Decimal("0.0005")
            case Count(value):
                same = fact == value
            case Day(value) | Month(value):
                same = fact == value
            case _:
                same = False
        if same:
            return True
    return fact == 0 and not stated


def _difference(found: Found, question: Question, scope: Scope) -> str:
    """Return how a call differs from the one that was to be made; "" where it does not."""
    if found.call.tool != question.tool:
        return f"asked {found.call.tool}"
    given = found.call.arguments
    assert isinstance(given, Mapping)
    own, wanted = _canonical(given, scope), _expected(question.given, scope)
    for name in ("limit", "days", "order", "by"):
        if name not in question.given:
            own.pop(name, None)
    if wanted.get("order") == "newest":
        own.setdefault("order", "newest")
    if question.tool in {"get_net_worth", "list_transactions", "list_insights"} and "period" not in question.given:
        kept = own.get("period")
        if question.tool == "get_net_worth" or kept == _days_of({"preset": "all"}, scope):
            own.pop("period", None)
    return "" if own == wanted else f"asked with {own}, not {wanted}"


def _canonical(given: Mapping[str, Any], scope: Scope) -> dict[str, str]:
    found = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}
    if "period" in given:
        found["period"] = _days_of(given["period"], scope)
    return {name: str(Decimal(value)) if name in {"least", "most"} else value for name, value in found.items()}


def _days_of(period: Mapping[str, Any], scope: Scope) -> str:
    first = span(scope, {"period": "all"}).since
    return str(Period.model_validate(period).span(scope.today, first))


def _expected(given: Given, scope: Scope) -> dict[str, str]:
    found = {name: value for name, value in given.items() if name != "against"}
    if "period" in given:
        found["period"] = str(span(scope, given))
    return {name: str(Decimal(value)) if name in {"least", "most"} else value for name, value in found.items()}


def all_judged(paths: Sequence[Path], coach: Coach = answer) -> tuple[list[Judged], list[str]]:
    """Put files of questions to a coach, each to its household; and the foreign ones to the first household's.

    Return what became of each, and the foreign ones that were answered.
    """
    asked, found, foreign = [one for path in paths for one in questions(path)], [], []
    for name in DAYS:
        own = [one for one in asked if one.household == name]
        with tempfile.TemporaryDirectory() as folder, household(name, Path(folder)) as scope:
            found += judged(coach, own, scope)
            if name == "first":
                foreign = foreign_answered(scope, coach)
    return found, foreign


def foreign_questions() -> list[str]:
    """Return the questions that are none of the coach's, or that it can't answer; those held back as well."""
    return [one for path in FOREIGN for one in path.read_text("utf-8").splitlines() if one]


def foreign_answered(scope: Scope, coach: Coach = answer) -> list[str]:
    """Return those of the foreign questions that were answered from a tool."""
    words = foreign_questions()
    done = [(one, asked_of(coach, scope, one, [])[0]) for one in words if one]
    return [one for one, told in done if told is not None and told.found]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, and what was not right."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.coach.judge", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[QUESTIONS])
    parser.add_argument("--all", action="store_true", help="every answer, not only those that are not right")
    chosen = parser.parse_args(arguments)
    found, foreign = all_judged(chosen.files)
    for one in found:
        if chosen.all or one.verdict != "right":
            print(f"{one.verdict:10} {one.question.words}\n           {one.why}\n           {one.text[:300]}")
    count = Counter(one.verdict for one in found)
    print(f"{len(found)} asked: " + ", ".join(f"{many} {verdict}" for verdict, many in count.items()))
    print(f"foreign: {len(foreign)} of {len(foreign_questions())} answered", *foreign, sep="\n  ")


if __name__ == "__main__":
    main()
