"""What the list is filtered by: the widgets, and the filter in words."""

from collections.abc import Sequence

import streamlit as st

from core.analytics import TransactionFilter, known_tags
from core.clock import EARLIEST, LATEST
from core.ledger import CategoryEntry
from pages.listing.saved import saved_filters
from pages.shared import filters
from pages.shared.categories import choices
from pages.shared.filters import key
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor

NO_CATEGORY = 0
CHOICES = {
    "pending": ("State", {True: "Pending", False: "Posted"}),
    "split": ("Split", {True: "Parts of split ones", False: "Whole ones"}),
    "hidden": ("Budgets", {True: "Left out", False: "Counted"}),
    "tagged": ("Tags at all", {True: "With a tag", False: "Without tags"}),
}
"""What is one or the other: its label, and what the two are called."""
KINDS = {"income": "Income", "spending": "Spending", "transfer": "Transfers", "flow": "No transfers"}
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def category_names(categories: Sequence[CategoryEntry]) -> dict[int, str]:
    """Return what each category is called in the filter, and 0 for none."""
    return {NO_CATEGORY: "No category"} | choices(categories, every=True)


def filter_bar(
    guest: Visitor,
    wanted: TransactionFilter,
    accounts: dict[int, str],
    categories: dict[int, str],
    formats: Formats,
) -> None:
    """Draw what can be filtered; each widget writes the address."""
    tags = list(dict.fromkeys((*known_tags(guest.cache), *wanted.tags)))
    for name, known in (("accounts", accounts), ("categories", categories), ("tags", tags)):
        st.session_state[key(name)] = [one for one in st.session_state[key(name)] if one in known]
    changed = filters.address_follows_widgets
    text, account, category, more, saved = st.columns([4, 3, 3, 2, 2], vertical_alignment="bottom", gap="small")
    text.text_input(
        "Search",
        key=key("text"),
        placeholder="Search names, notes, bank texts",
        icon=":material/search:",
        type="search",
        on_change=changed,
        label_visibility="collapsed",
    )
    account.multiselect(
        "Accounts",
        list(accounts),
        key=key("accounts"),
        format_func=accounts.__getitem__,
        placeholder="All accounts",
        on_change=changed,
        label_visibility="collapsed",
    )
    category.multiselect(
        "Categories",
        list(categories),
        key=key("categories"),
        format_func=categories.__getitem__,
        placeholder="All categories",
        on_change=changed,
        label_visibility="collapsed",
    )
    with more.popover("More", icon=":material/tune:", width="stretch"):
        since, until = st.columns(2, wrap=False)
        for column, label, name in ((since, "From", "since"), (until, "To", "until")):
            column.date_input(
                label,
                key=key(name),
                value=None,
                min_value=EARLIEST,
                max_value=LATEST,
                format=formats.date_order,
                on_change=changed,
            )
        least, most = st.columns(2, wrap=False)
        least.number_input("At least", min_value=0.0, value=None, key=key("least"), on_change=changed)
        most.number_input("At most", min_value=0.0, value=None, key=key("most"), on_change=changed)
        st.caption("Amounts are meant without their sign.")
        st.segmented_control(
            "Kind",
            list(filters.KINDS),
            format_func=KINDS.__getitem__,
            key=key("kind"),
            on_change=changed,
        )
        if tags:
            st.multiselect("Tags", tags, key=key("tags"), format_func=clean, placeholder="Any", on_change=changed)
        for name, (label, words) in CHOICES.items():
            st.segmented_control(label, list(words), format_func=words.__getitem__, key=key(name), on_change=changed)
    saved_filters(guest, wanted, saved)
    if not wanted.is_open:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(told(wanted, accounts, categories, formats))
            st.button("Clear filters", icon=":material/filter_alt_off:", type="tertiary", on_click=filters.clear)


def told(wanted: TransactionFilter, accounts: dict[int, str], categories: dict[int, str], formats: Formats) -> str:
    """Return a filter in words, as Markdown."""
    parts = []
    if wanted.kind:
        parts.append(KINDS[wanted.kind].lower())
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
        parts.append(f"at least {wanted.least:f}")
    if wanted.most is not None:
        parts.append(f"at most {wanted.most:f}")
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
