"""What goes wrong between here and Plaid, made at random: each kind with how it is known to happen."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.standins.plaid.server import Fault, PlaidStandIn

HANG: Final = 0.4
"""Seconds: longer than the tests' client waits for an answer."""

HTML: Final = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad gateway</h1></body></html>"
MUTATION: Final = "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"

Maker = Callable[[Random], Fault]


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode()


def _cut(_bank: PlaidStandIn, _body: dict[str, Any]) -> bytes:
    return b'{"added": [{"transaction_id": "x", "amou'


def _empty_page(_bank: PlaidStandIn, body: dict[str, Any]) -> bytes:
    """Return a page that brings nothing and leads nowhere: the reader is where it was, and there is more."""
    return _page(body.get("cursor", ""), "HISTORICAL_UPDATE_COMPLETE", has_more=True)


def _not_ready(_bank: PlaidStandIn, _body: dict[str, Any]) -> bytes:
    return _page("", "NOT_READY", has_more=False)


def _repeated_page(bank: PlaidStandIn, body: dict[str, Any]) -> bytes:
    """Return the last page once more, in a pagination that goes on or was begun again."""
    last = bank.last.get("/transactions/sync") if body.get("cursor") else None
    return last or _empty_page(bank, body)


def _page(cursor: str, status: str, *, has_more: bool) -> bytes:
    nothing: dict[str, Any] = {"accounts": [], "added": [], "modified": [], "removed": []}
    told = {"next_cursor": cursor, "has_more": has_more, "transactions_update_status": status, "request_id": "r"}
    return _json(nothing | told)


def _limit(dice: Random) -> Fault:
    return Fault(
        code=dice.choice(["RATE_LIMIT_EXCEEDED", "TRANSACTIONS_SYNC_LIMIT", "TRANSACTIONS_LIMIT"]),
        status=429,
        headers=dice.choice([{}, {"Retry-After": "0.02"}, {"Retry-After": "0"}, {"Retry-After": "3600"}]),
    )


EVERYWHERE: Final[dict[str, Maker]] = {
    "timeout": lambda _: Fault(hang=HANG),
    "reset": lambda _: Fault(wire="reset"),
    "cut off": lambda _: Fault(wire="cut"),
    "rate limit": _limit,
    "429 without a word": lambda _: Fault(status=429, body=b""),
    "429 with an empty object": lambda _: Fault(status=429, body=b"{}"),
    "500": lambda _: Fault(code="INTERNAL_SERVER_ERROR", status=500),
    "500 of no known kind": lambda _: Fault(code="SOMETHING_NEW", status=500),
    "502 HTML": lambda _: Fault(status=502, body=HTML),
    "200 HTML": lambda _: Fault(status=200, body=HTML),
    "truncated JSON": lambda _: Fault(status=200, body=_cut),
    "maintenance": lambda dice: Fault(
        code=dice.choice(["PLANNED_MAINTENANCE", "INSTITUTION_DOWN", "INSTITUTION_NOT_RESPONDING", "PRODUCT_NOT_READY"])
    ),
}
"""What can happen to any call, and passes."""

LOST: Final[dict[str, Maker]] = {"lost": lambda _: Fault(wire="lost")}
"""The call was done and nobody heard of it."""

SYNCING: Final[dict[str, Maker]] = {
    "empty page": lambda _: Fault(status=200, body=_empty_page),
    "repeated page": lambda _: Fault(status=200, body=_repeated_page),
    "not ready": lambda _: Fault(status=200, body=_not_ready),
    "mutation told": lambda _: Fault(code=MUTATION),
    "cursor rejected": lambda _: Fault(code="INVALID_FIELD", message="cursor not associated with access_token"),
}
"""What can happen to a sync besides."""
