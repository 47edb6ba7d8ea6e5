"""The fields of a filter of transactions, wherever one is drawn, and a filter in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import streamlit as st

from core.analytics import TransactionFilter, known_tags
from core.clock import EARLIEST, LATEST
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor

CHOICES: Final = {
    "pending": ("State", {True: "Pending", False: "Posted"}),
    "split": ("Split", {True: "Parts of split ones", False: "Whole ones"}),
    "hidden": ("Budgets", {True: "Left out", False: "Counted"}),
    "tagged": ("Tags at all", {True: "With a tag", False: "Without tags"}),
}
"""What is one or the other: its label, and what the two are called."""
KIND_NAMES: Final = {"income": "Income", "spending": "Spending", "transfer": "Transfers", "flow": "No transfers"}
WEEKDAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class FilterFields:
    """What there is to choose from, by id or name, and whose fields they are.

    A field that is not drawn for a while, for its box is closed, keeps what it holds: for the session, for what is kept
    for the page alone is dropped in the first run that draws it after the page was left, whatever the address asks for.
    """

    key: Callable[[str], str]
    """The session key of a field."""
    changed: Callable[[], None]
    """What a change of a field calls."""
    accounts: Mapping[int, str]
    categories: Mapping[int, str]
    tags: Sequence[str]
    labels: Literal["visible", "collapsed"] = "visible"

    def search(self) -> None:
        """Draw the field for a text."""
        st.text_input(
            "Search",
            key=self.key("text"),
            placeholder="Search names, notes, bank texts",
            icon=":material/search:",
            type="search",
            on_change=self.changed,
            label_visibility=self.labels,
            persist_state="session",
        )

    def account(self) -> None:
        """Draw the choice of accounts."""
        self._several("Accounts", self.accounts)

    def category(self) -> None:
        """Draw the choice of categories."""
        self._several("Categories", self.categories)

    def day(self, label: str, name: str, formats: Formats, width: int | Literal["stretch"] = "stretch") -> None:
        """Draw the field for the first day, `since`, or the last, `until`."""
        st.date_input(
            label,
            key=self.key(name),
            value=None,
            min_value=EARLIEST,
            max_value=LATEST,
            format=formats.date_order,
            on_change=self.changed,
            width=width,
            persist_state="session",
        )

    def finer(self, *either: str) -> None:
        """Draw the fields for amounts, kind and tags, and those of `CHOICES` that are named."""
        least, most = st.columns(2, wrap=False)
        for column, label, name in ((least, "At least", "least"), (most, "At most", "most")):
            column.number_input(
                label, min_value=0.0, value=None, key=self.key(name), on_change=self.changed, persist_state="session"
            )
        st.caption("Amounts are meant without their sign.")
        self._one("Kind", "kind", KIND_NAMES)
        if self.tags:
            st.multiselect(
                "Tags",
                self.tags,
                key=self.key("tags"),
                format_func=clean,
                placeholder="Any",
                on_change=self.changed,
                persist_state="session",
            )
        for name in either:
            self._one(CHOICES[name][0], name, CHOICES[name][1])

    def _several(self, label: str, names: Mapping[int, str]) -> None:
        st.multiselect(
            label,
            list(names),
            key=self.key(label.lower()),
            format_func=names.__getitem__,
            placeholder=f"All {label.lower()}",
            on_change=self.changed,
            label_visibility=self.labels,
            persist_state="session",
        )

    def _one(self, label: str, name: str, words: Mapping[Any, str]) -> None:
        st.segmented_control(
            label,
            list(words),
            format_func=words.__getitem__,
            key=self.key(name),
            on_change=self.changed,
            persist_state="session",
        )


def fields_of(
    guest: Visitor,
    wanted: TransactionFilter,
    key: Callable[[str], str],
    changed: Callable[[], None],
    accounts: Mapping[int, str],
    categories: Mapping[int, str],
    labels: Literal["visible", "collapsed"] = "visible",
) -> FilterFields:
    """Return the fields of a filter as it is; what is chosen in them and not there any more is dropped."""
    tags = list(dict.fromkeys((*known_tags(guest.cache), *wanted.tags)))
    for name, known in (("accounts", accounts), ("categories", categories), ("tags", tags)):
        st.session_state[key(name)] = [one for one in st.session_state[key(name)] if one in known]
    return FilterFields(key, changed, accounts, categories, tags, labels)


def told(
    wanted: TransactionFilter, accounts: Mapping[int, str], categories: Mapping[int, str], formats: Formats
) -> str:
    """Return a filter in words, as Markdown."""
    parts = []
    if wanted.kind:
        parts.append(KIND_NAMES[wanted.kind].lower())
    for name, (_, words) in CHOICES.items():
        if (held := getattr(wanted, name)) is not None:
            parts.append(f"budgets: {words[held].lower()}" if name == "hidden" else words[held].lower())
    if wanted.tags:
        parts.append("tagged " + " or ".join(wanted.tags))
    if wanted.account_ids:
        parts.append(" or ".join(accounts.get(one, "an account that is not there") for one in wanted.account_ids))
    if wanted.category_ids:
        named = " or ".join(categories.get(one, "a category that is not there") for one in wanted.category_ids)
        parts.append(f"{named} and nothing finer" if wanted.alone else named)
    if wanted.since or wanted.until:
        since = f"from {formats.day(wanted.since)} " if wanted.since else ""
        parts.append(f"{since}to {formats.day(wanted.until)}" if wanted.until else since.strip())
    if wanted.least is not None:
        parts.append(f"at least {formats.quantity(wanted.least)}")
    if wanted.most is not None:
        parts.append(f"at most {formats.quantity(wanted.most)}")
    parts += _narrower(wanted)
    if wanted.text:
        parts.append(f"with “{wanted.text}”")
    return plain_text("Only " + ", ".join(parts))


def _narrower(wanted: TransactionFilter) -> list[str]:
    """Return what other screens ask the list for, and no widget of it."""
    parts = []
    if wanted.currency:
        parts.append(f"in {wanted.currency}")
    if wanted.weekday:
        parts.append(f"on {WEEKDAYS[wanted.weekday - 1]}")
    if wanted.merchant:
        parts.append(f"by the name of “{wanted.merchant}”")
    return parts
