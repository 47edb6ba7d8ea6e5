"""The report holds every goal beside its figure, and leaves alone what people wrote around the tables."""

from dataclasses import asdict
from typing import Any

from tests.bench.conftest import Figure
from tests.bench.report import BEGIN, DOC, END, GOALS, renewed, tables

MACHINE: dict[str, Any] = {
    "date": "2026-06-17", "processor": "A processor", "cores": 2, "memory": "8 GB", "system": "Linux", "python": "3.11",
    "load": "0.1",
    "libraries": {"duckdb": "2.0"}, "programs": {"Fava": "Fava 1.30"},
}  # fmt: skip


def told(*figures: Figure) -> dict[str, Any]:
    return {"machine": MACHINE, "figures": [asdict(one) for one in figures]}


def line(text: str, words: str) -> str:
    return next(one for one in text.splitlines() if words in one)


def test_a_goal_is_reached_missed_or_not_measured() -> None:
    text = tables(
        told(
            Figure("questions, 1,000,000 rows: times faster than SQLite", 41.0, "x"),
            Figure("questions, 1,000,000 rows: times faster than polars", 7.9, "x"),
            Figure("cache of 10,000 rows: times reading alone", 9.0, "x"),
            Figure("cache of 100,000 rows: times reading alone", 2.5, "x"),
        )
    )
    assert line(text, "times faster than SQLite |") == (
        "| all questions at 1,000,000 rows, times faster than SQLite | ≥ 40 x | 41.0 x | yes |"
    )
    assert line(text, "1,000,000 rows, times faster than polars").endswith("| ≥ 8 x | 7.90 x | **no** |")
    # The largest size counts.
    assert line(text, "times reading the same rows").endswith("| ≤ 2.5 x | 2.50 x | yes |")
    assert line(text, "the first page after a start").endswith("| ≤ 0.5 s |  | not measured |")


def test_the_slowest_page_counts_and_fragments_are_no_pages() -> None:
    text = tables(
        told(
            *(
                Figure(f"page, {title}: times an empty page", times, "x")
                for title, times in {"Overview": 4.0, "Goals": 2.0, "Report": 11.0}.items()
            ),
            Figure("page, Goals: fragment 1, times an empty page", 1.5, "x"),
        )
    )
    assert line(text, "empty page: the middle page").endswith("| 4.00 x | yes |")
    assert line(text, "empty page: the slowest page").endswith("| 11.0 x | **no** |")
    assert line(text, "a fragment").endswith("| 1.50 x | yes |")


def test_screens_stand_beside_each_other_by_engine() -> None:
    text = tables(
        told(
            *(
                Figure(f"questions, 10,000 rows: {screen}, {engine}", value, "ms")
                for engine, value in {"FinTrack": 1.0, "SQLite": 20.0}.items()
                for screen in ("the whole set", "list, page 1,000")
            )
        )
    )
    assert "|  | FinTrack | SQLite |" in text
    assert "| list, page 1,000 | 1.00 | 20.0 |" in text


def test_growth_to_ten_million_rows_is_worked_out() -> None:
    whole = "rows: the whole set, FinTrack"
    text = tables(
        told(Figure(f"questions, 1,000,000 {whole}", 50.0, "ms"), Figure(f"questions, 10,000,000 {whole}", 150.0, "ms"))
    )
    assert line(text, "ten million rows, times the time").endswith("| 3.00 x | yes |")


def test_what_people_wrote_stays_and_tables_are_written_anew() -> None:
    first = renewed(f"before\n{BEGIN}\n{END}\nafter\n", told(Figure("one", 1.0, "s")))
    again = renewed(first, told(Figure("two", 2.0, "s")))
    assert again.startswith("before\n")
    assert again.endswith(f"{END}\nafter\n")
    assert "| two | 2.00 s |" in again
    assert "| one |" not in again


def test_the_page_has_room_for_the_tables() -> None:
    text = DOC.read_text("utf-8")
    assert text.index(BEGIN) < text.index(END)
    assert len({goal.what for goal in GOALS}) == len(GOALS)
