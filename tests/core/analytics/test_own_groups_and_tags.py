"""Main categories and tags of the person's own: told by name, counted once, and leading to their own rows."""

from datetime import date
from decimal import Decimal

import pytest

from core.analytics import (
    Span,
    TransactionFilter,
    View,
    behind,
    explore,
    flow,
    list_transactions,
    overview,
    spending,
)
from core.cache import Caches
from core.ledger import Changes, add_category, apply_update, edit_transactions
from core.store import Store
from tests.core.ledger.household import bought, settle, update

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_main_category_of_ones_own_is_a_group(store: Store) -> None:
    home = settle(store)
    rows = [bought(f"t{number}", amount, name=amount) for number, amount in enumerate(("-5", "-7", "-11"))]
    apply_update(store, home.user, home.item, update(*rows), since="")
    allotment = add_category(store, home.user, "Allotment")
    seeds = add_category(store, home.user, "Seeds", group_id=allotment)
    for row in home.rows():
        wanted = {"-5": allotment, "-7": seeds}.get(row.name)
        if wanted is not None:
            edit_transactions(store, home.user, [row.id], Changes(own_category_id=wanted))
    caches = Caches(None, store)
    cache = caches.of(home.user)
    told = {allotment: Decimal(12), None: Decimal(11)}
    span = Span(date(2026, 3, 1), TODAY)

    def listed(category: int) -> Decimal:
        wanted = TransactionFilter(category_ids=(category,), kind="spending", since=span.since, until=span.until)
        return -list_transactions(cache, wanted).totals[0].net

    assert {one.category_id: one.spent for one in overview(cache, TODAY).categories} == told
    groups = spending(cache, span).groups
    assert {one.whole.category_id: one.whole.spent for one in groups} == told
    assert [(one.whole.title, len(one.categories)) for one in groups] == [("Allotment", 2), ("Uncategorised", 1)]
    uses = {one.title: (one.amount, one.category_ids) for one in flow(cache, span).uses}
    assert uses == {"Allotment": (Decimal(12), (allotment,)), "Uncategorised": (Decimal(11), (0,))}
    assert (listed(allotment), listed(0)) == (Decimal(12), Decimal(11))
    pivot = explore(cache, View(("group",), None, ("spent",)), TODAY)
    assert {int(row.keys[0].value or 0) or None: row.total.spent for row in pivot.outer} == told
    for row in pivot.outer:
        found = behind(pivot.view, pivot.dates, row.keys, pivot.names, "spent")
        assert found is not None
        assert -list_transactions(cache, found).totals[0].net == row.total.spent
    caches.close()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_has_several_tags_is_told_apart_by_what_it_comes_to_once(store: Store) -> None:
    home = settle(store)
    rows = [bought(f"t{amount}", f"-{amount}", name=f"Shop {amount}") for amount in range(6, 12)]
    apply_update(store, home.user, home.item, update(*rows), since="")
    (least,) = (row.id for row in home.rows() if row.name == "Shop 6")
    edit_transactions(store, home.user, [least], Changes(add_tags=("Rome", "work")))
    caches = Caches(None, store)
    for view in (View(("merchant", "tag"), None, most=5), View(("merchant",), "tag", most=5)):
        pivot = explore(caches.of(home.user), view, TODAY)
        assert [row.keys[0].value for row in pivot.outer] == [*(f"Shop {amount}" for amount in range(11, 6, -1)), None]
    caches.close()
