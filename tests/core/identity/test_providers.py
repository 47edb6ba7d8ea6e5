"""Which sign-in providers the settings make, and what of them is refused in words."""

import pytest

from core.config import load
from core.errors import ConfigurationError
from core.identity import github_of, providers_of

PROVIDERS = (
    {"OIDC_ISSUER_URL": "https://id.example.org", "OIDC_CLIENT_ID": "id", "OIDC_CLIENT_SECRET": "secret"},
    {"OIDC_GOOGLE_CLIENT_ID": "id", "OIDC_GOOGLE_CLIENT_SECRET": "secret"},
    {
        "OIDC_MICROSOFT_CLIENT_ID": "id",
        "OIDC_MICROSOFT_CLIENT_SECRET": "secret",
        "OIDC_MICROSOFT_TENANT": "1234ABCD-0000-4000-8000-123456abcdef",
    },
    {"OIDC_GITHUB_CLIENT_ID": "id", "OIDC_GITHUB_CLIENT_SECRET": "secret"},
)


@pytest.mark.parametrize("names", PROVIDERS)
def test_a_sign_in_provider_that_is_half_set_is_named(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> None:
    assert providers_of(load()) == ()
    for number, (name, value) in enumerate(names.items(), 1):
        monkeypatch.setenv(name, value)
        if number < len(names):
            with pytest.raises(ConfigurationError, match=f"{list(names)[number]}.*: needed too") as told:
                load()
            assert f"{name}:" not in str(told.value)
            assert "secret" not in str(told.value)
    (provider,) = providers_of(load())
    assert (provider.client_id, provider.client_secret.get_secret_value()) == ("id", "secret")


def test_four_sign_in_providers_at_once_each_have_an_issuer_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for names in PROVIDERS:
        for name, value in names.items():
            monkeypatch.setenv(name, value)
    assert [(one.name, one.issuer) for one in providers_of(load())] == [
        ("Google", "https://accounts.google.com"),
        ("Microsoft", "https://login.microsoftonline.com/1234abcd-0000-4000-8000-123456abcdef/v2.0"),
        ("GitHub", "https://github.com/login/oauth"),
        ("OpenID Connect", "https://id.example.org"),
    ]
    for issuer in ("https://accounts.google.com/", "https://github.com/login/oauth"):
        monkeypatch.setenv("OIDC_ISSUER_URL", issuer)
        with pytest.raises(ConfigurationError, match="OIDC_ISSUER_URL: another provider than Google, Microsoft and"):
            load()


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("https://github.com", "https://api.github.com"),
        ("https://GitHub.com/", "https://api.github.com"),
        ("https://octocorp.ghe.com", "https://api.octocorp.ghe.com"),
        ("https://git.example.org", "https://git.example.org/api/v3"),
        ("https://ghe.com.example.org:8443", "https://ghe.com.example.org:8443/api/v3"),
    ],
)
def test_github_has_one_address_and_another_for_questions(
    monkeypatch: pytest.MonkeyPatch, address: str, api: str
) -> None:
    for name, value in {**PROVIDERS[3], "OIDC_GITHUB_URL": address}.items():
        monkeypatch.setenv(name, value)
    github, (provider,) = github_of(load()), providers_of(load())
    assert github is not None
    assert (github.api, github.url) == (api, address.lower().rstrip("/"))
    assert provider.issuer == f"{github.url}/login/oauth"
    assert not provider.asks_again
    assert "secret" not in repr((github, provider)).replace("client_secret", "")


@pytest.mark.parametrize(
    ("tenant", "told"),
    [
        ("contoso.onmicrosoft.com", "the tenant's id, such as"),
        ("../common", "the tenant's id, such as"),
    ],
)
def test_a_tenant_of_microsofts_is_one_by_its_id(monkeypatch: pytest.MonkeyPatch, tenant: str, told: str) -> None:
    monkeypatch.setenv("OIDC_MICROSOFT_TENANT", tenant)
    with pytest.raises(ConfigurationError, match=f"OIDC_MICROSOFT_TENANT: {told}"):
        load()
    monkeypatch.setenv("OIDC_MICROSOFT_TENANT", "")
    monkeypatch.setenv("OIDC_ISSUER_URL", "https://login.microsoftonline.com/common/v2.0")
    with pytest.raises(ConfigurationError, match="OIDC_ISSUER_URL: at Microsoft the address of one tenant"):
        load()


@pytest.mark.parametrize("tenants", ["common", "Organizations"])
def test_behind_some_of_microsofts_names_are_many_tenants_each_with_an_issuer(
    monkeypatch: pytest.MonkeyPatch, tenants: str
) -> None:
    for name, value in {**PROVIDERS[2], "OIDC_MICROSOFT_TENANT": tenants}.items():
        monkeypatch.setenv(name, value)
    (microsoft,) = providers_of(load())
    base, one = "https://login.microsoftonline.com", "1234abcd-0000-4000-8000-123456abcdef"
    assert microsoft.signs_as(f"{base}/{one}/v2.0")
    assert microsoft.signs_as(f"{base}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0") == (tenants == "common")
    for wrong in (
        *(f"{base}/{tenant}/v2.0" for tenant in ("common", "organizations", "{tenantid}", "", one.upper(), f"{one}/x")),
        f"{base}/{one}/v2.0/", f"{base}/{one}", f"https://login.example.org/{one}/v2.0", one, "",
    ):  # fmt: skip
        assert not microsoft.signs_as(wrong), wrong
    for name, value in {**PROVIDERS[0], "OIDC_ISSUER_URL": f"{base}/{one}/v2.0"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="OIDC_ISSUER_URL: another provider than Google, Microsoft and"):
        load()


def test_personal_accounts_are_a_tenant_of_microsofts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**PROVIDERS[2], "OIDC_MICROSOFT_TENANT": "consumers"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OIDC_MICROSOFT_BASE_URL", "https://login.microsoftonline.us/")
    (microsoft,) = providers_of(load())
    assert microsoft.issuer == "https://login.microsoftonline.us/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"


@pytest.mark.parametrize("issuer", ["https://id.example.org/realm", "https://id.example.org/", "http://localhost:9000"])
def test_an_issuer_may_be_given_by_its_metadata(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    for name, value in PROVIDERS[0].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OIDC_ISSUER_URL", f" {issuer.rstrip('/')}/.well-known/openid-configuration")
    (given,) = providers_of(load())
    monkeypatch.setenv("OIDC_ISSUER_URL", issuer)
    (plain,) = providers_of(load())
    assert plain.metadata_url == given.metadata_url == f"{issuer.rstrip('/')}/.well-known/openid-configuration"
