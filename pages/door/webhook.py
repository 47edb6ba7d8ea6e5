"""The webhook's door: POST /plaid/webhook, for those who let Plaid reach their machine; 404 for all others.

It stands open to the world, so it says nothing: an empty answer, whatever was sent. What is sent is
small, comes quickly and bears Plaid's signature, or it changes nothing.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from core.banking import RefusedError, UndecidedError, WebhookDesk, open_desk
from core.errors import FinTrackError
from core.runtime import Runtime

log = logging.getLogger(__name__)

PATH: Final = "/plaid/webhook"
PROOF: Final = "plaid-verification"
LARGEST: Final = 64 * 1024
"""Bytes of a webhook at the most; Plaid's have a few hundred."""
SECONDS: Final = 10.0
"""How long a body may take to come."""
AT_ONCE: Final = 16
"""So many are read or judged at the same time; more are sent away. The judging has threads of its own."""


class WebhookDoor:
    """The route, an ASGI app; shut until `open` gives it a desk."""

    def __init__(self) -> None:
        self._desk: WebhookDesk | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._inside = 0

    def open(self, house: Runtime) -> None:
        """Open the door where the settings ask for webhooks."""
        self._desk = open_desk(house.settings, house.store, house.vault, lambda: house.providers)
        if self._desk is not None:
            self._threads = ThreadPoolExecutor(4, thread_name_prefix="webhook")

    def close(self) -> None:
        """Shut the door and end what is done behind it."""
        desk, threads, self._desk, self._threads = self._desk, self._threads, None, None
        if threads is not None:
            threads.shutdown(wait=True, cancel_futures=True)
        if desk is not None:
            desk.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: 200 when it was taken, else why not as a number alone."""
        try:
            status = await self._answer(scope, receive)
        except ClientDisconnect:
            return
        headers = {"cache-control": "no-store"}
        if status == 405:
            headers["allow"] = "POST"
        if status in {408, 413, 503}:
            # What is still to come of the body is not read.
            headers["connection"] = "close"
        await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> int:
        desk, threads = self._desk, self._threads
        if desk is None or threads is None:
            return 404
        if scope["method"] != "POST":
            return 405
        if self._inside >= AT_ONCE:
            return 503
        self._inside += 1
        try:
            return await self._judged(desk, threads, Headers(scope=scope), receive)
        finally:
            self._inside -= 1

    async def _judged(self, desk: WebhookDesk, threads: ThreadPoolExecutor, headers: Headers, receive: Receive) -> int:
        proofs = headers.getlist(PROOF)
        if len(proofs) != 1:
            return 401
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:12]) > LARGEST:
            return 413
        try:
            async with asyncio.timeout(SECONDS):
                body = await _read(receive)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        try:
            await asyncio.get_running_loop().run_in_executor(threads, desk.take, proofs[0], body)
        except RefusedError as reason:
            log.info("a webhook was refused: %s", reason)
            return 401
        except (UndecidedError, FinTrackError) as reason:
            log.warning("a webhook could not be taken: %s", reason)
            return 503
        except Exception:
            log.exception("a webhook could not be taken")
            return 500
        return 200


async def _read(receive: Receive) -> bytes | None:
    """Return the body, None when it is too large; no more than `LARGEST` and one piece is ever held."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        more = message.get("more_body", False)
    return bytes(body)


door: Final = WebhookDoor()


def webhook_route() -> Route:
    """Return the route of this process's door, for every method: what is refused is refused here."""
    return Route(PATH, door)
