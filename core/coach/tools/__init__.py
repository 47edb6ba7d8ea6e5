"""What the coach can ask of a person's money: one list of tools that only read, for whoever answers."""

from typing import Any, Final

from core.coach.tools.spending import GET_SPENDING
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Screen, Table, Tool, ToolResult

TOOLS: Final[tuple[Tool[Any], ...]] = (GET_SPENDING,)
BY_NAME: Final = {one.name: one for one in TOOLS}

__all__ = ["BY_NAME", "TOOLS", "Arguments", "Curve", "Lead", "Scope", "Screen", "Table", "Tool", "ToolResult"]
