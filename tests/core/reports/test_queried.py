"""What a query found, as a file: exact, whole, and never run by a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from zipfile import ZipFile

import pytest

from core import clock
from core.cache import Caches, Desk
from core.errors import ExportError, QueryError, StepUpNeededError
from core.identity import Operator, session_of, start_session
from core.reports import export_queried, queried
from core.store import Store, UserId
from tests.core.ledger.household import add_person

TODAY = date(2026, 6, 17)
SQL = (
    "SELECT '=1+1' AS \"=danger\", 1.50::DECIMAL(18, 4) AS money, DATE '2026-03-01' AS day, NULL AS nothing,"
    " true AS flag, [1, 2] AS several, 12345678901234567890::HUGEINT AS large, 0.5::DOUBLE AS share"
)


@pytest.fixture
def person(store: Store) -> UserId:
    return add_person(store)


@pytest.fixture
def desk(store: Store, person: UserId) -> Iterator[Desk]:
    caches = Caches(None, store)
    yield caches.of(person).desk("tests")
    caches.close()


def test_every_form_holds_what_was_found(store: Store, person: UserId, desk: Desk) -> None:
    asker = Operator(person)
    told = export_queried(store, desk, asker, SQL, "csv", TODAY).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(told))) == [
        ["'=danger", "money", "day", "nothing", "flag", "several", "large", "share"],
        ["'=1+1", "1.50", "2026-03-01", "", "true", "[1, 2]", "12345678901234567890", "0.5"],
    ]
    facts = json.loads(export_queried(store, desk, asker, SQL, "json", TODAY))
    assert facts["rows"] == [["=1+1", "1.50", "2026-03-01", None, True, [1, 2], 12345678901234567890, 0.5]]
    book = ZipFile(io.BytesIO(export_queried(store, desk, asker, SQL, "xlsx", TODAY)))
    words, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("sharedStrings", "worksheets/sheet1"))
    assert "'=1+1" in words
    assert "<f>" not in sheet


def test_more_than_a_file_takes_is_told(
    store: Store, person: UserId, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queried, "MOST_QUERIED", 10)
    with pytest.raises(ExportError, match="more than 10 rows"):
        export_queried(store, desk, Operator(person), "SELECT * FROM range(11)", "csv", TODAY)
    with pytest.raises(QueryError):
        export_queried(store, desk, Operator(person), "COPY accounts TO 'x'", "csv", TODAY)


def test_who_was_not_asked_for_a_while_takes_nothing_away(store: Store, person: UserId, desk: Desk) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=30)):
        token = start_session(store, person, agent="tests")
    asker = session_of(store, token)
    assert asker is not None
    with pytest.raises(StepUpNeededError):
        export_queried(store, desk, asker, "SELECT 1", "csv", TODAY)
