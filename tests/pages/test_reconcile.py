"""The page of reconciling: what differs is explained by rows, one click makes it agree, what agrees is locked."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.banking import list_reconciliations
from core.ledger import (
    AccountRecord,
    DailyBalance,
    SyncUpdate,
    TransactionRecord,
    apply_update,
    list_accounts,
    rename_account,
)
from core.runtime import Runtime
from core.store import Item, UserId
from tests.pages.conftest import Open

TODAY = clock.today()
BOOKED = Decimal("-12.00") + Decimal("-30.50") + Decimal("100.00")


def told(key: str, amount: str, days_ago: int, *, pending: bool = False) -> TransactionRecord:
    day = TODAY - timedelta(days=days_ago)
    return TransactionRecord("a", day, Decimal(amount), f"Shop {key}", key=key, pending=pending)


@pytest.fixture
def tell(house: Runtime, person: UserId) -> Callable[..., int]:
    """Return a function by which the person's bank tells of an account; returns the account's id."""

    def telling(*rows: TransactionRecord, removed: tuple[str, ...] = (), since: str = "", cursor: str = "c") -> int:
        with house.store.write() as session:
            item = session.query(Item).filter_by(user_id=person).first() or Item(
                user_id=person, provider="demo", provider_key="i", institution_name="Bank", created_at=clock.now()
            )
            session.add(item)
            session.flush()
            number = item.id
        total = sum((row.amount for row in rows if not row.pending), Decimal(0))
        apply_update(
            house.store,
            person,
            number,
            SyncUpdate(
                accounts=(AccountRecord("a", "Everyday", "checking", currency="USD", current=1000 + total),),
                added=rows,
                modified=(),
                removed=removed,
                next_cursor=cursor,
                balances=(DailyBalance("a", TODAY, 1000 + total),),
            ),
            since=since,
        )
        return list_accounts(house.store, person)[0].id

    return telling


@pytest.fixture
def account(tell: Callable[..., int]) -> int:
    """Return an account that began with 1,000.00 and has three posted rows and a pending one of −7.77."""
    return tell(told("one", "-12.00", 9), told("two", "-30.50", 5), told("pay", "100.00", 3),
                told("wait", "-7.77", 1, pending=True))  # fmt: skip


def words(app: AppTest) -> str:
    return "\n".join(str(element.proto) for element in app.main)


def type_balance(app: AppTest, balance: str, day: date = TODAY) -> AppTest:
    app.date_input[0].set_value(day)
    app.number_input[0].set_value(float(balance))
    return app.run()


def figures(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.mark.both_stores
def test_the_banks_newest_balance_is_offered_agrees_and_is_locked(
    open_screen: Open, house: Runtime, person: UserId, account: int
) -> None:
    app = open_screen("reconcile", person)
    assert not app.exception
    assert figures(app) == {
        "Opening": "$1,000.00", "Transactions": "$57.50",
        "Balance here": "$1,057.50", "On the statement": "$1,057.50",
    }  # fmt: skip
    assert "It agrees to the cent" in words(app)
    app.button(key="accept").click().run()
    (entry,) = list_reconciliations(house.store, person, account)
    assert (entry.rows, entry.stated, entry.source, entry.correction) == (3, 1000 + BOOKED, "bank", None)
    assert "Holds" in words(app)


def test_an_account_is_called_by_its_name_and_no_sign_of_it_is_masked(
    open_screen: Open, house: Runtime, person: UserId, account: int
) -> None:
    rename_account(house.store, person, account, "Salt & *Pepper*")
    assert open_screen("reconcile", person).selectbox[0].options == ["Salt & *Pepper* · Bank"]


def test_a_pending_row_on_the_statement_is_named_and_counted_in(
    open_screen: Open, house: Runtime, person: UserId, account: int
) -> None:
    app = type_balance(open_screen("reconcile", person), "1049.73")
    assert "$7.77" in words(app).replace("\\", "")
    assert "still pending" in words(app)
    assert "Shop wait" in words(app)
    app.button(key="take_cause_0").click().run()
    assert "It agrees to the cent" in words(app)
    assert figures(app)["Balance here"] == "$1,049.73"
    app.button(key="accept").click().run()
    (entry,) = list_reconciliations(house.store, person, account)
    assert (entry.rows, entry.source, entry.correction) == (4, "person", None)


def test_a_row_that_is_not_on_the_statement_is_named_and_left_out(
    open_screen: Open, house: Runtime, person: UserId, account: int
) -> None:
    app = type_balance(open_screen("reconcile", person), "1088.00")
    assert "Shop two" in words(app)
    next(one for one in app.button if one.label == "Leave it out").click().run()
    assert "It agrees to the cent" in words(app)
    app.button(key="accept").click().run()
    assert list_reconciliations(house.store, person, account)[0].rows == 2


def test_another_statement_begins_with_nothing_said(open_screen: Open, person: UserId, account: int) -> None:
    app = type_balance(open_screen("reconcile", person), "1049.73")
    app.button(key="take_cause_0").click().run()
    assert figures(app)["Balance here"] == "$1,049.73"
    app = type_balance(app, "1057.50", TODAY - timedelta(days=1))
    assert figures(app)["Balance here"] == "$1,057.50"


@pytest.mark.both_stores
def test_what_nothing_explains_takes_a_correction_only_after_a_question(
    open_screen: Open, house: Runtime, person: UserId, account: int
) -> None:
    app = type_balance(open_screen("reconcile", person), "1060.83")
    assert "may be missing here" in words(app)
    app.button(key="correct").click().run()
    assert list_reconciliations(house.store, person, account) == ()
    app.button(key="confirm_correction").click().run()
    (entry,) = list_reconciliations(house.store, person, account)
    assert (entry.stated, entry.correction) == (Decimal("1060.83"), Decimal("3.33"))
    app.button(key=f"reopen_{entry.id}").click().run()
    assert "Reopened" in words(app)
    assert list_reconciliations(house.store, person, account)[0].reopened_at is not None
    assert figures(app)["Balance here"] == "$1,057.50"


def test_a_bank_that_takes_a_locked_row_back_is_told(
    open_screen: Open, person: UserId, account: int, tell: Callable[..., int]
) -> None:
    app = open_screen("reconcile", person)
    app.button(key="accept").click().run()
    tell(removed=("two",), since="c", cursor="d")
    app.run()
    assert "No longer holds" in words(app)
    assert "removed by the bank" in words(app)
    assert "Shop two" in words(app)


def test_somebody_elses_account_is_not_shown(
    open_screen: Open, person: UserId, demo_person: UserId, account: int
) -> None:
    app = open_screen("reconcile", demo_person, account=str(account))
    assert "Everyday · Bank" not in words(app)
    assert "Shop one" not in words(app)


def test_a_page_left_open_accepts_nothing(
    open_screen: Open, house: Runtime, person: UserId, account: int, leave: Callable[[UserId], None]
) -> None:
    app = open_screen("reconcile", person)
    leave(person)
    app.button(key="accept").click().run()
    assert list_reconciliations(house.store, person, account) == ()
