"""The SQL page as a person has it: a query typed, answered, cancelled, refused, and found again."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Timer
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core.analytics import list_queries
from core.cache import EXAMPLES, VIEWS, AnswerColumn, Job, QueryAnswer
from core.identity import profile
from core.runtime import Runtime
from core.store import Transaction, UserId
from pages.asking.chart import MOST_POINTS, _figure, _traces
from pages.asking.running import EDITOR
from pages.asking.wording import date_words, money_words, number_words
from pages.shared.formats import Formats, formats_of
from tests.pages.conftest import Open
from tests.pages.test_screens import words


def ran(app: AppTest, sql: str) -> AppTest:
    app.text_area(key=EDITOR).set_value(sql)
    return app.button(key="sql_run").click().run()


def told(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.error))


def test_a_query_is_answered_with_its_money_as_money(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    sql = "SELECT currency, sum(amount) AS total, count(*) AS n FROM transactions GROUP BY currency ORDER BY n DESC"
    app = ran(open_screen("query", demo_person), sql)
    with house.store.read() as session:
        rows = session.execute(
            select(Transaction.currency, func.sum(Transaction.amount), func.count())
            .where(Transaction.user_id == demo_person, Transaction.removed_at.is_(None))
            .group_by(Transaction.currency)
        ).all()
    expected = sorted(((currency, Decimal(total), count) for currency, total, count in rows), key=lambda row: -row[2])
    frame = app.dataframe[0].value
    assert list(zip(*(frame[name] for name in frame), strict=True)) == expected
    assert f"**{len(rows)} rows**" in told(app)
    formats = formats_of(profile(house.store, demo_person))
    shown = app.dataframe[0].proto.arrow_data.styler.display_values
    for currency, total, count in expected:
        assert formats.money(total, currency).encode() in shown
        assert formats.number(count).encode() in shown
    assert list_queries(house.store, demo_person)[0].text == sql


def test_a_mistake_is_said_in_a_sentence_with_its_place(open_screen: Open, demo_person: UserId) -> None:
    app = ran(open_screen("query", demo_person), "SELECT foo\nFROM transactions")
    assert app.error[0].value.startswith("Line 1, column 8")
    app = ran(app, "COPY transactions TO '/tmp/stolen.csv'")
    assert "only reads" in app.error[0].value
    assert not app.exception
    assert not app.dataframe


def test_the_browser_tells_of_every_view_and_column(open_screen: Open, demo_person: UserId) -> None:
    app = open_screen("query", demo_person)
    shown = told(app).replace("\\", "")
    for view in VIEWS:
        assert any(one.label.startswith(f"**{view.name}**") for one in app.expander), view.name
        assert all(f"**{column.name}**" in shown for column in view.columns), view.name
    app.button(key="sql_view_2").click().run()
    assert app.text_area(key=EDITOR).value == "SELECT *\nFROM accounts\nLIMIT 100"
    assert len(app.dataframe[0].value) == 7


def test_most_examples_find_something_in_the_demo(house: Runtime, demo_person: UserId) -> None:
    desk, today = house.caches.of(demo_person).desk("tests"), profile(house.store, demo_person).today
    found = [one.title for one in EXAMPLES if desk.ask(one.sql, today).rows]
    assert len(found) >= 12, found


def test_a_query_that_runs_can_be_cancelled(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    app = open_screen("query", demo_person)
    desk, today = house.caches.of(demo_person).desk("cancelling"), profile(house.store, demo_person).today
    job = desk.begin("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t", today)
    app.session_state["sql_job"] = job
    desk.cancel()
    app.run()
    assert [one.value for one in app.error] == ["The query was cancelled\\."]
    assert list_queries(house.store, demo_person)[0].rows is None


def test_a_chart_is_drawn_of_what_can_be_one(open_screen: Open, demo_person: UserId) -> None:
    app = ran(open_screen("query", demo_person), EXAMPLES[0].sql)
    app.get("button_group")[0].set_value("Chart").run()
    (drawn,) = app.get("plotly_chart")
    assert "income" in drawn.proto.spec
    assert "spending" in drawn.proto.spec


def test_somebody_without_money_is_told_what_comes(open_screen: Open, person: UserId) -> None:
    assert "Nothing to ask yet" in words(open_screen("query", person))


def test_who_left_gets_no_answer(open_screen: Open, own_demo_person: UserId, leave: Callable[[UserId], None]) -> None:
    app = open_screen("query", own_demo_person)
    leave(own_demo_person)
    app.text_area(key=EDITOR).set_value("SELECT * FROM accounts")
    app.button(key="sql_run").click().run()
    assert not app.dataframe


def test_who_left_while_a_query_was_answered_gets_no_answer(
    open_screen: Open, house: Runtime, own_demo_person: UserId, leave: Callable[[UserId], None]
) -> None:
    app = open_screen("query", own_demo_person)
    job = Job("SELECT 1 AS n")
    app.session_state["sql_job"] = job

    def answer() -> None:
        leave(own_demo_person)
        job.settle(lambda: QueryAnswer((AnswerColumn("n", "whole"),), ((1,),), truncated=False, seconds=1.0))

    Timer(1.0, answer).start()
    app.run()
    assert not app.dataframe
    assert "You are signed out" in app.info[0].value
    assert list_queries(house.store, own_demo_person) == ()


@pytest.mark.parametrize("kind", ["Line", "Bar"])
@pytest.mark.parametrize(
    "value", ["inf", "nan", 1e300, -1e300, 1e-300, 10**37, Decimal("9" * 36 + ".99"), Decimal("0.1234567890123456789")]
)
def test_any_number_can_be_told_and_drawn(value: Any, kind: str) -> None:
    formats = Formats("en_US", "UTC")
    for along, places in (("day", (date(2026, 1, 1), date(2026, 1, 2))), ("text", ("a", "b"))):
        for shown, currency in (("number", ""), ("money", "USD")):
            columns = (AnswerColumn("x", along), AnswerColumn("y", shown, currency))  # type: ignore[arg-type]
            answer = QueryAnswer(columns, tuple((place, value) for place in places), truncated=False, seconds=0.1)
            traces = _traces(answer, 0, [1], None, MOST_POINTS)
            assert _figure(traces, answer, 0, [1], kind, formats).data
    assert number_words(value, formats)
    assert money_words(value, "USD", formats)


def test_a_moment_beyond_all_years_is_told_as_it_is() -> None:
    assert date_words(datetime.min.replace(tzinfo=UTC), Formats("en_US", "America/New_York")).startswith("0001-01-01")
