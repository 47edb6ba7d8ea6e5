"""What the last search for pairs went by, so that the next one is made only when it could find anything else."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from core.ledger.searching import AT_ONCE, Rows, mark_of, question_of
from core.store import Transaction, UserId

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to where the rows of a person are known, and what a search goes by besides them."""

    change: int
    generation: int
    besides: int


@dataclass(frozen=True, slots=True)
class _Searched:
    standing: Standing
    ids: "NDArray[np.int64]"
    marks: "NDArray[np.int64]"
    """By row, in the order of `ids`: what tells whether it is still the same to a search."""

    def mark(self, number: int) -> int | None:
        place = int(self.ids.searchsorted(number))
        return int(self.marks[place]) if place < len(self.ids) and self.ids[place] == number else None


class Searches:
    """The last search among the rows of one person, kept while the app is up: sixteen bytes a row."""

    def __init__(self) -> None:
        """Begin with none."""
        self._last: _Searched | None = None

    def would_repeat(self, session: Session, user: UserId, now: Standing) -> bool:
        """Tell whether a search would go by the very same as the last one; only rows that changed are looked at."""
        last = self._last
        if last is None or (last.standing.generation, last.standing.besides) != (now.generation, now.besides):
            return False
        question = (
            question_of(user)
            .add_columns(Transaction.removed_at)
            .where(Transaction.change > last.standing.change)
            .execution_options(yield_per=AT_ONCE)
        )
        with session.execute(question) as changed:
            if any((None if row.removed_at else mark_of(row)) != last.mark(row.id) for row in changed):
                return False
        self._last = _Searched(now, last.ids, last.marks)
        return True

    def remember(self, now: Standing, rows: Rows) -> None:
        """Keep what a search went by whose pairs are in the store."""
        import numpy as np

        ids, marks = np.array(rows.ids, np.int64), np.array(rows.marks, np.int64)
        order = np.argsort(ids)
        self._last = _Searched(now, ids[order], marks[order])
