"""The one part of questions that is composed anew for each filter: which lines are meant.

DuckDB plans a question sooner that has only those conditions that are asked for. What is composed comes from the fixed
words below, never from a person: values are always parameters.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

CONDITIONS: Final[Mapping[str, str]] = {
    "accounts": "list_contains($accounts::INTEGER[], t.account_id)",
    "categories": "list_contains($categories::INTEGER[], coalesce(t.category_id, 0))",
    "since": "t.date >= $since",
    "until": "t.date <= $until",
    "least": "abs(t.amount) >= $least",
    "most": "abs(t.amount) <= $most",
    "pending": "t.pending = $pending",
    "kinds": "list_contains($kinds::money_kind[], t.kind)",
    "wordings": "get_bit($wordings::BIT, t.wording) = 1",
    "words": "contains(t.search, $words)",
    "tags": "list_has_any(t.tags, $tags::VARCHAR[])",
    "hidden": "t.hidden = $hidden",
    "split": "(t.part > 0) = $split",
    "merchant": "t.name = $merchant",
    "currency": "t.currency = $currency",
    "weekday": "isodow(t.date) = $weekday",
    "tagged": "(len(t.tags) > 0) = $tagged",
}
"""What is asked of a line `t` by each parameter that is given; accounts and categories are ids, 0 for no category."""
_FILTERED: Final = re.compile(r"\bfiltered(_before)? AS t\b")
"""What stands in a question for the lines that are meant; or for those from `before_since` to `before_until`."""
_PARAMETER: Final = re.compile(r"\$(\w+)")


def narrowed(text: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the SQL of a question about filtered lines, and those of its parameters that it still takes.

    Any other question stays as it is.
    """
    if not _FILTERED.search(text):
        return text, dict(parameters)
    given = frozenset(name for name in CONDITIONS if parameters.get(name) is not None)
    narrow, taken = _narrowed(text, given)
    return narrow, {name: value for name, value in parameters.items() if name in taken}


@lru_cache(maxsize=256)
def _narrowed(text: str, given: frozenset[str]) -> tuple[str, frozenset[str]]:
    conditions = [one for name, one in CONDITIONS.items() if name in given]

    def lines(mark: re.Match[str]) -> str:
        asked = " AND ".join(conditions) or "TRUE"
        if mark[1]:
            asked = asked.replace("$since", "$before_since").replace("$until", "$before_until")
        return f"(SELECT * FROM transactions AS t WHERE {asked}) AS t"  # noqa: S608 - fixed words

    narrow = _FILTERED.sub(lines, text)
    return narrow, frozenset(_PARAMETER.findall(narrow))
