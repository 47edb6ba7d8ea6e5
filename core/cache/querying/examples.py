"""Queries to begin with: each answers what people ask of their money, and shows a way of asking.

They are files in `examples/`, in the order of their names; the comment at the beginning is the question in words.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class QueryExample:
    """A question in words, and the query that answers it."""

    title: str
    sql: str


def _read(path: Path) -> QueryExample:
    title, _, sql = path.read_text("utf-8").partition("\n")
    return QueryExample(title.removeprefix("-- "), sql.strip())


EXAMPLES: Final = tuple(_read(path) for path in sorted(_FOLDER.glob("*.sql")))
"""In the order in which they are offered."""
