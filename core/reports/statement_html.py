"""A report as one HTML file that needs nothing else: to read, to print and to send. Nothing from data is markup."""

from base64 import b64encode
from html import escape
from typing import Final

from core.reports.drawing import Drawing, svg
from core.reports.statement_parts import Sheet, Table

STYLE: Final = """
.report { --ink: #111827; --soft: #475569; --line: #DCE1E9; color: var(--ink); background: #fff; line-height: 1.45;
  font: 14px "IBM Plex Sans", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.report .title { font-size: 26px; font-weight: 600; margin: 0; padding: 0; color: var(--ink); }
.report .part { font-size: 16px; font-weight: 600; margin: 28px 0 8px; padding: 0; color: var(--ink); }
.report .subtitle, .report footer { color: var(--soft); }
.report .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px;
  margin: 18px 0; }
.report .figure { border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; }
.report .figure b { display: block; font-size: 18px; font-weight: 600; white-space: nowrap; }
.report .figure small, .report .figure span { color: var(--soft); font-size: 12px; }
.report .wide { overflow-x: auto; }
.report table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: 0; }
.report th, .report td { border: 0; border-bottom: 1px solid var(--line); padding: 5px 8px; text-align: right;
  color: var(--ink); background: none; vertical-align: top; }
.report th { color: var(--soft); font-weight: 500; font-size: 12px; }
.report .word { text-align: left; overflow-wrap: anywhere; unicode-bidi: isolate; min-width: 110px; }
.report .amount { white-space: nowrap; }
.report .total td { font-weight: 600; border-bottom: 0; }
.report svg, .report img { width: 100%; height: auto; font-family: inherit; }
.report footer { font-size: 12px; margin-top: 28px; border-top: 1px solid var(--line); padding-top: 10px; }
"""
PAGE: Final = """
body { margin: 0; background: #F4F6FA; }
.report { box-sizing: border-box; max-width: 860px; margin: 24px auto; padding: 40px; border-radius: 6px; }
@media (max-width: 600px) { .report { margin: 0; padding: 20px; } }
@page { margin: 16mm; }
@media print { body { background: #fff; } .report { margin: 0; padding: 0; max-width: none; font-size: 11px; }
  .report tr, .report .figure, .report svg { break-inside: avoid; } .report .part { break-after: avoid; } }
"""


def html_page(sheet: Sheet) -> str:
    """Return a report as a whole page. Its policy lets nothing be loaded or run."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(sheet.title)}</title><style>{STYLE}{PAGE}</style></head>"
        f"<body>{html_body(sheet, inline=True)}</body></html>\n"
    )


def html_body(sheet: Sheet, *, inline: bool) -> str:
    """Return what is within a page, to be shown with `STYLE`.

    With its picture `inline` it is a page's one content; else it stands below the title of a screen, one heading deeper
    and with the picture as an image of its own.
    """
    place, top, next_below = ("main", "h1", "h2") if inline else ("article", "h2", "h3")
    figures = "".join(
        f'<div class="figure"><span>{escape(one.label)}</span><b>{escape(one.value)}</b>'
        f"<small>{escape(one.note)}</small></div>"
        for one in sheet.figures
    )
    drawing = sheet.drawing and _part("Cash flow", next_below) + (svg if inline else _image)(sheet.drawing)
    notes = "".join(f"<p>{escape(note)}</p>" for note in sheet.notes)
    return (
        f'<{place} class="report"><{top} class="title">{escape(sheet.title)}</{top}>'
        f'<p class="subtitle">{escape(sheet.subtitle)}</p>'
        f'<section class="figures">{figures}</section>{drawing or ""}'
        f"{''.join(_part(one.title, next_below) + _table(one) for one in sheet.tables)}"
        f"<footer>{notes}</footer></{place}>"
    )


def _image(drawing: Drawing) -> str:
    coded = b64encode(svg(drawing).encode()).decode()
    return f'<img alt="{escape(drawing.alt)}" src="data:image/svg+xml;base64,{coded}">'


def _part(title: str, heading: str) -> str:
    return f'<{heading} class="part">{escape(title)}</{heading}>'


def _table(table: Table) -> str:
    header = "".join(
        f'<th scope="col" class="{_kind(table, place)}">{escape(one)}</th>' for place, one in enumerate(table.header)
    )
    rows = []
    for number, row in enumerate(table.rows):
        cells = "".join(f'<td class="{_kind(table, place)}">{escape(one)}</td>' for place, one in enumerate(row))
        last = ' class="total"' if table.total and number == len(table.rows) - 1 else ""
        rows.append(f"<tr{last}>{cells}</tr>")
    note = f'<p class="subtitle">{escape(table.note)}</p>' if table.note else ""
    return (
        f'<div class="wide"><table><thead><tr>{header}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>{note}'
    )


def _kind(table: Table, place: int) -> str:
    return "word" if place < table.words else "amount"
