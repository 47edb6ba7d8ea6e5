"""How soon words of a model are there after it sent them, what a round of tools costs, and how long the SDKs load."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from core import clock
from core.coach import Answered, Scope, Words
from core.coach.agent import answer
from core.config import ROOT
from tests.bench.conftest import Figures
from tests.core.coach.household import NOON, demo_scope
from tests.core.coach.models import NAMES, WIRES, asks, provider_for
from tests.standins.models import Answer, ModelStandIn

pytestmark = pytest.mark.bench

QUESTIONS = 12
FIRST = 150.0
"""Milliseconds from the first piece that a model sends to its words here."""
LIBRARIES = {"gemini": "google.genai.types", "openai": "openai", "anthropic": "anthropic"}


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scope]:
    """Return a demo household, while it is 20 March 2026."""
    with demo_scope(tmp_path_factory.mktemp("coach")) as opened, clock.frozen(NOON):
        yield opened


@pytest.mark.parametrize("wire", WIRES)
def test_words_are_there_soon_after_the_model_sent_them(wire: str, scope: Scope, figures: Figures) -> None:
    late: list[float] = []
    rounds: list[float] = []
    never = threading.Event()
    with ModelStandIn(wire) as model:
        provider = provider_for(model)
        for _ in range(QUESTIONS):
            model.answers[:] = [asks(), Answer(("You ", "spent."), wait=0.05)]
            came = 0.0
            for event in answer(scope, "What did I spend?", (), [provider], never):
                if isinstance(event, Words) and not came:
                    came = time.perf_counter()
            assert isinstance(event, Answered)
            first, second = model.began[-2:]
            late.append((came - second) * 1000)
            rounds.append((model.came[-1] - first - event.found[0].seconds) * 1000)
    figures.add(f"First words of {NAMES[wire]}, after it sent them", median(late), "ms", FIRST)
    figures.add(f"The same, the slowest of {QUESTIONS}", max(late), "ms", FIRST)
    figures.add(f"A round of tools with {NAMES[wire]}, without the tool itself", median(rounds), "ms", 50.0)
    assert median(late) < FIRST


@pytest.mark.parametrize("wire", WIRES)
def test_an_sdk_loads_when_it_is_first_asked(wire: str, figures: Figures, tmp_path: Path) -> None:
    program = f"import time; began = time.perf_counter(); import {LIBRARIES[wire]}; print(time.perf_counter() - began)"
    taken = [
        float(subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    figures.add(f"The SDK of {NAMES[wire]} loads, once, with the first question", min(taken), "s")
