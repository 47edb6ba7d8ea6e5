"""How well categories are told, beside the usual way: pieces of characters (TF-IDF) and LinearSVC.

`python -m tests.eval.categorise --train A.csv --test B.csv`, each with the columns date, description, amount, category.
Both learn from the same rows of A and are asked about B. Coverage at 95 % precision: each ranks B by how sure it is
(ours by its confidence, LinearSVC by how far its best category lies before the second), and the largest share of B
counts of which, surest first, at least 95 % are right; equally sure rows count together.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from core.categorising import PRECISION, Categoriser
from tests.eval.labelled import Labelled, LabelledFileError, read_labelled


class Answers(NamedTuple):
    """The category told for each row, and how sure the teller is: larger is surer, on any scale."""

    categories: list[str]
    sureness: npt.NDArray[np.float64]


class Figures(NamedTuple):
    """Shares of all rows, or of the rows whose description was not learned from; None where there are none."""

    accuracy: float
    macro_f1: float
    coverage: float
    unseen: float | None


TITLES = ("accuracy", "macro-F1", "coverage at 95 % precision", "accuracy on unseen descriptions")


def ours(train: Labelled, test: Labelled) -> tuple[Answers, list[bool]]:
    """Return what FinTrack's categoriser tells, and which of it it would set without asking."""
    categoriser = Categoriser(list(zip(train.movements, train.categories, strict=True)))
    proposals = [one for one in categoriser.propose(test.movements) if one]
    answers = Answers([one.label for one in proposals], np.array([one.confidence for one in proposals]))
    return answers, [one.sure for one in proposals]


def baseline(train: Labelled, test: Labelled) -> Answers:
    """Return what character pieces and LinearSVC tell."""
    if len(set(train.categories)) == 1:
        return Answers(train.categories[:1] * len(test.categories), np.ones(len(test.categories)))
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    machine = LinearSVC(random_state=0)
    try:
        learned = pieces.fit_transform([one.description for one in train.movements])
    except ValueError as error:
        raise LabelledFileError(f"The descriptions to learn from are empty: {error}.") from error
    machine.fit(learned, train.categories)
    scores = machine.decision_function(pieces.transform([one.description for one in test.movements]))
    scores = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
    ranked = np.sort(scores, axis=1)
    return Answers(machine.classes_[scores.argmax(axis=1)].tolist(), ranked[:, -1] - ranked[:, -2])


def figures(answers: Answers, train: Labelled, test: Labelled) -> Figures:
    """Return the four figures of some answers."""
    right = np.array([told == truth for told, truth in zip(answers.categories, test.categories, strict=True)])
    known = {one.description for one in train.movements}
    unseen = np.array([one.description not in known for one in test.movements])
    return Figures(
        float(right.mean()),
        float(f1_score(test.categories, answers.categories, average="macro", zero_division=0)),
        coverage(right, answers.sureness),
        float(right[unseen].mean()) if unseen.any() else None,
    )


def coverage(right: npt.NDArray[np.bool_], sureness: npt.NDArray[np.float64]) -> float:
    """Return the largest share of rows, the surest first, of which the precision is kept."""
    order = np.argsort(-sureness, kind="stable")
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= PRECISION
    last_of_equals = np.append(np.diff(sureness[order]) != 0, True)
    ends = np.flatnonzero(precise & last_of_equals)
    return (int(ends[-1]) + 1) / len(order) if len(ends) else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of both; return 1 with a sentence when a file can't be used."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.categorise", description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="labelled rows to learn from")
    parser.add_argument("--test", type=Path, required=True, help="labelled rows to be asked about")
    chosen = parser.parse_args(arguments)
    try:
        train, test = read_labelled(chosen.train), read_labelled(chosen.test)
        told, enough = ours(train, test)
        both = figures(told, train, test), figures(baseline(train, test), train, test)
    except LabelledFileError as error:
        print(error, file=sys.stderr)
        return 1
    size, kinds = len(train.categories), len(set(train.categories))
    print(f"{size:,} rows learned from in {kinds} categories, {len(test.categories):,} asked about")
    print(f"{'':34}{'FinTrack':>9}{'LinearSVC':>11}")
    for title, own, other in zip(TITLES, *both, strict=True):
        shown = ("-", "-") if own is None or other is None else (f"{own:.4f}", f"{other:.4f}")
        print(f"{title:34}{shown[0]:>9}{shown[1]:>11}")
    right = [one == truth for one, truth, sure in zip(told.categories, test.categories, enough, strict=True) if sure]
    precision = f"{sum(right) / len(right):.4f} right" if right else "none"
    print(f"set without asking: {len(right) / len(enough):.4f} of all, {precision}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
