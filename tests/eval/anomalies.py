"""`python -m tests.eval.anomalies --transactions T.csv --truth L.csv`: how well unusual purchases are told from others.

T has the columns `id,customer,date,amount,merchant`, and may have `category`; L has `id,label`, where a label is 1 or
0, or a word such as "anomaly" or "normal". Printed are average precision and precision among the first 100, beside
those of a z-score of the amount for each customer and of a plain isolation forest. Scoring never sees a label. Without
files, the made-up sets of tests/eval/anomaly_sets.py are measured, as many of each as `--seeds` says.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score

from core.insights.anomalies import gather, purchases_of, scores
from tests.eval.anomaly_sets import AFTERWARDS, KEPT_BACK, TUNED

COLUMNS: Final = ("id", "customer", "date", "amount", "merchant")
FIRST: Final = 100
UNSEEN: Final = 1_000
"""Seeds from here on were never looked at."""
NORMAL: Final = frozenset(
    [
        *"0 0.0 false f no n normal legit legitimate genuine ok usual none regular good nonfraud non-fraud".split(),
        *("", "not anomaly", "not fraud"),
    ]
)
MINOR: Final = 0.5
"""What moves the other way than most (refunds, income) counts for this share: it is scored among its like."""
LINE: Final = "{:34}{:>10}{:>10}{:>10}"


class WrongFileError(Exception):
    """A file can't be read as transactions or labels; its text is a sentence."""


def read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a CSV file with all cells as text, its headings in small letters."""
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as failure:
        raise WrongFileError(f"{path} can't be read: {failure}.") from failure
    table.columns = [str(name).strip().lower() for name in table.columns]
    missing = [name for name in columns if name not in table]
    if missing:
        raise WrongFileError(f"{path}: the column {missing[0]} is missing; needed are {', '.join(columns)}.")
    if table.empty:
        raise WrongFileError(f"{path} has no rows.")
    return table


def amounts_of(table: pd.DataFrame) -> np.ndarray:
    """Return the amounts as numbers, whatever the thousands are set apart by."""
    text = table["amount"].str.replace(r"[^0-9.,eE+\-()]", "", regex=True)
    text = text.str.replace(r"^\((.*)\)$", r"-\1", regex=True)
    commas = text.str.contains(",", regex=False) & ~text.str.contains(".", regex=False)
    decimal = bool(commas.any()) and bool(text[commas].str.contains(r",\d{1,2}$", regex=True).all())
    text = text.str.replace(",", "." if decimal and not text.str.contains(".", regex=False).any() else "", regex=False)
    found = pd.to_numeric(text, errors="coerce").to_numpy(float)
    if not np.isfinite(found).all():
        place = int(np.flatnonzero(~np.isfinite(found))[0])
        raise WrongFileError(f"line {place + 2}: {table['amount'].iloc[place]!r} is no amount.")
    return found


def moments_of(table: pd.DataFrame) -> tuple[np.ndarray, bool]:
    """Return days with their fractions, and whether times of day are told. A number is a day, or seconds since 1970."""
    text = table["date"].str.strip()
    numbers = pd.to_numeric(text, errors="coerce")
    if numbers.notna().all():
        if (numbers > 19_000_101).all() and (numbers < 21_000_101).all():
            return _days(pd.to_datetime(text.str[:8], format="%Y%m%d")), False
        seconds = bool((numbers > 10_000_000).all())
        days = numbers.to_numpy(float) / (86_400 if seconds else 1)
        return days, bool((days % 1 != 0).any())
    try:
        days = _days(pd.to_datetime(text, format="ISO8601", utc=True))
    except ValueError:
        try:
            days = _days(pd.to_datetime(text, format="mixed", utc=True))
        except ValueError as failure:
            raise WrongFileError(f"A date can't be read: {failure}.") from failure
    return days, bool((np.abs(days - np.rint(days)) > 1e-6).any())


def _days(times: pd.Series) -> np.ndarray:
    start = pd.Timestamp("1970-01-01", tz=times.dt.tz)
    return ((times - start) / pd.Timedelta(days=1)).to_numpy(float)


def labels_of(table: pd.DataFrame, truth: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return 1 for each anomaly, and which rows are labelled at all: all, where only anomalies are listed."""
    words = truth["label"].str.strip().str.lower()
    told = pd.Series((~words.isin(NORMAL)).to_numpy(int), index=truth["id"].str.strip())
    told = told[~told.index.duplicated()]
    found = table["id"].str.strip().map(told)
    if not found.notna().any():
        raise WrongFileError("None of the labelled ids is among the transactions.")
    known = found.notna().to_numpy() if (told == 0).any() else np.ones(len(table), dtype=bool)
    return found.fillna(0).to_numpy(int), known


def ours(table: pd.DataFrame, amounts: np.ndarray, moments: np.ndarray, *, timed: bool) -> np.ndarray:
    """Return our score of each row."""
    category = table["category"].str.strip() if "category" in table else pd.Series([""] * len(table))
    found = np.zeros(len(table))
    outward = -1 if (amounts < 0).mean() > 0.5 else 1
    for same in (np.sign(amounts) != -outward, np.sign(amounts) == -outward):
        if not same.any():
            continue
        size = np.abs(amounts[same])
        purchases = purchases_of(
            table["customer"][same].tolist(), table["merchant"][same].str.strip().tolist(), category[same].tolist(),
            size, np.rint(size * 10_000).astype(np.int64), moments[same], table["id"][same].tolist(), timed=timed,
        )  # fmt: skip
        score = np.empty(len(size))
        score[purchases.rows] = scores(gather(purchases))
        found[same] = score * (1 if (np.sign(amounts[same]) != -outward).any() else MINOR)
    return found


def z_score(table: pd.DataFrame, amounts: np.ndarray) -> np.ndarray:
    """Return how many standard deviations each amount lies above the mean of its customer's; else 0."""
    frame = pd.DataFrame({"customer": table["customer"].to_numpy(), "size": np.abs(amounts)})
    grouped = frame.groupby("customer")["size"]
    spread = grouped.transform("std").fillna(0).to_numpy()
    above = frame["size"].to_numpy() - grouped.transform("mean").to_numpy()
    return np.divide(above, spread, out=np.zeros(len(above)), where=spread > 0)


def plain_forest(table: pd.DataFrame, amounts: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Return what scikit-learn's forest alone says of the amount, the merchant, the hour and the weekday."""
    size = np.abs(amounts)
    merchant = table["merchant"].map(table["merchant"].value_counts()).to_numpy(float)
    columns = [size, np.log1p(size), z_score(table, amounts), np.log(merchant), moments % 1, np.floor(moments) % 7]
    features = np.column_stack(columns).astype(np.float32)
    return np.asarray(-IsolationForest(n_estimators=100, random_state=0).fit(features).score_samples(features))


def precision_first(labels: np.ndarray, score: np.ndarray, first: int = FIRST) -> float:
    """Return the share of anomalies among the `first` rows; of those with the same score as the last, the mean."""
    first = min(first, len(score))
    last = np.partition(score, len(score) - first)[len(score) - first]
    above, level = score > last, score == last
    return float((labels[above].sum() + (first - above.sum()) * labels[level].mean()) / first)


def figures(table: pd.DataFrame, truth: pd.DataFrame) -> Mapping[str, tuple[float, float]]:
    """Return average precision and precision among the first 100: ours, the z-score's and the plain forest's."""
    amounts, (moments, timed) = amounts_of(table), moments_of(table)
    labels, known = labels_of(table, truth)
    if not labels[known].any():
        raise WrongFileError("No row is labelled as an anomaly.")
    told = {
        "ours": ours(table, amounts, moments, timed=timed),
        "z-score of each customer": z_score(table, amounts),
        "plain isolation forest": plain_forest(table, amounts, moments),
    }
    return {
        name: (
            float(average_precision_score(labels[known], score[known])),
            precision_first(labels[known], score[known]),
        )
        for name, score in told.items()
    }


def _of_files(transactions: Path, truth: Path) -> None:
    start = perf_counter()
    table, labels = read(transactions, COLUMNS), read(truth, ("id", "label"))
    found = figures(table, labels)
    print(f"{len(table):,} rows in {perf_counter() - start:.0f} s")
    print(LINE.format("", "average", "among the", ""))
    print(LINE.format("", "precision", "first 100", ""))
    for name, (average, first) in found.items():
        print(LINE.format(name, f"{average:.4f}", f"{first:.2f}", ""))
    ahead = all(own > other for own, other in zip(found["ours"], found["z-score of each customer"], strict=True))
    print("Ours is ahead of the z-score." if ahead else "Ours is not ahead of the z-score in both.")


def _own_sets(seeds: int) -> None:
    print(LINE.format("average precision, first 100", "ours", "z-score", "forest"))
    for heading, sets in (("tuned on", TUNED), ("looked at", KEPT_BACK), ("made afterwards", AFTERWARDS)):
        print(f"{heading}:")
        for name, make in sets.items():
            _print_means(name, make, seeds)


def _print_means(name: str, make: Callable[[int], pd.DataFrame], seeds: int) -> None:
    found = []
    for seed in range(UNSEEN, UNSEEN + seeds):
        frame = make(seed)
        truth = frame[["id", "label"]].astype(str)
        found.append(list(figures(frame.drop(columns="label").astype(str), truth).values()))
    means = np.mean(found, axis=0)
    print(LINE.format(f"  {name}", *(f"{average:.3f} {first:.2f}" for average, first in means)))


def main(arguments: list[str]) -> int:
    """Print the figures, or in one sentence why there are none."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.anomalies", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--transactions", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--seeds", type=int, default=1, help="of our own sets, when no files are given")
    asked = parser.parse_args(arguments)
    if bool(asked.transactions) != bool(asked.truth):
        parser.error("--transactions and --truth go together")
    try:
        if asked.transactions:
            _of_files(asked.transactions, asked.truth)
        else:
            _own_sets(asked.seeds)
    except WrongFileError as failure:
        print(failure, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
