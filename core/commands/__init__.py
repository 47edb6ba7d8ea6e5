"""The commands of `python -m core`, besides those that stand in `core/__main__.py` itself."""

from core.commands.asking import query
from core.commands.coaching import ask, mcp
from core.commands.keeping import backup, export, restore
from core.commands.noticing import insights
from core.commands.people import user
from core.commands.reporting import report
from core.commands.terminal import opened, say, tell_progress, user_of

__all__ = [
    "ask",
    "backup",
    "export",
    "insights",
    "mcp",
    "opened",
    "query",
    "report",
    "restore",
    "say",
    "tell_progress",
    "user",
    "user_of",
]
