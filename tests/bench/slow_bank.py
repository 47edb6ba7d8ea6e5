"""Plaid's stand-in in a process of its own, each page a while away.

`python -m tests.bench.slow_bank ITEMS ROWS SECONDS` prints its address; the access tokens are "access-0" and so on.
All pages of their first history are made before: the banks must not wait for each other, as they do not at Plaid.
Ends with its standard input.
"""

import sys
import threading
from typing import Any

import orjson

from tests.standins.plaid import CLIENT_ID, SECRET, Fault, Item, PlaidStandIn, account, fill

SYNC = "/transactions/sync"
CALLS = 10_000
"""So many calls are slow: more than are made."""

Pages = dict[tuple[str, str], bytes]
"""What is answered, by access token and cursor."""


def main() -> None:
    """Serve until the standard input ends."""
    items, rows, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    with PlaidStandIn() as bank:
        pages: Pages = {}
        for number in range(items):
            held = [account("depository", "checking", current=1000.0, name=f"Account {one}") for one in range(3)]
            token = f"access-{number}"
            item = bank.items[token] = Item(f"item-{number}", "ins_1", held)
            fill(item, rows)
            pages |= history(bank, token)

        def answer(_bank: PlaidStandIn, asked: dict[str, Any]) -> bytes:
            return pages[asked["access_token"], asked.get("cursor", "")]

        bank.fail(SYNC, *[Fault(hang=seconds, status=200, body=answer)] * CALLS)
        print(bank.url, flush=True)
        ended = threading.Thread(target=sys.stdin.read)
        ended.start()
        ended.join()


def history(bank: PlaidStandIn, token: str) -> Pages:
    """Return every page of an item's history."""
    pages: Pages = {}
    cursor, more = "", True
    while more:
        asked = {
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "access_token": token,
            "cursor": cursor,
            "count": bank.page_limit,
        }
        _, _, pages[token, cursor] = bank.answer(SYNC, {}, asked)
        told = orjson.loads(pages[token, cursor])
        cursor, more = told["next_cursor"], told["has_more"]
    return pages


if __name__ == "__main__":
    main()
