"""`python -m core report`: a month or a year as PDF or HTML."""

import datetime as dt
from pathlib import Path

import click

from core.commands.terminal import opened, user_of
from core.errors import ValidationError

FORMS = {".pdf": "pdf", ".html": "html", ".htm": "html"}


@click.command()
@click.option("--user", "email", required=True)
@click.option("--month", default="", help="Such as 2026-10.")
@click.option("--year", type=click.IntRange(1900, 9998), help="Such as 2026; instead of a month.")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="FILE.pdf or FILE.html.")
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True)
def report(email: str, month: str, year: int | None, target: Path, paper: str) -> None:
    """Write a report on a month or a year of a user's money, for this user of the machine alone."""
    from core.identity import Operator
    from core.reports import export_report, month_stretch, write_whole, year_stretch

    with opened() as house:
        form = FORMS.get(target.suffix.lower())
        if form is None:
            raise ValidationError(f"{target.name} says neither .pdf nor .html.", "Name it report.pdf, for example.")
        if bool(month) == (year is not None):
            raise ValidationError("Say which month or which year.", "Add --month 2026-10, or --year 2026.")
        try:
            stretch = year_stretch(year) if year is not None else month_stretch(dt.date.fromisoformat(f"{month}-01"))
        except ValueError as cause:
            raise ValidationError(f"{month} is no month.", "Write it as 2026-10.") from cause
        owner = user_of(house, email)
        made = export_report(
            house.store,
            house.caches.of(owner),
            Operator(owner),
            stretch,
            "pdf" if form == "pdf" else "html",
            "A4" if paper == "A4" else "Letter",
        )
        write_whole(target, made)
        click.echo(f"Wrote {target} ({len(made) / 1000:,.0f} kB).")
