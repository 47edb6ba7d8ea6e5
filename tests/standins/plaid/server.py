"""Plaid on loopback: the routes that FinTrack uses, with a memory, and faults on demand."""

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.standins.plaid import wealth
from tests.standins.plaid.bank import Item, custom_item, default_item, new_id
from tests.standins.plaid.contract import Contract
from tests.standins.plaid.hosted import INSTITUTIONS, HostedLink
from tests.standins.plaid.webhooks import Webhooks
from tests.standins.served import Served

CLIENT_ID, SECRET = "stand-in-client", "stand-in-secret"
ERROR_TYPES = {
    "RATE_LIMIT_EXCEEDED": "RATE_LIMIT_EXCEEDED",
    "INVALID_API_KEYS": "INVALID_INPUT",
    "INVALID_ACCESS_TOKEN": "INVALID_INPUT",
    "INVALID_PUBLIC_TOKEN": "INVALID_INPUT",
    "INVALID_FIELD": "INVALID_REQUEST",
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": "TRANSACTIONS_ERROR",
    "INTERNAL_SERVER_ERROR": "API_ERROR",
    "PLANNED_MAINTENANCE": "API_ERROR",
    "INSTITUTION_DOWN": "INSTITUTION_ERROR",
    "INSTITUTION_NOT_RESPONDING": "INSTITUTION_ERROR",
}


WIRE = "Wire"
"""A header that never goes out: what happens on the way."""


class Refusal(Exception):  # noqa: N818 - an answer
    """An error that Plaid answers with."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        """Answer with `code`."""
        super().__init__(code)
        self.code, self.message, self.status = code, message or f"the error {code}", status


@dataclass
class Fault:
    """What happens to the next call of a route instead of its answer: a Plaid error, raw bytes, a hang.

    On the `wire`, the connection is "reset" before the call is looked at; or the call is answered, and its answer
    "lost" with the connection, or "cut" off half-way.
    """

    code: str = ""
    message: str = ""
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Callable[["PlaidStandIn", dict[str, Any]], bytes] | None = None
    hang: float = 0.0
    wire: str = ""
    before: Callable[[], None] | None = None
    """Done just before the call is answered as usual, when no other field is set: data that changes in between."""


class PlaidStandIn(Served):
    """The server. Use as a context manager; `url` is its address."""

    def __init__(self, contract: Contract | None = None, port: int = 0) -> None:
        """Listen on loopback; hold everything against `contract` where one is given."""
        self.contract = contract
        self.items: dict[str, Item] = {}
        self.waiting: dict[str, Item] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.violations: list[str] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.last: dict[str, bytes] = {}
        """What each route answered last, when it did."""
        self.serving_seconds = 0.0
        self.page_limit = 500
        self.next_item: Item | None = None
        self.hosted = HostedLink(self)
        self.webhooks = Webhooks(self)
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Return the address for PLAID_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings that lead a process here."""
        return {"PLAID_CLIENT_ID": CLIENT_ID, "PLAID_SECRET": SECRET, "PLAID_BASE_URL": self.url}

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    def fail(self, route: str, *faults: Fault) -> None:
        """Let the next calls of `route` go wrong, one fault after the other."""
        self.faults.setdefault(route, deque()).extend(faults)

    def item_of(self, access_token: str) -> Item:
        """Return the item behind an access token."""
        return self.items[access_token]

    def answer(self, route: str, headers: Any, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for one call."""
        start = time.perf_counter()
        with self._lock:
            self.calls.append((route, body))
            faults = self.faults.get(route)
            fault = faults.popleft() if faults else None
        if fault is not None and fault.hang:
            time.sleep(fault.hang)
        if fault is not None and fault.before:
            fault.before()
        if fault is not None and fault.wire == "reset":
            return 0, {WIRE: "reset"}, b""
        if fault is not None and fault.body is not None:
            raw = fault.body(self, body) if callable(fault.body) else fault.body
            return fault.status, {"Content-Type": "text/html", **fault.headers}, raw
        if fault is not None and fault.code:
            return fault.status, fault.headers, _error(Refusal(fault.code, fault.message, fault.status))
        with self._lock:
            try:
                if self.contract:
                    self.violations += self.contract.violations(route, "request", body)
                self._check_keys(headers, body)
                data = self._routes()[route](body) | {"request_id": new_id()[:15]}
            except KeyError:
                return 404, {}, _error(Refusal("NOT_FOUND", f"unknown route {route}", 404))
            except Refusal as refusal:
                return refusal.status, {}, _error(refusal)
            encoded = orjson.dumps(data)
            self.serving_seconds += time.perf_counter() - start
            if self.contract:
                self.violations += self.contract.violations(route, "response", json.loads(encoded))
            self.last[route] = encoded
            return 200, {WIRE: fault.wire} if fault and fault.wire else {}, encoded

    def _routes(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {
            "/sandbox/public_token/create": self._public_token,
            "/item/public_token/exchange": self._exchange,
            "/item/get": self._item_get,
            "/item/remove": self._item_remove,
            "/accounts/get": self._accounts,
            "/accounts/balance/get": self._accounts,
            "/transactions/sync": self._sync,
            "/institutions/get_by_id": self._institution,
            "/sandbox/item/reset_login": self._reset_login,
            **self.hosted.routes(),
            **self.webhooks.routes(),
            **wealth.routes(self),
        }

    def refusal(self, code: str, message: str = "") -> Refusal:
        """Return the error that a route of another module answers with."""
        return Refusal(code, message)

    def item_for_link(self, access_token: str) -> Item:
        """Return the item that an update of its link is for."""
        return self._item({"access_token": access_token}, working=False)

    def take_next_item(self) -> Item | None:
        """Return the item that a test wants to be linked next, once."""
        item, self.next_item = self.next_item, None
        return item

    def page(self, path: str, form: dict[str, list[str]] | None) -> tuple[int, bytes]:
        """Return status and body of a page that a person sees."""
        with self._lock:
            status, html = self.hosted.page(path, form)
        return status, html.encode()

    def _check_keys(self, headers: Any, body: dict[str, Any]) -> None:
        given = (
            body.get("client_id") or headers.get("PLAID-CLIENT-ID"),
            body.get("secret") or headers.get("PLAID-SECRET"),
        )
        if given != (CLIENT_ID, SECRET):
            raise Refusal("INVALID_API_KEYS", "invalid client_id or secret provided")

    def _item(self, body: dict[str, Any], *, working: bool = True) -> Item:
        item = self.items.get(body.get("access_token", ""))
        if item is None:
            raise Refusal("INVALID_ACCESS_TOKEN", "could not find matching access token")
        if item.removed:
            raise Refusal("ITEM_NOT_FOUND", "the Item you requested cannot be found")
        if item.error and working:
            raise Refusal(item.error)
        return item

    def _public_token(self, body: dict[str, Any]) -> dict[str, Any]:
        options = body.get("options") or {}
        institution = body["institution_id"]
        if (next_item := self.take_next_item()) is not None:
            item = next_item
        elif options.get("override_username") == "user_custom":
            try:
                item = custom_item(institution, options.get("override_password") or "")
            except ValueError as wrong:
                raise Refusal("INVALID_CREDENTIALS", "the custom user is not valid JSON") from wrong
        else:
            item = default_item(institution)
        item.webhook = options.get("webhook")
        token = f"public-sandbox-{new_id()}"
        self.waiting[token] = item
        return {"public_token": token}

    def _exchange(self, body: dict[str, Any]) -> dict[str, Any]:
        item = self.waiting.pop(body["public_token"], None)
        if item is None:
            raise Refusal("INVALID_PUBLIC_TOKEN", "could not find matching public token")
        token = f"access-sandbox-{new_id()}"
        self.items[token] = item
        return {"access_token": token, "item_id": item.item_id}

    def facts(self, item: Item) -> dict[str, Any]:
        """Return what an item tells of itself."""
        return {
            "item_id": item.item_id,
            "institution_id": item.institution_id,
            "institution_name": _name(item.institution_id),
            "webhook": item.webhook,
            "error": None if item.error is None else json.loads(_error(Refusal(item.error))),
            "available_products": ["balance"],
            "billed_products": ["transactions"],
            "products": ["transactions"],
            "consent_expiration_time": None,
            "update_type": "background",
        }

    def _item_get(self, body: dict[str, Any]) -> dict[str, Any]:
        item = self._item(body, working=False)
        return {"item": self.facts(item) | {"created_at": "2026-01-01T00:00:00Z"}, "status": None}

    def _item_remove(self, body: dict[str, Any]) -> dict[str, Any]:
        self._item(body, working=False).removed = True
        return {}

    def _accounts(self, body: dict[str, Any]) -> dict[str, Any]:
        item = self._item(body)
        return {"accounts": item.accounts, "item": self.facts(item)}

    def _institution(self, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "institution": {
                "institution_id": body["institution_id"],
                "name": _name(body["institution_id"]),
                "products": ["transactions"],
                "country_codes": ["US"],
                "url": "https://platypus.example",
                "primary_color": INSTITUTIONS.get(body["institution_id"], ("", "#1f1f1f"))[1],
                "logo": None,
                "routing_numbers": [],
                "oauth": False,
                "connection_availability": "SUPPORTED",
            }
        }

    def _reset_login(self, body: dict[str, Any]) -> dict[str, Any]:
        self._item(body).error = "ITEM_LOGIN_REQUIRED"
        return {"reset_login": True}

    def _sync(self, body: dict[str, Any]) -> dict[str, Any]:
        item = self._item(body)
        if item.not_ready > 0:
            item.not_ready -= 1
            return _page(item, [], "", "NOT_READY", has_more=False)
        if item.early > 0 and not body.get("cursor"):
            item.early -= 1
            lines = [("added", key) for key in item.recent()]
            return _page(item, lines, "done-0", "INITIAL_UPDATE_COMPLETE", has_more=False)
        start, offset, end = _place(body.get("cursor", ""), len(item.log))
        if offset and end != len(item.log):
            raise Refusal("TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION", "the data changed: restart the pagination")
        news = item.news(start, end)
        size = min(body.get("count", 100), self.page_limit)
        shown, rest = news[offset : offset + size], news[offset + size :]
        cursor = f"more-{start}-{offset + size}-{end}" if rest else f"done-{end}"
        return _page(item, shown, cursor, "HISTORICAL_UPDATE_COMPLETE", has_more=bool(rest))


def _name(institution_id: str) -> str:
    return INSTITUTIONS.get(institution_id, ("First Platypus Bank", ""))[0]


def _place(cursor: str, length: int) -> tuple[int, int, int]:
    """Return from which event a reader starts, how many lines it has seen, and the end that it pages to."""
    try:
        if not cursor:
            return 0, 0, length
        kind, *numbers = cursor.split("-")
        if kind == "done":
            (start,) = map(int, numbers)
            return start, 0, length
        if kind == "more":
            start, offset, end = map(int, numbers)
            return start, offset, end
    except ValueError:
        pass
    raise Refusal("INVALID_FIELD", "cursor not associated with access_token")


def _page(item: Item, lines: list[tuple[str, str]], cursor: str, status: str, *, has_more: bool) -> dict[str, Any]:
    holders = {row["account_id"]: row["account_id"] for row in item.rows.values()}
    fallback = item.accounts[0]["account_id"] if item.accounts else ""
    return {
        "accounts": item.accounts,
        "added": [item.rows[key] for what, key in lines if what == "added"],
        "modified": [item.rows[key] for what, key in lines if what == "modified"],
        "removed": [
            {"transaction_id": key, "account_id": holders.get(key, fallback)}
            for what, key in lines
            if what == "removed"
        ],
        "next_cursor": cursor,
        "has_more": has_more,
        "transactions_update_status": status,
    }


def _error(refusal: Refusal) -> bytes:
    return orjson.dumps(
        {
            "error_type": ERROR_TYPES.get(refusal.code, "ITEM_ERROR"),
            "error_code": refusal.code,
            "error_message": refusal.message,
            "display_message": None,
            "request_id": new_id()[:15],
            "documentation_url": "",
            "suggested_action": None,
        }
    )


def _handler(bank: PlaidStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # an answer goes out in two parts

        def do_GET(self) -> None:
            status, html = bank.page(self.path, None)
            self._say(status, {"Content-Type": "text/html; charset=utf-8"}, html)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            data = self.rfile.read(length)
            if self.path.startswith("/hosted/"):
                status, html = bank.page(self.path, parse_qs(data.decode()))
                self._say(status, {"Content-Type": "text/html; charset=utf-8"}, html)
                return
            self._say(*bank.answer(self.path, self.headers, json.loads(data or b"{}")))

        def _say(self, status: int, headers: dict[str, str], data: bytes) -> None:
            wire = headers.pop(WIRE, "")
            if wire in {"reset", "lost"}:
                self._reset()
                return
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2] if wire == "cut" else data)
                self.close_connection = self.close_connection or wire == "cut"
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _reset(self) -> None:
            """Close the connection so that the other side is told of a reset, not of an end."""
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
