"""Days in plain words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coach.offline.dates import Calendar, UnreadableDateError, When
from core.coach.offline.figures import read_figures
from core.coach.offline.periods import PERIOD_MARK, read_days
from core.coach.offline.words import plain

TODAY = date(2026, 3, 20)
AMERICAN = Calendar(TODAY, month_first=True, week_start=0)
GERMAN = Calendar(TODAY, month_first=False, week_start=0)


def days(words: str, calendar: Calendar = AMERICAN) -> str:
    """Return the first and last day of the only period in some words."""
    text, whens = read_days(plain(words), calendar)
    assert text.count(PERIOD_MARK) == len(whens) == 1, (text, whens)
    first, last = whens[0].days(calendar.today)
    return f"{first} {last}"


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2026-03-20", "2026-03-20"),
        ("the day before yesterday", "2026-03-18", "2026-03-18"),
        ("this week", "2026-03-16", "2026-03-20"),
        ("last week", "2026-03-09", "2026-03-15"),
        ("the week before last", "2026-03-02", "2026-03-08"),
        ("last weekend", "2026-03-14", "2026-03-15"),
        ("this month so far", "2026-03-01", "2026-03-20"),
        ("last month", "2026-02-01", "2026-02-28"),
        ("the month before last", "2026-01-01", "2026-01-31"),
        ("this quarter", "2026-01-01", "2026-03-20"),
        ("last quarter", "2025-10-01", "2025-12-31"),
        ("Q2 2025", "2025-04-01", "2025-06-30"),
        ("the fourth quarter", "2025-10-01", "2025-12-31"),
        ("the first half of 2025", "2025-01-01", "2025-06-30"),
        ("this year", "2026-01-01", "2026-03-20"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("in 2024", "2024-01-01", "2024-12-31"),
        ("in March", "2026-03-01", "2026-03-20"),
        ("in April", "2025-04-01", "2025-04-30"),
        ("in May", "2025-05-01", "2025-05-31"),
        ("last March", "2025-03-01", "2025-03-31"),
        ("March 2025", "2025-03-01", "2025-03-31"),
        ("march last year", "2025-03-01", "2025-03-31"),
        ("since January", "2026-01-01", "2026-03-20"),
        ("since 3 February", "2026-02-03", "2026-03-20"),
        ("since Monday", "2026-03-16", "2026-03-20"),
        ("last 30 days", "2026-02-19", "2026-03-20"),
        ("in the past two weeks", "2026-03-07", "2026-03-20"),
        ("last 3 months", "2026-01-01", "2026-03-20"),
        ("from 3 to 9 May", "2025-05-03", "2025-05-09"),
        ("May 3rd to 9th", "2025-05-03", "2025-05-09"),
        ("between november and january", "2025-11-01", "2026-01-31"),
        ("from 15 December 2025 to 10 January 2026", "2025-12-15", "2026-01-10"),
        ("2026-01-05 - 2026-02-10", "2026-01-05", "2026-02-10"),
        ("on 5 March", "2026-03-05", "2026-03-05"),
        ("December 24th", "2025-12-24", "2025-12-24"),
        ("on Friday", "2026-03-20", "2026-03-20"),
        ("last Friday", "2026-03-13", "2026-03-13"),
        ("ytd", "2026-01-01", "2026-03-20"),
        ("so far", "2026-03-01", "2026-03-20"),
    ],
)
def test_a_period_in_words_is_read(words: str, first: str, last: str) -> None:
    assert days(words) == f"{first} {last}"


def test_days_are_written_in_the_persons_order() -> None:
    assert days("03/04/2025") == "2025-03-04 2025-03-04"
    assert days("03/04/2025", GERMAN) == "2025-04-03 2025-04-03"
    assert days("3.4.25", AMERICAN) == "2025-04-03 2025-04-03"


@pytest.mark.parametrize("words", ["on 31 February 2025", "2026-13-01", "on 2027-01-01", "this weekend", "in 2031"])
def test_what_is_no_day_or_lies_ahead_is_refused(words: str) -> None:
    with pytest.raises(UnreadableDateError):
        read_days(plain(words), AMERICAN)


@given(day=st.dates(date(1990, 1, 1), TODAY), calendar=st.sampled_from([AMERICAN, GERMAN]))
def test_every_day_is_read_however_it_is_written(day: date, calendar: Calendar) -> None:
    numbers = f"{day:%m/%d/%Y}" if calendar.month_first else f"{day:%d/%m/%Y}"
    wordings = (
        day.isoformat(),
        numbers,
        f"{day:%d.%m.%Y}",
        f"{day.day} {day:%B %Y}",
        f"{day:%B} {day.day}, {day.year}",
    )
    for words in wordings:
        assert days(f"spending on {words}", calendar) == f"{day} {day}", words


@given(first=st.dates(date(2000, 1, 1), TODAY), length=st.integers(0, 500))
def test_a_range_keeps_its_ends(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), TODAY)
    assert days(f"from {first} to {last}") == f"{first} {last}"
    assert days(f"between {first.day} {first:%B %Y} and {last.day} {last:%B %Y}") == f"{first} {last}"


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("over 100", "100.01", None),
        ("at least $1,250.50", "1250.50", None),
        ("under 20 dollars", None, "19.99"),
        ("up to 5", None, "5"),
        ("between 20 and 50", "20", "50"),
        ("more than 2k", "2000.01", None),
    ],
)
def test_bounds_are_read(words: str, least: str | None, most: str | None) -> None:
    _, figures = read_figures(plain(words), "USD", ".")
    assert (figures.least and str(figures.least), figures.most and str(figures.most)) == (least, most)


def test_thousands_are_parted_in_the_persons_way() -> None:
    assert str(read_figures(plain("over 1.250,50"), "EUR", ",")[1].least) == "1250.51"
    assert str(read_figures(plain("over 1,250.50"), "USD", ".")[1].least) == "1250.51"


def test_an_amount_is_no_year() -> None:
    assert read_days(plain("over $2000"), AMERICAN) == ("over $ 2000", ())
    assert read_days(plain("payments over 2025"), AMERICAN)[1] == ()
    assert read_days(plain("groceries 2025"), AMERICAN)[1] == (When("last_year"),)
