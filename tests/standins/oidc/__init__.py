"""An OpenID Connect provider on loopback, and GitHub, which is none."""

from tests.standins.oidc.github import VERIFIER, Account, GitHubSite
from tests.standins.oidc.server import CLIENT_ID, CLIENT_SECRET, OidcProvider, Person

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "VERIFIER", "Account", "GitHubSite", "OidcProvider", "Person"]
