"""Plaid's stand-in in a process of its own, each page a while away.

`python -m tests.bench.slow_bank ITEMS ROWS SECONDS` prints its address; the access tokens are "access-0" and so on.
Ends with its standard input.
"""

import sys
import threading

from tests.standins.plaid import Fault, Item, PlaidStandIn, account, fill

SYNC = "/transactions/sync"
CALLS = 10_000
"""So many calls are slow: more than are made."""


def main() -> None:
    """Serve until the standard input ends."""
    items, rows, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    with PlaidStandIn() as bank:
        for number in range(items):
            held = [account("depository", "checking", current=1000.0, name=f"Account {one}") for one in range(3)]
            item = bank.items[f"access-{number}"] = Item(f"item-{number}", "ins_1", held)
            fill(item, rows)
        bank.fail(SYNC, *[Fault(hang=seconds)] * CALLS)
        print(bank.url, flush=True)
        ended = threading.Thread(target=sys.stdin.read)
        ended.start()
        ended.join()


if __name__ == "__main__":
    main()
