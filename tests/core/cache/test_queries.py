"""Every question is a file that says what it asks, with which parameters, and what comes back; and somebody asks it."""

import re
from datetime import date
from itertools import takewhile
from typing import Any

import pytest

from core.cache import Caches, query_names, query_text
from core.cache.home import Cursor
from core.config import ROOT
from core.store import Store
from tests.core.cache.money import add_person

DAY = date(2026, 3, 1)
VALUES: dict[str, Any] = {
    "since": DAY, "until": DAY,
    "accounts": [1], "categories": [1], "least": None, "most": None, "pending": None, "kinds": None, "text": "x",
    "skip": 0, "count": 3, "tags": ["a"], "hidden": None, "split": None, "merchant": None, "ids": [1],
    "first_day": 25, "names": ["Shop"], "recurring": [1],
    "currency": None, "weekday": None, "tagged": None, "counted": None, "wordings": "01", "words": "x",
    "abroad_since": DAY, "wanted_first": "largest",
}  # fmt: skip


def parts(name: str) -> dict[str, str]:
    """Return the paragraphs of a question's head ("Question", "Parameters", "Columns", "Rule"), each on one line."""
    lines = takewhile(lambda line: line.startswith("--"), query_text(name).splitlines())
    head = " ".join(line.removeprefix("--").strip() for line in lines)
    found = re.split(r"(Question|Parameters|Columns|Rule): ", head)
    assert not found[0], f"{name} does not begin with its question"
    return dict(zip(found[1::2], found[2::2], strict=True))


def parameters(name: str) -> set[str]:
    """Return the `$parameters` that the SQL of a question takes."""
    sql = "\n".join(line for line in query_text(name).splitlines() if not line.startswith("--"))
    return set(re.findall(r"\$(\w+)", sql))


@pytest.mark.parametrize("name", query_names())
def test_a_question_says_what_it_asks_and_takes(name: str) -> None:
    head = parts(name)
    assert head["Question"].strip().endswith(("?", "."))
    told = set(re.findall(r"\w+", head.get("Parameters", "")))
    if "see filtered_page" in head.get("Parameters", ""):
        told |= set(re.findall(r"\w+", parts("filtered_page")["Parameters"]))
    assert parameters(name) <= told


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_every_question_is_answered_with_the_columns_that_it_names(store: Store) -> None:
    cache = Caches(None, store).of(add_person(store))
    cache.refresh()
    assert cache._home is not None
    cursor = Cursor(cache._home.connection.cursor())
    for name in query_names():
        values = {one: 0 if name.startswith("verify_") else DAY for one in ("first", "last")} | VALUES
        cursor.ask(name, {one: values[one] for one in parameters(name)})
        # What follows the list, in brackets or after a semicolon, is an explanation.
        told = re.sub(r"\([^)]*\)", "", parts(name)["Columns"].partition(";")[0]).split(",")
        assert len(cursor.connection.description) == len(told), name
    cache.close()


def test_somebody_asks_every_question() -> None:
    asked = "\n".join(path.read_text("utf-8") for path in (ROOT / "core").rglob("*.py"))
    for name in query_names():
        short = name.removeprefix("verify_")
        assert f'"{name}"' in asked or ('"verify_{' in asked and f'"{short}"' in asked), name


def test_there_is_no_sql_in_the_rooms_that_ask() -> None:
    for path in (ROOT / "core" / "analytics").rglob("*.py"):
        assert not re.search(r"\bSELECT\b", path.read_text("utf-8")), path
