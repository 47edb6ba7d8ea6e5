"""Which rows are one movement between own accounts, which are asked, and which are left alone."""

from datetime import date
from decimal import Decimal

import pytest

from core.ledger.pairing import OwnAccount, PairRow, find_transfers, ledger_of
from tests.core.ledger.pairing.telling import ledger, transfers


@pytest.mark.parametrize(
    "story",
    [
        """
        checking 03-03 -250.00 ONLINE TRANSFER TO HOLIDAY SAVINGS ...8829
        savings  03-04 +250.00 ONLINE TRANSFER FROM CHECKING ...4471
        """,
        """
        checking 03-03 -1342.17 COMPASS CARD AUTOPAY 88213
        card     03-05 +1342.17 AUTOMATIC PAYMENT - THANK YOU
        """,
        """
        checking 03-03 -2010.44 HOME LOAN PAYMENT
        loan     03-03 +2010.44 MORTGAGE PAYMENT RECEIVED
        """,
        """
        giro     03-03 -400.00 UMBUCHUNG
        savings  03-03 +400.00 Übertrag
        """,
        """
        giro     03-03 -61.20 VIREMENT INTERNE
        savings  03-02 +61.20 VIREMENT INTERNE
        """,
        """
        checking 03-03 -75.00 TRNSFR T SVNGS 8829 (pending)
        savings  03-04 +75.00 TRANSFR FRM CHKG (pending)
        """,
        """
        checking 03-03 -820.00 xyz [TRANSFER_OUT_SAVINGS]
        savings  03-03 +820.00 Transfer from checking [TRANSFER_IN_SAVINGS]
        """,
        """
        checking 03-03 -310.15 PAYMENT REF 99120417
        savings  03-05 +310.15 INCOMING REF 99120417
        """,
    ],
    ids=["numbers", "card", "loan", "german", "french", "pending, garbled", "categories", "one reference"],
)  # fmt: skip
def test_plain_transfers_are_sure(story: str) -> None:
    assert transfers(story) == ["1 → 2"]


@pytest.mark.parametrize(
    "story",
    [
        """
        savings  03-01 -500.00 RENT OAK STREET APTS
        checking 03-01 +500.00 Zelle payment from Maria Lopez
        """,
        """
        checking 03-01 -500.00 Transfer to J Miller
        savings  03-01 +500.00 Transfer from Anna
        """,
        """
        card     03-01 -43.20 TRATTORIA ROMA
        checking 03-02 +43.20 Venmo cashout
        """,
        """
        card     03-01 -2318.42 BEST BUY
        checking 03-01 +2318.42 ACME CORP PAYROLL
        """,
        """
        card     03-01 -342.17 UNITED AIRLINES [TRAVEL_FLIGHTS]
        checking 03-04 +342.17 ACME CORP EXPENSE [INCOME_SALARY]
        """,
        """
        card     03-01 -89.10 CARD PAYMENT TO PRET A MANGER
        checking 03-01 +89.10 From R Patel
        """,
        """
        checking 03-01 -100.00 ATM WITHDRAWAL
        savings  03-01 +100.00 MOBILE CHECK DEPOSIT
        """,
        """
        checking 03-01 -812.40 Internal transfer to savings 8829
        savings  03-01 +812.40 SALARY
        """,
    ],
    ids=[
        "rent and a friend", "two friends", "dinner", "wages and shopping", "expenses", "card purchase", "cash",
        "wages into savings",
    ],
)  # fmt: skip
def test_outside_payments_that_happen_to_be_equal_are_never_sure(story: str) -> None:
    assert transfers(story) in ([], ["1 → 2 ?"])


def test_a_friends_payment_on_the_same_day_does_not_stand_in_for_the_own_account() -> None:
    assert transfers("""
        checking 03-01 -500.00 RENT OAK STREET APTS
        checking 03-01 -500.00 Transfer to Holiday Savings 8829
        savings  03-01 +500.00 Zelle payment from Maria Lopez
        savings  03-02 +500.00 Transfer from Everyday Checking 4471
    """) == ["2 → 4"]


def test_money_that_goes_on_is_two_transfers() -> None:
    assert transfers("""
        checking 03-01 -612.00 Transfer to 8829
        savings  03-01 +612.00 Transfer from 4471
        savings  03-02 -612.00 Transfer to 5150
        giro     03-02 +612.00 Transfer from 8829
    """) == ["1 → 2", "3 → 4"]


def test_one_of_two_that_fit_equally_well_is_asked() -> None:
    (asked,) = find_transfers(
        ledger("""
        checking 03-01 -300.00 Internal transfer
        savings  03-01 +300.00 Internal transfer
        giro     03-01 +300.00 Internal transfer
    """)
    )
    assert not asked.sure
    assert "another row of this amount would fit nearly as well" in asked.reasons


def test_rows_that_nobody_can_tell_apart_are_paired_in_order_without_a_question() -> None:
    assert transfers("""
        checking 03-01 -300.00 Internal transfer
        checking 03-01 -300.00 Internal transfer
        savings  03-01 +300.00 Internal transfer
        savings  03-01 +300.00 Internal transfer
    """) == ["1 → 3", "2 → 4"]


@pytest.mark.parametrize(("days", "found"), [(5, ["1 → 2"]), (6, [])])
def test_the_sides_are_at_most_five_days_apart(days: int, found: list[str]) -> None:
    assert (
        transfers(f"""
        checking 03-01 -812.40 Transfer to Holiday Savings 8829
        savings  03-{1 + days:02} +812.40 Transfer from Everyday Checking 4471
    """)
        == found
    )


def test_a_fee_may_be_lost_on_the_way() -> None:
    (one,) = find_transfers(
        ledger("""
        checking 03-01 -1000.00 Wire transfer to 8829
        savings  03-02 +990.00 Wire transfer from 4471
    """)
    )
    assert one.sure
    assert one.reasons[0] == "the same amount less a fee of 10.00"


def test_more_never_arrives_than_was_sent() -> None:
    assert (
        transfers("""
        checking 03-01 -990.00 Wire transfer to 8829
        savings  03-02 +1000.00 Wire transfer from 4471
    """)
        == []
    )


EXCHANGE = """
    checking 03-01 -1312.50 USD OUTGOING WIRE TO GIROKONTO BERLIN 5150 [TRANSFER_OUT_WIRE]
    giro     03-03 +1200.00 EUR TRANSFER FROM 4471 KURS 1.09375 [TRANSFER_IN_WIRE]
"""


@pytest.mark.parametrize(("dollars", "found"), [("1.10", [(1, 2)]), ("1.25", [])])
def test_two_currencies_agree_by_the_days_rate(dollars: str, found: list[tuple[int, int]]) -> None:
    rates = {"EUR": {date(2026, 2, 27): Decimal(1)}, "USD": {date(2026, 2, 27): Decimal(dollars)}}
    assert [(one.out_id, one.in_id) for one in find_transfers(ledger(EXCHANGE), rates) if one.sure] == found


def test_without_rates_a_single_exchange_is_not_guessed() -> None:
    assert transfers(EXCHANGE) == []


def test_without_rates_several_exchanges_tell_theirs() -> None:
    days = ((1, "913.20", "830.18"), (8, "501.10", "455.55"), (15, "1444.00", "1312.73"), (22, "77.00", "70.00"))
    story = "\n".join(
        f"checking 03-{day:02} -{sent} USD Transfer to 5150\ngiro 03-{day:02} +{arrived} EUR Transfer from 4471"
        for day, sent, arrived in days
    )
    assert transfers(story) == ["1 → 2", "3 → 4", "5 → 6", "7 → 8"]


def test_a_currency_that_the_rates_lack_is_told_by_the_rows() -> None:
    days = ((1, "913.20", "830.18"), (8, "501.10", "455.55"), (15, "1444.00", "1312.73"), (22, "77.00", "70.00"))
    story = "\n".join(
        f"checking 03-{day:02} -{sent} USD Transfer to 5150\ngiro 03-{day:02} +{arrived} EUR Transfer from 4471"
        for day, sent, arrived in days
    )
    rates = {"USD": {date(2026, 2, 27): Decimal(1)}, "CHF": {date(2026, 2, 27): Decimal(1)}}
    assert len(find_transfers(ledger(story), rates)) == len(days)


def test_a_rejected_pair_stays_rejected() -> None:
    told = ledger("""
        checking 03-03 -250.00 ONLINE TRANSFER TO HOLIDAY SAVINGS ...8829
        savings  03-04 +250.00 ONLINE TRANSFER FROM CHECKING ...4471
    """)
    assert find_transfers(told, rejected=[(2, 1)]) == []


def test_the_reasons_are_said() -> None:
    (one,) = find_transfers(
        ledger("""
        checking 03-03 -1342.17 COMPASS CARD AUTOPAY (pending)
        card     03-05 +1342.17 AUTOMATIC PAYMENT - THANK YOU
    """)
    )
    assert one.reasons == (
        "the same amount", "2 days later", "a text speaks of the other account", "a credit card's bill is paid",
        "still pending", "no other row of this amount nearby",
    )  # fmt: skip
    assert one.score > 0.9


def test_own_numbers_and_the_own_name_are_learned_where_nobody_tells_them() -> None:
    """Accounts have no names here: that 1234 is account 2 shows by the uneven amounts, and decides the even one."""
    rows = []
    for month in range(1, 7):
        for account, number in ((2, "1234"), (3, "9876")):
            amount = Decimal(f"{100 + 13 * month + account}.17")
            day = date(2026, month, 3 * account)
            rows.append(PairRow(len(rows) + 1, 1, day, -amount, text=f"ACH XFER {number}"))
            rows.append(PairRow(len(rows) + 1, account, day, amount, text="ACH XFER"))
    sent, at = len(rows) + 1, date(2026, 7, 1)
    rows.append(PairRow(sent, 1, at, Decimal(-200), text="ACH XFER 9876"))
    rows += [PairRow(sent + account - 1, account, at, Decimal(200), text="ACH XFER") for account in (2, 3)]
    (last,) = [one for one in find_transfers(ledger_of(rows)) if one.out_id == sent]
    assert (last.in_id, last.sure) == (sent + 2, True)


def test_a_type_is_read_from_a_name() -> None:
    assert OwnAccount(1, "Meine Kreditkarte").kind == "credit card"
    assert OwnAccount(1, "Livret A", type="other").kind == "savings"
    assert OwnAccount(1, "Savings", type="checking").kind == "checking"
