"""The sign-in providers (OpenID Connect) that the settings name: Google, Microsoft, GitHub and one of the owner's own.

GitHub speaks OAuth 2 alone, and a bridge in the server makes OpenID Connect of it (`pages/door/github.py`). Each has an
issuer of its own, which the settings see to: by it a token of one is never taken for one of another. At Microsoft there
can be many, one for each company; who is behind one of them vouches for no e-mail address.
"""

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import SecretStr

from core.config import DISCOVERY, GOOGLE, MANY, PERSONAL, TENANT, TENANT_ID, Settings

ProviderKey = Literal["google", "microsoft", "github", "own"]


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, and this app's keys there."""

    key: ProviderKey
    name: str
    """As buttons call it."""
    issuer: str
    client_id: str
    client_secret: SecretStr
    tenants: str = ""
    """At Microsoft, where there are many: "common" with personal accounts, "organizations" without."""

    def signs_as(self, issuer: str) -> bool:
        """Tell whether `issuer` is this provider's: of many tenants any one's, of others the one that it has."""
        if not self.tenants:
            return issuer.rstrip("/") == self.issuer.rstrip("/")
        before, after = self.issuer.split(TENANT_ID)
        tenant = issuer.removeprefix(before).removesuffix(after)
        allowed = bool(TENANT.fullmatch(tenant)) and (tenant != PERSONAL or self.tenants == "common")
        return allowed and issuer == self.issuer_of(tenant)

    def issuer_of(self, tenant: object) -> str:
        """Return the issuer for the tenant that a token names; it is the same for all where there is one."""
        return self.issuer.replace(TENANT_ID, str(tenant))

    @property
    def metadata_url(self) -> str:
        """Return where the provider describes itself; GitHub doesn't."""
        return self.issuer.rstrip("/") + DISCOVERY

    @property
    def asks_again(self) -> bool:
        """Tell whether it can be made to ask for the password again. Google and GitHub know no such prompt."""
        return self.key != "github" and self.issuer.rstrip("/") != GOOGLE


def providers_of(settings: Settings) -> tuple[Provider, ...]:
    """Return the providers at which people may sign in, in the order in which they are offered."""
    wanted = settings
    every: Final = (
        Provider("google", "Google", GOOGLE, wanted.oidc_google_client_id, wanted.oidc_google_client_secret),
        Provider(
            "microsoft",
            "Microsoft",
            wanted.oidc_microsoft_issuer,
            wanted.oidc_microsoft_client_id,
            wanted.oidc_microsoft_client_secret,
            wanted.oidc_microsoft_tenant if wanted.oidc_microsoft_tenant in MANY else "",
        ),
        Provider(
            "github",
            "GitHub",
            wanted.oidc_github_issuer,
            wanted.oidc_github_client_id,
            wanted.oidc_github_client_secret,
        ),
        Provider("own", wanted.oidc_name, wanted.oidc_issuer_url, wanted.oidc_client_id, wanted.oidc_client_secret),
    )
    # The settings are refused where one is half set.
    return tuple(one for one in every if one.client_id)
