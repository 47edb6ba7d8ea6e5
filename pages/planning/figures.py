"""The drawing of budgets: how much of each was used, beside where an even pace would be today."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any, Final

from core.planning import BudgetLine, BudgetMonth, State
from pages.shared.charts import BAR, BLUE, GREY, OCHRE, WORDS
from pages.shared.charts import draw as draw_figure
from pages.shared.formats import Formats, clean

ROSE: Final = "#000006"
WIDEST: Final = 1.3
"""A bar ends here, in shares of what may be spent: its label says the rest."""
ROOM: Final = 0.75
"""What the longest label takes beside it on a phone."""
COLOURS: Final[dict[State, str]] = {"fine": BLUE, "ahead": OCHRE, "over": ROSE}
STATES: Final[dict[State, str]] = {"fine": "fine", "ahead": "ahead of pace", "over": "over"}

Bar = tuple[str, Decimal, str, str, str]
"""Name, share used, words beside it, words on hovering, colour."""


def left_words(one: BudgetLine, currency: str, formats: Formats, *, whole: bool = False) -> str:
    """Return what is left of a budget, or how much it is over ("$40.00 over"); `whole` leaves the cents out."""
    amount = formats.money(abs(one.left), currency, whole=whole)
    return f"{amount} over" if one.state == "over" else f"{amount} left"


def pace_bars(view: BudgetMonth, formats: Formats) -> None:
    """Draw a bar for each budget and the line of an even pace, with its data as a table."""
    bars = tuple(
        (
            escape(clean(one.title), quote=False),
            one.used,
            left_words(one, view.currency, formats, whole=True),
            f"{formats.money(one.spent, view.currency)} of {formats.money(one.available, view.currency)}",
            COLOURS[one.state],
        )
        for one in view.lines
    )
    running = 0 < view.elapsed < 1
    draw_figure(
        _figure(bars, view.elapsed if running else None),
        key="budget_bars",
        alt=f"How much of each of {len(bars)} budgets was used"
        + (", and where an even pace through the month would be today" if running else ""),
        header=("Budget", "May be spent", "Spent", "Left", "Even pace", "Month's end"),
        rows=[[one.title, *(formats.money(amount, view.currency) for amount in _amounts(one))] for one in view.lines],
    )


def _amounts(one: BudgetLine) -> Sequence[Decimal]:
    return one.available, one.spent, one.left, one.pace, one.projected


@lru_cache(maxsize=64)
def _figure(bars: tuple[Bar, ...], pace: Decimal | None) -> Any:  # noqa: ANN401 - Plotly's types are not known
    import plotly.graph_objects as go  # half a second to import

    trace = go.Bar(
        x=[min(float(used), WIDEST) for _, used, *_ in bars],
        y=list(range(len(bars))),
        orientation="h",
        marker={"color": [colour for *_, colour in bars], "cornerradius": 3},
        text=[words for _, _, words, *_ in bars],
        textposition="outside",
        textfont=WORDS,
        cliponaxis=False,
        customdata=[f"{name}: {hover}" for name, _, _, hover, _ in bars],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace)
    figure.update_layout(
        height=BAR * len(bars) + 40,
        margin={"l": 0, "r": 0, "t": 24, "b": 0},
        showlegend=False,
        dragmode=False,
        bargap=0.35,
        hovermode="closest",
    )
    figure.update_xaxes(
        fixedrange=True, range=[0, WIDEST + ROOM], tickvals=[0, 0.5, 1], ticktext=["0%", "50%", "100%"], title=None
    )
    figure.update_yaxes(
        fixedrange=True,
        autorange="reversed",
        showgrid=False,
        ticks="",
        tickvals=list(range(len(bars))),
        ticktext=[name for name, *_ in bars],
        ticklabelstandoff=6,
        automargin=True,
    )
    if pace is not None:
        figure.add_vline(
            x=float(pace), line={"color": GREY, "width": 2, "dash": "dot"}, annotation_text="even pace",
            annotation_position="top", annotation_font=WORDS,
        )  # fmt: skip
    return figure
