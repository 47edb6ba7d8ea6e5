"""`python -m core ask`: the coach at the terminal shows how it knows."""

from pathlib import Path

import pytest

from tests.core.coach.models import asks, says
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
