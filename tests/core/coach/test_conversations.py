"""Conversations: kept as they were shown, each person's own, and what they cost counted apart from them."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sqlalchemy import update

from core.coach import (
    NO_END,
    TOOLS,
    Answered,
    Call,
    Curve,
    Failed,
    Found,
    KeptStep,
    Message,
    Scope,
    Table,
    ToolResult,
    Usage,
    add_usage,
    as_markdown,
    begin_conversation,
    choose_monthly_tokens,
    count_question,
    delete_conversation,
    exchanges,
    finish_message,
    ground,
    keep_message,
    list_conversations,
    message_of,
    models_allowed,
    offline,
    open_conversation,
    rate,
    rename_conversation,
    step_of,
    stopped_message,
    suggestions,
    title_of,
    tokens_used,
)
from core.coach.kept import Told
from core.errors import FinTrackError, NotFoundError, TooManyAttemptsError, ValidationError
from core.formats import PlainFormats
from core.identity import delete_users, find_user
from core.store import ConversationMessage, Store, UserId
from core.vault import Keys, Vault
from tests.core.ledger.household import add_person
from tests.machine.examples import examples

FORMATS = PlainFormats()
ASKED_WITH: dict[str, dict[str, Any]] = {"run_query": {"sql": "SELECT date, amount FROM transactions LIMIT 3"}}


def said(question: str, answer: str = "An answer.", **told: Any) -> Message:
    return Message(question, answer, Told(**told))


def people(store: Store) -> tuple[UserId, UserId]:
    return add_person(store, "ada@example.org"), add_person(store, "bob@example.org")


def answer_of(scope: Scope, question: str) -> Answered:
    (outcome,) = [one for one in offline.answer(scope, question, (), threading.Event()) if isinstance(one, Answered)]
    return outcome


def test_what_each_tool_told_is_kept_as_it_was_shown(store: Store, scope: Scope) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "Everything?")
    found = [
        Found(Call(f"c{at}", tool.name, asked), tool.run(scope, asked))
        for at, tool in enumerate(TOOLS)
        for asked in [ASKED_WITH.get(tool.name, {})]
        if tool.name != "calculate"
    ]
    steps = tuple(step_of(one, scope.formats) for one in found)
    assert sum(bool(one.rows) for one in steps) > 6
    assert any(one.curve for one in steps)
    assert any(lead.wanted for one in steps for lead in one.leads)
    kept = keep_message(store, ada, number, said("Everything?", steps=steps))
    (again,) = open_conversation(store, ada, number)
    assert again.told == kept.told
    assert again.told.steps == steps


def test_an_answer_is_kept_with_its_figures_put_in(store: Store, scope: Scope) -> None:
    ada, _ = people(store)
    outcome = answer_of(scope, "How much did I spend last month?")
    message = message_of("How much did I spend last month?", outcome, outcome.found, scope.formats)
    assert "[[" not in message.answer
    assert "spent" in message.answer
    assert message.told.unmatched == 0
    number = begin_conversation(store, ada, message.question)
    keep_message(store, ada, number, message)
    (kept,) = open_conversation(store, ada, number)
    assert (kept.answer, kept.told.reading) == (message.answer, outcome.reading)
    (exchange,) = exchanges([kept])
    assert exchange.context == outcome.context
    text = as_markdown("Spending", [kept])
    assert text.startswith("# Spending\n")
    assert kept.told.markdown in text


def answered(text: str) -> Answered:
    return Answered(text, (), "Gemini", "m", grounded=ground(text, "", (), FORMATS))


def test_an_answer_is_copied_found_and_gone_on_from_as_text_and_exported_as_markdown_of_any_program(
    store: Store,
) -> None:
    ada, _ = people(store)
    text = "You spent $12.50 at Käse_Haus *gladly*: see https://evil.example/?q=1 ![x](//evil.example/p)"
    number = begin_conversation(store, ada, "# How [much](//evil.example)?")
    message = message_of("# How [much](//evil.example)?", answered(text), (), FORMATS)
    keep_message(store, ada, number, message)
    (kept,) = open_conversation(store, ada, number)
    assert kept.answer.startswith("You spent [$12.50 ?] at Käse_Haus *gladly*: see (address left out)")
    assert "evil" not in kept.answer
    assert ":orange-background[" in kept.told.markdown
    assert [one.id for one in list_conversations(store, ada, "käse_haus")] == [number]
    assert list_conversations(store, ada, "orange-background") == ()
    assert exchanges([kept])[0].answer == kept.answer
    exported = as_markdown("A *title* <b>", [kept])
    assert "**\\$12.50 ?**" in exported
    assert ":orange" not in exported
    html = MarkdownIt("commonmark").enable("table").render(exported)
    assert not {"<a", "<img", "<b>"} & set(re.findall(r"<\w+>?", html)), html


def test_code_and_quotations_are_shown_as_their_words(store: Store) -> None:
    message = message_of("Why?", answered("> So\n> it is\n\n```sql\nSELECT now()\n```"), (), FORMATS)
    assert message.told.markdown == "So\nit is\n\n\nSELECT now\\(\\)\n"


def test_half_letters_that_a_model_asked_with_are_kept(store: Store) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "Why\udc00?")
    asked = Found(Call("c1", "get_net_worth", {"a\ud83d": ["\udc00"]}), None, "No.")
    message = message_of("Why\udc00?", Answered("Well.", (asked,), "Gemini", "m"), (), FORMATS)
    keep_message(store, ada, number, message)
    (kept,) = open_conversation(store, ada, number)
    assert (kept.question, kept.told.steps[0].arguments) == ("Why??", {"a?": ["?"]})


def test_what_another_version_kept_is_shown_as_text_all_the_same(store: Store) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "Why?")
    keep_message(store, ada, number, said("Why?", "Because."))
    for told in ("{", '{"steps": [{"unknown": 1}]}', '{"usage": "much"}'):
        with store.write() as session:
            session.execute(update(ConversationMessage).values(told=told))
        (kept,) = open_conversation(store, ada, number)
        assert (kept.answer, kept.told) == ("Because.", Told())


def test_a_failure_is_kept_and_is_nothing_to_go_on_from(store: Store) -> None:
    ada, _ = people(store)
    failed = Failed(FinTrackError("The provider is busy.", "Ask again."), ())
    message = message_of("Why?", failed, (), FORMATS)
    number = begin_conversation(store, ada, "Why?")
    keep_message(store, ada, number, message)
    (kept,) = open_conversation(store, ada, number)
    assert (kept.answer, kept.told.failure, kept.told.hint) == ("", "The provider is busy.", "Ask again.")
    assert exchanges([kept]) == ()


def test_conversations_are_found_renamed_cut_and_deleted(store: Store) -> None:
    ada, _ = people(store)
    first, second = begin_conversation(store, ada, "Rent?"), begin_conversation(store, ada, "Groceries?")
    messages = [keep_message(store, ada, first, said(f"Question {at}", f"Café 100% {at}")) for at in range(3)]
    assert [one.id for one in list_conversations(store, ada)] == [first, second]
    assert [one.messages for one in list_conversations(store, ada)] == [3, 0]
    for text, found in [("CAFÉ", [first]), ("question 2", [first]), ("grocer", [second]), ("100% café", [first]), ("rent 2", [first]), ("rent grocer", []), ("%", [first]), ("x_", [])]:  # fmt: skip # noqa: E501
        assert [one.id for one in list_conversations(store, ada, text)] == found
    rename_conversation(store, ada, first, "  Home  ")
    assert title_of(store, ada, first) == "Home"
    rate(store, ada, messages[0].id, -1)
    assert open_conversation(store, ada, first)[0].thumb == -1
    delete_conversation(store, ada, first)
    assert [one.id for one in list_conversations(store, ada)] == [second]
    with pytest.raises(NotFoundError):
        open_conversation(store, ada, first)


def test_the_last_message_is_replaced_and_none_that_came_since_is_lost(store: Store) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "One?")
    first = keep_message(store, ada, number, said("One?"))
    again = keep_message(store, ada, number, said("One?", "Better."), instead=first)
    with pytest.raises(ValidationError, match="another window"):
        keep_message(store, ada, number, said("One?", "Twice."), instead=first)
    keep_message(store, ada, number, said("Two?"))
    with pytest.raises(ValidationError, match="another window"):
        keep_message(store, ada, number, said("One?", "Later."), instead=again)
    assert [one.question for one in open_conversation(store, ada, number)] == ["One?", "Two?"]
    assert open_conversation(store, ada, number)[0].answer == "Better."


def test_a_question_is_kept_before_its_answer_and_gets_no_other_ones(store: Store) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "One?")
    asked = keep_message(store, ada, number, Message("One?", "", NO_END))
    (kept,) = open_conversation(store, ada, number)
    assert (kept.told, kept.id, kept.at) == (NO_END, asked.id, asked.at)
    other = keep_message(store, ada, number, Message("Two?", "", NO_END), instead=asked)
    with pytest.raises(NotFoundError):
        finish_message(store, ada, number, replace(asked, answer="One."))
    finish_message(store, ada, number, replace(other, answer="Two.", told=Told()))
    (kept,) = open_conversation(store, ada, number)
    assert (kept.question, kept.answer, kept.told, kept.at) == ("Two?", "Two.", Told(), other.at)


def test_an_answer_that_was_stopped_is_kept_as_far_as_it_came_and_marked(store: Store) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "Why?")
    grounded = ground("You spent $12.50 on", "Why?", (), FORMATS)
    keep_message(store, ada, number, stopped_message("Why?", grounded, (), Usage(9, 1), FORMATS))
    (kept,) = open_conversation(store, ada, number)
    assert (kept.answer, kept.told.stopped, kept.told.unmatched) == ("You spent [$12.50 ?] on", True, 1)
    exported = as_markdown("Why", [kept])
    assert "on\n\nYou stopped this answer" in exported


def test_a_table_that_is_cut_says_how_long_it_was() -> None:
    def step(rows: int) -> KeptStep:
        table = Table(("n",), tuple((str(at),) for at in range(rows)))
        return step_of(Found(Call("c1", "run_query", {}), ToolResult("t", {}, table=table)), FORMATS)

    assert (len(step(50).rows), step(50).of) == (50, 0)
    assert (len(step(51).rows), step(51).of) == (50, 51)


def test_a_backslash_before_zeros_is_no_sign_that_has_to_go(store: Store) -> None:
    ada, _ = people(store)
    number = begin_conversation(store, ada, "Why?")
    keep_message(store, ada, number, said("Why?", reading="\\u0000 and \\\0 and \0"))
    (kept,) = open_conversation(store, ada, number)
    assert kept.told.reading == "\\u0000 and \\  and  "


def test_nobody_gets_at_somebody_elses(store: Store) -> None:
    ada, bob = people(store)
    number = begin_conversation(store, ada, "Mine?")
    message = keep_message(store, ada, number, said("Mine?"))
    for deed in (
        lambda: open_conversation(store, bob, number),
        lambda: title_of(store, bob, number),
        lambda: keep_message(store, bob, number, said("Ours?")),
        lambda: rename_conversation(store, bob, number, "Ours"),
        lambda: delete_conversation(store, bob, number),
        lambda: finish_message(store, bob, number, message),
        lambda: keep_message(store, bob, number, said("Ours?"), instead=message),
        lambda: rate(store, bob, message.id, 1),
    ):
        with pytest.raises(NotFoundError):
            deed()
    assert list_conversations(store, bob) == ()
    assert [one.question for one in open_conversation(store, ada, number)] == ["Mine?"]


def test_what_models_cost_outlives_conversations_and_ends_with_the_person(store: Store) -> None:
    ada, bob = people(store)
    march, april = date(2026, 3, 31), date(2026, 4, 1)
    add_usage(store, ada, march, Usage(100, 20))
    add_usage(store, ada, march.replace(day=2), Usage(10, 1))
    add_usage(store, ada, april, Usage(7, 0))
    assert (tokens_used(store, ada, march), tokens_used(store, ada, april), tokens_used(store, bob, march)) == (
        131,
        7,
        0,
    )
    assert models_allowed(store, ada, march)
    choose_monthly_tokens(store, ada, 131)
    assert not models_allowed(store, ada, march)
    assert models_allowed(store, ada, april)
    choose_monthly_tokens(store, ada, 0)
    assert models_allowed(store, ada, march)
    with pytest.raises(ValidationError):
        choose_monthly_tokens(store, ada, -1)
    number = begin_conversation(store, ada, "Mine?")
    keep_message(store, ada, number, said("Mine?"))
    delete_users(store, [ada])
    assert tokens_used(store, ada, march) == 0
    with pytest.raises(NotFoundError):
        open_conversation(store, ada, number)


def test_answers_that_end_at_once_are_all_counted(store: Store) -> None:
    ada, _ = people(store)
    day = date(2026, 3, 31)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: add_usage(store, ada, day, Usage(2, 1)), range(40)))
    assert tokens_used(store, ada, day) == 120


def test_thirty_questions_a_minute(store: Store) -> None:
    ada, bob = people(store)
    vault = Vault(Keys.made())
    for _ in range(30):
        count_question(store, vault, ada)
    with pytest.raises(TooManyAttemptsError):
        count_question(store, vault, ada)
    count_question(store, vault, bob)


@pytest.mark.parametrize("question", ["", "  \n", "\0", "\u200f\u200b", "x" * 2001])
def test_what_is_no_question_is_refused_in_words(store: Store, question: str) -> None:
    ada, _ = people(store)
    with pytest.raises(ValidationError, match="question"):
        begin_conversation(store, ada, question)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.tuples(*[st.text(max_size=60)] * 5), amount=st.decimals(-(10**9), 10**9, places=4))
def test_any_words_are_kept_as_they_were(texts: tuple[str, ...], amount: Decimal, store: Store) -> None:
    texts = tuple(text.replace("\0", " ").encode("utf-8", "ignore").decode() for text in texts)
    user = find_user(store, "ada@example.org") or people(store)[0]
    step = KeptStep(
        texts[0], texts[1], {texts[2]: [texts[3]]}, "", (texts[4],), ((texts[0],),),
        Curve(texts[1], "USD", ((date(2026, 1, 1), amount), (texts[2], amount), ("0", amount), ("2026-01-01", amount))),
    )  # fmt: skip
    number = begin_conversation(store, user, "q")
    message = said(
        f"q{texts[0]}".strip(), texts[1], steps=(step,), reading=texts[2], choices=texts, context={"a": texts[3]}
    )
    keep_message(store, user, number, message)
    (kept,) = open_conversation(store, user, number)
    assert (kept.question, kept.answer, kept.told) == (message.question, message.answer, message.told)


def test_every_suggestion_is_answered_without_a_model(scope: Scope) -> None:
    offered = suggestions(scope)
    assert len(offered) >= 4
    for question in offered:
        outcome = answer_of(scope, question)
        message = message_of(question, outcome, outcome.found, scope.formats)
        assert message.told.steps, question
        assert message.told.unmatched == 0, question
        assert any(letter.isdigit() for letter in message.answer), (question, message.answer)
