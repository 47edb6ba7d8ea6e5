"""Views kept under a name: each person's own, never written over unasked."""

import pytest

from core.analytics import delete_view, list_views, rename_view, save_view
from core.analytics.saved_views import LONGEST_QUERY, MOST
from core.errors import NotFoundError, ValidationError
from core.store import Store
from tests.core.ledger.household import add_person


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_view_is_kept_renamed_replaced_when_asked_and_deleted(store: Store) -> None:
    ada, bob = add_person(store), add_person(store, "bob@example.org")
    first = save_view(store, ada, "  By\0 tag ", "rows=tag")
    save_view(store, ada, "among months", "rows=month")
    assert [(one.name, one.query) for one in list_views(store, ada)] == [
        ("among months", "rows=month"),
        ("By tag", "rows=tag"),
    ]
    with pytest.raises(ValidationError, match="already"):
        save_view(store, ada, "By tag", "rows=day")
    assert save_view(store, ada, "By tag", "rows=day", replace=True) == first
    with pytest.raises(ValidationError, match="already"):
        rename_view(store, ada, first, "among months")
    rename_view(store, ada, first, "By day")
    assert [one.name for one in list_views(store, ada)] == ["among months", "By day"]
    assert list_views(store, bob) == ()
    with pytest.raises(NotFoundError):
        delete_view(store, bob, first)
    delete_view(store, ada, first)
    assert [one.name for one in list_views(store, ada)] == ["among months"]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_cant_be_kept_is_said(store: Store) -> None:
    ada = add_person(store)
    for name, query in (("", "rows=tag"), ("x" * 61, "rows=tag"), ("x", "y" * (LONGEST_QUERY + 1))):
        with pytest.raises(ValidationError):
            save_view(store, ada, name, query)
    for number in range(MOST):
        save_view(store, ada, f"view {number}", "")
    with pytest.raises(ValidationError, match="Delete one"):
        save_view(store, ada, "one more", "")
