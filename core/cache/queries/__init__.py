"""The questions that can be asked of a cache: one `.sql` file each, named after what it answers.

Every file begins with a comment: the question, its `$parameters` and the columns of its answer.
"""

from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


@cache
def query_text(name: str) -> str:
    """Return the SQL of the question called `name`.

    Raises:
        KeyError: there is no such question.
    """
    path = FOLDER / f"{name}.sql"
    if not path.is_file():
        raise KeyError(name)
    return path.read_text("utf-8")


def query_names() -> tuple[str, ...]:
    """Return the names of all questions."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
