"""The categoriser: learns from labelled movements, and proposes a category for any other, with how sure it is.

It is not kept on disk but learned anew at every start: a file beside an encrypted store would tell in plain what the
person buys, and a pickle would run whatever somebody wrote into it.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, Literal, TypeVar

import numpy as np

from core.categorising.deciding import Decision
from core.categorising.experts import Experts
from core.categorising.movements import Columns, Ints, Movement
from core.categorising.pooling import Pool
from core.categorising.reference import TRUST

Label = TypeVar("Label", bound=Hashable)
Source = Literal["learned", "bank", "merchant", "word"]

KEPT_BACK: Final = 6000
"""From at most so many movements it is measured how far to believe whom; all are learned from."""

AT_ONCE: Final = 2048
"""Movements that are judged in one go: it bounds the memory."""

ONLY_ONE: Final = 0.5
"""Confidence in the only category there is, for a payee never met: nothing tells against it, or for it."""

FEWEST: Final = 30
"""With fewer examples nothing is set, only proposed: too little was kept back to know how far to believe anything."""

FEWEST_OF_ONE: Final = 5
"""A category with fewer examples is only proposed: of those, every third or fourth was wrong in trials."""

FEWEST_CATEGORIES: Final = 10
"""Before so many have their examples, what is of a payee never met is only proposed: what is kept back knows nothing
of the categories that nobody taught yet, and most of what is new is of those."""

FEW: Final = 2000
MANY: Final = 3000
"""Up to few movements, belief is measured on all of them in turn, in fine parts; above many, on one part of them."""

SEED: Final = 20


@dataclass(frozen=True)
class Proposal(Generic[Label]):
    """A category for a movement. `sure` tells whether it may be set; otherwise it is only proposed."""

    label: Label
    confidence: float
    sure: bool
    source: Source


class Categoriser(Generic[Label]):
    """What was learned from a person's movements. The same examples make the same categoriser."""

    def __init__(
        self,
        examples: Sequence[tuple[Movement, Label]],
        *,
        titles: Callable[[Label], str] = str,
        of_code: Callable[[str], Label | None] = lambda _: None,
    ) -> None:
        """Learn from `examples`, in any number from none.

        `titles` names a category, by its code in the reference where it has one: names alike help while examples are
        few. `of_code` gives the category of a reference code, for what nobody has taught yet.
        """
        self._of_code = of_code
        self.labels: list[Label] = list(dict.fromkeys(label for _, label in examples))
        self._experts: Experts | None = None
        if not examples:
            return
        place = {label: number for number, label in enumerate(self.labels)}
        labels = np.array([place[label] for _, label in examples], dtype=np.int64)
        settled = np.bincount(labels) >= FEWEST_OF_ONE
        self._may_set = settled & (len(examples) >= FEWEST)
        self._sets_new = int(settled.sum()) >= FEWEST_CATEGORIES
        columns = Columns([movement for movement, _ in examples])
        names = [titles(label) for label in self.labels]
        kept_back = [
            (experts.opinions(columns.only(asked)), labels[asked])
            for learned, asked in _parts(columns)
            for experts in (Experts(columns.only(learned), labels[learned], names),)
        ]
        self._experts = Experts(columns, labels, names)
        self._pool = Pool.learn(kept_back)
        self._decision = Decision.learn(
            [(opinions, self._pool.chances(opinions), truth) for opinions, truth in kept_back], self._experts.share
        )

    def propose(self, movements: Sequence[Movement]) -> list[Proposal[Label] | None]:
        """Return a proposal for each movement, None where nothing at all speaks for any category."""
        found: list[Proposal[Label] | None] = []
        for start in range(0, len(movements), AT_ONCE):
            found.extend(self._judged(Columns(movements[start : start + AT_ONCE])))
        return found

    def _judged(self, columns: Columns) -> list[Proposal[Label] | None]:
        hints = [self._hinted(columns, row) for row in range(columns.size)]
        if self._experts is None:
            return list(hints)
        opinions = self._experts.opinions(columns)
        judged = self._decision.judge(opinions, self._pool.chances(opinions))
        met = opinions.payee_met >= 0
        sure = judged.enough & self._may_set[judged.chosen] & (met | self._sets_new)
        rows = zip(judged.chosen.tolist(), judged.confidence.tolist(), sure.tolist(), strict=True)
        learned = [Proposal(self.labels[label], confidence, enough, "learned") for label, confidence, enough in rows]
        return [
            own if seen else self._of_new_payee(own, hint)
            for own, hint, seen in zip(learned, hints, met.tolist(), strict=True)
        ]

    def _of_new_payee(self, own: Proposal[Label], hint: Proposal[Label] | None) -> Proposal[Label]:
        """Return the better of two proposals for a payee never met: a category nobody used yet can't be learned."""
        if len(self.labels) == 1:
            own = replace(own, confidence=ONLY_ONE, sure=False)
        if hint is None or hint.label in self.labels:
            return own
        return hint if hint.source != "word" or hint.confidence > own.confidence else own

    def _hinted(self, columns: Columns, row: int) -> Proposal[Label] | None:
        hint = columns.hints[row]
        label = self._of_code(hint.code) if hint else None
        if hint is None or label is None:
            return None
        return Proposal(label, TRUST[hint.source], sure=False, source=hint.source)


def _parts(columns: Columns) -> list[tuple[Ints, Ints]]:
    """Return which movements to learn from and which to ask about, several times over.

    Once by movement, as the next ones of the same payees come; once by payee, as new ones come.
    """
    chance = np.random.default_rng(SEED)
    drawn = np.sort(chance.permutation(columns.size)[:KEPT_BACK])
    by_movement, by_payee = (5, 4) if len(drawn) <= FEW else (3, 3)
    place: dict[str, int] = {}
    payee = np.array([place.setdefault(columns.keys[row], len(place)) for row in drawn], dtype=np.int64)
    fold = chance.permutation(len(drawn)) % by_movement
    payee_fold = (chance.permutation(len(place)) % by_payee)[payee]
    parts = []
    for folds, number in ((fold, by_movement), (payee_fold, by_payee)):
        for one in range(number if len(drawn) <= MANY else 1):
            asked = folds == one
            if asked.any() and not asked.all():
                parts.append((drawn[~asked], drawn[asked]))
    return parts
