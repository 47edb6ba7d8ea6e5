"""The coach's page: what a person asks, what comes of it, and what is kept."""

import json
import time

from streamlit.testing.v1 import AppTest

from core.coach import (
    Usage,
    add_usage,
    choose_monthly_tokens,
    list_conversations,
    monthly_tokens,
    open_conversation,
)
from core.identity import profile
from core.runtime import Runtime
from core.store import UserId
from pages.coaching.message import key_of
from tests.pages.conftest import Open, OpenSettings
from tests.pages.test_explore import words
from tests.standins.models import MODEL, Answer, ModelStandIn, Wish

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
    assert f"Gemini · {MODEL}" in app.selectbox(key="coach_who").options
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
    open_settings: OpenSettings, house: Runtime, person: UserId
) -> None:
    app = open_settings("Coach", person)
    app.number_input(key="coach_monthly_tokens").set_value(50_000).run()
    assert not app.exception
    assert monthly_tokens(house.store, person) == 50_000
    add_usage(house.store, person, profile(house.store, person).today, Usage(70_000, 1))
    (bar,) = app.run().get("progress")
    assert (bar.proto.value, "70,001 of 50,000" in bar.proto.text) == (100, True)


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
