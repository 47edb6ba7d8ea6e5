"""What is invested adds up, each currency by itself, and a gain is only reckoned where the cost is known."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.analytics import portfolios, value_line
from core.ledger import AccountValue, HoldingEntry

AT = datetime(2026, 11, 21, tzinfo=UTC)
money = st.decimals(-(10**5), 10**6, places=4)
entries = st.lists(
    st.builds(
        HoldingEntry,
        account_id=st.integers(1, 3),
        account=st.just("Brokerage"),
        institution=st.just("Bank"),
        key=st.just("k"),
        name=st.just("n"),
        ticker=st.just(""),
        kind=st.sampled_from(("cash", "shares", "fund")),
        quantity=st.just(Decimal(1)),
        price=st.none(),
        value=st.none() | money,
        cost_basis=st.none() | money,
        currency=st.sampled_from(("USD", "EUR", "GBP")),
        price_day=st.none(),
        updated_at=st.just(AT),
    ),
    max_size=15,
)


@given(entries)
def test_accounts_and_kinds_and_the_whole_agree(rows: list[HoldingEntry]) -> None:
    found = portfolios(rows)
    assert {one.currency for one in found} == {row.currency for row in rows}
    for whole in found:
        mine = [row for row in rows if row.currency == whole.currency]
        value = sum(row.value or 0 for row in mine)
        costed = [row for row in mine if row.value is not None and row.cost_basis is not None]
        assert whole.sums.value == value == sum(part.value for part in whole.kinds)
        assert value == sum(one.sums.value for one in whole.accounts)
        assert whole.sums.gain == sum((row.value or 0) - (row.cost_basis or 0) for row in costed)
        assert whole.sums.cost + whole.sums.gain == sum(row.value or 0 for row in costed)
        assert (whole.sums.costed, whole.sums.holdings) == (len(costed), len(mine))
        assert sorted(one.entry.account_id for account in whole.accounts for one in account.held) == sorted(
            row.account_id for row in mine
        )
        for parts in (
            [part.share for part in whole.kinds],
            [one.share for account in whole.accounts for one in account.held],
        ):
            assert all(0 <= share <= 1 for share in parts)
            assert sum(parts) == 0 or abs(sum(parts) - 1) < Decimal("1e-20")
        if whole.sums.cost <= 0:
            assert whole.sums.gain_share is None


def test_the_line_adds_accounts_of_one_currency() -> None:
    days = [date(2026, 10, 31), date(2026, 11, 21)]
    told = [
        AccountValue(1, days[1], "USD", Decimal(10)),
        AccountValue(2, days[0], "USD", Decimal(1)),
        AccountValue(2, days[1], "USD", Decimal(2)),
        AccountValue(3, days[1], "EUR", Decimal(99)),
    ]
    assert value_line(told, "USD") == ((days[0], Decimal(1)), (days[1], Decimal(12)))
