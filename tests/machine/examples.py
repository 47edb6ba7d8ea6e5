"""How many examples the test of a rule takes: some in every run, as many times more as `EXAMPLES` says."""

import os
from typing import Final

TIMES: Final = int(os.environ.get("EXAMPLES") or 1)


def examples(count: int) -> int:
    """Return for `settings(max_examples=...)` how many there are where one run usually takes `count`."""
    return count * TIMES
