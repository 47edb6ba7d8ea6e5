"""Language models, each behind its official SDK; nothing else of the product knows them."""

from core.coach.providers.provider import TROUBLE, Provider, Request, ToolDefinition

__all__ = ["TROUBLE", "Provider", "Request", "ToolDefinition"]
