"""What is found to recur, told as bank statements that a person can read."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import ROOT
from core.planning import Movement, Series, doubles, find_recurring
from tests.eval.book import Book, every, monthly
from tests.eval.households import demo
from tests.eval.recurring import movements_of, score
from tests.machine.examples import examples

MUSIC = """
2026-01-04  -10.99  SPOTIFY P1A2B3C4 STOCKHOLM
2026-02-04  -10.99  SPOTIFY P9X8Y7Z6 STOCKHOLM
2026-03-04  -10.99  SPOTIFY P5K2M1N8 STOCKHOLM
2026-04-04  -11.99  SPOTIFY P7J3H2G1 STOCKHOLM
2026-05-04  -11.99  SPOTIFY P0Q9W8E7 STOCKHOLM
"""


def statement(text: str, account: str = "everyday", merchant: str = "") -> list[Movement]:
    rows = [line.split(maxsplit=2) for line in text.strip().splitlines()]
    return [
        Movement(
            f"{account} {number} {rest}", account, dt.date.fromisoformat(day), Decimal(amount), rest, "EUR", merchant
        )
        for number, (day, amount, rest) in enumerate(rows)
    ]


def only(rows: list[Movement], today: str = "2026-05-10") -> Series:
    (series,) = find_recurring(rows, dt.date.fromisoformat(today))
    return series


def test_a_subscription_keeps_together_while_its_reference_changes_and_its_price_rises() -> None:
    series = only(statement(MUSIC))
    assert (series.payee, series.cadence, series.direction, series.kind) == (
        "Spotify Stockholm",
        "monthly",
        "out",
        "music",
    )
    assert (series.amount, series.spread, series.yearly) == (Decimal("-11.99"), "fixed", Decimal("-143.88"))
    (change,) = series.price_changes
    assert (change.before, change.after, change.day) == (Decimal("10.99"), Decimal("11.99"), dt.date(2026, 4, 4))
    assert (series.state, series.next_date) == ("active", dt.date(2026, 6, 4))
    assert series.reasons == (
        "5 payments, monthly, on the day",
        "the same amount, changed once",
        "the name tells of a service: music",
    )


@pytest.mark.parametrize(
    ("today", "state", "expected"),
    [
        ("2026-05-10", "active", dt.date(2026, 6, 4)),
        ("2026-06-07", "active", dt.date(2026, 6, 4)),
        ("2026-06-20", "paused", dt.date(2026, 7, 4)),
        ("2026-08-20", "ended", None),
    ],
)
def test_what_stays_away_is_late_then_paused_then_ended(today: str, state: str, expected: dt.date | None) -> None:
    series = only(statement(MUSIC), today)
    assert (series.state, series.next_date, series.following) == (state, expected, dt.date(2026, 6, 4))


@pytest.mark.parametrize(("last", "amount"), [("-15.99", "-15.99"), ("-18.99", "-11.99"), ("-23.98", "-11.99")])
def test_a_last_amount_far_off_is_no_new_price_before_it_came_again(last: str, amount: str) -> None:
    series = only(statement(f"{MUSIC}2026-06-04  {last}  SPOTIFY P1L2M3N4 STOCKHOLM"), "2026-06-10")
    assert series.amount == Decimal(amount)
    assert -series.price_changes[-1].after == series.amount, "one price is told, not two"
    again = only(
        statement(
            f"{MUSIC}2026-06-04  {last}  SPOTIFY P1L2M3N4 STOCKHOLM\n2026-07-04  {last}  SPOTIFY P4L2M3N4 STOCKHOLM"
        ),
        "2026-07-10",
    )
    assert again.amount == Decimal(last)


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ("9.99 9.99 9.99 19.99 19.99 19.99", "9.99 19.99"),
        ("19.99 19.99 9.99 9.99", "19.99 9.99"),
        ("0.99 0.99 0.99 12.99 12.99 12.99", ""),
        ("5.99 12.99 12.99 12.99 12.99", ""),
        ("6.99 12.99 12.99 12.99 12.99", "6.99 12.99"),
    ],
)
def test_a_price_that_doubled_for_good_changed_and_a_trial_did_not(amounts: str, told: str) -> None:
    rows = [f"2026-{month:02}-04 -{one} SPOTIFY STOCKHOLM" for month, one in enumerate(amounts.split(), 1)]
    changes = only(statement("\n".join(rows)), rows[-1][:10]).price_changes
    assert " ".join(f"{one.before:.2f} {one.after:.2f}" for one in changes) == told


def test_three_first_payments_make_it_new() -> None:
    assert only(statement(MUSIC)[:3], "2026-03-10").state == "new"


def test_rent_on_the_last_day_goes_through_short_months_and_weekends() -> None:
    rows = """
    2025-10-31  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete Oktober 2025
    2025-11-28  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete November 2025
    2025-12-31  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete Dezember 2025
    2026-01-30  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete Januar 2026
    2026-02-27  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete Februar 2026
    2026-03-31  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete März 2026
    2026-04-30  -890.00  DAUERAUFTRAG Wohnbau Lindenau Miete April 2026
    """
    series = only(statement(rows))
    assert (series.cadence, series.payee) == ("monthly", "Wohnbau Lindenau Miete")
    # 31 May 2026 is a Sunday, and those before it moved to Friday.
    assert series.next_date == dt.date(2026, 5, 29)


def test_two_contracts_with_one_company_are_two_series() -> None:
    rows = []
    for month in range(1, 7):
        rows += [
            f"2026-0{month}-12 -19.99 TELEKOM MOBILFUNK RG 83{month}77",
            f"2026-0{month}-12 -34.95 TELEKOM MOBILFUNK RG 1{month}993",
        ]
    found = find_recurring(statement("\n".join(rows)))
    assert sorted((one.amount, len(one.ids)) for one in found) == [(Decimal("-34.95"), 6), (Decimal("-19.99"), 6)]


def test_a_yearly_insurance_is_found_beside_the_monthly_one_of_the_same_company() -> None:
    rows = [f"{2025 + month // 12}-{month % 12 + 1:02}-05 -61.20 ALLIANZ VERS AS{month}2345678" for month in range(15)]
    rows += ["2025-02-11 -214.00 ALLIANZ VERS AS998877665", "2026-02-11 -221.00 ALLIANZ VERS AS998877665"]
    found = find_recurring(statement("\n".join(rows)))
    assert sorted((one.cadence, len(one.ids)) for one in found) == [("monthly", 15), ("yearly", 2)]
    assert "seen twice only" in found[1].reasons


def test_two_payments_a_month_apart_are_enough_only_for_a_service_known_by_name() -> None:
    known = statement("2026-04-04 -10.99 SPOTIFY P1\n2026-05-04 -10.99 SPOTIFY P2")
    unknown = statement("2026-04-04 -10.99 ZUMBELHAUS P1\n2026-05-04 -10.99 ZUMBELHAUS P2")
    assert len(find_recurring(known)) == 1
    assert find_recurring(unknown) == ()


def test_a_new_card_and_a_refund_do_not_end_a_series() -> None:
    old, new = statement(MUSIC)[:3], statement(MUSIC, "new card")[3:]
    days = ("2026-02-05", "2026-03-05", "2026-04-05")
    refund = statement("\n".join(f"{day} 10.99 SPOTIFY R4T5Z6U7 STOCKHOLM" for day in days))
    series = next(one for one in find_recurring([*old, *refund, *new]) if one.direction == "out")
    assert (len(series.ids), series.accounts) == (5, ("everyday", "new card"))
    assert not {row.id for row in refund} & set(series.ids)


def test_a_bill_that_varies_recurs_and_the_weekly_shopping_does_not() -> None:
    book = Book(1, 18, "habits")
    book.repeat("power", monthly(14), -90.0, lambda _: "CITY POWER", swing=0.4)
    book.habit((0, 0, 0, 0, 0, 1.0, 0), 40, 160, lambda _: "FRISCHLAND")
    book.habit(0.4, 0, 0, lambda _: "KETTLE HOUSE", prices=(3.5, 4.2))
    rows, _ = movements_of(book.rows())
    series = only(rows, "2026-06-30")
    assert (series.payee, series.spread) == ("City Power", "varying")
    assert series.highest < series.amount < series.lowest < 0


@pytest.mark.parametrize(
    ("currency", "amounts", "yearly", "told"),
    [
        ("JPY", "4123 5121 3999 4568", "-53436", "3999 to 5121"),
        ("EUR", "41.23 51.21 39.99 45.68", "-534.36", "39.99 to 51.21"),
        ("KWD", "41.235 51.215 39.995 45.685", "-534.384", "39.995 to 51.215"),
        (
            "USD",
            "90071992547.41 99071992547.41 85071992547.44 93071992547.45",
            "-1101863910569.16",
            "85071992547.44 to ",
        ),
    ],
)
def test_what_varies_comes_to_a_year_in_the_coins_of_its_currency(
    currency: str, amounts: str, yearly: str, told: str
) -> None:
    series = only(
        [
            Movement(number, 1, dt.date(2026, 1 + number, 14), -Decimal(one), "CITY POWER", currency)
            for number, one in enumerate(amounts.split())
        ]
    )
    assert (series.spread, series.yearly) == ("varying", Decimal(yearly))
    assert f"amounts vary from {told}" in "; ".join(series.reasons)


def test_salary_every_two_weeks_is_income_and_not_twice_a_month() -> None:
    book = Book(1, 12, "salary")
    book.repeat("pay", every(14), 1642.0, lambda day: f"BRIGHTWATER SCHOOLS PAYROLL {day:%m%d}")
    rows = [Movement(row.id, row.account, row.date, Decimal(row.amount), row.description) for row in book.rows()]
    series = only(rows, "2026-06-30")
    assert (series.direction, series.cadence, series.yearly) == ("in", "every two weeks", Decimal("42692.00"))


def test_two_music_services_are_one_too_many() -> None:
    other = statement(MUSIC.replace("SPOTIFY", "DEEZER").replace("11.99", "10.99"))
    (music,) = doubles(find_recurring([*statement(MUSIC), *other], dt.date(2026, 5, 10)))
    assert (music.kind, [one.payee.split()[0] for one in music.series]) == ("music", ["Spotify", "Deezer"])
    assert doubles(find_recurring([*statement(MUSIC), *other], dt.date(2027, 5, 10))) == ()


@pytest.mark.parametrize("seed", [1, 5])
def test_the_demo_household_is_told_apart_from_its_habits(seed: int) -> None:
    measured = score(*movements_of(demo(seed)))
    assert measured.row_precision >= 0.97
    assert measured.row_recall >= 0.97
    assert measured.series_precision >= 0.9
    assert measured.series_recall >= 0.95
    assert measured.median_days <= 1


def test_the_evaluation_runs_on_two_files(tmp_path: Path) -> None:
    transactions, truth = tmp_path / "t.csv", tmp_path / "r.csv"
    rows = statement(MUSIC)
    # This bank writes spending as positive.
    lines = [f"{number},a,{row.date},{-row.amount},{row.text}" for number, row in enumerate(rows)]
    transactions.write_text("\n".join(["id,account,date,amount,description", *lines, "x,a,2026-03-09,44.10,BOOKS\n"]))
    truth.write_text("\n".join(["id,series", *(f"{number},music" for number in range(5)), "x,\n"]))
    command = [sys.executable, "-m", "tests.eval.recurring", "--transactions", str(transactions), "--truth", str(truth)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines() == [
        "rows: precision 1.000, recall 1.000",
        "series: precision 1.000, recall 1.000",
        "next date: median 0.0 days off, mean 0.00 (1 of 1 series)",
    ]


TEXTS = st.sampled_from(
    ["SPOTIFY P1", "Rent May", "REWE 0412 KÖLN", "", "1234", "PAYPAL *X", "ÅÄ&Ö'", "the\nend", "CHECK 1041"]
)
ANY_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", 3]),
        st.dates(dt.date(2023, 1, 1), dt.date(2026, 6, 30)),
        st.sampled_from([Decimal(one) for one in ("-10.99", "-11.99", "0", "2500", "-0.0001", "-64.20", "10.99")]),
        TEXTS,
        st.sampled_from(["EUR", "USD"]),
    ),
    max_size=60,
).map(lambda rows: [Movement(number, *row) for number, row in enumerate(rows)])


@settings(max_examples=examples(30), deadline=None)
@given(rows=ANY_ROWS, dice=st.randoms(use_true_random=False))
def test_any_rows_in_any_order_give_the_same_series_none_of_which_share_a_row(
    rows: list[Movement], dice: object
) -> None:
    found = find_recurring(rows)
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_recurring(shuffled) == found
    used = [one for series in found for one in series.ids]
    assert len(used) == len(set(used))
    amounts = {row.id: row.amount for row in rows}
    for series in found:
        assert series.following > series.last_date
        assert series.next_date is None or series.next_date > series.last_date
        assert len(series.ids) >= 2
        assert 0 <= series.confidence <= 1
        assert len({amounts[one] > 0 for one in series.ids}) == 1


@settings(max_examples=examples(25), deadline=None)
@given(
    weeks=st.integers(-200, 200),
    length=st.sampled_from([7, 14, 28]),
    first=st.dates(dt.date(2020, 1, 1), dt.date(2024, 1, 1)),
)
def test_what_comes_by_the_week_is_the_same_any_number_of_weeks_later(weeks: int, length: int, first: dt.date) -> None:
    days = [first + dt.timedelta(days=length * number) for number in range(12) if number != 5]
    rows = [Movement(number, "a", day, Decimal("-24.50"), f"GREENCRATE {number}77") for number, day in enumerate(days)]
    moved = [Movement(row.id, "a", row.date + dt.timedelta(weeks=weeks), row.amount, row.text) for row in rows]
    (before,), (after,) = find_recurring(rows), find_recurring(moved)
    assert (after.ids, after.cadence, after.confidence) == (before.ids, before.cadence, before.confidence)
    assert after.following == before.following + dt.timedelta(weeks=weeks)
    assert after.ids == tuple(range(11))
