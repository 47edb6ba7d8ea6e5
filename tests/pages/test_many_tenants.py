"""Microsoft for many tenants at once: what the server says in its place, and what Streamlit's library makes of that."""

import time
from typing import Any

import httpx2
import jwt
import pytest
from authlib.integrations.starlette_client import OAuth
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.config import Settings
from core.vault import Keys, Vault
from pages.door.provider import metadata_routes, sections
from tests.machine.outside import outside

TENANT = "1234abcd-0000-4000-8000-123456abcdef"
MANY = Settings(
    oidc_microsoft_client_id="ours",
    oidc_microsoft_client_secret=SecretStr("s"),
    oidc_microsoft_tenant="organizations",
)
MICROSOFT = "https://login.microsoftonline.com/organizations"


def checked(token: str, key: rsa.RSAPrivateKey, *, templated: bool = False) -> dict[str, Any]:
    """Return what Streamlit's library takes from an identity token, by what this server says of Microsoft."""

    async def keys(_request: Request) -> JSONResponse:
        told: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return JSONResponse({"keys": [{**told, "kid": "1", "use": "sig"}]})

    async def microsofts(_request: Request) -> JSONResponse:
        issuer = "https://login.microsoftonline.com/{tenantid}/v2.0"
        return JSONResponse({"issuer": issuer, "jwks_uri": f"{MICROSOFT}/discovery/v2.0/keys"})

    routes = [Route("/organizations/discovery/v2.0/keys", keys), Route("/theirs", microsofts), *metadata_routes(MANY)]
    auth: Any = sections(MANY, Vault(Keys.made()), 8502)["auth"]
    address = "http://127.0.0.1:8502/theirs" if templated else auth["microsoft-keep"]["server_metadata_url"]
    client = OAuth().register(
        "microsoft",
        client_id="ours",
        server_metadata_url=address,
        client_kwargs={"transport": httpx2.ASGITransport(app=Starlette(routes=routes))},
    )
    return dict(outside(client.parse_id_token({"id_token": token}, nonce="n")))


def signed(key: rsa.RSAPrivateKey, **changed: Any) -> str:
    now = int(time.time())
    whole = {
        "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0", "tid": TENANT, "aud": "ours", "sub": "grace",
        "nonce": "n", "iat": now, "exp": now + 3600,
    }  # fmt: skip
    claims = {name: value for name, value in {**whole, **changed}.items() if value is not None}
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})


def test_without_the_templates_issuer_all_else_of_a_token_is_still_checked() -> None:
    key, foreign = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    assert checked(signed(key), key)["tid"] == TENANT
    with pytest.raises(Exception, match="iss"):
        checked(signed(key), key, templated=True)
    with pytest.raises(Exception, match="bad_signature"):
        checked(signed(foreign), key)
    past = int(time.time()) - 1000
    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"nonce": "other"}, "nonce"),
        ({"aud": "theirs"}, "azp"),
        ({"exp": past}, "expired"),
        ({"iss": None}, "iss"),
        ({"sub": None}, "sub"),
    )
    for changed, said in refusals:
        with pytest.raises(Exception, match=said):
            checked(signed(key, **changed), key)


def test_people_of_many_tenants_go_to_microsofts_own_addresses() -> None:
    async def ask() -> dict[str, Any]:
        transport = httpx2.ASGITransport(app=Starlette(routes=metadata_routes(MANY)))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8502") as client:
            auth: Any = sections(MANY, Vault(Keys.made()), 8502)["auth"]
            told: dict[str, Any] = (await client.get(auth["microsoft-keep"]["server_metadata_url"])).json()
            return told

    told = outside(ask())
    assert "issuer" not in told
    assert (told["authorization_endpoint"], told["token_endpoint"], told["jwks_uri"]) == (
        f"{MICROSOFT}/oauth2/v2.0/authorize",
        f"{MICROSOFT}/oauth2/v2.0/token",
        f"{MICROSOFT}/discovery/v2.0/keys",
    )
    for tenant in ("consumers", TENANT):
        one = MANY.model_copy(update={"oidc_microsoft_tenant": tenant})
        assert metadata_routes(one) == []
        auth: Any = sections(one, Vault(Keys.made()), 8502)["auth"]
        assert auth["microsoft-keep"]["server_metadata_url"].startswith(f"https://login.microsoftonline.com/{tenant}")
