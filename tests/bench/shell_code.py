"""The app's shell as the server holds it: compiled once, not in each run."""

from functools import cache
from pathlib import Path
from types import CodeType
from typing import Final

SHELL: Final = Path(__file__).resolve().parents[2] / "pages" / "shell" / "app.py"


@cache
def code() -> CodeType:
    """Return the shell's code."""
    return compile(SHELL.read_text("utf-8"), str(SHELL), "exec")
