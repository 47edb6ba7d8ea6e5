"""The report's page: the month that the address names, as the file has it, and a fresh check before it leaves."""

from datetime import date

import pytest

from core import clock
from core.errors import ValidationError
from core.identity import profile
from core.reports import month_stretch, report_sheet, year_stretch
from core.runtime import Runtime
from core.store import UserId
from tests.pages.conftest import Open
from tests.pages.test_explore import words

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("query", "stretch"),
    [
        ({}, month_stretch(date(2026, 2, 1))),
        ({"month": "2025-12"}, month_stretch(date(2025, 12, 1))),
        ({"year": "2025"}, year_stretch(2025)),
        ({"month": "2026-13"}, month_stretch(date(2026, 2, 1))),
        ({"month": "2027-01"}, month_stretch(date(2026, 2, 1))),
        ({"year": "0"}, month_stretch(date(2026, 2, 1))),
        ({"year": "1"}, month_stretch(date(2026, 2, 1))),
        ({"month": "0001-01"}, month_stretch(date(2026, 2, 1))),
        ({"year": "9" * 5000}, month_stretch(date(2026, 2, 1))),
        ({"year": "MMXXV"}, month_stretch(date(2026, 2, 1))),
    ],
)
def test_the_address_names_the_month_or_the_year(query: dict[str, str], stretch: object) -> None:
    # The page is drawn when it is imported: here, not wherever tests are collected.
    from pages.report import asked

    assert asked(query, TODAY) == stretch


def test_the_page_shows_what_the_file_has(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    today = profile(house.store, demo_person).today
    month = clock.add_months(today.replace(day=1), -2)
    app = open_screen("report", demo_person, month=f"{month:%Y-%m}")
    assert not app.exception
    assert not app.error
    sheet = report_sheet(house.store, house.caches.of(demo_person), demo_person, month_stretch(month))
    shown = words(app)
    assert sheet.title in shown
    for figure in sheet.figures:
        assert figure.value in shown
    app.button(key="report_download").click().run()
    assert not app.exception


def test_without_transactions_the_page_says_what_comes_here(open_screen: Open, person: UserId) -> None:
    app = open_screen("report", person)
    assert not app.exception
    assert "A report to keep" in words(app)


def test_before_all_money_there_is_no_report(house: Runtime, demo_person: UserId) -> None:
    with pytest.raises(ValidationError, match="before 1900"):
        report_sheet(house.store, house.caches.of(demo_person), demo_person, year_stretch(1))
