"""Make the shipped rates of exchange from the ECB's history: `python -m scripts.ship_rates eurofxref-hist.zip`."""

import sys
from pathlib import Path

from core.rates import read_rates
from core.rates.shipped import SHIPPED, packed

if __name__ == "__main__":
    rates = read_rates(Path(sys.argv[1]).read_bytes())
    SHIPPED.write_bytes(packed(rates))
    print(f"{len(rates)} currencies up to {max(max(series) for series in rates.values())} in {SHIPPED}")
