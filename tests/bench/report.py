"""Writes what `make bench` measured into `docs/`: the figures as JSON, and as tables that hold each goal beside them.

`python -m tests.bench.report`. What people wrote around the tables stays.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from core.config import ROOT
from tests.bench.conftest import RESULTS, Figure

DOC: Final = ROOT / "docs" / "benchmarks.md"
KEPT: Final = ROOT / "docs" / "benchmarks.json"
BEGIN: Final = "<!-- measured: written by `make bench` -->"
END: Final = "<!-- measured: end -->"
ENGINES: Final = ("FinTrack", "SQLite", "pandas", "polars")
MILLION: Final = "1,000,000"
TOLD: Final = r"questions, .* rows: .*, (FinTrack|SQLite|pandas|polars)$|page, |click to painted, ."
"""The figures that have tables of their own."""
TENFOLD: Final = "growth of the questions, a million to ten million rows"

TIMES: Final = "page, [^:]*: times an empty page"

Chosen = Callable[[Sequence[float]], float]


def last(values: Sequence[float]) -> float:
    """Return the figure of the largest size."""
    return values[-1]


@dataclass(frozen=True)
class Goal:
    """What has to be reached: `figures` matches the names of the figures that count, `chosen` says how they do."""

    what: str
    figures: str
    limit: float
    unit: str
    chosen: Chosen = last
    at_least: bool = False

    def measured(self, figures: Sequence[Figure]) -> float | None:
        """Return the figure that counts; None where it was not measured."""
        values = [one.value for one in figures if re.fullmatch(self.figures, one.what)]
        return self.chosen(values) if values else None

    def reached(self, value: float) -> bool:
        """Tell whether a figure is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit


def _faster(than: str, limit: float, rows: str = MILLION) -> Goal:
    figures = f"questions, {rows} rows: times faster than {than}"
    return Goal(f"all questions at {rows} rows, times faster than {than}", figures, limit, "x", at_least=True)


GOALS: Final = (
    _faster("SQLite", 40),
    _faster("pandas", 20),
    _faster("polars", 8),
    *(
        Goal(
            f"the questions that {one} answers, times faster, at the most rows it was given",
            f"programs, .* rows: times faster than {one}", 100, "x", at_least=True,
        )
        for one in ("Fava", "hledger", "Actual")
    ),
    Goal(
        "all questions at 10,000 rows, times as many questions for one cell",
        "questions, 10,000 rows: times as many of one cell", 10, "x",
    ),
    _faster("polars", 1, "10,000"),
    Goal("a million to ten million rows, times the time", TENFOLD, 4, "x"),
    Goal(
        "cache made anew, times reading the same rows with sqlite3", "cache of .* rows: times reading alone", 2.5, "x"
    ),
    Goal("500 changes followed in a million rows", f"cache of {MILLION} rows: 500 changes followed", 100, "ms"),
    *(
        Goal(
            f"sync of {rows} rows, times parsing and inserting",
            f"sync of {rows} rows: times parsing and inserting", 3, "x",
        )
        for rows in ("10,000", "100,000")
    ),
    Goal("rerun over the wire, times an empty page: the middle page", TIMES, 6, "x", median),
    Goal("rerun over the wire, times an empty page: the slowest page", TIMES, 10, "x", max),
    Goal("rerun of a fragment, times an empty page: the slowest", "page, .*: fragment .*", 2, "x", max),
    Goal("click to painted, times an empty page: the middle page", "click to painted, .*: times.*", 3, "x", median),
    Goal("click to painted, times an empty page: the slowest page", "click to painted, .*: times.*", 3, "x", max),
    Goal("the first page after a start", "start over .*: the first page, asked at once", 0.5, "s"),
    Goal("20 sessions clicking at once, 95th percentile of a rerun", "20 sessions.*: rerun, 95th percentile", 1, "s"),
    Goal("20 sessions clicking at once, memory", "20 sessions.*: largest memory of the server", 1024, "MB"),
)  # fmt: skip


def main() -> None:
    """Write the last run into `docs/`."""
    told = json.loads(RESULTS.read_text("utf-8"))
    KEPT.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    DOC.write_text(renewed(DOC.read_text("utf-8"), told), "utf-8")
    print(f"Written to {DOC.relative_to(ROOT)} and {KEPT.relative_to(ROOT)}")


def renewed(document: str, told: dict[str, Any]) -> str:
    """Return a document with the tables of a run between its two marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(told)}\n{END}{after}"


def tables(told: dict[str, Any]) -> str:
    """Return the figures of a run as Markdown."""
    figures = [Figure(**one) for one in told["figures"]]
    figures += growth(figures)
    parts = [_machine(told["machine"]), "## Goals\n", _goals(figures)]
    for rows in sorted(
        {one for figure in figures for one in re.findall(r"^questions, ([\d,]+) rows:", figure.what)}, key=len
    ):
        parts += [f"## Screens' questions at {rows} rows, in ms\n", _questions(figures, rows)]
    parts += ["## Screens at 10,000 rows\n", _pages(figures), "## Everything else\n", _others(figures)]
    return "\n".join(parts)


def growth(figures: Iterable[Figure]) -> list[Figure]:
    """Return how the time of all questions grows from a million to ten million rows, where both were measured."""
    whole = {one.what: one.value for one in figures}
    few = whole.get(f"questions, {MILLION} rows: the whole set, FinTrack")
    many = whole.get("questions, 10,000,000 rows: the whole set, FinTrack")
    return [Figure(TENFOLD, round(many / few, 2), "x")] if few and many else []


def _machine(machine: dict[str, Any]) -> str:
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    programs = ", ".join(machine["programs"].values())
    rows = [
        ("date", machine["date"]),
        ("processor", f"{machine['processor']}, {machine['cores']} cores, {machine['memory']}"),
        ("system", f"{machine['system']}, Python {machine['python']}"),
        ("load", machine["load"]),
        ("libraries", libraries),
        ("programs beside ours", programs or "none was there"),
    ]
    return _table(("measured", ""), rows)


def _goals(figures: Sequence[Figure]) -> str:
    rows = []
    for goal in GOALS:
        value = goal.measured(figures)
        sign = "≥" if goal.at_least else "≤"
        judged = "not measured" if value is None else "yes" if goal.reached(value) else "**no**"
        measured = "" if value is None else _number(value, goal.unit)
        rows.append((goal.what, f"{sign} {goal.limit:g} {goal.unit}", measured, judged))
    return _table(("what", "goal", "measured", "reached"), rows)


def _questions(figures: Sequence[Figure], rows: str) -> str:
    prefix = f"questions, {rows} rows: "
    known = {one.what.removeprefix(prefix): one.value for one in figures if one.what.startswith(prefix)}
    engines = [one for one in ENGINES if f"the whole set, {one}" in known]
    screens = dict.fromkeys(
        name.removesuffix(f", {engines[0]}") for name in known if engines and name.endswith(f", {engines[0]}")
    )
    lines = [(name, *(_plain(known[f"{name}, {engine}"]) for engine in engines)) for name in screens]
    return _table(("", *engines), lines)


def _pages(figures: Sequence[Figure]) -> str:
    known = {one.what: one.value for one in figures}
    titles = dict.fromkeys(found for one in known for found in re.findall(r"^page, ([^:]+):", one))
    columns = (
        "page, {}: rerun over the wire", "page, {}: an empty page beside it", "page, {}: times an empty page",
        "page, {}: processor time of the server", "page, {}: sent", "click to painted, {}",
        "click to painted, {}: times an empty page",
    )  # fmt: skip
    heads = (
        "",
        "rerun, ms",
        "empty page, ms",
        "times",
        "processor, ms",
        "sent, KB",
        "click to painted, ms",
        "times an empty page",
    )
    lines = [
        (title, *(_plain(known[name]) if (name := one.format(title)) in known else "" for one in columns))
        for title in titles
    ]
    return _table(heads, lines)


def _others(figures: Sequence[Figure]) -> str:
    shown = [
        one
        for one in figures
        if not re.match(
            r"questions, .* rows: .*, (FinTrack|SQLite|pandas|polars)$|page, |click to painted, .", one.what
        )
    ]
    return _table(
        ("what", "measured", "for orientation"),
        [
            (
                one.what.strip() + (f" ({one.note})" if one.note else ""),
                _number(one.value, one.unit),
                "" if one.goal is None else f"≤ {one.goal:g} {one.unit}",
            )
            for one in shown
        ],
    )


def _number(value: float, unit: str) -> str:
    return f"{_plain(value)} {unit}".strip()


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" if value >= 10 else f"{value:,.2f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
