"""Time: one clock, today in the person's own zone, months as people count them."""

import calendar
import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import clock

days = st.dates(date(1900, 1, 1), date(9999, 12, 31))


def test_the_present_is_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_today_depends_on_where_one_is() -> None:
    with clock.frozen(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 1, 31)
        assert clock.today("Europe/Berlin") == date(2026, 2, 1)
        assert clock.today("America/Los_Angeles") == date(2026, 1, 31)
        assert clock.today("Pacific/Kiritimati") == date(2026, 2, 1)


def test_summer_time_moves_midnight() -> None:
    with clock.frozen(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        assert clock.today("Europe/Berlin") == date(2026, 7, 2)
    with clock.frozen(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)):
        assert clock.today("Europe/Berlin") == date(2026, 12, 1)


def test_a_frozen_clock_stands_still_in_every_thread_and_goes_on_afterwards() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    seen: list[datetime] = []
    with clock.frozen(noon):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
        with clock.frozen(noon + timedelta(days=1)):
            assert clock.now() == noon + timedelta(days=1)
        assert clock.now() == noon
    assert seen == [noon]
    assert clock.now() > noon


def test_the_clock_is_not_frozen_at_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="timezone-aware"), clock.frozen(datetime(2026, 3, 1)):  # noqa: DTZ001
        pass


@given(days)
def test_a_month_starts_on_its_first_day(day: date) -> None:
    start = clock.month_start(day)
    assert start.day == 1
    assert (start.year, start.month) == (day.year, day.month)


@given(days, st.integers(-1200, 1200))
def test_adding_months_moves_by_months_and_keeps_the_day_or_the_months_last(day: date, months: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    assume(1 <= year <= 9999)
    moved = clock.add_months(day, months)
    assert (moved.year, moved.month) == (year, month + 1)
    assert moved.day == min(day.day, calendar.monthrange(moved.year, moved.month)[1])


@given(days, st.integers(-600, 600))
def test_adding_months_to_a_day_that_every_month_has_can_be_undone(day: date, months: int) -> None:
    day = day.replace(day=min(day.day, 28))
    assume(2 <= day.year + months // 12 <= 9998)
    assert clock.add_months(clock.add_months(day, months), -months) == day


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
    ],
)
def test_months_as_people_count_them(day: date, months: int, moved: date) -> None:
    assert clock.add_months(day, months) == moved
