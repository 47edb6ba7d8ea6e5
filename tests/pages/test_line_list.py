"""Lists that we draw ourselves: each line leads where it says, and no name from elsewhere becomes more than words."""

from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.banks.connections import mark_of
from pages.shared.formats import BREAK, NONE, Formats
from pages.shared.line_list import Line, lines_html, money_line
from pages.shared.links import TRANSACTIONS, Link

ANYTHING = st.text() | st.lists(st.sampled_from(["<b>", "</a>", '"', "'", ">", "&amp;", "x", " onload=x "])).map(
    "".join
)
"""Text from elsewhere, and such as would be markup."""

IMAGE = {"src", "alt", "width", "height", "style"}


class Drawn(HTMLParser):
    """The links of a list, its words, and every tag that there is, with the names of its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.marks: list[tuple[str, set[str]]] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.marks.append((tag, {name for name, _ in attrs}))
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_line_leads_to_its_rows() -> None:
    link = Link("Food", TRANSACTIONS, {"category": "7", "kind": "spending"})
    seen = Drawn(lines_html([Line(link, "3 of 9", "$5.00", "restaurant")]))
    assert seen.links == ["/transactions?category=7&kind=spending"]
    assert seen.words == "restaurantFood3 of 9$5.00"


@pytest.mark.parametrize(
    ("amount", "tone", "words"), [("5", "gain", "+$5.00"), ("-5", "", "−$5.00"), ("0", "", "$0.00"), (None, "", NONE)]
)
def test_money_that_comes_in_stands_out_and_has_its_plus(amount: str | None, tone: str, words: str) -> None:
    exact = None if amount is None else Decimal(amount)
    line = money_line(Link("Pay", TRANSACTIONS), "", exact, "USD", Formats("en_US"), icon="label")
    assert (line.tone, line.amount.replace(BREAK, "")) == (tone, words)
    assert f'class="amount {tone}"' in lines_html([line])


def test_several_lines_are_a_list_and_one_is_none() -> None:
    line = Line(Link("Food", TRANSACTIONS), "", "")
    assert Drawn(lines_html([line, line])).tags >= {"ul", "li"}
    assert Drawn(lines_html([line])).tags.isdisjoint({"ul", "li"})


def test_an_icon_that_is_unknown_is_a_plain_label() -> None:
    assert Drawn(lines_html([Line(Link("Food", TRANSACTIONS), "", "", "<script>")])).words == "labelFood"


def test_who_has_no_name_is_said_to_have_none() -> None:
    assert "No name" in lines_html([Line(Link("", TRANSACTIONS), "", "", "label")])


def test_nothing_is_drawn_of_nothing() -> None:
    assert lines_html([]) == ""


@given(name=ANYTHING, below=ANYTHING, amount=ANYTHING, text=ANYTHING)
def test_no_name_becomes_more_than_words(name: str, below: str, amount: str, text: str) -> None:
    seen = Drawn(lines_html([Line(Link(name, TRANSACTIONS, {"text": text}), below, amount, "label")]))
    assert seen.tags <= {"div", "ul", "li", "a", "span"}
    (address,) = seen.links
    assert parse_qs(urlsplit(address).query, keep_blank_values=True) == {"text": [text]}


@given(colour=ANYTHING, logo=ANYTHING)
def test_a_mark_is_a_picture_or_a_disc_whatever_a_bank_sends(colour: str, logo: str) -> None:
    assert Drawn(mark_of(colour, logo)).marks in ([("span", {"style", "aria-hidden"})], [("img", IMAGE)])
