"""One round of tools: all that a model wants to know at once, asked in parallel, told back in bounds."""

import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event as Flag
from typing import Any, Final

from core.coach.tools import Scope, Tool
from core.coach.turns import Call, Found, Step
from core.coach.values import JSON, as_json
from core.errors import FinTrackError
from core.formats import one_line

AT_ONCE: Final = 4
"""So many tools work at the same time."""
MOST_CALLS: Final = 8
"""So many are asked in one round; a model that wants more is told so."""
LONGEST_RESULT: Final = 26_000
"""Letters of JSON that a model is told of one result: tools cut their lists to less; one without any may be longer."""
LONGEST_FAILURE: Final = 600
LOOKING: Final = 0.1

log: Final = logging.getLogger(__name__)


def ask_tools(
    scope: Scope, tools: Mapping[str, Tool[Any]], calls: Sequence[Call], stop: Flag, deadline: float
) -> Iterator[Step | Found]:
    """Ask all of them; yield a step for each, then what was found, in the order in which it comes.

    Ends early where `stop` is set; what is not there by `deadline` (monotonic) is found to have taken too long.
    """
    for call in calls:
        yield Step(call)
    yield from (Found(call, None, f"Only {MOST_CALLS} tools can be asked at once.") for call in calls[MOST_CALLS:])
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="coach-tool")
    try:
        open_: dict[Future[Found], Call] = {pool.submit(_ask, scope, tools, call): call for call in calls[:MOST_CALLS]}
        while open_ and not stop.is_set() and time.monotonic() < deadline:
            done, _ = wait(open_, timeout=LOOKING, return_when=FIRST_COMPLETED)
            for one in done:
                del open_[one]
                yield one.result()
    finally:
        # A tool can't be interrupted: one that is left ends by itself, and nobody waits for it.
        pool.shutdown(wait=False, cancel_futures=True)
    if not stop.is_set():
        yield from (Found(call, None, "This took too long.") for call in open_.values())


def _ask(scope: Scope, tools: Mapping[str, Tool[Any]], call: Call) -> Found:
    began = time.perf_counter()
    tool = tools.get(call.tool)
    if tool is None:
        return Found(call, None, f"There is no such tool. There are: {', '.join(tools)}.")
    try:
        result = tool.run(scope, call.arguments)
    except FinTrackError as failure:
        return Found(call, None, str(failure), time.perf_counter() - began)
    except Exception:
        log.exception("a tool failed")
        return Found(call, None, "This tool failed.", time.perf_counter() - began)
    return Found(call, result, "", time.perf_counter() - began)


def told_back(found: Found) -> str:
    """Return what a model is told of an answer, as JSON: its call's id for references, and the result or the failure.

    A failure may quote names of shops, so that it is marked as words from outside like them.
    """
    if found.result is None:
        told: dict[str, JSON] = {"call": found.call.id, "error": {"outside": one_line(found.failure, LONGEST_FAILURE)}}
        return json.dumps(told, ensure_ascii=False)
    text = json.dumps({"call": found.call.id, "result": as_json(found.result.told)}, ensure_ascii=False)
    if len(text) > LONGEST_RESULT:
        return json.dumps({"call": found.call.id, "error": {"outside": "The result is too large. Ask for less."}})
    return text
