"""Answers of the coach while its person is elsewhere: leaves, comes back, has two windows, or the server dies."""

import time

import pytest

from core.coach import (
    NO_END,
    Message,
    Told,
    answering,
    begin_conversation,
    coming_to,
    count_question,
    delete_conversation,
    keep_message,
    list_conversations,
    open_conversation,
    tokens_used,
)
from core.errors import StoreError, TooManyAttemptsError
from core.identity import profile
from core.runtime import Runtime
from core.store import UserId
from pages.coaching.message import key_of
from tests.pages.conftest import Open
from tests.pages.test_coach import QUESTION, asked, settled
from tests.pages.test_explore import words
from tests.standins.models import Answer, ModelStandIn


def test_who_leaves_while_an_answer_comes_finds_it_when_they_are_back(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Well, ", "well."), wait=0.5, between=0.5)]
    app = open_screen("coach", own_demo_person)
    app.chat_input[0].set_value(QUESTION).run()
    app.switch_page("pages/budgets.py").run()
    app.query_params.clear()
    app.switch_page("pages/coach.py").run()
    settled(app)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    assert message.answer == "Well, well."
    assert message.answer in [one.value for one in app.markdown]


def test_a_conversation_that_is_deleted_while_an_answer_comes_ends_without_it(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Well, ", "well."), wait=0.5, between=0.5)]
    app = open_screen("coach", own_demo_person)
    app.chat_input[0].set_value(QUESTION).run()
    (conversation,) = list_conversations(house.store, own_demo_person)
    delete_conversation(house.store, own_demo_person, conversation.id)
    deadline = time.monotonic() + 30
    while "Ask in plain words" not in words(app.run()):
        assert time.monotonic() < deadline, words(app)
        time.sleep(0.2)
    assert not app.error
    assert not app.exception


def test_a_window_that_is_loaded_anew_finds_the_answer_that_is_coming(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Well, ", "well."), wait=0.5, between=0.5)]
    open_screen("coach", own_demo_person).chat_input[0].set_value(QUESTION).run()
    (conversation,) = list_conversations(house.store, own_demo_person)
    anew = open_screen("coach", own_demo_person, talk=str(conversation.id))
    assert anew.button(key="coach_stop")
    assert words(anew).count(QUESTION.removesuffix("?")) == 1
    settled(anew)
    assert "Well, well." in [one.value for one in anew.markdown]


def test_an_answer_is_kept_and_counted_though_nobody_looks(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Well, ", "well."), wait=0.3)]
    open_screen("coach", own_demo_person).chat_input[0].set_value(QUESTION).run()
    begun = coming_to(own_demo_person)
    assert begun is not None
    assert begun.wait(30)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    assert message.answer == "Well, well."
    assert tokens_used(house.store, own_demo_person, profile(house.store, own_demo_person).today) == 120


def test_an_answer_is_kept_once_a_store_that_was_busy_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "PAUSE", 0.0)
    tried: list[int] = []

    def deed() -> None:
        tried.append(len(tried))
        if len(tried) < answering.TRIES:
            raise StoreError("The store is busy.")

    answering.patiently(deed)
    assert len(tried) == answering.TRIES
    with pytest.raises(StoreError):
        answering.patiently(lambda: tried.clear() or deed())  # type: ignore[func-returns-value]


def test_what_was_asked_when_the_server_died_is_asked_again(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    number = begin_conversation(house.store, own_demo_person, QUESTION)
    left = keep_message(house.store, own_demo_person, number, Message(QUESTION, "", NO_END))
    app = open_screen("coach", own_demo_person, talk=str(number))
    assert "No answer came" in " ".join(one.value for one in app.error)
    settled(app.button(key=f"{key_of(left)}_again").click().run())
    (message,) = open_conversation(house.store, own_demo_person, number)
    assert "spent" in message.answer
    assert not app.error


def test_an_answer_that_is_stopped_stays_as_far_as_it_came_and_is_counted(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Well, well, ",) * 100, between=0.1)]
    app = open_screen("coach", own_demo_person)
    app.chat_input[0].set_value(QUESTION).run()
    deadline = time.monotonic() + 30
    while "Well" not in words(app.run()):
        assert time.monotonic() < deadline, words(app)
        time.sleep(0.1)
    settled(app.button(key="coach_stop").click().run())
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    assert message.answer.startswith("Well, well")
    assert message.told.stopped
    assert "You stopped this answer" in words(app)
    assert not app.error
    spent = message.told.usage.sent + message.told.usage.received
    assert spent > 1000
    assert tokens_used(house.store, own_demo_person, profile(house.store, own_demo_person).today) == spent


def test_a_question_that_is_not_taken_stands_in_the_box_again_and_costs_no_answer(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    with pytest.raises(TooManyAttemptsError):
        for _ in range(31):
            count_question(house.store, house.vault, own_demo_person)
    app.button(key=f"{key_of(message)}_again").click().run()
    assert app.error
    assert open_conversation(house.store, own_demo_person, conversation.id) == (message,)
    app.chat_input[0].set_value("And before?").run()
    assert app.error
    assert app.chat_input[0].proto.value == "And before?"


def test_another_window_neither_asks_meanwhile_nor_takes_away_what_came_since(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Well.",))]
    first = asked(open_screen("coach", own_demo_person), QUESTION)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    second, third = (open_screen("coach", own_demo_person, talk=str(conversation.id)) for _ in range(2))
    gemini.answers = [Answer(pieces=("Slowly.",), wait=1.5)]
    first.chat_input[0].set_value("And before?").run()
    second.chat_input[0].set_value("And after?").run()
    assert "still coming" in " ".join(one.value for one in second.error)
    assert second.chat_input[0].proto.value == "And after?"
    settled(first)
    third.button(key=f"{key_of(message)}_again").click().run()
    assert "another window" in " ".join(one.value for one in third.error)
    kept = open_conversation(house.store, own_demo_person, conversation.id)
    assert [one.question for one in kept] == [QUESTION, "And before?"]


def test_a_second_click_asks_nothing_twice(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    app = open_screen("coach", own_demo_person)
    suggestion = app.button(key="coach_suggestion_0")
    suggestion.click().run()
    begun = coming_to(own_demo_person)
    assert begun is None or begun.wait(30)
    suggestion.click().run()
    settled(app)
    (conversation,) = list_conversations(house.store, own_demo_person)
    assert len(open_conversation(house.store, own_demo_person, conversation.id)) == 1


def test_a_thumb_for_an_answer_that_is_gone_is_told_in_words(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    delete_conversation(house.store, own_demo_person, conversation.id)
    app.feedback(key=f"{key_of(message)}_thumb").set_value(1).run()
    assert not app.exception
    assert "This answer is not there" in " ".join(one.value for one in app.error)
    assert "was deleted" in " ".join(one.value for one in app.info)


def test_who_comes_back_finds_the_conversation_that_was_open_until_they_begin_another(
    open_screen: Open, own_demo_person: UserId
) -> None:
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    for shown in (True, False):
        app.switch_page("pages/budgets.py").run()
        app.query_params.clear()
        app.switch_page("pages/coach.py").run()
        assert ("from your figures alone" in words(app)) is shown
        app.button(key="coach_new").click().run() if shown else None


def test_a_long_conversation_shows_its_end_and_the_rest_when_asked(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    number = begin_conversation(house.store, own_demo_person, "Question 0")
    for at in range(25):
        keep_message(house.store, own_demo_person, number, Message(f"Question {at}.\nAnd why?", "An answer.", Told()))
    app = open_screen("coach", own_demo_person, talk=str(number))
    assert not any(one.value.startswith("Question 4") for one in app.markdown)
    assert "Question 5\\.  \nAnd why?" in [one.value for one in app.markdown]
    app.button(key="coach_show_earlier").click().run()
    assert "Question 0\\.  \nAnd why?" in [one.value for one in app.markdown]
    assert not any(one.key == "coach_show_earlier" for one in app.button)
