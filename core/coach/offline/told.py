"""What tools found, to be referred to from sentences: a reference is given out only where something stands."""

import re
from collections.abc import Sequence
from typing import Final

from core import clock
from core.coach.offline.dates import When
from core.coach.offline.reading import Slots
from core.coach.tools import Scope
from core.coach.turns import Found
from core.coach.values import Count, Node, Text, at

MOST_LINES: Final = 5
MOST_MONTHS: Final = 12


class UntellableError(LookupError):
    """What a tool found has not what the sentence needs."""


class Told:
    """What one tool found, to be referred to."""

    def __init__(self, found: Found) -> None:
        if found.result is None:
            raise UntellableError(found.failure)
        self.call, self.tree = found.call.id, found.result.told

    def node(self, path: str) -> Node:
        """Return what stands at a path, None where nothing does."""
        try:
            return at(self.tree, path)
        except KeyError:
            return None

    def ref(self, *paths: str) -> str:
        """Return the reference to the first of some paths at which something stands.

        Raises:
            UntellableError: at none of them.
        """
        for path in paths:
            if self.node(path) is not None:
                return f"[[{self.call}:{path}]]"
        raise UntellableError(paths[0])

    def count(self, path: str) -> int:
        """Return the count at a path."""
        node = self.node(path)
        if not isinstance(node, Count):
            raise UntellableError(path)
        return node.count

    def place(self, path: str, name: str, called: str) -> str:
        """Return the path of that one in the list at a path whose `name` is `called`.

        Raises:
            UntellableError: there is none.
        """
        for number in range(self.many(path)):
            node = self.node(f"{path}.{number}.{name}")
            if isinstance(node, Text) and node.text == called:
                return f"{path}.{number}"
        raise UntellableError(called)

    def many(self, path: str) -> int:
        """Return how many stand in the list at a path."""
        node = self.node(path)
        return len(node) if isinstance(node, Sequence) and not isinstance(node, str) else 0

    def days(self, name: str = "period") -> str:
        """Return the words for a period: "from … to …", or "on …" for one day."""
        first, last = self.node(f"{name}.first"), self.node(f"{name}.last")
        if first is not None and first == last:
            return f"on {self.ref(f'{name}.first')}"
        return f"from {self.ref(f'{name}.first')} to {self.ref(f'{name}.last')}"


def what(slots: Slots) -> str:
    """Return what a figure is of, in the person's own names."""
    words = f" on **{slots.categories[0]}**" if slots.categories else ""
    words += f" at **{slots.merchants[0]}**" if slots.merchants else ""
    return words + (f" from **{slots.accounts[0]}**" if slots.accounts else "")


def note(told: Told, before: str = " ") -> str:
    """Return what a tool says has to be known of its figures; what it says to models of other tools is left out."""
    node = told.node("note")
    sentences = re.split(r"(?<=\.) ", node) if isinstance(node, str) else []
    kept = " ".join(one for one in sentences if not re.search(r"\w_\w|\d", one))
    return f"{before}{kept}" if kept else ""


def against(told: Told, before: str, difference: str, change: str = "change") -> str:
    """Return how a figure stands against that of the period before, if it was asked for."""
    if told.node(before) is None:
        return ""
    changed = f" a change of {told.ref(difference)}" if told.node(difference) is not None else ""
    share = f" ({told.ref(change)})" if changed and told.node(change) is not None else ""
    return f" {capital(told.days('period_before'))} it was {told.ref(before)}" + (
        f":{changed}{share}." if changed else "."
    )


def capital(words: str) -> str:
    """Return words with which a sentence begins."""
    return words[:1].upper() + words[1:]


def two(told: Sequence[Told], figure: str) -> str:
    """Return how the figures of two periods stand to each other, which were asked for one by one."""
    second, reckoned = told[1], told[2]
    return f" {capital(second.days())} it was {second.ref(figure)}: a difference of {reckoned.ref('result')}."


def period_label(when: When, scope: Scope) -> str:
    """Return a period as a heading: "March 2026", "20 March 2026", "1 to 20 March 2026"."""
    formats = scope.formats
    if when.preset == "all":
        return "all time"
    first, last = when.days(scope.today)
    if first == last:
        return formats.day(first)
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        if last == clock.month_end(first):
            return formats.month(first)
        if last == scope.today:
            return f"{formats.month(first)} so far"
    return f"{formats.day(first)} to {formats.day(last)}"
