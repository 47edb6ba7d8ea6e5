"""Pictures of a report, drawn once as plain shapes: what writes HTML and what writes PDF both take them from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final, Literal

from core.analytics import MonthFlow
from core.formats import PlainFormats, ticks

INK: Final = "#475569"
FAINT: Final = "#DCE1E9"
GREEN: Final = "#0F8A6A"
OCHRE: Final = "#C2702A"
BLUE: Final = "#1D4ED8"
WIDTH: Final = 540.0
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; places and sizes in points, from the top left."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    thickness: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """Words; `y` is their base line."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    size: float = 8.0
    colour: str = INK


Shape = Bar | Stroke | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, and in a sentence what it shows."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str


def flow_drawing(flow: Sequence[MonthFlow], currency: str, formats: PlainFormats) -> Drawing:
    """Return income above the line and spending below it, month by month, and what is left as a line."""
    left, top, height, bottom = 46.0, 20.0, 150.0, 22.0
    amounts = [float(one.income) for one in flow] + [float(one.spending) for one in flow] + [0.0]
    marks = ticks(Decimal(repr(min(amounts))), Decimal(repr(max(amounts))))
    low, high = float(marks[0]), float(marks[-1])

    def at(amount: float) -> float:
        return top + height * (high - amount) / (high - low or 1.0)

    shapes: list[Shape] = []
    for mark in marks:
        y = at(float(mark))
        shapes.append(Stroke(((left, y), (WIDTH, y)), INK if not mark else FAINT, 0.6))
        shapes.append(Label(left - 6, y + 3, formats.short_money(mark, currency), "end"))
    step = (WIDTH - left) / max(len(flow), 1)
    nets = []
    for place, one in enumerate(flow):
        x, wide = left + step * (place + 0.2), step * 0.6
        for amount, colour in ((float(one.income), GREEN), (float(one.spending), OCHRE)):
            upper, lower = sorted((at(amount), at(0.0)))
            shapes.append(Bar(x, upper, wide, max(lower - upper, 0.0), colour))
        nets.append((x + wide / 2, at(float(one.net))))
        shapes.append(Label(x + wide / 2, top + height + 14, formats.short_month(one.month), "middle"))
    if len(nets) > 1:
        shapes.append(Stroke(tuple(nets), BLUE, 1.6))
    for place, (name, colour) in enumerate((("Income", GREEN), ("Spending", OCHRE), ("Left over", BLUE))):
        shapes.append(Bar(left + 72 * place, 2, 8, 8, colour))
        shapes.append(Label(left + 72 * place + 12, 9.5, name))
    words = f"Income, spending and what was left over in each of {len(flow)} months, in {currency}"
    return Drawing(WIDTH, top + height + bottom, tuple(shapes), words)


def svg(drawing: Drawing) -> str:
    """Return a picture as SVG; every word in it is escaped."""
    parts = [_svg(shape) for shape in drawing.shapes]
    alt = escape(drawing.alt)
    return (
        f'<svg viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" aria-label="{alt}"'
        ' xmlns="http://www.w3.org/2000/svg" font-family="IBM Plex Sans, system-ui, sans-serif">'
        f"<title>{alt}</title>{''.join(parts)}</svg>"
    )


def _svg(shape: Shape) -> str:
    match shape:
        case Bar():
            return (
                f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" height="{shape.height:.2f}"'
                f' fill="{shape.colour}"/>'
            )
        case Stroke():
            points = " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points)
            return (
                f'<polyline points="{points}" fill="none" stroke="{shape.colour}" stroke-width="{shape.thickness:g}"/>'
            )
        case Label():
            return (
                f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" text-anchor="{shape.anchor}" font-size="{shape.size:g}"'
                f' fill="{shape.colour}">{escape(shape.text)}</text>'
            )
