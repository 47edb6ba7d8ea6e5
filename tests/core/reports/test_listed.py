"""What is filtered, as a file: every line of it, exact, and never run by a spreadsheet."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core import clock
from core.analytics import TransactionFilter
from core.cache import Caches
from core.errors import ExportError, StepUpNeededError
from core.identity import Operator, list_events, session_of, start_session
from core.ledger import Changes, Part, apply_update, edit_transactions, split_transaction
from core.reports import Form, export_listed
from core.reports.tables import MOST_LINES
from core.store import Store
from tests.core.ledger.household import Household, bought, settle, update

FORMULA = '=HYPERLINK("http://evil.example","x")'
Take = Callable[..., bytes]
NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def home(store: Store) -> Household:
    found = settle(store)
    rows = [bought(f"t{number}", "-10.50", day=number, name=f"Shop {number}") for number in range(1, 5)]
    apply_update(store, found.user, found.item, update(*rows), since="")
    ids = [row.id for row in found.rows()]
    edit_transactions(
        store, found.user, ids[:1], Changes(FORMULA, note="@SUM(1)", add_tags=("-1+1", "Zoë"), hidden=True)
    )
    split_transaction(store, found.user, ids[1], [Part(Decimal(-10), 4), Part(Decimal("-0.50"), None, "tip")])
    return found


@pytest.fixture
def taken(store: Store, home: Household, tmp_path: Path) -> Iterator[Take]:
    caches = Caches(None, store)

    def take(form: Form, most: int = MOST_LINES, **wanted: object) -> bytes:
        some = TransactionFilter(**wanted)  # type: ignore[arg-type]
        return export_listed(store, caches.of(home.user), Operator(home.user), some, form, tmp_path / "exports", most)

    yield take
    caches.close()
    assert [*(tmp_path / "exports").glob("*")] == [], "something was left in the folder"


def sheet(data: bytes) -> list[dict[str, str]]:
    """Return the cells of a workbook's only sheet as text by their column, without the heading."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        tree = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    assert tree.findall(".//s:f", NS) == [], "there is a formula in it"
    rows = tree.findall(".//s:sheetData/s:row", NS)[1:]
    return [{cell.attrib["r"][0]: "".join(cell.itertext()) for cell in row.findall("s:c", NS)} for row in rows]


def test_a_csv_has_every_line_exactly_and_no_formula(taken: Take) -> None:
    lines = list(csv.DictReader(io.StringIO(taken("csv").decode("utf-8-sig"), newline="")))
    assert [(line["Date"], line["Amount"], line["Part"]) for line in lines] == [
        ("2026-03-04", "-10.50", ""),
        ("2026-03-03", "-10.50", ""),
        ("2026-03-02", "-10.00", "1 of 2"),
        ("2026-03-02", "-0.50", "2 of 2"),
        ("2026-03-01", "-10.50", ""),
    ]
    last = lines[-1]
    assert (last["Name"], last["Note"], last["Tags"]) == (f"'{FORMULA}", "'@SUM(1)", "'-1+1, Zoë")
    assert (last["Left out of budgets"], last["Currency"], last["Account"]) == ("true", "USD", "Everyday")
    assert lines[3]["Note"] == "tip"


def test_a_json_has_the_texts_as_they_are(taken: Take) -> None:
    rows = json.loads(taken("json", tags=("Zoë",)))
    assert [(row["Name"], row["Amount"], row["Tags"], row["Pending"]) for row in rows] == [
        (FORMULA, "-10.50", ["-1+1", "Zoë"], False)
    ]
    assert json.loads(taken("json", text="nothing")) == []


def test_a_workbook_has_numbers_days_and_defused_text(taken: Take) -> None:
    rows = sheet(taken("xlsx"))
    assert len(rows) == 5
    amounts = [Decimal(row["E"]) for row in rows]
    assert amounts == [Decimal("-10.5"), Decimal("-10.5"), Decimal(-10), Decimal("-0.5"), Decimal("-10.5")]
    assert rows[-1]["A"] == "46082", "the first of March 2026 as a spreadsheet counts days"
    assert (rows[-1]["C"], rows[-1]["H"]) == (f"'{FORMULA}", "'@SUM(1)")


def test_more_lines_than_a_sheet_holds_are_refused(taken: Take) -> None:
    assert len(sheet(taken("xlsx", 5))) == 5
    with pytest.raises(ExportError):
        taken("xlsx", 4)
    assert taken("csv", 4)


def test_it_needs_a_fresh_check_and_is_written_down(store: Store, home: Household, tmp_path: Path) -> None:
    caches = Caches(None, store)
    with clock.frozen(clock.now() - timedelta(hours=1)):
        token = start_session(store, home.user, agent="tests")
    asker = session_of(store, token)
    assert asker is not None
    with pytest.raises(StepUpNeededError):
        export_listed(store, caches.of(home.user), asker, TransactionFilter(), "csv", tmp_path)
    export_listed(store, caches.of(home.user), Operator(home.user), TransactionFilter(), "csv", tmp_path)
    assert list_events(store, home.user)[0].event == "data exported"
    caches.close()
