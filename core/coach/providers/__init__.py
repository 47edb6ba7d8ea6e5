"""Language models, each behind its official SDK; nothing else of the product knows them."""

from core.coach.providers.provider import Provider, Request, ToolDefinition

__all__ = ["Provider", "Request", "ToolDefinition"]
