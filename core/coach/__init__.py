"""The coach: answers about a person's money that come from tools alone, by a language model or without one."""

from core.coach.tools import TOOLS, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.turns import Answered, Asking, Call, Event, Exchange, Failed, Found, Revoked, Step, Usage, Words

__all__ = [
    "TOOLS",
    "Answered",
    "Asking",
    "Call",
    "Curve",
    "Event",
    "Exchange",
    "Failed",
    "Found",
    "Lead",
    "Revoked",
    "Scope",
    "Step",
    "Table",
    "Tool",
    "ToolResult",
    "Usage",
    "Words",
]
