"""Vonage's Verify v2 on loopback, by TLS as the SDK insists."""

from tests.standins.vonage.server import APPLICATION, VonageStandIn

__all__ = ["APPLICATION", "VonageStandIn"]
