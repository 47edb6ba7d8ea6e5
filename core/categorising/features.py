"""Texts as sparse rows of numbers: pieces of characters and words, hashed, weighed by how rare they are."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from core.categorising.movements import Floats, Ints

BUCKETS: Final = 1 << 20
"""Hashed pieces fall into so many columns: two of a person's pieces share one rarely enough."""

Sparse: TypeAlias = sparse.csr_matrix

_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
_SPACE: Final = 32


def character_pieces(texts: Sequence[str], shortest: int, longest: int) -> Sparse:
    """Count the pieces of `shortest` to `longest` characters of each text's words, their edges included.

    Returns a row for each text and `BUCKETS` columns.
    """
    padded = [f" {text} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    row_of = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    last = np.repeat(np.cumsum(lengths), lengths)
    spaces = np.concatenate(([0], np.cumsum(codes == _SPACE)))
    place = np.arange(len(codes), dtype=np.int64)
    rows, columns = [], []
    hashed = codes.copy()
    for size in range(2, longest + 1):
        hashed = hashed[:-1] * _MULTIPLIER + codes[size - 1 :]
        place = place[:-1]
        if size < shortest:
            continue
        inner = spaces[place + size - 1] - spaces[place + 1]
        whole = (place + size <= last[: len(place)]) & (inner == 0)
        mixed = (hashed[whole] ^ (hashed[whole] >> np.uint64(29))) * _MULTIPLIER
        rows.append(row_of[: len(place)][whole])
        columns.append((mixed >> np.uint64(44)).astype(np.int64))
    return _counted(rows, columns, len(texts))


def word_pieces(texts: Sequence[Sequence[str]]) -> Sparse:
    """Count the words, the pairs of neighbouring words, and the beginning of each list of words."""
    known: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, words in enumerate(texts):
        pieces = [*words, *(f"{one} {other}" for one, other in pairwise(words))]
        if words:
            pieces.append(f"^{words[0]}")
        for piece in pieces:
            if piece not in known:
                known[piece] = zlib.crc32(piece.encode("utf-8", "surrogatepass")) % BUCKETS
            rows.append(row)
            columns.append(known[piece])
    return _counted([np.array(rows, dtype=np.int64)], [np.array(columns, dtype=np.int64)], len(texts))


def _counted(rows: list[Ints], columns: list[Ints], size: int) -> Sparse:
    row, column = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(row), dtype=np.float64)
    matrix = sparse.csr_matrix((ones, (row, column)), shape=(size, BUCKETS))
    matrix.sum_duplicates()
    return matrix


@dataclass(frozen=True)
class Vocabulary:
    """The columns that were met while learning, in order, and how much each counts."""

    columns: Ints
    rarity: Floats

    @classmethod
    def learn(cls, counts: Sparse, rarest: int = 1) -> "Vocabulary":
        """Keep the columns that at least `rarest` rows of `counts` have."""
        met, frequency = np.unique(counts.indices, return_counts=True)
        kept = frequency >= rarest
        rarity = np.log((1 + counts.shape[0]) / (1 + frequency[kept])) + 1
        return cls(met[kept].astype(np.int64), rarity)

    def weigh(self, counts: Sparse) -> Sparse:
        """Return `counts` in these columns: logarithmic counts times rarity, each row of length one."""
        place = np.full(BUCKETS, -1, dtype=np.int64)
        place[self.columns] = np.arange(len(self.columns))
        column = place[counts.indices]
        known = column >= 0
        row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        values = (1 + np.log(counts.data[known])) * self.rarity[column[known]]
        length = np.sqrt(np.bincount(row, weights=values**2, minlength=counts.shape[0]))
        starts = np.append(0, np.cumsum(np.bincount(row, minlength=counts.shape[0])))
        shape = (counts.shape[0], len(self.columns))
        return sparse.csr_matrix((values / length[row], column[known], starts), shape=shape)


def distinct(values: Sequence[str]) -> tuple[list[str], Ints]:
    """Return the different values in their first order, and for each value its place among them."""
    place: dict[str, int] = {}
    inverse = np.array([place.setdefault(value, len(place)) for value in values], dtype=np.int64)
    return list(place), inverse


def stacked(blocks: Sequence[Sparse]) -> Sparse:
    """Return the blocks side by side."""
    return sparse.csr_matrix(sparse.hstack(blocks, format="csr"))


def onehot(columns: Sequence[Ints], weights: Sequence[npt.NDArray[np.float64]], width: int) -> Sparse:
    """Return rows with the given weights in the given columns."""
    size = len(columns[0])
    rows = np.tile(np.arange(size), len(columns))
    matrix = sparse.csr_matrix((np.concatenate(weights), (rows, np.concatenate(columns))), shape=(size, width))
    matrix.sum_duplicates()
    return matrix
