"""How long a result may be: the lists in it are cut, from their ends, until it fits."""

import json
from typing import Any, Final

from core.coach.values import Count, Node, Tree, as_json

LONGEST: Final = 24_000
"""Characters of JSON that a result has at the most."""
_ROOM: Final = 600
"""Characters kept for saying what was cut."""


def bounded(told: Tree) -> Tree:
    """Return what a tool tells, cut where it is too long: the longest list first, and "cut" says how many are left.

    All sums stay: they are of what was found, not of what is told.
    """
    if _length(told) <= LONGEST:
        return told
    kept: dict[str, Node] = dict(told)
    cut: dict[str, Node] = {}
    while (over := _length(kept) - (LONGEST - _ROOM)) > 0:
        lists = {name: node for name, node in kept.items() if isinstance(node, list | tuple) and node}
        if not lists:
            break
        name = max(lists, key=lambda one: _length(lists[one]))
        items = lists[name]
        # Whatever is longest on average may stand at its end: cut by what is really there.
        left = len(items)
        while left and over > 0:
            left -= 1
            over -= _length(items[left]) + 2
        kept[name] = items[:left]
        cut[name] = Count(left)
    return {**kept, "cut": {"note": "Too long to tell in full: of these lists only the first are told.", "told": cut}}


def _length(node: Any) -> int:  # noqa: ANN401 - a tree or any part of one
    return len(json.dumps(as_json(node), ensure_ascii=False))
