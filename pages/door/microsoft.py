"""Microsoft for many tenants at once, as Streamlit can take it.

Microsoft says there that every token's issuer is "{tenantid}", a gap to be filled in by each token's own tenant, which
Streamlit's library takes for the issuer itself and refuses them all. So the server says in Microsoft's place what it
says, without an issuer: signature, app, nonce and time are checked as ever, and the issuer by `core.identity`.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.config import DISCOVERY, TENANT_ID
from core.identity import Provider
from pages.door import loopback

METADATA: Final = f"{loopback.PREFIX}microsoft{DISCOVERY}"


def metadata_route(provider: Provider) -> Route:
    """Return the route of what Microsoft is for its many tenants: the addresses that it documents."""
    authority = f"{provider.issuer.partition(f'/{TENANT_ID}')[0]}/{provider.tenants}"
    said = {
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }

    async def metadata(_request: Request) -> JSONResponse:
        return JSONResponse(said)

    return Route(METADATA, metadata)
