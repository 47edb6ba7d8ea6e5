"""What the offline coach's sense of intent is learned from: our own wordings, with marks where names and figures stand.

They lie in `wordings.txt`, a section for each intent, and are kept strictly apart from the questions that it is judged
by (`questions.csv`). Marks: xcat, xmer, xacc, xgoal (names), xper (a period), xcmp (held against another), xamt, xcnt,
xahead (days to come). The last section has words that every question may have.
"""

from pathlib import Path
from typing import Final

LAST: Final = "function words"


def sections(text: str) -> dict[str, tuple[str, ...]]:
    """Return the lines under each title, which stands in brackets on a line of its own."""
    found: dict[str, tuple[str, ...]] = {}
    for section in text.removeprefix("[").split("\n["):
        title, _, lines = section.partition("]\n")
        found[title] = tuple(filter(None, lines.splitlines()))
    return found


WORDINGS: Final = sections((Path(__file__).parent / "wordings.txt").read_text("utf-8"))
FUNCTION_WORDS: Final = " ".join(WORDINGS.pop(LAST)).split()
