"""What a shop gave back, and of which purchase."""

from tests.core.ledger.pairing.telling import ledger, refunds


def test_the_whole_purchase_comes_back() -> None:
    assert refunds("""
        card     03-01 -34.20 AMAZON MKTPLACE 8821
        card     03-09 +34.20 AMAZON MKTPLACE REFUND 1002
    """) == ["1 ← 2"]


def test_parts_come_back_until_all_is_back() -> None:
    assert refunds("""
        card     03-01 -100.00 NORDWIND OUTDOOR 11
        card     03-05 +60.00 NORDWIND OUTDOOR REFUND
        card     03-06 +30.00 NORDWIND OUTDOOR REFUND
        card     03-07 +20.00 NORDWIND OUTDOOR REFUND
    """) == ["1 ← 2", "1 ← 3"]


def test_the_equal_purchase_is_meant_and_of_equals_the_latest() -> None:
    assert refunds("""
        card     03-01 -40.00 NORDWIND OUTDOOR
        card     03-02 -25.00 NORDWIND OUTDOOR
        card     03-04 -25.00 NORDWIND OUTDOOR
        card     03-08 -90.00 NORDWIND OUTDOOR
        card     03-20 +25.00 NORDWIND OUTDOOR RETURN
    """) == ["3 ← 5"]


def test_after_120_days_nothing_is_a_refund() -> None:
    assert refunds("""
        card     01-01 -40.00 NORDWIND OUTDOOR
        card     05-01 +40.00 NORDWIND OUTDOOR REFUND
        giro     01-01 -40.00 NORDWIND OUTDOOR
        giro     05-02 +40.00 NORDWIND OUTDOOR REFUND
    """) == ["1 ← 2"]


def test_wages_friends_transfers_and_other_accounts_refund_nothing() -> None:
    assert (
        refunds("""
        checking 03-01 -80.00 ACME CORP CANTEEN
        checking 03-02 +80.00 ACME CORP PAYROLL
        checking 03-03 -50.00 Zelle Anna Lind
        checking 03-04 +50.00 Zelle Anna Lind
        checking 03-05 -70.00 Transfer to Holiday Savings
        checking 03-06 +70.00 Transfer from Holiday Savings
        card     03-07 -45.00 NORDWIND OUTDOOR
        checking 03-08 +45.00 NORDWIND OUTDOOR REFUND
        checking 03-09 -61.00 HOOLI
        checking 03-10 +61.00 HOOLI [INCOME_SALARY]
    """)
        == []
    )


def test_a_part_without_a_word_of_refund_is_asked() -> None:
    assert refunds("""
        card     03-01 -100.00 NORDWIND OUTDOOR [GENERAL_MERCHANDISE]
        card     03-05 +60.00 NORDWIND OUTDOOR [GENERAL_MERCHANDISE]
    """) == ["1 ← 2 ?"]


def test_a_rejected_refund_stays_rejected() -> None:
    from core.ledger.pairing import find_refunds

    told = ledger("""
        card     03-01 -34.20 AMAZON MKTPLACE
        card     03-09 +34.20 AMAZON MKTPLACE REFUND
    """)
    (one,) = find_refunds(told)
    assert one.reasons == (
        "the same shop on the same account", "all of the amount", "8 days later", "the text speaks of a refund",
    )  # fmt: skip
    assert find_refunds(told, rejected=[(2, 1)]) == []
