"""What is imported is pinned, what is pinned is needed, and nothing comes in unpinned behind it."""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.config import ROOT

OWN = {"core", "pages", "scripts", "tests", "streamlit_app"}
LOADED_BY_NAME = {
    "authlib": "Streamlit loads it for st.login",
    "psycopg": "SQLAlchemy loads it for DATABASE_URL",
    "uvloop": "uvicorn takes it as the server's event loop where it is there",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
MEANT_TO_COME = {
    "bcrypt",
    "numpy",
    "orjson",
    "pandas",
    "plaid-python",
    "pyjwt",
    "tenacity",
    "urllib3",
    "pydantic",
}
"""Pinned as direct for the rooms that are being built."""
OPTIONAL = "requirements-models.txt"
SHARED_NAMES = {"google.genai": "google-genai"}
"""What is imported under a name that several distributions share."""


def _lines(name: str) -> list[str]:
    return (ROOT / name).read_text("utf-8").splitlines()


def _requirements(lines: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def _direct(file: str = "requirements.txt") -> set[str]:
    lines = _lines(file)
    cut = next(number for number, line in enumerate(lines) if line.startswith("# Transitive"))
    return {canonicalize_name(one.name) for one in _requirements(lines[:cut])}


def _pins(*files: str) -> dict[str, str]:
    pins = {}
    for file in files:
        for one in _requirements(_lines(file)):
            assert re.fullmatch(r"==[^=*]+", str(one.specifier)), f"{file}: {one} is not pinned"
            name = canonicalize_name(one.name)
            assert name not in pins, f"{file}: {name} is there twice"
            pins[name] = str(one.specifier).removeprefix("==")
    return pins


def _imported(folders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    for file in [*files, *ROOT.glob("*.py")] if "core" in folders else files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                top = ".".join(name.split(".")[:2]) if name.startswith("google.") else name.partition(".")[0]
                if top not in OWN and top not in sys.stdlib_module_names:
                    yield top, str(file.relative_to(ROOT))


def _distributions(imports: Iterator[tuple[str, str]]) -> dict[str, str]:
    owners = packages_distributions()
    found = {}
    for top, file in imports:
        if top in SHARED_NAMES:
            found[SHARED_NAMES[top]] = f"{file} imports {top}"
            continue
        assert top in owners, f"{file} imports {top}, which is not installed"
        found[canonicalize_name(owners[top][0])] = f"{file} imports {top}"
    return found


def test_all_that_the_product_imports_is_pinned_as_direct() -> None:
    found = _distributions(_imported(("core", "pages", "scripts")))
    direct = _direct() | _direct(OPTIONAL)
    assert {name: where for name, where in found.items() if name not in direct} == {}


def test_all_that_is_pinned_as_direct_is_imported() -> None:
    found = _distributions(_imported(("core", "pages", "scripts")))
    assert sorted(_direct() - set(found) - set(LOADED_BY_NAME) - MEANT_TO_COME) == []


def test_all_that_the_product_imports_can_be_imported() -> None:
    for top in sorted({top for top, _ in _imported(("core", "pages", "scripts"))}):
        importlib.import_module(top)


def test_all_that_the_tests_import_is_pinned() -> None:
    pins = _pins("requirements.txt", OPTIONAL, "requirements-dev.txt")
    found = _distributions(_imported(("tests",)))
    assert {name: where for name, where in found.items() if name not in pins} == {}


@pytest.mark.parametrize(
    "files",
    [("requirements.txt",), ("requirements.txt", OPTIONAL), ("requirements.txt", OPTIONAL, "requirements-dev.txt")],
)
def test_whatever_a_pinned_library_needs_is_pinned_too(files: tuple[str, ...]) -> None:
    pins = _pins(*files)
    extras = {canonicalize_name(one.name): one.extras for file in files for one in _requirements(_lines(file))}
    wrong = []
    for name in pins:
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            wrong.append(f"{name} is pinned but not installed")
            continue
        for need in map(Requirement, needs):
            wanted = need.marker is None or any(need.marker.evaluate({"extra": one}) for one in {"", *extras[name]})
            if wanted and not need.specifier.contains(
                pins.get(canonicalize_name(need.name), "absent"), prereleases=True
            ):
                wrong.append(f"{name} needs {need}")
    assert wrong == []


@pytest.mark.parametrize("file", ["requirements.txt", OPTIONAL, "requirements-dev.txt"])
def test_the_pins_are_in_order(file: str) -> None:
    for block in "\n".join(_lines(file)).split("\n\n"):
        names = [one.name.lower() for one in _requirements(block.splitlines())]
        assert names == sorted(names)


def test_the_tools_settings_ask_for_the_python_that_the_installer_asks_for() -> None:
    assert 'requires-python = ">=3.11"' in Path(ROOT / "pyproject.toml").read_text("utf-8")
    assert "(3, 11)" in Path(ROOT / "scripts" / "install.sh").read_text("utf-8")
