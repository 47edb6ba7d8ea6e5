"""Nothing that is typed reaches other people's money, the disk, the machine or the network, or goes on for ever."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cache import QUERY_SECONDS, VIEWS, Desk
from core.cache.querying.functions import FUNCTIONS, TABLE_FUNCTIONS
from core.errors import QueryError
from tests.core.cache.querying.attacks import HEAVY, OUTSIDE
from tests.core.cache.querying.conftest import OTHERS, TODAY
from tests.machine.examples import examples

MOST_MEMORY_KIB = 3 * 1024 * 1024


def refused(desk: Desk, sql: str) -> QueryError:
    with pytest.raises(QueryError) as told:
        desk.ask(sql, TODAY)
    sentence = str(told.value)
    assert sentence.endswith((".", ")")), sentence
    assert not any(word in sentence for word in ("Traceback", "Error:", "_duckdb", "/home", "Did you mean")), sentence
    return told.value


@pytest.mark.parametrize("sql", OUTSIDE)
def test_what_reaches_outside_is_refused(desk: Desk, sql: str) -> None:
    began = time.monotonic()
    refused(desk, sql)
    assert time.monotonic() - began < QUERY_SECONDS
    assert not any(Path("/tmp").glob("stolen*"))  # noqa: S108 - where the attacks would write


def test_there_are_eighty_attacks_and_more() -> None:
    assert len(set(OUTSIDE) | set(HEAVY)) > 80


@pytest.mark.parametrize("sql", HEAVY)
def test_what_would_go_on_is_stopped_and_the_next_query_answered(desk: Desk, sql: str) -> None:
    began = time.monotonic()
    refused(desk, sql)
    assert time.monotonic() - began < QUERY_SECONDS + 5
    assert desk.ask("SELECT count(*) FROM accounts", TODAY).rows == ((3,),)


def test_nothing_is_forbidden_by_its_text_alone(desk: Desk) -> None:
    """The gate reads the parsed statement: words in texts, comments and names are nobody's business."""
    sql = "SELECT 'COPY x TO y; DROP' AS \"read_csv\" -- ATTACH\n FROM accounts /* PRAGMA */ LIMIT 1;"
    assert desk.ask(sql, TODAY).rows == (("COPY x TO y; DROP",),)


def test_nobody_elses_money_is_there(desk: Desk) -> None:
    for view in VIEWS:
        assert OTHERS not in repr(desk.ask(f"SELECT * FROM {view.name}", TODAY).rows)
    assert desk.ask("SELECT count(*) FROM transactions", TODAY).rows == ((121,),)


def test_the_process_has_no_environment_no_files_and_can_write_none(desk: Desk) -> None:
    desk.ask("SELECT 1", TODAY)
    process = desk._process
    assert process is not None
    proc = Path("/proc") / str(process._child.pid)
    assert (proc / "environ").read_bytes() == b""
    assert (proc / "cwd").resolve() == Path("/")
    lines = (proc / "limits").read_text("utf-8").splitlines()[1:]
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max address space"][0]) < 8 * 1024**3
    opened = {str(one.readlink()) for one in (proc / "fd").iterdir()}
    assert not {one for one in opened if one.endswith((".db", ".duckdb", ".db-wal"))}
    resident = next(line for line in (proc / "status").read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < MOST_MEMORY_KIB


def test_no_function_that_may_be_called_reaches_out() -> None:
    suspicious = (
        "read",
        "write",
        "scan",
        "env",
        "setting",
        "secret",
        "query",
        "pragma",
        "duckdb",
        "pg_",
        "sleep",
        "file",
    )
    assert [name for name in FUNCTIONS | TABLE_FUNCTIONS if any(word in name for word in suspicious)] == []


words = st.sampled_from(
    "SELECT FROM WHERE transactions accounts id amount ( ) , ; * 'x' \" -- /* */ WITH AS x UNION ALL COPY INSERT "
    "RETURNING read_csv getenv $1 ? :: [ ] { } 1e999 0x0 NULL CASE END OVER PIVOT ON IN LATERAL unnest range".split()
)
typed = st.one_of(
    st.text(max_size=60),
    st.lists(words, max_size=14).map(" ".join),
    st.text(st.characters(categories=["Cs", "Cc", "Lo", "Mn", "Zs"]), max_size=20).map(lambda text: f"SELECT '{text}'"),
    st.integers(1, 2500).map(lambda depth: f"SELECT {'(' * depth}1{')' * depth}"),
)


@settings(max_examples=examples(30))
@given(typed)
def test_whatever_is_typed_gets_an_answer_or_a_sentence(desk: Desk, sql: str) -> None:
    with suppress(QueryError):
        desk.ask(sql, TODAY)
