"""`make run`: one command, an address, on this machine alone; what stops it is told in one sentence."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.config import ROOT
from scripts.serve import ADDRESS

START_SECONDS = 60


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server as `make run` does; yields it and the address it printed."""
    started = subprocess.Popen(
        [sys.executable, "-m", "scripts.serve"],
        cwd=ROOT,
        env={**os.environ, "FINTRACK_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert started.stdout is not None
        # The address is the first thing that is said, but for the want of a recovery key.
        said = started.stdout.readline()
        if "recovery key" in said:
            said = started.stdout.readline()
        found = re.fullmatch(r"FinTrack: (http://127\.0\.0\.1:\d+) .*\n", said)
        assert found, said
        yield started, found[1]
    finally:
        started.kill()
        started.communicate()


def test_it_prints_an_address_that_answers_and_keeps_its_state_in_the_data_folder(tmp_path: Path) -> None:
    with _serving(tmp_path / "data") as (server, address):
        with urllib.request.urlopen(f"{address}/", timeout=30) as page:
            assert page.status == 200
            assert b"<script" in page.read()
        assert (tmp_path / "data" / "fintrack.db").exists()
        # Ctrl+C ends it soon and in peace.
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=10)
        assert (server.returncode, said.strip()) == (0, "")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells who listens where in a file")
def test_it_answers_on_loopback_only(tmp_path: Path) -> None:
    with _serving(tmp_path) as (_, address):
        assert _listens_on(int(address.rsplit(":", 1)[1])) == {ADDRESS}


def _listens_on(port: int) -> set[str]:
    """Return the addresses on which somebody listens on a port, as Linux tells."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            host, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:
                found.add(socket.inet_ntoa(bytes.fromhex(host)[::-1]) if table == "tcp" else host)
    return found


def test_a_page_of_another_site_can_not_reach_it_by_a_name_of_its_own(tmp_path: Path) -> None:
    with _serving(tmp_path) as (_, address):
        request = urllib.request.Request(f"{address}/", headers={"Host": "rebound.example.org"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        refused.value.close()
        assert refused.value.code in {400, 403, 421}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PLAID_ENV": "development"}, r"A setting has a wrong value\. PLAID_ENV: Plaid closed"),
        ({"FINTRACK_DATA_DIR": "/dev/null/data"}, r"can't be made"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, r"database server does not answer"),
    ],
)
def test_what_stops_the_start_is_told_in_one_sentence(tmp_path: Path, settings: dict[str, str], sentence: str) -> None:
    stopped = _refused(tmp_path, [sys.executable, "-m", "scripts.serve"], settings)
    assert re.search(sentence, stopped.stderr), stopped.stderr
    assert stopped.stdout == ""


def _refused(folder: Path, command: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Return how a server ended that should not have started."""
    stopped = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "FINTRACK_DATA_DIR": str(folder), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    assert stopped.returncode == 1
    assert len(stopped.stderr.splitlines()) == 1, stopped.stderr
    return stopped


@pytest.mark.parametrize("how", [("server.address", "127.0.0.2"), ("server.baseUrlPath", "money")])
def test_who_needs_this_server_on_loopback_is_told_where_it_would_not_be(tmp_path: Path, how: tuple[str, str]) -> None:
    keys = {"OIDC_GITHUB_CLIENT_ID": "ours", "OIDC_GITHUB_CLIENT_SECRET": "secret"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    streamlit = str(Path(sys.executable).with_name("streamlit"))
    command = [streamlit, "run", "streamlit_app.py", f"--server.port={port}", f"--{how[0]}={how[1]}"]
    assert "need this server at http://127.0.0.1" in _refused(tmp_path, command, keys).stderr


READY = """
import asyncio, sys
from core.identity import add_user, start_session
from core.runtime import runtime
from streamlit_app import app, lifespan

house = runtime()
user = add_user(house.store, house.vault, "ada@example.org", "four words of her own")
start_session(house.store, user, agent="tests")

async def start():
    async with lifespan(app):
        print("plotly.graph_objects" in sys.modules, house.caches.of(user).refresh().rebuilt)

asyncio.run(start())
"""


def test_it_answers_once_the_first_screen_is_ready(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", READY],
        cwd=ROOT,
        env={**os.environ, "FINTRACK_DATA_DIR": str(tmp_path / "data"), "FINTRACK_CATEGORISE": "false"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    # The cache of who was here lately is filled by then: a look at it has nothing to make anew.
    assert told.stdout.split() == ["True", "False"], told.stderr
