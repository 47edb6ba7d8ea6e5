"""The forecast as a person has it on the screen."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest
from sqlalchemy import select

from core import clock
from core.forecasting import ELSE, FEWEST_MONTHS, Outlook, outlook
from core.identity import profile
from core.ledger import NewAccount, SourceFile, TransactionRecord, import_statements, list_categories
from core.planning import gathered, kept_line
from core.runtime import Runtime
from core.store import Account, Pair, Split, Transaction, UserId
from pages.foreseeing.trying import AMOUNT, DROPPED
from pages.shared.formats import formats_of
from tests.core.ledger.household import statement
from tests.core.rates.oracle import converted
from tests.pages.conftest import Open
from tests.pages.test_screens import said, words

ZONES = ("Pacific/Pago_Pago", "Europe/Berlin", "Pacific/Kiritimati")
LOANS = {"mortgage", "loan"}
MOVED = {*LOANS, "brokerage", "retirement"}


def seen(house: Runtime, user: UserId) -> Outlook:
    """Return what the page is drawn from."""
    who = profile(house.store, user)
    return outlook(house.store, house.caches.of(user), who.today, line=kept_line(house.store, user))


def test_the_page_says_what_will_be_left_and_spent(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    app = open_screen("forecast", demo_person)
    assert not app.exception
    view, formats = seen(house, demo_person), formats_of(profile(house.store, demo_person))
    shown = {metric.label: metric.value for metric in app.metric}
    for days in (30, 60, 90):
        assert shown[f"In {days} days"] == formats.figure(view.days[days].balance, view.currency)
    whole, told = view.spent(30), said(app)
    assert whole is not None
    assert f"About {formats.money(whole.total, view.currency)} in 30 days" in told
    assert view.back_test is not None
    assert f"off by {formats.money(view.back_test.off, view.currency)} on average" in told
    assert f"held in {formats.percent(view.back_test.held)}" in told
    app.session_state["spending_days"] = 90
    app.run()
    last = view.spent(90)
    assert last is not None
    assert f"About {formats.money(last.total, view.currency)} in 90 days" in said(app)


def test_what_is_tried_is_shown_and_not_kept(open_screen: Open, house: Runtime, demo_person: UserId) -> None:
    app = open_screen("forecast", demo_person)
    view, formats = seen(house, demo_person), formats_of(profile(house.store, demo_person))
    mark = house.caches.of(demo_person).mark()
    (rent,) = (one for one in view.choosable if one.name == "Harborline Mortgage")
    assert "With what you try" not in said(app)
    app.session_state[DROPPED] = [rent.key]
    app.session_state[AMOUNT] = 100.0
    app.run()
    assert not app.exception
    paid = sum(-one.amount for one in view.entries if one.key == rent.key)
    assert paid > 0
    assert f"With what you try, {formats.money(paid - 100, view.currency)} more after 90 days" in said(app)
    next(one for one in app.button if "Back to how it is" in one.label).click().run()
    assert "With what you try" not in said(app)
    assert house.caches.of(demo_person).mark() == mark


def test_a_line_that_is_typed_is_kept_and_warned_of(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    app = open_screen("forecast", own_demo_person)
    app.number_input(key="line_at_0.00").set_value(1_000_000.0).run()
    assert kept_line(house.store, own_demo_person) == 1_000_000
    view = seen(house, own_demo_person)
    assert view.below == view.today
    assert any("there will be less than $1,000,000.00" in one.value.replace("\\", "") for one in app.warning)


def test_with_too_little_history_the_page_says_so(open_screen: Open, house: Runtime, person: UserId) -> None:
    today = profile(house.store, person).today
    days = [clock.add_months(today, -back) - timedelta(days=2) for back in range(3)]
    rows = [TransactionRecord("chk", day, Decimal(-500), "Lakeside Homes rent", key=str(day)) for day in days]
    told = statement(*rows, ledger_balance=Decimal(900), ledger_balance_date=today)
    import_statements(
        house.store,
        person,
        [(told, NewAccount("Everyday", "checking", "USD"))],
        SourceFile("csv", "rent.csv", "1" * 64),
    )
    app = open_screen("forecast", person)
    assert not app.exception
    assert any(f"{FEWEST_MONTHS} are needed" in one.value for one in app.info)
    assert "What you will spend" not in words(app)


@pytest.mark.parametrize("zone", ZONES)
def test_the_months_are_those_of_the_store(house: Runtime, demo_person: UserId, zone: str) -> None:
    """What was spent by category besides what recurs, computed from the store's own rows."""
    today = clock.today(zone)
    cache = house.caches.of(demo_person)
    view = outlook(house.store, cache, today)
    recurring = {paid.id for one in gathered(cache, today).recurring for paid in one.payments}
    frame = spent_rows(house, demo_person)
    frame = frame[~frame.id.isin(recurring) & (frame.day < today.replace(day=1))]
    by_month = frame.groupby(frame.day.map(lambda day: day.replace(day=1))).home.sum()
    assert view.back_test is not None
    for one in view.back_test.months:
        assert one.actual == -by_month.get(one.month, Decimal(0)), one.month
    months = view.months
    since = clock.add_months(today.replace(day=1), -months)
    errors: dict[int | None, list[float]] = defaultdict(list)
    for category, rows in frame[frame.day >= since].groupby(frame.group.fillna(0)):
        sums = rows.groupby(rows.day.map(lambda day: day.replace(day=1))).home.sum()
        line = [float(-sums.get(clock.add_months(since, at), Decimal(0))) for at in range(months)]
        errors[int(category) or None] = [abs(late - early) for early, late in pairwise(line[2:])]
    for part in view.back_test.parts:
        if part.category_id != ELSE:
            own = errors[part.category_id]
            assert float(part.off_last) == pytest.approx(sum(own) / len(own), abs=0.011)


def spent_rows(house: Runtime, user: UserId) -> pd.DataFrame:
    """Return every line that was spent: transaction, day, primary category, amount in dollars."""
    categories = {one.id: one for one in list_categories(house.store, user)}
    primaries = {one.code: one.id for one in categories.values() if one.code == one.group}
    with house.store.read() as session:
        accounts = {one.id: one for one in session.scalars(select(Account).where(Account.user_id == user))}
        pairs = {one.id: one for one in session.scalars(select(Pair).where(Pair.user_id == user))}
        rows = session.scalars(
            select(Transaction).where(Transaction.user_id == user, Transaction.removed_at.is_(None))
        ).all()
        by_id = {one.id: one for one in rows}
        parts = defaultdict(list)
        for split in session.scalars(select(Split).where(Split.user_id == user)):
            parts[split.transaction_id].append((split.amount, split.category_id))
        lines = []
        for row in rows:
            pair = pairs.get(row.pair_id) if row.pair_id else None
            of = by_id[pair.first_id] if pair and pair.kind == "refund" and pair.second_id == row.id else None
            category = row.own_category_id or (of.own_category_id if of else None)
            category = category or (said_of(of) if of else None) or said_of(row)
            for amount, meant in parts[row.id] or [(row.amount, category)]:
                known = categories.get(meant) if meant else None
                if known and known.merged_into:
                    known = categories[known.merged_into]
                held = accounts[row.account_id]
                if (
                    not held.hidden
                    and held.removed_at is None
                    and kind(pair, row.id, held.type, amount, known) == "spending"
                ):
                    lines.append(
                        {
                            "id": row.id,
                            "day": row.date,
                            "group": primaries.get(known.group, known.id) if known else None,
                            "home": converted(amount, row.currency, "USD", row.date),
                        }
                    )
    return pd.DataFrame(lines)


def said_of(row: Transaction) -> int | None:
    """Return what a transaction is for, as rules, the model, the bank and the merchant say."""
    learned = row.learned_category_id if row.learned_sets else None
    return row.rule_category_id or learned or row.category_id or row.merchant_category_id


def kind(pair: Pair | None, row: int, held: str, amount: Decimal, category: object) -> str:
    """Return what a line counts as."""
    if pair and pair.kind == "transfer":
        return "transfer"
    if pair and pair.second_id == row:
        return "spending"
    if held in LOANS and amount > 0:
        return "transfer"
    if category is not None:
        return str(category.kind)  # type: ignore[attr-defined]
    return "transfer" if held in MOVED else "income" if amount > 0 else "spending"
