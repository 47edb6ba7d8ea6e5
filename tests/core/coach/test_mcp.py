"""The coach's tools for other programs: in one process, and over stdio as a desktop assistant starts them."""

import asyncio
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from core.coach import TOOLS, Scope
from core.coach.mcp import server
from core.coach.providers.definitions import definition_of
from core.coach.tools import BY_NAME
from core.coach.values import as_json
from core.config import ROOT, Settings
from core.runtime import open_runtime
from tests.core.shell import Shell

ADA = "ada@example.org"
SPENDING = {"period": {"preset": "last_month"}}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("mcp")
    made = Shell(folder / "data", GEMINI_API_KEY="", OPENAI_API_KEY="", ANTHROPIC_API_KEY="")
    made.told("user", "add", "--email", ADA, "--password", "seven otters juggle lanterns", "--first-name", "Ada")
    path = folder / "march.csv"
    path.write_text("Date,Description,Amount\n2026-03-01,Shop,-12.50\n2026-03-02,Salary,1000.00\n", "utf-8")
    made.told("import", str(path), "--user", ADA, "--account", "Everyday")
    return made


def _at_once(scope: Scope, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    async def ask() -> list[Any]:
        async with Client(server(lambda: scope)) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return asyncio.run(ask())


def test_every_tool_is_served_with_its_schema_and_only_reads(scope: Scope) -> None:
    async def listed() -> Any:
        async with Client(server(lambda: scope)) as client:
            return (await client.list_tools()).tools

    served = asyncio.run(listed())
    assert [one.name for one in served] == [one.name for one in TOOLS]
    for one in served:
        assert one.input_schema == definition_of(BY_NAME[one.name]).schema
        # A client that follows no references sends what stands behind one as text.
        assert "$ref" not in json.dumps(one.input_schema)
        assert one.annotations is not None
        assert one.annotations.read_only_hint is True
        assert one.annotations.destructive_hint is False


def test_a_tool_tells_what_it_tells_the_coach(scope: Scope) -> None:
    (told,) = _at_once(scope, ("get_spending_analytics", SPENDING))
    result = BY_NAME["get_spending_analytics"].run(scope, SPENDING)
    assert not told.is_error
    assert told.structured_content == {"call": "c1", "result": as_json(result.told)}
    assert json.loads(told.content[0].text) == told.structured_content


def test_a_sum_is_reckoned_from_results_of_the_same_connection(scope: Scope) -> None:
    first, doubled = _at_once(
        scope,
        ("get_spending_analytics", SPENDING),
        ("calculate", {"refs": ["c1:spent", "c1:spent"], "op": "sum"}),
    )
    assert not doubled.is_error, doubled.content
    spent = Decimal(first.structured_content["result"]["spent"]["amount"])
    assert Decimal(doubled.structured_content["result"]["result"]["amount"]) == 2 * spent


def test_arguments_that_do_not_fit_are_refused_in_words(scope: Scope) -> None:
    unknown, wrong = _at_once(
        scope,
        ("get_spending_analytics", {**SPENDING, "send_to": "DE02"}),
        ("get_spending_analytics", {"period": {"preset": "own"}}),
    )
    assert unknown.is_error
    assert "send_to: Extra inputs are not permitted" in unknown.content[0].text
    assert wrong.is_error
    assert "first and last" in wrong.content[0].text


def test_what_breaks_within_a_tool_is_not_told_to_the_other_side() -> None:
    def broken() -> Scope:
        raise RuntimeError("disk /home/ada is gone")

    async def ask() -> Any:
        async with Client(server(broken)) as client:
            return await client.call_tool("list_accounts", {})

    told = asyncio.run(ask())
    assert told.is_error
    assert told.structured_content == {"error": {"outside": "This tool failed."}}
    assert "ada" not in told.content[0].text


def test_it_serves_over_stdio_while_the_app_runs(shell: Shell) -> None:
    async def ask() -> Any:
        started = StdioServerParameters(
            command=sys.executable,
            args=["-m", "core", "mcp", "--user", ADA],
            env={**shell.environment, "PYTHONPATH": str(ROOT)},
            cwd=shell.folder,
        )
        async with Client(started) as client:
            return await client.call_tool(
                "get_spending_analytics", {"period": {"preset": "own", "first": "2026-03-01", "last": "2026-03-31"}}
            )

    app = open_runtime(Settings(fintrack_data_dir=shell.folder))
    try:
        app.caches.of(app_user(app))
        told = asyncio.run(ask())
    finally:
        app.close()
    assert not told.is_error, told.content
    assert told.structured_content["result"]["spent"] == {"amount": "12.50", "currency": "USD"}


def app_user(app: Any) -> Any:
    from core.identity import find_user

    return find_user(app.store, ADA)


def test_nothing_but_the_protocol_is_on_stdout(shell: Shell) -> None:
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    }  # fmt: skip
    more = [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "no_such_tool", "arguments": {}}},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "core", "mcp", "--user", ADA],
        input="".join(f"{json.dumps(one)}\n" for one in (hello, *more)),
        capture_output=True, text=True, timeout=60, cwd=ROOT, env=shell.environment, check=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["result"]["serverInfo"]["name"] == "fintrack"
    assert {line["jsonrpc"] for line in lines} == {"2.0"}


def test_without_the_library_a_sentence_says_what_to_install(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('no', name='mcp')\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "core", "mcp", "--user", ADA],
        capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
        env={**shell.environment, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Error: The MCP library is not installed (mcp). Run: pip install -r requirements-models.txt\n"
    )
