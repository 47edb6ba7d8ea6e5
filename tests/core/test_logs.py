"""The log: one line of JSON an event, with the request's number, and nothing of what people have or typed."""

import json
import logging
import subprocess
import sys

import pytest

from core.config import ROOT
from core.logs import REQUEST, JsonLines, new_request
from core.store import Store, User

CANARY = "canary-4711-EUR"


def written(level: int, text: str, *arguments: object, failure: BaseException | None = None) -> dict[str, object]:
    """Return a record as the log holds it."""
    told = (type(failure), failure, failure.__traceback__) if failure else None
    record = logging.LogRecord("core.banking", level, __file__, 1, text, arguments, told)
    line = JsonLines().format(record)
    assert "\n" not in line
    return dict(json.loads(line))


def test_a_line_is_json_and_carries_the_requests_number() -> None:
    token = REQUEST.set("")
    try:
        assert "request" not in written(logging.INFO, "the sync of item %s ended", 7)
        number = new_request()
        line = written(logging.WARNING, "a\nb")
        assert line["request"] == number
        assert (line["level"], line["logger"], line["event"]) == ("warning", "core.banking", "a\nb")
        assert str(line["at"]).endswith("+00:00")
        assert new_request() != number
    finally:
        REQUEST.reset(token)


def test_a_failure_is_kinds_and_places_without_its_words() -> None:
    try:
        try:
            int(CANARY)
        except ValueError as cause:
            raise RuntimeError(f"about {CANARY}") from cause
    except RuntimeError as failure:
        line = written(logging.ERROR, "failure %s on a page", "ab12", failure=failure)
    assert CANARY not in json.dumps(line)
    assert [one["kind"] for one in line["failures"]] == ["RuntimeError", "ValueError"]  # type: ignore[attr-defined]
    assert "tests/core/test_logs.py:" in json.dumps(line)


def test_a_librarys_traceback_is_cut_to_its_kind() -> None:
    told = f"Traceback (most recent call last):\n  File x\nValueError: {CANARY}\n"
    assert written(logging.ERROR, told)["event"] == "failed: ValueError"


def test_the_database_keeps_what_was_written_out_of_its_complaints(store: Store) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError) as failure, store.engine.begin() as connection:
        connection.execute(User.__table__.insert(), [{"email": CANARY}])  # type: ignore[attr-defined]
    assert CANARY not in str(failure.value).replace(str(failure.value.orig), "")


def test_every_library_writes_into_the_same_log() -> None:
    program = (
        "import logging\n"
        "other = logging.getLogger('streamlit.web')\n"
        "other.addHandler(logging.StreamHandler())\n"
        "access = logging.getLogger('uvicorn.access')\n"
        "access.setLevel('INFO')\n"
        "from core.logs import set_up\n"
        "set_up()\n"
        "other.warning('once')\n"
        "access.info('GET /transactions?text=secret')\n"
        "logging.getLogger('core.x').info('told')\n"
        "logging.getLogger('elsewhere').info('not told')\n"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stderr
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["once", "told"]


def test_what_ends_unforeseen_is_told_without_its_words() -> None:
    program = (
        "import asyncio, gc, threading\n"
        "from core.logs import set_up\n"
        "set_up()\n"
        "async def fail(): int('canary')\n"
        "async def main():\n"
        "    task = asyncio.create_task(fail())\n"
        "    await asyncio.sleep(0)\n"
        "    del task\n"
        "    gc.collect()\n"
        "asyncio.run(main())\n"
        "thread = threading.Thread(target=int, args=('canary',), name='sync')\n"
        "thread.start()\n"
        "thread.join()\n"
        "class Left:\n"
        "    def __del__(self): int('canary')\n"
        "Left()\n"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stderr
    lines = [json.loads(line) for line in said.splitlines()]
    assert "canary" not in said
    assert [line["event"] for line in lines] == [
        "Task exception was never retrieved", "the thread sync ended by a failure", "a failure that nobody waited for",
    ]  # fmt: skip
    assert all(line["failures"][0]["kind"] == "ValueError" for line in lines)
