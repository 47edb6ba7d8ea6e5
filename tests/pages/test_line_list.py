"""Lists that we draw ourselves: each line leads where it says, and no name from elsewhere becomes more than words."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from pages.shared.line_list import Line, lines_html
from pages.shared.links import TRANSACTIONS, Link


class Drawn(HTMLParser):
    """The links of a list, its words, and every tag that there is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_line_leads_to_its_rows() -> None:
    link = Link("Food", TRANSACTIONS, {"category": "7", "kind": "spending"})
    html = lines_html([Line(link, "3 of 9", "$5.00", "restaurant")])
    seen = Drawn(html)
    assert seen.links == ["/transactions?category=7&kind=spending"]
    assert seen.words == "restaurantFood3 of 9$5.00"
    assert 'class="amount"' in html


def test_money_that_comes_in_stands_out() -> None:
    assert 'class="amount gain"' in lines_html([Line(Link("Pay", TRANSACTIONS), "", "+$5.00", "label", gain=True)])


def test_an_icon_that_is_unknown_is_a_plain_label() -> None:
    assert Drawn(lines_html([Line(Link("Food", TRANSACTIONS), "", "", "<script>")])).words == "labelFood"


def test_who_has_no_name_is_said_to_have_none() -> None:
    assert "No name" in lines_html([Line(Link("", TRANSACTIONS), "", "", "label")])


def test_nothing_is_drawn_of_nothing() -> None:
    assert lines_html([]) == ""


@given(name=st.text(), below=st.text(), amount=st.text(), text=st.text(max_size=20))
def test_no_name_becomes_more_than_words(name: str, below: str, amount: str, text: str) -> None:
    seen = Drawn(lines_html([Line(Link(name, TRANSACTIONS, {"text": text}), below, amount, "label")]))
    assert seen.tags <= {"div", "ul", "li", "a", "span"}
    (address,) = seen.links
    assert parse_qs(urlsplit(address).query, keep_blank_values=True) == {"text": [text]}
