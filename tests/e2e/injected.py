"""A conversation in which each place for words holds those that try to command, and a look at what they lead to."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Locator, Page
from sqlalchemy import select, update

from core.analytics import TransactionFilter
from core.coach import (
    Answered,
    Call,
    Curve,
    Found,
    Lead,
    Message,
    Table,
    ToolResult,
    begin_conversation,
    ground,
    keep_message,
    message_of,
)
from core.coach.values import Amount, Text
from core.formats import PlainFormats
from core.runtime import Runtime
from core.store import Transaction, UserId
from tests.core.coach.injected import INJECTIONS
from tests.e2e.steps import TRIES

TEXTS: Final = tuple(one.text for one in INJECTIONS)
MESSAGES: Final = 6
"""So many that each has fewer texts than a chart has bars."""
LISTED: Final = [one.text for one in reversed(INJECTIONS) if one.goal in {"carry data out", "steer the page"}][:11]
"""Those that name conversations, beside the one that is open: no more are listed at once."""
REACHING: Final = """
() => {
  const names = "href xlink:href src srcset action formaction data ping poster background".split(" ");
  const any = [...names.map((name) => `[${CSS.escape(name)}]`), "[style*=url]"].join(",");
  const note = (node) => {
    for (const one of [node, ...node.querySelectorAll(any)]) {
      for (const name of names) {
        if (one.hasAttribute?.(name)) window.reached.add(JSON.stringify([one.localName, one.getAttribute(name)]));
      }
      const drawn = one.style?.cssText.match(/url\\(["']?([^"')]*)/);
      if (drawn) window.reached.add(JSON.stringify([one.localName, drawn[1]]));
    }
  };
  window.reached = new Set();
  note(document.documentElement);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") note(change.target);
      change.addedNodes.forEach((node) => node.nodeType === Node.ELEMENT_NODE && note(node));
    }
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: [...names, "style"] });
}
"""
"""Notes each address that stands anywhere in the page now or later, if only for a moment."""


def call_everything_so(house: Runtime, user: UserId) -> None:
    """Give a household's transactions the texts as names of shops and as memos, before anybody looked at them."""
    with house.store.write() as session:
        numbers = session.scalars(select(Transaction.id).where(Transaction.user_id == user)).all()
        named = [(number, TEXTS[at % len(TEXTS)], TEXTS[(at + 7) % len(TEXTS)]) for at, number in enumerate(numbers)]
        session.execute(
            update(Transaction),
            [
                {"id": number, "own_name": shop, "merchant_name": shop, "original_text": memo, "note": memo}
                for number, shop, memo in named
            ],
        )


def tell_everything_so(house: Runtime, user: UserId) -> int:
    """Keep a conversation in which a model obeyed every text, and others that are called so; returns its id."""
    for text in LISTED:
        begin_conversation(house.store, user, text)
    number = begin_conversation(house.store, user, TEXTS[0])
    for at in range(MESSAGES):
        keep_message(house.store, user, number, _message(TEXTS[at::MESSAGES], last=at == MESSAGES - 1))
    return number


def _message(texts: tuple[str, ...], *, last: bool) -> Message:
    """Return what a person keeps of an answer that holds the texts wherever a model, a tool or a shop has words."""
    question, found = "\n".join(texts), tuple(_found(texts))
    formats = PlainFormats("en_US")
    grounded = ground(repeated(texts), question, found, formats)
    answered = Answered(
        grounded.text, found, texts[0], texts[1], choices=TEXTS if last else (), reading=" · ".join(texts),
        grounded=grounded,
    )  # fmt: skip
    return message_of(question, answered, found, formats)


def _found(texts: tuple[str, ...]) -> Iterator[Found]:
    names = tuple(map(Text, texts))
    points = tuple((text, Decimal(at)) for at, text in enumerate(texts, start=1))
    leads = (
        Lead(" ".join(texts[0::4]), "transactions", TransactionFilter(text=texts[0], merchant=texts[1])),
        Lead(" ".join(texts[1::4]), "query", query={"sql": texts[2]}),
        Lead(" ".join(texts[2::4]), "insights", query={texts[3]: texts[4]}),
        Lead(" ".join(texts[3::4]), "overview"),
    )
    told = {"spent": Amount(Decimal(7), "USD"), "shops": names}
    table = Table((texts[0], texts[1]), tuple((name, name.text) for name in names))
    yield Found(
        Call("c1", texts[0], {texts[1]: texts}), ToolResult("", told, table, Curve(texts[2], "USD", points), leads)
    )
    for at, text in enumerate(texts):
        yield Found(Call(f"t{at}", "calculate", {"refs": [text]}), ToolResult(text, {}))
    yield Found(Call("f1", texts[3], {}), None, " ".join(texts))


def repeated(texts: tuple[str, ...] = TEXTS) -> str:
    """Return an answer that says every text word for word, in each form that an answer has."""
    parts = [f"{text}\n- {text}\n\n**{text}**\n\n| {text} |\n|---|\n| {text} |\n" for text in texts]
    return "\n\n".join([*parts, " ".join(f"[[c1:shops.{at}]]" for at in range(len(texts))), "You spent [[c1:spent]]."])


def sweep(page: Page, chart: Locator) -> None:
    """Let the pointer pass over all bars of a chart; once more where the page moved meanwhile."""
    for _ in range(TRIES):
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box is not None
        height = box["y"] + box["height"] * 0.78
        page.mouse.move(box["x"], height)
        page.mouse.move(box["x"] + box["width"] * 0.95, height, steps=24)
        page.wait_for_timeout(200)
        if chart.locator(".hoverlayer .hovertext").first.is_visible():
            return
    raise AssertionError("no bar of the chart tells its name")


def bare(text: str) -> str:
    """Return a text without blanks and all that is not seen, which the page may leave out or add."""
    return "".join(letter for letter in text if letter.isprintable() and letter != " ")


def said(page: Page) -> str:
    """Return all words of the page, bare."""
    return bare(page.get_by_test_id("stApp").inner_text())


def foreign_addresses(page: Page) -> list[list[str]]:
    """Return the addresses that the page held since `REACHING`, but for the app's own: each with its tag."""
    noted = [json.loads(one) for one in page.evaluate("[...window.reached]")]
    own = urlsplit(page.url)
    assert ["a", "/transactions"] in [[tag, urlsplit(address).path] for tag, address in noted]
    return [
        [tag, address]
        for tag, address in noted
        if (there := urlsplit(urljoin(page.url, address))).scheme != "data"
        and (there.scheme, there.netloc) != (own.scheme, own.netloc)
    ]
