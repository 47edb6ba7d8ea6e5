"""Takes in a bank's first whole history from a Plaid stand-in, and prints JSON: seconds, rows, memory in MB.

Arguments: data folder, address of the stand-in, user id, access token. `inserting` are the seconds that plain SQLite
takes for the same rows, `parsing` those of orjson for the same pages, `reading` those to read the pages and no more.
"""

import json
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import orjson
from pydantic import SecretStr

from core.banking import Institution, LinkedItem, keep_item, sync_item
from core.config import Settings
from core.runtime import open_runtime
from core.store import UserId
from tests.bench.floors import inserting, parsing
from tests.bench.memory import largest
from tests.standins.plaid import CLIENT_ID, SECRET


def main() -> None:
    """Sync once, into store and cache; then do the least that it can cost."""
    folder, url, user, token = sys.argv[1:]
    settings = Settings(
        fintrack_data_dir=Path(folder), plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=url
    )
    house = open_runtime(settings)
    owner = UserId(int(user))
    house.providers  # noqa: B018 - the libraries are there before the clock starts
    linked = LinkedItem(token.replace("access", "item"), token, Institution("ins_1", "Bank"))
    item = keep_item(house.store, house.vault, owner, "plaid", linked)
    begun = time.perf_counter()
    result = sync_item(house.store, house.vault, house.providers, owner, item)
    kept = time.perf_counter()
    state = house.caches.of(owner).refresh()
    done = time.perf_counter()
    peak = largest(os.getpid())
    counts = {"rows": result.counts.added, "cached": state.rows}
    start = time.perf_counter()
    pages = list(read_bare(url, token))
    reading = time.perf_counter() - start
    floors = {
        "reading": reading,
        "parsing": parsing(pages),
        "inserting": inserting(house.store, Path(folder) / "beside.db"),
    }
    print(json.dumps({"store": kept - begun, "cache": done - kept, "peak": peak} | counts | floors))
    house.close()


def read_bare(url: str, access_token: str) -> Iterator[bytes]:
    """Read all pages of a history with nothing but HTTP."""
    cursor, more = "", True
    while more:
        body = {
            "client_id": CLIENT_ID, "secret": SECRET, "access_token": access_token, "cursor": cursor, "count": 500,
            "options": {"include_original_description": True},
        }  # fmt: skip
        request = urllib.request.Request(
            f"{url}/transactions/sync", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = answer.read()
        yield page
        told = orjson.loads(page)
        cursor, more = told["next_cursor"], told["has_more"]


if __name__ == "__main__":
    main()
