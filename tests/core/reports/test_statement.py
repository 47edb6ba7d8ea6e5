"""The report: its figures are what the store's rows come to, in PDF as in HTML, and nothing from data is markup."""

import io
import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from core import clock
from core.analytics import Before
from core.cache import Caches
from core.errors import StepUpNeededError, ValidationError
from core.formats import PlainFormats
from core.identity import Operator, session_of, start_session
from core.ledger import Changes, apply_update, edit_transactions
from core.planning import set_limit
from core.reports import Stretch, export_report, month_stretch, year_stretch
from core.reports.statement import Statement, statement
from core.reports.statement_html import html_page
from core.reports.statement_parts import Sheet, sheet_of
from core.reports.statement_pdf import BOX, MISSING, pdf_file
from core.store import Store
from tests.core.analytics.test_plain import NOW, TODAY, Household, household  # noqa: F401 - a fixture
from tests.core.ledger.household import bought, settle, update

US = PlainFormats()
STRETCHES = (month_stretch(date(2026, 2, 3)), month_stretch(TODAY), year_stretch(2025))


def dollars(amount: Decimal, *, signed: bool = False) -> str:
    """Write an amount as the report should, without its code."""
    cents = f"{abs(amount).quantize(Decimal('0.01')):,}"
    return f"{'−' if amount < 0 else '+' if signed and amount > 0 else ''}${cents}"


def percent(share: Decimal) -> str:
    return f"{'−' if share < 0 else ''}{round(abs(share) * 100)}%"


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def frame(home: Household) -> pd.DataFrame:
    rows = [
        {"date": row.date, "home": row.home, "kind": row.kind, "group": str(row.group or 0), "name": row.name}
        for row in home.rows
    ]
    return pd.DataFrame(rows)


def before_of(stretch: Stretch) -> tuple[date, date]:
    """Return the days before, the whole stretch being over."""
    months = 12 if stretch.is_year else 1
    first = clock.add_months(stretch.first, -months)
    return first, stretch.first - timedelta(days=1)


def summed(rows: pd.DataFrame, kind: str, first: date, last: date) -> Decimal:
    chosen = rows[(rows["kind"] == kind) & (rows["date"] >= first) & (rows["date"] <= last)]
    return sum(chosen["home"], Decimal(0))


def made(home: Household, stretch: Stretch, today: date = TODAY) -> Statement:
    with clock.frozen(NOW):
        return statement(home.store, home.cache, home.user, stretch, today, "Ada")


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda one: str(one.first))
def test_every_figure_is_the_stores_in_both_forms(household: Household, stretch: Stretch) -> None:  # noqa: F811
    with clock.frozen(NOW):
        set_limit(household.store, household.user, 8, date(2026, 1, 1), Decimal(900))
    one = made(household, stretch)
    sheet = sheet_of(one, US)
    pdf, page = text_of(pdf_file(sheet)), html_page(sheet)
    rows, (before_first, before_last) = frame(household), before_of(stretch)
    income = summed(rows, "income", stretch.first, stretch.last)
    spent = -summed(rows, "spending", stretch.first, stretch.last)
    income_before = summed(rows, "income", before_first, before_last)
    spent_before = -summed(rows, "spending", before_first, before_last)
    told = [
        dollars(income), dollars(spent), dollars(income - spent), percent((income - spent) / income),
        dollars(spent - spent_before, signed=True), dollars(income - income_before, signed=True),
    ]  # fmt: skip
    assert (one.income.now, one.spending.now, one.saved.now) == (income, spent, income - spent)
    assert (one.income.before, one.spending.before) == (income_before, spent_before)
    spending = rows[rows["kind"] == "spending"]
    now = spending[(spending["date"] >= stretch.first) & (spending["date"] <= stretch.last)]
    groups = {key: -sum(part["home"], Decimal(0)) for key, part in now.groupby("group")}
    assert {row.keys[0].value: row.total.spent for row in one.groups if row.total.spent is not None} == groups
    told += [dollars(amount) for amount in groups.values()]
    merchants: dict[str, Decimal] = defaultdict(Decimal)
    for name, amount in zip(now["name"], now["home"], strict=True):
        merchants[name] -= amount
    first = max(merchants, key=lambda name: (merchants[name], name))
    assert one.merchants[0].total.spent == merchants[first]
    assert sum(row.total.spent or 0 for row in one.merchants) == spent
    told += [dollars(merchants[first]), first]
    moved = rows[(rows["kind"] != "transfer") & (rows["date"] >= stretch.first) & (rows["date"] <= stretch.last)]
    largest = sorted((abs(amount) for amount in moved["home"]), reverse=True)[:10]
    assert [abs(line.home) for line in one.largest] == largest
    for words in told:
        assert words in pdf, words
        assert words in page, words
    for table in sheet.tables:
        for cell in (cell for row in table.rows for cell in row[table.words :]):
            assert cell.replace("\xa0", " ") in pdf, (table.title, cell)
    if not stretch.is_year:
        (line,) = (line for line in one.budgets if line.category_id == 8)
        assert line.spent == groups.get("8", Decimal(0)) - hidden_of(household, stretch)


def hidden_of(home: Household, stretch: Stretch) -> Decimal:
    """Return what of food was spent in rows that are left out of budgets."""
    return -sum(
        (
            row.home
            for row in home.rows
            if row.hidden and row.group == 8 and row.kind == "spending" and stretch.first <= row.date <= stretch.last
        ),
        Decimal(0),
    )


def test_accounts_open_where_they_closed(household: Household) -> None:  # noqa: F811
    january, february = made(household, month_stretch(date(2026, 1, 1))), made(household, STRETCHES[0])
    assert [line.closing for line in january.accounts] == [line.opening for line in february.accounts]
    assert january.worth.now == february.worth.before
    for line in february.accounts:
        rows = [row for row in household.rows if not row.pending and date(2026, 2, 1) <= row.date <= date(2026, 2, 28)]
        assert line.opening is not None
        assert line.closing is not None
        assert line.closing - line.opening in {
            sum((row.amount for row in rows if row.account == number), Decimal(0)) for number in range(1, 12)
        }


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_month_that_is_on_is_held_against_as_many_days_in_any_time_zone(
    household: Household,  # noqa: F811
    zone: str,
) -> None:
    with clock.frozen(datetime(2026, 3, 11, 11, tzinfo=UTC)):
        today = clock.today(zone)
    one = made(household, month_stretch(today), today)
    rows = frame(household)
    back = clock.add_months(today, -1)
    assert one.income.now == (summed(rows, "income", date(2026, 3, 1), today) or None)
    assert one.spending.now == -summed(rows, "spending", date(2026, 3, 1), today)
    assert one.spending.before == -summed(rows, "spending", date(2026, 2, 1), back)
    assert f"up to {US.day(today)}" in sheet_of(one, US).subtitle


def test_a_year_that_is_on_is_held_against_the_same_days_of_the_year_before(household: Household) -> None:  # noqa: F811
    today = date(2026, 3, 11)
    one = made(household, year_stretch(2026), today)
    assert one.dates.before == Before(date(2025, 1, 1), date(2025, 3, 11), months=12)
    assert one.spending.before == -summed(frame(household), "spending", date(2025, 1, 1), date(2025, 3, 11))


def test_the_report_is_made_on_the_persons_own_day(household: Household) -> None:  # noqa: F811
    # In UTC the day after has begun.
    with clock.frozen(datetime(2026, 3, 12, 2, tzinfo=UTC)):
        today = clock.today("America/Los_Angeles")
        one = statement(household.store, household.cache, household.user, month_stretch(today), today)
    assert f"Made on {US.day(date(2026, 3, 11))}." in sheet_of(one, US).notes


def test_what_has_not_begun_is_refused(household: Household) -> None:  # noqa: F811
    with pytest.raises(ValidationError):
        made(household, month_stretch(date(2026, 5, 1)))


NAMES = (
    "<script>alert(1)</script>",
    "a\u202egnp.exe",
    "Кофе и чай ☕️ 👨‍👩‍👧",
    "مقهى السلام",
    "茶" * 200,
    "x" * 200,
    "&lt;b&gt; \"quoted\" 'too'",
)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_nothing_from_data_is_markup_and_no_letter_stops_it(store: Store) -> None:
    home = settle(store)
    rows = [bought(f"t{number}", f"-{number + 1}", day=number + 1, name=name) for number, name in enumerate(NAMES)]
    apply_update(store, home.user, home.item, update(*rows), since="")
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(NAMES[0], note="=1+1"))
    caches = Caches(None, store)
    one = statement(store, caches.of(home.user), home.user, month_stretch(date(2026, 3, 1)), date(2026, 4, 2), NAMES[0])
    sheet = sheet_of(one, US)
    page, pdf = html_page(sheet), text_of(pdf_file(sheet, "Letter"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert set(re.findall(r"<(\w+)", page)) <= set(
        "html head meta title style body main h1 h2 p section div span b small svg rect polyline text table thead tbody"
        " tr th td footer".split()
    )
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", page)
    assert "Кофе и чай" in pdf
    assert BOX in pdf
    assert MISSING in pdf
    assert "茶" * (59) in page or "茶" * 35 in page
    caches.close()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_file_takes_a_fresh_check_and_an_empty_person_gets_one_too(store: Store) -> None:
    home = settle(store)
    caches = Caches(None, store)
    with clock.frozen(clock.now() - timedelta(hours=1)):
        token = start_session(store, home.user)
    session = session_of(store, token)
    assert session is not None
    stretch = month_stretch(clock.today())
    with pytest.raises(StepUpNeededError):
        export_report(store, caches.of(home.user), session, stretch, "pdf")
    for form in ("pdf", "html"):
        assert export_report(store, caches.of(home.user), Operator(home.user), stretch, form)  # type: ignore[arg-type]
    caches.close()


def test_the_paper_is_as_asked() -> None:
    sheet = Sheet("Title", "", (), None, (), ())
    for paper, size in (("A4", (595, 842)), ("Letter", (612, 792))):
        (page,) = PdfReader(io.BytesIO(pdf_file(sheet, paper))).pages  # type: ignore[arg-type]
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == size


def test_the_command_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.__main__ import main

    def ask(*words: str) -> str:
        return CliRunner().invoke(main, ["report", "--user", "a@example.org", *words]).output

    assert "neither .pdf nor .html" in ask("--month", "2026-10", "--to", str(tmp_path / "x.txt"))
    assert "which month or which year" in ask("--to", str(tmp_path / "x.pdf"))
    assert "no month" in ask("--month", "2026-13", "--to", str(tmp_path / "x.pdf"))
    assert "There is no user" in ask("--year", "2026", "--to", str(tmp_path / "x.pdf"))
