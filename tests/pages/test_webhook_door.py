"""The webhook's door, without a server: slow senders, crowds and failures get a number, and never a word."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import pytest

from core.banking import RefusedError, UndecidedError, WebhookDesk
from core.errors import StoreError
from pages.door import webhook
from pages.door.webhook import AT_ONCE, LARGEST, WebhookDoor

Receive = Callable[[], Awaitable[dict[str, Any]]]
T = TypeVar("T")


class Desk:
    """Stands for the desk behind the door: does what it is told, and keeps what was handed in."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.taken: list[tuple[str, bytes]] = []
        self.slowly = threading.Event()
        self.slowly.set()

    def take(self, token: str, body: bytes) -> None:
        self.slowly.wait(10)
        if self.failure:
            raise self.failure
        self.taken.append((token, body))

    def close(self) -> None:
        pass


def opened(desk: Desk) -> WebhookDoor:
    door = WebhookDoor()
    door._desk, door._threads = cast("WebhookDesk", desk), ThreadPoolExecutor(4)
    return door


def pieces(*bodies: bytes) -> Receive:
    left = [{"type": "http.request", "body": one, "more_body": True} for one in bodies]
    left[-1]["more_body"] = False

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


async def ask(
    door: WebhookDoor, receive: Receive, *headers: tuple[str, str], method: str = "POST"
) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    names = [(name.encode(), value.encode()) for name, value in headers or (("plaid-verification", "t"),)]
    scope = {"type": "http", "method": method, "path": "/plaid/webhook", "headers": names}
    await door(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]} if sent else {}
    return (sent[0]["status"], told, sent[1].get("body", b"")) if sent else (0, {}, b"")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns, from a thread of its own: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def status(door: WebhookDoor, receive: Receive, *headers: tuple[str, str], method: str = "POST") -> int:
    number, told, body = run(ask(door, receive, *headers, method=method))
    assert body == b""
    assert told["cache-control"] == "no-store"
    return number


def test_what_came_in_pieces_is_handed_in_whole() -> None:
    desk = Desk()
    assert status(opened(desk), pieces(b"ab", b"", b"c")) == 200
    assert desk.taken == [("t", b"abc")]


def test_a_shut_door_is_not_there() -> None:
    assert status(WebhookDoor(), pieces(b"")) == 404
    door = opened(Desk())
    door.close()
    assert status(door, pieces(b"")) == 404


@pytest.mark.parametrize(
    ("failure", "number"),
    [
        (RefusedError("why"), 401),
        (UndecidedError("why"), 503),
        (StoreError("The disk is full."), 503),
        (RuntimeError("nobody foresaw this"), 500),
    ],
)
def test_no_failure_says_why(failure: Exception, number: int) -> None:
    assert status(opened(Desk(failure)), pieces(b"{}")) == number


def test_no_proof_and_two_proofs_are_none() -> None:
    desk = Desk()
    assert status(opened(desk), pieces(b"{}"), ("x-other", "1")) == 401
    assert status(opened(desk), pieces(b"{}"), ("plaid-verification", "a"), ("plaid-verification", "b")) == 401
    assert desk.taken == []


def test_a_body_of_the_largest_size_passes_and_one_byte_more_does_not() -> None:
    desk = Desk()
    assert status(opened(desk), pieces(b"x" * (LARGEST - 1), b"x")) == 200
    assert status(opened(desk), pieces(b"x" * LARGEST, b"x", b"never read")) == 413
    assert len(desk.taken) == 1


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 5000])
def test_a_body_that_says_it_is_too_large_is_not_read(length: str) -> None:
    async def receive() -> dict[str, Any]:
        raise AssertionError("it was read")

    named = (("plaid-verification", "t"), ("content-length", length))
    assert status(opened(Desk()), receive, *named) == 413


def test_a_sender_who_dawdles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.05)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    assert status(opened(Desk()), receive) == 408


def test_a_sender_who_leaves_gets_no_answer() -> None:
    desk = Desk()

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    assert run(ask(opened(desk), receive)) == (0, {}, b"")
    assert desk.taken == []


def test_a_crowd_is_sent_away_and_those_inside_are_served() -> None:
    desk = Desk()
    door = opened(desk)
    desk.slowly.clear()

    async def crowd() -> list[int]:
        asked = [asyncio.create_task(ask(door, pieces(b"{}"))) for _ in range(AT_ONCE + 5)]
        await asyncio.sleep(0.2)
        desk.slowly.set()
        return [(await one)[0] for one in asked]

    assert run(crowd()) == [200] * AT_ONCE + [503] * 5
    assert status(door, pieces(b"{}")) == 200
