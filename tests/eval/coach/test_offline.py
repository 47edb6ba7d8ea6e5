"""How well the coach without a key answers: the floor that it must not fall below."""

import re
from collections import Counter

import pytest

from core.coach.offline.sense import shipped
from tests.eval.coach.judge import HELD_OUT, QUESTIONS, REFERENCE, Judged, all_judged, questions
from tests.eval.coach.learn_intents import varied
from tests.eval.coach.wordings import WORDINGS

RIGHT = 0.9
RIGHT_HELD_OUT = 0.8


@pytest.fixture(scope="module")
def verdicts() -> tuple[list[Judged], list[str]]:
    """Ask the frozen questions and the foreign ones, once."""
    return all_judged((QUESTIONS,))


def test_nine_of_ten_questions_are_answered_right_and_none_wrong(verdicts: tuple[list[Judged], list[str]]) -> None:
    count = Counter(one.verdict for one in verdicts[0])
    assert count.total() >= 150
    assert [(one.question.words, one.why) for one in verdicts[0] if one.verdict == "wrong"] == []
    assert count["right"] >= RIGHT * count.total(), count


@pytest.mark.bench
def test_questions_that_were_held_back_are_mostly_answered_right_and_none_wrong() -> None:
    found, _ = all_judged(HELD_OUT)
    count = Counter(one.verdict for one in found)
    assert [(one.question.words, one.why) for one in found if one.verdict == "wrong"] == []
    assert count["right"] >= RIGHT_HELD_OUT * count.total(), count


def test_foreign_questions_are_left_alone(verdicts: tuple[list[Judged], list[str]]) -> None:
    assert verdicts[1] == []


def test_every_figure_of_an_answer_is_a_reference(verdicts: tuple[list[Judged], list[str]]) -> None:
    for one in verdicts[0]:
        if one.verdict == "right":
            ours = re.sub(r"\*\*[^*]+\*\*", "", REFERENCE.sub("", one.text))
            assert re.search(r"\d", ours) is None, one.text
            assert one.unmatched == (), one.text


def test_no_question_is_one_of_the_wordings_learned_from() -> None:
    learned = {wording for wordings in WORDINGS.values() for wording in wordings}
    asked = {one.words.casefold().rstrip("?") for path in (QUESTIONS, *HELD_OUT) for one in questions(path)}
    assert asked & learned == set()


def test_what_ships_was_learned_from_these_wordings() -> None:
    sense = shipped()
    told = [(wording, intent, sense.likely(wording)[0][0]) for wording, intent in varied()[::20]]
    missed = [one for one in told if one[1] != one[2]]
    assert set(sense.intents) == set(WORDINGS)
    assert len(missed) < 0.03 * len(told), missed[:10]
