"""The coach's tools at 100,000 transactions: what a tool adds to the room behind it, and what a round adds to both."""

import cProfile
import json
import pstats
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from core import clock
from core.cache import Caches
from core.coach import Answered, Scope
from core.coach.agent import answer
from core.coach.tools import BY_NAME
from core.coach.values import as_json
from core.identity import profile
from core.insights import generate
from core.planning import GoalWish, add_goal, set_limit
from tests.bench.conftest import Figures, paired
from tests.bench.forgetful import forgetful
from tests.bench.rows import TODAY, filled_store
from tests.core.coach.models import asks, provider_for, says
from tests.standins.models import ModelStandIn

pytestmark = pytest.mark.bench

ROWS = 100_000
ALLOWED = 50.0
"""Milliseconds that a tool itself may take: names, arguments and result, without what the room behind asks."""
OURS = str(Path("core") / "coach")
ASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "summary": ("get_dashboard_summary", {}),
    "spending of a month": ("get_spending_analytics", {"period": {"against": "before"}}),
    "spending of all, by day": ("get_spending_analytics", {"period": {"preset": "all"}, "by": "day"}),
    "spending on a category and merchant": (
        "get_spending_analytics",
        {"period": {"preset": "12m"}, "category": "groceries", "merchant": "greenleaf market", "by": "month"},
    ),
    "spending, a merchant with a slip": (
        "get_spending_analytics",
        {"period": {"preset": "12m"}, "merchant": "grenleaf markt"},
    ),
    "transactions of a month": ("list_transactions", {}),
    "transactions of all, the largest": ("list_transactions", {"period": {"preset": "all"}, "order": "largest"}),
    "transactions of all, the oldest": ("list_transactions", {"period": {"preset": "all"}, "order": "oldest"}),
    "transactions with a text": ("list_transactions", {"period": {"preset": "all"}, "text": "green", "limit": 50}),
    "cash flow of all": ("get_cash_flow", {"period": {"preset": "all"}}),
    "net worth of all": ("get_net_worth", {"period": {"preset": "all"}}),
    "accounts": ("list_accounts", {}),
    "budgets": ("list_budgets", {}),
    "goals": ("list_goals", {}),
    "subscriptions": ("list_subscriptions", {}),
    "bills": ("list_bills", {}),
    "insights": ("list_insights", {"limit": 25}),
    "forecast": ("get_forecast", {}),
    "calculate": ("calculate", {"refs": ["c1:groups.*.spent"], "op": "sum"}),
    "query": ("run_query", {"sql": "SELECT * FROM transactions"}),
}
ROUNDS = 5


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scope]:
    folder = tmp_path_factory.mktemp("coach-tools")
    store, user = filled_store(folder, ROWS)
    caches = Caches(folder / "cache", store)
    cache = caches.of(user)
    cache.refresh()
    for category in (8, 9, 15, 17):
        set_limit(store, user, category, date(2025, 1, 1), Decimal(1000), carries=True)
    add_goal(store, user, GoalWish("Roof", Decimal(100_000), "USD", date(TODAY.year + 1, 1, 1)))
    with clock.frozen(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)):
        generate(store, user, cache, TODAY)
        opened = Scope(store, cache, profile(store, user))
        yield opened.knowing({"c1": BY_NAME["get_spending_analytics"].run(opened, {}).told})
    caches.close()
    store.close()


def own_milliseconds(profiled: cProfile.Profile) -> float:
    """Return what was spent in the coach's own code and in what it calls that is of no other room of ours."""
    stats = pstats.Stats(profiled).stats  # type: ignore[attr-defined]  # kept by pstats, told by no stub
    rooms = {
        key: told
        for key, told in stats.items()
        if f"{Path('core')}/" in key[0].replace("\\", "/") and OURS not in key[0]
    }
    # What enters another room from the coach, with all that happens in there.
    entered = sum(callers[3] for told in rooms.values() for caller, callers in told[4].items() if OURS in caller[0])
    whole = max(told[3] for key, told in stats.items() if key[2] == "run" and OURS in key[0])
    return float(max(whole - entered, 0.0) * 1000)


@pytest.mark.parametrize("what", list(ASKS))
def test_a_tool_costs_little_beside_its_room(scope: Scope, figures: Figures, what: str) -> None:
    name, given = ASKS[what]
    run = forgetful(scope.cache, partial(BY_NAME[name].run, scope, given))
    length = len(json.dumps(as_json(run().told), ensure_ascii=False))
    (seconds,) = paired(5, run)
    profiled = cProfile.Profile()
    profiled.runcall(run)
    own = own_milliseconds(profiled)
    figures.add(f"coach, {what}, {ROWS:,} rows, with its room", seconds * 1000, "ms", note=f"{length:,} letters")
    figures.add("  of it the tool's own, under a profiler", own, "ms", ALLOWED)
    assert own <= ALLOWED


@pytest.mark.parametrize("what", [one for one in ASKS if one != "calculate"])
def test_a_round_of_a_model_costs_little_beside_the_room(scope: Scope, figures: Figures, what: str) -> None:
    name, given = ASKS[what]
    run = forgetful(scope.cache, partial(BY_NAME[name].run, scope, given))
    run()
    within, rounds, beside = [], [], []
    with ModelStandIn("gemini") as model:
        provider = provider_for(model, silence=60.0)
        for _ in range(ROUNDS):
            profiled = cProfile.Profile()
            profiled.runcall(run)
            within.append(own_milliseconds(profiled))
            model.answers[:] = [asks(given, name), says("Done.")]
            *_, answered = answer(scope, "Well?", (), [provider], threading.Event())
            assert isinstance(answered, Answered)
            (found,) = answered.found
            assert found.result is not None
            # From the model's call to its next question, with the result in it.
            rounds.append((model.came[-1] - model.began[-2]) * 1000)
            beside.append(rounds[-1] - found.seconds * 1000)
    own = median(beside) + median(within)
    figures.add(
        f"coach, a round: {what}, {ROWS:,} rows", median(rounds), "ms", note="from its call to the next question"
    )
    figures.add("  of it not the room's", own, "ms", ALLOWED, note=f"{median(beside):.1f} ms of it around the tool")
    assert own <= ALLOWED
