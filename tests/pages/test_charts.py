"""The charts' own rules: round ticks, labels in the person's words, nothing from elsewhere as markup."""

import datetime as dt
from decimal import Decimal

from pages.shared.charts import Flow, Point, flow_figure, history_figure, month_labels
from pages.shared.formats import Formats

AMERICAN = Formats("en_US")


def test_a_year_stands_once_under_its_first_month() -> None:
    days = [dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    assert month_labels(days, AMERICAN) == ["Nov<br>2025", "Dec", "Jan<br>2026", "Feb"]


def test_the_history_tells_each_day_in_the_persons_money() -> None:
    points = (Point(dt.date(2026, 1, 31), Decimal("-5.5")), Point(dt.date(2026, 2, 28), Decimal("1234.5")))
    figure = history_figure(points, "EUR", Formats("de_DE"))
    assert list(figure.data[0].customdata) == ["31.01.2026: −5,50\xa0€", "28.02.2026: 1.234,50\xa0€"]


def test_spending_hangs_below_the_line_and_is_told_with_its_sign() -> None:
    flow = Flow(dt.date(2026, 1, 1), Decimal(100), Decimal(-40), Decimal(60))
    income, spending, left = flow_figure((flow,), "USD", AMERICAN).data
    assert (income.y[0], spending.y[0], left.y[0]) == (100.0, -40.0, 60.0)
    assert spending.customdata[0] == "−$40.00"


def test_the_same_data_is_drawn_once() -> None:
    points = (Point(dt.date(2026, 1, 31), Decimal(1)), Point(dt.date(2026, 2, 28), Decimal(2)))
    assert history_figure(points, "USD", AMERICAN) is history_figure(tuple(points), "USD", Formats("en_US"))


def test_the_line_of_a_month_names_days_and_that_of_a_year_months() -> None:
    def labels(days: int) -> list[str]:
        points = tuple(Point(dt.date(2026, 10, 1) + dt.timedelta(days=at), Decimal(at)) for at in range(days))
        return list(history_figure(points, "USD", Formats()).layout.xaxis.ticktext)

    assert len(set(labels(31))) == len(labels(31))
    assert any("31" in label for label in labels(31))
    assert not any("31" in label for label in labels(365))
