"""Settings: nothing is needed, what is wrong is named, and no value of it is ever shown."""

import os
import re
from pathlib import Path

import pytest

from core.config import ROOT, Settings, load
from core.errors import ConfigurationError

FIELDS = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper() in FIELDS]:
        monkeypatch.delenv(name)


def test_nothing_has_to_be_set() -> None:
    settings = load()
    assert settings.fintrack_data_dir == ROOT / "data"
    assert settings.store_url == f"sqlite:///{ROOT / 'data' / 'fintrack.db'}"
    assert settings.plaid_country_codes == ("US",)
    assert not settings.plaid_configured
    assert settings.allow_sign_up


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        monkeypatch.setenv(name, "")
    assert load() == Settings()


@pytest.mark.parametrize("text", ["gb,de", "GB, DE", " gb ,de,", "GB,DE"])
def test_a_list_is_written_with_commas(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PLAID_COUNTRY_CODES", text)
    assert load().plaid_country_codes == ("GB", "DE")


@pytest.mark.parametrize("text", ['["US"]', "USA", "US;GB", ",", "U1"])
def test_a_list_that_is_none_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PLAID_COUNTRY_CODES", text)
    with pytest.raises(ConfigurationError, match=r"PLAID_COUNTRY_CODES: .*US,GB,DE"):
        load()


@pytest.mark.parametrize("text", ["development", "Development "])
def test_plaids_development_environment_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PLAID_ENV", text)
    with pytest.raises(ConfigurationError, match="closed its development environment; use sandbox or production"):
        load()


def test_every_wrong_value_is_named_and_none_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"PLAID_ENV": "s3cret-a", "SMTP_PORT": "s3cret-b", "ALLOW_SIGN_UP": "s3cret-c", "SMTP_SECURITY": "s3cret-d"}
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as failure:
        load()
    said = str(failure.value)
    assert [name for name in wrong if f"{name}: " not in said] == []
    assert "s3cret" not in said
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_secrets_are_not_shown_by_printing_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name in FIELDS if re.search("SECRET|KEY$|PASSWORD|PASSPHRASE|DATABASE_URL", name)]
    for name in names:
        monkeypatch.setenv(name, "s3cret")
    assert len(names) == 13
    for name in ("ISSUER_URL", "CLIENT_ID", "GOOGLE_CLIENT_ID", "MICROSOFT_CLIENT_ID", "GITHUB_CLIENT_ID"):
        monkeypatch.setenv(f"OIDC_{name}", "https://id.example.org")
    monkeypatch.setenv("OIDC_MICROSOFT_TENANT", "consumers")
    assert "s3cret" not in repr(load())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_a_postgres_address_means_the_same_driver(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://ada:pw@localhost/fintrack")
    assert load().store_url == "postgresql+psycopg://ada:pw@localhost/fintrack"


def test_the_data_folder_may_start_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINTRACK_DATA_DIR", "~/money")
    settings = load()
    assert settings.fintrack_data_dir == Path.home() / "money"
    assert settings.store_url == f"sqlite:///{Path.home() / 'money' / 'fintrack.db'}"


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("PLAID_CLIENT_ID=from-file\nPLAID_SECRET=from-file\nUNKNOWN=1\n", "utf-8")
    monkeypatch.setenv("FINTRACK_ENV_FILE", str(file))
    monkeypatch.setenv("PLAID_CLIENT_ID", "from-environment")
    settings = load()
    assert settings.plaid_client_id == "from-environment"
    assert settings.plaid_configured


def test_a_file_that_is_no_text_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_bytes(b"PLAID_SECRET=\xff\xfe\n")
    with pytest.raises(ConfigurationError, match="can't be read as UTF-8 text"):
        load(file)


def _examples() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_the_example_names_exactly_the_settings_there_are() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert sorted(_examples()) == sorted(FIELDS)
    assert [line for line in lines if line and not line.startswith("#")] == []
    for number, line in enumerate(lines):
        if re.match(r"#[A-Z_]+=", line):
            above = next(each for each in reversed(lines[:number]) if not re.match(r"#[A-Z_]+=", each))
            assert above.startswith("# "), f"{line} has no explanation above it"


def test_the_examples_values_are_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("\n".join(f"{name}={value}" for name, value in _examples().items()), "utf-8")
    assert load(file).model_dump(exclude={"fintrack_data_dir"}) == Settings().model_dump(exclude={"fintrack_data_dir"})
    assert Path(_examples()["FINTRACK_DATA_DIR"]) == Settings().fintrack_data_dir.relative_to(ROOT)


def test_the_documentation_names_every_setting() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert [name for name in sorted(FIELDS) if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER_URL", "http://id.example.org"),
        ("OIDC_ISSUER_URL", "id.example.org"),
        ("OIDC_ISSUER_URL", "https://id.example.org?tenant=a"),
        ("OIDC_ISSUER_URL", "https://"),
        ("OIDC_REDIRECT_URL", "http://money.example.org/oauth2callback"),
        ("OIDC_REDIRECT_URL", "https://money.example.org/"),
        ("OIDC_REDIRECT_URL", "https://money.example.org/oauth2callback?a=b"),
        ("OIDC_NAME", "x" * 41),
        ("OIDC_MICROSOFT_BASE_URL", "http://login.example.org"),
        ("OIDC_MICROSOFT_BASE_URL", "https://login.microsoftonline.com/common"),
        ("OIDC_GITHUB_URL", "http://git.example.org"),
        ("OIDC_GITHUB_URL", "https://git.example.org/login"),
        ("OIDC_GITHUB_URL", "https://github.com@git.example.org"),
    ],
)
def test_a_provider_that_can_be_read_along_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        load()


def test_the_order_of_models_is_a_list_of_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().coach_providers == ("gemini", "openai", "anthropic")
    monkeypatch.setenv("COACH_PROVIDERS", "OpenAI, gemini,openai")
    assert load().coach_providers == ("openai", "gemini")
    monkeypatch.setenv("COACH_PROVIDERS", "openai,skynet")
    with pytest.raises(ConfigurationError, match="COACH_PROVIDERS: a comma-separated list of gemini, openai"):
        load()


@pytest.mark.parametrize("name", ["GEMINI_BASE_URL", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"])
def test_the_address_of_a_model_is_one_of_the_web(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:11434/v1/")
    assert getattr(load(), name.lower()) == "http://127.0.0.1:11434/v1"
    monkeypatch.setenv(name, "localhost:11434")
    with pytest.raises(ConfigurationError, match=f"{name}: the address of a server"):
        load()
