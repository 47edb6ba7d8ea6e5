"""The worked examples of docs/engineering.md do what is said of them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.banking import Institution, LinkedItem, keep_item, sync_item
from core.coach import Scope
from core.coach.values import Amount, Count
from core.config import ROOT
from core.errors import ImportFileError, ValidationError
from core.insights.evidence import gather
from core.planning import bills
from core.store import Store
from core.vault import Keys, Vault
from tests.core.coach.household import NOON, demo_scope
from tests.core.ledger.household import Household, add_person

TEXT = (ROOT / "docs" / "engineering.md").read_text("utf-8")
BLOCKS = {text.splitlines()[0].removeprefix("# "): text for text in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)}


def example(path: str) -> dict[str, Any]:
    """Return what an example defines."""
    names: dict[str, Any] = {"__name__": path}
    exec(compile(BLOCKS[path], path, "exec"), names)  # noqa: S102 - our own examples
    return names


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scope]:
    with demo_scope(tmp_path_factory.mktemp("demo")) as found, clock.frozen(NOON):
        yield found


def test_files_that_it_names_are_there() -> None:
    named = set(re.findall(r"`((?:core|pages|tests)/[\w/.]+)`", TEXT)) | {"core/importing/amounts.py"}
    assert len(named) > 25
    assert sorted(one for one in named if not (ROOT / one).exists()) == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_bank_of_three_methods_is_synced(store: Store) -> None:
    told = {
        "accounts": [{"id": "a", "name": "Everyday", "cents": 98_750}],
        "rows": [{"account": "a", "id": "1", "day": "2026-03-02", "cents": 1250, "text": "Bakery"}],
        "gone": [],
        "next": "2",
    }
    bank = example("core/banking/harbour/provider.py")["Harbour"](lambda _token, _cursor: told)
    vault, user = Vault(Keys.made()), add_person(store)
    item = keep_item(store, vault, user, "harbour", LinkedItem("h", "token", Institution("harbour", "Harbour Bank")))
    sync_item(store, vault, {"harbour": bank}, user, item)
    (row,) = Household(store, user, item).rows()
    assert (row.date, row.amount, row.name, row.currency) == (date(2026, 3, 2), Decimal("-12.5"), "Bakery", "EUR")


def test_a_file_is_read_or_refused_with_its_line() -> None:
    read = example("core/importing/book.py")["read_book"]
    (part,) = read("BOOK1 77\n2026-03-02|-12.50|Bakery\n2026-03-03|2000|Pay", currency="EUR").parts
    assert [(row.amount, row.name) for row in part.transactions] == [(Decimal("-12.5"), "Bakery"), (2000, "Pay")]
    for wrong in ("2026-02-30|1|x", "2026-03-03|one|x", "2026-03-03"):
        with pytest.raises(ImportFileError, match="Line 3"):
            read(f"BOOK1 77\n2026-03-02|-12.50|Bakery\n{wrong}", currency="EUR")


def test_a_large_bill_is_noticed(scope: Scope) -> None:
    found = example("core/insights/detectors/large_bill.py")
    evidence = gather(scope.store, scope.cache.user, scope.cache, scope.today)
    there = {one.currency: one.start for one in evidence.bills.projections}
    rent = max(evidence.bills.to_pay, key=lambda one: -one.amount)
    share = -rent.amount / there[rent.currency]
    found["SHARE"] = share
    assert [one for one in found["detect"](evidence) if one.facts["name"] == rent.name] == []
    found["SHARE"] = share - Decimal("0.0001")
    assert rent.name in [one.facts["name"] for one in found["detect"](evidence)]


def test_a_tool_tells_what_the_page_shows(scope: Scope) -> None:
    tool = example("core/coach/tools/owed.py")["GET_OWED"]
    view = bills(scope.store, scope.cache, scope.today, currency=scope.person.currency)
    week = [one for one in view.to_pay if one.day <= scope.today + timedelta(days=7) and one.currency == "USD"]
    told = tool.run(scope, {"days": 7}).told
    assert told["bills"] == Count(len(week))
    assert told["in_all"] == Amount(-sum(one.amount for one in week), "USD")
    with pytest.raises(ValidationError):
        tool.run(scope, {"days": 31})


def test_a_page_shows_nothing_to_a_stranger(tmp_path: Path) -> None:
    page = tmp_path / "due.py"
    page.write_text(BLOCKS["pages/due.py"], "utf-8")
    app = AppTest.from_file(str(page)).run()
    assert not app.exception
    assert not app.title
    assert "signed out" in app.info[0].value
