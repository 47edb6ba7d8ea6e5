"""An OpenID Connect provider on loopback."""

from tests.standins.oidc.server import CLIENT_ID, CLIENT_SECRET, OidcProvider, Person

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "OidcProvider", "Person"]
