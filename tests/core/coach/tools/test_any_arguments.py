"""Whatever a model asks with: a result that fits and whose paths resolve, or a sentence of ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cache import Caches
from core.coach import Scope
from core.coach.tools import BY_NAME, LONGEST
from core.coach.tools.bounds import bounded
from core.coach.values import Text, as_json, at, leaves
from core.errors import FinTrackError
from core.identity import profile
from core.ledger import ensure_categories
from core.store import Store
from tests.core.ledger.household import add_person
from tests.machine.examples import examples

LETTERS = st.text(st.characters(), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(
    ["", "groceries", "Parcelly", "compass", "x", "own", "all", "12m", "2026-03", "2026-03-01", "\ud800", "%_'\""]
)
TOLD = [name for name in BY_NAME if name not in {"run_query", "get_forecast"}]


@st.composite
def arguments(draw: st.DrawFn, tool: str) -> Any:
    names = list(BY_NAME[tool].arguments.model_fields)
    preset = st.sampled_from(["month", "all", "24m", "own", "year"])
    rest = {"first": WORDS, "last": WORDS, "against": st.sampled_from(["before", "year"])}
    periods = st.fixed_dictionaries({"preset": preset}, optional=rest)
    usual = (
        WORDS | JSON | periods | st.integers(-1, 60) | st.sampled_from(["merchant", "day", "week", "largest", "oldest"])
    )
    return draw(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(names, usual)) if names else JSON)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_arguments_give_a_result_or_a_sentence(scope: Scope, data: st.DataObject) -> None:
    tool = data.draw(st.sampled_from(TOLD))
    try:
        result = BY_NAME[tool].run(scope, data.draw(arguments(tool)))
    except FinTrackError:
        return
    assert len(json.dumps(as_json(result.told), ensure_ascii=False)) <= LONGEST
    for path, leaf in leaves(result.told):
        assert at(result.told, path) == leaf


def test_what_is_too_long_is_cut_at_the_end_of_its_lists() -> None:
    told = bounded({"sum": "kept", "rows": [{"name": Text('"' * 200)} for _ in range(300)], "few": ["one"]})
    assert len(json.dumps(as_json(told), ensure_ascii=False)) <= LONGEST
    assert told["sum"] == "kept"
    assert told["few"] == ["one"]
    assert at(told, "cut.told.rows").count == len(told["rows"]) > 50  # type: ignore[union-attr,arg-type]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Scope]:
    store = Store(f"sqlite:///{tmp_path / 'fintrack.db'}")
    from core.store import migrate

    migrate(store, tmp_path / "backups")
    ensure_categories(store)
    user = add_person(store)
    caches = Caches(None, store)
    yield Scope(store, caches.of(user), profile(store, user))
    caches.close()
    store.close()


def test_an_empty_household_is_told_of_in_words(empty: Scope) -> None:
    for name in TOLD:
        if name != "calculate":
            assert "note" in BY_NAME[name].run(empty, {}).told, name
    assert "note" in BY_NAME["get_forecast"].run(empty, {}).told
