"""Links a bank at a Plaid stand-in, with its first whole sync, and prints JSON: seconds, rows, memory in MB.

Arguments: data folder, address of the stand-in, user id.
"""

import json
import os
import sys
import time
from pathlib import Path

from pydantic import SecretStr

from core.banking import link_sandbox
from core.config import Settings
from core.identity import Operator
from core.runtime import open_runtime
from core.store import UserId
from tests.bench.memory import largest
from tests.standins.plaid import CLIENT_ID, SECRET


def main() -> None:
    """Sync once, into store and cache."""
    folder, url, user = sys.argv[1:]
    settings = Settings(
        fintrack_data_dir=Path(folder), plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=url
    )
    house = open_runtime(settings)
    owner = UserId(int(user))
    house.providers  # noqa: B018 - the libraries are there before the clock starts
    start = time.perf_counter()
    result = link_sandbox(house.store, house.vault, settings, Operator(owner))
    kept = time.perf_counter()
    state = house.caches.of(owner).refresh()
    done = time.perf_counter()
    peak = largest(os.getpid())
    counts = {"rows": result.counts.added, "cached": state.rows}
    print(json.dumps({"store": kept - start, "cache": done - kept, "peak": peak} | counts))
    house.close()


if __name__ == "__main__":
    main()
