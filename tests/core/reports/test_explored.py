"""A table of the Explore page as a file: what the screen shows, exact, and never run by a spreadsheet."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest

from core import clock
from core.analytics import TransactionFilter, View, explore
from core.cache import Caches
from core.errors import StepUpNeededError
from core.identity import Operator, session_of, start_session
from core.ledger import Changes, apply_update, edit_transactions
from core.reports import export_explored
from core.store import Account, Store, Transaction, next_change
from tests.core.ledger.household import add_person, bought, settle, update
from tests.core.reports.test_listed import sheet

FORMULA = "=1+1"


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_every_form_has_the_same_figures_and_no_formula(store: Store) -> None:
    home = settle(store)
    rows = [bought(f"t{number}", "-10.50", day=number, name=f"Shop {number}") for number in range(1, 5)]
    apply_update(store, home.user, home.item, update(*rows), since="")
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(FORMULA))
    caches = Caches(None, store)
    today = home.rows()[-1].date
    view = View(("merchant",), "month", ("spent",), TransactionFilter(), "month", order="name")
    pivot = explore(caches.of(home.user), view, today)
    lines = list(csv.reader(io.StringIO(export_explored(store, Operator(home.user), pivot, "csv").decode("utf-8-sig"))))
    assert lines[0] == ["Merchant", "Spending, 2026-03 (USD)", "Total (USD)"]
    assert lines[1] == [f"'{FORMULA}", "10.50", "10.50"]
    assert lines[-1] == ["Total", "42.00", "42.00"]
    told = json.loads(export_explored(store, Operator(home.user), pivot, "json"))
    assert [one["Merchant"] for one in told] == [FORMULA, "Shop 2", "Shop 3", "Shop 4", "Total"]
    workbook = export_explored(store, Operator(home.user), pivot, "xlsx")
    book = sheet(workbook)
    assert [Decimal(row["C"]) for row in book] == [Decimal("10.5")] * 4 + [Decimal(42)]
    with zipfile.ZipFile(io.BytesIO(workbook)) as opened:
        assert f"<t>'{FORMULA}</t>" in opened.read("xl/sharedStrings.xml").decode()
    with clock.frozen(clock.now() - timedelta(hours=1)):
        token = start_session(store, home.user)
    session = session_of(store, token)
    assert session is not None
    with pytest.raises(StepUpNeededError):
        export_explored(store, session, pivot, "csv")
    caches.close()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_two_accounts_that_are_called_alike_keep_a_figure_each(store: Store) -> None:
    person = add_person(store)
    with store.write() as session:
        change = next_change(session, person)
        for amount in (-7, -5):
            account = Account(
                user_id=person, name="Checking", type="checking", currency="USD", created_at=clock.now(), change=change
            )
            session.add(account)
            session.flush()
            session.add(
                Transaction(
                    user_id=person, account_id=account.id, date=clock.now().date(), amount=Decimal(amount), name="Shop",
                    currency="USD", pending=False, created_at=clock.now(), change=change,
                )
            )  # fmt: skip
    caches = Caches(None, store)
    pivot = explore(
        caches.of(person), View(("merchant",), "account", ("spent",), TransactionFilter()), clock.now().date()
    )
    (row, _) = json.loads(export_explored(store, Operator(person), pivot, "json"))
    assert sorted(value for title, value in row.items() if "Checking" in title) == ["5.00", "7.00"]
    caches.close()
