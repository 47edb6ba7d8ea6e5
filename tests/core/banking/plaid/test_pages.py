"""Pages of an update put together: the last word on a transaction counts, and what else Plaid says of it is kept."""

import json
from typing import Any

import msgspec
import pytest

from core.banking.plaid.models import SyncPage
from core.banking.plaid.pages import page_of, put_together
from core.errors import BankError


def row(key: str, **more: Any) -> dict[str, Any]:
    return {"transaction_id": key, "account_id": "a", "amount": 4.5, "date": "2026-03-01", "name": key} | more


def page(**told: Any) -> SyncPage:
    body = {"added": [], "modified": [], "removed": [], "next_cursor": "c", "has_more": False} | told
    return msgspec.json.decode(msgspec.json.encode(body), type=SyncPage)


def keys(*pages: SyncPage) -> tuple[list[str | None], list[str | None], list[str]]:
    told = put_together([page_of(one) for one in pages], {"a": "EUR"})
    return [one.key for one in told.added], [one.key for one in told.modified], list(told.removed)


def test_the_last_word_on_a_transaction_counts() -> None:
    first = page(added=[row("x"), row("y")], modified=[row("m")], removed=[{"transaction_id": "z"}])
    later = page(added=[row("z")], modified=[row("x", name="new")], removed=[{"transaction_id": one} for one in "ym"])
    assert keys(first, later) == (["x", "z"], [], ["y", "m"])
    (x, _), _, _ = put_together([page_of(first), page_of(later)], {})
    assert x.name == "new"


@pytest.mark.parametrize("broken", [{"date": "soon"}, {"amount": 1e300}])
def test_what_can_not_be_read_matters_only_when_it_stands(broken: dict[str, Any]) -> None:
    first = page(added=[row("x"), row("y", **broken)])
    with pytest.raises(BankError):
        keys(first)
    assert keys(first, page(removed=[{"transaction_id": "y"}])) == (["x"], [], ["y"])
    assert keys(first, page(modified=[row("y")]))[0] == ["x", "y"]


def test_a_transaction_without_a_currency_has_its_accounts() -> None:
    told = page(added=[row("x"), row("y", iso_currency_code="CHF"), row("z", account_id="b")])
    assert [one.currency for one in put_together([page_of(told)], {"a": "EUR"}).added] == ["EUR", "CHF", "USD"]


def test_what_else_is_said_is_kept_without_what_is_empty() -> None:
    place = {"city": "Bern", "lat": 46.94809, "lon": None, "store": {"no": None}}
    parties = [{"name": "Corner Shop", "type": None}, None, {"website": None}]
    told = row("x", location=place, counterparties=parties, payment_meta={"payee": None}, website="shop.example")
    (full,), _, _ = put_together([page_of(page(added=[told]))], {})
    assert json.loads(full.details) == {
        "website": "shop.example",
        "location": {"city": "Bern", "lat": 46.94809, "store": {"no": None}},
        "counterparties": [{"name": "Corner Shop"}, {}],
    }
    (empty, none), _, _ = put_together(
        [page_of(page(added=[row("x", location=None, counterparties=[], payment_meta={}), row("y")]))], {}
    )
    assert (empty.details, none.details) == ("", "")
