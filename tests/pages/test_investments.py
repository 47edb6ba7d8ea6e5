"""The page of investments and debts: its figures are those of the ledger, and every strange case has words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.analytics import estimate, portfolios
from core.identity import profile
from core.ledger import (
    AccountRecord,
    Apr,
    DebtRecord,
    HoldingRecord,
    SyncUpdate,
    apply_update,
    list_debts,
    list_holdings,
    replace_debts,
    replace_holdings,
)
from core.runtime import Runtime
from core.store import Item, UserId
from pages.shared.formats import Formats, formats_of, plain_text
from pages.wealth.debts import days_words
from tests.pages.conftest import Open

BROKERAGE = AccountRecord("brk", "Brokerage *one*", "brokerage", current=Decimal(120))
PENSION = AccountRecord("pen", "Pension", "retirement", current=Decimal(50), currency="EUR")
CARD = AccountRecord("card", "Card", "credit card", current=Decimal("-1245.67"))
LOAN = AccountRecord("loan", "Student loan", "loan", current=Decimal(-45123), currency="EUR")
SHARE = HoldingRecord("brk", "s", "<b>Shares</b> `x`", Decimal("1.5"), ticker="SHR", kind="shares",
                      price=Decimal("10.123456"), value=Decimal("15.19"), cost_basis=Decimal("20.00"))  # fmt: skip
_keys = count(1)


def words(app: AppTest) -> str:
    """Return all that a screen says."""
    return "\n".join(str(element.proto) for element in app.main)


def shown(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.fixture
def give(house: Runtime, person: UserId) -> Callable[..., None]:
    """Return a function that gives the person accounts, holdings and debts at a bank."""

    def given(*accounts: AccountRecord, holdings: tuple[HoldingRecord, ...] = (), debts: tuple[DebtRecord, ...] = ()
              ) -> None:  # fmt: skip
        with house.store.write() as session:
            item = Item(
                user_id=person, provider="demo", provider_key=f"i{next(_keys)}", institution_name="Bank",
                created_at=clock.now(),
            )  # fmt: skip
            session.add(item)
            session.flush()
            number = item.id
        apply_update(house.store, person, number, SyncUpdate(accounts, (), (), (), "c"), since="")
        replace_holdings(house.store, person, number, holdings)
        replace_debts(house.store, person, number, debts)

    return given


def test_a_newcomer_reads_how_holdings_come(open_screen: Open, person: UserId) -> None:
    app = open_screen("investments", person)
    assert not app.exception
    assert not app.error
    assert "No investments or debts yet" in words(app)
    assert "PLAID_PRODUCTS" in words(app)


def test_the_demo_households_figures_are_those_of_its_ledger(
    open_screen: Open, house: Runtime, demo_person: UserId
) -> None:
    app = open_screen("investments", demo_person)
    assert not app.exception
    assert not app.error
    who = profile(house.store, demo_person)
    formats = formats_of(who)
    (whole,) = portfolios(list_holdings(house.store, demo_person))
    debts = list_debts(house.store, demo_person)
    figures = shown(app)
    assert figures["Invested"] == formats.figure(whole.sums.value, "USD")
    assert figures["Gain"] == formats.figure(whole.sums.gain, "USD")
    assert figures["Owed"] == formats.figure(sum((one.owed or Decimal(0) for one in debts), Decimal(0)), "USD")
    told = words(app).replace("\\", "")
    for one in whole.accounts[0].held:
        assert one.entry.name in str(app.dataframe[0].value["Name"].tolist())
    assert "The bank's balance of this account" not in told
    for debt in debts:
        payoff = estimate(debt, who.today)
        assert payoff is not None
        whole_life = payoff.interest if payoff.state != "never" else payoff.payment
        assert plain_text(formats.money(whole_life, "USD")) in "".join(one.value for one in app.markdown)
    assert "21.49%" in told
    assert "5.1% a year" in told


def test_each_currency_stands_by_itself_and_nothing_is_converted(
    open_screen: Open, person: UserId, give: Callable[..., None]
) -> None:
    euros = replace(SHARE, account_key="pen", currency="EUR", value=Decimal("7.00"), cost_basis=None, name="Fund")
    give(BROKERAGE, PENSION, CARD, LOAN, holdings=(SHARE, euros), debts=(DebtRecord("card", "credit"),))
    app = open_screen("investments", person)
    assert not app.exception
    assert [one.value for one in app.header] == ["USD", "EUR"]
    values = [(one.label, one.value) for one in app.metric]
    assert ("Invested", "$15.19") in values
    assert ("Loss", "−$4.81") in values
    assert ("Invested", "€7.00") in values
    assert ("Owed", "$1,245.67") in values
    assert ("Owed", "€45,123.00") in values
    assert "Gain" not in dict(values)  # the cost of the euro fund is not known
    assert plain_text("balance of this account is $120.00") in "".join(one.value for one in app.caption)


def test_words_of_a_bank_are_no_markup(open_screen: Open, person: UserId, give: Callable[..., None]) -> None:
    give(BROKERAGE, CARD, holdings=(SHARE,), debts=(DebtRecord("card", "credit", details='{"Plan":"**x** $y$"}'),))
    app = open_screen("investments", person)
    assert not app.exception
    assert "Brokerage \\*one\\*" in [one.value for one in app.subheader]
    assert app.dataframe[0].value["Name"].tolist() == ["<b>Shares</b> `x`"]


def test_terms_are_told_with_the_day_and_whether_it_is_late(
    open_screen: Open, house: Runtime, person: UserId, give: Callable[..., None]
) -> None:
    today = profile(house.store, person).today
    card = DebtRecord(
        "card", "credit", aprs=(Apr("purchases", Decimal("16.99"), Decimal("100.00")),), overdue=True,
        minimum_payment=Decimal("10.00"), due_day=today + timedelta(days=3),
        statement_balance=Decimal("1100.00"), statement_day=date(2026, 11, 4),
    )  # fmt: skip
    give(CARD, debts=(card,))
    app = open_screen("investments", person)
    assert not app.exception
    told = words(app).replace("\\", "")
    for part in ("Overdue", "16.99% on $100.00", "in 3 days", "$1,100.00 of Nov 4, 2026", "never ends"):
        assert part in told
    assert shown(app)["Due within 30 days"] == "$10.00"


def test_accounts_without_any_terms_or_holdings_say_so(
    open_screen: Open, person: UserId, give: Callable[..., None]
) -> None:
    give(BROKERAGE, CARD)
    app = open_screen("investments", person)
    assert not app.exception
    told = words(app)
    assert "The bank told no terms of it" in told
    assert "What it holds is not known" in told


def test_somebody_elses_holdings_are_not_there(
    open_screen: Open, person: UserId, demo_person: UserId, give: Callable[..., None]
) -> None:
    give(CARD)
    app = open_screen("investments", person)
    assert "Kestrel" not in words(app)
    assert shown(app) == {"Owed": "$1,245.67"}


def test_a_screen_left_open_ends_with_its_session(
    open_screen: Open, leave: Callable[[UserId], None], own_demo_person: UserId
) -> None:
    app = open_screen("investments", own_demo_person)
    assert "Home Mortgage" in words(app)
    leave(own_demo_person)
    app.run()
    assert "Home Mortgage" not in words(app)


@pytest.mark.parametrize(
    ("days", "told"), [(0, "today"), (1, "in 1 day"), (26, "in 26 days"), (-1, "1 day ago"), (-9, "9 days ago")]
)
def test_days_in_words(days: int, told: str) -> None:
    assert days_words(days) == told


def test_rates_prices_and_quantities_keep_their_decimals() -> None:
    english, german = Formats("en_US"), Formats("de_DE")
    assert [english.rate(Decimal(one)) for one in ("21.49", "5.100", "0", "12.3456")] == [
        "21.49%", "5.1%", "0%", "12.346%",
    ]  # fmt: skip
    assert german.rate(Decimal("-4.5"), signed=True) == "−4,5\xa0%"
    assert english.rate(Decimal(4), signed=True) == "+4%"
    assert english.rate(None) == "–"
    assert english.price(Decimal("140.5403"), "USD") == "$140.5403"
    assert english.price(Decimal(98), "USD") == "$98.00"
    assert german.price(Decimal("1234.00001"), "EUR") == "1.234,00001\xa0€"
    assert english.price(None, "USD") == "–"
    assert english.quantity(Decimal("1515.540")) == "1,515.54"
    assert english.quantity(Decimal("-0.00293644")) == "−0.00293644"
