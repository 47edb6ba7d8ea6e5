"""The experts that are asked about each movement, each with an opinion of every category.

None is right for every person's texts: how far each is believed is learned in `pooling`. Among them are the plain lines
over pieces of the text as it stands, so that the whole can always fall back on those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from core.categorising.features import (
    Sparse,
    Vocabulary,
    character_pieces,
    distinct,
    onehot,
    stacked,
    word_pieces,
)
from core.categorising.habits import FAMILIES, Habits, traits
from core.categorising.hints import Hints
from core.categorising.linear import Lines
from core.categorising.memory import VIEWS, Memory
from core.categorising.movements import Columns, Floats, Ints
from core.categorising.similar import Payees, smoothed

LINES: Final = ("text", "payee")
HABITS: Final = ("amount", "ending", "day", "weekday")
OPINIONS: Final = (
    *LINES,
    "words",
    "similar",
    "hint",
    "group",
    "share",
    "spread",
    *HABITS,
    *(f"payee {view}" for view in VIEWS),
    *(f"text {view}" for view in VIEWS),
)
"""The experts: lines over the text and over the payee with amount, day and hint; counts of words; the most similar
payees; the hint and its group; how frequent a category is, and over how many payees it is spread; habits; the memory of
the payee and of the very text."""

PIECES: Final = (2, 5)
NUMBER_WEIGHT: Final = 0.4
STRENGTH: Final = {"text": 1.0, "payee": 0.7}

DOUBT: Final = 0.3
"""Votes that a memory adds for what it has not seen."""

MANY: Final = 3000
"""With more movements than this, pieces met only once are left out."""

ROWS_FOR_ONE: Final = 16
"""Of one payee and category the latest so many movements are learned from; they stand for the others too."""


@dataclass(frozen=True)
class Opinions:
    """What the experts say: a layer for each of `OPINIONS` of a row for each movement and a column for each category.

    `text_met` and `payee_met` are -1 for a text and a payee that were never met.
    """

    layers: Floats
    text_met: Ints
    payee_met: Ints


class Experts:
    """Everything that is learned from labelled movements but how far to believe it."""

    def __init__(self, columns: Columns, labels: Ints, titles: Sequence[str]) -> None:
        """Learn from `columns`, whose categories are `labels`, places in `titles`."""
        size = self.size = len(titles)
        counted = np.bincount(labels, minlength=size) + 0.5
        self.share: Floats = counted / counted.sum()
        names = dict.fromkeys(str(one.account) for one in columns.movements)
        self.accounts = {name: number for number, name in enumerate(names)}
        self.habits = Habits.learn(columns, labels, size)
        self.hints = Hints.learn(columns, labels, titles)
        self._learn_texts(columns, labels)
        self._learn_payees(columns, labels)

    def _learn_texts(self, columns: Columns, labels: Ints) -> None:
        texts, place = distinct(columns.texts)
        self.texts = {text: number for number, text in enumerate(texts)}
        self.text_memory = Memory.learn(place, columns, self._account(columns), labels, self.size)
        counts = character_pieces(texts, *PIECES)
        self.text_pieces = Vocabulary.learn(counts, 1 if len(labels) < MANY else 2)
        rows, stand_for = np.unique(place * self.size + labels, return_counts=True)
        weighed = self.text_pieces.weigh(counts)[rows // self.size]
        self.text_lines = Lines.learn(weighed, rows % self.size, self.size, STRENGTH["text"], stand_for)

    def _learn_payees(self, columns: Columns, labels: Ints) -> None:
        payees, place = distinct(columns.keys)
        self.payees = {payee: number for number, payee in enumerate(payees)}
        self.payee_memory = Memory.learn(place, columns, self._account(columns), labels, self.size)
        counts, words = character_pieces(payees, *PIECES), word_pieces([payee.split() for payee in payees])
        self.payee_pieces = Vocabulary.learn(counts, 1 if len(labels) < MANY else 2)
        self.payee_words = Vocabulary.learn(words)
        pieces, words = self.payee_pieces.weigh(counts), self.payee_words.weigh(words)
        chosen, stand_for = _representatives(place * self.size + labels, columns.ordinal)
        blocks = [pieces[place[chosen]], words[place[chosen]], self._circumstances(columns)[chosen]]
        self.payee_lines = Lines.learn(stacked(blocks), labels[chosen], self.size, STRENGTH["payee"], stand_for)
        ones = np.ones(len(labels))
        tally = sparse.csr_matrix((ones, (place, labels)), shape=(len(payees), self.size))
        tally.sum_duplicates()
        spread = np.bincount(tally.indices, minlength=self.size) + 0.5
        self.spread: Floats = spread / spread.sum()  # new payees come to restaurants, not to the rent
        self.word_weights = _word_weights(words, tally)
        self.similar = Payees.learn(pieces, tally, self.share)

    def opinions(self, columns: Columns) -> Opinions:
        """Ask all experts about `columns`."""
        said: dict[str, Floats] = {}
        account = self._account(columns)
        texts, inverse = distinct(columns.texts)
        said["text"] = self.text_lines.scores(self.text_pieces.weigh(character_pieces(texts, *PIECES)))[inverse]
        text_met = np.array([self.texts.get(text, -1) for text in texts], dtype=np.int64)[inverse]
        for view, votes in self.text_memory.votes(text_met, columns, account).items():
            said[f"text {view}"] = smoothed(votes, self.share, DOUBT)

        payees, inverse = distinct(columns.keys)
        pieces = self.payee_pieces.weigh(character_pieces(payees, *PIECES))
        words = self.payee_words.weigh(word_pieces([payee.split() for payee in payees]))
        of_words = pieces.shape[1] + words.shape[1]
        weights, offsets = self.payee_lines.weights, self.payee_lines.offsets
        said["payee"] = np.asarray(stacked([pieces, words]) @ weights[:of_words])[inverse] + offsets
        said["payee"] += np.asarray(self._circumstances(columns) @ weights[of_words:])
        said["words"] = np.asarray(words @ self.word_weights)[inverse]
        met = np.array([self.payees.get(payee, -1) for payee in payees], dtype=np.int64)
        similar = np.zeros((len(payees), self.size))  # who was met is not asked for likeness
        similar[met < 0] = self.similar.evidence(pieces[met < 0])
        said["similar"] = similar[inverse]
        payee_met = met[inverse]
        for view, votes in self.payee_memory.votes(payee_met, columns, account).items():
            said[f"payee {view}"] = smoothed(votes, self.share, DOUBT)

        said.update(zip(HABITS, self.habits.evidence(columns), strict=True))
        said["hint"], said["group"] = self.hints.evidence(columns)
        for name, frequency in (("share", self.share), ("spread", self.spread)):
            said[name] = np.broadcast_to(np.log(frequency), (columns.size, self.size))
        return Opinions(np.stack([said[name] for name in OPINIONS]), text_met, payee_met)

    def _account(self, columns: Columns) -> Ints:
        """Return the number of each movement's account, -1 for one that was not there while learning."""
        return np.array([self.accounts.get(str(one.account), -1) for one in columns.movements], dtype=np.int64)

    def _circumstances(self, columns: Columns) -> Sparse:
        """Return amount, day, sign, account and hint as sparse rows."""
        begin = np.concatenate(([0], np.cumsum(FAMILIES)))
        places = [trait + begin[number] for number, trait in enumerate(traits(columns))]
        weights = [np.full(columns.size, NUMBER_WEIGHT)] * len(places)
        account = self._account(columns)
        several = len(self.accounts) > 1
        places += [begin[-1] + 1 + columns.sign, begin[-1] + 3 + np.maximum(account, 0)]
        weights += [np.full(columns.size, 2 * NUMBER_WEIGHT), np.where((account >= 0) & several, NUMBER_WEIGHT, 0.0)]
        return stacked([onehot(places, weights, begin[-1] + 3 + len(self.accounts)), self.hints.rows(columns)])


def _word_weights(words: Sparse, tally: Sparse) -> Floats:
    damped = tally.copy()
    damped.data = np.log1p(damped.data)
    counts = np.asarray((words.T @ damped).todense()) + 0.05
    return np.asarray(np.log(counts / counts.sum(axis=0)) - np.log(counts.sum(axis=1, keepdims=True) / counts.sum()))


def _representatives(group: Ints, ordinal: Ints) -> tuple[Ints, Floats]:
    """Return the latest few of each group, and how many movements each stands for, damped."""
    order = np.lexsort((-ordinal, group))
    total = np.bincount(group)
    begin = np.cumsum(total) - total
    chosen = order[np.arange(len(order)) - begin[group[order]] < ROWS_FOR_ONE]
    of_group = total[group[chosen]]
    return chosen, np.sqrt(of_group / np.minimum(of_group, ROWS_FOR_ONE))
