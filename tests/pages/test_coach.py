"""The coach's page: what a person asks, what comes of it, and what is kept."""

import json
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from core.coach import (
    NO_END,
    Coach,
    Message,
    Told,
    Usage,
    add_usage,
    begin_conversation,
    choose_monthly_tokens,
    coach_for,
    count_question,
    delete_conversation,
    keep_message,
    list_conversations,
    monthly_tokens,
    open_conversation,
    tokens_used,
)
from core.errors import StoreError, TooManyAttemptsError
from core.identity import profile
from core.runtime import Runtime
from core.store import UserId
from pages.coaching import answering
from pages.coaching.answering import coming_to
from pages.coaching.message import key_of
from tests.pages.conftest import Open
from tests.pages.test_explore import words
from tests.standins.models import KEY, MODEL, Answer, ModelStandIn, Wish

QUESTION = "How much did I spend last month?"


def settled(app: AppTest) -> AppTest:
    """Run the page until the answer is there."""
    deadline = time.monotonic() + 30
    while any(one.key == "coach_stop" for one in app.button):
        assert time.monotonic() < deadline, words(app)
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def asked(app: AppTest, question: str) -> AppTest:
    app.chat_input[0].set_value(question).run()
    return settled(app)


@pytest.fixture
def gemini(house: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelStandIn]:
    """Let the house's coach ask a stand-in for Gemini."""
    with ModelStandIn("gemini") as model:
        changed = house.settings.model_copy(
            update={"gemini_api_key": SecretStr(KEY), "gemini_base_url": model.url, "gemini_model": MODEL}
        )
        coach: Coach = coach_for(changed)
        monkeypatch.setitem(vars(house), "coach", coach)
        yield model
        coach.close()


def test_without_accounts_the_page_says_what_comes_here(open_screen: Open, person: UserId) -> None:
    app = open_screen("coach", person)
    assert not app.exception
    assert "Nothing to ask about yet" in words(app)
    assert not app.chat_input


def test_a_suggestion_is_answered_kept_and_gone_on_from(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    app = open_screen("coach", demo_person)
    assert "No language model is set up" in words(app)
    app.button(key="coach_suggestion_0").click().run()
    settled(app)
    (conversation,) = list_conversations(house.store, demo_person)
    (message,) = open_conversation(house.store, demo_person, conversation.id)
    assert message.told.markdown in [one.value for one in app.markdown]
    assert message.told.steps
    assert "Answered without a language model" in words(app)
    app.feedback(key=f"{key_of(message)}_thumb").set_value(1).run()
    asked(app, QUESTION)
    first, second = open_conversation(house.store, demo_person, conversation.id)
    assert first.thumb == 1
    assert second.told.reading
    app.button(key=f"{key_of(second)}_again").click().run()
    settled(app)
    first, third = open_conversation(house.store, demo_person, conversation.id)
    assert (third.question, third.answer) == (second.question, second.answer)
    assert third.at != second.at


def test_somebody_elses_conversation_is_not_opened(
    open_screen: Open, house: Runtime, demo_person: UserId, own_demo_person: UserId
) -> None:
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    (theirs,) = list_conversations(house.store, own_demo_person)
    app = open_screen("coach", demo_person, talk=str(theirs.id))
    assert not app.exception
    assert "from your figures alone" not in words(app)


def test_a_model_answers_with_figures_of_tools_and_its_cost_is_counted(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    period = {"period": {"preset": "last_month"}}
    gemini.answers = [
        Answer(wishes=(Wish("get_spending_analytics", period),)),
        Answer(pieces=("You spent [[c1:spent]] ![x](https://evil.example/p.png) <b>now</b>",)),
    ]
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    shown = words(app)
    assert "evil.example" not in shown
    assert "<b>" not in shown
    assert f"Gemini · {MODEL}" in shown.replace("\\", "")
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    assert message.told.usage == Usage(200, 40)
    assert "[[" not in message.answer
    assert message.told.unmatched == 0


def test_half_letters_of_a_model_are_shown_and_kept(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Half \ud83d", " a letter"), wait=0.5)]
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    assert message.answer == "Half ? a letter"
    assert "Half ? a letter" in words(app)


def test_when_the_tokens_of_a_month_are_used_up_no_model_is_asked(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Hello.",))]
    choose_monthly_tokens(house.store, own_demo_person, 100)
    add_usage(house.store, own_demo_person, profile(house.store, own_demo_person).today, Usage(90, 10))
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    assert gemini.asked == []
    assert "Answered without a language model" in words(app)
    assert "used up" in words(app)


def test_who_answered_instead_and_why_stays_with_the_answer(
    open_screen: Open, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(error="busy", retry_after="60")]
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    (shown,) = [one.value for one in app.caption if "Answered without a language model" in one.value]
    assert shown.startswith("Gemini")


def test_a_wrong_key_is_told_with_what_to_do_and_the_question_goes_without(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(error="key")]
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    assert "GEMINI_API_KEY" in " ".join(one.value for one in app.error).replace("\\", "")
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    settled(app.button(key=f"{key_of(message)}_itself").click().run())
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    assert message.told.provider == "offline"
    assert "spent" in message.answer


def test_how_many_tokens_a_month_may_cost_is_chosen_in_settings(
    open_screen: Open, house: Runtime, person: UserId
) -> None:
    app = open_screen("settings", person)
    app.number_input(key="coach_monthly_tokens").set_value(50_000).run()
    assert not app.exception
    assert monthly_tokens(house.store, person) == 50_000
    add_usage(house.store, person, profile(house.store, person).today, Usage(70_000, 1))
    (bar,) = app.run().get("progress")
    assert (bar.proto.value, "70,001 of 50,000" in bar.proto.text) == (100, True)


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


def test_a_query_of_the_coach_goes_to_the_editor_and_not_into_an_address(
    open_screen: Open, house: Runtime, own_demo_person: UserId, gemini: ModelStandIn
) -> None:
    sql = "SELECT count(*) FROM transactions WHERE name = 'Doctor'"
    gemini.answers = [Answer(wishes=(Wish("run_query", {"sql": sql}),)), Answer(pieces=("None.",))]
    app = asked(open_screen("coach", own_demo_person), QUESTION)
    (conversation,) = list_conversations(house.store, own_demo_person)
    (message,) = open_conversation(house.store, own_demo_person, conversation.id)
    app.button(key=f"{key_of(message)}_lead_0").click().run()
    assert not app.exception
    assert app.title[0].value == "SQL"
    assert app.text_area(key="sql_text").value == sql
    assert not any("Doctor" in value for values in app.query_params.values() for value in values)


def test_names_of_shops_begin_no_tag_in_a_chart_of_the_coach() -> None:
    def page() -> None:
        from decimal import Decimal

        from core.coach import Curve
        from pages.coaching.steps import chart
        from pages.shared.formats import Formats

        names = ("<a href='//evil.example'>Shop</a>", "&lt;b&gt; Bank", "Café")
        chart(Curve("Spent", "USD", tuple((name, Decimal(3)) for name in names)), Formats("en_US"), "k")

    app = AppTest.from_function(page).run()
    assert not app.exception
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    drawn = json.dumps(figure, ensure_ascii=False)
    assert "Café" in drawn
    assert "evil.example" in drawn
    assert "<a" not in drawn
    assert "&lt;" not in drawn
