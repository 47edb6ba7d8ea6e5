"""A text that rows are searched for, as a parameter of a question."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Searched:
    """A text that rows are searched for.

    It stands for the parameters `wordings` and `words`, which each database finds out for itself (`meant_wordings`):
    the ids of wordings are others in a cache that was made anew between two questions.
    """

    text: str
