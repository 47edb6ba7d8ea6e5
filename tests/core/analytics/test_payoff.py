"""How long a debt lasts at its minimum payment: the formula held against paying month by month."""

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics import estimate, owing
from core.analytics.payoff import LONGEST, interest_paid, level_payment, months_to_pay, rate_of
from core.ledger import Apr, DebtEntry

TODAY = date(2026, 11, 21)


def owed(amount: str | None = "1000.00", **terms: object) -> DebtEntry:
    """Return a card that is owed on."""
    facts: dict[str, object] = {"kind": "credit", "interest_rate": Decimal(12), "minimum_payment": Decimal(100)}
    return DebtEntry(
        1, "Card", "credit card", "Bank", "", "USD", None if amount is None else Decimal(amount), **(facts | terms)
    )  # type: ignore[arg-type]


def paid_month_by_month(debt: Decimal, rate: Decimal, payment: Decimal) -> tuple[int, Decimal] | None:
    """Return the months and the interest of paying a debt off, one month after the other."""
    with localcontext() as context:
        context.prec = 60
        left, months, interest = debt, 0, Decimal(0)
        while left > Decimal("1e-15") and months < LONGEST + 1:
            added = left * rate / 1200
            left, interest, months = left + added - min(payment, left + added), interest + added, months + 1
        return (months, interest) if months <= LONGEST else None


@given(
    st.decimals(1, 10**6, places=2),
    st.decimals(0, 60, places=3),
    st.decimals(1, 10**5, places=2),
)
def test_the_formula_is_paying_month_by_month(debt: Decimal, rate: Decimal, payment: Decimal) -> None:
    expected, months = paid_month_by_month(debt, rate, payment), months_to_pay(debt, rate, payment)
    assert months == (expected and expected[0])
    if expected and months:
        assert abs(interest_paid(debt, rate, payment, months) - expected[1]) <= Decimal("0.005")


@given(st.decimals(1000, 10**6, places=2), st.decimals(0, 20, places=3), st.integers(1, 480))
def test_the_level_payment_ends_a_loan_when_it_is_due(debt: Decimal, rate: Decimal, months: int) -> None:
    payment = level_payment(debt, rate, months)
    needed = months_to_pay(debt, rate, payment)
    assert needed is not None
    assert needed <= months
    less = months_to_pay(debt, rate, payment - Decimal("0.01"))
    assert less is None or less >= months


def test_a_known_loan() -> None:
    """A loan of 200,000 at 6.5 % over 30 years costs 1,264.14 a month: in every table of such payments."""
    assert level_payment(Decimal(200_000), Decimal("6.5"), 360) == Decimal("1264.14")
    assert months_to_pay(Decimal(200_000), Decimal("6.5"), Decimal("1264.14")) == 360


def test_a_payment_below_the_interest_never_ends_it() -> None:
    told = estimate(owed(interest_rate=Decimal(120)), TODAY)
    assert told is not None
    assert (told.state, told.ends) == ("never", None)
    without = estimate(owed(interest_rate=Decimal(0)), TODAY)
    assert without is not None
    assert (without.state, without.months, without.interest) == ("ends", 10, 0)


def test_the_end_counts_from_the_next_payment() -> None:
    told = estimate(owed(interest_rate=Decimal(0), due_day=date(2026, 12, 17)), TODAY)
    assert told is not None
    assert told.ends == date(2027, 9, 17)
    late = estimate(owed("100.00", interest_rate=Decimal(0), due_day=date(2026, 1, 17)), TODAY)
    assert late is not None
    assert late.ends == date(2026, 12, 21)


def test_escrow_in_a_mortgages_payment_does_not_end_it_sooner() -> None:
    terms = {"kind": "mortgage", "interest_rate": Decimal("5.1"), "minimum_payment": Decimal("2412.00")}
    house = owed("301841.83", **terms, maturity_day=date(2046, 11, 1))
    told = estimate(house, TODAY)
    assert told is not None
    assert told.payment == Decimal("2008.74")
    assert told.months == 240
    unknown = estimate(owed("301841.83", **terms), TODAY)
    assert unknown is not None
    assert unknown.payment == Decimal("2412.00")


@pytest.mark.parametrize(
    "debt",
    [owed(None), owed("0"), owed("-5"), owed(minimum_payment=None), owed(minimum_payment=Decimal(0)),
     owed(interest_rate=None)],
)  # fmt: skip
def test_terms_that_tell_too_little_give_no_estimate(debt: DebtEntry) -> None:
    assert estimate(debt, TODAY) is None


def test_the_rate_of_several_is_by_what_they_hold_for() -> None:
    low, high = Apr("balance transfers", Decimal(10), Decimal(300)), Apr("purchases", Decimal(20), Decimal(100))
    assert rate_of(None, (low, high)) == Decimal("12.50")
    assert rate_of(None, (low, Apr("purchases", Decimal(20)))) == 20
    assert rate_of(None, (Apr("special", Decimal(3)), Apr("cash advances", Decimal(25)))) == 25
    assert rate_of(Decimal(4), (low,)) == 4
    assert rate_of(None, ()) is None


def test_what_is_due_soon_is_added_up_by_currency() -> None:
    cards = [
        owed("10", due_day=date(2026, 12, 21)),
        owed("-3", due_day=date(2026, 11, 1)),
        owed(None, due_day=date(2026, 12, 22)),
        owed("5", minimum_payment=None, due_day=date(2026, 12, 1)),
    ]
    (all_of_it,) = owing(cards, TODAY, 30)
    assert (all_of_it.owed, all_of_it.unknown, all_of_it.due, all_of_it.first_due) == (
        Decimal(12), 1, Decimal(100), date(2026, 12, 21),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "first", "due"),
    [
        ({"due_day": date(2026, 11, 10)}, date(2026, 11, 10), 200),
        ({"due_day": date(2026, 11, 10), "overdue": True}, date(2026, 11, 10), 200),
        ({"due_day": date(2026, 11, 10), "last_payment_day": date(2026, 11, 9)}, date(2026, 12, 10), 100),
        ({"due_day": date(2024, 11, 10)}, date(2026, 12, 10), 100),
        (
            {
                "due_day": date(2026, 12, 10),
                "statement_day": date(2026, 11, 15),
                "last_payment_day": date(2026, 11, 20),
                "last_payment": Decimal(100),
            },
            None,
            0,
        ),
    ],
)
def test_what_is_due_is_what_is_missing_and_what_comes(terms: dict[str, object], first: date | None, due: int) -> None:
    (found,) = owing([owed(**terms)], TODAY, 30)
    assert (found.first_due, found.due) == (first, due)
