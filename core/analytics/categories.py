"""How much each category is used."""

from collections.abc import Mapping

from core.cache import Answer, UserCache


def category_rows(cache: UserCache) -> Mapping[int, int]:
    """Return how many transactions, or parts of one, each category has, by its id; 0 is none."""
    with cache.answering() as answer:
        return answer.kept(_rows)


def _rows(answer: Answer) -> Mapping[int, int]:
    return dict(answer("category_rows", {}))
