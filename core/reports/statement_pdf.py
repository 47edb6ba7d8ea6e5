"""A report as PDF, on A4 or Letter, drawn with fonts of our own: no system library, nothing from elsewhere.

IBM Plex Sans writes Latin letters, DejaVu Sans most other alphabets; what neither has is shown as a box, and said.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from core.reports.drawing import Bar, Drawing, Label, Stroke
from core.reports.statement_parts import Figure, Sheet, Table

if TYPE_CHECKING:
    from fpdf import FPDF

Paper = Literal["A4", "Letter"]
FONTS: Final = Path(__file__).parent / "fonts"
PLEX: Final = "plex"
OTHERS: Final = "dejavu"
MARGIN: Final = 42.0
LINE: Final = 16.0
TOGETHER: Final = 12
"""A table of fewer lines is not broken over two pages."""
INK: Final = "#111827"
SOFT: Final = "#475569"
FAINT: Final = "#DCE1E9"
BOX: Final = "\u25a1"
MISSING: Final = "Some letters can't be written in a PDF here and are shown as boxes; the page in HTML has them all."


def pdf_file(sheet: Sheet, paper: Paper = "A4") -> bytes:
    """Return a report as a PDF file."""
    page = _Page(sheet.title, paper)
    page.words(sheet.title, 20, bold=True, after=26)
    page.words(sheet.subtitle, 10, colour=SOFT, after=20)
    page.figures(sheet.figures)
    if sheet.drawing is not None:
        page.heading("Cash flow", sheet.drawing.height)
        page.drawing(sheet.drawing)
    for table in sheet.tables:
        page.table(table)
    page.notes(sheet.notes)
    return page.done()


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[int], frozenset[int]]:
    """Return which letters each of the two fonts has."""
    from fontTools.ttLib import TTFont

    def letters(name: str) -> frozenset[int]:
        with TTFont(FONTS / name, lazy=True) as font:
            return frozenset(font.getBestCmap())

    return letters("ibm-plex-sans-400.ttf"), letters("DejaVuSans.ttf")


def _document(title: str, paper: Paper) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        """A document that numbers its pages."""

        def footer(self) -> None:
            self.set_y(-28)
            self.set_font(PLEX, "", 8)
            self.set_text_color(SOFT)
            self.cell(0, 10, f"{self.page_no()} / {{nb}}", align="R")

    document = Document(unit="pt", format=paper)
    document.set_title(title)
    document.set_creator("FinTrack")
    document.set_lang("en")
    document.add_font(PLEX, "", FONTS / "ibm-plex-sans-400.ttf")
    document.add_font(PLEX, "B", FONTS / "ibm-plex-sans-600.ttf")
    document.add_font(OTHERS, "", FONTS / "DejaVuSans.ttf")
    document.set_margins(MARGIN, MARGIN, MARGIN)
    document.set_auto_page_break(auto=False)
    document.add_page()
    return document


class _Page:
    """Where the pen is, and what has been written."""

    def __init__(self, title: str, paper: Paper) -> None:
        self._pdf = _document(self._writable(title), paper)
        self._y = MARGIN
        self._missing = False

    @property
    def _width(self) -> float:
        return float(self._pdf.w - 2 * MARGIN)

    def _room(self, height: float) -> None:
        """Go on to a new page where there is no room for so much."""
        if self._y + height > self._pdf.h - MARGIN - 8:
            self._pdf.add_page()
            self._y = MARGIN

    def words(self, text: str, size: float, *, bold: bool = False, colour: str = INK, after: float = LINE) -> None:
        """Write one line."""
        self._write(MARGIN, self._y + size, text, size, bold=bold, colour=colour, width=self._width)
        self._y += after

    def heading(self, text: str, needed: float) -> None:
        """Write a heading that stays with what follows."""
        self._room(needed + 34)
        self._y += 14
        self.words(text, 12, bold=True, after=20)

    def figures(self, figures: Sequence[Figure]) -> None:
        """Draw the summary as cards side by side."""
        if not figures:
            return
        gap = 8.0
        wide = (self._width - gap * (len(figures) - 1)) / len(figures)
        for place, one in enumerate(figures):
            x = MARGIN + place * (wide + gap)
            self._pdf.set_draw_color(FAINT)
            self._pdf.set_line_width(0.8)
            self._pdf.rect(x, self._y, wide, 56, round_corners=True, corner_radius=4)
            inside = wide - 14
            self._write(x + 7, self._y + 14, one.label, 8, colour=SOFT, width=inside)
            self._write(x + 7, self._y + 31, one.value, 12, bold=True, width=inside)
            self._write(x + 7, self._y + 46, one.note, 7, colour=SOFT, width=inside)
        self._y += 66

    def drawing(self, drawing: Drawing) -> None:
        """Draw a picture as wide as the page."""
        scale = self._width / drawing.width
        for shape in drawing.shapes:
            match shape:
                case Bar():
                    self._pdf.set_fill_color(shape.colour)
                    place = (MARGIN + shape.x * scale, self._y + shape.y * scale)
                    self._pdf.rect(*place, shape.width * scale, shape.height * scale, style="F")
                case Stroke():
                    self._pdf.set_draw_color(shape.colour)
                    self._pdf.set_line_width(shape.thickness * scale)
                    points = [(MARGIN + x * scale, self._y + y * scale) for x, y in shape.points]
                    for (x1, y1), (x2, y2) in pairwise(points):
                        self._pdf.line(x1, y1, x2, y2)
                case Label():
                    size = shape.size * scale
                    length = self._length(self._writable(shape.text), size, bold=False)
                    back = {"start": 0.0, "middle": length / 2, "end": length}[shape.anchor]
                    at = (MARGIN + shape.x * scale - back, self._y + shape.y * scale)
                    self._write(*at, shape.text, size, colour=shape.colour, width=self._width)
        self._y += drawing.height * scale

    def table(self, table: Table) -> None:
        """Draw a table; its heading comes again on every page that it goes on to."""
        self.heading(table.title, LINE * min(len(table.rows) + 1, TOGETHER))
        self._header(table)
        for number, row in enumerate(table.rows):
            if self._y + LINE > self._pdf.h - MARGIN - 8:
                self._pdf.add_page()
                self._y = MARGIN
                self._header(table)
            bold = table.total and number == len(table.rows) - 1
            self._row(table, row, bold=bold, colour=INK, size=9)
        if table.note:
            self._y += 4
            self.words(table.note, 8, colour=SOFT)

    def _header(self, table: Table) -> None:
        self._row(table, table.header, bold=False, colour=SOFT, size=8)

    def _row(self, table: Table, row: Sequence[str], *, bold: bool, colour: str, size: float) -> None:
        x = MARGIN
        for place, (text, share) in enumerate(zip(row, table.widths, strict=True)):
            wide = share * self._width
            fitted = self._fitted(text, size, wide - 6, bold=bold)
            back = 0.0 if place < table.words else wide - 6 - self._length(fitted, size, bold=bold)
            self._write(x + back, self._y + 11, fitted, size, bold=bold, colour=colour, width=wide)
            x += wide
        self._y += LINE
        self._pdf.set_draw_color(FAINT)
        self._pdf.set_line_width(0.5)
        self._pdf.line(MARGIN, self._y, MARGIN + self._width, self._y)

    def notes(self, notes: Sequence[str]) -> None:
        """Write the notes, each on as many lines as it takes."""
        self._y += 16
        for note in [*notes, *([MISSING] if self._missing else [])]:
            for line in self._lines(self._writable(note), 8):
                self._room(12)
                self.words(line, 8, colour=SOFT, after=12)

    def done(self) -> bytes:
        """Return the file."""
        return bytes(self._pdf.output())

    def _lines(self, text: str, size: float) -> list[str]:
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self._length(longer, size, bold=False) > self._width:
                lines.append(line)
                longer = word
            line = longer
        return [*lines, line] if line else lines

    def _write(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = INK, width: float
    ) -> None:
        self._pdf.set_text_color(colour)
        for font, part in _runs(self._fitted(text, size, width, bold=bold)):
            self._font(font, size, bold=bold)
            self._pdf.text(x, y, part)
            x += self._pdf.get_string_width(part)

    def _fitted(self, text: str, size: float, width: float, *, bold: bool) -> str:
        """Return text cut so that it has room."""
        text = self._writable(text)
        if self._length(text, size, bold=bold) <= width:
            return text
        while len(text) > 1 and self._length(f"{text}…", size, bold=bold) > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def _length(self, text: str, size: float, *, bold: bool) -> float:
        length = 0.0
        for font, part in _runs(text):
            self._font(font, size, bold=bold)
            length += self._pdf.get_string_width(part)
        return length

    def _font(self, font: str, size: float, *, bold: bool) -> None:
        self._pdf.set_font(font, "B" if bold and font == PLEX else "", size)

    def _writable(self, text: str) -> str:
        plex, others = _known()
        found = "".join(letter if ord(letter) in plex or ord(letter) in others else BOX for letter in text)
        # Several letters of a script that is not known, or the parts of one emoji, are one box.
        found = re.sub(f"{BOX}{{2,}}", BOX, found)
        self._missing = getattr(self, "_missing", False) or (found != text)
        return found


def _runs(text: str) -> list[tuple[str, str]]:
    """Return text in stretches of one font each."""
    plex, _ = _known()
    found: list[tuple[str, str]] = []
    for letter in text:
        font = PLEX if ord(letter) in plex else OTHERS
        if found and (found[-1][0] == font or (letter == " " and found[-1][0] == OTHERS)):
            found[-1] = (found[-1][0], found[-1][1] + letter)
        else:
            found.append((font, letter))
    return found
