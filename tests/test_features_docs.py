"""The table of features has a row for every promise, and names screens' code and tests that exist."""

import ast
import re

import pytest

from core.config import ROOT

COUNTS = {"ID": 15, "BK": 15, "TX": 8, "PL": 5, "AN": 6, "IN": 3, "CO": 7, "OP": 6}
BEYOND = {"ID-15", "BK-14", "TX-7", "CO-5", "CO-6", "CO-7", "OP-6"}
PROMISED = [f"{part}-{number}" for part, last in COUNTS.items() for number in range(1, last + 1)]
CATALOGUE = ROOT.parent / "shared" / "design" / "CATALOGUE.md"
ROW = re.compile(r"^\| ([A-Z]{2}-\d+)(\*?) \|", re.MULTILINE)

TABLE = (ROOT / "docs" / "features.md").read_text("utf-8")
ROWS = {line.split("|")[1].strip().rstrip("*"): line.split("|") for line in TABLE.splitlines() if ROW.match(line)}


def test_every_promise_has_one_row_in_its_order() -> None:
    found = ROW.findall(TABLE)
    assert [name for name, _ in found] == PROMISED
    assert {name for name, star in found if star} == BEYOND


def test_the_promises_are_those_of_the_catalogue() -> None:
    if not CATALOGUE.exists():
        pytest.skip("the catalogue is not beside this copy")
    found = ROW.findall(CATALOGUE.read_text("utf-8"))
    assert [name for name, _ in found] == PROMISED
    assert {name for name, star in found if star} == BEYOND


def test_every_row_is_whole_and_all_that_it_names_is_there() -> None:
    written: dict[str, set[str]] = {}
    missing = []
    for name, (_, _, what, screen, code, tests, _) in ROWS.items():
        modules, named = re.findall(r"`([^`]+)`", code), re.findall(r"`([^`]+)`", tests)
        assert what.strip(), name
        assert screen.strip(), name
        assert modules, name
        assert named, name
        missing += [f"{name}: {module}" for module in modules if not (ROOT / module).exists()]
        for test in named:
            file, _, function = test.partition("::")
            if file not in written:
                path = ROOT / "tests" / file
                tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
                written[file] = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
            if function not in written[file]:
                missing.append(f"{name}: {test}")
    assert missing == []
