"""Who answers: the models of the settings in their order, and the offline coach where none of them can."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from core.coach import OFFLINE, Answered, Asking, Coach, Event, Failed, Scope, Standing, coach_for
from core.config import ROOT, Settings
from core.errors import CoachBlockedError, CoachKeyError
from tests.core.coach.models import kinds, says
from tests.standins.models import KEY, MODEL, Answer, ModelStandIn

QUESTION = "How much did I spend last month?"
BUSY = Answer(error="busy")
Build = Callable[..., Coach]


@pytest.fixture
def coach_of() -> Iterator[Build]:
    """Return how to make a coach with settings for stand-ins, in their order."""
    with ExitStack() as stack:

        def build(*models: ModelStandIn, **more: object) -> Coach:
            told: dict[str, object] = {"coach_providers": ",".join(model.wire for model in models), **more}
            for model in models:
                stack.enter_context(model)
                own = {"api_key": KEY, "model": MODEL, "base_url": model.url}
                told |= {f"{model.wire}_{name}": value for name, value in own.items()}
                told |= {name: value for name, value in more.items() if name.startswith(model.wire)}
            coach = coach_for(Settings.model_validate(told))
            stack.callback(coach.close)
            return coach

        yield build


def _ask(coach: Coach, scope: Scope, prefer: str = "", stop: threading.Event | None = None) -> list[Event]:
    return list(coach.answer(scope, QUESTION, (), stop or threading.Event(), prefer))


def _askings(events: list[Event]) -> list[Asking]:
    return [one for one in events if isinstance(one, Asking)]


def test_without_any_key_the_offline_coach_answers(scope: Scope, coach_of: Build) -> None:
    coach = coach_of()
    events = _ask(coach, scope)
    assert _askings(events) == [Asking("offline", "")]
    assert isinstance(events[-1], Answered)
    assert events[-1].provider == "offline"
    assert coach.status() == (Standing("offline", "offline", "", ready=True),)


def test_models_are_asked_in_the_order_of_the_settings(scope: Scope, coach_of: Build) -> None:
    coach = coach_of(ModelStandIn("anthropic", [says("One.")]), ModelStandIn("gemini", [says("Two.")]))
    assert [one.key for one in coach.status()] == [f"anthropic/{MODEL}", f"gemini/{MODEL}", "offline"]
    assert kinds(_ask(coach, scope)) == ["Asking", "Words", "Answered"]
    assert _askings(_ask(coach, scope)) == [Asking("Anthropic", MODEL)]


def test_the_model_that_a_person_prefers_goes_first(scope: Scope, coach_of: Build) -> None:
    coach = coach_of(ModelStandIn("gemini", [says("One.")]), ModelStandIn("anthropic", [BUSY]))
    events = _ask(coach, scope, f"anthropic/{MODEL}")
    assert _askings(events) == [
        Asking("Anthropic", MODEL),
        Asking("Gemini", MODEL, "Anthropic is overloaded just now."),
    ]
    assert _askings(_ask(coach, scope, OFFLINE)) == [Asking("offline", "")]
    assert _askings(_ask(coach, scope, "nobody/nothing")) == [Asking("Gemini", MODEL)]


def test_further_models_are_asked_only_where_preferred(scope: Scope, coach_of: Build) -> None:
    gemini = ModelStandIn("gemini", [says("One.")])
    coach = coach_of(gemini, gemini_model="unknown", gemini_models=f"unknown,{MODEL}")
    assert [one.model for one in coach.status()] == ["unknown", MODEL, ""]
    assert _askings(_ask(coach, scope, f"gemini/{MODEL}")) == [Asking("Gemini", MODEL)]
    failed = _ask(coach, scope)[-1]
    assert isinstance(failed, Failed)
    assert 'knows no model "unknown"' in failed.error.sentence


def test_the_offline_coach_is_last_and_says_why(scope: Scope, coach_of: Build) -> None:
    coach = coach_of(ModelStandIn("gemini", [Answer(("You spent",), cut=True)]), ModelStandIn("openai", [BUSY]))
    events = _ask(coach, scope)
    first, second, *_, last = _askings(events)
    assert first.provider == "Gemini"
    assert last == Asking("offline", "", f"{second.provider} is overloaded just now.")
    assert isinstance(events[-1], Answered)


def test_one_that_keeps_failing_is_left_alone_and_asked_again_later(scope: Scope, coach_of: Build) -> None:
    gemini = ModelStandIn("gemini", [Answer(error="quota", retry_after="40"), says("Back.")])
    coach = coach_of(gemini, ModelStandIn("anthropic", [says("Done.")]))
    assert len(_askings(_ask(coach, scope))) == 2
    standing = coach.status()[0]
    assert not standing.ready
    assert 30 < standing.seconds <= 40
    assert standing.because.startswith("Gemini is left alone for another ")
    (only,) = _askings(_ask(coach, scope))
    assert only.provider == "Anthropic"
    assert only.because.startswith("Gemini is left alone for another ")
    assert len(gemini.asked) == 1


def test_the_only_key_that_is_wrong_is_for_the_person_to_mend(scope: Scope, coach_of: Build) -> None:
    coach = coach_of(ModelStandIn("gemini", [says("Done.")]), gemini_api_key="another")
    failed = _ask(coach, scope)[-1]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, CoachKeyError)
    assert coach.status()[0].ready


def test_a_wrong_key_behind_one_that_is_down_leaves_it_to_the_offline_coach(scope: Scope, coach_of: Build) -> None:
    models = ModelStandIn("gemini", [BUSY]), ModelStandIn("openai", [says("Done.")])
    events = _ask(coach_of(*models, openai_api_key="another"), scope)
    assert isinstance(events[-1], Answered)
    last = _askings(events)[-1]
    assert last.provider == "offline"
    assert last.because.endswith("refuses the key.")


def test_a_question_that_is_refused_is_not_asked_elsewhere(scope: Scope, coach_of: Build) -> None:
    coach = coach_of(ModelStandIn("gemini", [Answer(end="blocked")]))
    failed = _ask(coach, scope)[-1]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, CoachBlockedError)


def test_who_stops_gets_no_other_answer(scope: Scope, coach_of: Build) -> None:
    stop = threading.Event()
    coach = coach_of(ModelStandIn("gemini", [Answer(("a",) * 40, between=0.05, cut=True)]))
    events = coach.answer(scope, QUESTION, (), stop)
    assert kinds([next(events), next(events)]) == ["Asking", "Words"]
    stop.set()
    assert not [one for one in events if isinstance(one, Asking | Answered | Failed)]


def test_a_server_of_ones_own_needs_no_key_and_goes_by_its_host(scope: Scope, coach_of: Build) -> None:
    model = ModelStandIn("openai", [says("Done.")], keyless=True)
    coach = coach_of(model, openai_api_key="")
    assert _askings(_ask(coach, scope)) == [Asking(model.host, MODEL)]


def test_a_library_that_is_missing_is_told_and_passed_over(
    scope: Scope, coach_of: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "anthropic", None)  # what a library that is not there looks like to all imports
    coach = coach_of(ModelStandIn("anthropic", [says("One.")]), ModelStandIn("gemini", [says("Two.")]))
    assert coach.status()[0].because == "The library for Anthropic is not installed."
    assert _askings(_ask(coach, scope)) == [Asking("Gemini", MODEL, "The library for Anthropic is not installed.")]


def test_no_library_of_a_model_is_loaded_before_somebody_is_about_to_ask_and_then_the_first_ones_alone() -> None:
    program = """
import sys, threading, time
from core.coach import coach_for
from core.config import Settings

def loaded():
    return [name for name in ("google.genai", "openai", "anthropic") if name in sys.modules]

coach = coach_for(Settings(gemini_api_key="k", openai_api_key="k", anthropic_api_key="k"))
coach.status()
print(loaded())
coach.make_ready()
coach.make_ready()
for one in threading.enumerate():
    if one.name == "coach-ready":
        one.join()
print(loaded())
coach.close()
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "['google.genai']"]


@pytest.mark.parametrize("error", ["quota", "busy"])
@pytest.mark.parametrize("told", ["1", ""])
def test_the_only_model_is_waited_for_where_that_is_short(scope: Scope, coach_of: Build, error: str, told: str) -> None:
    if error == "busy":
        told = told or "0.2"
    coach = coach_of(ModelStandIn("openai", [Answer(error=error, retry_after=told), says("Done.")]))  # type: ignore[arg-type]
    events = _ask(coach, scope)
    assert kinds(events) == ["Asking", "Asking", "Words", "Answered"]
    assert coach.status()[0].ready


def test_figures_of_the_offline_coach_are_proven_too(scope: Scope, coach_of: Build) -> None:
    answered = _ask(coach_of(), scope)[-1]
    assert isinstance(answered, Answered)
    assert answered.grounded.matched
    assert answered.grounded.unmatched == ()
