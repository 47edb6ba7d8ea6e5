"""From which month on a series tells something: an account opened, or a hobby taken up, was nothing before that.

Medians of a year, and how well each method did in it, would hold on to that nothing for half a year. A series is taken
up where months that were next to nothing are followed by at least two in a row that were something: what was before is
left out, as after a break (Pesaran and Timmermann 2007), and the series is forecast like any other so short. Little is
not nothing, though: the more months had a little, the longer it has to go on, or two large bills would be a beginning.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.forecasting.experts import Floats

NOTHING: Final = 0.1
"""An amount is next to nothing by the side of a typical one from this share of it down."""
IN_USE: Final = 2
"""So many months in a row that were something tell that it goes on: a payment of every few months is no beginning."""
LITTLE: Final = 0.001
"""From this share of a typical later amount on, a month before had a little."""
LONGER: Final = 6
"""For so many months before that had a little, one month more has to be in use."""


def beginnings(amounts: Floats) -> NDArray[np.int64]:
    """Return by how many months are known with which of them the series begins, counted from 0: [known]."""
    sizes = np.abs(amounts)
    found = np.zeros(len(sizes) + 1, np.int64)
    most = np.maximum.accumulate(sizes)
    for start in range(1, len(sizes) - IN_USE + 1):
        had_little = sizes[:start] > LITTLE * sizes[start : start + IN_USE].min()
        in_use = IN_USE + np.count_nonzero(had_little) // LONGER
        if start + in_use > len(sizes):
            continue
        least = sizes[start : start + in_use].min()
        if most[start - 1] > NOTHING * most[-1] or most[start - 1] >= least:
            continue
        for known in range(start + in_use, len(sizes) + 1):
            line = NOTHING * float(np.median(sizes[start:known]))
            if most[start - 1] <= line < least:
                found[known] = start
    return found
