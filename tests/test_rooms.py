"""The rules between rooms that import-linter has no contract for: one way in per room, one place for sessions."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.config import ROOT

ROOMS = sorted(path.parent.name for path in (ROOT / "core").glob("*/__init__.py"))
SESSION_MAKERS = {"create_engine", "sessionmaker", "scoped_session", "create_async_engine", "async_sessionmaker"}


class Import(NamedTuple):
    """One imported name and where: `from core.ledger import x` is ("core.ledger", "x")."""

    file: Path
    line: int
    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.module} {self.name}".strip()


def _sources() -> Iterator[Path]:
    yield from (ROOT / "core").rglob("*.py")
    yield from (ROOT / "pages").rglob("*.py")
    yield from ROOT.glob("*.py")


def _imports(file: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: write imports in full"
            yield from (Import(file, node.lineno, node.module or "", alias.name) for alias in node.names)


def _exported(room: str) -> set[str]:
    tree = ast.parse((ROOT / "core" / room / "__init__.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def test_a_room_is_entered_by_its_front_door_only() -> None:
    exported = {room: _exported(room) for room in ROOMS}
    wrong = []
    for file in _sources():
        for one in _imports(file):
            part = one.module.split(".")
            if (
                part[0] != "core"
                or len(part) < 2
                or part[1] not in ROOMS
                or file.is_relative_to(ROOT / "core" / part[1])
            ):
                continue
            if len(part) > 2 or (one.name and one.name not in exported[part[1]]):
                wrong.append(str(one))
    assert wrong == [], "import what the room's __init__ names in __all__"


def test_every_room_stands_on_a_floor() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    floors = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name.strip(" ()") for floor in floors for name in floor.split("|")}
    modules = {f"core.{path.stem}" for path in (ROOT / "core").glob("*.py")} - {"core.__init__"}
    assert sorted((modules | {f"core.{room}" for room in ROOMS}) - placed) == []


def test_sessions_are_opened_in_the_store_only() -> None:
    wrong = [
        str(one)
        for file in _sources()
        if not file.is_relative_to(ROOT / "core" / "store")
        for one in _imports(file)
        if one.module.startswith("sqlalchemy") and one.name in SESSION_MAKERS
    ]
    assert wrong == []


def test_only_the_clock_knows_what_time_it_is() -> None:
    askers = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno} calls {ast.unparse(node.func)}"
        for file in _sources()
        if file != ROOT / "core" / "clock.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(askers)
    ]
    assert wrong == [], "ask core.clock"
