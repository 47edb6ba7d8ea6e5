"""`python -m core ask`: the coach at the terminal shows how it knows."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from core import clock
from core.coach import choose_monthly_tokens, count_question, tokens_used
from core.config import Settings
from core.errors import TooManyAttemptsError
from core.identity import find_user
from core.runtime import Runtime, open_runtime
from core.store import UserId
from tests.core.coach.models import WIRES, asks, says
from tests.core.shell import Shell
from tests.standins.models import KEY, MODEL, ModelStandIn

ADA = "ada@example.org"
MARCH = {"period": {"preset": "own", "first": "2026-03-01", "last": "2026-03-31"}}
NO_KEYS = {f"{one}_API_KEY": "" for one in ("GEMINI", "OPENAI", "ANTHROPIC")}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("ask")
    made = Shell(folder / "data", **NO_KEYS)
    made.told("user", "add", "--email", ADA, "--password", "seven otters juggle lanterns", "--first-name", "Ada")
    path = folder / "march.csv"
    path.write_text("Date,Description,Amount\n2026-03-01,Shop,-12.50\n2026-03-02,Salary,1000.00\n", "utf-8")
    made.told("import", str(path), "--user", ADA, "--account", "Everyday")
    return made


def test_a_question_at_the_terminal_shows_its_proof(shell: Shell) -> None:
    question = "How much did I spend in March 2026?"
    facts = shell.json("ask", "--user", ADA, "--offline", question)
    assert facts["unmatched"] == []
    assert "$12.50" in facts["text"]
    assert {"text": "$12.50", "value": {"amount": "12.50", "currency": "USD"}} in [
        {"text": one["text"], "value": one["value"]} for one in facts["matched"]
    ]
    assert facts["calls"][0]["tool"] == "get_spending_analytics"
    told = shell.told("ask", "--user", ADA, "--offline", question)
    assert "Asked get_spending_analytics" in told
    assert "Answered by offline" in told
    assert "There is no user" in shell.refused("ask", "--user", "nobody@example.org", "--offline", question)


def test_what_a_model_makes_up_is_told_apart(shell: Shell) -> None:
    said = says("You spent [[c1:spent]], that is 12.50 USD, and $999.00 more.")
    with ModelStandIn("gemini", [asks(MARCH), said, said]) as model:
        own = {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": model.url, "GEMINI_MODEL": MODEL}
        facts = Shell(Path(shell.folder), **(NO_KEYS | own)).json("ask", "--user", ADA, "What did I spend in March?")
    assert (facts["provider"], facts["model"]) == ("Gemini", MODEL)
    assert facts["unmatched"] == ["$999.00"]
    assert [(one["text"], one["source"]) for one in facts["matched"]] == [
        ("$12.50", "c1:spent"),
        ("12.50 USD", "c1:spent"),
    ]
    assert "[$999.00 ?]" in facts["text"]
    assert facts["tokens"]["sent"] > 0


def test_bytes_that_are_no_text_and_no_question_are_refused_in_a_sentence(shell: Shell) -> None:
    assert "There is no user" in shell.refused("ask", "--user", "ad\udce9@example.org", "--offline", "How am I doing?")
    assert "There is no user" in shell.refused("mcp", "--user", "ad\udce9@example.org")
    assert "There is no question yet" in shell.refused("ask", "--user", ADA, "--offline", "  ")
    assert "at most" in shell.refused("ask", "--user", ADA, "--offline", "how much " * 500)
    assert shell.told("ask", "--user", ADA, "--offline", "How much at caf\udce9?")


@pytest.mark.parametrize("wire", WIRES)
def test_halves_of_letters_in_a_models_arguments_are_printed_as_question_marks(shell: Shell, wire: str) -> None:
    with ModelStandIn(wire, [asks({"category": "caf\ud800"}), says("Done \ud800.")]) as model:
        own = {f"{wire.upper()}_{name}": value for name, value in _access(model).items()}
        facts = Shell(Path(shell.folder), **(NO_KEYS | own)).json("ask", "--user", ADA, "What did I spend there?")
    assert facts["text"] == "Done ?."
    assert facts["calls"][0]["arguments"] == {"category": "caf?"}


def _access(model: ModelStandIn) -> dict[str, str]:
    return {"API_KEY": KEY, "BASE_URL": model.url, "MODEL": MODEL}


def test_a_month_s_tokens_are_counted_and_end_at_the_terminal_too(shell: Shell) -> None:
    said = says("You spent [[c1:spent]].")
    with ModelStandIn("gemini", [asks(MARCH), said]) as model:
        own = {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": model.url, "GEMINI_MODEL": MODEL}
        with_model = Shell(Path(shell.folder), **(NO_KEYS | own))
        with _house(shell) as (house, user):
            before = tokens_used(house.store, user, clock.today())
        facts = with_model.json("ask", "--user", ADA, "What did I spend in March 2026?")
        with _house(shell) as (house, user):
            used = tokens_used(house.store, user, clock.today())
            choose_monthly_tokens(house.store, user, used)
        assert used - before == facts["tokens"]["sent"] + facts["tokens"]["received"] > 0
        done = with_model.run("ask", "--user", ADA, "What did I spend in March 2026?")
        with _house(shell) as (house, user):
            choose_monthly_tokens(house.store, user, 0)
    assert done.returncode == 0
    assert "Answered by offline" in done.stdout
    assert "used up" in done.stderr


def test_models_are_not_asked_more_than_thirty_times_a_minute_from_the_terminal_either(shell: Shell) -> None:
    with _house(shell) as (house, user), suppress(TooManyAttemptsError):
        for _ in range(30):
            count_question(house.store, house.vault, user)
    keyed = Shell(Path(shell.folder), **(NO_KEYS | {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": "http://127.0.0.1:9"}))
    assert "Too many attempts" in keyed.refused("ask", "--user", ADA, "How am I doing?")
    assert "Answered by offline" in keyed.told("ask", "--user", ADA, "--offline", "How am I doing?")


@contextmanager
def _house(shell: Shell) -> Iterator[tuple[Runtime, UserId]]:
    house = open_runtime(Settings(fintrack_data_dir=shell.folder))
    try:
        user = find_user(house.store, ADA)
        assert user is not None
        yield house, user
    finally:
        house.close()
