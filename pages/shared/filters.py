"""The filter of the list of transactions, as the address carries it: ids and plain values, never names.

The address is what counts. When it changes from outside (a link, the back button), the widgets
take its values; when a person moves a widget, the address takes the widget's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from core.analytics import TransactionFilter
from core.clock import EARLIEST, LATEST
from core.errors import AmountError
from core.ledger import LONGEST_TAG
from core.money import exact, from_units, is_currency_code, plain, to_units

KINDS: Final[dict[str, Literal["income", "spending", "transfer", "flow"]]] = {
    "income": "income",
    "spending": "spending",
    "transfer": "transfer",
    "flow": "flow",
}
YES_NO: Final = {"yes": True, "no": False}
SIZES: Final = (25, 50, 100)
LATEST_PAGE: Final = 1_000_000
LONGEST_MERCHANT: Final = 500
LONGEST_NUMBER: Final = 9
"""Digits of an id in an address: more would not fit the cache's integers."""
_SEEN: Final = "transactions_seen"
"""The query that the widgets stand for, as it was when they last agreed with the address."""
PREFIX: Final = "filter_"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which transactions, which page of them, how many on a page, and the one that is open."""

    wanted: TransactionFilter = TransactionFilter()  # noqa: RUF009 - frozen
    page: int = 1
    size: int = SIZES[0]
    tx: int | None = None


def asked(query: Mapping[str, str]) -> Asked:
    """Read an address; what makes no sense in it is left out."""
    size = number_in(query.get("size"))
    return Asked(
        TransactionFilter(
            text=query.get("text", "")[:200],
            account_ids=_numbers(query.get("account", "")),
            category_ids=_numbers(query.get("category", "")),
            since=_day(query.get("from")),
            until=_day(query.get("to")),
            least=_amount(query.get("least")),
            most=_amount(query.get("most")),
            pending=YES_NO.get(query.get("pending", "")),
            kind=KINDS.get(query.get("kind", "")),
            tags=_tags(query.get("tag", "")),
            hidden=YES_NO.get(query.get("hidden", "")),
            split=YES_NO.get(query.get("split", "")),
            merchant=query.get("merchant", "")[:LONGEST_MERCHANT],
            alone=query.get("alone") == "yes",
            currency=_currency(query.get("currency", "")),
            weekday=_weekday(query.get("weekday")),
            tagged=YES_NO.get(query.get("tagged", "")),
        ),
        page=min(max(number_in(query.get("page")) or 1, 1), LATEST_PAGE),
        size=size if size in SIZES else SIZES[0],
        tx=number_in(query.get("tx")),
    )


def query_of(asked: Asked) -> dict[str, str]:
    """Write an address; what stands at its default is left out. The inverse of `asked`."""
    wanted = asked.wanted
    whole = {
        "text": wanted.text,
        "account": ",".join(map(str, wanted.account_ids)),
        "category": ",".join(map(str, wanted.category_ids)),
        "from": wanted.since.isoformat() if wanted.since else "",
        "to": wanted.until.isoformat() if wanted.until else "",
        "least": plain(wanted.least) if wanted.least is not None else "",
        "most": plain(wanted.most) if wanted.most is not None else "",
        "pending": _yes_no(wanted.pending),
        "kind": wanted.kind or "",
        "tag": ",".join(wanted.tags),
        "hidden": _yes_no(wanted.hidden),
        "split": _yes_no(wanted.split),
        "merchant": wanted.merchant,
        "alone": "yes" if wanted.alone else "",
        "currency": wanted.currency,
        "weekday": str(wanted.weekday or ""),
        "tagged": _yes_no(wanted.tagged),
        "page": str(asked.page) if asked.page > 1 else "",
        "size": str(asked.size) if asked.size != SIZES[0] else "",
        "tx": str(asked.tx) if asked.tx else "",
    }
    return {name: value for name, value in whole.items() if value}


def key(name: str) -> str:
    """Return the session key of a widget of the filter."""
    return f"{PREFIX}{name}"


def widgets_follow_address() -> Asked:
    """Return what the address asks for, and set the widgets to it when it changed from outside.

    Call it before the widgets are drawn.
    """
    query = st.query_params.to_dict()
    wanted = asked(query)
    if st.session_state.get(_SEEN) != query or key("text") not in st.session_state:
        st.session_state[_SEEN] = query
        for name, value in (filter_values(wanted.wanted) | {"size": wanted.size}).items():
            st.session_state[key(name)] = value
    return wanted


def address_follows_widgets() -> None:
    """Write what the widgets stand for into the address, back on page 1. For `on_change`."""
    _write(Asked(filter_of(key), 1, st.session_state[key("size")]))


def turn_page(pager: str) -> None:
    """Write the page that was chosen with the pager of that key into the address. For its `on_change`."""
    _write(Asked(filter_of(key), st.session_state[pager], st.session_state[key("size")]))


def clear() -> None:
    """Filter nothing any more."""
    _write(Asked(size=st.session_state.get(key("size"), SIZES[0])))
    st.session_state.pop(_SEEN, None)


def apply(query: str) -> None:
    """Filter by a query as it stood in an address; what makes no sense in it is left out."""
    wanted = asked(dict(parse_qsl(query)))
    _write(Asked(wanted.wanted, 1, st.session_state.get(key("size"), SIZES[0])))
    st.session_state.pop(_SEEN, None)


def kept_query(wanted: TransactionFilter) -> str:
    """Return a filter as it is kept under a name: the query of its first page; the inverse of `apply`."""
    return urlencode(query_of(Asked(wanted)))


def _write(wanted: Asked) -> None:
    query = query_of(wanted)
    st.query_params.from_dict(query)
    st.session_state[_SEEN] = query


def filter_values(wanted: TransactionFilter) -> dict[str, Any]:
    """Return what the fields of a filter hold, by their names."""
    return {
        "text": wanted.text,
        "accounts": list(wanted.account_ids),
        "categories": list(wanted.category_ids),
        "since": wanted.since,
        "until": wanted.until,
        "least": None if wanted.least is None else float(wanted.least),
        "most": None if wanted.most is None else float(wanted.most),
        "pending": wanted.pending,
        "kind": wanted.kind,
        "tags": list(wanted.tags),
        "hidden": wanted.hidden,
        "split": wanted.split,
        "merchant": wanted.merchant,
        "alone": wanted.alone,
        "currency": wanted.currency,
        "weekday": wanted.weekday,
        "tagged": wanted.tagged,
    }


def filter_of(key: Callable[[str], str]) -> TransactionFilter:
    """Return the filter that fields with such session keys stand for; the inverse of `filter_values`.

    What has no field on a screen stays in the session as it was put there.
    """
    state = st.session_state
    return TransactionFilter(
        text=(state.get(key("text")) or "").strip(),
        account_ids=tuple(state.get(key("accounts")) or ()),
        category_ids=tuple(state.get(key("categories")) or ()),
        since=state.get(key("since")),
        until=state.get(key("until")),
        least=_amount(state.get(key("least"))),
        most=_amount(state.get(key("most"))),
        pending=state.get(key("pending")),
        kind=state.get(key("kind")),
        tags=tuple(state.get(key("tags")) or ()),
        hidden=state.get(key("hidden")),
        split=state.get(key("split")),
        merchant=state.get(key("merchant")) or "",
        alone=bool(state.get(key("alone"))),
        currency=state.get(key("currency")) or "",
        weekday=state.get(key("weekday")),
        tagged=state.get(key("tagged")),
    )


def number_in(text: str | None) -> int | None:
    """Return the id or count that a part of an address is, None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _numbers(text: str) -> tuple[int, ...]:
    found = (number_in(part) for part in text.split(","))
    return tuple(dict.fromkeys(number for number in found if number is not None))[:200]


def _tags(text: str) -> tuple[str, ...]:
    found = (part for part in text.split(",") if part.strip() == part and 0 < len(part) <= LONGEST_TAG)
    return tuple(dict.fromkeys(found))[:20]


def _currency(text: str) -> str:
    return text if is_currency_code(text) else ""


def _weekday(text: str | None) -> int | None:
    day = number_in(text)
    return day if day in range(1, 8) else None


def _yes_no(wanted: bool | None) -> str:  # noqa: FBT001 - a value, not a choice
    return "" if wanted is None else "yes" if wanted else "no"


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    # The field could not show another.
    return day if day is not None and EARLIEST <= day <= LATEST else None


def _amount(value: str | float | None) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        # A round trip by whole units: what is no amount of money can't be asked for either.
        return from_units(to_units(abs(exact(value))))
    except AmountError:
        return None
