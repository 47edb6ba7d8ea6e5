"""Answers about single transactions."""

from collections.abc import Sequence
from typing import Final

from core.coach.offline.asking import Wanted
from core.coach.offline.told import Told, note, what

MOST_ROWS: Final = 10


def listed(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell how many fit, what they come to, and the first of them."""
    first = told[0]
    if not first.count("transactions"):
        return _none(wanted, first)
    shown = min(first.many("rows"), wanted.slots.figures.count or MOST_ROWS)
    return "\n".join([f"{_head(wanted, first)}:", "", *_lines(first, shown)]) + note(first, "\n\n")


def largest(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell the largest one, or the largest few; the smallest where those were asked for."""
    first = told[0]
    if not first.count("transactions"):
        return _none(wanted, first)
    of = f"{first.ref('transactions')} transactions{what(wanted.slots)} {first.days()}"
    if first.many("rows") == 1:
        return f"{_row(first, 'rows.0')}, of {of}.{note(first)}"
    return "\n".join([f"Of {of}:", "", *_lines(first, first.many("rows"))]) + note(first, "\n\n")


def last(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell the newest one."""
    first = told[0]
    if not first.count("transactions"):
        return _none(wanted, first)
    return f"The last one{what(wanted.slots)}: {_row(first, 'rows.0')}."


def counted(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell how many there are and what they come to."""
    first = told[0]
    return _none(wanted, first) if not first.count("transactions") else f"{_head(wanted, first)}.{note(first)}"


def averaged(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what one of them comes to."""
    first = told[0]
    if not first.count("transactions"):
        return _none(wanted, first)
    return f"On average {first.ref('average')} each. {_head(wanted, first)}.{note(first)}"


def _head(wanted: Wanted, told: Told) -> str:
    sums = f", in all {told.ref('total')}" if told.node("total") is not None else ""
    number = f"{told.ref('transactions')} transaction{'' if told.count('transactions') == 1 else 's'}"
    return f"{number}{what(wanted.slots)} {told.days()}{sums}"


def _none(wanted: Wanted, told: Told) -> str:
    return f"There is no such transaction{what(wanted.slots)} {told.days()}."


def _lines(told: Told, count: int) -> list[str]:
    return [f"- {_row(told, f'rows.{at}')}" for at in range(count)]


def _row(told: Told, path: str) -> str:
    return f"{told.ref(f'{path}.merchant')}, {told.ref(f'{path}.date')}: {told.ref(f'{path}.amount')}"
