"""How well recurring payments are found: `python -m tests.eval.recurring --transactions T.csv --truth R.csv`.

T.csv has the columns `id,account,date,amount,description`, R.csv `id,series` for the rows that are recurring (a row
without a series is none). Either sign may mean spending: that of most rows is taken for it.

Printed:

* rows: a row counts as found when it is in any series; precision and recall over rows;
* series: a found series is a true one when at least half of their rows together are in both (Jaccard), each
  matched at most once, the best pairs first; precision over the found, recall over the true ones;
* next date: the last payment of every true series of three or more is taken away, the rest searched again; how many
  days the date given for each matched series lies off the payment taken away, and for how many there was one.

Without files, the households of `tests.eval.households` are searched: `python -m tests.eval.recurring --seeds 3`.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import mean, median

from core.planning import Movement, Series, find_recurring
from tests.eval.book import Labelled
from tests.eval.households import HOUSEHOLDS, UNSEEN

MATCH = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    row_precision: float
    row_recall: float
    series_precision: float
    series_recall: float
    median_days: float
    mean_days: float
    dated: int
    """How many next dates were judged, of `held_out`."""
    held_out: int

    def __str__(self) -> str:
        return (
            f"rows: precision {self.row_precision:.3f}, recall {self.row_recall:.3f}\n"
            f"series: precision {self.series_precision:.3f}, recall {self.series_recall:.3f}\n"
            f"next date: median {self.median_days:.1f} days off, mean {self.mean_days:.2f}"
            f" ({self.dated} of {self.held_out} series)"
        )


def score(movements: Sequence[Movement], truth: Mapping[str, str]) -> Score:
    """Return how well the series among `movements` are found; `truth` tells the series of each recurring row."""
    true = _by_series(movements, truth)
    found = find_recurring(movements)
    marked = {str(one) for series in found for one in series.ids}
    recurring = {one for rows in true.values() for one in rows}
    matched = matches(found, true)
    hidden = {rows[-1] for rows in true.values() if len(rows) > 2}
    days = {str(row.id): row.date for row in movements}
    kept = [row for row in movements if str(row.id) not in hidden]
    again = find_recurring(kept, max(days.values(), default=None))
    off = [
        abs((one.following - days[true[name][-1]]).days)
        for name, one in matches(again, {name: rows[:-1] for name, rows in true.items() if len(rows) > 2}).items()
    ]
    return Score(
        _share(len(marked & recurring), len(marked)),
        _share(len(marked & recurring), len(recurring)),
        _share(len(matched), len(found)),
        _share(len(matched), len(true)),
        median(off) if off else float("nan"),
        mean(off) if off else float("nan"),
        len(off),
        len(hidden),
    )


def matches(found: Iterable[Series], true: Mapping[str, Sequence[str]]) -> dict[str, Series]:
    """Return the found series of each true one that has one, the best pairs first."""
    by_row = {one: name for name, rows in true.items() for one in rows}
    pairs = []
    for number, series in enumerate(found):
        rows = {str(one) for one in series.ids}
        for name in {by_row[one] for one in rows if one in by_row}:
            overlap = len(rows & set(true[name])) / len(rows | set(true[name]))
            if overlap >= MATCH:
                pairs.append((-overlap, name, number, series))
    taken: set[int] = set()
    matched: dict[str, Series] = {}
    for _, name, number, series in sorted(pairs, key=lambda pair: pair[:3]):
        if name not in matched and number not in taken:
            matched[name] = series
            taken.add(number)
    return matched


def movements_of(rows: Iterable[Labelled]) -> tuple[list[Movement], dict[str, str]]:
    """Return rows as the search takes them, spending negative, and the truth about them."""
    given = list(rows)
    positive = sum(not row.amount.startswith("-") for row in given)
    sign = -1 if 2 * positive > len(given) else 1
    movements = [Movement(row.id, row.account, row.date, sign * Decimal(row.amount), row.description) for row in given]
    return movements, {row.id: row.series for row in given if row.series}


def read(transactions: Path, truth: Path) -> list[Labelled]:
    """Return the rows of the two files."""
    with truth.open(encoding="utf-8-sig", newline="") as file:
        series = {row["id"]: (row["series"] or "").strip() for row in csv.DictReader(file)}
    with transactions.open(encoding="utf-8-sig", newline="") as file:
        return [
            Labelled(
                row["id"],
                row["account"],
                date.fromisoformat(row["date"].strip()[:10]),
                row["amount"].strip().replace(",", "").removeprefix("+"),
                row["description"],
                series.get(row["id"], ""),
            )
            for row in csv.DictReader(file)
        ]


def _by_series(movements: Iterable[Movement], truth: Mapping[str, str]) -> dict[str, list[str]]:
    series: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(movements, key=lambda row: (row.date, str(row.id))):
        if str(row.id) in truth:
            series[truth[str(row.id)]].append(str(row.id))
    return dict(series)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _own_households(seeds: int) -> None:
    print(f"{'household':16}{'rows P':>8}{'rows R':>8}{'series P':>10}{'series R':>10}{'days off (median, mean)':>26}")
    for name, make in HOUSEHOLDS.items():
        scores = [score(*movements_of(make(seed))) for seed in range(UNSEEN, UNSEEN + seeds)]
        figures = [
            mean(getattr(one, field) for one in scores)
            for field in (
                "row_precision",
                "row_recall",
                "series_precision",
                "series_recall",
                "median_days",
                "mean_days",
            )
        ]
        print("{:16}{:8.3f}{:8.3f}{:10.3f}{:10.3f}{:15.1f}{:11.2f}".format(name, *figures))
    print(f"Means of {seeds} seeds.")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--transactions", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--seeds", type=int, default=3, help="of our own households, when no files are given")
    asked = parser.parse_args()
    if bool(asked.transactions) != bool(asked.truth):
        parser.error("--transactions and --truth go together")
    if asked.transactions:
        print(score(*movements_of(read(asked.transactions, asked.truth))))
    else:
        _own_households(asked.seeds)


if __name__ == "__main__":
    main()
