"""What the reference's categories mean in a person's own: learned by counting, begun from the names of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.categorising.features import Sparse, onehot
from core.categorising.movements import Columns, Floats, Ints
from core.categorising.reference import code_of_title, group_of

NAMED_ALIKE: Final = 3.0
GROUPED_ALIKE: Final = 0.7
"""How many movements the likeness of names is worth: of a category's, of its group's."""

DOUBT: Final = 1.5
WEIGHT: Final = 1.0


@dataclass(frozen=True)
class Hints:
    """For each code, and for each group of codes, how much it speaks for each category."""

    places: dict[str, int]
    tables: tuple[Floats, Floats]

    @classmethod
    def learn(cls, columns: Columns, labels: Ints, titles: Sequence[str]) -> "Hints":
        """Count what `columns`, with the categories `labels`, say of each code; `titles` are the categories' names.

        A title may be a code of the reference, or a name that people give.
        """
        size = len(titles)
        codes, groups = _names(columns)
        own = [code_of_title(title) for title in titles]
        known = dict.fromkeys([*codes, *groups, *own, *map(group_of, own)])
        places = {name: number for number, name in enumerate([""] + [name for name in known if name])}
        overall = np.bincount(labels, minlength=size) + 0.5
        overall = overall / overall.sum()
        tables = []
        for names, of_title, worth in (
            (codes, own, NAMED_ALIKE),
            (groups, [group_of(code) for code in own], GROUPED_ALIKE),
        ):
            place = np.array([places[name] for name in names], dtype=np.int64)
            counts = np.bincount(place * size + labels, minlength=len(places) * size).reshape(len(places), size)
            counts = counts.astype(np.float64)
            for label, name in enumerate(of_title):
                counts[places[name], label] += worth
            total = counts.sum(axis=1, keepdims=True)
            table = np.log((counts / overall + DOUBT) / (total + DOUBT))
            table[0] = 0.0
            tables.append(table)
        return cls(places, (tables[0], tables[1]))

    def evidence(self, columns: Columns) -> tuple[Floats, Floats]:
        """Return how much the code, and its group, of each movement speak for each category."""
        code, group = (self._places(names) for names in _names(columns))
        return self.tables[0][code], self.tables[1][group]

    def rows(self, columns: Columns) -> Sparse:
        """Return the codes and groups as sparse rows, for the lines to learn from."""
        places = [self._places(names) for names in _names(columns)]
        return onehot(places, [np.where(place > 0, WEIGHT, 0.0) for place in places], len(self.places))

    def _places(self, names: list[str]) -> Ints:
        return np.array([self.places.get(name, 0) for name in names], dtype=np.int64)


def _names(columns: Columns) -> tuple[list[str], list[str]]:
    codes = [hint.code if hint else "" for hint in columns.hints]
    groups = {code: group_of(code) for code in dict.fromkeys(codes)}
    return codes, [groups[code] for code in codes]
