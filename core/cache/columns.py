"""An answer by column, for what looks at all rows of a person: without a step in Python for each of them."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
"""Half as long: for what there is of each line."""
Codes = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]
Units = npt.NDArray[np.int64] | npt.NDArray[np.object_]
"""Amounts as whole numbers of 1/10000 unit: of 64 bits where no sum of them needs more, else Python's own."""
Value = TypeVar("Value", bound=Hashable)

FEW: Final = 8
"""To compare all rows with so many values is quicker than to look each row up."""
SHORT_BITS: Final = 16
SHORT: Final = (1 << SHORT_BITS) - 1
ROOM: Final = float(2**61)
"""Below this is what all amounts of a column come to, signs aside: then their sums, and sums of those, fit 64 bits."""


def in_groups(groups: Codes) -> Ints:
    """Return the rows by group, those of a group in the order in which they are; groups are numbers from -1 on."""
    groups = groups.astype(np.int64, copy=False)
    # Numbers of 16 bits are sorted without comparing them, in a tenth of the time.
    most = int(groups.max(initial=-1))
    if most < SHORT:
        return np.argsort((groups + 1).astype(np.uint16), kind="stable")
    if most >= SHORT * SHORT:
        return np.argsort(groups, kind="stable")
    order = np.argsort(((groups + 1) & SHORT).astype(np.uint16), kind="stable")
    return order[np.argsort(((groups[order] + 1) >> SHORT_BITS).astype(np.uint16), kind="stable")]


def joint(first: Codes, second: Codes) -> Ints:
    """Return a number, from 0, for each pair of numbers that occurs; both are from -1 on."""
    order = in_groups(second)
    order = order[in_groups(first[order])]
    fresh = np.zeros(len(order), dtype=np.int64)
    fresh[1:] = (np.diff(first[order]) != 0) | (np.diff(second[order]) != 0)
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.cumsum(fresh)
    return found


def packed(codes: Codes, most: int) -> Codes:
    """Return codes from 0 to `most` as short as they can be: less to go through where all rows are looked at."""
    return codes.astype(np.min_scalar_type(most))


def flagged(codes: Codes, flags: Flags) -> Flags:
    """Tell for each code whether it is one of those that have a flag."""
    there = np.flatnonzero(flags).tolist()
    if len(there) > FEW:
        return np.take(flags, codes)
    found: Flags = np.zeros(len(codes), dtype=bool)
    for code in there:
        found |= codes == code
    return found


@dataclass(frozen=True, slots=True)
class Coded(Generic[Value]):
    """A column of values, each different one once: `codes` tells for each row which of `values` it has."""

    values: Sequence[Value]
    codes: Codes

    @classmethod
    def of(cls, given: Iterable[Value]) -> "Coded[Value]":
        """Return the column of values as they are given."""
        rows = list(given)
        values = list(dict.fromkeys(rows))
        numbers = {value: number for number, value in enumerate(values)}
        return cls(values, np.fromiter(map(numbers.__getitem__, rows), dtype=np.int64, count=len(rows)))

    def __getitem__(self, row: int) -> Value:
        """Return the value of a row."""
        return self.values[int(self.codes[row])]

    def at(self, rows: Ints | Flags | slice) -> "Coded[Value]":
        """Return the column of some of the rows, in their order."""
        return Coded(self.values, self.codes[rows])

    def packed(self) -> "Coded[Value]":
        """Return the same with codes as short as they can be."""
        return Coded(self.values, packed(self.codes, max(len(self.values) - 1, 0)))

    def among(self, wanted: Collection[Value]) -> Flags:
        """Tell for each row whether its value is one of some."""
        return flagged(self.codes, np.fromiter((one in wanted for one in self.values), dtype=bool))

    def narrowed(self, rows: Flags) -> "Coded[Value]":
        """Return the column of some of the rows, and no values but theirs."""
        codes = self.codes[rows]
        used = np.zeros(len(self.values), dtype=bool)
        used[codes] = True
        if used.all():
            return Coded(self.values, codes)
        return Coded([self.values[one] for one in np.flatnonzero(used).tolist()], (np.cumsum(used) - 1)[codes])

    def ranks(self) -> Ints:
        """Return for each row the place of its value among `values`, in their order as texts."""
        places = np.empty(len(self.values), dtype=np.int64)
        places[sorted(range(len(self.values)), key=lambda one: str(self.values[one]))] = np.arange(len(self.values))
        return places[self.codes]


class Columns:
    """An answer with its columns by name; none of them has a NULL."""

    def __init__(self, table: pa.Table) -> None:
        """Take over what the database gave."""
        self._table = table

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._table.num_rows)

    def ints(self, name: str) -> Ints:
        """Return whole numbers."""
        return _numbers(self._array(name))

    def coded(self, name: str) -> Coded[int]:
        """Return whole numbers of which few are different, these in order."""
        values, codes = np.unique(self.ints(name), return_inverse=True)
        return Coded(values.tolist(), codes).packed()

    def flags(self, name: str) -> Flags:
        """Return what is true or false."""
        return _numbers(self._array(name).cast(pa.uint8())).astype(bool)

    def units(self, name: str) -> Units:
        """Return amounts with four decimals."""
        array = self._array(name)
        if not len(array):
            return np.zeros(0, dtype=np.int64)
        # Arrow keeps each as 128 bits, the lower half first.
        low: Ints
        high: Ints
        low, high = np.frombuffer(array.buffers()[1], "<i8").reshape(-1, 2)[array.offset :][: len(array)].T
        if (high == low >> 63).all() and np.abs(low.astype(float)).sum() < ROOM:
            return low.copy()
        whole: Units = high.astype(object) * 2**64 + low.astype(np.uint64).astype(object)
        return whole

    def texts(self, name: str) -> Coded[str]:
        """Return texts."""
        coded = self._array(name).dictionary_encode()
        return Coded(coded.dictionary.to_pylist(), _numbers(coded.indices))

    def _array(self, name: str) -> Any:  # noqa: ANN401 - an array of whatever kind the column is
        return self._table.column(name).combine_chunks()


def _numbers(array: Any) -> Ints:  # noqa: ANN401 - as above
    # Arrow's own way to numpy loads pandas, which takes longer than many a search.
    return np.from_dlpack(array).astype(np.int64) if len(array) else np.zeros(0, dtype=np.int64)
