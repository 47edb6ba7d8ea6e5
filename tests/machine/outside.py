"""Coroutines for tests that are none."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Told = TypeVar("Told")


def outside(coroutine: Coroutine[Any, Any, Told]) -> Told:
    """Run it in a thread of its own: Playwright's own loop stays in that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
